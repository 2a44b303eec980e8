"""Levels that lapse, and days of earning: just inside and just outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of

SKILLS = """\
skills:
  meetings: {name: 三会一课, ability: duty, weight: 2, valid: 12}
  review: {name: 民主评议, ability: duty}
"""


def piece(held: str, earned: str) -> str:
    row = f"id: L1, branch: HQ, role: secretary, skills: {held}, earned: {earned}"
    return f"{SKILLS}leaders:\n  - {{{row}}}\n"


@pytest.mark.parametrize(
    ("earned", "n_found"),
    [
        ("2025-03-01", 0),  # it ended the day before the horizon begins: that was said then
        ("2025-03-02", 1),
        ("2025-06-25", 1),
        ("2025-06-26", 0),  # it lasts to the horizon's last day
    ],
)
def test_a_level_that_ends_in_the_horizon_is_said(earned: str, n_found: int, tmp_path: Path) -> None:
    text = piece("{meetings: 2}", f"{{meetings: {earned}}}")
    found = of_rule(problems_of(tmp_path, text, whole=True), "level-lapses")
    assert [pointed(d)[:10] for d in found] == [earned] * n_found
    assert all(d.severity == "warning" and "12 months, to 2026-0" in d.message for d in found)


def test_a_lapsed_level_counts_as_demand_for_seats(tmp_path: Path) -> None:
    sessions = "sessions:\n  - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 10}\n"
    held = "{meetings: 2, review: 1}"
    fresh = problems_of(tmp_path, piece(held, "{meetings: 2025-06-26}") + sessions, whole=True)
    assert of_rule(fresh, "seat-shortage") == []
    lapsed = problems_of(tmp_path, piece(held, "{meetings: 2025-06-25}") + sessions, whole=True)
    assert "1 person who wants 'meetings'" in of_rule(lapsed, "seat-shortage")[0].message


@pytest.mark.parametrize(
    ("held", "n_found"), [("{meetings: 1}", 0), ("{meetings: 0}", 1), ("{review: 1}", 1)]
)
def test_a_day_belongs_to_a_level(held: str, n_found: int, tmp_path: Path) -> None:
    found = of_rule(problems_of(tmp_path, piece(held, "{meetings: 2026-02-01}")), "earned-without-level")
    assert [pointed(d)[:8] for d in found] == ["meetings"] * n_found


@pytest.mark.parametrize(("earned", "n_found"), [("2026-06-26", 0), ("2026-06-27", 1)])
def test_nothing_was_earned_after_the_horizon(earned: str, n_found: int, tmp_path: Path) -> None:
    found = of_rule(problems_of(tmp_path, piece("{meetings: 1}", f"{{meetings: {earned}}}")), "earned-later")
    assert len(found) == n_found


@pytest.mark.parametrize("valid", ["0", "-1", "1.5", "2y"])
def test_months_are_a_whole_number_above_nought(valid: str, tmp_path: Path) -> None:
    text = SKILLS.replace("valid: 12", f"valid: {valid}")
    found = of_rule(problems_of(tmp_path, text), "wrong-value")
    assert [pointed(d).startswith(valid) for d in found] == [True]
