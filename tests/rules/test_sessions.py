"""A session by itself, just inside and just outside each limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import of_rule, pointed, problems_of, rules_of


def session(**values: str) -> str:
    """A roster section with one session; a value of "" leaves a key out."""
    given = {
        "id": "S1",
        "site": "BJ",
        "modules": "[M-LAW]",
        "dates": "[2026-03-09..2026-03-10]",
        "seats": "10",
    }
    given |= values
    return "sessions:\n  - {" + ", ".join(f"{k}: {v}" for k, v in given.items() if v) + "}\n"


def offering(**values: str) -> str:
    given = {
        "id": "O1",
        "sites": "[BJ]",
        "modules": "[M-LAW]",
        "days": "2",
        "starts": "[2026-03-09]",
        "seats": "10",
    }
    given |= values
    return "offerings:\n  - {" + ", ".join(f"{k}: {v}" for k, v in given.items() if v) + "}\n"


@pytest.mark.parametrize(
    ("values", "rule", "points_at"),
    [
        ({"dates": ""}, "session-dates", "{id: S1"),
        ({"dates": "", "start": "2026-03-09"}, "session-dates", "2026-03-09"),
        ({"dates": "", "end": "2026-03-09"}, "session-dates", "2026-03-09"),
        ({"start": "2026-03-05", "end": "2026-03-06"}, "session-dates", "2026-03-05"),
        ({"dates": "", "start": "2026-03-09", "end": "2026-03-08"}, "session-dates", "2026-03-08"),
        ({"dates": "[2026-03-09..2027-03-10]"}, "session-length", "2026-03-09..2027"),
        ({"dates": "", "start": "2026-03-09", "end": "2027-03-10"}, "session-length", "2027-03-10"),
        ({"modules": "[M-LAW, M-CASE]", "dates": "[2026-03-09]"}, "session-too-short", "[M-LAW, M-CASE]"),
        ({"min_seats": "11"}, "min-seats", "11"),
        ({"quotas": "{HQ: 11}"}, "quota-above-seats", "11"),
    ],
)
def test_just_outside(values: dict[str, str], rule: str, points_at: str, tmp_path: Path) -> None:
    found = of_rule(problems_of(tmp_path, session(**values)), rule)
    assert found
    assert pointed(found[0]).startswith(points_at)


@pytest.mark.parametrize(
    "values",
    [
        {"dates": "", "start": "2026-03-09", "end": "2026-03-10"},
        {"dates": "[2026-03-09, {start: 2026-03-11, end: 2026-03-11}]"},
        {"dates": "", "start": "2026-03-09", "end": "2026-03-10", "min_seats": "10"},
        {"modules": "[M-LAW, M-CASE]", "dates": "[2026-03-09, 2026-03-12]"},
        {"min_seats": "10", "quotas": "{HQ: 10}"},
        {"seats": "0"},
    ],
)
def test_just_inside(values: dict[str, str], tmp_path: Path) -> None:
    assert problems_of(tmp_path, session(**values)) == []


def test_session_length_allows_a_leap_year(tmp_path: Path) -> None:
    piece = session(dates="[2026-03-09..2027-03-09]")
    assert rules_of(problems_of(tmp_path, piece)) == ["outside-horizon"]


def test_session_dates_named_twice_count_once(tmp_path: Path) -> None:
    piece = session(modules="[M-LAW, M-CASE]", dates="[2026-03-09, 2026-03-09]")
    assert rules_of(problems_of(tmp_path, piece)) == ["session-too-short"]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"modules": "[M-LAW, M-CASE]", "days": "1"}, "session-too-short"),
        ({"min_seats": "11"}, "min-seats"),
        ({"quotas": "{HQ: 11}"}, "quota-above-seats"),
    ],
)
def test_offerings_are_held_to_the_same(values: dict[str, str], rule: str, tmp_path: Path) -> None:
    assert rules_of(problems_of(tmp_path, offering(**values))) == [rule]
    assert problems_of(tmp_path, offering()) == []


HOURS = """\
standards: {{core_share: 0.6}}
modules:
  M-LAW: {{teaches: {{meetings: 2}}, hours: {core}, core: true}}
  M-CASE: {{teaches: {{review: 1}}, hours: 4}}
"""


@pytest.mark.parametrize(("core", "n_found"), [(6, 0), (5, 1)])
def test_core_share_is_exact(core: int, n_found: int, tmp_path: Path) -> None:
    piece = HOURS.format(core=core) + session(modules="[M-LAW, M-CASE]")
    assert rules_of(problems_of(tmp_path, piece)) == ["session-standards"] * n_found


def test_standards_leave_single_modules_alone(tmp_path: Path) -> None:
    piece = "standards: {core_share: 1, min_methods: 2}\n" + session(modules="[M-CASE]")
    assert problems_of(tmp_path, piece) == []


@pytest.mark.parametrize("min_methods", [2, 3])
def test_methods_are_never_more_than_modules(min_methods: int, tmp_path: Path) -> None:
    piece = f"standards: {{min_methods: {min_methods}}}\n" + session(modules="[M-LAW, M-CASE]")
    assert problems_of(tmp_path, piece) == []


def test_standards_hold_for_offerings(tmp_path: Path) -> None:
    piece = "standards: {core_share: 0.9}\n" + session() + offering(modules="[M-LAW, M-CASE]")
    assert rules_of(problems_of(tmp_path, piece)) == ["session-standards"]


MAX_SEATS = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, max_seats: 10}
  M-CASE: {teaches: {review: 1}, hours: 4}
"""


@pytest.mark.parametrize(("seats", "n_found"), [("10", 0), ("11", 1)])
def test_module_seats(seats: str, n_found: int, tmp_path: Path) -> None:
    for section in (session(seats=seats), offering(seats=seats) + session(modules="[M-CASE]")):
        found = problems_of(tmp_path, MAX_SEATS + section)
        assert rules_of(found) == ["module-seats"] * n_found
        assert all(pointed(d).startswith("11") for d in found)
