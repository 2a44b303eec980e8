"""Prices of a part of the candidates as prices of the whole, and back."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.candidates import Reduced
from cadreplan.engines.columns.compiled.arrays import F64, I32
from cadreplan.engines.columns.compiled.row_building import build_rows
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.instance import Instance


def nearest(instance: Instance, kept: tuple[int, ...]) -> I32:
    """By candidate, the one of `kept` with its offering and site that is nearest in time, -1 for none."""
    groups: dict[tuple[int | None, int], list[int]] = {}
    for s in kept:
        session = instance.sessions[s]
        if session.candidate:
            groups.setdefault((session.offering, session.site), []).append(s)
    found = np.full(len(instance.sessions), -1, np.int32)
    for s, session in enumerate(instance.sessions):
        group = groups.get((session.offering, session.site)) if session.candidate else None
        if group:
            day = session.first_day
            found[s] = min(group, key=lambda t: abs(instance.sessions[t].first_day - day))
    return found


def extend_duals(part: Rows, kept: tuple[int, ...], prices: F64, whole: Rows, like: I32) -> F64:
    """Prices by row of a part with sessions `kept` as prices of the whole.

    Candidates left aside have the quotas' prices of those they are `like`, as far as they pay for running
    them, and are charged what makes running them, full, worth nothing.
    """
    at = np.array(kept, np.int64)
    wide = np.zeros(whole.n)
    wide[at] = prices[: part.n_sessions]
    wide[whole.n_sessions + at] = prices[part.n_sessions : 2 * part.n_sessions]
    quotas = whole.row_index.quota_at[part.quota_branch, at[part.quota_session]]
    wide[quotas] = prices[part.quota0 : part.bed0]
    wide[whole.bed0 : whole.room0] = prices[part.bed0 : part.room0]
    wide[whole.limit0 : whole.tallies.first] = prices[part.limit0 : part.tallies.first]
    here, there = _same_tallies(part, at, whole)
    wide[there] = prices[here]
    _extend_rooms(part, at, prices, whole, wide)
    inside = np.zeros(whole.n_sessions, np.bool_)
    inside[at] = True
    aside = np.flatnonzero(~inside[whole.quota_session] & (like[whole.quota_session] >= 0))
    others = whole.row_index.quota_at[whole.quota_branch[aside], like[whole.quota_session[aside]]]
    wide[whole.quota0 + aside] = np.where(others >= 0, wide[others], 0.0)
    for b in whole.choices:
        s = int(whole.block_session[b])
        if not inside[s]:
            wide[s] = _break_even(whole, int(b), wide)
    return whole.moved(wide)


def _break_even(whole: Rows, b: int, wide: F64) -> float:
    """The price of a seat at which block b, full, is worth nothing; its quotas' prices come down to that."""
    quotas: I32 = np.zeros(0, np.int32)
    costs, seats = [np.inf], [1]
    for k in range(int(whole.block_ptr[b]), int(whole.block_ptr[b + 1])):
        if not whole.runs[k] or whole.mode_cap[k] <= 0:
            continue
        entries = slice(int(whole.mode_ptr[k]), int(whole.mode_ptr[k + 1]))
        row, coef = whole.mode_row[entries], whole.mode_coef[entries]
        of_quotas = (row >= whole.quota0) & (row < whole.bed0)
        quotas, most = row[of_quotas], -coef[of_quotas]
        costs.append(float(coef[~of_quotas] @ wide[row[~of_quotas]]) - float(whole.mode_points[k]))
        seats.append(int(whole.mode_cap[k]))
    if len(quotas):
        paid = float(most @ wide[quotas])
        if paid > 0:
            wide[quotas] *= min(1.0, max(0.0, min(costs)) / paid)
            costs = [cost - float(most @ wide[quotas]) for cost in costs]
    least = min(cost / people for cost, people in zip(costs, seats, strict=True))
    return max(0.0, least) if np.isfinite(least) else 0.0


def _extend_rooms(part: Rows, at: np.ndarray, prices: F64, whole: Rows, wide: F64) -> None:
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
    mode = np.repeat(np.arange(len(rows.mode_points)), np.diff(rows.mode_ptr))
    for entry in np.flatnonzero((rows.mode_row >= rows.room0) & (rows.mode_row < rows.limit0)):
        k = int(mode[entry])
        s = int(rows.block_session[rows.block_of[k]])
        found.setdefault(int(rows.mode_row[entry]), (int(rows.mode_seats[k]), set()))[1].add(s)
    return found


def restrict_duals(prices: F64, reduced: Reduced, whole: Rows) -> F64:
    """Prices by row of the whole as those of a part; rooms are left to settle again, and so are variable
    upper bounds where the whole had none.
    """
    part = build_rows(reduced.instance)
    kept = np.array(reduced.kept, np.int64)
    few = np.zeros(part.n)
    few[: len(kept)] = prices[kept]
    few[len(kept) : 2 * len(kept)] = prices[whole.n_sessions + kept]
    quota_at = whole.row_index.quota_at
    known = np.flatnonzero(part.quota_branch < len(quota_at))
    few[part.quota0 + known] = prices[quota_at[part.quota_branch[known], kept[part.quota_session[known]]]]
    days = min(part.offer0 - part.bed0, whole.offer0 - whole.bed0)  # branches of the whole come first
    few[part.bed0 : part.bed0 + days] = prices[whole.bed0 : whole.bed0 + days]
    few[part.offer0 : part.room0] = prices[whole.offer0 : whole.room0]
    few[part.limit0 : part.tallies.first] = prices[whole.limit0 : whole.tallies.first]
    here, there = _same_tallies(part, kept, whole)
    few[here] = prices[there]
    return few


def _same_tallies(part: Rows, kept: np.ndarray, whole: Rows) -> tuple[np.ndarray, np.ndarray]:
    """Rows of tallies in a part with sessions `kept` and in the whole, place by place."""
    here, there = part.tallies.at, whole.tallies.at[:, kept]
    both = (here >= 0) & (there >= 0)
    days = np.arange(part.n_days)
    of_days = part.tallies.day >= 0
    return (
        np.concatenate((here[both], (part.tallies.day[of_days, None] + days).ravel())),
        np.concatenate((there[both], (whole.tallies.day[of_days, None] + days).ravel())),
    )
