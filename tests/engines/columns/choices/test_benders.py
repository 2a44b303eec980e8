"""Cuts about choices hold for every choice, and answers about choices are looked at twice."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.benders import Chooser
from cadreplan.engines.columns.choices.benders_master import Choices, Proposal, promised
from cadreplan.engines.columns.choices.cut_strengthening import tolls_at
from cadreplan.engines.columns.choices.modes import Houses
from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.rows import build_rows
from cadreplan.engines.columns.heuristics.warm_start import choice_of
from cadreplan.engines.columns.master.column_generation import settle
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import Master
from cadreplan.engines.columns.pricing.enumeration import list_items
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.thread_pool import Crew
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from tests.brute_force import optimum
from tests.engines.recorder import Recorder
from tests.strategies import instances


def _pricer(instance: Instance, crew: Crew) -> Pricer:
    compiled = compile_arrays(instance)
    return Pricer(compiled, list_items(compiled, crew), build_rows(instance), crew)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6), st.integers(0, 999))
def test_a_cut_with_tolls_is_never_below_a_plan_of_any_choice(instance: Instance, seed: int) -> None:
    proven = optimum(instance)
    assume(proven is not None and any(session.candidate for session in instance.sessions))
    assert proven is not None
    rng = np.random.default_rng(seed)
    with closing(Crew(1)) as crew:
        pricer = _pricer(instance, crew)
        rows = pricer.rows
        pool = new_pool(pricer.n, width_of(pricer.compiled))
        who = np.arange(pricer.n, dtype=np.int32)
        prices = np.where(rows.rhs < 1 << 39, rng.integers(0, 30_000, rows.n) * rng.integers(0, 2, rows.n), 0)
        for at in (np.zeros(rows.n), prices.astype(np.float64)):
            found = pricer.price(at, wanted=4).found
            add_columns(pool, who, found, pricer.compiled, pricer.items, crew)
        housing = Houses(instance, rows, 0).heaviest(rng.random(len(rows.cfg_points)))
        assert housing is not None
        charged, tolls = tolls_at(pricer, pool, prices.astype(np.float64), housing.chosen)
        result = pricer.price(charged, tolls=tolls)
        best = choice_of(instance, rows, proven[1])
        assert best is not None
        assert promised(result, best) >= proven[0]


class _Misled(cp_model.CpSolver):
    """Wrong with presolving, as CP-SAT was seen to be."""

    @property
    def best_objective_bound(self) -> float:
        return super().best_objective_bound - (1000 if self.parameters.cp_model_presolve else 0)


def test_an_answer_below_what_the_cuts_say_of_a_known_choice_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = draw(30, 10, 3, season=Season(3, 2, 4)).instance
    with closing(Crew(1)) as crew:
        pricer = _pricer(instance, crew)
        result = pricer.price(np.zeros(pricer.rows.n))
    houses = Houses(instance, pricer.rows, 0)
    choices = Choices(houses, result.points)
    choices.add(result)
    honest = choices.propose()
    assert honest is not None
    known = honest.housing.chosen
    assert honest.bound == choices.promise(known)
    monkeypatch.setattr(cp_model, "CpSolver", _Misled)
    doubtful = choices.propose()
    assert doubtful is not None
    assert doubtful.bound == honest.bound - 1000
    sound = choices.propose(known)
    assert sound is not None
    assert sound.bound == honest.bound


def test_rooms_proposed_for_candidates_seen_before_are_judged_as_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # in which rosters other rooms promise more hangs on the last digits of prices, which differ by machine
    assert sum(_judges_rooms(seed, monkeypatch) for seed in (1, 2, 3, 4)) >= 2


def _judges_rooms(seed: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether other rooms for the same candidates promised more; then a cut says what they are worth."""
    instance = draw(60, 24, seed, season=Season(4, 2, 4)).instance
    with closing(Crew(1)) as crew:
        pricer = _pricer(instance, crew)
        rows = pricer.rows
        master = Master(pricer, new_pool(pricer.n, width_of(pricer.compiled)))
        master.activate(np.ones(rows.n, np.bool_))
        budget = Budget(EngineOptions(workers=1), Recorder())
        root = settle(master, np.zeros(rows.n), budget, rounds=40, accuracy=1e-4, warm=0.1, whole=True)
        houses = Houses(instance, rows, 0)
        chooser = Chooser(master, houses, budget, root, finest=1e-4, accuracy=lambda: 1e-4, rounds=20)
        first = houses.heaviest(root.mixture.config_weight)
        assert first is not None
        chooser.consider(first, root.prices)
        best = chooser.best
        assert best is not None
        weight = np.where(rows.running(first.chosen)[rows.block_of] == (rows.cfg_size != -2), 1e6, 0.0)
        roomed = best.housing.chosen[rows.cfg_size[best.housing.chosen] >= 0]
        weight[roomed] -= 1000
        other = houses.heaviest(weight)
        assert other is not None
        assert np.array_equal(rows.running(other.chosen), rows.running(best.housing.chosen))
        promise = chooser.choices.promise(other.chosen)
        tolerance = 1e-4 * promise
        if promise <= best.value + tolerance:
            return False
        monkeypatch.setattr(chooser.choices, "propose", lambda *_, **__: Proposal(other, promise, None))
        assert not chooser.improve()
        best = chooser.best
        assert best is not None
        assert chooser.choices.promise(other.chosen) <= best.value + tolerance
        return True
