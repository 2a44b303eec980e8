"""Demand before solving: the numbers, just inside and just outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.diagnostics import Diagnostic

from .base import of_rule, pointed, problems_of

CASE = "modules: [M-CASE], dates: [2026-03-09], seats: 9"
BOTH = "modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10]"


def leaders(*rows: str) -> str:
    return "leaders:\n" + "".join(f"  - {{id: L{i}, {row}}}\n" for i, row in enumerate(rows, 1))


def sessions(*rows: str) -> str:
    return "sessions:\n" + "".join(f"  - {{id: S{i}, site: BJ, {row}}}\n" for i, row in enumerate(rows, 1))


def found_of(folder: Path, piece: str, rule: str) -> list[Diagnostic]:
    found = of_rule(problems_of(folder, piece, whole=True), rule)
    assert all(d.severity == "warning" for d in found)
    return found


@pytest.mark.parametrize(("seats", "n_found"), [(12, 0), (11, 2)])
def test_seat_shortage_counts_people_against_seats(seats: int, n_found: int, tmp_path: Path) -> None:
    piece = leaders("branch: HQ, role: secretary, headcount: 7", "branch: HQ, role: secretary, headcount: 5")
    found = found_of(tmp_path, piece + sessions(f"{BOTH}, seats: {seats}"), "seat-shortage")
    assert len(found) == n_found
    for shortage in found:
        assert "12 people who want" in shortage.message
        assert "11 seats in sessions that teach it: 1 stays open" in shortage.message


@pytest.mark.parametrize(
    ("site", "n_found"),
    [
        ("beds: 8", 0),
        ("beds: 7", 2),
        ("rooms: [{id: R1, seats: 3}, {id: R2, seats: 8}]", 0),
        ("rooms: [{id: R1, seats: 7}]", 2),
    ],
)
def test_seats_end_at_beds_and_the_largest_room(site: str, n_found: int, tmp_path: Path) -> None:
    piece = f"sites:\n  - {{id: BJ, {site}}}\n" + leaders("branch: HQ, role: secretary, headcount: 8")
    assert len(found_of(tmp_path, piece + sessions(f"{BOTH}, seats: 8"), "seat-shortage")) == n_found


@pytest.mark.parametrize(("level", "n_found"), [(1, 0), (2, 1)])
def test_a_seat_only_counts_where_the_level_is_reached(level: int, n_found: int, tmp_path: Path) -> None:
    piece = leaders(f"branch: HQ, gaps: {{review: {{level: {level}}}}}")
    found = found_of(tmp_path, piece, "seat-shortage")
    assert len(found) == n_found
    assert all("'review' to level 2, and no seat" in d.message for d in found)


@pytest.mark.parametrize(("max_runs", "n_found"), [(2, 0), (1, 2)])
def test_an_offering_counts_up_to_max_runs(max_runs: int, n_found: int, tmp_path: Path) -> None:
    offering = (
        "sessions: []\nofferings:\n  - {id: O, sites: [BJ], modules: [M-LAW, M-CASE], days: 2, seats: 4,"
        f" starts: {{every: monday}}, max_runs: {max_runs}}}\n"
    )
    piece = leaders("branch: HQ, role: secretary, headcount: 8")
    assert len(found_of(tmp_path, piece + offering, "seat-shortage")) == n_found


def test_sessions_outside_the_horizon_have_no_seats(tmp_path: Path) -> None:
    piece = sessions("modules: [M-LAW, M-CASE], dates: [2026-06-26..2026-06-27], seats: 9")
    assert len(found_of(tmp_path, piece, "seat-shortage")) == 2


@pytest.mark.parametrize(
    ("row", "n_found"),
    [
        ("seats: 9, quotas: {NORTH: 5}", 0),
        ("seats: 9, quotas: {NORTH: 4}", 2),
        ("seats: 9, quotas: {HQ: 4}", 2),
        ("seats: 9, branches: [NORTH]", 0),
        ("seats: 9, branches: [SOUTH]", 2),
        ("seats: 4", 0),  # everybody's shortage, said by seat-shortage
    ],
)
def test_branch_shortage(row: str, n_found: int, tmp_path: Path) -> None:
    branches = "branches:\n  - {id: HQ}\n  - {id: NORTH, parent: HQ}\n  - {id: SOUTH, parent: HQ}\n"
    branches += "  - {id: N1, parent: NORTH}\n"
    piece = leaders("branch: N1, role: secretary, headcount: 5")
    found = found_of(tmp_path, branches + piece + sessions(f"{BOTH}, {row}"), "branch-shortage")
    assert [pointed(d)[:5] for d in found] == ["NORTH"] * n_found
    assert all("5 people of 'NORTH' or below it who want" in d.message for d in found)


@pytest.mark.parametrize(("most", "n_found"), [(4, 0), (3, 1)])
def test_away_shortage(most: int, n_found: int, tmp_path: Path) -> None:
    """Two sessions of two days: at most twice `max_away` people can go."""
    branches = f"branches:\n  - {{id: HQ, max_away: {most}}}\n  - {{id: NORTH, parent: HQ}}\n"
    rows = sessions(
        f"{BOTH}, seats: 20", "modules: [M-LAW, M-CASE], dates: [2026-03-16..2026-03-17], seats: 20"
    )
    piece = leaders(
        "branch: NORTH, role: secretary, headcount: 3", "branch: HQ, role: secretary, headcount: 5"
    )
    found = found_of(tmp_path, branches + rows + piece, "away-shortage")
    assert len(found) == 2 * n_found
    assert all("at most 6 of 8 people" in d.message and pointed(d)[0] == "3" for d in found)


@pytest.mark.parametrize(
    ("row", "n_found"),
    [
        ("role: secretary, unavailable: [2026-03-11]", 0),
        ("role: secretary, unavailable: [2026-03-10]", 2),
        ("role: secretary, available: [2026-03-09..2026-03-10]", 0),
        ("role: secretary, available: [2026-03-09]", 2),
        ("role: secretary, max_days: 2", 0),
        ("role: secretary, max_days: 1", 2),
        ("role: secretary, excluded: [S1]", 2),
        ("role: secretary, headcount: 10", 0),
        ("gaps: {review: 1}", 1),
    ],
)
def test_out_of_reach(row: str, n_found: int, tmp_path: Path) -> None:
    piece = leaders("branch: HQ, role: secretary", f"branch: HQ, {row}")
    found = found_of(tmp_path, piece + sessions(f"{BOTH}, seats: 20, roles: [secretary]"), "out-of-reach")
    assert [pointed(d)[:2] for d in found] == ["L2"] * n_found
    assert all("found 1 leader who wants" in d.message for d in found)


def test_the_policys_max_days_counts_too(tmp_path: Path) -> None:
    piece = leaders("branch: HQ, role: secretary") + sessions(f"{BOTH}, seats: 20")
    assert len(found_of(tmp_path, piece + "policy: {max_days: 1}\n", "out-of-reach")) == 2
    assert found_of(tmp_path, piece + "policy: {max_days: 2}\n", "out-of-reach") == []


GATED = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
  M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
"""


@pytest.mark.parametrize(
    ("rows", "leader", "n_found"),
    [
        (("modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 9",), "", 0),
        ((CASE,), "", 1),
        ((CASE,), "completed: [M-LAW]", 0),
        ((CASE, "modules: [M-LAW], dates: [2026-03-05..2026-03-06], seats: 9"), "", 0),
        ((CASE, "modules: [M-LAW], dates: [2026-03-08..2026-03-09], seats: 9"), "", 1),
        (
            (CASE, "modules: [M-LAW], dates: [2026-03-05..2026-03-06], seats: 9"),
            "unavailable: [2026-03-05]",
            1,
        ),
        ((CASE, "modules: [M-CASE], dates: [2026-03-16], seats: 9"), "", 1),
    ],
)
def test_locked_session(rows: tuple[str, ...], leader: str, n_found: int, tmp_path: Path) -> None:
    piece = GATED + sessions(*rows) + leaders(f"branch: HQ, role: secretary{', ' * bool(leader)}{leader}")
    found = found_of(tmp_path, piece, "locked-session")
    assert [pointed(d)[:2] for d in found] == ["L1"] * n_found
    assert all("'review'" in d.message and "mostly 'M-LAW': L1" in d.message for d in found)


@pytest.mark.parametrize(
    ("row", "n_found"),
    [
        ("role: secretary, skills: {meetings: 2}", 0),
        ("role: secretary, skills: {meetings: 2, review: 1}", 1),
        ("role: secretary, skills: {meetings: 2, review: 1}, pinned: [S1]", 0),
        ("role: secretary, unavailable: [2026-03-09]", 1),
    ],
)
def test_idle_session(row: str, n_found: int, tmp_path: Path) -> None:
    piece = leaders(f"branch: HQ, {row}") + sessions(f"{BOTH}, seats: 20")
    found = found_of(tmp_path, piece, "idle-session")
    assert [pointed(d)[:14] for d in found] == ["[M-LAW, M-CASE"] * n_found


def test_leader_without_goal(tmp_path: Path) -> None:
    piece = leaders(
        "branch: HQ", "branch: HQ, pinned: [S1]", "branch: HQ, gaps: {}", "branch: HQ, role: secretary"
    )
    assert [pointed(d)[:2] for d in found_of(tmp_path, piece, "leader-without-goal")] == ["L1"]


def test_demand_is_counted_only_without_errors(tmp_path: Path) -> None:
    piece = leaders("branch: HQ, role: secretary, headcount: 99, priority: high")
    assert [d.rule for d in problems_of(tmp_path, piece, whole=True)] == ["wrong-value"]


_STEPS = """\
modules:
  M-A: {teaches: {meetings: 1}, hours: 4, core: true}
  M-X: {teaches: {meetings: 1}, hours: 4, core: true}
  M-LAW: {teaches: {meetings: 2, review: 1}, hours: 8, core: true, requires: [[M-A, M-X]]}
sessions:
  - {id: S1, site: BJ, modules: [M-X], dates: [2026-03-%s], seats: 10}
  - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
"""


@pytest.mark.parametrize(
    ("day", "found"), [("06", []), ("09", ["idle-session", "locked-session", "locked-session"])]
)
def test_a_session_that_leads_up_to_another_in_time_is_not_idle(
    day: str, found: list[str], tmp_path: Path
) -> None:
    problems = [*found_of(tmp_path, _STEPS % day, "idle-session")]
    problems += found_of(tmp_path, _STEPS % day, "locked-session")
    assert sorted(problem.rule for problem in problems) == found
