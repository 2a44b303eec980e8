"""Holidays, availability, locations, rooms, names and settings: just inside and just outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of, rules_of
from .test_sessions import offering, session


@pytest.mark.parametrize(
    ("calendar", "dates", "n_found"),
    [
        ("CN", "2026-04-29..2026-04-30", 0),
        ("CN", "2026-04-30..2026-05-01", 1),
        ("CN", "2026-03-14..2026-03-15", 0),  # a weekend
        ("none", "2026-05-01", 0),
        ("{country: CN, workdays: [2026-05-01]}", "2026-05-01", 0),
        ("{holidays: [2026-03-10]}", "2026-03-09..2026-03-11", 1),
    ],
)
def test_public_holiday(calendar: str, dates: str, n_found: int, tmp_path: Path) -> None:
    piece = f"calendar: {calendar}\n" + session(modules="[M-CASE]", dates=f"[{dates}]")
    found = problems_of(tmp_path, piece)
    assert rules_of(found) == ["public-holiday"] * n_found
    assert all(pointed(d).startswith(dates) and d.severity == "warning" for d in found)


@pytest.mark.parametrize(
    ("dates", "n_found"), [("2026-06-26..2026-07-09", 0), ("2026-06-27..2026-07-09", 1), ("2026-03-01", 1)]
)
def test_available_range(dates: str, n_found: int, tmp_path: Path) -> None:
    ranges = f"[2026-03-09..2026-03-10, {dates}]"
    piece = f"leaders:\n  - {{id: L1, branch: HQ, role: secretary, available: {ranges}}}\n"
    found = problems_of(tmp_path, piece)
    assert rules_of(found) == ["available-range"] * n_found
    assert all(pointed(d).startswith(dates) for d in found)


def test_weekly_starts_outside_the_horizon(tmp_path: Path) -> None:
    starts = "{every: monday, from: 2026-03-02, to: 2026-06-27}"
    [found] = problems_of(tmp_path, offering(starts=starts))
    assert (found.rule, pointed(found)[:10]) == ("available-range", "2026-06-27")
    assert problems_of(tmp_path, offering(starts=starts.replace("06-27", "06-26"))) == []


@pytest.mark.parametrize(
    ("days", "n_found"),
    [
        ("unavailable: [2026-03-02..2026-06-25]", 0),
        ("unavailable: [2026-03-02..2026-06-26]", 1),
        ("unavailable: [2026-05-01..2026-06-30, 2026-03-01..2026-04-30]", 1),
        ("unavailable: [2026-05-02..2026-06-30, 2026-03-01..2026-04-30]", 0),
        ("available: [2026-04-01..2026-04-02], unavailable: [2026-04-01]", 0),
        ("available: [2026-04-01..2026-04-02], unavailable: [2026-04-01, 2026-04-02]", 1),
    ],
)
def test_never_available(days: str, n_found: int, tmp_path: Path) -> None:
    piece = f"leaders:\n  - {{id: L1, branch: HQ, role: secretary, {days}}}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["never-available"] * n_found


def test_a_lecturer_who_is_never_there(tmp_path: Path) -> None:
    piece = "lecturers:\n  - {id: T1, kind: school-lecturer, available: [2026-07-01..2026-07-31]}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["never-available", "available-range"]


PLACES = "branches:\n  - {{id: HQ, location: [39.9, 116.4]}}\n  - {{id: NORTH, parent: HQ, location: [{}]}}\n"


@pytest.mark.parametrize(
    ("location", "n_found"),
    [
        ("43.82, 87.62", 0),
        ("87.62, 43.82", 1),
        ("0, 0", 1),
        ("1, 0", 0),
        ("-33.9, 151.2", 0),  # Sydney: far, and no nearer the other way round
    ],
)
def test_odd_location(location: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, PLACES.format(location))
    assert rules_of(found) == ["odd-location"] * n_found
    assert all(pointed(d).startswith(f"[{location}]") for d in found)


def test_a_latitude_out_of_range_asks_whether_it_is_swapped(tmp_path: Path) -> None:
    [found] = of_rule(problems_of(tmp_path, PLACES.format("116.4, 39.9")), "wrong-value")
    assert "latitude first" in found.hint


@pytest.mark.parametrize(
    ("hq", "north", "leader", "n_found"),
    [
        (", location: [39.9, 116.4]", "", "branch: HQ", 0),
        (", location: [39.9, 116.4]", "", "branch: NORTH", 1),
        (", location: [39.9, 116.4]", "", "branch: NORTH, location: [45.8, 126.5]", 0),
        ("", "", "branch: NORTH", 0),
    ],
)
def test_missing_location(hq: str, north: str, leader: str, n_found: int, tmp_path: Path) -> None:
    piece = f"branches:\n  - {{id: HQ{hq}}}\n  - {{id: NORTH, parent: HQ{north}}}\n"
    piece += f"leaders:\n  - {{id: L1, role: secretary, {leader}}}\n"
    found = problems_of(tmp_path, piece)
    assert rules_of(found) == ["missing-location"] * n_found
    assert all(pointed(d).startswith("NORTH") for d in found)


def test_a_site_without_location_counts_only_if_it_is_used(tmp_path: Path) -> None:
    piece = "branches:\n  - {id: HQ, location: [39.9, 116.4]}\n"
    sites = "sites:\n  - {id: BJ, location: [39.9, 116.4]}\n  - {id: YA}\n"
    assert problems_of(tmp_path, piece + sites) == []
    found = problems_of(tmp_path, piece + sites + session(site="YA"))
    assert [(d.rule, pointed(d)[:2]) for d in found] == [("missing-location", "YA")]


@pytest.mark.parametrize(("seats", "n_found"), [("30", 0), ("31", 1)])
def test_room_seats(seats: str, n_found: int, tmp_path: Path) -> None:
    sites = "sites:\n  - {id: BJ, rooms: [{id: R1, seats: 20}, {id: R2, seats: 30}]}\n"
    for piece in (session(seats=seats), session() + offering(seats=seats)):
        found = problems_of(tmp_path, sites + piece)
        assert rules_of(found) == ["room-seats"] * n_found
        assert all(pointed(d).startswith("31") for d in found)


SAME = """\
branches:
  - {{id: HQ, name: {}}}
  - {{id: A, name: 支行, parent: HQ}}
  - {{id: B, name: {}, parent: {}}}
"""


_TWO = """\
leaders:
  - {{id: L1, name: {}, branch: HQ, gaps: {{}}}}
  - {{id: L2, name: {}, branch: {}, gaps: {{}}}}
"""


@pytest.mark.parametrize(
    ("piece", "n_found"),
    [
        (SAME.format("支行", "东支行", "HQ"), 0),
        (SAME.format("总行", "支行", "A"), 0),
        (SAME.format("总行", "支行", "HQ"), 1),
        ("sites:\n  - {id: BJ, name: 党校}\n  - {id: SH, name: 党校}\n", 1),
        (_TWO.format("王磊", "王磊", "HQ"), 1),
        (_TWO.format("王磊", "王 磊", "HQ"), 1),
        (_TWO.format("王磊", "王磊（柜面）", "HQ"), 0),
        ("branches:\n  - {id: HQ}\n  - {id: B}\n" + _TWO.format("王磊", "王磊", "B"), 0),
    ],
)
def test_same_name(piece: str, n_found: int, tmp_path: Path) -> None:
    assert rules_of(problems_of(tmp_path, piece)) == ["same-name"] * n_found


@pytest.mark.parametrize(
    ("leader", "n_found"),
    [("role: secretary, priority: 1", 0), ("role: secretary, priority: 0", 1), ("gaps: {}, priority: 0", 0)],
)
def test_gap_not_weighed(leader: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"leaders:\n  - {{id: L1, branch: HQ, {leader}}}\n")
    assert rules_of(found) == ["gap-not-weighed"] * n_found


@pytest.mark.parametrize(
    ("policy", "n_found"),
    [
        ("{min_hours: 8, weights: {hour: 1}}", 0),
        ("{min_hours: 8}", 1),
        ("{weights: {hour: 1}}", 1),
        ("{min_hours: 0, weights: {hour: 0}}", 0),
    ],
)
def test_hours_without_effect(policy: str, n_found: int, tmp_path: Path) -> None:
    assert rules_of(problems_of(tmp_path, f"policy: {policy}\n")) == ["hours-without-effect"] * n_found


@pytest.mark.parametrize(
    ("share", "core", "n_found"), [("0.1", "true", 0), ("0.1", "false", 1), ("0", "false", 0)]
)
def test_unmeetable_policy(share: str, core: str, n_found: int, tmp_path: Path) -> None:
    piece = f"policy: {{core_share: {share}}}\nmodules:\n  M-LAW: {{teaches: {{meetings: 2}}, hours: 8}}\n"
    piece += f"  M-CASE: {{teaches: {{review: 1}}, hours: 4, core: {core}}}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["unmeetable-policy"] * n_found
