"""The screens as they look, kept in `screens/`: CADREPLAN_UPDATE=1 rewrites them, reviewers look at them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import RenderableType

from cadreplan.language import Language, using
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.verification.plans import check_plan
from cadreplan.views.report import as_json
from cadreplan.views.screen.people import branch_screen, leader_screen, session_screen
from cadreplan.views.screen.report import check_screen
from cadreplan.views.screen.season import season_screen, site_screen, timetable, week_screen
from cadreplan.views.screen.summary import summary
from cadreplan.views.screen.theme import Column, fitted
from cadreplan.views.season import Season
from cadreplan.views.timetable import find_week, used_days, weeks
from cadreplan.views.wording import RULES
from tests.draws import examples
from tests.strategies import instances
from tests.views.small import cells, drawn, instance, plan, season

KEPT = Path(__file__).parent / "screens"
WIDTHS = (60, 80, 120)
Screen = Callable[[Season, int], Iterable[RenderableType]]


def _week(laid: Season, width: int) -> Iterable[RenderableType]:
    one = find_week(weeks(laid.instance, used_days(laid)), laid.instance, "10")
    return week_screen(laid, one, width, 20)


def _check(laid: Season, width: int) -> Iterable[RenderableType]:
    report = check_plan(laid.instance, laid.plan)
    return check_screen("plan.json", "roster.yaml", laid.instance, laid.plan, report, width, 20)


SCREENS: dict[str, Screen] = {
    "summary": summary,
    "season": lambda laid, width: season_screen(laid, width, 20),
    "week": _week,
    "site": lambda laid, width: site_screen(laid, 0, width, 20),
    "session": lambda laid, width: session_screen(laid, 2, width, 20),
    "leader": lambda laid, width: leader_screen(laid, 0, width),
    "branch": lambda laid, width: branch_screen(laid, 1, width, 20),
    "check": _check,
}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, width: int) -> None:
    text = "".join(f"{line}\n" for line in drawn(SCREENS[name](season(), width), width))
    path = KEPT / f"{name}-{width}.txt"
    if os.environ.get("CADREPLAN_UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("colour", [None, "truecolor"])
@pytest.mark.parametrize("width", [20, 40, *WIDTHS, 200])
@pytest.mark.parametrize("name", SCREENS)
def test_no_line_is_wider_than_the_screen(name: str, width: int, colour: str | None) -> None:
    from rich.text import Text

    for line in drawn(SCREENS[name](season(), width), width, colour=colour):
        assert cells(Text.from_ansi(line).plain) <= width


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize("name", SCREENS)
def test_other_encodings_get_plain_lines_and_bars(name: str, encoding: str) -> None:
    text = "\n".join(drawn(SCREENS[name](season(), 80), 80, encoding))
    assert not set(text) & set("━─╾│▌▲")


def test_a_wrong_plan_is_shown_rule_by_rule() -> None:
    made = plan()
    wrong = replace(
        made,
        terms=replace(made.terms, km=0),
        assignments=(*made.assignments, ("L3", "S1"), ("L4", "S1")),
    )
    lines = drawn(_check(Season.of(instance(), wrong), 80))
    text = "\n".join(lines)
    assert "wrong" in text
    assert "violations of" in text
    firsts = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    heads = [first for first in firsts if first in {*RULES, "Worth", "Not"}]
    assert heads[1:] == ["seats", "rooms", "beds", "useful", "statement", "Worth", "Not"]
    assert any(line.split()[:2] == ["S1", "5"] for line in lines)
    assert any("differs" in line for line in lines)


def test_a_long_list_of_violations_is_cut_and_says_so() -> None:
    made = plan()
    wrong = replace(made, assignments=tuple((f"X{k}", "S1") for k in range(30)))
    laid = Season.of(instance(), wrong)
    report = check_plan(laid.instance, wrong)
    lines = drawn(check_screen("p", "r", laid.instance, wrong, report, 80, 10))
    assert any("20 more of reference: --limit N" in line for line in lines)
    assert '"rule": "reference"' in as_json("p", "r", laid.instance, wrong, report)


def test_limits_cut_every_long_list_and_say_how_many_more() -> None:
    laid = season()
    assert any("more sessions" in line for line in drawn(season_screen(laid, 80, 2)))
    assert any("1 more site:" in line for line in drawn(timetable(laid, 80, 1)))
    assert any("1 more leader:" in line for line in drawn(session_screen(laid, 0, 80, 1)))
    assert any("2 more branches" in line for line in drawn(summary(laid, 80, limit=1)))
    assert any("1 more week:" in line for line in drawn(site_screen(laid, 0, 80, 1)))
    assert any("2 more leaders" in line for line in drawn(branch_screen(laid, 0, 80, 1)))


def test_narrow_screens_keep_names_and_numbers() -> None:
    lines = drawn(SCREENS["season"](season(), 44), 44)
    assert any("S1" in line and "3/3" in line and "03-02" in line for line in lines)
    lines = drawn(SCREENS["session"](season(), 44), 44)
    assert any("周明远" in line and "民主评议" in line for line in lines)


def test_a_long_season_is_shown_by_week() -> None:
    laid = Season.of(replace(instance(), n_days=360), plan())
    lines = drawn(timetable(laid, 80, 20))
    head = next(line for line in lines if "W10" in line)
    assert "W11 W12 W13" in head
    assert any(line.split()[:2] == ["总行党校", "4"] for line in lines)


def test_a_plan_without_assignments_is_shown() -> None:
    empty = replace(plan(), assignments=(), open_gaps=(), terms=Terms())
    laid = Season.of(instance(), empty)
    for name, screen in SCREENS.items():
        if name != "check":
            assert drawn(screen(laid, 80))
    assert any("nobody is away" in line for line in drawn(branch_screen(laid, 0, 80, 20)))
    assert any("stays at home" in line for line in drawn(leader_screen(laid, 0, 80)))


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_plan_of_any_instance_can_be_shown(data: st.DataObject) -> None:
    problem = data.draw(instances(max_leaders=4, max_sessions=5))
    pairs = [(leader.id, session.id) for leader in problem.leaders for session in problem.sessions]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=8))
    made = Plan(
        RosterRef("r", "0" * 64),
        SolverInfo("exact", "feasible", 0, 0, 0.0, 0.0, 0, 1, "0"),
        Terms(),
        tuple(sorted(chosen)),
        tuple(PlannedSession(session.id, data.draw(st.booleans())) for session in problem.sessions),
        tuple(OpenGap(leader.id, "K0", "seats", "full") for leader in problem.leaders),
    )
    laid, width = Season.of(problem, made), data.draw(st.integers(30, 140))
    shown = [
        summary(laid, width),
        season_screen(laid, width, 10),
        _check(laid, width),
        *(site_screen(laid, k, width, 10) for k in range(len(problem.sites))),
        *(session_screen(laid, s, width, 10) for s in range(len(problem.sessions))),
        *(leader_screen(laid, i, width) for i in range(len(problem.leaders))),
        *(branch_screen(laid, b, width, 10) for b in range(len(problem.branches))),
    ]
    for screen in shown:
        assert all(cells(line) <= width for line in drawn(screen, width))


@pytest.mark.parametrize("language", list(Language))
def test_a_column_that_wraps_loses_nothing(language: Language) -> None:
    why = "S1 占用 2026-03-09，该人员当天不可离岗；不可用：2026-03-02..2026-04-24"
    columns = (Column("id"), Column("why", flexible=True, least=24, wraps=True))
    with using(language):
        shown = drawn([fitted(columns, [["L1", why]], 40)], 40)
    assert all(cells(line) <= 40 for line in shown)
    assert "".join("".join(shown).split()) == "".join(f"idwhyL1{why}".split())
