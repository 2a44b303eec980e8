"""Half days on the screen: of a session, of a lecturer, of a site's rooms."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, RenderableType

from cadreplan.goals import Goals
from cadreplan.instance import Instance
from cadreplan.plan import Plan, PlannedSession, ProgrammeInfo, RosterRef, SolverInfo, Terms
from cadreplan.programme.model import Programme, with_programme
from cadreplan.views.programme import loads, of_session, room_grid, visits
from cadreplan.views.screen.programme import lecturer_screen, session_programme, site_programme
from cadreplan.views.screen.theme import THEME
from cadreplan.views.season import Season
from cadreplan.views.timetable import used_days, weeks
from tests.programme.base import Build

BUILD = (
    Build()
    .module("M", core=True)
    .module("N", kinds="head")
    .session("S", (0, 1), "M N")
    .session("U", 2, "M", at="Q")
    .lecturer("T", max_slots=4)
    .lecturer("V")
)


def season(text: str = "S: 0am M T, 1pm N -; U: 2am M T") -> Season:
    instance: Instance = BUILD.instance
    plan = Plan(
        RosterRef("roster.yaml", "a" * 64),
        SolverInfo("exact", "optimal", 0, 0, 0.0, 0.0, 0, 1, "0"),
        Terms(),
        (),
        (PlannedSession("S", True), PlannedSession("U", True)),
    )
    if text:
        info = ProgrammeInfo("feasible", Goals(1, 0, 0, 2), (0, 0, 0, 0, 0, 0))
        plan = with_programme(instance, plan, Programme(BUILD.entries(text), info))
    return Season.of(instance, plan)


def shown(parts: Iterable[RenderableType]) -> str:
    console = Console(width=90, theme=THEME)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_half_days_of_a_session_are_in_time() -> None:
    assert [(h.day, h.slot, h.module, h.lecturer) for h in of_session(season(), 0)] == [
        (0, "am", "M", 0),
        (1, "pm", "N", None),
    ]


def test_visits_and_loads_of_lecturers() -> None:
    assert [(v.session, v.days, v.modules) for v in visits(season(), 0)] == [
        (0, (0,), ("M",)),
        (1, (2,), ("M",)),
    ]
    assert loads(season()) == {0: 2, 1: 0}


def test_a_week_of_a_site_is_rooms_by_half_days() -> None:
    one = season()
    week = weeks(one.instance, used_days(one))[0]
    [(label, held)] = room_grid(one, 0, week)
    assert label == "S"
    assert {key: h.module for key, h in held.items()} == {(0, "am"): "M", (1, "pm"): "N"}
    assert "nobody" in shown(site_programme(one, 0, week, 90))


def test_a_session_shows_who_teaches_and_why_nobody_does() -> None:
    text = shown(session_programme(season(), 0, 90))
    assert "2 half days · 1 without a lecturer" in text
    assert "no-kind: nobody" in text


def test_a_lecturer_has_journeys_and_a_load() -> None:
    text = shown(lecturer_screen(season(), 0, 90, 60))
    assert "2 of 4 half days" in text
    assert "2 sessions · 2 sites" in text
    assert "1 more" in shown(lecturer_screen(season(), 0, 90, 1))


def test_nothing_to_teach_says_whether_there_is_a_programme() -> None:
    assert "teaches nothing in this plan" in shown(lecturer_screen(season(), 1, 90, 60))
    assert "no programme" in shown(lecturer_screen(season(""), 1, 90, 60))
    assert shown(session_programme(season(""), 0, 90)) == ""
