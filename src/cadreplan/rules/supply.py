"""What leaders want and what the deliveries can give, as far as each limit alone can say.

Sets of deliveries are whole numbers with one bit for each, so that 20,000 leaders are held against all
deliveries in a fraction of a second. Everything here is optimistic: what it calls impossible is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from cadreplan.documents.parsed.roster import MAX_HORIZON_DAYS, Delivery, RosterDocument
from cadreplan.documents.rows import Row, Table
from cadreplan.documents.schema.tables import GapSpec, LeaderSpec, OfferingSpec
from cadreplan.documents.schema.types import DateRange

Want = tuple[str, int]
"""A skill and the level that is wanted, 1 for any."""


class Supply:
    """The deliveries of a roster that lie in the horizon. `sets` are bit sets of them."""

    def __init__(self, document: RosterDocument, horizon: DateRange) -> None:
        self._document = document
        first, last = horizon.start.toordinal(), horizon.end.toordinal()
        self.horizon = horizon
        self.deliveries: tuple[Delivery, ...] = tuple(
            d for d in document.deliveries if d.days and first <= d.days[0] and d.days[-1] <= last
        )
        self.everything = (1 << len(self.deliveries)) - 1
        self.capacity = [self._capacity(d) for d in self.deliveries]
        self._teaching: dict[Want, int] = {}
        self._met: dict[DateRange, int] = {}
        self._branch_sets: dict[str, int] = {}
        self._role_sets: dict[str | None, int] = {}
        self._short: dict[int, int] = {}
        self._large: dict[int, int] = {}

    @cached_property
    def leaders(self) -> list[tuple[Row[LeaderSpec], LeaderSpec, list[Want]]]:
        """All leaders with their skill gaps."""
        return [(row, leader, self._wants(leader)) for row, leader in self._document.leaders.valid()]

    @cached_property
    def reaches(self) -> list[int]:
        """For each of `leaders` the set of deliveries that they could attend; 0 for who wants nothing."""
        return [self.reach(leader) if wants else 0 for _, leader, wants in self.leaders]

    @cached_property
    def demand(self) -> dict[Want, int]:
        """How many people want what."""
        found: dict[Want, int] = defaultdict(int)
        for _, leader, wants in self.leaders:
            for want in wants:
                found[want] += leader.headcount
        return found

    def _wants(self, leader: LeaderSpec) -> list[Want]:
        levels, curriculum = self._levels, self._document.curriculum
        if leader.gaps is not None:
            found = [
                (skill, (gap.level or 1) if isinstance(gap, GapSpec) else 1)
                for skill, gap in leader.gaps.items()
            ]
        else:
            role = curriculum.roles.spec(leader.role) if curriculum and leader.role is not None else None
            held = self._document.held(leader)
            found = [(k, level) for k, level in role.needs.items() if level > held.get(k, 0)] if role else []
        return [want for want in found if want[0] in levels]

    def teaching(self, want: Want) -> int:
        """The set of deliveries that close a want."""
        known = self._teaching.get(want)
        if known is None:
            skill, level = want
            known = 0
            for taught, deliveries in self._levels.get(skill, {}).items():
                if taught >= level:
                    known |= deliveries
            self._teaching[want] = known
        return known

    def reach(self, leader: LeaderSpec) -> int:
        """The set of deliveries that a leader could attend, each seen by itself."""
        found = self._open_to(leader.branch) & self._for_role(leader.role)
        if leader.available is not None:
            found &= ~self._outside(leader.available)
        for span in leader.unavailable:
            found &= ~self._meeting(span)
        policy = self._document.policy
        most = leader.max_days if leader.max_days is not None or policy is None else policy.max_days
        if most is not None:
            found &= self._no_longer_than(most)
        if leader.headcount > 1:
            found &= self._holding(leader.headcount)
        if leader.excluded:
            ids = set(leader.excluded)
            found &= ~self._set(i for i, d in enumerate(self.deliveries) if d.id in ids)
        return found

    @cached_property
    def gates(self) -> dict[int, list[tuple[tuple[str, ...], int]]]:
        """Deliveries that require something → each entry of it and the earlier deliveries that meet it.

        An entry is of one module, or of several of which one is enough. Only deliveries that share no module
        with it count, for nobody attends a module twice.
        """
        curriculum = self._document.curriculum
        found: dict[int, list[tuple[tuple[str, ...], int]]] = {}
        for i, delivery in enumerate(self.deliveries):
            taught = set(delivery.spec.modules)
            specs = [curriculum.modules.spec(id_) for id_ in taught] if curriculum else []
            required = {
                entry for module in specs if module for entry in module.requires if taught.isdisjoint(entry)
            }
            if required:
                earlier = [
                    k
                    for k, other in enumerate(self.deliveries)
                    if other.days[-1] < delivery.days[0] and taught.isdisjoint(other.spec.modules)
                ]
                found[i] = [
                    (
                        entry,
                        self._set(
                            k for k in earlier if not set(entry).isdisjoint(self.deliveries[k].spec.modules)
                        ),
                    )
                    for entry in sorted(required)
                ]
        return found

    def useful(self, leader: LeaderSpec, wants: list[Want], reach: int) -> int:
        """What of `reach` a leader may be sent to: it closes a want, is pinned, or leads up to such a one."""
        found = 0
        for want in wants:
            found |= reach & self.teaching(want)
        pinned = set(leader.pinned)
        if pinned:
            found |= self._set(i for i, d in enumerate(self.deliveries) if d.id in pinned)
        fresh = found & self.gated
        while fresh:
            steps = 0
            for i in self.members(fresh):
                for entry, earlier in self.gates[i]:
                    if not earlier & ~found & reach or not set(entry).isdisjoint(leader.completed):
                        continue
                    steps |= earlier & reach
            fresh = steps & ~found & self.gated
            found |= steps
        return found

    @cached_property
    def gated(self) -> int:
        """The set of deliveries that require something."""
        return self._set(iter(self.gates))

    def members(self, deliveries: int) -> list[int]:
        """The indices of a set."""
        found = []
        while deliveries:
            lowest = deliveries & -deliveries
            found.append(lowest.bit_length() - 1)
            deliveries ^= lowest
        return found

    def seats(self, deliveries: int, limits: Mapping[int, int] | None = None) -> int:
        """The seats of a set, an offering's runs counted up to `max_runs`; `limits` by index where lower."""
        total = 0
        runs: dict[str, list[int]] = {}
        for i in self.members(deliveries):
            seats = self.capacity[i]
            if limits is not None:
                seats = min(seats, limits.get(i, seats))
            spec = self.deliveries[i].spec
            if isinstance(spec, OfferingSpec) and spec.max_runs is not None:
                runs.setdefault(spec.id, []).append(seats)
            else:
                total += seats
        for id_, seats_of_runs in runs.items():
            offering = self._document.offerings.spec(id_)
            most = offering.max_runs if offering else None
            total += sum(sorted(seats_of_runs, reverse=True)[:most])
        return total

    @cached_property
    def _levels(self) -> dict[str, dict[int, int]]:
        """Skill → level → the set of deliveries that teach it to exactly that level."""
        curriculum = self._document.curriculum
        found: dict[str, dict[int, int]] = {}
        if curriculum is None:
            return found
        for row in curriculum.skills.rows:
            if row.id is not None:
                found[row.id] = {}
        for i, delivery in enumerate(self.deliveries):
            best: dict[str, int] = {}
            for id_ in delivery.spec.modules:
                module = curriculum.modules.spec(id_)
                for skill, level in module.teaches.items() if module else ():
                    best[skill] = max(level, best.get(skill, level))
            for skill, level in best.items():
                if skill in found:
                    found[skill][level] = found[skill].get(level, 0) | 1 << i
        return found

    def _capacity(self, delivery: Delivery) -> int:
        site = self._document.sites.spec(delivery.site)
        most = [delivery.spec.seats]
        if site is not None and site.beds is not None:
            most.append(site.beds + self._document.nearness.people(delivery.site))
        if site is not None and site.rooms is not None:
            most.append(max((room.seats for room in site.rooms), default=0))
        return min(most)

    def _set(self, indices: Iterator[int]) -> int:
        found = 0
        for i in indices:
            found |= 1 << i
        return found

    @cached_property
    def _of_day(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for i, delivery in enumerate(self.deliveries):
            for day in delivery.days:
                found[day] = found.get(day, 0) | 1 << i
        return found

    def _meeting(self, span: DateRange) -> int:
        """The set of deliveries with a day in a range."""
        known = self._met.get(span)
        if known is None:
            first = max(span.start, self.horizon.start).toordinal()
            last = min(span.end, self.horizon.end).toordinal()
            known = 0
            for day in range(first, last + 1):
                known |= self._of_day.get(day, 0)
            self._met[span] = known
        return known

    def _outside(self, spans: tuple[DateRange, ...]) -> int:
        """The set of deliveries with a day in none of some ranges."""
        inside = {day for a, b in spans for day in self._of_day if a.toordinal() <= day <= b.toordinal()}
        found = 0
        for day, held in self._of_day.items():
            if day not in inside:
                found |= held
        return found

    def _open_to(self, branch: str) -> int:
        known = self._branch_sets.get(branch)
        if known is None:
            line = set(self._document.lineage(branch))
            known = self._set(
                i
                for i, d in enumerate(self.deliveries)
                if d.spec.branches is None or not line.isdisjoint(d.spec.branches)
            )
            self._branch_sets[branch] = known
        return known

    def _for_role(self, role: str | None) -> int:
        known = self._role_sets.get(role)
        if known is None:
            known = self._set(
                i for i, d in enumerate(self.deliveries) if d.spec.roles is None or role in d.spec.roles
            )
            self._role_sets[role] = known
        return known

    def _no_longer_than(self, days: int) -> int:
        if days not in self._short:
            self._short[days] = self._set(i for i, d in enumerate(self.deliveries) if len(d.days) <= days)
        return self._short[days]

    def _holding(self, people: int) -> int:
        if people not in self._large:
            self._large[people] = self._set(i for i, seats in enumerate(self.capacity) if seats >= people)
        return self._large[people]


def supply_of(document: RosterDocument) -> Supply | None:
    """What the deliveries can give; None where too little could be read to say what is missing."""
    return document.once(_supply)


def _supply(document: RosterDocument) -> Supply | None:
    horizon, curriculum = document.horizon, document.curriculum
    if horizon is None or curriculum is None or document.policy is None or not document.deliveries_whole:
        return None
    if horizon.n_days > MAX_HORIZON_DAYS or any(row.spec is None for row in document.sessions.rows):
        return None
    tables: tuple[Table[Any], ...] = (
        curriculum.modules,
        curriculum.skills,
        curriculum.roles,
        document.branches,
    )
    if not all(table.whole and all(row.spec is not None for row in table.rows) for table in tables):
        return None
    return Supply(document, horizon)
