"""Norms: one thing to reach, one window, and effects of what a roster says about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cadreplan.instance import Leader, Owed
from cadreplan.loading.load import load_roster
from tests.rules.base import of_rule, overlaid, pointed, problems_of, rules_of, written

SECRETARY = "{id: L1, branch: HQ, role: secretary%s}"


def leaders_of(folder: Path, piece: str) -> tuple[Leader, ...]:
    return load_roster(written(folder, overlaid(piece))).instance.leaders


@pytest.mark.parametrize(
    ("norm", "at"),
    [
        ("{}", "yearly"),
        ("{roles: [secretary]}", "yearly"),
        ("{hours: 8, sessions: 1}", "1}"),
        ("{hours: 8, years: 2, within: 90}", "90}"),
        ("{hours: 8}", None),
        ("{sessions: 1, within: 90}", None),
    ],
)
def test_a_norm_says_one_thing_to_reach_in_one_window(norm: str, at: str | None, tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"norms:\n  yearly: {norm}\n")
    assert rules_of(found) == ([] if at is None else ["norm-goal"])
    if at is not None:
        assert pointed(found[0]).startswith(at)


def test_a_norm_is_for_roles_that_there_are(tmp_path: Path) -> None:
    [found] = problems_of(tmp_path, "norms:\n  yearly: {hours: 8, roles: [secretery]}\n")
    assert found.rule == "unknown-reference"
    assert "'secretary'" in found.hint


def test_credit_names_a_norm_that_there_is_and_that_is_theirs(tmp_path: Path) -> None:
    norms = "norms:\n  yearly: {hours: 8}\n  others: {hours: 4, roles: [secretary]}\n"
    rows = (
        "leaders:\n"
        "  - {id: L1, branch: HQ, role: secretary, credited: {yearly: 2, others: 1}}\n"
        "  - {id: L2, branch: HQ, gaps: {meetings: 1}, credited: {others: 3}}\n"
        "  - {id: L3, branch: HQ, role: secretary, credited: {yearli: 3}}\n"
    )
    found = problems_of(tmp_path, norms + rows)
    assert sorted(rules_of(found)) == ["credit-for-others", "unknown-reference"]
    assert pointed(of_rule(found, "credit-for-others")[0]).startswith("3}")
    assert "'yearly'" in of_rule(found, "unknown-reference")[0].hint


def test_days_after_taking_a_post_need_the_day_where_they_weigh(tmp_path: Path) -> None:
    norms = "norms:\n  newcomer: {sessions: 1, within: 183}\n"
    assert problems_of(tmp_path, norms) == []
    [found] = problems_of(tmp_path, norms + "policy: {weights: {norm: 10}}\n")
    assert found.rule == "norm-without-since"
    known = "leaders:\n  - {id: L1, branch: HQ, role: secretary, since: 2026-01-05}\n"
    assert problems_of(tmp_path, norms + known + "policy: {weights: {norm: 10}}\n") == []


@pytest.mark.parametrize(("since", "rules"), [("2026-06-26", []), ("2026-06-27", ["since-later"])])
def test_nobody_took_their_post_after_the_horizon(tmp_path: Path, since: str, rules: list[str]) -> None:
    found = problems_of(tmp_path, f"leaders:\n  - {{id: L1, branch: HQ, role: secretary, since: {since}}}\n")
    assert rules_of(found) == rules
    assert all(pointed(one).startswith("2026-06-27") for one in found)


def test_a_weight_of_norms_wants_norms(tmp_path: Path) -> None:
    [found] = problems_of(tmp_path, "policy: {weights: {norm: 10}}\n")
    assert (found.rule, pointed(found)) == ("norm-without-effect", "10}}")


def days(leader: Leader, start: date) -> list[tuple[date, date]]:
    return [
        (
            date.fromordinal(start.toordinal() + owed.first),
            date.fromordinal(start.toordinal() + owed.last),
        )
        for owed in leader.owes
    ]


def test_the_last_year_of_a_window_is_that_of_the_last_day(tmp_path: Path) -> None:
    piece = "horizon: 2025-11-03..2026-06-26\nnorms:\n  one: {hours: 8}\n  five: {hours: 550, years: 5}\n"
    [leader] = leaders_of(tmp_path, piece)
    assert days(leader, date(2025, 11, 3)) == [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2022, 1, 1), date(2026, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("since", "applies"),
    [("2026-02-19", False), ("2026-02-20", True), ("2026-06-16", True), ("2026-06-17", False)],
)
def test_a_deadline_counts_if_it_lies_in_the_horizon(since: str, applies: bool, tmp_path: Path) -> None:
    """The horizon is 2026-03-02..2026-06-26, so that ten days after taking the post lie in it, or don't."""
    row = SECRETARY % f", since: {since}"
    [leader] = leaders_of(tmp_path, f"norms:\n  newcomer: {{sessions: 1, within: 10}}\nleaders:\n  - {row}\n")
    assert len(leader.owes) == int(applies)
    if leader.owes:
        [(first, last)] = days(leader, date(2026, 3, 2))
        assert first == date.fromisoformat(since)
        assert (last - first).days == 10


def test_what_is_credited_is_taken_off(tmp_path: Path) -> None:
    norms = "norms:\n  yearly: {hours: 56, roles: [secretary]}\n  others: {hours: 90}\n"
    row = SECRETARY % ", credited: {yearly: 60}, waited: 2"
    [leader] = leaders_of(tmp_path, f"{norms}leaders:\n  - {row}\n")
    assert [(owed.wanted, owed.credited, owed.missing) for owed in leader.owes] == [(56, 60, 0), (90, 0, 90)]
    assert leader.waited == 2


def test_norms_in_chinese_tables(tmp_path: Path) -> None:
    norms = "norms:\n  yearly: {name: 集中培训, hours: 56}\nleaders: leaders.csv\n"
    table = "编号,支部,岗位,任职日期,已计学时,轮空次数\nL1,HQ,secretary,2026年1月5日,集中培训：24学时,2次\n"
    files = overlaid(norms) | {"leaders.csv": table}
    [leader] = load_roster(written(tmp_path, files)).instance.leaders
    assert leader.owes == (Owed(0, 56, 24, -60, 304),)
    assert leader.waited == 2
