"""Explanations and cures are true: each is checked by changing the data and solving again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.insight.around import resolved_around
from cadreplan.insight.explain import Cure, explain
from cadreplan.insight.fixes import Fix, fixes
from cadreplan.insight.obstacles import Step, forbidden, obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance, Policy, Room, Skill, SkillGap, Weights
from cadreplan.messages.saying import say
from cadreplan.solution import Solution
from cadreplan.solving.around import solve_around
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.insight.test_reasons import situations
from tests.solving.small import small_instance

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=examples(40), **QUICK)
@given(situations(), st.data())
def test_solving_around_some_leaders_is_as_good_as_can_be_with_the_others_fixed(
    situation: tuple[Instance, Solution], data: st.DataObject
) -> None:
    instance, solution = situation
    free = data.draw(st.sets(st.integers(0, len(instance.leaders) - 1), min_size=1))
    outcome = resolved_around(instance, PlanState(instance, solution), free, solve_around)
    assert check(instance, outcome.solution).ok
    assert outcome.proven
    assert all(
        outcome.solution.chosen[i] == solution.chosen[i]
        for i in range(len(instance.leaders))
        if i not in free
    )
    best = optimum(_fixed(instance, solution, free))
    assert best is not None
    worth = check(instance, outcome.solution).value
    assert outcome.gained == worth - check(instance, solution).value
    assert outcome.gained >= 0
    assert worth <= best[0]
    as_it_is = not solution.running and all(site.rooms is None for site in instance.sites)
    if as_it_is:
        assert worth == best[0]


def _fixed(instance: Instance, solution: Solution, free: set[int]) -> Instance:
    """The instance in which only `free` leaders have a choice, and that among running sessions."""
    everything = range(len(instance.sessions))
    leaders = []
    for i, (leader, chosen) in enumerate(zip(instance.leaders, solution.chosen, strict=True)):
        idle = [s for s in everything if not solution.runs(instance, s)]
        others = [s for s in everything if s not in chosen]
        excluded = tuple(sorted({*leader.excluded, *(idle if i in free else others)}))
        leaders.append(replace(leader, excluded=excluded, pinned=leader.pinned if i in free else chosen))
    return replace(instance, leaders=tuple(leaders))


@settings(max_examples=examples(120), **QUICK)
@given(situations())
def test_fixes_take_the_obstacles_out_of_the_way(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    state = PlanState(instance, solution)
    for i in range(len(instance.leaders)):
        for s in range(len(instance.sessions)):
            if s in state.chosen[i] or not state.closed(instance.leaders[i], s):
                continue
            needed = fixes(state, i, s, [o for o in obstacles(state, i, s) if o.step < Step.NOT_WORTH])
            if not needed:
                continue
            changed = instance
            for fix in needed:
                assert fix.size > 0
                changed = fix.apply(changed)
            assert check(changed, solution).ok
            found = forbidden(PlanState(changed, solution), i, s)
            opened = any(fix.door is not None for fix in needed)
            assert found is None or (opened and found.step is Step.CANDIDATE)


@settings(max_examples=examples(25), **QUICK)
@given(situations())
def test_a_cure_closes_the_gap_and_gains_what_it_says(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    state = PlanState(instance, solution)
    gaps = [(i, g) for i in range(len(instance.leaders)) for g in state.open_positions(i)]
    assume(gaps)
    i, g = gaps[0]
    found = explain(state, i, g, solve_around)
    for cure in found.cures:
        changed = instance
        for fix in cure.fixes:
            changed = fix.apply(changed)
        changed = _pinned(changed, i, cure.fixes)
        report = check(changed, cure.solution)
        assert report.ok
        assert g not in PlanState(changed, cure.solution).open_positions(i)
        assert cure.session in cure.solution.chosen[i]
        assert cure.gained == report.value - check(changed, solution).value
        assert {
            j
            for j in range(len(instance.leaders))
            if j != i and cure.solution.chosen[j] != solution.chosen[j]
        } == set(cure.changed)


def _pinned(instance: Instance, i: int, changes: tuple[Fix, ...]) -> Instance:
    leaders = list(instance.leaders)
    pins = {*leaders[i].pinned, *(s for fix in changes for s in fix.pins)}
    leaders[i] = replace(leaders[i], pinned=tuple(sorted(pins)))
    return replace(instance, leaders=tuple(leaders))


def _cured(instance: Instance, cure: Cure, i: int) -> Instance:
    for fix in cure.fixes:
        instance = fix.apply(instance)
    return _pinned(instance, i, cure.fixes)


def _closing(instance: Instance, i: int, g: int) -> list[Instance]:
    """The instance with leader i pinned to each session that closes the gap at position g."""
    gap, leader = instance.leaders[i].gaps[g], instance.leaders[i]
    closers = [
        s for s, t in enumerate(instance.levels_taught) if t.get(gap.skill, gap.level - 1) >= gap.level
    ]
    leaders = list(instance.leaders)
    found = []
    for s in closers:
        leaders[i] = replace(leader, pinned=tuple(sorted({*leader.pinned, s})))
        found.append(replace(instance, leaders=tuple(leaders)))
    return found


@settings(max_examples=examples(40), **QUICK)
@given(situations(max_leaders=4, max_sessions=5))
def test_a_cure_of_the_best_plan_holds_against_all_plans(situation: tuple[Instance, Solution]) -> None:
    """Random instances, and the last of the open gaps."""
    instance, _ = situation
    best = optimum(instance)
    assume(best is not None)
    assert best is not None
    state = PlanState(instance, best[1])
    gaps = [(i, g) for i in range(len(instance.leaders)) for g in state.open_positions(i)]
    assume(gaps)
    _cures_hold(instance, best, *gaps[-1])


def _cures_hold(instance: Instance, best: tuple[int, Solution], i: int, g: int) -> None:
    """Every choice tried: with the change a plan that closes the gap is worth what was said, or more; without
    it none that closes the gap, in a session that is useful, is worth more than the plan."""
    worth, solution = best
    state = PlanState(instance, solution)
    closed_anyway = [o[0] for way in _closing(instance, i, g) if (o := optimum(way)) is not None]
    assert all(value <= worth for value in closed_anyway)
    for cure in explain(state, i, g, solve_around).cures:
        changed = _cured(instance, cure, i)
        assert check(changed, cure.solution).ok
        assert g not in PlanState(changed, cure.solution).open_positions(i)
        then = optimum(changed)
        assert then is not None
        stated = check(changed, cure.solution).value
        assert stated == cure.gained + check(changed, solution).value
        assert stated <= then[0]


def _in_order() -> Instance:
    """Session S1 requires the module of S0, which closes no skill gap of the leader."""
    instance = small_instance(leaders=1, seats=1, sessions=2)
    basics = replace(instance.modules[0], id="B", teaches=((1, 1),))
    later = replace(instance.modules[0], id="M", requires=((0,),))
    s0, s1 = instance.sessions
    return replace(
        instance,
        skills=(*instance.skills, Skill("K2", "三会", 0, 1)),
        modules=(basics, later),
        sessions=(s0, replace(s1, modules=(1,))),
    )


def test_what_must_come_first_is_completed_or_attended_first() -> None:
    instance = _in_order()
    (seat, had) = sorted(
        explain(PlanState(instance, Solution(((),))), 0, 0, solve_around).cures, key=lambda cure: cure.gained
    )
    assert [say(fix.told) for fix in had.fixes] == ["B completed by L0 before"]
    assert (had.gained, had.solution.chosen) == (9950, ((1,),))
    assert [say(fix.told) for fix in seat.fixes] == ["a seat in S0 before S1 for L0"]
    assert (seat.gained, seat.solution.chosen) == (9900, ((0, 1),))


def test_a_seat_in_a_full_session_that_must_come_first_is_enough() -> None:
    """Nobody has to be told to take it: what leads up to a session that closes a gap is useful."""
    instance = _in_order()
    other = replace(instance.leaders[0], id="L9", gaps=(SkillGap(1, 1, 1),))
    instance = replace(instance, leaders=(*instance.leaders, other))
    found = explain(PlanState(instance, Solution(((), (0,)))), 0, 0, solve_around)
    texts = {tuple(say(fix.told) for fix in cure.fixes): cure.gained for cure in found.cures}
    assert texts == {("one more seat in S0",): 9900, ("B completed by L0 before",): 9950}


def _closed_candidate(*, cost: int, min_seats: int, rooms: tuple[Room, ...] | None) -> Instance:
    instance = small_instance(leaders=2, seats=2, sessions=1)
    session = replace(instance.sessions[0], candidate=True, cost=cost, min_seats=min_seats)
    return replace(instance, sessions=(session,), sites=(replace(instance.sites[0], rooms=rooms),))


def test_a_closed_candidate_is_opened_at_its_cost_in_a_free_room_with_those_it_needs() -> None:
    rooms = (Room("R0", 1), Room("R1", 2))
    instance = _closed_candidate(cost=25_000, min_seats=2, rooms=rooms)
    (cure,) = explain(PlanState(instance, Solution(((), ()))), 0, 0, solve_around).cures
    assert [say(fix.told) for fix in cure.fixes] == ["S0 opened for L0"]
    assert (cure.gained, cure.changed) == (2 * 9950 - 25_000, (1,))
    assert (cure.solution.running, cure.solution.rooms) == ({0}, {0: 1})


def test_a_candidate_without_a_room_or_without_people_is_not_opened() -> None:
    nobody = Solution(((), ()))
    for least, rooms in ((2, (Room("R0", 1),)), (3, None)):
        instance = _closed_candidate(cost=0, min_seats=least, rooms=rooms)
        assert explain(PlanState(instance, nobody), 0, 0, solve_around).cures == ()


def test_dates_name_their_range_and_a_sum_is_told() -> None:
    instance = small_instance(leaders=1, seats=1)
    leader = instance.leaders[0]
    busy = replace(instance, leaders=(replace(leader, unavailable=((0, 3),)),))
    (way,) = explain(PlanState(busy, Solution(((),))), 0, 0, solve_around).ways
    assert [say(hurdle.note) for hurdle in way.hurdles] == ["unavailable: 2026-03-02..2026-03-05"]
    dear = replace(instance, policy=Policy(weights=Weights(gap=10, day=50)))
    (way,) = explain(PlanState(dear, Solution(((),))), 0, 0, solve_around).ways
    assert [say(hurdle.note) for hurdle in way.hurdles] == ["in all -40 points, for 0 km and 1 day away"]


def test_a_full_session_names_its_holders_and_one_more_seat_cures() -> None:
    instance = small_instance(leaders=3, seats=2)
    solution = Solution(((0,), (0,), ()))
    found = explain(PlanState(instance, solution), 2, 0, solve_around)
    (way,) = found.ways
    (hurdle,) = way.hurdles
    assert hurdle.obstacle.code == "seats"
    assert [(h.leader, h.worth) for h in hurdle.holders] == [(0, 9950), (1, 9950)]
    (cure,) = found.cures
    assert [say(fix.told) for fix in cure.fixes] == ["one more seat in S0"]
    assert (cure.gained, cure.changed, cure.proven) == (9950, (), True)


@st.composite
def orders(draw: st.DrawFn) -> Instance:
    """`_in_order` with more leaders, some of whom want what comes first, or have had it, and few seats."""
    instance = _in_order()
    s0, s1 = (replace(session, seats=draw(st.integers(1, 2))) for session in instance.sessions)
    again = replace(s0, id="S2", days=(draw(st.integers(1, 12)),), candidate=draw(st.booleans()))
    leaders = []
    for k in range(draw(st.integers(1, 3))):
        wanted = draw(st.sampled_from(((0,), (0,), (1,), (0, 1))))
        gaps = tuple(SkillGap(skill, 1, draw(st.integers(1, 2))) for skill in wanted)
        days = draw(st.sampled_from((None, 1, 2)))
        leaders.append(replace(instance.leaders[0], id=f"L{k}", gaps=gaps, max_days=days))
    return replace(instance, sessions=(s0, s1, again), leaders=tuple(leaders))


@settings(max_examples=examples(30), **QUICK)
@given(orders())
def test_a_seat_in_what_must_come_first_holds_against_all_plans(instance: Instance) -> None:
    """`_cures_hold` where modules have an order."""
    best = optimum(instance)
    assert best is not None
    for i in range(len(instance.leaders)):
        for g in PlanState(instance, best[1]).open_positions(i):
            _cures_hold(instance, best, i, g)
