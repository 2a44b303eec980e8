"""A new plan that moves few people: what an old plan means for a roster that has changed since.

Assignments of the old plan whose leader and session still exist earn `move_cost` points each if they are
kept. That is linear in leader and session, and so within reach of every engine. With N of them, of which a
plan gives up m, it is worth `worth + move_cost * (N - m)`: but for the constant, its worth less `move_cost`
for each assignment given up. A plan that is proven optimal is so for that sum; `settled` says what its bound
means.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from cadreplan.check import check
from cadreplan.check_plan import resolve
from cadreplan.insight.reasons import open_gaps
from cadreplan.insight.staying import Pair, what_stays
from cadreplan.instance import Instance, Leader
from cadreplan.language import Language, listed, tr, using
from cadreplan.plan import Plan, relative_gap
from cadreplan.solution import Solution


@dataclass(frozen=True)
class Replanning:
    """The problem to solve in place of `original`.

    `instance` has the frozen assignments pinned, everybody else excluded from frozen sessions, and
    `move_cost` points on each assignment of `pairs`: those of the old plan that still exist, by index, and
    are not pinned. `n_held` are pinned because nobody asked for moves: see `prepare`.
    `start` keeps as much of the old plan as fits together; None if that breaks a rule. `dropped` says of each
    old assignment that is not in it why.
    """

    original: Instance
    instance: Instance
    start: Solution | None
    pairs: frozenset[tuple[int, int]]
    n_frozen: int
    n_held: int
    dropped: Mapping[Pair, str]
    move_cost: int

    def gap_within(self, gap: float) -> float:
        """The relative gap to solve `instance` to, so that the plan's own is about `gap`."""
        if self.start is None:
            return gap
        charged = check(self.instance, self.start).terms.total
        worth = check(self.original, self.start).terms.total
        return gap * min(1.0, max(1, worth) / max(1, charged))


def default_move_cost(instance: Instance) -> int:
    """More than all skill gaps of any one leader are worth: nobody moves so that one other person gains."""
    most = max((x.priority * sum(gap.weight for gap in x.gaps) for x in instance.leaders), default=0)
    return instance.policy.weights.gap * most + 1


def prepare(
    instance: Instance, old: Plan, *, freeze_before: int | None = None, move_cost: int | None = None
) -> Replanning:
    """What is to be solved to replan `instance`, the roster as it is now, from `old`.

    Sessions that begin before day `freeze_before` are left as they were: those who attended them stay pinned
    where the rules still allow it, and nobody else gets in. With `move_cost` None nobody moves for comfort:
    leaders who lose nothing by the changes keep all they have, but in sessions that have become too small;
    each assignment of the others costs `default_move_cost` to give up.
    """
    cost = default_move_cost(instance) if move_cost is None else move_cost
    frozen = frozenset(
        s
        for s, session in enumerate(instance.sessions)
        if freeze_before is not None and session.first_day < freeze_before
    )
    stays = what_stays(instance, old, frozen)
    lost = {
        (instance.leader_by_id[leader], instance.session_by_id[session])
        for leader, session in stays.dropped
        if leader in instance.leader_by_id and session in instance.session_by_id
    }
    upset = {instance.leader_by_id[leader] for leader, _ in stays.dropped if leader in instance.leader_by_id}
    pins = {(i, s) for i, s in stays.pairs if s in frozen and (i, s) not in lost}
    held: set[tuple[int, int]] = set()
    if move_cost is None and stays.solution is not None:
        crowded = {s for _, s in lost}
        held = {(i, s) for i, s in stays.pairs if i not in upset and s not in crowded} - pins
    priced = stays.pairs - pins - held
    return Replanning(
        original=instance,
        instance=_charged(instance, priced, pins | held, frozen, cost),
        start=stays.solution,
        pairs=frozenset(priced),
        n_frozen=len(pins),
        n_held=len(held),
        dropped=stays.dropped,
        move_cost=cost,
    )


def settled(replanning: Replanning, plan: Plan) -> Plan:
    """The plan for the roster itself, made of one for `replanning.instance`: without the points for staying.

    Its bound says: no plan that keeps what is frozen and held, and gives up no more of the other old
    assignments than this one does, is worth more.
    """
    instance = replanning.original
    solution, _ = resolve(instance, plan)
    terms = check(instance, solution).terms
    bound = terms.total + plan.solver.bound - plan.solver.objective
    solver = replace(plan.solver, objective=terms.total, bound=bound, gap=relative_gap(terms.total, bound))
    with using(Language.EN):  # a plan document is the same in every language
        still_open = open_gaps(instance, solution)
    made = plan.programme
    if made is not None and made.ceiling is not None:
        made = replace(made, ceiling=terms.total + made.ceiling - plan.solver.objective)
    return replace(plan, solver=solver, terms=terms, open_gaps=still_open, programme=made)


def reasons(replanning: Replanning, old: Plan, new: Plan) -> dict[Pair, str]:
    """Why each assignment of the old plan that is not in the new one was given up."""
    kept, idle = set(new.assignments), {entry.id for entry in new.sessions if not entry.runs}
    now: dict[str, list[str]] = defaultdict(list)
    for leader, session in new.assignments:
        now[leader].append(session)
    found = {}
    for leader, session in sorted(set(old.assignments) - kept):
        if (leader, session) in replanning.dropped:
            found[leader, session] = replanning.dropped[leader, session]
        elif session in idle:
            found[leader, session] = tr("{session} is not opened any more", session=session)
        elif now[leader]:
            found[leader, session] = tr(
                "all in all worth more than the {points:,} points of a move; the leader has {sessions}",
                points=replanning.move_cost,
                sessions=listed(now[leader]),
            )
        else:
            found[leader, session] = tr(
                "all in all worth more than the {points:,} points of a move", points=replanning.move_cost
            )
    return found


def _charged(
    instance: Instance,
    pairs: Collection[tuple[int, int]],
    pins: Collection[tuple[int, int]],
    frozen: frozenset[int],
    cost: int,
) -> Instance:
    held: dict[int, list[int]] = defaultdict(list)
    for i, s in pairs:
        held[i].append(s)
    pinned: dict[int, set[int]] = defaultdict(set)
    for i, s in pins:
        pinned[i].add(s)
    leaders = tuple(
        _leader(leader, held.get(i, ()), pinned.get(i, set()), frozen, cost)
        for i, leader in enumerate(instance.leaders)
    )
    return replace(instance, leaders=leaders)


def _leader(
    leader: Leader, held: Collection[int], pinned: set[int], frozen: frozenset[int], cost: int
) -> Leader:
    prefers = dict(leader.prefers_sessions)
    for s in held:
        prefers[s] = prefers.get(s, 0) + cost
    return replace(
        leader,
        prefers_sessions=tuple(sorted(prefers.items())),
        pinned=tuple(sorted({*leader.pinned, *pinned})),
        excluded=tuple(sorted({*leader.excluded, *frozen} - pinned - set(leader.pinned))),
    )
