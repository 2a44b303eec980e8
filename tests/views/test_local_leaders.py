"""Whoever sleeps at home is seen to: on screens, in tables, on the page, in the workbook and calendars."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl

from cadreplan.instance import Instance
from cadreplan.views.export.events import By, events
from cadreplan.views.export.page import pages
from cadreplan.views.export.tables import all_tables
from cadreplan.views.export.workbook import workbook
from cadreplan.views.people import cohort, itinerary
from cadreplan.views.screen.people import leader_screen, session_screen
from cadreplan.views.screen.season import site_screen
from cadreplan.views.season import Season
from cadreplan.views.timetable import beds_row, home_row
from tests.views.small import drawn, instance, plan, season

WAY = 2057
"""Kilometres between L1's home and the school in Beijing and back, 1,028.6 one way."""


def _near() -> Instance:
    """L1 and L2 (two people) live near the school, where L4 doesn't attend; L3 is far from every site."""
    problem = instance()
    return replace(problem, policy=replace(problem.policy, local_km=1040))


def _season() -> Season:
    return Season.of(_near(), plan())


def _column(laid: Season, table: str, key: str) -> list[object]:
    found = next(t for t in all_tables(laid) if t.name == table)
    return [row[found.position(key)] for row in found.rows]


def _page(laid: Season) -> str:
    return b"".join(pages(laid, "season.html").values()).decode()


def test_each_session_from_home_is_a_journey_with_the_way_of_every_day() -> None:
    laid = _season()
    assert laid.instance.trip_km(laid.instance.leaders[0], 0) == WAY
    assert [
        (j.trip.days, j.trip.at_home, j.km, [s.id for s in j.stops]) for j in itinerary(laid, 0).journeys
    ] == [
        ((0, 1), True, 2 * WAY, ["S1"]),
        ((2,), True, WAY, ["S2"]),
    ]
    assert laid.km(0) == 3 * WAY
    assert laid.days_away(0) == 3
    assert [(m.id, m.at_home, m.km) for m in cohort(laid, 0)] == [
        ("L2", True, 2 * WAY),
        ("L1", True, 2 * WAY),
    ]
    assert not any(j.trip.at_home for j in itinerary(season(), 0).journeys)


def test_beds_are_counted_without_those_who_sleep_at_home() -> None:
    laid = _season()
    assert [laid.at_site[0, day] for day in range(3)] == [3, 3, 1]
    assert not any(laid.in_beds[0, day] for day in range(3))
    assert beds_row(laid, 0).people == {}
    home = home_row(laid, 0)
    assert home is not None
    assert home.people == {0: 3, 1: 3, 2: 1}
    assert home_row(laid, 1) is None
    assert beds_row(laid, 1).people == {4: 1, 5: 1, 6: 1, 7: 1}
    assert beds_row(season(), 0).people == {0: 3, 1: 3, 2: 1}


def test_screens_say_who_sleeps_at_home() -> None:
    laid = _season()
    session = drawn(session_screen(laid, 0, 100, 20), 100)
    assert any("3 sleep at home" in line for line in session)
    assert sum("at home" in line for line in session) == 3
    leader = drawn(leader_screen(laid, 0, 100), 100)
    assert any("0 trips" in line and "2 sessions from home" in line for line in leader)
    assert sum("sleeps at home" in line for line in leader) == 2
    site = drawn(site_screen(laid, 0, 100, 20), 100)
    assert any(line.split() == ["at", "home", "3", "3", "1", "·", "·"] for line in site)
    for screen in (
        session_screen(season(), 0, 100, 20),
        leader_screen(season(), 0, 100),
        site_screen(season(), 0, 100, 20),
    ):
        assert not any("home" in line for line in drawn(screen, 100))


def test_tables_have_a_column_for_it_where_the_policy_does() -> None:
    laid = _season()
    assert _column(laid, "trips", "sleeps") == ["at home", "at home", "at home", ""]
    assert _column(laid, "trips", "sessions") == ["S1", "S1", "S2", "S3"]
    assert _column(laid, "cohorts", "sleeps") == ["at home", "at home", "at home", ""]
    assert _column(laid, "sites", "most") == [3, 1]
    assert _column(laid, "sites", "in_beds") == [0, 1]
    without = {column.key for table in all_tables(season()) for column in table.columns}
    assert not without & {"sleeps", "in_beds"}


def test_workbook_and_page_say_who_sleeps_at_home() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(_season())))
    by_branch = [cell.value for row in book["东部分行"].iter_rows() for cell in row]
    assert by_branch.count("总行党校 (sleeps at home)") == 3
    printed = [[cell.value for cell in row] for row in book["Session by session"].iter_rows()]
    assert [row[7] for row in printed if row[7]] == [
        "sleeps",
        "at home",
        "at home",
        "sleeps",
        "at home",
        "sleeps",
    ]
    texts = _page(_season())
    assert texts.count("sleeps at home") == 6
    assert "sleeps at home" not in _page(season())


def test_calendars_say_who_sleeps_at_home() -> None:
    own = [event.description for event in events(_season(), By.LEADER).values() if event.owner.id == "L1"]
    assert len(own) == 2
    assert all(f"sleeps at home, {WAY:,} km both ways every day" in text for text in own)
    assert not any("journey" in text for text in own)
    of_site = [event.description for event in events(_season(), By.SITE).values()]
    assert ["3 sleep at home" in text for text in of_site].count(True) == 1
    assert ["1 sleeps at home" in text for text in of_site].count(True) == 1
