"""A run ended at any moment has a plan: at least that of greedy insertion, and what prices in hand give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.draw import draw
from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.master import assembly_tree, multifrontal
from cadreplan.engines.columns.master.assembly_tree import Tree
from cadreplan.engines.columns.master.restricted_master import FractionalSolution, RestrictedMaster
from cadreplan.engines.columns.solve import solve_all as solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.verification.rules import check
from tests.engines.columns.heuristics.test_greedy_insertion import Inserted, inserted
from tests.engines.recorder import Recorder

_DRAWN = {"some": (120, 40, 3), "more": (300, 60, 5)}


@pytest.fixture(scope="module", params=list(_DRAWN))
def instance(request: pytest.FixtureRequest) -> Instance:
    leaders, sessions, seed = _DRAWN[request.param]
    return draw(leaders, sessions, seed).instance


@pytest.fixture(scope="module")
def first(instance: Instance) -> Inserted:
    """The plan of insertion with all candidates that rooms allow, those short of their minimum closed."""
    one = inserted(instance)
    assert one is not None
    assert one.repair.finish(one.draft, one.rooms, fresh=True)
    return one


@dataclass
class Impatient(Recorder):
    """Asks to stop at the n-th question."""

    patience: int = 1 << 60
    asked: int = 0

    def should_stop(self) -> bool:
        self.asked += 1
        return self.asked > self.patience


def _worth(instance: Instance, recorder: Recorder) -> list[int]:
    reports = [check(instance, solution) for solution in recorder.solutions]
    assert all(report.ok for report in reports)
    return [report.value for report in reports]


@pytest.mark.parametrize("patience", [0, 1, 2, 5, 9, 17, 31])
def test_told_to_stop_at_any_moment_there_is_a_plan(instance: Instance, patience: int) -> None:
    recorder = Impatient(patience=patience)
    solve(instance, EngineOptions(), recorder)
    bare = inserted(instance)
    assert bare is not None
    bare.repair.budget.listener = Impatient(patience=0)
    assert bare.repair.finish(bare.draft, bare.rooms, fresh=True)
    assert _worth(instance, recorder)[-1] >= 0.98 * bare.repair.worth
    assert recorder.bounds[-1] >= bare.repair.worth


@pytest.mark.parametrize("seed", range(4))
def test_out_of_work_the_plan_is_no_worse_than_placing_one_by_one_at_the_prices(
    instance: Instance, first: Inserted, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices: list[F64] = []
    solved = RestrictedMaster.solve

    def watched(self: RestrictedMaster, near: F64, **options: object) -> FractionalSolution:
        fractional = solved(self, near, **options)  # type: ignore[arg-type]
        if len(self.who) == self.pricer.n:
            prices.append(fractional.prices)
        return fractional

    monkeypatch.setattr(RestrictedMaster, "solve", watched)
    rng = np.random.default_rng(seed)
    recorder = Recorder()
    solve(instance, EngineOptions(work_limit=float(rng.uniform(0.05, 0.6)), gap=0.0), recorder)
    best = _worth(instance, recorder)[-1]
    assert best >= first.repair.worth * 0.98
    repair, placer = first.repair, first.placer
    for _ in range(3 if prices else 0):  # with hardly any work there are none
        draft = repair.empty(first.draft.chosen[first.draft.chosen >= 0])
        placer.replace(draft, repair.order(), prices[-1])
        assert best >= placer.objective(draft)


def test_with_any_number_of_workers_a_run_is_the_same_to_the_last_byte(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    nodes: list[int] = []
    build = assembly_tree.build_tree

    def watched(*args: object) -> Tree:
        tree = build(*args)  # type: ignore[arg-type]
        nodes.append(len(tree.below))
        return tree

    monkeypatch.setattr(multifrontal, "build_tree", watched)
    monkeypatch.setattr(assembly_tree, "_WORTHWHILE", 8)
    monkeypatch.setattr(assembly_tree, "_BUNDLE", (4, 8))
    told = []
    for workers in (1, 1, 2):
        recorder = Recorder()
        solve(instance, EngineOptions(work_limit=0.2, gap=0.0, workers=workers), recorder)
        plans = [
            (plan.chosen, sorted(plan.running), sorted(plan.rooms.items())) for plan in recorder.solutions
        ]
        told.append(repr((plans, recorder.bounds, recorder.phases)).encode())
    assert told[0] == told[1]
    assert told[0] == told[2]
    assert max(nodes) > 1
