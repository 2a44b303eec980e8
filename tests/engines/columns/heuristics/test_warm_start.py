"""A plan that is known already is found again among the columns."""

from __future__ import annotations

from contextlib import closing

import numpy as np
from hypothesis import HealthCheck, given, settings

from cadreplan.engines.columns.compiled.arrays import compile_arrays
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.heuristics.warm_start import choice_of, columns_of
from cadreplan.engines.columns.master.pool import width_of
from cadreplan.engines.columns.pricing.enumeration import enumerate_stays
from cadreplan.engines.columns.pricing.shards import LocalShards, Shard
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from tests.draws import examples
from tests.insight.test_reasons import situations


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(situations())
def test_the_items_of_a_plan_are_its_sessions(situation: tuple[Instance, Solution]) -> None:
    instance, solution = situation
    compiled = compile_arrays(instance)
    with closing(ThreadPool(1)) as threads:
        stays = enumerate_stays(compiled, threads)
        shards = LocalShards(Shard(compiled, stays), build_rows(instance), threads)
    columns = columns_of(instance, shards, solution, width_of(compiled))
    assert columns is not None
    for column, chosen in zip(columns, solution.chosen, strict=True):
        held = [stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]] for j in column[column >= 0]]
        assert tuple(sorted(np.concatenate(held).tolist() if held else [])) == chosen
    chosen = choice_of(instance, build_rows(instance), solution)
    assert chosen is not None
    runs = {s for s in range(len(instance.sessions)) if solution.runs(instance, s)}
    rows = build_rows(instance)
    assert {int(rows.block_session[rows.block_of[k]]) for k in chosen if not rows.closed[k]} <= runs
