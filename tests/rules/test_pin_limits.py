"""Pins that together contradict a limit, or what their leader has completed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import pointed, problems_of, rules_of
from .test_demand import leaders
from .test_sessions import session


@pytest.mark.parametrize(
    ("values", "sites", "n_found"),
    [
        ({"seats": "11"}, "{id: BJ}", 0),
        ({"seats": "10"}, "{id: BJ}", 1),
        ({"seats": "11"}, "{id: BJ, rooms: [{id: R1, seats: 10}, {id: R2, seats: 11}]}", 0),
        ({"seats": "11"}, "{id: BJ, rooms: [{id: R1, seats: 10}]}", 1),
        ({"seats": "20", "quotas": "{NORTH: 5}"}, "{id: BJ}", 0),
        ({"seats": "20", "quotas": "{NORTH: 4}"}, "{id: BJ}", 1),
        ({"seats": "20", "quotas": "{HQ: 10}"}, "{id: BJ}", 1),
    ],
)
def test_pin_seats(values: dict[str, str], sites: str, n_found: int, tmp_path: Path) -> None:
    piece = leaders(
        "branch: HQ, role: secretary, headcount: 6, pinned: [S1]",
        "branch: NORTH, role: secretary, headcount: 5, pinned: [S1]",
    )
    found = problems_of(tmp_path, f"sites:\n  - {sites}\n" + session(**values) + piece)
    assert [d.rule for d in found if d.rule != "room-seats"] == ["pin-seats"] * n_found
    assert all(pointed(d).startswith("S1]") for d in found if d.rule == "pin-seats")


@pytest.mark.parametrize(
    ("piece", "n_found"),
    [
        ("sites:\n  - {id: BJ, beds: 3}\n", 0),
        ("sites:\n  - {id: BJ, beds: 2}\n", 1),
        ("branches:\n  - {id: HQ, max_away: 3}\n  - {id: NORTH, parent: HQ, max_away: 2}\n", 0),
        ("branches:\n  - {id: HQ, max_away: 2}\n  - {id: NORTH, parent: HQ}\n", 1),
        ("branches:\n  - {id: HQ}\n  - {id: NORTH, parent: HQ, max_away: 1}\n", 1),
    ],
)
def test_pin_days(piece: str, n_found: int, tmp_path: Path) -> None:
    rows = leaders(
        "branch: HQ, role: secretary, pinned: [S1]",
        "branch: NORTH, role: secretary, headcount: 2, pinned: [S1]",
    )
    found = problems_of(tmp_path, piece + rows)
    assert rules_of(found) == ["pin-days"] * n_found
    assert all(pointed(d).startswith("S1]") and "2026-03-09" in d.message for d in found)


CASE = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
  M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
sessions:
  - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 10}
"""
EARLIER = "  - {{id: S2, site: BJ, modules: [M-LAW], dates: [{}], seats: 10{}}}\n"


@pytest.mark.parametrize(
    ("rows", "leader", "n_found"),
    [
        ("", "", 1),
        ("", "completed: [M-LAW]", 0),
        (EARLIER.format("2026-03-12..2026-03-13", ""), "", 0),
        (EARLIER.format("2026-03-17..2026-03-18", ""), "", 1),
        (EARLIER.format("2026-03-12..2026-03-13", ", branches: [NORTH]"), "", 1),
        (EARLIER.format("2026-03-12..2026-03-13", ""), "unavailable: [2026-03-13]", 1),
        (EARLIER.format("2026-03-12..2026-03-13", ""), "excluded: [S2]", 1),
    ],
)
def test_pin_prerequisite(rows: str, leader: str, n_found: int, tmp_path: Path) -> None:
    piece = CASE + rows + leaders("branch: HQ, role: secretary, pinned: [S1]" + f", {leader}" * bool(leader))
    found = problems_of(tmp_path, piece)
    assert rules_of(found) == ["pin-prerequisite"] * n_found
    assert all(pointed(d).startswith("S1]") for d in found)
