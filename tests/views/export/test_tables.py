"""The tables: one row for each fact, every row as wide as its header."""

from __future__ import annotations

from datetime import date

import pytest

from cadreplan.language import Language, using
from cadreplan.views.export.tables import all_tables
from cadreplan.views.season import Season
from cadreplan.views.table import Table
from tests.views.export.base import HOSTILE, hostile, season, taught


def table(name: str, what: Season | None = None) -> Table:
    return next(t for t in all_tables(what or season()) if t.name == name)


def column(found: Table, key: str) -> list[object]:
    k = found.position(key)
    return [row[k] for row in found.rows]


def test_assignments_are_one_row_a_leader_and_session_by_branch_and_day() -> None:
    found = table("assignments")
    assert list(zip(column(found, "leader"), column(found, "session"), strict=True)) == [
        ("L2", "S1"),
        ("L1", "S1"),
        ("L1", "S2"),
        ("L3", "S3"),
    ]
    assert column(found, "first") == [date(2026, 3, d) for d in (2, 2, 4, 6)]
    assert column(found, "closes") == ["理论学习", "理论学习", "三会一课", "民主评议"]
    assert column(found, "group") == ["东部分行", "东部分行", "东部分行", "西部分行"]


def test_trips_join_days_that_are_near_and_have_kilometres() -> None:
    found = table("trips")
    assert column(found, "sessions") == ["S1", "S1, S2", "S3"]
    assert column(found, "days") == [2, 3, 4]
    assert all(isinstance(km, int) and km > 500 for km in column(found, "km"))


def test_leaders_who_stay_at_home_are_listed() -> None:
    found = table("leaders")
    assert column(found, "leader") == ["L4", "L2", "L1", "L3"]
    assert column(found, "trips") == [0, 1, 1, 1]
    assert column(found, "share") == [0.0, 1.0, 1.0, 0.5]


def test_open_gaps_have_reason_and_detail() -> None:
    found = table("open-gaps")
    assert column(found, "reason") == ["seats", "branch"]
    assert column(found, "meaning") == ["no seat is left", "too many of the branch would be away"]
    assert column(found, "detail") == [
        "S1 is full with 3 people in 3 seats",
        "1 of 1 people of WEST are away on 2026-03-20",
    ]


def test_sessions_tell_what_runs_and_how_full() -> None:
    found = table("sessions")
    assert column(found, "session") == ["S1", "S2", "S3", "S4", "S5"]
    assert column(found, "status") == ["confirmed"] * 3 + ["candidate, not opened", "confirmed"]
    assert column(found, "fill") == [1.0, 0.5, 0.25, None, 0.0]
    assert column(found, "room") == ["A101", "A102", None, None, "A101"]


def test_cohorts_are_the_assignments_by_session() -> None:
    found = table("cohorts")
    assert sorted(zip(column(found, "leader"), column(found, "session"), strict=True)) == sorted(
        season().plan.assignments
    )
    assert column(found, "session") == ["S1", "S1", "S2", "S3"]


def test_sites_and_branches() -> None:
    assert column(table("sites"), "most") == [3, 1]
    assert column(table("sites"), "days") == [7, 4]
    assert column(table("branches"), "name") == ["总行", "西部分行", "东部分行"]
    assert column(table("coverage"), "share") == [2 / 3, 2 / 3]


def test_lecturers_have_journey_and_load() -> None:
    found = table("lecturers", taught())
    assert column(found, "lecturer") == ["K1", "K2", "K3"]
    assert column(found, "taught") == [2, 2, 0]
    assert column(found, "load") == [2 / 6, None, None]
    assert column(found, "modules") == [
        "all that the kind may teach",
        "三会一课规范",
        "all that the kind may teach",
    ]
    assert column(table("lecturers"), "lecturer") == []
    found = table("journeys", taught())
    assert [(row[1], row[2], row[6], row[7], row[8]) for row in found.rows] == [
        ("陈思远", date(2026, 3, 2), "S1", 2, "理论概论"),
        ("沈若兰", date(2026, 3, 4), "S2", 1, "三会一课规范"),
        ("沈若兰", date(2026, 3, 20), "S5", 1, "三会一课规范"),
    ]


def test_what_nobody_teaches_has_its_reason() -> None:
    found = table("unstaffed", taught())
    assert found.rows == (
        ("S3", "民主评议实务", "常州分校", 1, "03-06", "nobody on the roster may teach R1"),
    )
    half_days = table("programme", taught())
    assert column(half_days, "reason") == [None, None, None, "nobody on the roster may teach R1", None]
    assert column(half_days, "number") == ["K1", "K1", "K2", None, "K2"]
    assert column(half_days, "room") == ["A101", "A101", "A102", None, "A101"]
    assert column(table("sessions", taught()), "lecturers") == ["陈思远", "沈若兰", "nobody", None, "沈若兰"]


def test_rooms_tell_how_often_and_how_full() -> None:
    found = table("rooms", taught())
    assert column(found, "room") == ["A101", "A102"]
    assert column(found, "sessions") == [2, 1]
    assert column(found, "days") == [3, 1]
    assert column(found, "half-days") == [3, 1]
    assert column(found, "fill") == [3 / 6, 1 / 2]
    assert column(found, "used") == ["S1, S5", "S2"]
    assert column(table("rooms"), "half-days") == [None, None]


def test_overview_counts_half_days_where_there_is_a_programme() -> None:
    facts = dict(table("overview", taught()).rows)
    assert facts["half days taught"] == 4
    assert facts["half days without a lecturer"] == 1
    assert facts["lecturers who teach"] == 2
    assert "half days taught" not in dict(table("overview").rows)


def test_overview_has_the_worth_and_the_bound() -> None:
    facts = dict(table("overview").rows)
    assert facts["plan for"] == "春季轮训"
    assert facts["worth in points"] == season().plan.solver.objective
    assert facts["proven limit"] == season().plan.solver.bound
    assert facts["sessions held"] == 4


@pytest.mark.parametrize("language", list(Language))
def test_rows_are_as_wide_as_their_header(language: Language) -> None:
    with using(language):
        tables = all_tables(taught())
    assert len({t.name for t in tables}) == len({t.title for t in tables}) == len(tables)
    for found in tables:
        assert all(len(row) == len(found.columns) for row in found.rows)
        assert (
            len({c.key for c in found.columns}) == len({c.label for c in found.columns}) == len(found.columns)
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_tables_hold_the_data_as_it_is(name: str) -> None:
    found = {t.name: t for t in all_tables(hostile(name))}
    assert set(column(found["leaders"], "name")) == {name}
    assert column(found["overview"], "value")[0] == name
