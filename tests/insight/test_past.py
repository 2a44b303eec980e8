"""The past of a plan made again: it stays whole whatever the roster has become, and what follows heeds it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from cadreplan.insight.held import held
from cadreplan.insight.replan import Replanning, prepare, settled
from cadreplan.instance import Instance
from cadreplan.past import begun, restored, stated
from cadreplan.plan import Plan, ProgrammeEntry
from cadreplan.solution import Solution
from cadreplan.solving import SolveOptions, as_before, solve, solve_around
from cadreplan.solving.finish import Run, finish
from cadreplan.verification import after
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.rules import check
from cadreplan.views.season import Season
from cadreplan.views.summary import worth_rows
from tests.brute_force import optimum
from tests.draws import examples
from tests.insight.plans import document
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance

QUICK = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}

Change = Literal[
    "leader", "session", "moved", "seats", "unavailable", "transfer", "limits", "beds", "rooms", "core"
]
CHANGES: tuple[Change, ...] = (
    "leader",
    "session",
    "moved",
    "seats",
    "unavailable",
    "transfer",
    "limits",
    "beds",
    "rooms",
    "core",
)


def changed(instance: Instance, data: st.DataObject) -> Instance:
    """The roster after some things have happened to it."""
    for change in data.draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4, unique=True)):
        instance = _with(instance, change, data)
    return instance


def _with(instance: Instance, change: Change, data: st.DataObject) -> Instance:
    leaders, sessions = list(instance.leaders), list(instance.sessions)
    i = data.draw(st.integers(0, len(leaders) - 1))
    s = data.draw(st.integers(0, len(sessions) - 1))
    match change:
        case "leader":
            del leaders[i : i + (len(leaders) > 1)]
        case "session" if len(sessions) > 1:
            at = {t: t - (t > s) for t in range(len(sessions)) if t != s}
            leaders = [leader.renumbered(at) for leader in leaders]
            del sessions[s]
        case "moved":
            later = data.draw(st.integers(1, 4))
            days = tuple(day + later for day in sessions[s].days if day + later < instance.n_days)
            sessions[s] = replace(sessions[s], days=days or sessions[s].days)
        case "seats":
            sessions[s] = replace(sessions[s], seats=1, min_seats=min(1, sessions[s].min_seats), quotas=())
        case "unavailable":
            leaders[i] = replace(leaders[i], unavailable=((0, 6),))
        case "transfer":
            return replace(instance, policy=replace(instance.policy, transfer_days=3))
        case "limits":
            leaders[i] = replace(leaders[i], max_sessions=1, max_days=1, max_trips=1)
        case "beds":
            sites = tuple(replace(site, beds=1) for site in instance.sites)
            branches = tuple(replace(branch, max_away=1) for branch in instance.branches)
            return replace(instance, sites=sites, branches=branches)
        case "rooms":
            sites = tuple(
                site if not site.rooms else replace(site, rooms=site.rooms[1:] or site.rooms)
                for site in instance.sites
            )
            return replace(instance, sites=sites)
        case "core":
            return replace(instance, policy=replace(instance.policy, core_share=Fraction(1), min_methods=2))
        case _:
            pass
    return replace(instance, leaders=tuple(leaders), sessions=tuple(sessions))


def _old(situation: tuple[Instance, Solution]) -> Plan:
    instance, solution = situation
    occupied = frozenset(s for s in solution.running if any(s in chosen for chosen in solution.chosen))
    assume(occupied == solution.running)
    return stated(instance, document(instance, solution))


def _best(problem: Replanning) -> tuple[int, Solution] | None:
    before, _ = resolve(problem.original, problem.old)
    return optimum(problem.original, before)


@settings(max_examples=examples(60), **QUICK)
@given(situations(max_leaders=4, max_sessions=5), st.integers(1, 12), st.data())
def test_the_past_as_engines_get_it_allows_the_same_plans(
    situation: tuple[Instance, Solution], freeze: int, data: st.DataObject
) -> None:
    """What is written into the data for engines is what the check says of the past, but for a constant."""
    old = _old(situation)
    problem = prepare(changed(situation[0], data), old, freeze_before=freeze, move_cost=0)
    before, _ = resolve(problem.original, problem.old)
    solid = held(problem.original, before)
    one, other = _best(problem), optimum(solid, before)
    assert (one is None) == (other is None)
    assume(one is not None)
    assert one is not None
    assert other is not None
    assert check(problem.original, _with_runs(problem.original, other[1], before)).ok
    gained = check(problem.original, _with_runs(problem.original, other[1], before)).value
    assert gained == one[0], "the best one is the same"


def _with_runs(instance: Instance, solution: Solution, before: Solution) -> Solution:
    frozen = {s for s, session in enumerate(instance.sessions) if session.frozen}
    return replace(solution, running=(solution.running - frozen) | (before.running & frozen))


@settings(max_examples=examples(25), **QUICK)
@given(situations(max_leaders=4, max_sessions=5), st.integers(1, 12), st.data())
def test_whatever_happens_the_past_stays_and_the_best_plan_after_it_is_found(
    situation: tuple[Instance, Solution], freeze: int, data: st.DataObject
) -> None:
    roster = changed(situation[0], data)
    problem = prepare(roster, _old(situation), freeze_before=freeze, move_cost=0)
    best = _best(problem)
    assume(best is not None)
    assume(problem.start is not None)
    assert best is not None
    assert problem.start is not None
    solution, proven = solve_around(problem.instance, problem.start)
    worth = check(problem.instance, solution).value
    run = Run(SolveOptions("exact", workers=1), "exact", "", "exhausted", 0.0)
    new = settled(problem, finish(problem.instance, solution, worth, run), as_before)
    _stayed(problem, roster, new)
    assert new.solver.objective == best[0] if proven else new.solver.objective <= best[0]


@settings(max_examples=examples(4), **QUICK)
@given(situations(max_leaders=4, max_sessions=5), st.integers(1, 12), st.data())
def test_columns_keep_the_past_and_state_no_bound_below_the_best_plan(
    situation: tuple[Instance, Solution], freeze: int, data: st.DataObject
) -> None:
    roster = changed(situation[0], data)
    problem = prepare(roster, _old(situation), freeze_before=freeze, move_cost=0)
    best = _best(problem)
    assume(best is not None)
    assert best is not None
    options = SolveOptions("columns", workers=1, gap=0.0, programme=False)
    new = settled(problem, solve(problem.instance, options, start=problem.start), as_before)
    _stayed(problem, roster, new)
    assert new.solver.objective <= best[0] <= new.solver.bound


def _stayed(problem: Replanning, roster: Instance, new: Plan) -> None:
    assert check_plan(restored(roster, new), new).violations == ()
    assert list(after.broken(problem.old, new)) == []
    kept = {entry.id for entry in begun(problem.old, new.frozen_before)}
    assert [e for e in new.sessions if e.id in kept] == [e for e in problem.old.sessions if e.id in kept]


def _after(freeze: int, before: Instance, chosen: Solution, roster: Instance) -> Plan:
    old = stated(before, document(before, chosen))
    problem = prepare(roster, old, freeze_before=freeze)
    new = settled(
        problem, solve(problem.instance, SolveOptions("exact", workers=1), start=problem.start), as_before
    )
    assert check_plan(restored(roster, new), new).ok
    assert list(after.broken(problem.old, new)) == []
    return new


def test_who_has_left_attended_all_the_same_and_keeps_the_name() -> None:
    before = small_instance(leaders=2, seats=2, sessions=2)
    named = replace(before.leaders[0], name="Zhu", headcount=2)
    before = replace(before, leaders=(named, before.leaders[1]))
    roster = replace(before, leaders=before.leaders[1:])
    new = _after(before.sessions[1].first_day, before, Solution(((0,), (1,))), roster)
    assert ("L0", "S0") in new.assignments
    (gone,) = [leader for leader in restored(roster, new).leaders if leader.left]
    assert (gone.id, gone.name, gone.headcount) == ("L0", "Zhu", 2)


@pytest.mark.parametrize("engine", ["exact", "columns"])
def test_who_has_left_lacks_no_hours_in_worth_and_bound(engine: Literal["exact", "columns"]) -> None:
    before = small_instance(leaders=2, seats=2, sessions=2)
    policy = replace(before.policy, min_hours=12, weights=replace(before.policy.weights, hour=40))
    before = replace(before, policy=policy)
    roster = replace(before, leaders=before.leaders[1:])
    old = stated(before, document(before, Solution(((0,), (1,)))))
    problem = prepare(roster, old, freeze_before=before.sessions[1].first_day)
    assert problem.start is not None
    assert solve_around(problem.instance, problem.start)[1]
    options = SolveOptions(engine, workers=1, gap=0.0, programme=False)
    new = settled(problem, solve(problem.instance, options, start=problem.start), as_before)
    assert new.terms.hours == -40 * (12 - 8), "of who stays alone"
    assert new.solver.objective == new.terms.total == new.solver.bound
    (row,) = [row for row in worth_rows(Season.of(restored(roster, new), new)) if row.term == "hours"]
    assert (row.amount, row.points) == ("4 hours", -40 * 4)


def test_a_session_that_is_gone_or_moved_after_it_began_was_held_when_and_where_it_was() -> None:
    before = small_instance(leaders=1, seats=1, sessions=2)
    freeze = before.sessions[1].first_day
    chosen = Solution(((0,),))
    was = stated(before, document(before, chosen)).sessions[0]
    gone = replace(before, sessions=before.sessions[1:])
    moved = replace(before, sessions=(replace(before.sessions[0], days=(9,)), before.sessions[1]))
    for roster in (gone, moved):
        new = _after(freeze, before, chosen, roster)
        assert next(entry for entry in new.sessions if entry.id == "S0") == was
        assert ("L0", "S0") in new.assignments


def test_a_roster_that_begins_later_keeps_what_was_held_before_it() -> None:
    """Nobody can be away on days that are only there for the past."""
    before = small_instance(leaders=1, seats=1, sessions=2)
    first = before.sessions[0].last_day + 1
    left = tuple(replace(s, days=tuple(day - first for day in s.days)) for s in before.sessions[1:])
    roster = replace(before, start=before.date_of(first), n_days=before.n_days - first, sessions=left)
    new = _after(0, before, Solution(((0,),)), roster)
    again = restored(roster, new)
    assert (
        again.start == before.start.replace()
        if before.sessions[0].first_day == 0
        else again.start <= roster.start
    )
    assert ("L0", "S0") in new.assignments


def test_what_was_learnt_in_the_past_counts_for_what_requires_it() -> None:
    before = small_instance(leaders=1, seats=1, sessions=2)
    modules = (*before.modules, replace(before.modules[0], id="N", requires=((0,),)))
    later = replace(before.sessions[1], modules=(len(modules) - 1,))
    before = replace(before, modules=modules, sessions=(before.sessions[0], later))
    roster = replace(before, sessions=before.sessions[1:])
    leader = replace(before.leaders[0], pinned=(0,))
    roster = replace(roster, leaders=(leader,))
    new = _after(before.sessions[1].first_day, before, Solution(((0,),)), roster)
    assert new.assignments == (("L0", "S0"), ("L0", "S1"))


def test_the_next_plan_keeps_what_the_last_one_froze() -> None:
    """Without a date of its own, what was frozen stays frozen."""
    before = small_instance(leaders=2, seats=2, sessions=2)
    roster = replace(before, leaders=before.leaders[1:])
    once = _after(before.sessions[1].first_day, before, Solution(((0,), (1,))), roster)
    problem = prepare(roster, once)
    again = settled(problem, solve(problem.instance, SolveOptions("exact", workers=1), start=problem.start))
    assert again.frozen_before == once.frozen_before
    assert list(after.broken(once, again)) == []


@pytest.mark.parametrize("what", ["attendance", "room", "dates", "half days", "runs", "thawed"])
def test_what_did_not_stay_is_found(what: str) -> None:
    before = small_instance(leaders=2, seats=2, sessions=2)
    old = stated(before, document(before, Solution(((0,), (1,)))))
    day = before.date_of(before.sessions[1].first_day).isoformat()
    new = replace(old, frozen_before=day)
    assert list(after.broken(old, new)) == []
    first, *rest = new.sessions
    match what:
        case "attendance":
            wrong = replace(new, assignments=new.assignments[1:])
        case "room":
            wrong = replace(new, sessions=(replace(first, room="R9"), *rest))
        case "dates":
            wrong = replace(new, sessions=(replace(first, dates=(day,)), *rest))
        case "half days":
            entry = ProgrammeEntry("M0", first.dates[0], "am", "T")
            wrong = replace(new, sessions=(replace(first, programme=(entry,)), *rest))
        case "runs":
            wrong = replace(new, sessions=(replace(first, runs=False), *rest))
        case _:
            old, wrong = new, replace(new, frozen_before=None)
    found = list(after.broken(old, wrong))
    assert found
    assert {violation.rule for violation in found} == {"frozen"}
