"""Large neighbourhood search in lots: a block of leaders of each lot is placed again where they lie.

What others hold stays as it is, and of what they leave each block has a share (see `lots`), so that blocks of
different lots are placed again side by side. A block is placed as any other, by an integer programme over
its columns: those that its leaders hold, and those near the best at the prices of all.
"""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from cadreplan.engines.columns.budget import Budget, Nobody
from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.lots import Lot, work_at
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.restricted_master_mip import complete_by_mip
from cadreplan.engines.columns.master.pool import add_columns, new_pool
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.remote import ALONE
from cadreplan.engines.columns.pricing.shards import Common, LocalShards, Shard
from cadreplan.engines.interface import EngineOptions


def place_again_in_lot(shard: Shard, common: Common, asked: bytes, part: bytes) -> bytes:
    """Place leaders of a lot again as one block (see `lots.work_at`)."""
    with threadpool_limits(1, user_api="blas"):
        return work_at(shard, common, asked, part, _place_again)


def _place_again(lot: Lot) -> float:
    """Place a block again if that is better, within its share; the work that it took."""
    task, who, rows = lot.task, lot.who, lot.rows
    shards = LocalShards(lot.shard, rows, ALONE)
    pricer = Pricer(lot.shard.compiled, shards, rows, ALONE, task.params, all_rows=True)
    pool = new_pool(lot.shard.n, task.width)
    master, placer = RestrictedMaster(pricer, pool), Placer(pricer, task.width)
    nobody = np.zeros(0, np.int32)
    running = np.ones(rows.n_sessions, np.bool_)
    draft = Draft(lot.column, lot.left, lot.people, task.minimum, task.reward, nobody, running)
    budget = Budget(EngineOptions(params=task.params, seed=task.seed), Nobody())
    floor, held = placer.objective(draft), lot.column[who].copy()
    placer.take(draft, who)
    prices: F64 = np.zeros(rows.n)
    prices[task.row] = task.price / SCALE
    wanted, nodes = task.params.cluster.columns, task.params.pricing.heuristic_nodes
    near = pricer.price(prices, wanted=wanted, subset=who, node_limit=nodes)
    budget.price(near.nodes)
    idle = np.full((len(who), 1, task.width), -1, np.int32)
    free = pricer.stays.n_pins[who] == 0
    for some, columns in ((who[free], idle[free]), (who, held[:, None]), (who, near.found)):
        add_columns(pool, some, columns, pricer.compiled, pricer.stays, ALONE)
    heads = int(pricer.compiled.leaders.heads[who].sum())
    master.activate(draft.left < heads)
    done = complete_by_mip(
        master,
        placer,
        draft,
        who,
        prices,
        budget,
        accuracy=task.params.lns.accuracy,
        floor=floor,
        held=held,
        columns_each=task.columns_each,
    )
    if not done or placer.objective(draft) <= floor:
        lot.column[who] = held
    return budget.work
