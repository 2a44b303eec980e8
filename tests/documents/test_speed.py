"""Work grows with the input, not with its square: many rows, many findings, many keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cadreplan.loading.load import find_problems
from cadreplan.views.findings import REPORTERS, Context
from tests.rules.base import overlaid, written

SECONDS = 20
"""Of processor time, ten times what is needed: a square would take minutes."""


def leaders(n: int, row: Callable[[int], str]) -> str:
    return "编号,姓名,支部,岗位,技能\n" + "".join(row(i) for i in range(n))


@pytest.mark.parametrize(
    ("row", "n_found"),
    [
        (lambda i: f"L{i},王磊,HQ,secretary,meetings:2; review:1\n", 0),
        (lambda i: f"L{i},王磊,H{i},secretary,review:1\n", 10_000),
        (lambda i: f"L{i},王磊,HQ,secretary,review:{i}x\n", 10_000),
        (lambda i: "L,王磊,HQ,secretary,review:1\n", 9_999),
    ],
    ids=["right", "unknown", "wrong", "same id"],
)
def test_10_000_rows_and_as_many_findings(row: Callable[[int], str], n_found: int, tmp_path: Path) -> None:
    files = overlaid("leaders: leaders.csv\n") | {"leaders.csv": leaders(10_000, row)}
    roster = written(tmp_path, files)
    begun = time.process_time()
    found = find_problems([roster])
    for report in REPORTERS.values():
        report(found, Context([str(roster)], False))
    assert time.process_time() - begun < SECONDS
    assert sum(d.is_error for d in found) == n_found
