"""The search for one leader against trying every set of his items, at random prices."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.engines.columns.arrays import Compiled, compile_arrays
from cadreplan.engines.columns.items import Items
from cadreplan.engines.columns.jit import Crew
from cadreplan.engines.columns.listing import list_items
from cadreplan.engines.columns.pricing import SCALE, Pricer, column_points, column_worth
from cadreplan.engines.columns.rows import build_rows
from cadreplan.engines.columns.table import NEVER
from cadreplan.engines.columns.together import clash, missing, standards
from cadreplan.instance import Instance
from tests.strategies import instances

_MOST = 14
"""Items of a leader beyond which not every set is tried."""
_WIDTH = 16


def _best(i: int, c: Compiled, items: Items, pricer: Pricer, prices: np.ndarray) -> int:
    """The largest scaled worth of any allowed set, NEVER where there is none."""
    everything = range(int(items.ptr[i]), int(items.ptr[i + 1]))
    spread = pricer.rows.spread(prices)
    forced = (1 << int(items.n_pins[i])) - 1
    best = NEVER

    def look(chosen: list[int], first: int, mask: int, size: int, trips: int, days: int) -> None:
        nonlocal best
        column = np.full(_WIDTH, -1, np.int32)
        column[: len(chosen)] = chosen
        complete = not forced & ~mask and missing(i, column, len(chosen), c, items)[0] < 0
        if complete and standards(column, len(chosen), c, items):
            own = column_points(i, column, c, items)
            best = max(best, column_worth(i, column, own, c, items, *spread, SCALE))
        for j in everything[first:]:
            n = size + int(items.sess_ptr[j + 1] - items.sess_ptr[j])
            t = trips + int(items.trip_ptr[j + 1] - items.trip_ptr[j])
            d = days + int(items.days[j])
            fits = (
                n <= c.leaders.max_sessions[i] and t <= c.leaders.max_trips[i] and d <= c.leaders.max_days[i]
            )
            if fits and not any(clash(j, k, c, items) for k in chosen):
                look([*chosen, j], j - everything[0] + 1, mask | int(items.mask[j]), n, t, d)

    look([], 0, 0, 0, 0, 0)
    return best


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=4, max_sessions=8), st.integers(0, 1 << 30), st.sampled_from((0, 300, 8000)))
def test_the_search_finds_the_best_set_and_stays_above_it_when_cut_short(
    instance: Instance, seed: int, dear: int
) -> None:
    c = compile_arrays(instance)
    crew = Crew(1)
    items = list_items(c, crew)
    pricer = Pricer(c, items, build_rows(instance), crew)
    rng = np.random.default_rng(seed)
    prices = rng.random(pricer.rows.n) * dear * (rng.random(pricer.rows.n) < 0.5)
    exact = pricer.price(prices, wanted=2)
    short = [pricer.price(prices, node_limit=limit) for limit in (1, 3, 10)]
    for i in range(pricer.n):
        if items.ptr[i + 1] - items.ptr[i] > _MOST or items.cut[i]:
            continue
        best = _best(i, c, items, pricer, exact.prices)
        assert exact.upper[i] == best
        assert exact.value[i, 0] == best
        for limited in short:
            assert limited.upper[i] >= best >= limited.value[i, 0]
