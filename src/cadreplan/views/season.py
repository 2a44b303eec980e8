"""A plan laid over its instance: cohorts, trips, who is away when, what is closed and what stays open."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cadreplan.instance import Instance
from cadreplan.messages.message import Said
from cadreplan.messages.saying import say
from cadreplan.plan import OpenGap, Plan
from cadreplan.solution import Solution
from cadreplan.trips import Trip, km_of, trips_of
from cadreplan.verification.plans import resolve
from cadreplan.verification.report import Violation
from cadreplan.views.naming import SessionNames, by_name
from cadreplan.views.wording import Dates, printable

if TYPE_CHECKING:
    from cadreplan.insight.fairness import Envies


@dataclass(frozen=True)
class Season:
    """Everything the views read.

    `cohorts[s]` are the leaders of session s, `people[s]` their headcount. `trips[i]` are the trips of leader
    i. `closings[i]` maps the positions of closed gaps in `leaders[i].gaps` to the first session that closes
    them. `unknown` are the names in the plan that the instance doesn't have.
    """

    instance: Instance
    plan: Plan
    solution: Solution
    unknown: tuple[Violation, ...]
    cohorts: tuple[tuple[int, ...], ...]
    people: tuple[int, ...]
    trips: tuple[tuple[Trip, ...], ...]
    closings: tuple[dict[int, int], ...]

    @classmethod
    def of(cls, instance: Instance, plan: Plan) -> Season:
        """Lay a plan over the instance it belongs to."""
        solution, unknown = resolve(instance, plan)
        cohorts: list[list[int]] = [[] for _ in instance.sessions]
        for i, chosen in enumerate(solution.chosen):
            for s in chosen:
                cohorts[s].append(i)
        return cls(
            instance,
            plan,
            solution,
            tuple(unknown),
            tuple(tuple(cohort) for cohort in cohorts),
            tuple(sum(instance.leaders[i].headcount for i in cohort) for cohort in cohorts),
            tuple(
                tuple(trips_of(instance, leader, chosen))
                for leader, chosen in zip(instance.leaders, solution.chosen, strict=True)
            ),
            tuple(_closings(instance, i, chosen) for i, chosen in enumerate(solution.chosen)),
        )

    @property
    def dates(self) -> Dates:
        """How days are written in this season."""
        return self.names.dates

    @cached_property
    def open_gaps(self) -> dict[str, list[OpenGap]]:
        """Leader id → what the plan says of the leader's open skill gaps."""
        found: dict[str, list[OpenGap]] = defaultdict(list)
        for entry in self.plan.open_gaps:
            found[entry.leader].append(entry)
        return found

    def stated(self, leader: int) -> list[OpenGap]:
        """What the plan says of a leader's open skill gaps."""
        return self.open_gaps.get(self.instance.leaders[leader].id, [])

    @cached_property
    def left_out(self) -> list[int]:
        """Leaders with a skill gap who attend nothing, those who waited longest first."""
        from cadreplan.insight.fairness import left_out  # noqa: PLC0415 (needs numpy)

        return left_out(self.instance, self.solution)

    @cached_property
    def envies(self) -> Envies:
        """Who could take the seat of somebody who waited less."""
        from cadreplan.insight.fairness import envies  # noqa: PLC0415
        from cadreplan.insight.held import held  # noqa: PLC0415

        return envies(held(self.instance, self.solution), self.solution)

    @cached_property
    def away(self) -> Counter[tuple[int, int]]:
        """(branch, day) → people of it and of those below it who are away."""
        people: Counter[tuple[int, int]] = Counter()
        for leader, trips in zip(self.instance.leaders, self.trips, strict=True):
            for day in {day for trip in trips for day in trip.days}:
                for b in self.instance.lineages[leader.branch]:
                    people[b, day] += leader.headcount
        return people

    @cached_property
    def at_site(self) -> Counter[tuple[int, int]]:
        """(site, day) → people on trips to it, days without a session included."""
        return self._on_trips(at_home=True)

    @cached_property
    def in_beds(self) -> Counter[tuple[int, int]]:
        """`at_site` without those who sleep at home: they take the beds."""
        return self._on_trips(at_home=False)

    def _on_trips(self, *, at_home: bool) -> Counter[tuple[int, int]]:
        """People by site and day; with `at_home` also those who sleep there."""
        people: Counter[tuple[int, int]] = Counter()
        for leader, trips in zip(self.instance.leaders, self.trips, strict=True):
            for trip in trips:
                if at_home or not trip.at_home:
                    for day in trip.days:
                        people[trip.site, day] += leader.headcount
        return people

    def runs(self, session: int) -> bool:
        """Whether a session is held."""
        return self.solution.runs(self.instance, session)

    @cached_property
    def names(self) -> SessionNames:
        """What sessions are called."""
        return SessionNames(self.instance)

    def name(self, session: int) -> str:
        """What people call a session: its id, or of a candidate `理论概论 · 市党校 · 3月9日`."""
        return self.names.name(session)

    def short_name(self, session: int) -> str:
        """The same where place and day are told beside it."""
        return self.names.short(session)

    def named(self, text: str) -> str:
        """A sentence with names for the ids of candidates that it has in it."""
        return self.names.named(text)

    def said(self, told: Said | None) -> str:
        """A message in the reader's language, with names for all ids that people needn't know."""
        return self.named(printable(say(by_name(told, self.instance))))

    def room(self, session: int) -> str | None:
        """The id of a session's room, None where it needs or has none."""
        r = self.solution.rooms.get(session)
        rooms = self.instance.sites[self.instance.sessions[session].site].rooms
        return None if r is None or rooms is None else rooms[r].id

    def groups(self, session: int) -> tuple[tuple[str, ...], ...]:
        """Ids of the leaders in each discussion group of a session; none where it has none."""
        return self._groups.get(self.instance.sessions[session].id, ())

    @cached_property
    def _groups(self) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {entry.id: entry.groups for entry in self.plan.sessions if entry.groups}

    @property
    def has_groups(self) -> bool:
        """Whether any session has discussion groups."""
        return bool(self._groups)

    def days_away(self, leader: int) -> int:
        """Days of all trips of a leader."""
        return sum(len(trip.days) for trip in self.trips[leader])

    def km(self, leader: int) -> int:
        """Kilometres of all trips of a leader, both ways."""
        return km_of(self.instance, self.instance.leaders[leader], self.trips[leader])

    def module_names(self, session: int) -> list[str]:
        """The names of a session's modules, in order."""
        return [self.instance.modules[m].name for m in self.instance.sessions[session].modules]

    @cached_property
    def first_level(self) -> tuple[int, ...]:
        """For each branch its ancestor of the first level: below the root if there is one root only.

        The root itself stands for people who belong to no branch below it.
        """
        roots = sum(branch.parent is None for branch in self.instance.branches)
        return tuple(
            line[-2] if roots == 1 and len(line) > 1 else line[-1] for line in self.instance.lineages
        )


def _closings(instance: Instance, i: int, chosen: tuple[int, ...]) -> dict[int, int]:
    closings: dict[int, int] = {}
    by_day = sorted(chosen, key=lambda s: instance.sessions[s].first_day)
    for g, gap in enumerate(instance.leaders[i].gaps):
        for s in by_day:
            if instance.levels_taught[s].get(gap.skill, -1) >= gap.level:
                closings[g] = s
                break
    return closings
