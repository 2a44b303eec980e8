"""Whatever the roster and whoever attends, even against the rules: all exports can be made."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.instance import Instance
from cadreplan.plan import Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.views.export.calendars import Hours, calendars
from cadreplan.views.export.csv_files import csv_files
from cadreplan.views.export.events import By, events
from cadreplan.views.export.page import pages
from cadreplan.views.export.revisions import Sent, revise
from cadreplan.views.export.tables import all_tables
from cadreplan.views.export.workbook import workbook
from cadreplan.views.labels import Words
from cadreplan.views.screen.pictures import pictures
from cadreplan.views.season import Season
from cadreplan.views.tui.listings import Kind, below, listing
from tests.strategies import instances
from tests.views.export.base import EN, ZH
from tests.views.export.test_page import Read
from tests.views.small import cells, drawn, instance


def season_of(problem: Instance, pairs: set[tuple[int, int]]) -> Season:
    """Leaders in sessions by index, right or wrong; candidates that anybody attends run."""
    running = {s for _, s in pairs}
    plan = Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "feasible", 0, 0, 0.0, 0.0, 0, 1, "0"),
        Terms(),
        tuple(sorted((problem.leaders[i].id, problem.sessions[s].id) for i, s in pairs)),
        tuple(
            PlannedSession(session.id, s in running or not session.candidate)
            for s, session in enumerate(problem.sessions)
        ),
    )
    return Season.of(problem, plan)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    """Any instance and any assignments."""
    problem = draw(instances())
    leaders, sessions = range(len(problem.leaders)), range(len(problem.sessions))
    return season_of(problem, draw(st.sets(st.tuples(st.sampled_from(leaders), st.sampled_from(sessions)))))


def assert_all_made(season: Season, words: Words) -> None:
    tables = all_tables(season, words)
    for table in tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
    for data in csv_files(tables).values():
        assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert openpyxl.load_workbook(io.BytesIO(workbook(season, words))).sheetnames
    for whole in (0, 1000):
        for data in pages(season, words, "plan.html", whole).values():
            Read(data.decode())
    for by in By:
        now = events(season, by, words)
        for data in calendars(revise([Sent(now)], now), season.instance.start, Hours()).values():
            assert vobject.readOne(data.decode()).vevent_list
    assert all(cells(line) <= 80 for line in drawn(pictures(season, 80, 60), 80))
    for kind in Kind:
        for entry in listing(season, words, kind).entries:
            below(season, words, kind, entry.index)


@given(seasons())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_can_be_exported(season: Season) -> None:
    assert_all_made(season, ZH)


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_empty_rosters_can_be_exported(words: Words) -> None:
    whole = instance()
    for empty in (
        replace(whole, leaders=()),
        replace(whole, leaders=(), sessions=()),
        replace(
            whole,
            leaders=(),
            sessions=(),
            branches=(),
            sites=(),
            abilities=(),
            skills=(),
            modules=(),
            roles=(),
        ),
        replace(whole, n_days=1, sessions=()),
    ):
        assert_all_made(season_of(empty, set()), words)
