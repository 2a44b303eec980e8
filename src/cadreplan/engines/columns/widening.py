"""Prices of a part of the candidates as prices of the whole, and back."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.candidates import Reduced
from cadreplan.engines.columns.arrays import F64
from cadreplan.engines.columns.rows import Rows, build_rows


def widen(part: Rows, kept: tuple[int, ...], prices: F64, whole: Rows) -> F64:
    """Prices by row of a part with sessions `kept` as prices of the whole.

    Candidates left aside are charged what makes running them, full, worth nothing.
    """
    at = np.array(kept, np.int64)
    wide = np.zeros(whole.n)
    wide[at] = prices[: part.n_sessions]
    wide[whole.n_sessions + at] = prices[part.n_sessions : 2 * part.n_sessions]
    quotas = {
        (int(s), int(b)): q
        for q, (s, b) in enumerate(zip(whole.quota_session, whole.quota_branch, strict=True))
    }
    for q, (s, b) in enumerate(zip(part.quota_session, part.quota_branch, strict=True)):
        wide[whole.quota0 + quotas[int(at[s]), int(b)]] = prices[part.quota0 + q]
    wide[whole.bed0 : whole.room0] = prices[part.bed0 : part.room0]
    wide[whole.limit0 :] = prices[part.limit0 :]
    _widen_rooms(part, at, prices, whole, wide)
    inside = np.zeros(whole.n_sessions, np.bool_)
    inside[at] = True
    for b in whole.choices:
        s = int(whole.block_session[b])
        if inside[s]:
            continue
        least = np.inf
        for k in range(int(whole.block_ptr[b]), int(whole.block_ptr[b + 1])):
            if whole.cfg_size[k] < -1 or whole.cfg_cap[k] <= 0:
                continue
            entries = slice(int(whole.cfg_ptr[k]), int(whole.cfg_ptr[k + 1]))
            paid = float(whole.cfg_coef[entries] @ wide[whole.cfg_row[entries]])
            least = min(least, (paid - float(whole.cfg_points[k])) / float(whole.cfg_cap[k]))
        wide[s] = max(0.0, least) if np.isfinite(least) else 0.0
    return wide


def _widen_rooms(part: Rows, at: np.ndarray, prices: F64, whole: Rows, wide: F64) -> None:
    """Prices of rooms go to a row of the whole that has at least the same sessions."""
    where: dict[tuple[int, int], list[int]] = {}
    for row, (size, held) in _meetings(whole).items():
        for s in held:
            where.setdefault((s, size), []).append(row)
    for row, (size, held) in _meetings(part).items():
        if prices[row] <= 0:
            continue
        rows = set.intersection(*(set(where.get((int(at[s]), size), ())) for s in held))
        if rows:
            wide[min(rows)] += prices[row]


def _meetings(rows: Rows) -> dict[int, tuple[int, set[int]]]:
    """For each row of rooms their size and the sessions it counts."""
    found: dict[int, tuple[int, set[int]]] = {}
    config = np.repeat(np.arange(len(rows.cfg_points)), np.diff(rows.cfg_ptr))
    for entry in np.flatnonzero((rows.cfg_row >= rows.room0) & (rows.cfg_row < rows.limit0)):
        k = int(config[entry])
        s = int(rows.block_session[rows.block_of[k]])
        found.setdefault(int(rows.cfg_row[entry]), (int(rows.cfg_size[k]), set()))[1].add(s)
    return found


def narrow(prices: F64, reduced: Reduced, whole: Rows) -> F64:
    """Prices by row of the whole as those of a part; rooms are left to settle again."""
    part = build_rows(reduced.instance)
    kept = np.array(reduced.kept, np.int64)
    few = np.zeros(part.n)
    few[: len(kept)] = prices[kept]
    few[len(kept) : 2 * len(kept)] = prices[whole.n_sessions + kept]
    few[part.bed0 : part.room0] = prices[whole.bed0 : whole.room0]
    few[part.limit0 :] = prices[whole.limit0 :]
    return few
