"""What every search over an instance works on: its leaders priced, its rows, columns, master, and plans.

The run over the whole instance, a part of its candidates and the prices around a plan each have one.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.scale import scaled
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.heuristics.warm_start import draft_of
from cadreplan.engines.columns.master.pool import add_columns, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.params import DEFAULTS
from cadreplan.engines.columns.pricing.completion_bounds import NEVER
from cadreplan.engines.columns.pricing.pricer import PricingPass, pricer_of
from cadreplan.engines.columns.pricing.stays import MAX_BITS
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solution import Solution


class Workspace:
    """The compiled instance with its stays and rows (`pricer`), the column pool, the restricted master over
    all leaders, and, made when they are first asked for, the placer, the repair of plans and the model of
    modes.

    `stays_of` is an instance with the same leaders and sessions whose stays are listed in place of those of
    `instance`; rows are those of `instance` in any case.
    """

    def __init__(
        self,
        instance: Instance,
        budget: Budget,
        threads: ThreadPool,
        rng: np.random.Generator,
        *,
        stays_of: Instance | None = None,
    ) -> None:
        self.instance, self.budget, self.rng = instance, budget, rng
        self.params = budget.options.params or DEFAULTS
        self.pricer = pricer_of(instance, threads, self.params, stays_of=stays_of, stop=budget.stop)
        self.rows, self.n = self.pricer.rows, self.pricer.n
        self.pool = new_pool(self.n, width_of(self.pricer.compiled))
        self.master = RestrictedMaster(self.pricer, self.pool)
        self.everybody: I32 = np.arange(self.n, dtype=np.int32)

    @cached_property
    def placer(self) -> Placer:
        """Puts leaders into drafts."""
        return Placer(self.pricer, self.pool.width, self.budget.options.seed)

    @cached_property
    def repair(self) -> Repair:
        """Makes plans of drafts, and keeps the best."""
        return Repair(self.instance, self.placer, self.budget, self.rng)

    @cached_property
    def mode_model(self) -> ModeModel:
        """The model of what runs in which room."""
        return ModeModel(self.instance, self.rows, self.budget.options.seed, self.params.choices.work)

    @property
    def takes_all(self) -> bool:
        """Whether no leader has more pins and skill gaps than stays have bits for."""
        return int(np.diff(self.pricer.stays.bit_ptr).max(initial=0)) <= MAX_BITS

    def add(self, who: I32, found: I32) -> None:
        """Put the columns found (n, k, width) for leaders `who` into the pool."""
        add_columns(self.pool, who, found, self.pricer.compiled, self.pricer.stays, self.pricer.threads)

    def add_idle(self, who: I32) -> None:
        """Put the column of going nowhere into the pool, for each of these leaders."""
        self.add(who, np.full((len(who), 1, self.pool.width), -1, np.int32))

    def take(self, result: PricingPass) -> bool:
        """Count a pass over everybody and keep its columns; whether to go on."""
        self.budget.price(result.nodes)
        self.add(self.everybody, result.found)
        return not self.budget.stop()

    def draft_of(self, plan: Solution) -> Draft | None:
        """A plan known already as a draft; None where it is none of listed stays."""
        return draft_of(self.repair, plan)

    def go_on_from(self, draft: Draft, plan: Solution) -> bool:
        """Keep the columns of a plan known already, and the plan if it is the best; whether it is."""
        self.add(self.everybody, draft.column[:, None, :])
        return self.repair.finish(draft, dict(plan.rooms), fresh=True)

    def without(self, draft: Draft, out: I32) -> Draft:
        """A copy of a draft without the leaders `out`, whose columns are kept."""
        draft = draft.copy()
        self.add(out, draft.column[out][:, None, :])
        self.placer.take(draft, out)
        return draft

    def _best_known(self, prices: F64) -> I32:
        """Of the columns of each leader in the pool the one that is worth most at prices (points)."""
        pool, whole = self.pool, scaled(prices)
        best = np.full(self.n, NEVER, np.int64)
        found = np.full((self.n, pool.width), -1, np.int32)
        for k in range(pool.column.shape[1]):
            worth = self.pricer.worth(pool.column[:, k], whole)
            better = (k < pool.size) & (worth > best)
            best[better], found[better] = worth[better], pool.column[better, k]
        return found

    def place(self, modes: ChosenModes, prices: F64, *, node_limit: int | None = None) -> bool:
        """A plan by placing leaders one by one at prices; whether it is better than the best so far."""
        draft, order = self.repair.empty(modes.chosen), self.repair.order()
        self.budget.phase(tr("placing leaders one by one"))
        if self.pricer.shards.lots is not None:  # lots have shares of what this leaves
            self.placer.put(draft, order, self._best_known(prices)[order])
        self.placer.replace(draft, order, prices, node_limit=node_limit, stop=self.budget.told_to_stop)
        return self.repair.finish(draft, modes.rooms, fresh=True)
