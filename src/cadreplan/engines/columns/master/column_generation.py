"""Column generation on the master as it stands: solve, price, add, until nothing better is found."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import F64
from cadreplan.engines.columns.compiled.scale import SCALE
from cadreplan.engines.columns.master.pool import add_columns
from cadreplan.engines.columns.master.restricted_master import FractionalSolution, RestrictedMaster
from cadreplan.engines.columns.params import PricingParams
from cadreplan.engines.columns.pricing.pricer import PricingPass
from cadreplan.language import tr

_FIRST_WARM, _LEAST_WARM, _MOST_WARM = 30, 0.002, 0.03
"""Complementarity of a next programme by how far prices are from those settled, within these."""
_WANTED = 2
"""Columns a leader in a pass."""


@dataclass(frozen=True)
class Converged:
    """The last fractional solution and pass of column generation, the best prices, and their bound in
    points; `entered` limits were violated by that solution, which is worth too much as long as there are
    any."""

    fractional: FractionalSolution
    result: PricingPass
    prices: F64
    value: float
    entered: int


def generate_columns(
    master: RestrictedMaster,
    prices: F64,
    budget: Budget,
    *,
    rounds: int,
    accuracy: float,
    warm: float,
    whole: bool = False,
    exact: bool = True,
    longer: bool = True,
    enough: float | None = None,
    exact_only: bool = False,
    wanted: int = _WANTED,
) -> Converged:
    """Column generation on the master as it stands, until nothing better is found to `accuracy`.

    With `whole`, choices are free, and bounds are those of the instance and are reported. The first
    programmes are solved loosely and the first searches cut short, as prices still move, in up to three
    stages; without `exact` the last of them, with searches to the end, is left out, and without `longer` the
    one between as well. Ends early at a bound below `enough`. When `exact_only`, no search is cut short, and
    limits that still enter are waited for only while they are many. At most `wanted` columns a leader come of
    a pass.
    """
    pricer, pool = master.pricer, master.pool
    everybody = len(master.who) == pricer.n
    params, nodes = master.params.master, master.params.pricing
    limits = _stages(
        nodes,
        exact=exact,
        longer=whole and longer,
        exact_only=exact_only or (exact and rounds == 1 and not whole),
    )
    stage = 0
    coarse = accuracy >= params.coarse or exact_only
    state: tuple[float, F64, PricingPass] | None = None
    loose = params.loose if whole and not exact_only else 10 * accuracy
    stalled, patience = 0, 1 if coarse else 2
    for round_ in range(rounds):
        solved = master.solve(prices, accuracy=max(accuracy / 2, loose), warm=warm, stop=budget.stop)
        if round_ and budget.stop():  # the programme was broken off, and a pass would come late
            break
        fractional = solved
        prices = master.eased(fractional.prices)
        budget.linear_programme(fractional.point.iterations, len(fractional.point.x))
        new = master.activate(fractional.use > master.rhs + master.tolerance)
        result = pricer.price(
            prices,
            wanted=wanted,
            subset=None if everybody else master.who,
            node_limit=limits[stage],
        )
        heuristic = limits[stage] < nodes.exact_nodes
        budget.price(result.nodes)
        value = result.bound / SCALE if whole else master.value(result)
        if whole:
            budget.bound(result.points)
        if heuristic:
            value -= master.repeat * result.shortfall()
        scale = max(1.0, abs(value))
        stalled = 0 if state is None or value < state[0] - 0.05 * accuracy * scale else stalled + 1
        calm = state is not None and value > state[0] - accuracy * scale / 2
        if state is None or value < state[0]:
            state = value, prices, result
        added = int(
            add_columns(pool, master.who, result.found, pricer.compiled, pricer.stays, pricer.threads).sum()
        )
        distance = (state[0] - fractional.point.primal) / scale
        if whole:
            proven = (result.bound / SCALE - fractional.point.primal) / scale
            budget.phase(
                tr(
                    "prices, round {k}: {columns} columns, {limits} limits, within {percent:.3f} %",
                    k=round_ + 1,
                    columns=len(fractional.point.x),
                    limits=int(master.active.sum()),
                    percent=max(0.001, 100 * proven),
                )
            )
        if budget.stop() or (enough is not None and state[0] < enough):
            break
        tight = loose <= accuracy / 2
        few = int((params.some_new if exact_only else params.few_new) * int(master.active.sum()))
        converged = new <= (few if coarse or calm else 0) and (
            distance < accuracy or (tight and (added == 0 or stalled >= patience))
        )
        converged = converged or (tight and stalled > patience)  # limits come and go, and nothing moves
        following = _following(stage, limits, result, nodes)
        if converged and following is None:
            break
        settled = new <= few and (distance < 10 * accuracy or added < len(master.who) / 50)
        # what searches leave open is more than what prices do: rounds like this one close little
        settled = settled or (stage > 0 and result.shortfall() > value - fractional.point.primal)
        if following is not None and settled:
            stage, state, stalled = following, None, 0
        least = 5e-3 if new > 2 * few else 1e-3 if new > few / 2 else 0.0
        loose = max(accuracy / 2, min(loose, max(distance / 10, least)))
        warm = min(warm, max(_LEAST_WARM, min(_MOST_WARM, _FIRST_WARM * distance)))
    if state is None:  # the last round only found that searches have to be longer
        state = value, prices, result
    return Converged(fractional, state[2], state[1], state[0], new)


def _stages(nodes: PricingParams, *, exact: bool, longer: bool, exact_only: bool) -> tuple[int, ...]:
    """Nodes a leader in the stages of pricing: heuristic, longer, exact."""
    if exact_only:
        return (nodes.exact_nodes,)
    if exact:
        return (nodes.heuristic_nodes, nodes.longer_nodes, nodes.exact_nodes)
    return (nodes.heuristic_nodes, nodes.longer_nodes) if longer else (nodes.heuristic_nodes,)


def _following(stage: int, limits: tuple[int, ...], result: PricingPass, nodes: PricingParams) -> int | None:
    """The stage of pricing after this one; None where it would hardly find more."""
    if stage + 1 == len(limits):
        return None
    if result.cut > nodes.many_cut * len(result.upper):
        return stage + 1
    return len(limits) - 1 if limits[-1] == nodes.exact_nodes else None
