"""Every id that is named exists, every id that is given is given once."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of, rules_of
from .test_sessions import offering

SESSION = (
    "sessions:\n  - {{id: S1, site: {}, modules: [{}], start: 2026-03-09, end: 2026-03-10, seats: 1{}}}\n"
)


def leader(values: str) -> str:
    return f"leaders:\n  - {{id: L1, {values}}}\n"


@pytest.mark.parametrize(
    ("piece", "points_at"),
    [
        ("skills:\n  meetings: {ability: duti}\n  review: {ability: duty}\n", "duti"),
        ("modules:\n  M-LAW: {hours: 4, teaches: {meting: 1}}\n", "meting"),
        ("modules:\n  M-LAW: {hours: 4, teaches: {review: 1}, requires: [M-X]}\n", "M-X"),
        ("modules:\n  M-LAW: {hours: 4, teaches: {review: 1}, requires: [[M-LAW, M-X]]}\n", "M-X"),
        ("roles:\n  secretary: {needs: {x: 1}}\n", "x: 1"),
        ("branches:\n  - {id: HQ, parent: HX}\n", "HX"),
        (SESSION.format("BX", "M-LAW", ""), "BX"),
        (SESSION.format("BJ", "M-LAX", ""), "M-LAX"),
        (SESSION.format("BJ", "M-LAW", ", branches: [X]"), "X]"),
        (SESSION.format("BJ", "M-LAW", ", roles: [X]"), "X]"),
        (SESSION.format("BJ", "M-LAW", ", quotas: {X: 1}"), "X: 1"),
        (offering(sites="[X]"), "X]"),
        (offering(modules="[X]"), "X]"),
        (offering(branches="[X]"), "X]"),
        (offering(roles="[X]"), "X]"),
        (offering(quotas="{X: 1}"), "X: 1"),
        ("lecturers:\n  - {id: T, kind: k, modules: [X]}\n", "X]"),
        ("lecturers:\n  - {id: T, kind: k, site: X}\n", "X}"),
        (leader("branch: X"), "X}"),
        (leader("branch: HQ, role: X"), "X}"),
        (leader("branch: HQ, skills: {X: 1}"), "X: 1"),
        (leader("branch: HQ, gaps: {X: 1}"), "X: 1"),
        (leader("branch: HQ, completed: [X]"), "X]"),
        (leader("branch: HQ, prefers: {X: 1}"), "X: 1"),
        (leader("branch: HQ, pinned: [X]"), "X]"),
        (leader("branch: HQ, excluded: [S1, BJ]"), "BJ]"),
    ],
)
def test_unknown_reference(piece: str, points_at: str, tmp_path: Path) -> None:
    [found] = of_rule(problems_of(tmp_path, piece), "unknown-reference")[:1]
    assert pointed(found).startswith(points_at)


def test_known_references_of_every_field(tmp_path: Path) -> None:
    piece = SESSION.format("BJ", "M-LAW", ", branches: [HQ], roles: [secretary], quotas: {HQ: 1}")
    piece += """\
lecturers:
  - {id: T, kind: k, modules: [M-LAW], site: BJ}
leaders:
  - {id: L1, branch: NORTH, role: secretary, skills: {review: 1}, completed: [M-CASE], excluded: [S1]}
  - {id: L2, branch: NORTH, gaps: {review: 3, meetings: {level: 1}}, prefers: {S1: 5, BJ: -5}}
"""
    assert problems_of(tmp_path, piece) == []


def test_nearest_id_is_suggested(tmp_path: Path) -> None:
    [found] = problems_of(tmp_path, "leaders:\n  - {id: L1, branch: NORHT, role: secretary}\n")
    assert found.hint == "did you mean 'NORTH'?"


def test_a_wrong_row_is_still_known_by_its_id(tmp_path: Path) -> None:
    piece = "branches:\n  - {id: HQ, max_away: many}\n  - {id: NORTH, parent: HQ}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["wrong-value"]


def test_references_of_a_wrong_row_are_still_looked_up(tmp_path: Path) -> None:
    piece = "leaders:\n  - {id: L1, branch: HX, priority: high, role: secretery}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["unknown-reference", "wrong-value", "unknown-reference"]


@pytest.mark.parametrize("piece", ["branches: none.csv\n", "branches:\n  - HQ\n  - {id: NORTH}\n"])
def test_nothing_is_said_about_ids_of_a_table_that_is_not_whole(piece: str, tmp_path: Path) -> None:
    assert of_rule(problems_of(tmp_path, piece), "unknown-reference") == []


def test_nothing_is_said_about_candidates_of_a_wrong_offering(tmp_path: Path) -> None:
    piece = (
        "offerings:\n  - {id: O, sites: [BJ], modules: [M-LAW], days: two, starts: [2026-03-09], seats: 1}\n"
        "leaders:\n  - {id: L1, branch: HQ, pinned: [O@BJ@2026-03-09]}\n"
    )
    assert rules_of(problems_of(tmp_path, piece)) == ["wrong-value"]


def test_duplicate_ids_name_the_first(tmp_path: Path) -> None:
    [found] = problems_of(
        tmp_path, "leaders:\n  - {id: L1, branch: HQ, gaps: {}}\n  - {id: L1, branch: NORTH, gaps: {}}\n"
    )
    assert (found.rule, found.line, found.column) == ("duplicate-id", 16, 10)
    assert found.hint == "the first is in line 15"


def test_the_same_id_in_two_tables_is_right(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "leaders:\n  - {id: S1, branch: HQ}\n") == []


def test_duplicate_rooms_of_one_site(tmp_path: Path) -> None:
    one = "sites:\n  - {id: BJ, rooms: [{id: R1, seats: 19}, {id: R1, seats: 8}]}\n"
    two = "sites:\n  - {id: BJ, rooms: [{id: R1, seats: 19}]}\n  - {id: YA, rooms: [{id: R1, seats: 8}]}\n"
    assert rules_of(problems_of(tmp_path, one)) == ["duplicate-id"]
    assert problems_of(tmp_path, two) == []


@pytest.mark.parametrize(
    "row",
    ["completed: [M-LAW, M-CASE, M-LAW]", "pinned: [S1, S1]", "excluded: [S1, S1]"],
)
def test_duplicate_item(row: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"leaders:\n  - {{id: L1, branch: HQ, {row}, role: secretary}}\n")
    assert rules_of(found) == ["duplicate-item"]


def test_equal_coordinates_are_no_duplicates(tmp_path: Path) -> None:
    assert (
        problems_of(tmp_path, "leaders:\n  - {id: L1, branch: HQ, location: [30, 30], role: secretary}\n")
        == []
    )


def test_alternatives_are_named_once(tmp_path: Path) -> None:
    piece = "modules:\n  M-LAW: {{hours: 4, teaches: {{review: 1}}}}\n"
    piece += "  M-CASE: {{hours: 4, teaches: {{review: 1}}, requires: [M-LAW, [M-LAW, {}]]}}\n"
    [found] = of_rule(problems_of(tmp_path, piece.format("M-LAW")), "duplicate-item")
    assert pointed(found).startswith("M-LAW]]")
    assert of_rule(problems_of(tmp_path, piece.format("M-CASE")), "duplicate-item") == []
