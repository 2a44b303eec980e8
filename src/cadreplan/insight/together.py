"""Who trains together, kept up to date beside a plan: people that `mix` counts, and leaders who are tied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from cadreplan.engines.wants import Want, apart, lacking, wants
from cadreplan.instance import Instance


@dataclass(frozen=True, slots=True)
class Broken:
    """What one leader more in a session would break of a hard entry, by those who are counted there."""

    want: Want
    people: int
    there: int


class Together:
    """Counts by want and session; `count` is called whenever a leader comes or goes."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.wants = wants(instance)
        self._of: dict[int, list[int]] = defaultdict(list)
        for k, want in enumerate(self.wants):
            for s in want.sessions:
                self._of[s].append(k)
        self._people: Counter[tuple[int, int]] = Counter()
        self._tied: dict[int, list[tuple[str, int, tuple[int, ...]]]] = defaultdict(list)
        for each in ("day", "class"):
            for t, leaders in apart(instance, each):
                for i in leaders:
                    self._tied[i].append((each, t, leaders))

    def __copy__(self) -> Together:
        other = object.__new__(Together)
        other.__dict__.update(self.__dict__)
        other._people = self._people.copy()
        return other

    def count(self, i: int, sessions: tuple[int, ...], heads: int) -> None:
        """Leader i comes to some sessions, or leaves them (`heads` below 0)."""
        for s in sessions:
            for k in self._of.get(s, ()):
                if i in self.wants[k].having:
                    self._people[k, s] += heads

    def charge(self, i: int, s: int, there: int) -> int:
        """Points by which soft entries charge less with leader i in session s too, where that many are."""
        heads, points = self._instance.leaders[i].headcount, 0
        for k in self._of.get(s, ()):
            want = self.wants[k]
            if not want.hard:
                people = self._people[k, s]
                more = heads if i in want.having else 0
                points += lacking(want, people, there) - lacking(want, people + more, there + heads)
        return self._instance.policy.weights.mix * points

    def most_charge(self, s: int) -> int:
        """Soft entries for a session: each saves a point of weight a person at most."""
        return sum(not self.wants[k].hard for k in self._of.get(s, ()))

    def broken(self, i: int, s: int, there: int) -> Broken | None:
        """The first hard entry that wouldn't hold with leader i in session s as well."""
        heads = self._instance.leaders[i].headcount
        for k in self._of.get(s, ()):
            want = self.wants[k]
            if want.hard:
                people = self._people[k, s] + (heads if i in want.having else 0)
                if lacking(want, people, there + heads):
                    return Broken(want, people, there + heads)
        return None

    def holds(self, s: int, there: int) -> bool:
        """Whether the hard entries hold in session s, where that many are."""
        return not any(
            self.wants[k].hard and lacking(self.wants[k], self._people[k, s], there)
            for k in self._of.get(s, ())
        )

    def in_class(self, i: int, attends: Callable[[int], bool]) -> tuple[int, ...]:
        """Leaders tied to i by class who attend."""
        for each, _, leaders in self._tied.get(i, ()):
            if each == "class" and (there := tuple(j for j in leaders if j != i and attends(j))):
                return there
        return ()

    def on_day(self, i: int, day: int, is_away: Callable[[int], bool]) -> tuple[int, ...]:
        """Leaders tied to i by day who are away on a day, where that is as many as may be."""
        for each, t, leaders in self._tied.get(i, ()):
            if each == "day":
                away = tuple(j for j in leaders if j != i and is_away(j))
                if len(away) >= self._instance.tied_on(t, day):
                    return away
        return ()

    def ties_days_of(self, i: int) -> bool:
        """Whether a leader is tied by day."""
        return any(each == "day" for each, _, _ in self._tied.get(i, ()))
