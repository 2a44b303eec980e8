"""What holds a plan back: every limit by the worth of one more unit, and the changes that bring most."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.engines.jit import is_cached, is_compiled
from cadreplan.insight.around import Solver
from cadreplan.insight.bottlenecks_fixes import Verified, at_most, proposals, verify
from cadreplan.insight.bottlenecks_runs import Proposal
from cadreplan.insight.bottlenecks_shortage import Shortage, shortages
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.prices import Prices, prices_of
from cadreplan.insight.spread import Spread, Wanted, one_by_one
from cadreplan.instance import Instance
from cadreplan.messages import Message
from cadreplan.plan import Plan

VERIFIED = 10
_OF_A_KIND = 3
"""At most this many of the verified changes are of one kind, as long as there are others."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that is limited: `kind` is seats, room (what limits the seats), quota, beds, branch or day.

    `item` is the index of the session (seats, room, quota), site, branch or day; `branch` is set for a quota.
    `worth` are the points of one more unit, at the prices. `days` are those on which beds or absences are
    short, the one worth most first.
    """

    kind: str
    item: int
    worth: float
    branch: int | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """Half days that a lecturer teaches in the programme, of at most `most`."""

    lecturer: int
    slots: int
    most: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change with what it should bring and, where it was tried, what came out.

    `at_most` is what it can bring, whoever moves, but for what runs; None for a run, of which it isn't known.
    """

    proposal: Proposal
    at_most: int | None
    verified: Verified | None = None


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """All of it, each list with the most important first; `ceiling` bounds plans with these sessions.

    `idle` are changes that were tried and brought nothing: they are no remedies.
    """

    worth: int
    ceiling: int
    limits: tuple[Limit, ...]
    loads: tuple[Load, ...]
    remedies: tuple[Remedy, ...]
    idle: tuple[Message, ...]
    shortages: tuple[Shortage, ...]


def needs_compiling() -> bool:
    """Whether some of the kernels, with which prices are found, may have to be compiled first."""
    return is_compiled() and not is_cached()


def bottlenecks(
    state: PlanState,
    plan: Plan,
    solver: Solver,
    *,
    verified: int = VERIFIED,
    workers: int = 1,
    spread: Spread = one_by_one,
) -> Bottlenecks:
    """What holds back `plan`, which is laid out as `state` and keeps all rules.

    The `verified` most promising changes are tried: the data is changed, and the plan re-solved around those
    who gain by it, with and without the change; what brings nothing is no remedy. `spread` says where
    they are tried. Raises UsageError where there are no prices.
    """
    prices = prices_of(state, workers=workers)
    found = _varied(proposals(state, prices), verified)
    outcomes = spread(_verified, (state, prices, solver), found[:verified])
    tried = [Remedy(p, at_most(p, prices), o) for p, o in zip(found[:verified], outcomes, strict=True)]
    good = [remedy for remedy in tried if _gained(remedy) > 0]
    good.sort(key=lambda remedy: (-_gained(remedy), remedy.proposal.told.code, remedy.proposal.item))
    rest = [Remedy(p, at_most(p, prices)) for p in found[verified:]]
    return Bottlenecks(
        prices.worth,
        prices.ceiling,
        tuple(_limits(state, prices)),
        tuple(_loads(state.instance, plan)),
        (*good, *rest),
        tuple(remedy.proposal.told for remedy in tried if remedy not in good),
        tuple(shortages(state)),
    )


def _verified(shared: tuple[PlanState, Prices, Solver], proposal: Proposal, _: Wanted) -> Verified:
    state, prices, solver = shared
    return verify(state, proposal, prices, solver)


def _gained(remedy: Remedy) -> int:
    return 0 if remedy.verified is None else remedy.verified.gained


def _varied(found: list[Proposal], first: int) -> list[Proposal]:
    """The same, but not all of the first of one kind."""
    kinds: dict[str, int] = {}
    front: list[Proposal] = []
    for proposal in found:
        if len(front) < first and kinds.get(proposal.kind, 0) < _OF_A_KIND:
            kinds[proposal.kind] = kinds.get(proposal.kind, 0) + 1
            front.append(proposal)
    back = [proposal for proposal in found if proposal not in front]
    return front + back


def _limits(state: PlanState, prices: Prices) -> list[Limit]:
    instance = state.instance
    found = [
        Limit("room" if state.capacity[s] < instance.sessions[s].seats else "seats", s, price)
        for s, price in prices.seats.items()
    ]
    found += [Limit("quota", s, price, branch=b) for (s, b), price in prices.quotas.items()]
    for site in sorted({site for site, _ in prices.beds}):
        found.append(Limit("beds", site, prices.of_site(site), days=_days(prices.beds, site)))
    for b in sorted({b for b, _ in prices.away}):
        found.append(Limit("branch", b, prices.of_branch(b), days=_days(prices.away, b)))
    found += [Limit("day", day, price) for day, price in prices.by_day().items()]
    return sorted((x for x in found if x.worth >= 1), key=lambda x: (-x.worth, x.kind, x.item))


def _days(table: dict[tuple[int, int], float], place: int) -> tuple[int, ...]:
    short = [(-price, day) for (p, day), price in table.items() if p == place and price >= 1]
    return tuple(day for _, day in sorted(short))


def _loads(instance: Instance, plan: Plan) -> list[Load]:
    """Lecturers with a limit, the most loaded first."""
    taught: dict[str, int] = {}
    for entry in plan.sessions:
        for slot in entry.programme:
            if slot.lecturer is not None:
                taught[slot.lecturer] = taught.get(slot.lecturer, 0) + 1
    found = [
        Load(k, taught[x.id], x.max_slots)
        for k, x in enumerate(instance.lecturers)
        if x.max_slots and x.id in taught
    ]
    return sorted(found, key=lambda load: (-load.slots / load.most, load.lecturer))
