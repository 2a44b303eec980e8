"""The first plan by greedy insertion: rules are kept, seats are not exceeded, and nothing is left to gain."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32, compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.greedy_insertion import insert_greedily
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.master.pool import width_of
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.check.base import FREE, Build
from tests.draws import examples
from tests.engines.columns.kernels import clash, column_points, idle_in, missing, standards
from tests.engines.columns.pricers import pricer_with
from tests.engines.recorder import Recorder
from tests.strategies import instances, ladders


def sessions_of(stays: Stays, columns: I32) -> tuple[tuple[int, ...], ...]:
    """The sessions of every leader's stays."""
    found = []
    for held in columns:
        sessions = [stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]].tolist() for j in held[held >= 0]]
        found.append(tuple(sorted(s for some in sessions for s in some)))
    return tuple(found)


@dataclass
class Inserted:
    """A draft by insertion after pinned leaders were placed, and what it was made with."""

    instance: Instance
    placer: Placer
    repair: Repair
    draft: Draft
    rooms: dict[int, int]

    @property
    def solution(self) -> Solution:
        chosen = sessions_of(self.placer.pricer.stays, self.draft.column)
        candidates = [s for s, session in enumerate(self.instance.sessions) if session.candidate]
        runs = frozenset(s for s in candidates if self.draft.running[s])
        return Solution(chosen, runs, self.rooms)


def inserted(instance: Instance, weight: F64 | None = None) -> Inserted | None:
    """A plan by insertion where candidates of most `weight` (by mode) run; None without rooms."""
    compiled = compile_arrays(instance)
    with closing(ThreadPool(1)) as threads:
        stays = enumerate_stays(compiled, threads)
    try:
        pricer = pricer_with(compiled, stays, build_rows(instance), ThreadPool(1))
        rows = pricer.rows
        runs = np.where(rows.closed, 0.0, 1.0) if weight is None else weight[: len(rows.mode_kind)]
        chosen_modes = ModeModel(instance, rows, 0).heaviest(runs)
    except ContradictionError:
        return None
    assert chosen_modes is not None
    placer = Placer(pricer, width_of(compiled))
    repair = Repair(instance, placer, Budget(EngineOptions(), Recorder()), np.random.default_rng(0))
    draft = repair.empty(chosen_modes.chosen)
    pinned = stays.n_pins > 0
    placer.replace(draft, np.flatnonzero(pinned).astype(np.int32), np.zeros(rows.n))
    insert_greedily(placer, draft, np.flatnonzero(~pinned).astype(np.int32))
    return Inserted(instance, placer, repair, draft, chosen_modes.rooms)


def _hold(one: Inserted) -> None:
    """No rule is broken but those that mending is for, and every number of the draft is what it says."""
    instance, draft, pricer = one.instance, one.draft, one.placer.pricer
    report = check(instance, one.solution)
    placed = {leader.id for i, leader in enumerate(instance.leaders) if draft.column[i, 0] >= 0}
    for violation in report.violations:
        short = violation.rule == "candidate"
        assert short or (violation.rule == "pins" and violation.where not in placed), violation
    rows = pricer.rows
    weight = np.zeros(len(rows.mode_points))
    weight[draft.chosen[draft.chosen >= 0]] = 1
    use = pricer.use(draft.column) + np.rint(rows.use_of(weight)).astype(np.int64)
    assert (draft.left == rows.rhs - use).all()
    assert (draft.people == pricer.use(draft.column)[: rows.n_sessions]).all()
    if not any(session.min_seats and session.candidate for session in instance.sessions):
        assert one.placer.objective(draft) == report.value


def _gains(one: Inserted, i: int) -> list[tuple[int, int]]:
    """Stays that leader i could have beside the others, with what they would bring."""
    pricer, draft = one.placer.pricer, one.draft
    c, stays = pricer.compiled, pricer.stays
    held = [int(j) for j in draft.column[i] if j >= 0]
    if len(held) >= draft.column.shape[1]:
        return []
    before = column_points(i, draft.column[i], c, stays)
    found = []
    for j in range(int(stays.ptr[i]), int(stays.ptr[i + 1])):
        column = np.full(draft.column.shape[1], -1, np.int32)
        column[: len(held) + 1] = [*held, j]
        n = len(held) + 1
        gain = column_points(i, column, c, stays) - before
        if gain <= 0 or j in held or any(clash(j, k, c, stays) for k in held):
            continue
        sizes = [int(stays.sess_ptr[k + 1] - stays.sess_ptr[k]) for k in column[:n]]
        trips = [int(stays.trip_ptr[k + 1] - stays.trip_ptr[k]) for k in column[:n]]
        if (
            sum(sizes) > c.leaders.max_sessions[i]
            or sum(trips) > c.leaders.max_trips[i]
            or sum(int(stays.days[k]) for k in column[:n]) > c.leaders.max_days[i]
            or missing(i, column, n, c, stays)
            or idle_in(i, column, n, c, stays, np.empty(64, np.int32))
            or not standards(i, column, n, c, stays)
        ):
            continue
        alone = np.full((1, len(column)), -1, np.int32)
        alone[0, 0] = j
        use = pricer.use(alone, subset=np.array([i], np.int32))
        if not ((use > draft.left) & (use > 0)).any():
            found.append((gain, j))
    return found


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.one_of(instances(max_leaders=7, max_sessions=8), ladders(max_leaders=7, max_sessions=8)),
    st.integers(0, 1 << 30),
)
def test_rules_are_kept_and_nobody_could_add_an_item_and_gain(instance: Instance, seed: int) -> None:
    rng = np.random.default_rng(seed)
    one = inserted(instance, None if seed % 2 else rng.normal(size=1000))
    if one is None:
        return
    _hold(one)
    pinned = one.placer.pricer.stays.n_pins > 0
    for i in np.flatnonzero(~pinned):
        assert not _gains(one, int(i))


def test_the_largest_gain_goes_first() -> None:
    build = Build(weights=replace(FREE, gap=10)).session("S", 0, seats=1).session("T", 4, seats=2)
    for name, priority in (("A", 1), ("B", 3), ("C", 2)):
        build.leader(name, priority=priority)
    one = inserted(build.instance)
    assert one is not None
    assert one.solution.chosen == ((), (0, 1), (1,))


def test_a_stepping_stone_that_leads_nowhere_is_not_attended_for_being_liked() -> None:
    """Somebody else has the only seat that it leads up to."""
    build = Build(weights=replace(FREE, gap=1000))
    build.module("m1", teaches="g1:1").module("m2", teaches="g2:1", requires="m1")
    build.session("S1", 0, modules="m1").session("S2", 4, modules="m2", seats=1)
    build.leader("A", gaps="g2:1:3", completed="m1").leader("B", gaps="g2:1:1", prefers={"S1": 500})
    one = inserted(build.instance)
    assert one is not None
    assert one.solution.chosen == ((1,), ())
    assert check(build.instance, one.solution).ok


def test_a_stepping_stone_does_not_become_useful_by_the_session_next_to_it() -> None:
    """It is held on the day before one that closes a skill gap, at the same site: both are one stay."""
    build = Build(weights=replace(FREE, gap=1000))
    build.module("m1", teaches="g1:1").module("m2", teaches="g2:1", requires="m1").module(
        "m3", teaches="g3:1"
    )
    build.session("S1", 0, modules="m1").session("S3", 1, modules="m3").session(
        "S2", 4, modules="m2", seats=1
    )
    build.leader("A", gaps="g2:1:3", completed="m1")
    build.leader("B", gaps="g2:1:1 g3:1:1", prefers={"S1": 500})
    one = inserted(build.instance)
    assert one is not None
    assert one.solution.chosen == ((2,), (1,))
    order = np.arange(2, dtype=np.int32)
    one.placer.replace(one.draft, order, np.zeros(one.placer.pricer.rows.n))
    assert check(build.instance, one.solution).ok


def test_hours_below_the_least_count_as_far_as_they_lack() -> None:
    build = Build(min_hours=8, weights=replace(FREE, hour=5, day=15)).site("Q")
    for k in range(4):
        build.session(f"S{k}", 5 * k)
    one = inserted(build.leader("L", gaps="kS0:1:0 kS1:1:0 kS2:1:0 kS3:1:0").instance)
    assert one is not None
    assert len(one.solution.chosen[0]) == 2  # 4 hours each are worth 20 points, a day costs 15


def test_a_plan_of_many_keeps_every_rule_and_is_more_than_half_of_the_bound() -> None:
    instance = draw(120, 40, 3).instance
    one = inserted(instance)
    assert one is not None
    _hold(one)
    empty = one.repair.empty(one.draft.chosen[one.draft.chosen >= 0])
    nobody = one.placer.points(empty)
    bound = one.placer.pricer.price(np.zeros(one.placer.pricer.rows.n)).points
    assert one.placer.points(one.draft) - nobody > (bound - nobody) / 2
    assert one.repair.finish(one.draft, one.rooms, fresh=True)
    listener = one.repair.budget.listener
    assert isinstance(listener, Recorder)
    assert check(instance, listener.solutions[-1]).ok
