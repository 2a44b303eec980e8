"""Sessions where they are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of, rules_of
from .test_sessions import offering, session

KINDS = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, site_kinds: [party-school, branch-school]}
  M-CASE: {teaches: {review: 1}, hours: 4}
"""


@pytest.mark.parametrize(("kind", "n_found"), [("branch-school", 0), ("education-base", 1), ("", 1)])
def test_site_kind(kind: str, n_found: int, tmp_path: Path) -> None:
    sites = "sites:\n  - {id: BJ" + (f", kind: {kind}" if kind else "") + "}\n"
    found = problems_of(tmp_path, KINDS + sites)
    assert rules_of(found) == ["site-kind"] * n_found
    assert all(pointed(d).startswith("BJ") for d in found)


def test_site_kind_of_an_offering_names_the_site(tmp_path: Path) -> None:
    sites = "sites:\n  - {id: BJ, kind: party-school}\n  - {id: YA, kind: education-base}\n"
    found = problems_of(tmp_path, KINDS + sites + offering(sites="[BJ, YA]"))
    assert rules_of(found) == ["site-kind"]
    assert pointed(found[0]).startswith("YA]")


@pytest.mark.parametrize(("closed", "n_found"), [("2026-03-11..2026-03-20", 0), ("2026-03-10", 1)])
def test_closed_day(closed: str, n_found: int, tmp_path: Path) -> None:
    sites = f"sites:\n  - {{id: BJ, closed: [2026-03-01, {closed}]}}\n"
    found = problems_of(tmp_path, sites + session(dates="[2026-03-05, 2026-03-09..2026-03-10]"))
    assert rules_of(found) == ["closed-day"] * n_found
    assert all(pointed(d).startswith("2026-03-09..") for d in found)
    found = problems_of(tmp_path, sites + session(dates="", start="2026-03-09", end="2026-03-10"))
    assert rules_of(found) == ["closed-day"] * n_found


@pytest.mark.parametrize(
    ("dates", "n_found"),
    [
        ("2026-03-02..2026-03-03", 0),
        ("2026-03-01..2026-03-02", 1),
        ("2026-06-25..2026-06-26", 0),
        ("2026-06-26..2026-06-27", 1),
    ],
)
def test_outside_horizon_is_a_warning(dates: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, session(dates=f"[{dates}]"))
    assert rules_of(found) == ["outside-horizon"] * n_found
    assert all(d.severity == "warning" for d in found)


ROOMS = """\
sites:
  - {id: BJ, rooms: [{id: R1, seats: 30}, {id: R2, seats: 30}]}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
  - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}
  - {id: S3, site: BJ, modules: [M-CASE], dates: [2026-03-%s], seats: 10, status: %s}
"""


@pytest.mark.parametrize(
    ("day", "status", "n_found"), [("10", "confirmed", 1), ("11", "confirmed", 0), ("10", "candidate", 0)]
)
def test_room_shortage(day: str, status: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, ROOMS % (day, status))
    assert rules_of(found) == ["room-shortage"] * n_found
    for shortage in found:
        assert "S1, S2, S3" in shortage.message
        assert "2026-03-10" in shortage.message
        assert pointed(shortage).startswith("BJ, modules: [M-CASE]")


def test_room_shortage_is_said_once_for_the_same_sessions(tmp_path: Path) -> None:
    piece = "sites:\n  - {id: BJ, rooms: []}\n" + session(dates="[2026-03-09..2026-03-20]")
    assert len(of_rule(problems_of(tmp_path, piece), "room-shortage")) == 1


def test_no_list_of_rooms_means_no_limit(tmp_path: Path) -> None:
    piece = (ROOMS % ("10", "confirmed")).replace(", rooms: [{id: R1, seats: 30}, {id: R2, seats: 30}]", "")
    assert problems_of(tmp_path, piece) == []
