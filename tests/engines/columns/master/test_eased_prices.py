"""Prices on the edge of what is optimal: no bound is larger for them, and no leader's."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.master.pool import new_pool
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.pricing.pricer import Pricer, pricer_of
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.instance import Instance
from tests.draws import examples
from tests.strategies import instances


def _master(instance: Instance) -> tuple[Pricer, RestrictedMaster]:
    pricer = pricer_of(instance, ThreadPool(1))
    return pricer, RestrictedMaster(pricer, new_pool(pricer.n, 4))


@settings(max_examples=examples(40), deadline=None)
@given(instances(), st.integers(0, 2**32 - 1))
def test_no_bound_and_no_leaders_bound_is_larger(instance: Instance, seed: int) -> None:
    pricer, master = _master(instance)
    rng = np.random.default_rng(seed)
    prices = np.where(rng.random(pricer.rows.n) < 0.6, rng.random(pricer.rows.n) * 4000, 0.0)
    prices[master.rhs >= UNLIMITED // 2] = 0
    before, after = pricer.price(prices), pricer.price(master.eased(prices))
    rounding = 2 * pricer.rows.n * int(pricer.rows.mode_cap.max(initial=1))
    assert after.bound <= before.bound + rounding
    assert (after.upper <= before.upper + rounding).all()


def test_the_price_of_a_minimum_that_nobody_meets_says_nothing() -> None:
    pricer, master = _master(draw(40, 60, 5).instance)
    rows = pricer.rows
    closing = np.flatnonzero(rows.minimum)
    low = rows.n_sessions + rows.block_session[closing]
    assert len(low) > 3
    prices = np.zeros(rows.n)
    prices[low] = 250_000.0
    eased = master.eased(prices)
    cost = -rows.mode_points[rows.block_ptr[closing] + 1]
    assert (eased[low] == 0).all()
    np.testing.assert_allclose(
        eased[rows.block_session[closing]] * rows.mode_cap[rows.block_ptr[closing] + 1], cost
    )
    assert pricer.price(eased).bound < pricer.price(np.zeros(rows.n)).bound < pricer.price(prices).bound


def test_seats_and_minimum_do_not_pay_each_other() -> None:
    pricer, master = _master(draw(40, 60, 5).instance)
    rows = pricer.rows
    block = int(np.flatnonzero(rows.minimum)[0])
    s, least, people = (
        int(rows.block_session[block]),
        int(rows.minimum[block]),
        int(rows.mode_cap[rows.block_ptr[block] + 1]),
    )
    prices = np.zeros(rows.n)
    prices[rows.n_sessions + s], prices[s] = 9_000.0 * people, 9_000.0 * least
    eased = master.eased(prices)
    assert eased[rows.n_sessions + s] == 0
    worth = rows.mode_points[rows.block_ptr[block] + 1] + eased[s] * people
    assert abs(worth) < 1e-6 * people * 9_000


def test_people_missing_cost_no_more_than_missing_them() -> None:
    pricer, master = _master(draw(40, 60, 5).instance)
    rows = pricer.rows
    missing = np.flatnonzero(rows.underfill & (rows.mode_cap > 0))
    low = rows.n_sessions + rows.block_session[rows.block_of[missing]]
    assert len(low)
    prices = np.zeros(rows.n)
    prices[low] = 250_000.0
    per_head = -rows.mode_points[missing] / rows.mode_cap[missing]
    np.testing.assert_allclose(master.eased(prices)[low], per_head, rtol=1e-6)
