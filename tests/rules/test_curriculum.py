"""What a curriculum lacks as a whole: each rule just inside and just outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of
from .test_sessions import session


def found_in(folder: Path, piece: str, rule: str) -> list[str]:
    """Where the findings of one rule point."""
    return [pointed(found) for found in of_rule(problems_of(folder, piece, whole=True), rule)]


def modules(law: str = "", case: str = "", teaches: str = "meetings: 2") -> str:
    return (
        f"modules:\n  M-LAW: {{teaches: {{{teaches}}}, hours: 8{law}}}\n"
        f"  M-CASE: {{teaches: {{review: 1}}, hours: 4{case}}}\n"
    )


@pytest.mark.parametrize(("level", "n_found"), [(2, 0), (3, 1)])
def test_unteachable_skill(level: int, n_found: int, tmp_path: Path) -> None:
    roles = f"roles:\n  secretary: {{needs: {{review: 1, meetings: {level}}}}}\n"
    found = of_rule(problems_of(tmp_path, roles, whole=True), "unteachable-skill")
    assert [pointed(d)[:1] for d in found] == ["3"] * n_found
    assert all("level 2 at most" in d.message for d in found)


def test_a_skill_that_no_module_teaches(tmp_path: Path) -> None:
    skills = "skills:\n  meetings: {ability: duty}\n  review: {ability: duty}\n  brand: {ability: duty}\n"
    roles = "roles:\n  secretary: {needs: {meetings: 1, review: 1, brand: 1}}\n"
    [found] = of_rule(problems_of(tmp_path, skills + roles, whole=True), "unteachable-skill")
    assert "'brand' to level 1, a skill taught by no module" in found.message


def test_a_skill_that_is_neither_taught_nor_needed(tmp_path: Path) -> None:
    skills = "skills:\n  meetings: {ability: duty}\n  review: {ability: duty}\n  brand: {ability: duty}\n"
    assert [where[:5] for where in found_in(tmp_path, skills, "unteachable-skill")] == ["brand"]


@pytest.mark.parametrize(
    ("piece", "n_found"),
    [
        ("roles:\n  secretary: {needs: {meetings: 2, review: 1}}\n", 0),
        ("roles:\n  secretary: {needs: {meetings: 2}}\n", 1),
        ("roles:\n  secretary: {needs: {meetings: 2}}\n" + modules(", requires: [M-CASE]"), 0),
        ("roles:\n  secretary: {needs: {review: 1}}\n" + modules(", requires: [M-CASE]"), 1),
        ("roles: {}\nleaders:\n  - {id: L1, branch: HQ, gaps: {review: 1}}\n", 0),
    ],
)
def test_unneeded_module(piece: str, n_found: int, tmp_path: Path) -> None:
    assert len(found_in(tmp_path, piece, "unneeded-module")) == n_found


def test_orphan_ability(tmp_path: Path) -> None:
    piece = "abilities:\n  duty: {}\n  innovation: {name: 创新能力}\n"
    assert [where[:10] for where in found_in(tmp_path, piece, "orphan-ability")] == ["innovation"]
    assert found_in(tmp_path, "abilities:\n  duty: {}\n", "orphan-ability") == []


def test_what_is_missing_is_not_said_of_a_curriculum_with_errors(tmp_path: Path) -> None:
    piece = "abilities:\n  duty: {}\n  innovation: {}\nskills:\n  meetings: {ability: innovatoin}\n"
    assert found_in(tmp_path, piece, "orphan-ability") == []


@pytest.mark.parametrize(("name", "n_found"), [("民主评议", 0), ("三会一课", 1)])
def test_duplicate_name(name: str, n_found: int, tmp_path: Path) -> None:
    piece = (
        f"skills:\n  meetings: {{name: 三会一课, ability: duty}}\n  review: {{name: {name}, ability: duty}}\n"
    )
    assert len(found_in(tmp_path, piece, "duplicate-name")) == n_found


def test_the_same_name_in_two_tables_is_right(tmp_path: Path) -> None:
    piece = modules(", name: 三会一课")
    assert found_in(tmp_path, piece, "duplicate-name") == []


@pytest.mark.parametrize(("hours", "n_found"), [(40, 0), (41, 1)])
def test_module_hours(hours: int, n_found: int, tmp_path: Path) -> None:
    piece = modules().replace("hours: 8", f"hours: {hours}")
    piece += session(dates="[2026-03-09..2026-03-20]")
    assert [w[:2] for w in found_in(tmp_path, piece, "module-hours")] == ["41"] * n_found


@pytest.mark.parametrize(
    ("standards", "law", "case", "points_at"),
    [
        ("min_methods: 2", "", ", method: seminar", None),
        ("min_methods: 1", "", "", None),
        ("min_methods: 2", "", "", "2"),
        ("core_share: 0.66", ", core: true", "", None),
        ("core_share: 0.67", ", core: true", "", "0.67"),
        ("core_share: 1", ", core: true", ", core: true", None),
        ("core_share: 0.1", "", "", "0.1"),
        ("core_share: 0", "", "", None),
    ],
)
def test_unmeetable_standards(
    standards: str, law: str, case: str, points_at: str | None, tmp_path: Path
) -> None:
    piece = f"standards: {{{standards}}}\n" + modules(law, case)
    found = found_in(tmp_path, piece, "unmeetable-standards")
    assert [where.rstrip("}") for where in found] == ([] if points_at is None else [points_at])
