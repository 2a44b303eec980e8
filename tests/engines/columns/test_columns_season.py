"""Seasons designed from a part of the candidates: bounds hold for all of them, plans keep every rule."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from benchmarks.bounds import verdict
from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.check import check
from cadreplan.engines.candidates import only
from cadreplan.engines.columns import season
from cadreplan.engines.columns.rows import build_rows
from cadreplan.engines.columns.widening import widen
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance, Limit
from tests.engines.recorder import Recorder
from tests.strategies import instances


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
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
    part, whole = build_rows(reduced.instance), build_rows(instance)
    prices = 1.0 + part.rhs.clip(0, 7)
    wide = widen(part, reduced.kept, prices, whole)
    assert wide[whole.room0 : whole.limit0].sum() == prices[part.room0 : part.limit0].sum()
    assert (wide[whole.limit0 :] == prices[part.limit0 :]).all()
    assert (wide[whole.bed0 : whole.room0] == prices[part.bed0 : part.room0]).all()
    aside = [s for s in range(whole.n_sessions) if s not in kept]
    worth = whole.worth((wide * 1024).round().astype("int64"), 1024)
    left = [k for k in range(len(worth)) if whole.block_session[whole.block_of[k]] in aside]
    assert left
    assert max(int(worth[k]) for k in left) <= 1024


def test_a_season_is_designed_from_half_of_its_candidates() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    recorder = Recorder()
    season.solve(instance, EngineOptions(work_limit=0.5, gap=0.05), recorder, many=1, first=20)
    best = recorder.solutions[-1]
    assert check(instance, best).ok
    assert best.running
    assert check(instance, best).terms.total <= min(recorder.bounds)
