"""The restricted master: which rows are in, the programme over the pool, and its solution on all rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import F64, I32, I64, Bools
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.compiled.scale import SCALE, scaled
from cadreplan.engines.columns.master.assembly_tree import Belonging
from cadreplan.engines.columns.master.eased_prices import eased_prices
from cadreplan.engines.columns.master.interior_point import Point, solve_blocks
from cadreplan.engines.columns.master.pool import (
    Matrix,
    Pool,
    build_matrix,
    weighted_use,
    without_rows,
    without_users,
)
from cadreplan.engines.columns.pricing.pricer import Pricer, PricingPass

_BARRED = -(1 << 61)


@dataclass(frozen=True)
class FractionalSolution:
    """A fractional plan: the point, its matrix, prices by row, and the use of every row."""

    point: Point
    matrix: Matrix
    prices: F64
    use: F64
    mode_weight: F64


@dataclass(frozen=True)
class _Path:
    """What a programme passed: its leaders, its rows, and of each iterate complementarity and prices."""

    who: I32
    index: I64
    iterates: list[tuple[float, F64]]


class RestrictedMaster:
    """Holds the active rows; open leaders `who`, limits and allowed modes change in a dive.

    Each leader stands for `repeat` of their kind, who may each attend as much of a candidate as of it runs.
    Only rows in `counts` may become active. Rows enter when they are violated (variable upper bounds by more
    than `link_tolerance`), and leave when they have not mattered for a while. Prices are at most `penalty`
    points, and a fair one is about a `unit`: both come from what single skill gaps and stays are worth,
    `penalty` of rows that count sessions from what a full one is.
    """

    def __init__(self, pricer: Pricer, pool: Pool, repeat: float = 1.0) -> None:
        self.pricer, self.pool, self.repeat, self.params = pricer, pool, repeat, pricer.params
        rows, summary = pricer.rows, pricer.shards.summary
        most = max(int(summary.bit_points.max(initial=0)), summary.most_points)
        self.unit = max(1.0, most / 4)
        self.penalty: F64 = np.full(rows.n, 40.0 * self.unit + 4.0 * rows.underfill_points)
        self.penalty[rows.offer0 :] *= max(1.0, float(rows.mode_cap.max(initial=1)))
        self.rhs: F64 = rows.rhs.astype(np.float64)
        self.modes: I32 = np.arange(len(rows.mode_points), dtype=np.int32)
        self.who: I32 = np.arange(pricer.n, dtype=np.int32)
        self.active = np.zeros(rows.n, np.bool_)
        self._quiet = np.zeros(rows.n, np.int32)
        self._patience = np.full(rows.n, self.params.master.patience, np.int32)
        self._path: _Path | None = None
        self.counts: Bools = self.rhs < UNLIMITED // 2
        self._full = np.zeros(rows.n, np.bool_)
        self.variable_bound_tolerance = self.params.master.bound_excess

    @property
    def tolerance(self) -> F64:
        """By row, the excess that is no reason to let it in."""
        variable_bounds = self.variable_bound_tolerance * self.repeat * self.pricer.variable_bounds
        return np.asarray(1e-3 + 1e-4 * np.abs(self.rhs) + variable_bounds, np.float64)

    def activate(self, mask: Bools) -> int:
        """Let rows in; how many were not in before."""
        new = mask & ~self.active & self.counts
        self.active |= new
        return int(new.sum())

    def fix(self, who: I32, rhs: F64, modes: I32 | None = None, *, lean: bool = False) -> None:
        """From now on leaders `who` within `rhs`, which all choices have been taken off but for `modes`.

        Without `modes` only the underfill of sessions is left open. A `lean` programme has no columns that
        use what nothing is left of: such rows have the highest price instead, which bounds of this programme
        allow, but which says nothing of what one more place would be worth.
        """
        rows = self.pricer.rows
        self.who, self.rhs = who, rhs
        self.modes = np.flatnonzero(rows.underfill).astype(np.int32) if modes is None else modes
        self._full = np.zeros(rows.n, np.bool_)
        if lean:
            self._full = self.counts & (rhs <= 0)
            self._full[rows.n_sessions : rows.quota0] = False
            self._full[rows.offer0 :] = False
            self._full[rows.mode_row[np.repeat(self.allowed, np.diff(rows.mode_ptr))]] = False

    @property
    def allowed(self) -> Bools:
        """Modes that are not fixed."""
        allowed = np.zeros(len(self.pricer.rows.mode_points), np.bool_)
        allowed[self.modes] = True
        return allowed

    def value(self, result: PricingPass) -> float:
        """The bound in points that a pass over the open leaders proves for this programme."""
        rows = self.pricer.rows
        some = np.flatnonzero(result.prices)
        leaders = self.repeat * float(result.upper.sum())
        worth = np.full(len(rows.mode_points), _BARRED, np.int64)
        worth[self.modes] = self._repeated(result.worth, result.prices)[self.modes]
        best = rows.best_worth(worth)
        spare = float(best[best > _BARRED].sum())
        return (float(result.prices[some] @ self.rhs[some]) + leaders + spare) / SCALE

    def eased(self, prices: F64) -> F64:
        """Prices that bound this programme alike, and its leaders better (see `eased_prices`)."""
        rows, whole = self.pricer.rows, scaled(prices)
        worth = self._repeated(rows.worth(whole, SCALE), whole) / SCALE
        return eased_prices(prices, worth, rows, self.rhs, self.allowed)

    def _repeated(self, worth: I64, prices: I64) -> I64:
        """The worth of modes at these prices where leaders stand for others, by whose bounds it grows."""
        if self.repeat == 1:
            return worth
        bounds = self.pricer.rows.worth(np.where(self.pricer.variable_bounds, prices, 0), 0)
        more: I64 = np.rint((self.repeat - 1) * bounds).astype(np.int64)
        return worth + more

    def matrix(self, positions: I32) -> Matrix:
        """The programme over the open leaders and the modes not fixed."""
        rows = self.pricer.rows
        modes = self.modes
        lengths = np.bincount(rows.block_of[modes], minlength=rows.n_blocks)
        mode_ptr = np.concatenate(([0], np.cumsum(lengths[lengths > 0]))).astype(np.int32)
        matrix = build_matrix(
            self.pool,
            self.who,
            modes,
            mode_ptr,
            positions,
            self.pricer.compiled,
            self.pricer.stays,
            rows,
        )
        if self.repeat != 1:
            last = int(matrix.block_ptr[len(self.who)])
            matrix.coef[: matrix.ptr[last]] *= self.repeat
            matrix.points[:last] *= self.repeat
            of_modes = slice(int(matrix.ptr[last]), None)
            variable_bounds = self.pricer.variable_bounds[positions >= 0]
            matrix.coef[of_modes][variable_bounds[matrix.row[of_modes]]] *= self.repeat
        return matrix

    def solve(
        self, near: F64, *, accuracy: float, warm: float, stop: Callable[[], bool]
    ) -> FractionalSolution:
        """The programme to `accuracy`; `stop` ends it early.

        It begins where the last one passed if that was about these leaders too, else near the prices
        `near` (by row).
        """
        rows = self.pricer.rows
        index, matrix = self._tight(np.flatnonzero(self.active))
        warm, near = self._central(index, near, warm)
        point = solve_blocks(
            matrix,
            self.rhs[index],
            near[index],
            self._belonging(index, matrix),
            self.pricer.threads,
            accuracy=accuracy,
            penalty=self._highest_prices()[index],
            unit=self.unit,
            warm=warm,
            stop=stop,
        )
        prices = np.where(self._full, self.penalty, 0.0)
        prices[index] = point.pi
        self._path = _Path(self.who, index, point.path)
        self._score(matrix, point)
        n_leader = int(matrix.block_ptr[len(self.who)])
        use = self.use(matrix, point.x)
        weight = np.zeros(len(rows.mode_points))
        weight[matrix.mode] = point.x[n_leader:]
        self._retire(index, point.pi, use[index])
        return FractionalSolution(point, matrix, prices, use, weight)

    def _tight(self, index: I64) -> tuple[I64, Matrix]:
        """Of these rows those that the columns could violate, and the programme over them.

        When few leaders are open most of what is left cannot be used up by them, whatever they do.
        """
        lean = bool(self._full.any())
        index = np.flatnonzero(self.active | self._full) if lean else index
        matrix = self.matrix(self._positions(index))
        if lean:
            index, matrix = index[~self._full[index]], without_users(matrix, self._full[index])
        if len(self.who) == self.pricer.n and not lean:
            return index, matrix
        block = np.repeat(np.arange(len(matrix.block_ptr) - 1), np.diff(matrix.block_ptr))
        entry = np.repeat(block, np.diff(matrix.ptr)) + matrix.row * np.int64(len(matrix.block_ptr) - 1)
        order = np.argsort(entry, kind="stable")
        most = np.zeros(len(index))
        if len(order):
            entry = entry[order]
            first = np.flatnonzero(np.concatenate(([True], entry[1:] != entry[:-1])))
            largest = np.maximum(0.0, np.maximum.reduceat(matrix.coef[order], first))
            most += np.bincount(matrix.row[order[first]], weights=largest, minlength=len(index))
        tight = most > self.rhs[index]
        return index[tight], without_rows(matrix, ~tight)

    def _highest_prices(self) -> F64:
        """The highest prices: the penalty, but for the minimum of what may stay closed.

        Where hardly anybody can come, its optimal prices have no end: the minimum pays ever more for coming,
        and quotas take it back from those who can. Bounds would be made of what is paid to the others.
        """
        rows, most = self.pricer.rows, self.penalty.copy()
        may_close = rows.block_of[self.modes[rows.closed[self.modes]]]
        most[rows.n_sessions + rows.block_session[may_close]] = self.params.master.most_minimum * self.unit
        return most

    def _positions(self, index: I64) -> I32:
        positions = np.full(self.pricer.rows.n, -1, np.int32)
        positions[index] = np.arange(len(index), dtype=np.int32)
        return positions

    def _belonging(self, index: I64, matrix: Matrix) -> Belonging:
        """Whose the active rows are, and the blocks of a programme."""
        rows = self.pricer.rows
        block = np.full(len(matrix.block_ptr) - 1, -1, np.int32)
        block[: len(self.who)] = self.pricer.compiled.leaders.branch[self.who]
        return Belonging(rows.branch_of[index], block, rows.parent)

    def _retire(self, index: I64, pi: F64, use: F64) -> None:
        """Let rows go that had no price, and much left, for long enough."""
        rhs = self.rhs[index]
        params = self.params.master
        quiet = (pi < params.no_price * self.unit) & (use < rhs - params.far * np.abs(rhs))
        self._quiet[index] = np.where(quiet, self._quiet[index] + 1, 0)
        gone = index[self._quiet[index] >= self._patience[index]]
        self.active[gone] = False
        self._quiet[gone] = 0
        self._patience[gone] *= 2

    def _central(self, index: I64, near: F64, warm: float) -> tuple[float, F64]:
        """The complementarity to begin at, and prices central for it where the last solution passed there."""
        near = np.where(near < self.penalty, near, self.params.master.first_price * self.unit)
        last = self._path
        if last is None or not np.isin(self.who, last.who).all():
            return warm, near
        new = np.setdiff1d(index, last.index, assume_unique=True)
        params = self.params.master
        if len(new) > params.many_new * len(index):
            warm = max(warm, min(params.central, params.further * warm))
        near = near.copy()
        near[new] = np.maximum(near[new], params.first_price * self.unit)
        passed = [one for one in last.iterates if one[0] >= warm]
        if not passed:
            return warm, near
        prices = np.zeros(len(near))
        prices[new] = near[new]
        prices[last.index] = passed[-1][1]
        return passed[-1][0], prices

    def use(self, matrix: Matrix, x: F64) -> F64:
        """Use of every row, active or not, by a fractional solution."""
        rows = self.pricer.rows
        people = np.zeros((len(rows.parent), rows.n_sessions))
        away = np.zeros((len(rows.parent), rows.n_days + 1))
        bed = np.zeros((rows.n_sites, rows.n_days + 1))
        weighted_use(
            self.who,
            matrix.block_ptr,
            matrix.place,
            x,
            self.pool.column,
            self.pricer.compiled,
            self.pricer.stays,
            people,
            away,
            bed,
        )
        weight = np.zeros(len(rows.mode_points))
        weight[matrix.mode] = x[int(matrix.block_ptr[len(self.who)]) :]
        of_choices = rows.use_of(weight)
        of_choices[self.pricer.variable_bounds] *= self.repeat
        return self.repeat * rows.gather(people, away, bed) + of_choices

    def _score(self, matrix: Matrix, point: Point) -> None:
        """Note how good each column is, so that the pool knows what to give up."""
        n = int(matrix.block_ptr[len(self.who)])
        who = np.repeat(matrix.who, np.diff(matrix.block_ptr[: len(self.who) + 1]))
        entry_col = np.repeat(np.arange(n), np.diff(matrix.ptr[: n + 1]))
        last = int(matrix.ptr[n])
        paid = np.bincount(entry_col, weights=matrix.coef[:last] * point.pi[matrix.row[:last]], minlength=n)
        block = np.repeat(point.psi[: len(self.who)], np.diff(matrix.block_ptr[: len(self.who) + 1]))
        self.pool.score[who, matrix.place[:n]] = matrix.points[:n] - paid - block + 1e6 * point.x[:n]
