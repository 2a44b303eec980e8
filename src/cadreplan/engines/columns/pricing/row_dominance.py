"""Limits of days that other days imply: only the days on which most trips meet need a row.

All trips of a branch's leaders are intervals of days. The sets of trips that are under way on one day and not
part of a larger such set are the maximal cliques of an interval graph: a day is one of them if a trip ends
on it and a trip has begun since the last of them (Fulkerson and Gross 1965). A limit that is the same on
every day holds on all days if it holds on these, for the plan as a whole as for what others leave of it.
Limits that all people of a branch together cannot reach need no row at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Bools, Compiled
from cadreplan.engines.columns.compiled.rows import UNLIMITED, Rows
from cadreplan.engines.columns.pricing.stays import Stays
from cadreplan.engines.jit import lean


@dataclass(frozen=True)
class Marks:
    """(branches, then sites; days): whether a trip begins or ends; by branch and site, who may make any."""

    begins: Bools
    ends: Bools
    people: I64


def marks_of(rows: Rows, compiled: Compiled, stays: Stays) -> Marks:
    """Marks of all trips in `stays`, at the branches of the leaders themselves."""
    n_branches = len(rows.parent)
    begins = np.zeros((n_branches + rows.n_sites, rows.n_days), np.bool_)
    marks = Marks(begins, np.zeros_like(begins), np.zeros(len(begins), np.int64))
    seen = np.full(len(begins), -1, np.int32)
    _mark(compiled, stays, n_branches, marks.begins, marks.ends, marks.people, seen)
    return marks


def needed_rows(rows: Rows, marks: Marks) -> Rows:
    """`rows` without limits on days that others imply; `stand_in` tells which ones do."""
    n_branches = len(rows.parent)
    begins, ends, people = marks.begins.copy(), marks.ends.copy(), marks.people.copy()
    for b in rows.order[::-1]:
        if rows.parent[b] >= 0:
            begins[rows.parent[b]] |= begins[b]
            ends[rows.parent[b]] |= ends[b]
            people[rows.parent[b]] += people[b]
    rhs, stand_in = rows.rhs.copy(), rows.stand_in.copy()
    _thin(begins[:n_branches], ends[:n_branches], people[:n_branches], rows.away0, rhs, stand_in)
    _thin(begins[n_branches:], ends[n_branches:], people[n_branches:], rows.bed0, rhs, stand_in)
    return replace(rows, rhs=rhs, stand_in=stand_in)


@lean
def _mark(c: Compiled, stays: Stays, site0: int, begins: Bools, ends: Bools, people: I64, seen: I32) -> None:
    """On which days trips begin and end, by branch and (from `site0` on) by site, and who may make them."""
    for i in range(len(stays.ptr) - 1):
        b = c.leaders.branch[i]
        if stays.ptr[i] < stays.ptr[i + 1]:
            people[b] += c.leaders.heads[i]
        for j in range(stays.ptr[i], stays.ptr[i + 1]):
            p = site0 + stays.site[j]
            if seen[p] != i:
                seen[p] = i
                people[p] += c.leaders.heads[i]
            for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
                begins[b, stays.trip_first[q]] = True
                begins[p, stays.trip_first[q]] = True
                ends[b, stays.trip_last[q]] = True
                ends[p, stays.trip_last[q]] = True


@lean
def _thin(begins: Bools, ends: Bools, people: I64, first: int, rhs: I64, stand_in: I32) -> None:
    """Lift the limits of rows `first` + group x days + day that are not needed."""
    n_groups, n_days = begins.shape
    for g in range(n_groups):
        row0 = first + g * n_days
        if people[g] <= rhs[row0]:
            for d in range(n_days):
                rhs[row0 + d] = UNLIMITED
            continue
        last = -1  # the last day kept
        begun = -1  # the first day since then on which a trip began
        for d in range(n_days):
            if begun < 0 and begins[g, d]:
                begun = d
            if begun < 0 or not ends[g, d]:
                continue
            for d2 in range(last + 1, d):
                rhs[row0 + d2] = UNLIMITED
                stand_in[row0 + d2] = row0 + (last if d2 < begun and last >= 0 else d)
            last, begun = d, -1
        for d in range(last + 1, n_days):
            rhs[row0 + d] = UNLIMITED
            stand_in[row0 + d] = row0 + max(last, 0)
