"""What has to be known of all stays by whoever doesn't hold them: what belongs to leaders, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64, Compiled
from cadreplan.engines.columns.compiled.lists import inside
from cadreplan.engines.columns.compiled.rows import Rows
from cadreplan.engines.columns.pricing.row_dominance import Marks, marks_of
from cadreplan.engines.columns.pricing.stays import Stays


@dataclass(frozen=True)
class Summary:
    """Of some leaders: `bits`, `n_pins`, `once` and `cut` by leader and `bit_points` one after the other as
    in `Stays`, the number of their stays, the most points of one, and where and when these have trips.

    `marks` are of `groups` alone (branches, then sites), by number: of a part those with a trip.
    """

    bits: I32
    bit_points: I64
    n_pins: I32
    once: I64
    cut: I32
    n_stays: int
    most_points: int
    groups: I32
    marks: Marks


def summarise(rows: Rows, compiled: Compiled, stays: Stays) -> Summary:
    """The summary of all leaders with these stays."""
    marks = marks_of(rows, compiled, stays)
    some = np.flatnonzero(marks.people).astype(np.int32)
    return Summary(
        np.diff(stays.bit_ptr),
        stays.bit_points,
        stays.n_pins,
        stays.once,
        stays.cut,
        len(stays.mask),
        int(stays.points.max(initial=0)),
        some,
        Marks(marks.begins[some], marks.ends[some], marks.people[some]),
    )


def joined(parts: Sequence[Summary], who: Sequence[I32], rows: Rows) -> Summary:
    """The summary of all leaders, numbered as a whole, of whom `who[k]` are in part k."""
    order = np.argsort(np.concatenate(who), kind="stable")
    bits = np.concatenate([part.bits for part in parts])
    first = np.cumsum(bits) - bits
    length = bits[order]
    points = np.concatenate([part.bit_points for part in parts])
    n_groups = len(rows.parent) + rows.n_sites
    begins = np.zeros((n_groups, rows.n_days), np.bool_)
    marks = Marks(begins, np.zeros_like(begins), np.zeros(n_groups, np.int64))
    for part in parts:
        marks.begins[part.groups] |= part.marks.begins
        marks.ends[part.groups] |= part.marks.ends
        marks.people[part.groups] += part.marks.people
    return Summary(
        length,
        points[inside(first[order], length)],
        np.concatenate([part.n_pins for part in parts])[order],
        np.concatenate([part.once for part in parts])[order],
        np.concatenate([part.cut for part in parts])[order],
        sum(part.n_stays for part in parts),
        max((part.most_points for part in parts), default=0),
        np.arange(n_groups, dtype=np.int32),
        marks,
    )
