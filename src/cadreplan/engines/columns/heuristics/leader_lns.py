"""Large neighbourhood search over leaders: some are taken out of the plan and placed again, all others stay.

Leaders who lose most at the prices, and others who hold what these want, make a neighbourhood; every other
one is of whole branches. Where small ones bring nothing more, larger ones are tried, and then more columns in
these.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.lot_lns import place_again_in_lot
from cadreplan.engines.columns.heuristics.lots import Task
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.heuristics.restricted_master_mip import complete_by_mip
from cadreplan.engines.columns.master.pool import add_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.engines.columns.pricing.shards import Lots
from cadreplan.language import tr

_GROWTH = 1.3
"""Growth of the columns a leader, each time that the largest neighbourhoods brought nothing."""
_CROWDED = 0.3
"""Part of the mean loss with which leaders without any loss may be drawn."""


class LeaderLns:
    """Draws neighbourhoods of `size` leaders around the plan that `repair` holds."""

    def __init__(self, master: RestrictedMaster, repair: Repair, rng: np.random.Generator) -> None:
        self.master, self.repair, self.rng = master, repair, rng
        self.pricer, self.params = master.pricer, master.params.lns
        self.n = self.pricer.n
        self.size = min(self.n, self.params.leaders)
        self.columns_each = self.params.columns_each
        self.tried = 0

    @property
    def is_open(self) -> bool:
        """Whether there is a plan to improve, and neighbourhoods are left to try."""
        return self.repair.draft is not None and self.columns_each <= self.params.most_columns_each

    def improve(self, result: PricingPass, prices: F64) -> bool:
        """Place a neighbourhood again, by a pass that says who loses, and `prices`; whether it helped."""
        repair, placer = self.repair, self.repair.placer
        if repair.draft is None:
            return False
        self.tried += 1
        loss = result.upper - self.pricer.worth(repair.draft.column, result.prices)
        if self.pricer.shards.lots is not None:
            return self._improve_in_lots(repair.draft, loss / SCALE, prices, self.pricer.shards.lots)
        out = self._neighbours(repair.draft, loss / SCALE, result.found[:, 0])
        draft = repair.draft.copy()
        held = draft.column[out]
        add_columns(
            self.master.pool,
            out,
            held[:, None, :],
            self.pricer.compiled,
            self.pricer.stays,
            self.pricer.threads,
        )
        placer.take(draft, out)
        repair.budget.phase(tr("re-solving block {k}: {n} leaders", k=self.tried, n=len(out)))
        done = complete_by_mip(
            self.master,
            placer,
            draft,
            out,
            prices,
            repair.budget,
            accuracy=self.params.accuracy,
            floor=repair.worth,
            held=held,
            columns_each=self.columns_each,
        )
        return done and repair.finish(draft, repair.rooms, fresh=False)

    def _improve_in_lots(self, held: Draft, loss: F64, prices: F64, lots: Lots) -> bool:
        """Place blocks of some lots again, side by side; whether it helped."""
        repair, rng = self.repair, self.rng
        of_lots = np.array([np.maximum(loss[own], 0).sum() + 1 for own in lots.who])
        at_a_time = min(self.master.params.cluster.side_by_side, len(of_lots))
        some = rng.choice(len(of_lots), at_a_time, replace=False, p=of_lots / of_lots.sum())
        own = {k: self._block(lots.who[k], loss) for k in np.sort(some).tolist()}
        n = sum(map(len, own.values()))
        repair.budget.phase(tr("re-solving block {k}: {n} leaders", k=self.tried, n=n))
        draft = held.copy()
        task = replace(Task.of(draft, prices), params=self.master.params, columns_each=self.columns_each)
        moved, work = repair.placer.waves.wave(draft, own, place_again_in_lot, task)
        repair.budget.work += work
        if not moved:
            return False
        movers = np.flatnonzero((draft.column != held.column).any(axis=1)).astype(np.int32)
        new = draft.column[movers][:, None, :]
        pricer = self.pricer
        add_columns(self.master.pool, movers, new, pricer.compiled, pricer.stays, pricer.threads)
        return repair.finish(draft, repair.rooms, fresh=False)

    def _block(self, lot: I32, loss: F64) -> I32:
        """Places of some leaders of a lot: rather of those who could do better, or of their branches."""
        size = min(self.size, len(lot))
        chance = np.maximum(loss[lot], 0) + 1
        if size == len(lot):
            return np.arange(len(lot), dtype=np.int32)
        if self.tried % 2 == 0:
            return np.sort(self.rng.choice(len(lot), size, replace=False, p=chance / chance.sum())).astype(
                np.int32
            )
        _, branch = np.unique(self.pricer.compiled.leaders.branch[lot], return_inverse=True)
        by_branch = np.bincount(branch, chance)
        order = self.rng.choice(len(by_branch), len(by_branch), replace=False, p=by_branch / by_branch.sum())
        people = np.cumsum(np.bincount(branch)[order])
        taken = order[: max(1, int(np.searchsorted(people, size, side="right")))]
        return np.flatnonzero(np.isin(branch, taken)).astype(np.int32)[: 2 * size]

    def tell(self, idle: int) -> None:
        """Take in that `idle` neighbourhoods in a row brought nothing: larger ones, if it is time."""
        if idle and (idle % self.params.patience == 0 or self.size > self.params.middle_leaders):
            self._grow()

    def _grow(self) -> None:
        """From small neighbourhoods to middling ones, to the largest, and then more columns in these."""
        lots = self.pricer.shards.lots
        largest = min(self.n if lots is None else lots.placed_here, self.params.most_leaders)
        if self.size >= largest:
            self.columns_each *= _GROWTH
        elif self.size >= self.params.middle_leaders:
            self.size = largest
        else:
            self.size = min(2 * self.size, largest)

    def _neighbours(self, draft: Draft, loss: F64, wanted: I32) -> I32:
        """Leaders who could do better, and others who hold sessions that these have or want."""
        size = self.size
        if size == self.n:
            return np.arange(self.n, dtype=np.int32)
        if self.tried % 2:
            return self._outlets(loss, size)
        chance = np.maximum(loss, 0) + 1 + _CROWDED * max(0.0, float(loss.mean()))
        seeds = self.rng.choice(self.n, max(1, size // 10), replace=False, p=chance / chance.sum())
        stays = self.pricer.stays
        some = np.concatenate((wanted[seeds].ravel(), draft.column[seeds].ravel()))
        sessions = np.zeros(self.pricer.rows.n_sessions, np.bool_)
        for j in some[some >= 0]:
            sessions[stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]]] = True
        near = self.repair.holders(draft, sessions)
        near = np.setdiff1d(near, seeds)
        if not len(near):
            return np.sort(seeds).astype(np.int32)
        part = chance[near] / chance[near].sum()
        rest = self.rng.choice(near, min(len(near), size - len(seeds)), replace=False, p=part)
        return np.sort(np.concatenate((seeds, rest))).astype(np.int32)

    def _outlets(self, loss: F64, size: int) -> I32:
        """All leaders of some branches, preferably of those whose leaders could do better."""
        branch = self.pricer.compiled.leaders.branch
        by_branch = np.bincount(branch, np.maximum(loss, 0) + 1)
        some = np.flatnonzero(by_branch)
        chance = by_branch[some] / by_branch[some].sum()
        order = self.rng.choice(some, len(some), replace=False, p=chance)
        people = np.bincount(branch)[order]
        taken = order[: max(1, int(np.searchsorted(np.cumsum(people), size, side="right")))]
        return np.flatnonzero(np.isin(branch, taken)).astype(np.int32)[: 2 * size]
