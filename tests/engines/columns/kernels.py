"""Kernels that only kernels call, for the interpreter: as they have no wrapper, a call would crash."""

from __future__ import annotations

from typing import Any

from cadreplan.engines.columns.compiled.arrays import I32, I64, Compiled
from cadreplan.engines.columns.pricing import compatibility as rules
from cadreplan.engines.columns.pricing import kernels as pricing
from cadreplan.engines.columns.pricing import search as searching
from cadreplan.engines.columns.pricing.completion_bounds import NEVER, Scratch
from cadreplan.engines.columns.pricing.kernels import Multipliers
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.columns.pricing.table_shape import BARE, SMALL
from cadreplan.engines.jit import lean

_clash, _idle_in = rules.clash, rules.idle_in
_missing, _standards = rules.missing, rules.standards
_points, _worth, _costs = pricing.column_points, pricing.column_worth, pricing.stay_costs
_search_within, _fix = searching.search_within, searching.fix_by_found


@lean
def clash(a: int, b: int, c: Compiled, stays: Stays) -> bool:
    return _clash(a, b, c, stays)


@lean
def idle_in(i: int, chosen: I32, n: int, c: Compiled, stays: Stays, out: I32) -> int:
    return _idle_in(i, chosen, n, c, stays, out)


@lean
def missing(i: int, chosen: I32, n: int, c: Compiled, stays: Stays) -> bool:
    return _missing(i, chosen, n, c, stays)


@lean
def standards(i: int, chosen: I32, n: int, c: Compiled, stays: Stays) -> bool:
    return _standards(i, chosen, n, c, stays)


@lean
def column_points(i: int, column: I32, c: Compiled, stays: Stays) -> int:
    return _points(i, column, c, stays)


@lean
def column_worth(
    i: int, column: I32, points: int, c: Compiled, stays: Stays, session: I64, day: I64, bed: I64, scale: int
) -> int:
    return _worth(i, column, points, c, stays, session, day, bed, scale)


@lean
def stay_costs(
    i: int,
    c: Compiled,
    stays: Stays,
    session: I64,
    day: I64,
    bed: I64,
    scale: int,
    multipliers: Multipliers,
    cost: I64,
) -> None:
    _costs(i, c, stays, session, day, bed, scale, multipliers, cost)


@lean
def search_within(
    i: int, c: Compiled, stays: Stays, scale: int, size: int, node_limit: int, w: Scratch
) -> Any:
    return _search_within(i, c, stays, scale, size, node_limit, NEVER, False, w)


@lean
def search_in_two(i: int, c: Compiled, stays: Stays, scale: int, first: int, w: Scratch) -> Any:
    """A search cut short after `first` nodes, and after reduced cost fixing another one to its end."""
    _search_within(i, c, stays, scale, BARE, first, NEVER, False, w)
    _fix(i, c, stays, scale, w)
    return _search_within(i, c, stays, scale, SMALL, 10_000_000, NEVER, True, w)


@lean
def fix_at(i: int, c: Compiled, stays: Stays, scale: int, threshold: int, w: Scratch) -> None:
    """Reduced cost fixing at a threshold."""
    _search_within(i, c, stays, scale, BARE, 1, NEVER, False, w)  # fills what it needs
    w.found_value[:] = threshold
    _fix(i, c, stays, scale, w)
