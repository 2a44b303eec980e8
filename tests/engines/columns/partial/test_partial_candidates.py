"""Seasons designed from a part of the candidates: bounds hold for all of them, plans keep every rule."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.candidates import only
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, Bools
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.heuristics import candidate_diving as opening
from cadreplan.engines.columns.heuristics.candidate_diving import held_together
from cadreplan.engines.columns.params import DivingParams, FirstDualsParams, Params, PartialParams
from cadreplan.engines.columns.partial import restricted_instance as part
from cadreplan.engines.columns.partial.dual_extension import extend_duals, nearest, restrict_duals
from cadreplan.engines.columns.partial.partial_candidates import PartialCandidates
from cadreplan.engines.columns.partial.restricted_budget import share_budget
from cadreplan.engines.columns.partial.variable_bounds import with_variable_bounds
from cadreplan.engines.columns.pricing import enumeration as listing
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance, Limit
from cadreplan.verification.rules import check
from tests.draws import examples
from tests.engines.bounds import verdict
from tests.engines.recorder import Recorder
from tests.strategies import instances

PARTS = Params(partial=PartialParams(many=1, repeats=0, first=20))
"""A first part of twenty candidates, however few there are."""


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_bounds_are_never_below_the_optimum_and_plans_pass_the_check(instance: Instance) -> None:
    assert not verdict(instance, 1, seasons=True).startswith("WRONG")


def test_every_price_of_a_part_has_its_place_in_the_whole() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    limits = (Limit(tuple((s, 1) for s in candidates), 4), Limit(tuple((s, 2) for s in candidates[:5]), 6))
    instance = replace(instance, limits=limits)
    kept = [s for s, session in enumerate(instance.sessions) if not session.candidate or s % 3 == 0]
    reduced = only(instance, iter(kept))
    few, whole = build_rows(reduced.instance), build_rows(instance)
    prices = 1.0 + few.rhs.clip(0, 7)
    wide = extend_duals(few, reduced.kept, prices, whole, nearest(instance, reduced.kept))
    assert wide[whole.room0 : whole.limit0].sum() == prices[few.room0 : few.limit0].sum()
    assert (wide[whole.limit0 :] == prices[few.limit0 :]).all()
    assert (wide[whole.bed0 : whole.room0] == prices[few.bed0 : few.room0]).all()
    aside = [s for s in range(whole.n_sessions) if s not in kept]
    worth = whole.worth((wide * 1024).round().astype("int64"), 1024)
    left = [k for k in range(len(worth)) if whole.block_session[whole.block_of[k]] in aside]
    assert left
    assert max(int(worth[k]) for k in left) <= 1024


def test_prices_of_variable_bounds_go_from_a_candidate_to_those_like_it_and_back() -> None:
    instance = with_variable_bounds(draw(60, 20, 3, season=Season(4, 2, 6)).instance)
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate and s % 3 == 0]
    kept = [s for s, session in enumerate(instance.sessions) if not session.candidate or s % 3 == 0]
    reduced = only(instance, iter(kept))
    few, whole = build_rows(reduced.instance), build_rows(instance)
    variable_bounds = np.zeros(few.n, np.bool_)
    variable_bounds[few.quota0 : few.bed0] = np.isin(
        few.quota_session, [reduced.kept.index(s) for s in candidates]
    )
    prices = np.where(variable_bounds, 2.0, 0.0)
    like = nearest(instance, reduced.kept)
    wide = extend_duals(few, reduced.kept, prices, whole, like)
    assert (restrict_duals(wide, reduced, whole)[variable_bounds] == 2.0).all()
    aside = np.isin(whole.quota_session, kept, invert=True)
    of = whole.row_index.quota_at[whole.quota_branch, like[whole.quota_session]]
    paid = wide[whole.quota0 : whole.bed0]
    assert (paid[aside & (of >= 0)] > 0).all()
    assert (paid[aside & (of < 0)] == 0).all()
    assert (whole.best_worth(whole.worth((wide * 1024).round().astype("int64"), 1024)) <= 1024)[
        np.isin(whole.block_session, kept, invert=True)
    ].all()


def test_candidates_are_like_the_nearest_of_the_same_offering_and_site() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    kept = tuple(s for s in range(len(instance.sessions)) if s not in candidates or s % 3 == 0)
    like = nearest(instance, kept)
    assert like[candidates].max() >= 0
    for s in candidates:
        one = instance.sessions[s]
        same = [
            abs(other.first_day - one.first_day)
            for t in kept
            if (other := instance.sessions[t]).candidate
            and (other.offering, other.site) == (one.offering, one.site)
        ]
        found = [] if like[s] < 0 else [abs(instance.sessions[like[s]].first_day - one.first_day)]
        assert found == sorted(same)[:1]
    assert (np.delete(like, candidates) == -1).all()


def test_a_season_is_designed_from_half_of_its_candidates() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=0.5, gap=0.05, params=PARTS), recorder)
    best = recorder.solutions[-1]
    assert check(instance, best).ok
    assert best.running
    assert check(instance, best).value <= min(recorder.bounds)


def test_many_candidates_that_differ_are_no_season() -> None:
    season = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    courses = len({(s.modules, s.site) for s in season.sessions if s.candidate})
    candidates = sum(s.candidate for s in season.sessions)
    for repeats in (candidates / courses, candidates / courses + 0.01):
        recorder = Recorder()
        params = Params(partial=PartialParams(many=1, first=20, repeats=repeats))
        solve(season, EngineOptions(work_limit=0.2, gap=0.05, params=params), recorder)
        of_parts = any(" looked at, " in phase for phase in recorder.phases)
        assert of_parts == (repeats == candidates / courses)


def test_of_many_leaders_a_sample_settles_first_prices_and_opens() -> None:
    partial = PartialParams(many=1, repeats=0, first=20, large_leaders=20)
    params = Params(partial=partial, duals=FirstDualsParams(smallest_sample=25))
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=1.0, gap=0.05, params=params), recorder)
    sketches = [
        k for k, phase in enumerate(recorder.phases) if phase.startswith("first prices, from 25 of 60")
    ]
    opened = [k for k, phase in enumerate(recorder.phases) if phase.startswith("opening candidates")]
    assert sketches[0] < opened[0]
    assert len(sketches) == 1 or opened[0] < sketches[1]  # a plan comes before anything is made closer
    best = recorder.solutions[-1]
    assert check(instance, best).ok
    assert best.running
    assert check(instance, best).value <= min(recorder.bounds)


def test_the_last_round_is_no_sketch_however_few_rounds_there_are() -> None:
    """A sketch has neither a bound nor a choice: a season would end without either."""
    partial = PartialParams(many=1, repeats=0, first=20, large_leaders=20, rounds=1, sketches=5)
    params = Params(partial=partial, duals=FirstDualsParams(smallest_sample=25))
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=1.0, gap=0.05, params=params), recorder)
    assert any(phase.startswith("opening candidates") for phase in recorder.phases)


def test_candidates_that_cost_too_much_are_opened_one_by_one_or_barred(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []
    together = opening.held_together

    def counted(
        mode_model: ModeModel, opened: Bools, share: F64, some: list[int], budget: Budget
    ) -> list[int]:
        asked.append(len(some))
        return together(mode_model, opened, share, some, budget)

    params = Params(diving=DivingParams(candidate_loss=-1.0))  # whatever is opened costs too much
    monkeypatch.setattr(opening, "held_together", counted)
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    recorder, keeper = Recorder(), SimpleNamespace(best=None)
    reduced = only(instance, iter(range(len(instance.sessions))))
    budget = share_budget(Budget(EngineOptions(gap=0.0, params=params), recorder), reduced, keeper)
    whole = part.RestrictedInstance(reduced, budget, ThreadPool(1), np.random.default_rng(1))
    whole.outline(None)
    whole.design(quick=False)
    best = recorder.solutions[-1]
    assert check(instance, best).ok
    assert best.running
    assert asked[0] > 1
    assert 1 in asked[1:]
    assert all(after in (before // 2, 1, 2) for before, after in pairwise(asked[1:]))


def test_only_candidates_that_can_be_held_together_are_opened() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    rows = build_rows(instance)
    mode_model, budget = ModeModel(instance, rows, 1), Budget(EngineOptions(), Recorder())
    candidates = [int(b) for b in rows.choices if rows.closed[rows.block_ptr[b]]]
    share = np.zeros(rows.n_blocks)
    share[candidates] = np.linspace(0.1, 0.9, len(candidates))
    opened = np.zeros(rows.n_blocks, np.bool_)
    held = held_together(mode_model, opened, share, candidates, budget)
    of = [instance.sessions[int(rows.block_session[b])].offering for b in held]
    for o, offering in enumerate(instance.offerings):
        assert of.count(o) == offering.max_runs
    opened[held] = True
    others = [b for b in candidates if b not in held]
    assert others
    assert not held_together(mode_model, opened, share, others, budget)


@pytest.mark.parametrize("many", [1, 200])
def test_compiling_is_announced_and_stands_while_it_takes_time(
    monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(listing, "is_cached", lambda: False)
    recorder = Recorder()
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    solve(instance, EngineOptions(work_limit=0.01, params=Params(partial=PartialParams(many=many))), recorder)
    assert recorder.phases[0].startswith("compiling")
    assert not any(phase.startswith("listing") for phase in recorder.phases)


def test_candidates_of_no_offering_are_all_in_the_first_part() -> None:
    """No other candidate is like one of them: left aside, they would be charged no more than they cost."""
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    single = tuple(replace(s, candidate=True) if k % 2 else s for k, s in enumerate(instance.sessions[:20]))
    instance = replace(instance, sessions=(*single, *instance.sessions[20:]))
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    with closing(ThreadPool(1)) as threads:
        budget = Budget(EngineOptions(work_limit=1.0, params=PARTS), Recorder())
        some = PartialCandidates(instance, candidates, budget, threads)._some()
    alone = {s for s in candidates if instance.sessions[s].offering is None}
    assert alone <= set(some) < set(candidates)
    assert len(alone) == 10
