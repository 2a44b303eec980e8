"""How the columns engine ends: at the gap, at limits, when told to stop; and that it repeats itself."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from benchmarks.draw import draw
from benchmarks.families.registry import FAMILIES
from benchmarks.public.course_allocation import roster, synthetic
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.params import (
    DEFAULTS,
    FirstDualsParams,
    LnsParams,
    Params,
    PricingParams,
    TurnsParams,
)
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass
from cadreplan.engines.columns.solve import solve_all as solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.exact.engine import solve as exact
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build
from tests.engines.columns.pricers import pricer_with
from tests.engines.recorder import Recorder


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(120, 40, 3).instance


def objectives(instance: Instance, solutions: list[Solution]) -> list[int]:
    reports = [check(instance, solution) for solution in solutions]
    assert all(report.ok for report in reports)
    return [report.value for report in reports]


def test_two_runs_with_one_worker_and_a_work_limit_find_the_same(instance: Instance) -> None:
    first, second = Recorder(), Recorder()
    for recorder in (first, second):
        solve(instance, EngineOptions(work_limit=1.0), recorder)
    assert first.solutions == second.solutions
    assert first.bounds == second.bounds


def test_the_gap_asked_for_ends_the_run_and_is_kept(instance: Instance) -> None:
    recorder = Recorder()
    solve(instance, EngineOptions(gap=0.005, time_limit=60), recorder)
    best = objectives(instance, recorder.solutions)[-1]
    assert best <= recorder.bounds[-1] <= best * 1.006


def test_where_the_heaviest_choice_is_poor_candidates_are_opened_one_after_the_other() -> None:
    many = FAMILIES["factories"].draw(100, 40, 3).instance
    plans, opened = {}, {}
    for poor in (TurnsParams().poor_choice, 1.0):
        recorder = Recorder()
        params = Params(turns=TurnsParams(poor_choice=poor))
        solve(many, EngineOptions(work_limit=3.0, gap=0.0, params=params), recorder)
        plans[poor] = objectives(many, recorder.solutions)[-1]
        opened[poor] = [phase for phase in recorder.phases if phase.startswith("opening candidates")]
        assert plans[poor] <= recorder.bounds[-1]
    assert opened[TurnsParams().poor_choice]
    assert not opened[1.0]
    assert plans[TurnsParams().poor_choice] > plans[1.0]


def test_of_very_many_leaders_a_sample_opens_candidates() -> None:
    many = FAMILIES["factories"].draw(200, 40, 3).instance
    opened = {}
    for large in (100, 10_000):
        turns = TurnsParams(large_leaders=large, few_leaders=0, sample=1)
        params = Params(turns=turns, duals=FirstDualsParams(smallest_sample=50))
        recorder = Recorder()
        solve(many, EngineOptions(work_limit=2.0, gap=0.0, params=params), recorder)
        assert objectives(many, recorder.solutions)[-1] <= recorder.bounds[-1]
        opened[large] = [phase for phase in recorder.phases if phase.startswith("opening candidates")]
    assert opened[100]
    assert not opened[10_000]


def test_large_blocks_of_few_columns_leave_a_plan_below_the_bound(instance: Instance) -> None:
    params = Params(lns=LnsParams(columns=0, many=1))
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=3.0, gap=0.0, params=params), recorder)
    worth = objectives(instance, recorder.solutions)
    assert any(f"{len(instance.leaders)} leaders" in phase for phase in recorder.phases)
    assert worth == sorted(set(worth))
    assert recorder.bounds[-1] * 0.99 <= worth[-1] <= recorder.bounds[-1]


def test_rows_leave_and_none_that_is_violated_stays_out(instance: Instance) -> None:
    compiled, threads = compile_arrays(instance), ThreadPool(1)
    rows = build_rows(instance)
    pricer = pricer_with(compiled, enumerate_stays(compiled, threads), rows, threads)
    pool = new_pool(pricer.n, width_of(compiled))
    free = np.flatnonzero(pricer.stays.n_pins == 0).astype(np.int32)
    add_columns(
        pool,
        free,
        np.full((len(free), 1, pool.column.shape[2]), -1, np.int32),
        compiled,
        pricer.stays,
        threads,
    )
    first = pricer.price(np.zeros(rows.n))
    add_columns(pool, np.arange(pricer.n, dtype=np.int32), first.found, compiled, pricer.stays, threads)
    master = RestrictedMaster(pricer, pool)
    all_rows = master.activate(np.ones(rows.n, np.bool_))
    budget = Budget(EngineOptions(), Recorder())
    converged = generate_columns(
        master, np.zeros(rows.n), budget, rounds=40, accuracy=1e-4, warm=0.1, whole=True
    )
    assert master.active.sum() < all_rows
    out = master.counts & ~master.active
    assert (converged.fractional.use <= master.rhs + 1e-3 + 1e-4 * np.abs(master.rhs))[out].all()
    assert converged.value <= first.points


@pytest.mark.parametrize("most", [0.5, 4.0])
def test_the_minimum_of_what_may_stay_closed_has_a_highest_price(most: float) -> None:
    """A candidate for thirty of whom a quota lets in one from each outlet: no price is high enough."""
    build = Build(weights=replace(FREE, gap=1000)).site("Q")
    build.module("mA", teaches="g1:1").module("mB", teaches="g2:1")
    build.branch("b0", parent="B").branch("b1", parent="B")
    build.session("A", 0, modules="mA", candidate=True, seats=40, min_seats=30, quotas={"b0": 1, "b1": 1})
    build.session("B", 0, at="Q", modules="mB", seats=3)
    for k in range(8):
        build.leader(f"L{k}", branch=f"b{k % 2}")
    instance = build.instance
    threads = ThreadPool(1)
    compiled, rows = compile_arrays(instance), build_rows(instance)
    params = replace(DEFAULTS, master=replace(DEFAULTS.master, most_minimum=most))
    pricer = pricer_with(compiled, enumerate_stays(compiled, threads), rows, threads, params=params)
    pool = new_pool(pricer.n, width_of(compiled))
    who = np.arange(pricer.n, dtype=np.int32)
    idle = np.full((pricer.n, 1, pool.column.shape[2]), -1, np.int32)
    add_columns(pool, who, idle, compiled, pricer.stays, threads)
    master = RestrictedMaster(pricer, pool)
    master.activate(np.ones(rows.n, np.bool_))
    budget = Budget(EngineOptions(), Recorder())
    converged = generate_columns(
        master, np.zeros(rows.n), budget, rounds=40, accuracy=1e-4, warm=0.1, whole=True
    )
    low = converged.fractional.prices[rows.n_sessions : rows.quota0]
    assert 0 < low.max() <= most * master.unit
    assert budget.best_bound == 3000


class _ToTheFirstBoundAfterADive(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.dived, self.before = False, 0

    def phase(self, text: str) -> None:
        super().phase(text)
        if text.startswith("dive") and not self.dived:
            self.dived, self.before = True, len(self.bounds)

    def should_stop(self) -> bool:
        return self.dived and len(self.bounds) > self.before


@pytest.mark.parametrize(("nodes", "exactly"), [(4, True), (5_000, False)])
def test_exact_searches_follow_the_first_dive_where_those_before_were_cut_short(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, nodes: int, *, exactly: bool
) -> None:
    listener, limits = _ToTheFirstBoundAfterADive(), []
    price = Pricer.price

    def noted(pricer: Pricer, prices: F64, **asked: Any) -> PricingPass:
        if listener.dived and asked.get("subset") is None:
            limits.append(asked.get("node_limit"))
        return price(pricer, prices, **asked)

    monkeypatch.setattr(Pricer, "price", noted)
    short = PricingParams(heuristic_nodes=nodes, longer_nodes=nodes)
    params = replace(DEFAULTS, pricing=short)
    solve(instance, EngineOptions(params=params, workers=1), listener)
    assert len(listener.bounds) > listener.before
    assert (None in limits) == exactly


def test_bounds_fall_and_solutions_rise(instance: Instance) -> None:
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=0.5), recorder)
    assert recorder.bounds == sorted(set(recorder.bounds), reverse=True)
    worth = objectives(instance, recorder.solutions)
    assert worth == sorted(set(worth))


def test_the_time_limit_is_kept(instance: Instance) -> None:
    solve(instance, EngineOptions(work_limit=0.01), Recorder())  # kernels are compiled now
    started = time.monotonic()
    solve(instance, EngineOptions(time_limit=1.0), Recorder())
    assert time.monotonic() - started < 30


@dataclass
class Impatient(Recorder):
    """Asks to stop at the n-th question."""

    patience: int = 0
    asked: int = 0

    def should_stop(self) -> bool:
        self.asked += 1
        return self.asked > self.patience


@pytest.mark.parametrize("patience", [0, 3, 20, 60])
def test_a_run_told_to_stop_returns_at_once_and_keeps_its_plans(instance: Instance, patience: int) -> None:
    listener = Impatient(patience=patience)
    solve(instance, EngineOptions(), listener)
    assert listener.asked <= patience + 40
    objectives(instance, listener.solutions)


def test_nobody_to_place_is_a_plan(instance: Instance) -> None:
    recorder = Recorder()
    solve(replace(instance, leaders=()), EngineOptions(work_limit=0.1), recorder)
    assert recorder.solutions
    assert recorder.bounds[-1] >= objectives(replace(instance, leaders=()), recorder.solutions)[-1]


def test_pins_beyond_the_seats_are_a_contradiction(instance: Instance) -> None:
    confirmed = next(s for s, session in enumerate(instance.sessions) if not session.candidate)
    sessions = list(instance.sessions)
    sessions[confirmed] = replace(sessions[confirmed], seats=1, min_seats=0)
    plain = [replace(leader, pinned=(confirmed,), excluded=()) for leader in instance.leaders[:3]]
    crowded = replace(instance, sessions=tuple(sessions), leaders=(*plain, *instance.leaders[3:]))
    with pytest.raises(ContradictionError):
        solve(crowded, EngineOptions(work_limit=0.1), Recorder())


def test_where_wishes_alone_count_seats_have_their_price() -> None:
    instance = roster(synthetic(2, people=60), "wishes").instance
    found, known = Recorder(), Recorder()
    solve(instance, EngineOptions(work_limit=20.0, gap=0.001), found)
    exact(instance, EngineOptions(work_limit=20.0, gap=0.0), known)
    best = objectives(instance, known.solutions)[-1]
    assert known.bounds[-1] == best
    assert best <= found.bounds[-1] <= best * 1.001
    assert best * 0.999 <= objectives(instance, found.solutions)[-1] <= best
