"""A plan laid over its instance: cohorts, trips, who is away when, what is closed and what stays open."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.messages.message import Said
from cadreplan.messages.saying import say
from cadreplan.plan import OpenGap, Plan
from cadreplan.solution import Solution
from cadreplan.trips import Trip, km_of
from cadreplan.verification.plans import resolve
from cadreplan.verification.report import Violation
from cadreplan.views.naming import SessionNames, by_name
from cadreplan.views.wording import Dates, printable

if TYPE_CHECKING:
    from cadreplan.insight.fairness import Envies


@dataclass(frozen=True)
class Season:
    """Everything the views read: a plan, laid out as `state`.

    `unknown` are the names in the plan that the instance doesn't have.
    """

    plan: Plan
    state: PlanState
    unknown: tuple[Violation, ...]

    @classmethod
    def of(cls, instance: Instance, plan: Plan) -> Season:
        """Lay a plan over the instance it belongs to."""
        solution, unknown = resolve(instance, plan)
        return cls(plan, PlanState(instance, solution), tuple(unknown))

    @property
    def instance(self) -> Instance:
        """The roster as a problem."""
        return self.state.instance

    @cached_property
    def solution(self) -> Solution:
        """What the plan decides."""
        return self.state.solution()

    @cached_property
    def cohorts(self) -> list[list[int]]:
        """The leaders in each session."""
        return self.state.cohorts()

    @property
    def people(self) -> list[int]:
        """The headcount of each session."""
        return self.state.people

    @property
    def trips(self) -> list[list[Trip]]:
        """The trips of each leader."""
        return self.state.trips

    @cached_property
    def closings(self) -> list[dict[int, int]]:
        """For each leader the positions of closed gaps in `gaps`, and the first session that closes each."""
        return [_closings(self.instance, i, chosen) for i, chosen in enumerate(self.state.chosen)]

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

    @property
    def away(self) -> Counter[tuple[int, int]]:
        """(branch, day) → people of it and of those below it who are away."""
        return self.state.away

    @property
    def in_beds(self) -> Counter[tuple[int, int]]:
        """(site, day) → people on trips to it who don't sleep at home, days without a session included."""
        return self.state.in_beds

    @cached_property
    def at_site(self) -> Counter[tuple[int, int]]:
        """`in_beds` with those who sleep at home."""
        people = self.in_beds.copy()
        for leader, trips in zip(self.instance.leaders, self.trips, strict=True):
            for trip in trips:
                for day in trip.days if trip.at_home else ():
                    people[trip.site, day] += leader.headcount
        return people

    def runs(self, session: int) -> bool:
        """Whether a session is held."""
        return self.state.runs(session)

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
    """Positions of a leader's closed gaps → the first of the `chosen` sessions that closes each."""
    closings: dict[int, int] = {}
    by_day = sorted(chosen, key=lambda s: instance.sessions[s].first_day)
    for g, gap in enumerate(instance.leaders[i].gaps):
        for s in by_day:
            if instance.levels_taught[s].get(gap.skill, -1) >= gap.level:
                closings[g] = s
                break
    return closings
