"""Pins that no plan could keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import pointed, problems_of, rules_of

SESSIONS = """\
sites:
  - {id: BJ}
  - {id: YA}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}
  - {id: S3, site: YA, modules: [M-CASE], dates: [2026-03-12], seats: 10}
  - {id: S4, site: YA, modules: [M-CASE], dates: [2026-03-10], seats: 10}
  - {id: S5, site: BJ, modules: [M-LAW], dates: [2026-04-09..2026-04-10], seats: 9, branches: [NORTH],
     roles: [member]}
  - {id: S6, site: BJ, modules: [M-CASE], dates: [2026-06-27], seats: 10}
roles:
  secretary: {needs: {meetings: 2}}
  member: {needs: {review: 1}}
branches:
  - {id: HQ}
  - {id: NORTH, parent: HQ}
  - {id: CITY, parent: NORTH}
"""


def leader(**values: str) -> str:
    given = {"id": "L1", "branch": "HQ", "role": "secretary"} | values
    return SESSIONS + "leaders:\n  - {" + ", ".join(f"{k}: {v}" for k, v in given.items() if v) + "}\n"


def pins(tmp_path: Path, policy: str = "", **values: str) -> list[tuple[str, str]]:
    """Rule of every finding about pins, and what it points at."""
    found = problems_of(tmp_path, leader(**values) + policy)
    return [(d.rule, pointed(d).partition("]")[0]) for d in found if d.rule != "outside-horizon"]


def test_pins_in_order_are_right(tmp_path: Path) -> None:
    assert pins(tmp_path, pinned="[S1, S2]", excluded="[S3]") == []


def test_pin_excluded(tmp_path: Path) -> None:
    assert pins(tmp_path, pinned="[S1]", excluded="[S2, S1]") == [("pin-excluded", "S1")]


@pytest.mark.parametrize(
    ("dates", "rules"),
    [
        ({"unavailable": "[2026-03-11]"}, []),
        ({"unavailable": "[2026-03-10]"}, [("pin-dates", "S1")]),
        ({"available": "[2026-03-09, 2026-03-10]"}, []),
        ({"available": "[2026-03-10..2026-03-20]"}, [("pin-dates", "S1")]),
    ],
)
def test_pin_dates(dates: dict[str, str], rules: list[tuple[str, str]], tmp_path: Path) -> None:
    assert pins(tmp_path, pinned="[S1]", **dates) == rules


def test_pin_outside_the_horizon_is_an_error(tmp_path: Path) -> None:
    assert pins(tmp_path, pinned="[S6]") == [("pin-dates", "S6")]


@pytest.mark.parametrize(
    ("branch", "role", "n_found"),
    [
        ("CITY", "member", 0),
        ("NORTH", "member", 0),
        ("HQ", "member", 1),
        ("CITY", "secretary", 1),
        ("HQ", "", 2),
    ],
)
def test_pin_audience(branch: str, role: str, n_found: int, tmp_path: Path) -> None:
    assert pins(tmp_path, pinned="[S5]", branch=branch, role=role) == [("pin-audience", "S5")] * n_found


@pytest.mark.parametrize(
    ("pinned", "policy", "rules"),
    [
        ("[S1, S4]", "", [("pin-overlap", "S4")]),
        ("[S1, S5]", "", [("pin-overlap", "S5"), ("pin-audience", "S5"), ("pin-audience", "S5")]),
        ("[S1, S2]", "policy: {transfer_days: 5}\n", []),
        ("[S1, S3]", "policy: {transfer_days: 1}\n", []),
        ("[S1, S3]", "policy: {transfer_days: 2}\n", [("pin-overlap", "S3")]),
    ],
)
def test_pin_overlap(pinned: str, policy: str, rules: list[tuple[str, str]], tmp_path: Path) -> None:
    assert sorted(pins(tmp_path, policy, pinned=pinned)) == sorted(rules)


@pytest.mark.parametrize(
    ("limits", "policy", "n_found"),
    [
        ({"max_sessions": "2", "max_days": "3", "max_trips": "2"}, "", 0),
        ({"max_sessions": "1"}, "", 1),
        ({"max_days": "2"}, "", 1),
        ({"max_trips": "1"}, "", 1),
        ({}, "policy: {max_days: 2}\n", 1),
        ({"max_days": "3"}, "policy: {max_days: 2}\n", 0),
    ],
)
def test_pin_limits(limits: dict[str, str], policy: str, n_found: int, tmp_path: Path) -> None:
    assert pins(tmp_path, policy, pinned="[S1, S3]", **limits) == [("pin-limits", "[S1, S3")] * n_found


def test_pinned_candidates_are_known(tmp_path: Path) -> None:
    offering = (
        "offerings:\n"
        "  - {id: O1, sites: [BJ], modules: [M-CASE], days: 1, starts: [2026-03-14, 2026-03-16], seats: 9}\n"
    )
    assert pins(tmp_path, offering, pinned="['O1@BJ@2026-03-16']") == [
        ("offering-start", "2026-03-14, 2026-03-16")
    ]
    found = problems_of(tmp_path, leader(pinned="['O1@BJ@2026-03-14', 'O1@BJ@2026-03-17']") + offering)
    said = [d.message for d in found if d.rule == "unknown-reference"]
    assert len(said) == 2
    assert "isn't held: the start is no working day" in said[0]
    assert "expected the id of a session" in said[1]
    assert rules_of(found).count("offering-start") == 1


BETWEEN = """\
sites:
  - {id: BJ, beds: 1}
  - {id: YA}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09], seats: 10}
  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-12], seats: 10}
  - {id: S3, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}
"""
ELSEWHERE = "  - {id: S4, site: YA, modules: [M-CASE], dates: [2026-03-10], seats: 10}\n"


@pytest.mark.parametrize(
    ("more", "policy", "n_found"),
    [
        ("", "{}", 1),
        ("", "{stay_gap: 1}", 0),
        (ELSEWHERE, "{}", 0),  # who goes there on the 10th is at home on the 11th
        (ELSEWHERE, "{transfer_days: 1}", 1),
    ],
)
@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ("unavailable: [2026-03-11]", "pin-dates"),
        ("available: [2026-03-09..2026-03-10, 2026-03-12]", "pin-dates"),
        ("max_days: 3", "pin-limits"),
    ],
)
def test_days_between_pinned_sessions_are_away_where_nothing_ends_the_trip(
    more: str, policy: str, n_found: int, values: str, rule: str, tmp_path: Path
) -> None:
    rows = "leaders:\n  - {id: L1, branch: HQ, role: secretary, pinned: [S1, S2], " + values + "}\n"
    found = problems_of(tmp_path, BETWEEN + more + rows + f"policy: {policy}\n")
    assert [d.rule for d in found if d.rule.startswith("pin-")] == [rule] * n_found


@pytest.mark.parametrize(
    ("stay_gap", "elsewhere", "pinned", "rules"),
    [
        (2, "", "[S1, S2]", ["pin-days", "pin-days"]),  # a bed, and an absence
        (1, "", "[S1, S2]", []),
        (2, ELSEWHERE, "[S1, S2]", []),
        (1, "", "[S1, S3]", ["pin-days", "pin-days"]),
        (1, ELSEWHERE, "[S1, S3]", ["pin-days"]),  # away on the 10th, here or there
        (0, "", "[S1, S3]", []),
    ],
)
def test_people_who_stay_between_pinned_sessions_take_beds_and_absences(
    stay_gap: int, elsewhere: str, pinned: str, rules: list[str], tmp_path: Path
) -> None:
    extra = "  - {id: S5, site: BJ, modules: [M-LAW], dates: [2026-03-10], seats: 10}\n"
    rows = f"""\
branches:
  - {{id: HQ, max_away: 1}}
policy: {{stay_gap: {stay_gap}}}
leaders:
  - {{id: L1, branch: HQ, role: secretary, pinned: {pinned}}}
  - {{id: L2, branch: HQ, role: secretary, pinned: [S5]}}
"""
    found = problems_of(tmp_path, BETWEEN + elsewhere + extra + rows)
    assert [d.rule for d in found if d.rule.startswith("pin-")] == rules
    assert all("on 2026-03-10" in d.message for d in found if d.rule == "pin-days")
