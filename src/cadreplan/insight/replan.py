"""A new plan that moves few people: what an old plan means for a roster that has changed since.

Assignments of the old plan whose leader and session still exist earn `move_cost` points each if they are
kept. That is linear in leader and session, and so within reach of every engine. With N of them, of which a
plan gives up m, it is worth `worth + move_cost * (N - m)`: but for the constant, its worth less `move_cost`
for each assignment given up. A plan that is proven optimal is so for that sum; `settled` says what its bound
means.

What began before the freeze is put back into the roster as it was (`cadreplan.past`) and pinned (`held`).
After the worth, as few half days, lecturers and rooms change as possible: the programme has that for its
second goal, rooms are chosen again for the people who are in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cadreplan.insight.held import held
from cadreplan.insight.reasons import open_gaps
from cadreplan.insight.staying import Pair, what_stays
from cadreplan.instance import Instance, Leader, Lesson, Past
from cadreplan.messages import Message
from cadreplan.past import begun, restored, stated
from cadreplan.plan import Kept, Plan, PlannedSession, relative_gap
from cadreplan.solution import Solution
from cadreplan.verification.after import changes
from cadreplan.verification.plans import resolve
from cadreplan.verification.rules import check

Rehouse = Callable[[Instance, Solution, Mapping[int, int]], tuple[dict[int, int], int, int]]
"""`cadreplan.solving.as_before`."""


@dataclass(frozen=True)
class Replanning:
    """The problem to solve in place of `original`.

    `old` is the plan before, saying where and when its sessions are held. `original` is the roster with what
    began before the freeze in it. `instance` has that pinned, everybody else excluded from it, and
    `move_cost` points on each assignment of `pairs`: those of the old plan that still exist, by index, and
    are not pinned (which some are because nobody asked for moves: see `prepare`).
    `start` keeps as much of the old plan as fits together; None if that breaks a rule. `dropped` says of each
    old assignment that is not in it why.
    """

    old: Plan
    original: Instance
    instance: Instance
    start: Solution | None
    pairs: frozenset[tuple[int, int]]
    n_frozen: int
    dropped: Mapping[Pair, Message]
    move_cost: int

    def gap_within(self, gap: float) -> float:
        """The relative gap to solve `instance` to, so that the plan's own is about `gap`."""
        if self.start is None:
            return gap
        charged = check(self.instance, self.start).terms.total
        worth = check(self.original, self._whole(self.start)).terms.total
        return gap * min(1.0, max(1, worth) / max(1, charged))

    def _whole(self, solution: Solution) -> Solution:
        """A solution of `instance`, where candidates that began are confirmed, as one of `original`."""
        ran = {
            s
            for s, session in enumerate(self.original.sessions)
            if session.frozen and session.candidate and not self.instance.sessions[s].candidate
        }
        return replace(solution, running=solution.running | ran)


def default_move_cost(instance: Instance) -> int:
    """More than all skill gaps of any one leader are worth: nobody moves so that one other person gains."""
    most = max((x.priority * sum(gap.weight for gap in x.gaps) for x in instance.leaders), default=0)
    return instance.policy.weights.gap * most + 1


def prepare(
    instance: Instance,
    old: Plan,
    *,
    freeze_before: int | None = None,
    move_cost: int | None = None,
    made_from: Instance | None = None,
) -> Replanning:
    """What is to be solved to replan `instance`, the roster as it is now, from `old`.

    Sessions that begin before day `freeze_before`, or before the day until which the old plan is frozen
    itself, stay whole: who attended them, whoever has left the roster included, when and where. Where the old
    plan doesn't say that itself, it is as in `made_from`, the roster it was made from, or else as now.

    With `move_cost` None nobody moves for comfort:
    leaders who lose nothing by the changes keep all they have, but in sessions that have become too small;
    each assignment of the others costs `default_move_cost` to give up.
    """
    cost = default_move_cost(instance) if move_cost is None else move_cost
    old = stated(instance if made_from is None else made_from, old)
    day = "" if freeze_before is None else instance.date_of(freeze_before).isoformat()
    old = replace(old, frozen_before=max(day, old.frozen_before or "") or None)
    whole = restored(instance, old)
    before, _ = resolve(whole, old)
    whole = replace(whole, past=Past(_lessons(whole, old), groups=_groups(whole, old)))
    solid = held(whole, before)
    stays = what_stays(instance, solid, old, before)
    lost = {
        (solid.leader_by_id[leader], solid.session_by_id[session])
        for leader, session in stays.dropped
        if leader in solid.leader_by_id and session in solid.session_by_id
    }
    upset = {solid.leader_by_id[leader] for leader, _ in stays.dropped if leader in solid.leader_by_id}
    pins = {(i, s) for i, s in stays.pairs if solid.sessions[s].frozen}
    steady: set[tuple[int, int]] = set()
    if move_cost is None and stays.solution is not None:
        crowded = {s for _, s in lost}
        steady = {(i, s) for i, s in stays.pairs if i not in upset and s not in crowded} - pins
    priced = stays.pairs - pins - steady
    return Replanning(
        old=old,
        original=whole,
        instance=_charged(solid, priced, steady, cost),
        start=stays.solution,
        pairs=frozenset(priced),
        n_frozen=len(pins),
        dropped=stays.dropped,
        move_cost=cost,
    )


def _lessons(instance: Instance, old: Plan) -> dict[int, dict[int, Lesson]]:
    """The half days of the old plan; a module or lecturer that is no more has a number that nobody has.

    A session that is in the past by now, but wasn't when it was planned, has none: nobody can know them.
    """
    modules = {module.id: m for m, module in enumerate(instance.modules)}
    lecturers = {who.id: k for k, who in enumerate(instance.lecturers)}
    kept = {entry.id for entry in begun(old, old.frozen_before)}
    found: dict[int, dict[int, Lesson]] = {}
    for entry in old.sessions:
        s = instance.session_by_id.get(entry.id)
        if s is None or not entry.programme or (instance.sessions[s].frozen and entry.id not in kept):
            continue
        found[s] = {
            2 * (date.fromisoformat(h.date) - instance.start).days + (h.slot == "pm"): (
                modules.get(h.module, -1),
                None if h.lecturer is None else lecturers.get(h.lecturer, -1),
            )
            for h in entry.programme
        }
    return found


def _groups(instance: Instance, old: Plan) -> dict[int, tuple[tuple[int, ...], ...]]:
    """The discussion groups of the old plan; whoever is no more is in none of them."""
    at = instance.leader_by_id
    return {
        instance.session_by_id[entry.id]: tuple(
            tuple(at[leader] for leader in group if leader in at) for group in entry.groups
        )
        for entry in old.sessions
        if entry.groups and entry.id in instance.session_by_id
    }


def settled(replanning: Replanning, plan: Plan, rehouse: Rehouse | None = None) -> Plan:
    """The plan for the roster itself, made of one for `replanning.instance`: without the points for staying.

    Its rooms are chosen again by `rehouse`, if given, so that few sessions change theirs.

    Its bound says: no plan that keeps what is frozen and held, and gives up no more of the other old
    assignments than this one does, is worth more.
    """
    instance, old = replanning.original, replanning.old
    plan, least_rooms = _with_past(old, plan), 0
    if rehouse is not None:
        plan, least_rooms = _in_old_rooms(instance, old, plan, rehouse)
    solution, _ = resolve(instance, plan)
    report = check(instance, solution)
    terms, guarantee = report.terms, plan.guarantee
    if guarantee is not None and report.left_out is not None:
        guarantee = replace(guarantee, left_out=report.left_out, without=None, without_bound=None)
    bound = terms.total + plan.solver.bound - plan.solver.objective
    solver = replace(plan.solver, objective=terms.total, bound=bound, gap=relative_gap(terms.total, bound))
    still_open = open_gaps(held(instance, solution), solution)
    made = plan.programme
    if made is not None and made.ceiling is not None:
        made = replace(made, ceiling=terms.total + made.ceiling - plan.solver.objective)
    plan = replace(plan, guarantee=guarantee, programme=made)
    plan = stated(instance, replace(plan, solver=solver, terms=terms, open_gaps=still_open))
    half_days, lecturers, rooms = changes(old, plan)
    least = made.bound[1] if made is not None and made.bound[0] == made.goals.unstaffed else 0
    kept = Kept(half_days, lecturers, rooms, least, min(rooms, least_rooms))
    if plan.grouping is not None:
        had, limit = plan.grouping.goals.order, plan.grouping.bound
        kept = replace(kept, people=had[3], least_people=limit[3] if limit[:3] == had[:3] else 0)
    return replace(plan, kept=kept)


def _with_past(old: Plan, plan: Plan) -> Plan:
    """`plan` with the sessions that have begun word for word as in the old one."""
    kept = {entry.id: entry for entry in begun(old, old.frozen_before)}
    return replace(
        plan,
        frozen_before=old.frozen_before,
        sessions=tuple(kept.get(entry.id, entry) for entry in plan.sessions),
    )


def _in_old_rooms(instance: Instance, old: Plan, plan: Plan, rehouse: Rehouse) -> tuple[Plan, int]:
    """`plan` with as few sessions in other rooms as possible, and how few that is, proven."""
    solution, _ = resolve(instance, plan)
    was = {entry.id: entry for entry in old.sessions if entry.runs}
    by_id = [{room.id: r for r, room in enumerate(site.rooms or ())} for site in instance.sites]
    wanted = {
        s: r
        for s in solution.rooms
        if (entry := was.get(instance.sessions[s].id)) is not None
        and (site := instance.sessions[s].site) is not None
        and entry.site == instance.sites[site].id
        and (r := by_id[site].get(entry.room or "")) is not None
    }
    found, missed, least = rehouse(instance, solution, wanted)

    def roomed(entry: PlannedSession) -> PlannedSession:
        s = instance.session_by_id[entry.id]
        rooms = instance.sites[instance.sessions[s].site].rooms
        if rooms is None or s not in found or instance.sessions[s].frozen:
            return entry
        return replace(entry, room=rooms[found[s]].id)

    plan = replace(plan, sessions=tuple(roomed(entry) for entry in plan.sessions))
    return plan, changes(old, plan)[2] - missed + least


def reasons(replanning: Replanning, old: Plan, new: Plan) -> dict[Pair, Message]:
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
            found[leader, session] = Message.of("opened-no-more", session=session)
        elif now[leader]:
            found[leader, session] = Message.of(
                "worth-a-move-to", points=replanning.move_cost, has=tuple(now[leader])
            )
        else:
            found[leader, session] = Message.of("worth-a-move", points=replanning.move_cost)
    return found


def _charged(
    instance: Instance, pairs: Collection[tuple[int, int]], pins: Collection[tuple[int, int]], cost: int
) -> Instance:
    priced: dict[int, list[int]] = defaultdict(list)
    for i, s in pairs:
        priced[i].append(s)
    pinned: dict[int, set[int]] = defaultdict(set)
    for i, s in pins:
        pinned[i].add(s)
    leaders = tuple(
        _leader(leader, priced.get(i, ()), pinned.get(i, set()), cost)
        for i, leader in enumerate(instance.leaders)
    )
    return replace(instance, leaders=leaders)


def _leader(leader: Leader, priced: Collection[int], pinned: set[int], cost: int) -> Leader:
    prefers = dict(leader.prefers_sessions)
    for s in priced:
        prefers[s] = prefers.get(s, 0) + cost
    return replace(
        leader,
        prefers_sessions=tuple(sorted(prefers.items())),
        pinned=tuple(sorted({*leader.pinned, *pinned})),
    )
