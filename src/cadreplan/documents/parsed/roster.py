"""A roster as the rules and the builder see it: its tables, and what follows from several of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from cadreplan.documents.findings import Fix
from cadreplan.documents.parsed.calendar import WorkingDays
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.lapse import Lapse, held, lapsed
from cadreplan.documents.parsed.nearness import Nearness
from cadreplan.documents.parsed.offerings import Run, runs_of
from cadreplan.documents.rows import Row, Table
from cadreplan.documents.schema.cohorts import MixSpec, TieSpec
from cadreplan.documents.schema.roster import CalendarSpec, PolicySpec
from cadreplan.documents.schema.tables import (
    BranchSpec,
    LeaderSpec,
    LecturerSpec,
    OfferingSpec,
    SessionSpec,
    SiteSpec,
)
from cadreplan.documents.schema.types import DateRange
from cadreplan.documents.tree import Map, Mark, mark_at

T = TypeVar("T")

MAX_HORIZON_DAYS = 3660
MAX_SESSION_DAYS = 366
DERIVED_TAGS = ("branch", "role")
"""Tags that every leader has without `tags`; `branch:1` and so on are further ones."""


def is_derived(tag: str) -> bool:
    """Whether a tag is told by the branch or the role of a leader, not by `tags`."""
    return tag in DERIVED_TAGS or tag.startswith("branch:")


@dataclass(frozen=True, slots=True)
class Delivery:
    """A session, or a candidate that an offering expands to. `days` are proleptic ordinals, ascending."""

    id: str
    site: str
    row: Row[SessionSpec] | Row[OfferingSpec]
    spec: SessionSpec | OfferingSpec
    days: tuple[int, ...]
    confirmed: bool


@dataclass(frozen=True)
class RosterDocument:
    """A roster with its curriculum and tables; None or a default stands where something couldn't be read."""

    file: str
    tree: Map
    title: str | None
    curriculum: CurriculumDocument | None
    horizon: DateRange | None
    calendar: CalendarSpec | None
    policy: PolicySpec | None
    sites: Table[SiteSpec]
    branches: Table[BranchSpec]
    sessions: Table[SessionSpec]
    offerings: Table[OfferingSpec]
    lecturers: Table[LecturerSpec]
    leaders: Table[LeaderSpec]
    mix: Table[MixSpec]
    ties: Table[TieSpec]
    met: tuple[tuple[str, ...], ...] = ()
    """Ids of leaders who sat in one discussion group before the horizon, by the history it names."""
    files: Mapping[str, str] = field(default_factory=dict)
    """sha256 of every other file it reads, by path relative to the roster."""
    fixes: tuple[Fix, ...] = ()
    """Cells of its flat tables that were read in the plain form, not as they are written."""

    @property
    def tables(self) -> dict[str, Table[Any]]:
        return {
            t.name: t
            for t in (
                self.sites,
                self.branches,
                self.sessions,
                self.offerings,
                self.lecturers,
                self.leaders,
            )
        }

    @property
    def lists(self) -> dict[str, Table[Any]]:
        """Rows without ids, which stand in the roster itself."""
        return {t.name: t for t in (self.mix, self.ties)}

    @cached_property
    def held_tags(self) -> Mapping[str, Counter[str]]:
        """Tag → value → people, over all leaders whose row is right."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for _, leader in self.leaders.valid():
            for tag, value in leader.tags.items():
                found[tag][value] += leader.headcount
        return found

    @cached_property
    def named_tags(self) -> frozenset[str]:
        """The tags of leaders that something in the roster asks for."""
        named = {mix.tag for _, mix in self.mix.valid()}
        if self.policy is not None:
            named.update(self.policy.groups)
        return frozenset(tag for tag in named if not is_derived(tag))

    @cached_property
    def working_days(self) -> WorkingDays | None:
        """The calendar; None where it couldn't be read."""
        return None if self.calendar is None else WorkingDays(self.calendar)

    @cached_property
    def runs(self) -> Mapping[str, tuple[Run, ...]]:
        """What every offering expands to, by its id, with the runs that are dropped."""
        calendar, horizon = self.working_days, self.horizon
        if calendar is None or horizon is None or horizon.n_days > MAX_HORIZON_DAYS:
            return {}
        runs: dict[str, tuple[Run, ...]] = {}
        for _, offering in self.offerings.valid():
            sites = [site for id_ in offering.sites if (site := self.sites.spec(id_))]
            runs.setdefault(
                offering.id,
                tuple(run for site in sites for run in runs_of(offering, site, calendar, horizon)),
            )
        return runs

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """All sessions in the order of the file, then all candidates that offerings expand to."""
        found: list[Delivery] = []
        for row, session in self.sessions.valid():
            spans = [span for span in session.ranges if span.n_days <= MAX_SESSION_DAYS]
            ordinals = {day for a, b in spans for day in range(a.toordinal(), b.toordinal() + 1)}
            confirmed = session.status == "confirmed"
            found.append(Delivery(session.id, session.site, row, session, tuple(sorted(ordinals)), confirmed))
        for offering_row, offering in self.offerings.valid():
            for run in self.runs.get(offering.id, ()):
                if not run.dropped:
                    days = tuple(day.toordinal() for day in run.days)
                    found.append(Delivery(run.id, run.site, offering_row, offering, days, False))
        return tuple(found)

    @cached_property
    def delivery_by_id(self) -> Mapping[str, Delivery]:
        """The first delivery of every id."""
        return {delivery.id: delivery for delivery in reversed(self.deliveries)}

    @cached_property
    def sites_on(self) -> Mapping[int, frozenset[str]]:
        """Sites with a session or candidate, by day."""
        found: dict[int, set[str]] = defaultdict(set)
        for delivery in self.deliveries:
            for day in delivery.days:
                found[day].add(delivery.site)
        return {day: frozenset(sites) for day, sites in found.items()}

    @cached_property
    def deliveries_whole(self) -> bool:
        """Whether every session and candidate is known, so that any other id is wrong."""
        rows = (*self.offerings.rows, *self.sites.rows)
        return (
            self.sessions.whole
            and self.offerings.whole
            and len(self.runs) == len(self.offerings.by_id)
            and all(row.spec is not None for row in rows)
        )

    @cached_property
    def nearness(self) -> Nearness:
        """Who sleeps at home where."""
        most = 0 if self.policy is None else self.policy.local_km
        return Nearness(most, self.sites, self.branches, self.leaders)

    @cached_property
    def _made(self) -> dict[Callable[[RosterDocument], Any], Any]:
        return {}

    def once(self, make: Callable[[RosterDocument], T]) -> T:
        """What a function makes of this document, made when it is asked for first."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    @cached_property
    def valid_months(self) -> Mapping[str, int]:
        """How long a level lasts, of those skills in which it ends."""
        skills = self.curriculum.skills.valid() if self.curriculum else ()
        return {
            row.id: skill.valid for row, skill in skills if row.id is not None and skill.valid is not None
        }

    def held(self, leader: LeaderSpec) -> Mapping[str, int]:
        """The levels of a leader that haven't lapsed by the last day of the horizon."""
        if self.horizon is None:
            return leader.skills
        return held(leader, self.valid_months, self.horizon.end)

    def lapsed(self, leader: LeaderSpec) -> Mapping[str, Lapse]:
        """By skill, the levels of a leader that have."""
        return {} if self.horizon is None else lapsed(leader, self.valid_months, self.horizon.end)

    def lineage(self, branch: str) -> list[str]:
        """The ids of a branch, its parent, and so on, as far as they are known."""
        line: list[str] = []
        at: str | None = branch
        while at is not None and at not in line:
            line.append(at)
            spec = self.branches.spec(at)
            at = spec.parent if spec else None
        return line

    def mark(self, *path: str | int) -> Mark:
        """Where a value of the roster file itself is written."""
        return mark_at(self.tree, path)
