"""Column generation on the master as it stands: solve, price, add, until nothing better is found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.arrays import F64
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.master import Master, Mixture
from cadreplan.engines.columns.pool import add_columns
from cadreplan.engines.columns.pricing import SCALE, Pass
from cadreplan.engines.columns.rows import UNLIMITED

_LOOSE = 1e-2


@dataclass(frozen=True)
class Settled:
    """The last mixture and pass of column generation, the best prices, and their bound in points."""

    mixture: Mixture
    result: Pass
    prices: F64
    value: float


def settle(
    master: Master,
    prices: F64,
    budget: Budget,
    *,
    rounds: int,
    accuracy: float,
    warm: float,
    whole: bool = False,
    enough: float | None = None,
) -> Settled:
    """Column generation on the master as it stands, until nothing better is found to `accuracy`.

    With `whole`, choices are free, and bounds are those of the instance and are reported. The first
    programmes are solved loosely, as prices still move. Ends early at a bound below `enough`.
    """
    pricer, pool = master.pricer, master.pool
    everybody = len(master.who) == pricer.n
    best, best_prices, best_result = float("inf"), prices, None
    loose = _LOOSE if whole else 10 * accuracy
    for round_ in range(rounds):
        mixture = master.solve(prices, accuracy=max(accuracy / 2, loose), warm=warm, stop=budget.stop)
        budget.programme(mixture.point.iterations, len(mixture.point.x))
        over = (mixture.use > master.rhs + 1e-3 + 1e-4 * np.abs(master.rhs)) & (master.rhs < UNLIMITED // 2)
        new = master.activate(over)
        result = pricer.price(mixture.prices, wanted=2, subset=None if everybody else master.who)
        budget.price(result.nodes)
        bound = result.bound / SCALE if whole else result.part(master.rhs, pricer.rows)
        if whole:
            budget.bound(result.points)
        if bound < best:
            best, best_prices, best_result = bound, mixture.prices, result
        added = int(
            add_columns(pool, master.who, result.found, pricer.compiled, pricer.items, pricer.crew).sum()
        )
        prices = mixture.prices
        distance = (best - mixture.point.primal) / max(1.0, abs(best))
        if whole:
            budget.phase(
                f"prices, round {round_ + 1}: {len(mixture.point.x)} columns,"
                f" {int(master.active.sum())} limits, within {100 * max(0.0, distance):.3f} %"
            )
        if budget.stop() or (enough is not None and best < enough):
            break
        tight = loose <= accuracy / 2
        if new == 0 and (distance < accuracy or (added == 0 and tight)):
            break
        loose = min(loose, max(0.0, distance) / 10) if added else accuracy / 2
        warm = min(warm, max(0.002, min(0.03, 30 * distance)))
    return Settled(mixture, result if best_result is None else best_result, best_prices, best)
