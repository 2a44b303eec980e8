"""`mix` and ties in `columns`: bounds hold and are tight, plans keep them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.engines.candidates import only
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.partial.dual_extension import extend_duals, nearest, restrict_duals
from cadreplan.engines.columns.partial.variable_bounds import with_variable_bounds
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Branch, Instance, Policy, Session, Weights
from cadreplan.verification.rules import check
from tests.draws import examples
from tests.engines.bounds import verdict
from tests.engines.recorder import Recorder
from tests.engines.rich import enriched
from tests.engines.small import one_skill
from tests.strategies import cohorts

_POLICY = Policy(weights=Weights(gap=10_000, km=0, day=0, open=1, mix=3000))
_CLASS = Session("A", 0, (0,), (0,), seats=4)


@settings(max_examples=examples(80), deadline=None, suppress_health_check=list(HealthCheck))
@given(cohorts(max_leaders=5, max_sessions=6))
def test_bounds_are_never_below_the_optimum_and_plans_pass_the_check(instance: Instance) -> None:
    assert not verdict(instance, 1).startswith("WRONG")


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(cohorts(max_leaders=5, max_sessions=6))
def test_so_they_do_of_a_part_of_the_candidates(instance: Instance) -> None:
    assert not verdict(instance, 1, seasons=True).startswith("WRONG")


def mixed(
    mix: Mix | None, *women: int, heads: tuple[int, ...] = (1, 1, 1, 1), ties: tuple[Tie, ...] = ()
) -> Instance:
    """Four leaders of four branches below one, who lack one skill that a class of four seats teaches."""
    instance = one_skill(_CLASS, policy=_POLICY)
    branches = (*instance.branches, *(Branch(f"B{k}", "", 0) for k in range(1, 5)))
    leaders = tuple(
        replace(leader, branch=i + 1, headcount=heads[i], tags=(("sex", "f" if i in women else "m"),))
        for i, leader in enumerate(instance.leaders)
    )
    mixes = () if mix is None else (mix,)
    return replace(instance, branches=branches, leaders=leaders, mix=mixes, ties=ties)


def proven(instance: Instance) -> tuple[int, int]:
    """Worth of the last plan, which passes the check, and the bound."""
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=3, workers=1), recorder)
    report = check(instance, recorder.solutions[-1])
    assert report.ok
    return report.value, min(recorder.bounds)


@pytest.mark.parametrize(
    ("mix", "women", "worth"),
    [
        (Mix("sex", "class", "f", at_least=Amount(50, True)), (0,), 40_000 - 3000),
        (Mix("sex", "class", "f", at_least=Amount(25, True)), (0,), 40_000),
        (Mix("sex", "class", "f", at_least=Amount(25, True), hard=True), (0,), 40_000),
        (Mix("sex", "class", "f", at_least=Amount(50, True), hard=True), (0,), 20_000),
        (Mix("sex", "class", "f", at_most=Amount(50, True), hard=True), (0, 1, 2), 20_000),
        (Mix("sex", "class", "f", at_most=Amount(1)), (0, 1, 2), 40_000 - 6000),
        (Mix("sex", "class", "f", at_most=Amount(1), hard=True), (0, 1, 2), 20_000),
        (Mix("sex", "class", "f", at_least=Amount(2)), (), 40_000 - 6000),
        (Mix("sex", "class", None, at_most=Amount(1), hard=True), (0, 1), 20_000),
    ],
)
def test_the_bound_of_a_mix_is_the_best_plan(mix: Mix, women: tuple[int, ...], worth: int) -> None:
    assert proven(mixed(mix, *women)) == (worth, worth)


def test_a_number_of_people_is_wanted_only_of_a_candidate_that_runs() -> None:
    mix = Mix("sex", "class", "f", at_least=Amount(2), hard=True)
    candidate = replace(_CLASS, candidate=True, min_seats=1, cost=5)
    instance = replace(mixed(mix, 0), sessions=(candidate,))
    assert proven(instance) == (0, 0)
    assert proven(replace(mixed(mix, 0, 1), sessions=(candidate,))) == (39_995, 39_995)


@pytest.mark.parametrize("each", ["day", "class"])
@pytest.mark.parametrize("heads", [(1, 1, 1, 1), (2, 1, 1, 1)])
def test_the_bound_of_a_tie_across_branches_is_the_best_plan(each: str, heads: tuple[int, ...]) -> None:
    tie = Tie((0, 2), "apart", each)  # type: ignore[arg-type]
    assert proven(mixed(None, heads=heads, ties=(tie,))) == (30_000, 30_000)
    assert proven(mixed(None, heads=(1, 1, 1, 1))) == (40_000, 40_000)


def test_rows_as_large_as_the_rest_of_a_tie_are_one_leader_too() -> None:
    instance = mixed(None, heads=(1, 3, 5, 1), ties=(Tie((0, 1, 2), "apart", "class"),))
    instance = replace(instance, sessions=(replace(_CLASS, seats=10),))
    assert proven(instance) == (20_000, 20_000)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(cohorts())
def test_what_leaders_pay_is_what_rows_cost(instance: Instance) -> None:
    rows = build_rows(lowered(instance).instance)
    random = np.random.default_rng(1)
    prices = random.integers(0, 100, rows.n)
    session, day, _ = rows.spread(prices)
    people, away = random.integers(0, 3, session.shape), random.integers(0, 3, day.shape)
    away[:, -1] = 0
    use = rows.gather(people, away, np.zeros((rows.n_sites, rows.n_days + 1), np.int64))
    days = np.cumsum(away, axis=1)[:, : rows.n_days]
    assert int(use @ prices) == int((people * session).sum() + (days * np.diff(day, axis=1)).sum())


def test_prices_of_tallies_go_from_a_part_to_the_whole_and_back() -> None:
    instance = lowered(enriched(draw(60, 20, 3, season=Season(4, 2, 6)).instance)).instance
    assert instance.tallies
    kept = [s for s, session in enumerate(instance.sessions) if not session.candidate or s % 3 == 0]
    reduced = only(instance, iter(kept))
    few, whole = build_rows(reduced.instance), build_rows(instance)
    prices = np.zeros(few.n)
    prices[few.tallies.first :] = 1.0 + np.arange(len(few.tallies.rhs))
    wide = extend_duals(few, reduced.kept, prices, whole, nearest(instance, reduced.kept))
    assert wide[whole.tallies.first :].sum() == prices.sum()
    back = restrict_duals(wide, reduced, whole)
    assert (back[few.tallies.first :] == prices[few.tallies.first :]).all()


def test_leaders_weigh_the_same_with_variable_bounds() -> None:
    instance = lowered(enriched(draw(60, 20, 3, season=Season(4, 2, 6)).instance)).instance
    weights = [instance.branches[leader.branch].counts for leader in instance.leaders]
    after = with_variable_bounds(instance)
    assert any(weights)
    assert [after.branches[leader.branch].counts for leader in after.leaders] == weights
