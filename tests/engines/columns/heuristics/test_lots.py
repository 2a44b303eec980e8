"""Leaders placed in lots: rules are kept, no limit is overdrawn, and it doesn't matter who does it."""

from __future__ import annotations

import gc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ModeModel
from cadreplan.engines.columns.compiled.cohorts import lowered
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.heuristics import lot_lns, restricted_master_mip
from cadreplan.engines.columns.heuristics.greedy_insertion import first_plan, insert_greedily
from cadreplan.engines.columns.heuristics.leader_lns import LeaderLns
from cadreplan.engines.columns.heuristics.lots import in_waves, rows_of, shares
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.heuristics.warm_start import columns_of, draft_of
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.pool import width_of
from cadreplan.engines.columns.master.subgradient import Subgradient
from cadreplan.engines.columns.params import ClusterParams, FirstDualsParams, Params
from cadreplan.engines.columns.pricing.pricer import pricer_of
from cadreplan.engines.columns.pricing.shards import Work, threads_for
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.columns.workspace import Workspace
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build
from tests.draws import examples
from tests.engines.columns.heuristics.test_greedy_insertion import Inserted, _hold
from tests.engines.columns.nearby import Nearby
from tests.engines.recorder import Recorder
from tests.engines.rich import enriched
from tests.strategies import instances, ladders


class Backwards(Nearby):
    """Answers the last of what it is asked first."""

    def ask(self, work: Work, asked: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
        """What `work` makes of some shards, by number."""
        return super().ask(work, asked, dict(reversed(parts.items())))


def many(size: int = 3, side_by_side: int = 16) -> Params:
    """A few leaders are many, and shards have `size` of them."""
    return Params(
        cluster=ClusterParams(
            priced_here=2, many_leaders=1, large_shard=size, placed_here=size, side_by_side=side_by_side
        )
    )


def improving(instance: Instance, params: Params, recorder: Recorder) -> tuple[Workspace, LeaderLns]:
    """A first plan, and neighbourhoods that are to better it."""
    rng = np.random.default_rng(1)
    space = Workspace(instance, Budget(EngineOptions(params=params), recorder), threads_for(1, Nearby), rng)
    first_plan(space.repair, space.mode_model)
    return space, LeaderLns(space.master, space.repair, rng)


def placed(instance: Instance, params: Params) -> Inserted | None:
    """A plan of leaders inserted and then placed again, both in lots; None without rooms."""
    pricer = pricer_of(instance, threads_for(1, Nearby), params)
    rows = pricer.rows
    try:
        chosen_modes = ModeModel(instance, rows, 0).heaviest(np.where(rows.closed, 0.0, 1.0))
    except ContradictionError:
        return None
    assert chosen_modes is not None
    placer = Placer(pricer, width_of(pricer.compiled))
    repair = Repair(instance, placer, Budget(EngineOptions(), Recorder()), np.random.default_rng(0))
    draft = repair.empty(chosen_modes.chosen)
    pinned = pricer.stays.n_pins > 0
    placer.replace(draft, np.flatnonzero(pinned).astype(np.int32), np.zeros(rows.n))
    insert_greedily(placer, draft, np.flatnonzero(~pinned).astype(np.int32))
    one = Inserted(instance, placer, repair, draft, chosen_modes.rooms)
    _hold(one)
    return one


@settings(max_examples=examples(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(instances(max_leaders=8, max_sessions=8), ladders(max_leaders=8, max_sessions=8)),
    st.integers(1, 3),
)
def test_rules_are_kept_whatever_is_placed_side_by_side(instance: Instance, side_by_side: int) -> None:
    one = placed(instance, many(side_by_side=side_by_side))
    if one is None:
        return
    prices = np.where(np.arange(one.placer.pricer.rows.n) % 3, 0.0, 2.0)
    for price in (prices, np.zeros(len(prices))):
        one.placer.replace(one.draft, one.repair.order(), price)
        _hold(one)


@st.composite
def _divided(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[np.ndarray], int]:
    n = draw(st.integers(1, 12))
    left = np.array(draw(st.lists(st.integers(-3, 9), min_size=n, max_size=n)), np.int64)
    hard = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_)
    few = draw(st.integers(1, 5))
    people = [np.array(draw(st.lists(st.integers(0, 4), min_size=2, max_size=2))) for _ in range(few)]
    people = [np.array([one[0], one.sum()]) for one in people]
    return left, hard, people, draw(st.integers(0, 99))


class _Rows:
    """The first rows are those of one branch, the others of no branch."""

    def __init__(self, n: int) -> None:
        self.branch_of = np.where(np.arange(n) < n // 2, 0, -1)


@given(_divided())
def test_shares_are_all_there_is_and_no_more(
    case: tuple[np.ndarray, np.ndarray, list[np.ndarray], int],
) -> None:
    left, hard, people, seed = case
    n = len(left)
    everything = [np.arange(n)] * len(people)
    rows = _Rows(n)
    given_ = shares(left, hard, everything, people, rows, np.random.default_rng(seed))  # type: ignore[arg-type]
    total = np.array([[one[0 if row < n // 2 else -1] for one in people] for row in range(n)])
    for row in range(n):
        mine = [int(one[row]) for one in given_]
        if not hard[row] or left[row] <= 0:
            assert mine == [left[row]] * len(people)
            continue
        assert min(mine) >= 0
        assert sum(mine) <= left[row]
        assert all(m == 0 for m, t in zip(mine, total[row], strict=True) if t == 0)
        wanting = int((total[row] > 0).sum())
        assert not wanting or sum(mine) == left[row]
        due = [left[row] * t / max(1, sum(total[row])) for t in total[row]]
        assert all(int(d) <= m <= int(d) + 1 for m, d in zip(mine, due, strict=True))


def test_insertion_ends_when_everybody_has_a_place() -> None:
    build = Build(weights=replace(FREE, gap=10)).session("S", 0, seats=9)
    for name in "ABCDE":
        build.leader(name)
    one = placed(build.instance, many(2))
    assert one is not None
    assert one.solution.chosen == ((0,),) * 5


def test_lots_side_by_side_leave_no_session_below_its_minimum() -> None:
    """Twelve attend a session that wants ten; what all would rather do has room for everybody."""
    build = Build(weights=replace(FREE, gap=10, underfill=1000))
    build.module("m1", teaches="g1:1").module("m2", teaches="g2:1")
    build.session("S", 0, modules="m1", seats=12, min_seats=10)
    build.session("T", 0, modules="m2", seats=12)
    for k in range(12):
        build.leader(f"L{k}", gaps="g1:1:1 g2:1:5")
    instance = build.instance
    pricer = pricer_of(instance, threads_for(1, Nearby), many(1))
    placer = Placer(pricer, width_of(pricer.compiled))
    repair = Repair(instance, placer, Budget(EngineOptions(), Recorder()), np.random.default_rng(0))
    plan = Solution(((0,),) * 12)
    draft = draft_of(repair, plan)
    assert draft is not None
    before = placer.objective(draft)
    moved = placer.replace(draft, np.arange(12, dtype=np.int32), np.zeros(pricer.rows.n))
    assert moved == 2
    assert draft.people.tolist() == [10, 2]
    assert placer.objective(draft) > before


def test_no_wave_begins_after_the_stop() -> None:
    instance = draw(60, 20, 1).instance
    asked: list[int] = []

    class Watched(Nearby):
        def ask(self, work: Work, asked_: bytes, parts: dict[int, bytes]) -> dict[int, bytes]:
            asked.append(len(parts))
            return super().ask(work, asked_, parts)

    pricer = pricer_of(instance, threads_for(1, Watched), many(5, side_by_side=3))
    placer = Placer(pricer, width_of(pricer.compiled))
    repair = Repair(instance, placer, Budget(EngineOptions(), Recorder()), np.random.default_rng(0))
    for waves_left in (0, 2):
        asked.clear()
        left = iter([False] * waves_left + [True] * 9)
        draft = repair.empty(ModeModel(instance, pricer.rows, 0).heaviest(pricer.rows.runs * 1.0).chosen)
        placer.replace(draft, repair.order(), np.zeros(pricer.rows.n), stop=lambda left=left: next(left))
        assert asked == [3] * waves_left


def test_each_lot_works_once_and_those_at_a_time_are_far_apart() -> None:
    for n in (1, 5, 16, 17, 40):
        at_a_time = in_waves(list(range(n)), 16)
        assert sorted(k for wave in at_a_time for k in wave) == list(range(n))
        assert max(map(len, at_a_time)) <= 16
        apart = [b - a for wave in at_a_time for a, b in pairwise(wave)]
        assert not apart or min(apart) == len(at_a_time)


def test_rows_of_branches_are_those_of_all_above_them() -> None:
    instance = draw(60, 20, 1).instance
    rows = build_rows(instance)
    leader = instance.leaders[7]
    line = set(instance.lineages[leader.branch])
    found = set(rows_of(rows, np.array([leader.branch])).tolist())
    for row, branch in enumerate(rows.branch_of):
        assert (row in found) == (branch < 0 or int(branch) in line)


@pytest.mark.parametrize("rich", [False, True], ids=["drawn", "with ties, tags, norms and locals"])
def test_the_bound_is_that_of_one_process_and_who_answers_first_changes_nothing(*, rich: bool) -> None:
    drawn = draw(150, 40, 3).instance
    instance = enriched(drawn) if rich else drawn
    here, there, again = Recorder(), Recorder(), Recorder()
    few = FirstDualsParams(smallest_sample=30)  # first prices are those of a sample
    params = replace(many(20, side_by_side=3), duals=few)
    options = EngineOptions(work_limit=0.6, params=params)
    solve(instance, options, here)
    solve(instance, options, there, dispatch=Nearby)
    solve(instance, options, again, dispatch=Backwards)
    assert (there.bounds, there.solutions) == (again.bounds, again.solutions)
    assert there.bounds[:3] == here.bounds[:3]
    report = check(instance, there.solutions[-1])
    assert report.ok
    best = check(instance, here.solutions[-1]).value
    assert report.value > 0.98 * best
    assert min(there.bounds) >= max(best, report.value)


def test_a_plan_known_already_is_found_where_stays_are_listed() -> None:
    instance = draw(80, 30, 2).instance
    known = Recorder()
    solve(instance, EngineOptions(work_limit=0.3), known)
    plan = known.solutions[-1]
    pricer = pricer_of(instance, threads_for(1, Nearby), many(15))
    placer = Placer(pricer, width_of(pricer.compiled))
    repair = Repair(instance, placer, Budget(EngineOptions(), Recorder()), np.random.default_rng(0))
    draft = draft_of(repair, plan)
    assert draft is not None
    assert placer.objective(draft) == check(instance, plan).value
    without = [s for s in range(len(instance.sessions)) if s not in plan.chosen[0]]
    chosen = list(plan.chosen)
    full = next(i for i, one in enumerate(chosen) if one)
    other = next(s for s in without if not _may_have(instance, full, s))
    chosen[full] = (other,)
    assert columns_of(instance, pricer.shards, type(plan)(tuple(chosen)), placer.width) is None


def _may_have(instance: Instance, i: int, s: int) -> bool:
    """Whether a session closes anything for a leader."""
    taught = instance.levels_taught[s]
    return any(taught.get(gap.skill, -1) >= gap.level for gap in instance.leaders[i].gaps)


@pytest.mark.parametrize("rich", [False, True], ids=["drawn", "with ties, tags, norms and locals"])
def test_blocks_of_lots_make_plans_better_and_keep_the_rules(*, rich: bool) -> None:
    drawn = draw(150, 40, 3).instance
    problem = enriched(drawn) if rich else drawn
    instance = lowered(problem).instance
    recorder = Recorder()
    space, search = improving(instance, many(30, side_by_side=3), recorder)
    prices = np.zeros(space.rows.n)
    result = space.pricer.price(prices)
    search.size = 12
    worth, better = [space.repair.worth], []
    for turn in range(12):
        if turn == 8:
            search.size = 1_000  # whole lots
        before = int(space.pool.size.sum())
        better.append(search.improve(result, prices))
        worth.append(space.repair.worth)
        assert not better[-1] or int(space.pool.size.sum()) > before
    assert sum(better) >= 3
    assert better == [after > now for now, after in pairwise(worth)]
    assert worth[-1] > 1.005 * worth[0]
    assert space.budget.work > 0
    for plan in recorder.solutions:
        report = check(instance, plan)
        assert report.ok, report.violations
    assert rich or check(instance, recorder.solutions[-1]).value == worth[-1]


def test_a_block_that_is_solved_can_be_placed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programme knows every limit that its share of may bind, also those that the lot's own people could
    not reach, and days that others imply."""
    instance = draw(300, 60, 3).instance
    best, solved, done = restricted_master_mip._best_columns, [], []

    def watched(*args: object, **more: object) -> object:
        columns = best(*args, **more)  # type: ignore[arg-type]
        solved.append(columns is not None)
        return columns

    complete = lot_lns.complete_by_mip
    monkeypatch.setattr(restricted_master_mip, "_best_columns", watched)
    monkeypatch.setattr(
        lot_lns, "complete_by_mip", lambda *args, **more: done.append(complete(*args, **more)) or done[-1]
    )
    space, search = improving(instance, many(60, side_by_side=5), Recorder())
    prices = np.zeros(space.rows.n)
    result = space.pricer.price(prices)
    search.size = 30
    for _ in range(10):
        search.improve(result, prices)
    assert sum(solved) > 20
    assert sum(done) == sum(solved)


@pytest.mark.parametrize("seed", [5, 6])
def test_what_is_known_already_goes_first(seed: int) -> None:
    """At priced columns lots make nearly as good a plan as leaders placed one by one; by shares of everything
    it was a seventh worse."""
    instance = draw(400, 60, seed).instance
    worth = []
    for params, threads in ((Params(), ThreadPool(1)), (many(20), threads_for(1, Nearby))):
        recorder = Recorder()
        budget = Budget(EngineOptions(params=params), recorder)
        space = Workspace(instance, budget, threads, np.random.default_rng(1))
        space.add_idle(np.flatnonzero(space.pricer.stays.n_pins == 0).astype(np.int32))
        space.take(space.pricer.price(np.zeros(space.rows.n), wanted=3))
        steps = Subgradient(space.pricer, space.master.unit)
        steps.run(space.take)
        settled = generate_columns(
            space.master, steps.best, budget, rounds=3, accuracy=1e-3, warm=0.1, whole=True, exact=False
        )
        modes = space.mode_model.heaviest(settled.fractional.mode_weight)
        assert modes is not None
        assert space.place(modes, settled.prices)
        assert check(instance, recorder.solutions[-1]).ok
        worth.append(space.repair.worth)
    assert worth[1] > 0.95 * worth[0]


def test_shards_that_are_of_no_use_any_more_are_let_go() -> None:
    """Workers keep them as long as anybody here does: no circle of references may."""
    gone: list[bool] = []

    class Known(Nearby):
        def __del__(self) -> None:
            gone.append(True)

    pricer = pricer_of(draw(60, 20, 1).instance, threads_for(1, Known), many(10))
    pricer.shards.listed(np.arange(3, dtype=np.int32))
    gc.disable()
    try:
        del pricer
        assert gone == [True]
    finally:
        gc.enable()
