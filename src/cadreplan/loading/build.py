"""A roster without errors to the instance that everything behind it reads: indices, day numbers, integers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import Delivery, RosterDocument
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.curriculum import NormSpec, SkillSpec
from cadreplan.documents.schema.roster import PolicySpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import GapSpec, LeaderSpec, OfferingSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.instance import (
    Ability,
    Branch,
    DayRange,
    Instance,
    Lapsed,
    Leader,
    Lecturer,
    Location,
    Module,
    Norm,
    Offering,
    Owed,
    Policy,
    Role,
    Room,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)

_Index = Mapping[str, int]


def build_instance(roster: RosterDocument) -> Instance:
    """The instance of a roster that has no errors; it is wrong to call this for any other."""
    assert roster.curriculum is not None
    assert roster.horizon is not None
    assert roster.policy is not None
    return _Builder(roster, roster.curriculum, roster.horizon, roster.policy).build()


class _Builder:
    """Looks up indices and counts days from the horizon's first."""

    def __init__(
        self, roster: RosterDocument, curriculum: CurriculumDocument, horizon: DateRange, policy: PolicySpec
    ) -> None:
        self._roster, self._curriculum, self._horizon, self._policy = roster, curriculum, horizon, policy
        self._origin = horizon.start.toordinal()
        self._skills, self._modules = _index(curriculum.skills), _index(curriculum.modules)
        self._roles, self._sites = _index(curriculum.roles), _index(roster.sites)
        self._branches = _index(roster.branches)

    def build(self) -> Instance:
        sessions = self._sessions()
        branches = self._branch_tuple()
        return Instance(
            title=self._roster.title or "",
            start=self._horizon.start,
            n_days=self._horizon.n_days,
            abilities=tuple(
                Ability(_id(row.id), spec.name or _id(row.id))
                for row, spec in self._curriculum.abilities.valid()
            ),
            skills=self._skill_tuple(),
            modules=self._module_tuple(),
            roles=tuple(
                Role(_id(row.id), spec.name or _id(row.id), _pairs(spec.needs, self._skills))
                for row, spec in self._curriculum.roles.valid()
            ),
            sites=tuple(
                Site(
                    spec.id,
                    spec.name or spec.id,
                    spec.kind or "",
                    spec.location,
                    spec.beds,
                    None if spec.rooms is None else tuple(Room(room.id, room.seats) for room in spec.rooms),
                )
                for _, spec in self._roster.sites.valid()
            ),
            branches=branches,
            sessions=sessions,
            offerings=tuple(Offering(spec.id, spec.max_runs) for _, spec in self._roster.offerings.valid()),
            lecturers=self._lecturers(),
            leaders=self._leaders(sessions, branches),
            policy=self._policy_of(),
            met=self._met(),
            mix=self._mix(sessions),
            ties=self._ties(),
            norms=tuple(
                Norm(
                    id=_id(row.id),
                    name=spec.name or _id(row.id),
                    counts_sessions=spec.sessions is not None,
                    source=spec.source or "",
                )
                for row, spec in self._curriculum.norms.valid()
            ),
        )

    def _skill_tuple(self) -> tuple[Skill, ...]:
        abilities = _index(self._curriculum.abilities)
        return tuple(
            Skill(_id(row.id), spec.name or _id(row.id), abilities[spec.ability], spec.weight)
            for row, spec in self._curriculum.skills.valid()
        )

    def _module_tuple(self) -> tuple[Module, ...]:
        return tuple(
            Module(
                id=_id(row.id),
                name=spec.name or _id(row.id),
                hours=spec.hours,
                form=spec.form,
                method=spec.method,
                core=spec.core,
                teaches=_pairs(spec.teaches, self._skills),
                requires=tuple(
                    _indices(entry, self._modules) for entry in spec.requires if row.id not in entry
                ),
                lecturers=spec.lecturers,
                max_seats=spec.max_seats,
            )
            for row, spec in self._curriculum.modules.valid()
        )

    def _branch_tuple(self) -> tuple[Branch, ...]:
        specs = [spec for _, spec in self._roster.branches.valid()]
        parents = [None if spec.parent is None else self._branches[spec.parent] for spec in specs]
        return tuple(
            Branch(
                id=spec.id,
                name=spec.name or spec.id,
                parent=parent,
                location=spec.location,
                max_away=spec.max_away,
            )
            for spec, parent in zip(specs, parents, strict=True)
        )

    def _sessions(self) -> tuple[Session, ...]:
        offerings = _index(self._roster.offerings)
        return tuple(
            self._session(
                delivery,
                offerings[delivery.spec.id] if isinstance(delivery.spec, OfferingSpec) else None,
            )
            for delivery in self._roster.deliveries
        )

    def _session(self, delivery: Delivery, offering: int | None) -> Session:
        spec = delivery.spec
        sizes = self._curriculum.group_sizes(spec)
        return Session(
            id=delivery.id,
            site=self._sites[delivery.site],
            modules=_indices(spec.modules, self._modules),
            days=tuple([day - self._origin for day in delivery.days]),
            seats=spec.seats,
            min_seats=spec.min_seats,
            candidate=not delivery.confirmed,
            cost=spec.cost,
            branches=None if spec.branches is None else _indices(spec.branches, self._branches),
            roles=None if spec.roles is None else _indices(spec.roles, self._roles),
            quotas=_pairs(spec.quotas, self._branches),
            groups=None if sizes is None else (sizes[0].least, sizes[0].most),
            offering=offering,
        )

    def _lecturers(self) -> tuple[Lecturer, ...]:
        return tuple(
            Lecturer(
                id=spec.id,
                name=spec.name or spec.id,
                kind=spec.kind,
                modules=None if spec.modules is None else _indices(spec.modules, self._modules),
                available=None if spec.available is None else self._day_ranges(spec.available),
                max_slots=spec.max_slots,
                site=None if spec.site is None else self._sites[spec.site],
            )
            for _, spec in self._roster.lecturers.valid()
        )

    def _leaders(self, sessions: tuple[Session, ...], branches: tuple[Branch, ...]) -> tuple[Leader, ...]:
        by_id = {session.id: s for s, session in enumerate(sessions)}
        return tuple(self._leader(spec, by_id, branches) for _, spec in self._roster.leaders.valid())

    def _leader(self, spec: LeaderSpec, sessions: _Index, branches: tuple[Branch, ...]) -> Leader:
        policy, branch = self._policy, self._branches[spec.branch]
        location: Location | None = spec.location or branches[branch].location
        prefers = spec.prefers.items()
        return Leader(
            id=spec.id,
            name=spec.name or spec.id,
            branch=branch,
            role=None if spec.role is None else self._roles[spec.role],
            gaps=self._gaps(spec),
            completed=frozenset(_indices(spec.completed, self._modules)),
            location=location,
            available=None if spec.available is None else self._day_ranges(spec.available),
            unavailable=self._day_ranges(spec.unavailable),
            priority=spec.priority,
            headcount=spec.headcount,
            max_sessions=_first(spec.max_sessions, policy.max_sessions),
            max_days=_first(spec.max_days, policy.max_days),
            max_trips=_first(spec.max_trips, policy.max_trips),
            prefers_sessions=tuple((sessions[id_], points) for id_, points in prefers if id_ in sessions),
            prefers_sites=tuple((self._sites[id_], points) for id_, points in prefers if id_ not in sessions),
            pinned=_indices(spec.pinned, sessions),
            excluded=_indices(spec.excluded, sessions),
            tags=tuple(spec.tags.items()),
            owes=self._owes(spec),
            waited=spec.waited,
        )

    def _owes(self, spec: LeaderSpec) -> tuple[Owed, ...]:
        """The norms that apply to a leader, each with its window."""
        owed: list[Owed] = []
        for n, (row, norm) in enumerate(self._curriculum.norms.valid()):
            if norm.roles is not None and spec.role not in norm.roles:
                continue
            window = self._window(norm, spec.since)
            if window is not None:
                wanted, credited = norm.hours or norm.sessions or 0, spec.credited.get(_id(row.id), 0)
                owed.append(Owed(n, wanted, credited, *window))
        return tuple(owed)

    def _window(self, norm: NormSpec, since: date | None) -> DayRange | None:
        """The days that count for a norm; None where it doesn't apply in this horizon."""
        window = norm.window(since, self._horizon)
        if window is None:
            return None
        if norm.within is not None and not self._horizon.start <= window.end <= self._horizon.end:
            return None
        return self._day(window.start), self._day(window.end)

    def _gaps(self, spec: LeaderSpec) -> tuple[SkillGap, ...]:
        skills: Table[SkillSpec] = self._curriculum.skills
        gaps: list[SkillGap] = []
        if spec.gaps is not None:
            for id_, gap in spec.gaps.items():
                level, weight = (gap.level, gap.weight) if isinstance(gap, GapSpec) else (None, gap)
                if weight is None:
                    weight = _weight(skills, id_)
                # Modules teach to level 1 or more: level 1 means any level.
                gaps.append(SkillGap(self._skills[id_], level or 1, weight))
        elif spec.role is not None:
            role = self._curriculum.roles.spec(spec.role)
            held, gone = self._roster.held(spec), self._roster.lapsed(spec)
            for id_, level in role.needs.items() if role else ():
                if level > held.get(id_, 0):
                    lapse = gone.get(id_)
                    lapsed = None if lapse is None else Lapsed(*lapse[1:])
                    gaps.append(SkillGap(self._skills[id_], level, _weight(skills, id_), lapsed))
        return tuple(gaps)

    def _mix(self, sessions: tuple[Session, ...]) -> tuple[Mix, ...]:
        named: dict[str, list[int]] = defaultdict(list)
        offerings = [spec.id for _, spec in self._roster.offerings.valid()]
        for s, session in enumerate(sessions):
            named[session.id].append(s)
            if session.offering is not None:
                named[offerings[session.offering]].append(s)
        return tuple(
            Mix(
                tag=spec.tag,
                each=spec.each,
                value=spec.value,
                at_least=None if spec.at_least is None else Amount(*spec.at_least),
                at_most=None if spec.at_most is None else Amount(*spec.at_most),
                alone=spec.alone,
                sessions=None
                if spec.sessions is None
                else tuple(sorted({s for id_ in spec.sessions for s in named[id_]})),
                hard=spec.hard,
            )
            for _, spec in self._roster.mix.valid()
        )

    def _ties(self) -> tuple[Tie, ...]:
        leaders = _index(self._roster.leaders)
        return tuple(
            Tie(tuple(sorted(_indices(spec.leaders, leaders))), spec.kind, spec.each)
            for _, spec in self._roster.ties.valid()
        )

    def _met(self) -> tuple[tuple[int, ...], ...]:
        leaders = _index(self._roster.leaders)
        groups = (tuple(sorted(leaders[id_] for id_ in ids if id_ in leaders)) for ids in self._roster.met)
        return tuple(group for group in groups if len(group) > 1)

    def _policy_of(self) -> Policy:
        policy = self._policy
        share: Fraction | None = policy.core_share
        return Policy(
            transfer_days=policy.transfer_days,
            stay_gap=policy.stay_gap,
            min_hours=policy.min_hours,
            core_share=share,
            min_methods=policy.min_methods or 0,
            groups=tuple(policy.groups.items()),
            weights=Weights(**policy.weights.model_dump()),
            local_km=policy.local_km,
            guarantee=policy.guarantee,
        )

    def _day(self, day: date) -> int:
        return day.toordinal() - self._origin

    def _day_ranges(self, ranges: Iterable[DateRange]) -> tuple[DayRange, ...]:
        return tuple([(self._day(start), self._day(end)) for start, end in ranges])


def _index(table: Table[Spec]) -> _Index:
    return {_id(row.id): i for i, row in enumerate(table.rows)}


def _id(id_: str | None) -> str:
    assert id_ is not None
    return id_


def _indices(ids: Iterable[str], index: _Index) -> tuple[int, ...]:
    return tuple([index[id_] for id_ in ids])


def _pairs(values: Mapping[str, int], index: _Index) -> tuple[tuple[int, int], ...]:
    return tuple([(index[id_], value) for id_, value in values.items()])


def _first(own: int | None, default: int | None) -> int | None:
    return default if own is None else own


def _weight(skills: Table[SkillSpec], id_: str) -> int:
    spec = skills.spec(id_)
    assert spec is not None
    return spec.weight
