"""Pictures of the season in the terminal, and the rows behind them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.views.heat import heat_rows, week_rows
from cadreplan.views.screen.pictures import pictures
from cadreplan.views.season import Season
from cadreplan.views.timetable import used_days, weeks
from tests.views.small import cells, drawn, instance, plan, season


def test_heat_is_person_days_by_branch_and_week() -> None:
    shown = weeks(instance(), used_days(season()))
    rows = heat_rows(season(), shown)
    # L1 and the two of L2 are away for three and two days, L3 from Friday to Monday
    assert [(row.name, row.total) for row in rows] == [("东部分行", 7), ("西部分行", 4)]
    assert rows[0].weeks[:2] == ((7, 5), (0, 0))
    assert rows[1].weeks[:2] == ((3, 3), (1, 1))


def test_weeks_count_the_sessions_that_begin_in_them() -> None:
    rows = week_rows(season(), weeks(instance(), used_days(season())))
    assert [(row.sessions, row.people, row.seats) for row in rows] == [
        (3, 5, 9),
        (0, 0, 0),
        (1, 0, 5),
        (0, 0, 0),
    ]


def test_pictures_show_all_three_without_colour() -> None:
    lines = "\n".join(drawn(pictures(season(), 80, 60)))
    for said in (
        "政治能力",
        "2 of 3",
        "W10 03-02",
        "5/9",
        "3 sessions",
        " 东部分行   7",
        " 西部分行   3   1",
    ):
        assert said in lines


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_pictures_fit_the_screen(width: int) -> None:
    assert all(cells(line) <= width for line in drawn(pictures(season(), width, 60), width))


def test_colour_grows_with_the_days() -> None:
    line = next(x for x in drawn(pictures(season(), 80, 60), colour="truecolor") if "西部分行" in x)
    assert line.count("\x1b[38;2;") == 2


def test_a_long_list_says_how_many_more() -> None:
    assert any("1 more branch: --limit N" in line for line in drawn(pictures(season(), 80, 1)))


def test_a_season_in_which_nobody_goes_anywhere() -> None:
    nobody = Season.of(instance(), replace(plan(), assignments=()))
    assert any("nobody is away" in line for line in drawn(pictures(nobody, 80, 60)))
