"""The end of a search where little is left open: all columns that a better plan could have, as one MIP.

At any prices a plan is worth at most the bound there less what each of its columns loses against the best one
of its leader. So a plan better than the one in hand has no column that loses more than the gap (route
enumeration: Baldacci, Christofides and Mingozzi, Mathematical Programming 115, 2008). Where what remains is
listed completely and is not too much, a MIP solver (`whole_mip`) finds the best plan, or proves by its cuts a
bound closer than any prices can. What runs, and in which rooms, is fixed, and the bound one of this choice;
or it is free as far as modes lose no more than the gap either, and the bound is one of all plans. Rooms have
no identity then: what is found is a plan where they can be assigned.
"""

from __future__ import annotations

import math

import numpy as np

from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.heuristics.column_mip import limited
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.pool import Matrix, Pool, add_columns, build_matrix, new_pool, width_of
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, NOTHING
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.language import tr


class EnumeratedMip:
    """Says when the gap of a choice is small enough, and closes it as far as possible."""

    def __init__(self, master: RestrictedMaster, repair: Repair, mode_model: ModeModel) -> None:
        self.master, self.pricer, self.repair, self.budget = master, master.pricer, repair, repair.budget
        self.mode_model, self.params = mode_model, master.pricer.params.enumeration
        self._choice: ChosenModes | None = None
        self._tried = math.inf
        enough = max(self.params.few, self.params.most_each * self.pricer.n)
        self._most = min(self.params.most, enough)
        self._places = min(self.params.most_places, max(1, self.params.places // max(1, self.pricer.n)))

    def is_due(self, chosen_modes: ChosenModes | None, promise: float, prices: F64) -> bool:
        """Whether an attempt is worth it: at these prices, `promise` being what the linear programme
        makes of the choice (None: all are free) in points, few columns could be in a better plan.

        It takes a pass over some leaders, and over none where the gap hardly shrank.
        """
        pricer = self.pricer
        if chosen_modes is not self._choice:
            self._choice, self._tried = chosen_modes, math.inf
        gap = max(1.0, promise - self.repair.worth)
        if self.repair.draft is None or gap >= self.params.less * self._tried:
            return False
        self._tried = gap
        every = max(1, pricer.n // self.params.sample)
        some = np.arange(0, pricer.n, every, dtype=np.int32)
        result = pricer.price(prices, subset=some)
        least = result.upper - int(gap * SCALE)
        ended, value, _ = pricer.enumerate_columns(scaled(prices), least, self._places, some)
        self.budget.price(2 * result.nodes)
        n = np.count_nonzero(value > NEVER // 2, axis=1)
        complete = ended & (n < self._places)
        return float(complete.mean()) >= self.params.nearly_all and float(n.mean()) * pricer.n <= self._most

    def run(self, chosen_modes: ChosenModes | None, prices: F64) -> int | None:
        """Look for the best plan of a choice, or with all free; returns what any such plan is worth at most,
        None if that was not found out.
        """
        budget, rows, worth = self.budget, self.pricer.rows, self.repair.worth
        base, at_most = self._settled(chosen_modes, prices)
        slack = at_most - (worth + 1) * SCALE
        if slack < 0 or budget.stop():
            return worth if slack < 0 else None
        ended, value, found = self.pricer.enumerate_columns(base.prices, base.upper - slack - 1, self._places)
        budget.price(base.nodes)
        if budget.stop():
            return None
        some = np.asarray(value > NEVER // 2)
        if not some[:, 0].all():  # somebody has no part in a better plan; or was not searched to the end
            return worth if (ended & ~some[:, 0]).any() else None
        most = self._most
        loss = np.where(some, base.upper[:, None] - value, slack + 1)
        kept = slack if some.sum() <= most else int(np.partition(loss.ravel(), most)[most]) - 1
        loss[:, 0] = np.minimum(loss[:, 0], kept)
        found[loss > kept] = NOTHING
        budget.phase(tr("the {n} columns that lose least, as one programme", n=int((loss <= kept).sum())))
        if chosen_modes is None:
            lost = rows.best_worth(base.worth)[rows.block_of] - base.worth
            modes = np.flatnonzero(rows.underfill | (lost <= slack)).astype(np.int32)
        else:
            modes = np.union1d(np.flatnonzero(rows.underfill), chosen_modes.chosen).astype(np.int32)
        proven = self._solve(chosen_modes, modes, found)
        if proven is None or not ended.all():
            return None
        missing = min(kept, int(np.where(some[:, -1], loss[:, -1] - 1, slack).min()))
        return max(worth, proven, (at_most - missing - 1) // SCALE)

    def _settled(self, chosen_modes: ChosenModes | None, prices: F64) -> tuple[PricingPass, int]:
        """An exact pass at prices that settle for a choice, and the scaled bound for the choice there."""
        rows = self.pricer.rows
        everybody = np.arange(self.pricer.n, dtype=np.int32)
        if chosen_modes is None:
            free = np.arange(len(rows.mode_points), dtype=np.int32)
            self.master.fix(everybody, rows.rhs.astype(np.float64), free)
        else:
            self.master.fix(everybody, rows.rhs - rows.use_of(_weight(rows, chosen_modes.chosen)))
        converged = generate_columns(
            self.master,
            prices,
            self.budget,
            rounds=self.params.rounds,
            accuracy=self.params.accuracy,
            warm=self.params.warm,
            exact=True,
        )
        base = self.pricer.price(converged.prices)
        self.budget.price(base.nodes)
        if chosen_modes is None:
            return base, base.bound
        return base, base.constant + int(base.worth[chosen_modes.chosen].sum())

    def _solve(self, chosen_modes: ChosenModes | None, modes: I32, found: I32) -> int | None:
        """The best plan of these columns and modes, if it is better; what one is worth at most (None: not
        known).
        """
        from cadreplan.engines.columns.heuristics.whole_mip import WholeMip  # noqa: PLC0415 (takes a while)

        pricer, rows = self.pricer, self.pricer.rows
        everybody = np.arange(pricer.n, dtype=np.int32)
        pool = new_pool(pricer.n, width_of(pricer.compiled), self._places)
        add_columns(pool, everybody, found, pricer.compiled, pricer.stays, pricer.threads)
        lengths = np.bincount(rows.block_of[modes], minlength=rows.n_blocks)
        mode_ptr = np.concatenate(([0], np.cumsum(lengths[lengths > 0]))).astype(np.int32)
        index, positions = limited(rows)
        matrix = build_matrix(
            pool, everybody, modes, mode_ptr, positions, pricer.compiled, pricer.stays, rows
        )
        people = np.zeros(len(matrix.points), np.int64)
        people[len(people) - len(modes) :] = np.where(rows.underfill[modes], rows.mode_cap[modes], 0)
        found_best = WholeMip(matrix, rows.rhs[index], people).solve(
            seconds=self._seconds(),
            nodes=self.params.nodes,
            seed=self.budget.options.seed,
        )
        self.budget.work += self.params.iteration * found_best.iterations
        if found_best.taken is not None:
            self._place(pool, matrix, found_best.taken, chosen_modes)
        return self.repair.worth if found_best.is_infeasible else found_best.bound

    def _seconds(self) -> float | None:
        """How long the programme may take; by a limit of work alone the clock is not read."""
        left, params = self.budget.left(), self.params
        if left is None:
            return None if self.budget.options.work_limit is not None else params.seconds
        return min(params.seconds, max(0.1, params.time_share * left))

    def _place(self, pool: Pool, matrix: Matrix, taken: Bools, chosen_modes: ChosenModes | None) -> None:
        """The plan that takes these columns, if it is better than the one in hand and has its rooms."""
        repair, rows = self.repair, self.pricer.rows
        n_leader = int(matrix.block_ptr[self.pricer.n])
        of = np.flatnonzero(taken[:n_leader])
        if chosen_modes is None:
            modes = matrix.mode[taken[n_leader:]]
            modes = np.sort(modes[~rows.underfill[modes]]).astype(np.int32)
            chosen_modes = self.mode_model.heaviest(_weight(rows, modes), self.budget.left())
            if chosen_modes is None or not np.array_equal(chosen_modes.chosen, modes):
                return
        draft = repair.empty(chosen_modes.chosen)
        repair.placer.put(draft, matrix.who, pool.column[matrix.who, matrix.place[of]])
        repair.finish(draft, chosen_modes.rooms, fresh=False)


def _weight(rows: Rows, modes: I32) -> F64:
    """1 for these modes, 0 for all others."""
    weight = np.zeros(len(rows.mode_points))
    weight[modes] = 1.0
    return weight
