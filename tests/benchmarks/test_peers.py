"""Every peer keeps the rules, and the MIP finds what enumeration finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.draw import Rules, draw
from benchmarks.peers.formulation import Formulation
from benchmarks.peers.mip import Solver, progress_of, solve
from benchmarks.peers.season import by_demand
from benchmarks.peers.simple import by_priority, first_come_first_served
from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.strategies import instances


def known_to_peers(instance: Instance) -> Instance:
    """The instance without what peers don't plan for: norms and waiting."""
    weights = replace(instance.policy.weights, norm=0, wait=0)
    return replace(instance, policy=replace(instance.policy, weights=weights))


few = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _agrees_with_enumeration(instance: Instance, solver: Solver) -> None:
    best, result = optimum(instance), solve(instance, solver)
    if best is None:
        assert result.solution is None
        return
    assert result.solution is not None
    assert result.bound is not None
    report = check(instance, result.solution)
    assert not report.violations
    assert report.terms.total == best[0]
    assert result.bound >= best[0]


@few
@given(instances(max_leaders=3, max_sessions=6).map(known_to_peers))
def test_highs_agrees_with_enumeration(instance: Instance) -> None:
    _agrees_with_enumeration(instance, "highs")


@few
@given(instances(max_leaders=3, max_sessions=6).map(known_to_peers))
def test_scip_agrees_with_enumeration(instance: Instance) -> None:
    _agrees_with_enumeration(instance, "scip")


@few
@given(instances(pins=False, rooms=False))
def test_simple_peers_keep_the_rules_of_any_instance(instance: Instance) -> None:
    for peer in (first_come_first_served, by_priority, by_demand):
        assert not check(instance, peer(instance)).violations


@pytest.mark.parametrize("rules", ["all", "core"])
@pytest.mark.parametrize("seed", range(3))
def test_peers_on_national_rosters(seed: int, rules: Rules) -> None:
    instance = draw(60, 40, seed, rules=rules).instance
    best = solve(instance, "highs", gap=1e-4)
    assert best.solution is not None
    assert best.bound is not None
    for solution in (best.solution, first_come_first_served(instance), by_priority(instance)):
        report = check(instance, solution)
        assert not report.violations
        assert report.terms.total <= best.bound
    assert check(instance, best.solution).terms.total >= best.bound * (1 - 2e-4)


def test_simple_peers_help() -> None:
    instance = draw(300, 80, 4).instance
    nobody = check(instance, Solution(((),) * 300)).terms.total
    first = check(instance, first_come_first_served(instance)).terms.total
    greedy = check(instance, by_priority(instance)).terms.total
    assert nobody < first < greedy


def test_only_assignable_pairs_are_variables() -> None:
    instance = draw(40, 30, 2).instance
    formulation = Formulation(instance)
    for leader, x in zip(instance.leaders, formulation.x, strict=True):
        useful = {
            s
            for s in x
            if s in leader.pinned
            or any(instance.levels_taught[s].get(g.skill, -1) >= g.level for g in leader.gaps)
        }
        assert set(x) == useful | lead_up(instance, leader, useful, x.__contains__)


@pytest.mark.parametrize(
    ("solver", "line", "expected"),
    [
        (
            "highs",
            " L       0       0         0   0.00%   53232471.56842  53167997           0.12%"
            "     4105   1166    202     36230    47.6s",
            (53167997, 53232471),
        ),
        (
            "highs",
            "         0       0         0   0.00%   inf             -45000             Large"
            "        0      0      0         0     0.5s",
            (-45000, None),
        ),
        ("highs", "Src  Proc. InQueue |  Leaves   Expl. | BestBound       BestSol              Gap |", None),
        (
            "scip",
            "r 5.1s|     1 |     0 | 17858 |     - |shifting|   0 |5468 |  10k|  10k| 332 | 20 |  68 |   0 "
            "| 1.680837e+07 | 1.650737e+07 |   1.82%| unknown",
            (16507370, 16808370),
        ),
        ("scip", " time | node  | left  |LP iter|LP it/n|mem/heur|mdpt |vars |", None),
    ],
)
def test_progress_is_read_from_the_log(
    solver: Solver, line: str, expected: tuple[int | None, int | None] | None
) -> None:
    assert progress_of(solver, line) == expected
