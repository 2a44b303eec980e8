"""A season of four leaders and five sessions, built by hand, and screens as plain text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date

from rich.cells import cell_len
from rich.console import RenderableType

from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Policy,
    Role,
    Room,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, relative_gap
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from cadreplan.views.screen.clean_console import CleanConsole
from cadreplan.views.screen.theme import THEME
from cadreplan.views.season import Season

BEIJING, SUZHOU, CHANGZHOU = (39.9, 116.4), (31.3, 120.6), (31.8, 120.0)


def instance() -> Instance:
    """Two sites, four branches in three levels, a candidate, a session over a weekend, a headcount of two."""
    return Instance(
        title="春季轮训",
        start=date(2026, 3, 2),
        n_days=26,
        abilities=(Ability("political", "政治能力"), Ability("duty", "履职能力")),
        skills=(
            Skill("theory", "理论学习", 0, 3),
            Skill("meetings", "三会一课", 1, 2),
            Skill("review", "民主评议", 1, 1),
        ),
        modules=(
            Module("T1", "理论概论", 8, "lecture", "lecture", True, ((0, 1),)),
            Module("M1", "三会一课规范", 4, "tutorial", "seminar", False, ((1, 2),)),
            Module("R1", "民主评议实务", 4, "exchange", "simulation", False, ((2, 1),)),
        ),
        roles=(Role("secretary", "支部书记", ((0, 1), (1, 2))),),
        sites=(
            Site("BJ", "总行党校", "party-school", BEIJING, 3, (Room("A101", 3), Room("A102", 2))),
            Site("CZ", "常州分校", "branch-school", CHANGZHOU),
        ),
        branches=(
            Branch("HQ", "总行", None, BEIJING),
            Branch("EAST", "东部分行", 0, SUZHOU, 3),
            Branch("EAST-1", "苏州支行", 1, SUZHOU),
            Branch("WEST", "西部分行", 0, (34.3, 108.9), 1),
        ),
        sessions=(
            Session("S1", 0, (0,), (0, 1), 3, 2),
            Session("S2", 0, (1,), (2,), 2),
            Session("S3", 1, (2,), (4, 7), 4, quotas=((3, 1),)),
            Session("S4", 1, (0, 1), (14, 15, 16), 2, 2, candidate=True, cost=500),
            Session("S5", 0, (1,), (18,), 5, 1, roles=(0,)),
        ),
        offerings=(),
        lecturers=(),
        leaders=(
            Leader(
                "L1",
                "林海燕",
                2,
                0,
                (SkillGap(0, 1, 3), SkillGap(1, 2, 2)),
                location=SUZHOU,
                prefers_sites=((0, 7),),
            ),
            Leader("L2", "高晓峰", 1, 0, (SkillGap(0, 1, 3),), location=SUZHOU, headcount=2),
            Leader("L3", "周明远", 3, None, (SkillGap(2, 1, 1), SkillGap(1, 2, 2)), location=(34.3, 108.9)),
            Leader("L4", "马骏驰", 0, 0, (SkillGap(0, 1, 3),), location=BEIJING, priority=2),
        ),
        policy=Policy(weights=Weights(gap=1000, km=1, day=50)),
    )


def solution() -> Solution:
    """L1 in S1 and S2, L2 in S1, L3 in S3; the candidate S4 isn't opened, S5 is empty."""
    return Solution(((0, 1), (0,), (2,), ()), frozenset(), {0: 0, 1: 1, 4: 0})


def plan() -> Plan:
    """The plan of `solution`, true in every statement, with a bound 1000 points above it."""
    problem, decided = instance(), solution()
    report = check(problem, decided)
    assert report.ok, report.violations
    worth = report.terms.total
    rooms = {s: problem.sites[problem.sessions[s].site].rooms[r].id for s, r in decided.rooms.items()}  # type: ignore[index]
    return Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo(
            "exact",
            "feasible",
            worth,
            worth + 1000,
            relative_gap(worth, worth + 1000),
            4.2,
            0,
            2,
            "0.1.0",
            "time-limit",
            "few leaders",
        ),
        report.terms,
        tuple(
            (problem.leaders[i].id, problem.sessions[s].id)
            for i, chosen in enumerate(decided.chosen)
            for s in chosen
        ),
        tuple(
            PlannedSession(session.id, decided.runs(problem, s), rooms.get(s))
            for s, session in enumerate(problem.sessions)
        ),
        (
            OpenGap("L3", "meetings", "branch", "1 of 1 people of WEST are away on 2026-03-20"),
            OpenGap("L4", "theory", "seats", "S1 is full with 3 people in 3 seats"),
        ),
    )


def season() -> Season:
    """The plan laid over the instance."""
    return Season.of(instance(), plan())


def drawn(
    renderables: Iterable[RenderableType], width: int = 80, encoding: str = "utf-8", colour: str | None = None
) -> list[str]:
    """The lines of a screen without trailing blanks; plain text unless `colour` names a colour system."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = CleanConsole(
        file=stream,
        theme=THEME,
        width=width,
        color_system=colour,
        force_terminal=bool(colour),
        highlight=False,
    )
    for renderable in renderables:
        console.print(renderable)
    stream.flush()
    return [line.rstrip() for line in stream.buffer.getvalue().decode(encoding).splitlines()]


def cells(line: str) -> int:
    """How many cells of a terminal a line takes."""
    return cell_len(line)
