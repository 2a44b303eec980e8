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

from cadreplan.goals import Goals
from cadreplan.instance import Ability, Instance
from cadreplan.language import Language, using
from cadreplan.plan import Plan, PlannedSession, ProgrammeEntry, ProgrammeInfo, RosterRef, SolverInfo, Terms
from cadreplan.views.csv_files import csv_files
from cadreplan.views.export.calendars import Hours, calendars
from cadreplan.views.export.events import By, events
from cadreplan.views.export.page import pages
from cadreplan.views.export.revisions import Sent, revise
from cadreplan.views.export.tables import all_tables
from cadreplan.views.export.workbook import workbook
from cadreplan.views.screen.pictures import pictures
from cadreplan.views.season import Season
from cadreplan.views.tui.listings import Kind, below, listing
from tests.draws import examples
from tests.strategies import instances
from tests.views.export.base import LECTURERS
from tests.views.export.test_page import Read
from tests.views.small import cells, drawn, instance


def half_days(problem: Instance, session: int) -> tuple[ProgrammeEntry, ...]:
    """A programme against all rules: unknown modules, lecturers and days, and half days with several."""
    what = problem.sessions[session]
    day = problem.date_of(what.first_day).isoformat()
    modules = [problem.modules[m].id for m in what.modules]
    return (
        ProgrammeEntry("unknown", day, "am", "unknown"),
        ProgrammeEntry("unknown", "someday", "am", None),
        *(ProgrammeEntry(module, day, "pm", None, "busy: elsewhere") for module in modules),
        *(ProgrammeEntry(module, day, "am", who.id) for module in modules for who in problem.lecturers),
    )


def season_of(problem: Instance, pairs: set[tuple[int, int]]) -> Season:
    """Leaders in sessions by index, right or wrong; candidates that anybody attends run."""
    running = {s for _, s in pairs}
    plan = Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "feasible", 0, 0, 0.0, 0.0, 0, 1, "0"),
        Terms(),
        tuple(sorted((problem.leaders[i].id, problem.sessions[s].id) for i, s in pairs)),
        tuple(
            PlannedSession(session.id, s in running or not session.candidate, programme=half_days(problem, s))
            for s, session in enumerate(problem.sessions)
        ),
        programme=ProgrammeInfo("feasible", Goals(), (0, 0, 0, 0, 0, 0)),
    )
    return Season.of(problem, plan)


@st.composite
def seasons(draw: st.DrawFn) -> Season:
    """Any instance and any assignments."""
    lecturers = tuple(replace(who, modules=None, site=None) for who in LECTURERS)
    problem = replace(draw(instances()), lecturers=lecturers)
    leaders, sessions = range(len(problem.leaders)), range(len(problem.sessions))
    return season_of(problem, draw(st.sets(st.tuples(st.sampled_from(leaders), st.sampled_from(sessions)))))


def assert_all_made(season: Season) -> None:
    tables = all_tables(season)
    for table in tables:
        assert all(len(row) == len(table.columns) for row in table.rows)
    for data in csv_files(tables).values():
        assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert openpyxl.load_workbook(io.BytesIO(workbook(season))).sheetnames
    for whole in (0, 1000):
        for data in pages(season, "plan.html", whole).values():
            Read(data.decode())
    for by in By:
        now = events(season, by)
        for data in calendars(revise([Sent(now)], now), season.instance.start, Hours()).values():
            assert vobject.readOne(data.decode()).vevent_list
    assert all(cells(line) <= 80 for line in drawn(pictures(season, 80, 60), 80))
    for kind in Kind:
        for entry in listing(season, kind).entries:
            below(season, kind, entry.index)


@given(seasons())
@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_plan_can_be_exported(season: Season) -> None:
    with using(Language.ZH):
        assert_all_made(season)


@pytest.mark.parametrize("language", list(Language))
def test_empty_rosters_can_be_exported(language: Language) -> None:
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
            abilities=(Ability("A", "A"),),
            skills=(),
            modules=(),
            roles=(),
        ),
        replace(whole, n_days=1, sessions=()),
    ):
        with using(language):
            assert_all_made(season_of(empty, set()))
