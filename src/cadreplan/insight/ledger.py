"""The ledger: what rules ask of each leader, what of it is done and planned, and who has waited how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.history import Fact
from cadreplan.documents.schema.curriculum import NormSpec
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.insight.credit import Studied, amount, done_in, hours_in
from cadreplan.instance import Instance
from cadreplan.past import restored
from cadreplan.plan import Plan


@dataclass(frozen=True, slots=True)
class Entry:
    """A norm as it stands for one leader, in hours or in sessions.

    `have` is credited or, where the roster has no word of it, known to the history; `planned` is what a plan
    adds. It `counts` in this horizon if its deadline lies there, or its window is of calendar years.
    """

    leader: str
    branch: str
    norm: str
    wanted: int
    have: int
    planned: int
    deadline: date
    counts: bool
    overdue: bool

    @property
    def missing(self) -> int:
        return max(0, self.wanted - self.have - self.planned)

    @property
    def is_missed(self) -> bool:
        """Whether something is missing that should be there by the end of the horizon, or before it."""
        return self.missing > 0 and (self.counts or self.overdue)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rotations in a row without a seat; `last` is the day of the last session that a history knows of, and
    `is_planned` tells whether the plan has a seat.
    """

    leader: str
    branch: str
    waited: int
    last: date | None
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Ledger:
    """`entries` come overdue first, then by deadline, then what misses most; `waits` longest first.

    `differing` counts entries whose credit in the roster is less than the history knows.
    """

    entries: tuple[Entry, ...]
    waits: tuple[Waiting, ...]
    differing: int

    @property
    def is_missed(self) -> bool:
        """Whether somebody misses a norm."""
        return any(entry.is_missed for entry in self.entries)


KINDS = ("begins", "attended", "passed", "hours")
"""The facts that a ledger reads."""
_LONG_AGO = timedelta(days=366)
"""A deadline that passed so long before the horizon is listed only where a history knows the time before."""


@dataclass(slots=True)
class Past:
    """What a ledger needs of a history: its first day, what was done, and the last day of each leader."""

    first: str = ""
    done: dict[str, list[Studied]] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Past:
        """Read facts one after another; none is kept."""
        past = cls()

        def noted() -> Iterable[Fact]:
            for fact in facts:
                if fact.fact == "begins":
                    past.first = min(past.first or fact.date, fact.date)
                elif fact.fact in ("attended", "passed"):
                    past.last[fact.leader] = max(fact.date, past.last.get(fact.leader, ""))
                yield fact

        past.done = done_in(noted())
        return past


@dataclass(frozen=True, slots=True)
class Seats:
    """The sessions that a plan has for each leader."""

    instance: Instance
    by_leader: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, instance: Instance, plan: Plan) -> Seats:
        """Those that the roster still has, and what has begun as the plan holds it."""
        instance = restored(instance, plan)
        found: dict[str, list[int]] = {}
        for leader, session in plan.assignments:
            if session in instance.session_by_id:
                found.setdefault(leader, []).append(instance.session_by_id[session])
        return cls(instance, found)

    def amount(self, leader: str, norm: NormSpec, window: DateRange) -> int:
        """Hours, or sessions, that a leader attends in a window by the plan."""
        instance = self.instance
        first, last = ((day - instance.start).days for day in window)
        own = self.by_leader.get(leader, ())
        if norm.sessions:
            return sum(first <= instance.sessions[s].last_day <= last for s in own)
        hours = sum(hours_in(instance, s, set(instance.sessions[s].modules), first, last) for s in own)
        return hours - instance.repeated(own, first, last)


def ledger(
    roster: RosterDocument, past: Past | None = None, seats: Seats | None = None, on: date | None = None
) -> Ledger:
    """How all leaders of a roster stand; a deadline before the day `on`, by default the first of the horizon,
    is overdue. It is wrong to call this for a roster with errors.
    """
    horizon, curriculum = roster.horizon, roster.curriculum
    assert horizon is not None
    assert curriculum is not None
    day = on or horizon.start
    norms = [(row.id or "", norm) for row, norm in curriculum.norms.valid()]
    entries: list[Entry] = []
    waits: list[Waiting] = []
    differing = 0
    for _, leader in roster.leaders.valid():
        for id_, norm in norms:
            if norm.roles is not None and leader.role not in norm.roles:
                continue
            window = norm.window(leader.since, horizon)
            if window is None or not (_is_lately(window, horizon) or _is_known(window, past)):
                continue
            have, is_less = _have(leader, id_, norm, window, past)
            differing += is_less
            entries.append(
                Entry(
                    leader.id,
                    leader.branch,
                    id_,
                    norm.hours or norm.sessions or 0,
                    have,
                    seats.amount(leader.id, norm, window) if seats else 0,
                    window.end,
                    norm.within is None or horizon.start <= window.end <= horizon.end,
                    window.end < day,
                )
            )
        last = past.last.get(leader.id) if past else None
        is_planned = seats is not None and bool(seats.by_leader.get(leader.id))
        if leader.waited or last:
            known = date.fromisoformat(last) if last else None
            waits.append(Waiting(leader.id, leader.branch, leader.waited, known, is_planned))
    entries.sort(key=lambda e: (not (e.overdue and e.missing), e.deadline, -e.missing, e.leader, e.norm))
    waits.sort(key=lambda w: (-w.waited, w.last or date.min, w.leader))
    return Ledger(tuple(entries), tuple(waits), differing)


def _is_lately(window: DateRange, horizon: DateRange) -> bool:
    return window.end >= horizon.start - _LONG_AGO


def _is_known(window: DateRange, past: Past | None) -> bool:
    """Whether a history goes back to the beginning of a window."""
    return past is not None and bool(past.first) and past.first <= window.start.isoformat()


def _have(
    leader: LeaderSpec, id_: str, norm: NormSpec, window: DateRange, past: Past | None
) -> tuple[int, bool]:
    """What a leader has of a norm, and whether the roster credits less than the history knows."""
    credited = leader.credited.get(id_)
    if past is None:
        return credited or 0, False
    known = amount(norm, past.done.get(leader.id, ()), window)
    return (known, False) if credited is None else (credited, credited < known)


def only(
    found: Ledger, leaders: Collection[str] = (), branches: Collection[str] = (), norms: Collection[str] = ()
) -> Ledger:
    """The part of a ledger about some leaders, branches and norms; about all where none are named."""

    def is_wanted(one: Entry | Waiting) -> bool:
        return (not leaders or one.leader in leaders) and (not branches or one.branch in branches)

    return Ledger(
        tuple(e for e in found.entries if is_wanted(e) and (not norms or e.norm in norms)),
        tuple(w for w in found.waits if is_wanted(w)),
        found.differing,
    )


@dataclass(slots=True)
class Share:
    """A norm over the people of a branch itself: how many it is for, who meet it, who are overdue."""

    branch: str
    norm: str
    people: int = 0
    met: int = 0
    overdue: int = 0
    missing: int = 0


def by_branch(found: Ledger) -> list[Share]:
    """A line for each branch and norm, in the order of their ids."""
    shares: dict[tuple[str, str], Share] = {}
    for entry in found.entries:
        share = shares.setdefault((entry.branch, entry.norm), Share(entry.branch, entry.norm))
        share.people += 1
        share.met += not entry.missing
        share.overdue += entry.overdue and entry.missing > 0
        share.missing += entry.missing
    return [shares[key] for key in sorted(shares)]
