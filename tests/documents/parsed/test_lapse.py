"""Levels that end: just inside and just outside the months they last."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cadreplan.documents.parsed.lapse import held, last_day
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.instance import Lapsed
from cadreplan.loading.load import load_roster
from tests.rules.base import overlaid, written

HORIZON_END = date(2026, 6, 26)
"""That of the small roster."""


@pytest.mark.parametrize(
    ("earned", "months", "last"),
    [
        ("2024-05-08", 24, "2026-05-08"),
        ("2025-12-31", 1, "2026-01-31"),
        ("2025-11-30", 1, "2025-12-30"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("9999-12-01", 12, "9999-12-31"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(earned: str, months: int, last: str) -> None:
    assert last_day(date.fromisoformat(earned), months) == date.fromisoformat(last)


@pytest.mark.parametrize(("earned", "level"), [("2024-06-26", 2), ("2024-06-25", None)])
def test_a_level_is_held_until_the_horizon_ends_later(earned: str, level: int | None) -> None:
    leader = LeaderSpec.model_validate(
        {
            "id": "L1",
            "branch": "HQ",
            "skills": {"meetings": "2", "review": "1"},
            "earned": {"meetings": earned},
        }
    )
    levels = held(leader, {"meetings": 24, "review": 1}, HORIZON_END)
    assert levels.get("meetings") == level
    assert levels["review"] == 1, "a level without a day is held for ever"


def _gaps(folder: Path, row: str, valid: str = ", valid: 24") -> dict[str, int]:
    skills = (
        "skills:\n"
        f"  meetings: {{name: 三会一课, ability: duty, weight: 2{valid}}}\n"
        "  review: {name: 民主评议, ability: duty}\n"
    )
    leaders = f"leaders:\n  - {{id: L1, branch: HQ, role: secretary, {row}}}\n"
    instance = load_roster(written(folder, overlaid(skills + leaders))).instance
    return {instance.skills[gap.skill].id: gap.level for gap in instance.leaders[0].gaps}


HELD = "skills: {meetings: 2, review: 1}"


def test_a_lapsed_level_is_a_skill_gap_again(tmp_path: Path) -> None:
    assert _gaps(tmp_path, f"{HELD}, earned: {{meetings: 2024-06-26}}") == {}
    assert _gaps(tmp_path, f"{HELD}, earned: {{meetings: 2024-06-25}}") == {"meetings": 2}


def test_levels_of_skills_without_an_end_never_lapse(tmp_path: Path) -> None:
    assert _gaps(tmp_path, f"{HELD}, earned: {{meetings: 1990-01-01}}", valid="") == {}


def test_gaps_that_are_written_are_not_touched_by_what_lapses(tmp_path: Path) -> None:
    row = f"{HELD}, earned: {{meetings: 2020-01-01}}, gaps: {{review: 1}}"
    assert _gaps(tmp_path, row) == {"review": 1}


def test_a_skill_gap_knows_the_level_that_lapsed(tmp_path: Path) -> None:
    skills = "skills:\n  meetings: {name: 三会一课, ability: duty, weight: 2, valid: 24}\n"
    skills += "  review: {name: 民主评议, ability: duty}\n"
    rows = (
        "{id: L1, branch: HQ, role: secretary, skills: {meetings: 1}, earned: {meetings: 2024-06-25}}",
        "{id: L2, branch: HQ, role: secretary, skills: {meetings: 1}, earned: {meetings: 2024-06-26}}",
        "{id: L3, branch: HQ, gaps: {meetings: 1}, skills: {meetings: 2}, earned: {meetings: 2020-01-01}}",
    )
    leaders = "leaders:\n" + "".join(f"  - {row}\n" for row in rows)
    instance = load_roster(written(tmp_path, overlaid(skills + leaders))).instance
    gaps = [{instance.skills[g.skill].id: g.lapsed for g in leader.gaps} for leader in instance.leaders]
    lapsed = Lapsed(1, date(2024, 6, 25), 24, date(2026, 6, 25))
    assert gaps[0] == {"meetings": lapsed, "review": None}
    assert gaps[1:] == [{"meetings": None, "review": None}, {"meetings": None}]
