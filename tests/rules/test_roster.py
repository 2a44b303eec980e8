"""Calendar, offerings, lecturers and points."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of, rules_of
from .test_sessions import offering, session


@pytest.mark.parametrize(("end", "n_found"), [("2036-03-08", 0), ("2036-03-09", 1)])
def test_horizon_length(end: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"horizon: 2026-03-02..{end}\n")
    assert rules_of(found) == ["horizon-length"] * n_found


@pytest.mark.parametrize(
    ("calendar", "n_found"),
    [
        ("none", 0),
        ("CN", 1),
        ("{country: CN}", 1),
        ("{country: CN, holidays: [2030-10-01..2030-10-07]}", 1),
        ("{country: CN, holidays: [2031-05-01..2031-05-05]}", 0),
        ("{holidays: [2030-10-01]}", 0),
    ],
)
def test_calendar_year(calendar: str, n_found: int, tmp_path: Path) -> None:
    dates = "sessions:\n  - {id: S1, site: BJ, modules: [M-LAW], dates: [2031-03-09..2031-03-10], seats: 1}\n"
    found = problems_of(tmp_path, f"horizon: 2031-03-03..2031-06-27\ncalendar: {calendar}\n{dates}")
    assert rules_of(found) == ["calendar-year"] * n_found
    assert all(d.severity == "warning" and "2031" in d.message for d in found)


def test_calendar_contradiction_points_at_the_range(tmp_path: Path) -> None:
    piece = "calendar: {holidays: [2026-05-01..2026-05-05], workdays: [2026-04-25, 2026-05-05..2026-05-06]}\n"
    [found] = problems_of(tmp_path, piece)
    assert found.rule == "calendar-contradiction"
    assert "2026-05-05" in found.message
    assert pointed(found).startswith("2026-05-05..2026-05-06")


@pytest.mark.parametrize(("to", "n_found"), [("2026-04-06", 0), ("2026-04-05", 1)])
def test_offering_window(to: str, n_found: int, tmp_path: Path) -> None:
    found = problems_of(tmp_path, offering(starts=f"{{every: monday, from: 2026-04-06, to: {to}}}"))
    assert len(of_rule(found, "offering-window")) == n_found


@pytest.mark.parametrize(
    ("starts", "n_found"),
    [
        ("[2026-03-16]", 0),
        ("[2026-06-25]", 0),
        ("[2026-03-16, 2026-06-26]", 1),
        ("[2026-03-14, 2026-03-16]", 1),
        ("[2026-03-01, 2026-03-16]", 1),
        ("{every: saturday}", 0),
    ],
)
def test_offering_start(starts: str, n_found: int, tmp_path: Path) -> None:
    found = of_rule(problems_of(tmp_path, offering(starts=starts)), "offering-start")
    assert len(found) == n_found


def test_offering_start_is_right_if_one_site_holds_it(tmp_path: Path) -> None:
    sites = "sites:\n  - {id: BJ, closed: [2026-03-16]}\n  - {id: YA}\n"
    assert problems_of(tmp_path, sites + offering(starts="[2026-03-16]", sites="[BJ, YA]")) == []
    found = problems_of(tmp_path, sites + offering(starts="[2026-03-16]", sites="[BJ]"))
    assert rules_of(found) == ["offering-empty", "offering-start"]
    assert "closed on 2026-03-16" in found[1].message


def test_candidate_id(tmp_path: Path) -> None:
    sites = "sites:\n  - {id: BJ}\n  - {id: B@BJ}\n"
    two = (
        "offerings:\n"
        "  - {id: A, sites: [B@BJ], modules: [M-LAW], days: 2, starts: [2026-03-16], seats: 1}\n"
        "  - {id: A@B, sites: [BJ], modules: [M-LAW], days: 2, starts: [2026-03-16], seats: 1}\n"
    )
    [found] = problems_of(tmp_path, sites + two)
    assert found.rule == "candidate-id"
    assert pointed(found).startswith("A@B")


@pytest.mark.parametrize(("kind", "n_found"), [("school-lecturer", 0), ("congress-delegate", 1)])
def test_lecturer_kind(kind: str, n_found: int, tmp_path: Path) -> None:
    modules = (
        "modules:\n"
        "  M-LAW: {teaches: {meetings: 2}, hours: 8, lecturers: [school-lecturer]}\n"
        "  M-CASE: {teaches: {review: 1}, hours: 4}\n"
    )
    piece = modules + f"lecturers:\n  - {{id: T1, kind: {kind}, modules: [M-CASE, M-LAW]}}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["lecturer-kind"] * n_found


NO_POINTS = "gap: {gap}, km: 0, day: 0, underfill: 0, open: 0"


@pytest.mark.parametrize(
    ("gap", "priority", "n_found"),
    [(441_650_591, 20_394_401, 0), (2**26, 2**27, 1)],  # 2^53 - 1 and 2^53
)
def test_points_overflow_at_exactly_2_to_the_53(
    gap: int, priority: int, n_found: int, tmp_path: Path
) -> None:
    leader = f"leaders:\n  - {{id: L1, branch: HQ, gaps: {{meetings: 1}}, priority: {priority}}}\n"
    found = problems_of(tmp_path, f"policy: {{weights: {{{NO_POINTS.format(gap=gap)}}}}}\n{leader}")
    assert rules_of(found) == ["points-overflow"] * n_found
    assert all(pointed(d).startswith(f"{gap},") for d in found)


@pytest.mark.parametrize("term", ["km", "day", "underfill", "hour"])
def test_points_overflow_names_the_largest_term(term: str, tmp_path: Path) -> None:
    leaders = "leaders:\n" + "".join(f"  - {{id: L{i}, branch: HQ}}\n" for i in range(100))
    policy = f"policy: {{min_hours: 10000, weights: {{{term}: 999999999999}}}}\n"
    found_all = problems_of(tmp_path, session(seats="90000", min_seats="90000") + leaders + policy)
    [found] = of_rule(found_all, "points-overflow")
    assert term in found.message
    assert pointed(found).startswith("999999999999")


def test_points_of_preferences_and_costs_count(tmp_path: Path) -> None:
    many = "".join(f"  - {{id: L{i}, branch: HQ, prefers: {{S1: -1000000000000}}}}\n" for i in range(9010))
    [found] = problems_of(tmp_path, f"leaders:\n{many}")
    assert "'prefers'" in found.message
    cost = "policy: {weights: {open: 1000000}}\n" + offering(cost="10000000000")
    [found] = problems_of(tmp_path, cost)
    assert "'open'" in found.message
