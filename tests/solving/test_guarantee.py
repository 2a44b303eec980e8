"""A guarantee: the fewest left out first, proven, then the most worth; and what that costs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from benchmarks.draw import draw
from cadreplan.engines.choose import ENGINES
from cadreplan.engines.exact.engine import solve as exact
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance, Leader, SkillGap
from cadreplan.messages import Message
from cadreplan.plan import Plan
from cadreplan.solving import SolveOptions, solve
from cadreplan.solving.promises import promised
from cadreplan.solving.run import _Search
from cadreplan.verification.plans import check_plan
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.solving.small import small_instance
from tests.strategies import instances


def _waiting(leader: Leader, waited: int, weight: int) -> Leader:
    return replace(leader, waited=waited, gaps=(SkillGap(0, 1, weight),))


def _season(guarantee: int | None) -> Instance:
    """Two seats; L0 and L1 wait and gain little, L2 and L3 gain much."""
    small = small_instance(leaders=4, seats=2)
    weights = (1, 2, 5, 7)
    leaders = tuple(
        _waiting(leader, 2 - k if k < 2 else 0, weights[k]) for k, leader in enumerate(small.leaders)
    )
    policy = replace(small.policy, guarantee=guarantee)
    return replace(small, leaders=leaders, policy=policy)


def _solve(instance: Instance, **options: object) -> Plan:
    return solve(instance, SolveOptions(workers=1, gap=0.0, **options))  # type: ignore[arg-type]


def _who(plan: Plan) -> list[str]:
    return [leader for leader, _ in plan.assignments]


@pytest.mark.parametrize(
    ("guarantee", "who"), [(None, ["L2", "L3"]), (3, ["L2", "L3"]), (2, ["L0", "L3"]), (1, ["L0", "L1"])]
)
def test_who_waited_as_long_as_guaranteed_comes_before_points(guarantee: int | None, who: list[str]) -> None:
    instance = _season(guarantee)
    plan = _solve(instance, engine="exact")
    assert _who(plan) == who
    assert check_plan(instance, plan).ok
    assert plan.solver.status == "optimal"
    if guarantee is None:
        assert plan.guarantee is None
    else:
        assert plan.guarantee is not None
        assert (plan.guarantee.left_out, plan.guarantee.least) == (0, 0)


def test_more_promises_than_seats_leave_out_the_fewest() -> None:
    small = _season(1)
    session = replace(small.sessions[0], seats=1)
    plan = _solve(replace(small, sessions=(session,)), engine="exact")
    assert _who(plan) == ["L1"], "of the two who waited the one who gains more"
    assert plan.guarantee is not None
    assert (plan.guarantee.left_out, plan.guarantee.least) == (1, 1)
    assert plan.solver.bound == plan.solver.objective


def test_too_few_seats_prove_the_fewest_before_any_search() -> None:
    small = small_instance(leaders=9, seats=2, sessions=2)
    leaders = tuple(_waiting(leader, 1, 1) for leader in small.leaders)
    season = replace(small, leaders=leaders, policy=replace(small.policy, guarantee=1))
    promises = promised(season)
    assert promises is not None
    assert promises.scarce == 5
    pinned = (replace(leaders[0], pinned=(0,), unavailable=((0, 27),)), *leaders[1:])  # has begun, say
    promises = promised(replace(season, leaders=pinned))
    assert promises is not None
    assert promises.scarce == 4


def test_where_seats_are_few_the_worth_is_bounded_by_lower_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = draw(120, 12, 3).instance
    leaders = tuple(replace(leader, waited=1, pinned=()) for leader in instance.leaders)
    season = replace(instance, leaders=leaders, policy=replace(instance.policy, guarantee=1))
    plan = _solve(season, engine="columns", work_limit=2)
    assert check_plan(season, plan).ok
    assert plan.guarantee is not None
    assert plan.guarantee.left_out >= plan.guarantee.least > 0
    monkeypatch.setattr(_Search, "tightened", lambda self, promises, first: (promises, first))
    rough = _solve(season, engine="columns", work_limit=2)
    assert plan.solver.objective <= plan.solver.bound < rough.solver.bound


def _one_bed() -> Instance:
    """Two are promised one of two seats, but the site has one bed: no count of seats tells of that."""
    small = small_instance(leaders=2, seats=2)
    leaders = tuple(_waiting(leader, 1, 1) for leader in small.leaders)
    sites = tuple(replace(site, beds=1) for site in small.sites)
    return replace(small, leaders=leaders, sites=sites, policy=replace(small.policy, guarantee=1))


def test_a_search_that_knows_who_is_left_out_leaves_time_for_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:nearly_sure")
    season = _one_bed()
    promises = promised(season)
    assert promises is not None
    assert promises.scarce == 0
    plan = _solve(season, engine="exact", time_limit=3.0, programme=False)
    assert plan.guarantee is not None
    assert (plan.guarantee.left_out, plan.guarantee.least) == (1, 1)
    assert promises.low < promises.promise
    assert plan.solver.bound == plan.solver.objective + promises.low // 8


def test_a_bound_without_the_guarantee_holds_with_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "exact", "tests.solving.stand_ins:nearly_sure")
    monkeypatch.setattr(_Search, "tightened", lambda self, promises, first: (promises, first))
    options = {"engine": "exact", "time_limit": 2.0, "programme": False}
    plan, priced = _solve(_one_bed(), **options), _solve(_one_bed(), price=True, **options)
    assert priced.guarantee is not None
    assert priced.solver.objective == plan.solver.objective
    assert priced.solver.bound == priced.guarantee.without_bound
    assert priced.solver.bound < plan.solver.bound


def test_what_is_not_worth_its_cost_is_recounted_with_a_guarantee_too() -> None:
    """A promise is more than any cost, and so it is in no figures of a session that costs more."""
    small = small_instance(leaders=2, seats=2)
    leaders = (_waiting(small.leaders[0], 1, 1), _waiting(small.leaders[1], 0, 1))
    weights = replace(small.policy.weights, gap=10)
    season = replace(small, leaders=leaders, policy=replace(small.policy, guarantee=1, weights=weights))
    plan = _solve(season, engine="exact")
    assert _who(plan) == ["L0"]
    assert [(entry.leader, entry.reason) for entry in plan.open_gaps] == [("L1", "not-worth")]
    told = plan.open_gaps[0].detail
    assert isinstance(told, Message)
    assert told["account"] == (("gaps", 10), ("days", -50))
    assert check_plan(season, plan).reasons == 1


def test_whom_nothing_is_open_to_is_left_out_by_every_plan() -> None:
    small = _season(2)
    leaders = (replace(small.leaders[0], unavailable=((0, 27),)), *small.leaders[1:])
    plan = _solve(replace(small, leaders=leaders), engine="exact")
    assert _who(plan) == ["L2", "L3"]
    assert plan.guarantee is not None
    assert (plan.guarantee.left_out, plan.guarantee.least) == (1, 1)


def test_the_price_is_what_the_best_plan_without_it_is_worth_more() -> None:
    plan = _solve(_season(1), engine="exact", price=True)
    weight, day = 10_000, 50
    assert plan.solver.objective == weight * (1 + 2) - 2 * day
    assert plan.guarantee is not None
    assert plan.guarantee.without == plan.guarantee.without_bound == weight * (5 + 7) - 2 * day
    assert _solve(_season(1), engine="exact").guarantee == replace(
        plan.guarantee, without=None, without_bound=None
    )


def test_a_guarantee_that_is_nobodys_costs_nothing_and_is_not_searched_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searches = []
    assign = _Search.assign
    monkeypatch.setattr(
        _Search, "assign", lambda self, *args, **kwargs: searches.append(1) or assign(self, *args, **kwargs)
    )
    plan = _solve(_season(3), engine="exact", price=True)
    assert plan.guarantee is not None
    assert plan.guarantee.without == plan.guarantee.without_bound == plan.solver.objective
    assert len(searches) == 1
    _solve(_season(1), engine="exact", price=True)
    assert len(searches) > 2, "somebody waits"


@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_fewest_left_out_and_then_most_worth_by_enumeration(instance: Instance) -> None:
    leaders = tuple(replace(leader, promise=0) for leader in instance.leaders)
    instance = replace(instance, leaders=leaders, policy=replace(instance.policy, guarantee=1))
    promises = promised(instance)
    assert promises is not None
    best = optimum(promises.instance)
    assume(best is not None)
    assert best is not None
    report = check(promises.instance, best[1])
    assert report.terms.total >= promises.floor, "the floor is below every plan"
    recorder = Recorder()
    exact(promises.instance, EngineOptions(), recorder)
    bound, stated = promises.stated(report, min(recorder.bounds))
    assert bound == report.terms.total, "proven: no plan that leaves no more out is worth more"
    assert stated.left_out == stated.least == report.left_out
    fewest = optimum(_only_promises(promises.instance))
    assert fewest is not None
    assert check(promises.instance, fewest[1]).left_out == report.left_out, "no plan leaves fewer out"


def _only_promises(instance: Instance) -> Instance:
    """The same where nothing but promises is worth anything."""
    policy = replace(
        instance.policy,
        weights=replace(
            instance.policy.weights, gap=0, km=0, day=0, hour=0, open=0, underfill=0, norm=0, wait=0
        ),
    )
    leaders = tuple(replace(leader, prefers_sessions=(), prefers_sites=()) for leader in instance.leaders)
    return replace(instance, policy=policy, leaders=leaders)
