"""What an event says: its summary and description, for a leader, for a group of people, for a lecturer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from cadreplan.language import listed, tr, tr_n
from cadreplan.views.groups import GroupRow, group_rows
from cadreplan.views.people import closes
from cadreplan.views.programme import HalfDay, by_session, lecturer_name
from cadreplan.views.season import Season
from cadreplan.views.wording import plain, slot_name

MOST_NAMES = 200
"""People that a description names before it counts the others."""

Texts = tuple[str, str]
"""Summary and description."""


class EventTexts:
    """The texts of one season's events; what many events share is said once."""

    def __init__(self, season: Season) -> None:
        self._season = season
        self._what: dict[int, list[str]] = {}
        self._grouped: dict[int, list[GroupRow]] = {}
        self._held: dict[tuple[int, int, int], list[str]] = {}

    def of_leader(self, session: int, leader: int, days: tuple[int, int]) -> Texts:
        """A session for one who attends it: what is taught on `days` (first, last), and the journey."""
        season = self._season
        instance = season.instance
        site = instance.sites[instance.sessions[session].site]
        names = listed(plain(name) for name in season.module_names(session))
        lines = [*self._session(session), *self._programme(session, days)]
        lines += self._own_group(session, instance.leaders[leader].id)
        if closed := closes(season, leader, session):
            lines.append(tr("closes: {skills}", skills=listed(map(plain, closed))))
        trip = next(t for t in season.trips[leader] if instance.sessions[session].first_day in t.days)
        km = instance.trip_km(instance.leaders[leader], trip.site)
        if trip.at_home:
            lines.append(tr("sleeps at home, {km:,} km both ways every day", km=km))
        else:
            when = season.dates.span(trip.first, trip.last)
            lines.append(tr("journey: {days}, {km:,} km both ways", days=when, km=km))
        return f"{plain(site.name)}: {names}", "\n".join(lines)

    def of_group(self, session: int, leaders: Sequence[int], days: tuple[int, int]) -> Texts:
        """A session for a site or a branch: what is taught on `days` (first, last), and who comes."""
        season = self._season
        instance = season.instance
        site = instance.sites[instance.sessions[session].site]
        people = sum(instance.leaders[i].headcount for i in leaders)
        lines = [*self._session(session), *self._programme(session, days)]
        lines.append(tr("people {n:,}", n=people))
        here = instance.sessions[session].site
        local = (instance.leaders[i] for i in leaders if instance.is_local(instance.leaders[i], here))
        if at_home := sum(leader.headcount for leader in local):
            lines.append(tr_n("{n:,} sleeps at home", "{n:,} sleep at home", at_home))
        by_branch: dict[int, list[str]] = defaultdict(list)
        for i in leaders[:MOST_NAMES]:
            who = instance.leaders[i]
            extra = f" ×{who.headcount}" if who.headcount > 1 else ""
            by_branch[who.branch].append(plain(who.name) + extra)
        lines += (
            f"{plain(instance.branches[b].name)}: {listed(names)}" for b, names in sorted(by_branch.items())
        )
        if len(leaders) > MOST_NAMES:
            lines.append(tr("and {n:,} more", n=len(leaders) - MOST_NAMES))
        lines += self._groups(session, {instance.leaders[i].id for i in leaders})
        what = plain(self._season.short_name(session))
        return f"{what} {plain(site.name)} ({people})", "\n".join(lines)

    def of_lecturer(self, half_day: HalfDay) -> Texts:
        """A half day for the one who teaches it: module, session, and how many people come from where."""
        season = self._season
        instance, session = season.instance, half_day.session
        what = instance.sessions[session]
        site = instance.sites[what.site]
        lines = [f"{plain(self._season.short_name(session))}  {self._season.dates.spans(what.days)}"]
        lines.append(tr("people {n:,}", n=season.people[session]))
        held = self._by_session[session]
        if len(held) > 1:
            lines.append(tr("all half days of the session:"))
            lines += self._lines(held)
        return f"{plain(half_day.module)} ({plain(site.name)})", "\n".join(lines)

    def _own_group(self, session: int, leader: str) -> Iterator[str]:
        """The discussion group of one who attends, and who else is in it."""
        for group in self._seated(session):
            if any(sitter.id == leader for sitter in group.sitters):
                others = [plain(sitter.who) for sitter in group.sitters if sitter.id != leader]
                if others:
                    yield tr("discussion group {n}, with {others}", n=group.number, others=listed(others))
                else:
                    yield tr("discussion group {n}", n=group.number)

    def _groups(self, session: int, leaders: Collection[str]) -> Iterator[str]:
        """The discussion groups of those that a calendar tells of, as far as it names people."""
        if len(leaders) > MOST_NAMES:
            return
        for group in self._seated(session):
            names = [plain(sitter.who) for sitter in group.sitters if sitter.id in leaders]
            if names:
                yield tr("discussion group {n}: {names}", n=group.number, names=listed(names))

    def _seated(self, session: int) -> list[GroupRow]:
        if session not in self._grouped:
            self._grouped[session] = group_rows(self._season, session)
        return self._grouped[session]

    def _session(self, session: int) -> Iterable[str]:
        """The session's id and dates, and its modules with their hours."""
        if session not in self._what:
            instance = self._season.instance
            what = instance.sessions[session]
            self._what[session] = [
                f"{plain(self._season.short_name(session))}  {self._season.dates.spans(what.days)}",
                *(
                    tr(
                        "{module} ({hours} h)",
                        module=plain(instance.modules[m].name),
                        hours=instance.modules[m].hours,
                    )
                    for m in what.modules
                ),
            ]
        return self._what[session]

    def _programme(self, session: int, days: tuple[int, int]) -> Iterable[str]:
        """What is taught on which half day from the first to the last of `days`, and by whom."""
        key = (session, *days)
        if key not in self._held:
            held = self._by_session.get(session, ())
            self._held[key] = list(self._lines(h for h in held if days[0] <= h.day <= days[1]))
        return self._held[key]

    def _lines(self, half_days: Iterable[HalfDay]) -> Iterator[str]:
        for h in half_days:
            when = f"{self._season.dates.weekday(h.day)} {slot_name(h.slot)}"
            yield f"{when}  {plain(h.module)}, {plain(lecturer_of(self._season, h))}"

    @cached_property
    def _by_session(self) -> dict[int, list[HalfDay]]:
        return by_session(self._season)


def lecturer_of(season: Season, half_day: HalfDay) -> str:
    """The name of who teaches, or that nobody does."""
    return tr("nobody") if half_day.lecturer is None else lecturer_name(season, half_day)
