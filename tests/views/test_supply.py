"""What a season takes, as rows and on the screen: candidates, loads, rooms, standards, half days."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import RenderableType

from cadreplan.goals import Goals
from cadreplan.instance import Instance, Leader, Offering, Room, Session, SkillGap
from cadreplan.plan import Plan, PlannedSession, ProgrammeInfo, RosterRef, SolverInfo, StaffLimit, Terms
from cadreplan.programme.model import Programme, with_programme
from cadreplan.views.screen import supply
from cadreplan.views.screen.programme import lecturer_screen, session_programme, site_programme
from cadreplan.views.season import Season
from cadreplan.views.supply import load_rows, opened_rows, room_rows, standard_rows, untaught
from cadreplan.views.timetable import used_days, weeks
from tests.programme.base import Build
from tests.views.small import cells, drawn, instance

KEPT = Path(__file__).parent / "screens"


def season() -> Season:
    """Two given sessions, two candidates of an offering of which one runs, and one candidate by itself."""
    build = (
        Build()
        .module("党性教育", core=True, slots=2)
        .module("组织生活实务", method="seminar", kinds="head")
        .session("给定班", (0, 1), "党性教育 组织生活实务")
        .session("NEW@Q@2026-03-09", (7, 8), "组织生活实务", at="Q", candidate=True)
        .session("NEW@Q@2026-03-16", (14, 15), "组织生活实务", at="Q", candidate=True)
        .session("单独班", 9, "党性教育", candidate=True)
        .lecturer("欧阳明德", max_slots=2)
        .lecturer("司马长风", "head", max_slots=4)
        .lecturer("诸葛静", "head", site="Q")
    )
    bare = instance()
    problem: Instance = replace(
        build.instance,
        abilities=bare.abilities,
        skills=bare.skills,
        modules=tuple(replace(m, teaches=((k, 1),)) for k, m in enumerate(build.instance.modules)),
        sites=(
            replace(build.instance.sites[0], name="总行党校", rooms=(Room("明德厅", 12), Room("致远厅", 4))),
            replace(build.instance.sites[1], name="井冈山教育基地"),
        ),
        offerings=(Offering("NEW", 3),),
        leaders=tuple(
            Leader(f"L{i}", f"学员{i}", 0, None, (SkillGap(0, 1, 1), SkillGap(1, 1, 2))) for i in range(4)
        ),
    )
    sessions: list[Session] = list(problem.sessions)
    for n in (1, 2):
        sessions[n] = replace(sessions[n], offering=0, cost=300)
    problem = replace(problem, sessions=tuple(sessions))
    entries = build.entries(
        "给定班: 0am 党性教育 欧阳明德, 0pm 组织生活实务 -, 1am 党性教育 欧阳明德;"
        "NEW@Q@2026-03-09: 7am 组织生活实务 诸葛静"
    )
    plan = Plan(
        RosterRef("roster.yaml", "a" * 64),
        SolverInfo("exact", "feasible", 1000, 1200, 0.2, 1.0, 0, 1, "0"),
        Terms(),
        (("L0", "给定班"), ("L1", "给定班"), ("L1", "NEW@Q@2026-03-09"), ("L2", "NEW@Q@2026-03-09")),
        tuple(
            PlannedSession(
                s.id, s.id in ("给定班", "NEW@Q@2026-03-09"), "明德厅" if s.id == "给定班" else None
            )
            for s in problem.sessions
        ),
    )
    info = ProgrammeInfo(
        "feasible",
        Goals(unstaffed=1, journeys=1),
        (1, 0, 0, 0, 0, 0),
        limits=(StaffLimit({"NEW@Q@2026-03-09": 1, "NEW@Q@2026-03-16": 1}, 1),),
        ceiling=1100,
    )
    shown = {s: half_days for s, half_days in entries.items() if half_days}
    return Season.of(problem, with_programme(problem, plan, Programme(shown, info)))


def test_opened_rows_have_offerings_and_single_candidates() -> None:
    first, second = opened_rows(season())
    assert (first.id, first.opened, first.candidates, first.most) == ("NEW", 1, 2, 3)
    assert (first.people, first.seats, first.points, first.sites) == (2, 9, 300, ("井冈山教育基地",))
    assert (second.id, second.opened, second.single) == ("单独班", 0, True)


def test_load_rows_have_everybody_heaviest_first() -> None:
    rows = [(row.lecturer, row.half_days, row.most, row.sessions) for row in load_rows(season())]
    assert rows == [(0, 2, 2, 1), (2, 1, None, 1), (1, 0, 4, 0)]


def test_room_rows_count_days_rooms_and_seats() -> None:
    [row] = room_rows(season())
    assert (row.site, row.rooms, row.at_once) == ("总行党校", 2, 1)
    assert (row.days, row.possible, row.people, row.seats) == (2, 4, 4, 24)


def test_standards_are_of_attended_sessions_overall_and_by_ability() -> None:
    rows = [(row.name, row.sessions, row.hours, row.core, row.methods) for row in standard_rows(season())]
    assert rows == [
        ("", 2, 16, 8, (("lecture", 8), ("seminar", 8))),
        ("政治能力", 1, 8, 8, (("lecture", 8),)),
        ("履职能力", 2, 8, 0, (("seminar", 8),)),
    ]


def test_skill_gaps_that_rest_on_nobody_are_counted() -> None:
    """L0 and L1 were to learn it there; L1 learns it in the other session as well."""
    missing = untaught(season())
    assert (len(missing.half_days), missing.sessions, missing.gaps, missing.people) == (1, 1, 1, 1)


Screen = Callable[[Season, int], Iterable[RenderableType]]


def _supply(laid: Season, width: int) -> Iterable[RenderableType]:
    yield from supply.opened(laid, width, 12)
    yield from supply.programme(laid, width)
    yield from supply.lecturers(laid, width, 12)
    yield from supply.rooms(laid, width, 12)
    yield from supply.standards(laid, width)


def _halls(laid: Season, width: int) -> Iterable[RenderableType]:
    first = weeks(laid.instance, used_days(laid))[0]
    return site_programme(laid, 0, first, width)


SCREENS: dict[str, Screen] = {
    "supply": _supply,
    "half-days": lambda laid, width: session_programme(laid, 0, width),
    "lecturer": lambda laid, width: lecturer_screen(laid, 0, width, 12),
    "halls": _halls,
}


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(name: str, width: int) -> None:
    lines = drawn(SCREENS[name](season(), width), width)
    assert max(cells(line) for line in lines) <= width
    text = "".join(f"{line}\n" for line in lines)
    path = KEPT / f"{name}-{width}.txt"
    if os.environ.get("CADREPLAN_UPDATE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_a_plan_without_a_programme_says_nothing_of_lecturers() -> None:
    laid = season()
    bare = Season.of(laid.instance, replace(laid.plan, programme=None))
    assert not list(supply.programme(bare, 80))
    assert not list(supply.lecturers(bare, 80, 12))
