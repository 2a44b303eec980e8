"""The small season, and the same one with names that try to be formulas, links, markup and steering."""

from __future__ import annotations

from dataclasses import replace

from cadreplan.goals import Goals, GroupGoals
from cadreplan.instance import Lecturer
from cadreplan.plan import GroupingInfo, OpenGap, Plan, ProgrammeEntry, ProgrammeInfo
from cadreplan.views.season import Season
from tests.views.small import instance, plan, season

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\n=1+1",
    "＝1+1",
    'a"b;c,d\r\nBEGIN:VEVENT',
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "http://example.com",
    "mailto:a@example.com",
    "_x0041_",
    "&L&A[Red]",
    "\u202egnp.exe",
    "\x00\x07\x1b[31m",
    "\ud800",
    "王" * 400,
)
"""Names as somebody might put them into a roster, or a plan into its details."""

__all__ = ["HOSTILE", "hostile", "season", "taught"]

LECTURERS = (
    Lecturer("K1", "陈思远", "school-lecturer", max_slots=6),
    Lecturer("K2", "沈若兰", "university-lecturer", (1,), ((0, 6), (14, 18)), site=0),
    Lecturer("K3", "顾长风", "organization-head"),
)
PROGRAMME = {
    "S1": (
        ProgrammeEntry("T1", "2026-03-02", "am", "K1"),
        ProgrammeEntry("T1", "2026-03-03", "pm", "K1"),
    ),
    "S2": (ProgrammeEntry("M1", "2026-03-04", "am", "K2"),),
    "S3": (ProgrammeEntry("R1", "2026-03-06", "am", None, "no-kind: nobody on the roster may teach R1"),),
    "S5": (ProgrammeEntry("M1", "2026-03-20", "pm", "K2"),),
}
"""K1 teaches both half days of S1, K2 those of S2 and S5; nobody teaches S3, and K3 teaches nothing."""


def with_programme(what: Plan, programme: dict[str, tuple[ProgrammeEntry, ...]] = PROGRAMME) -> Plan:
    """The plan with these half days."""
    return replace(
        what,
        sessions=tuple(replace(s, programme=programme.get(s.id, ())) for s in what.sessions),
        programme=ProgrammeInfo("optimal", Goals(unstaffed=1), (1, 0, 0, 0, 0, 0)),
    )


def taught(what: Plan | None = None, name: str | None = None) -> Season:
    """The small season, or another plan of it, with lecturers and a programme; `name` names the lecturers."""
    lecturers = LECTURERS if name is None else tuple(replace(who, name=name) for who in LECTURERS)
    return Season.of(replace(instance(), lecturers=lecturers), what or with_programme(plan()))


def grouped(name: str | None = None) -> Season:
    """The small season whose S1 is divided: L1 in one discussion group, L2, two people, in the other.

    Who sits there has the tag `gender`; `name` names them.
    """
    problem = instance()
    tagged = [replace(problem.leaders[i], tags=(("gender", "fm"[i]),)) for i in (0, 1)]
    if name is not None:
        tagged = [replace(leader, name=name) for leader in tagged]
    sessions = (replace(problem.sessions[0], groups=(1, 2)), *problem.sessions[1:])
    problem = replace(
        problem,
        leaders=(*tagged, *problem.leaders[2:]),
        sessions=sessions,
        policy=replace(problem.policy, groups=(("gender", 1), ("branch:1", 1))),
    )
    what = plan()
    first = replace(what.sessions[0], groups=(("L1",), ("L2",)))
    goals = GroupGoals(like=2)
    return Season.of(
        problem,
        replace(
            what,
            sessions=(first, *what.sessions[1:]),
            grouping=GroupingInfo("optimal", goals, goals.order),
        ),
    )


def hostile(name: str) -> Season:
    """The small season in which everything that has a name has this one."""
    problem = instance()
    worse = replace(
        problem,
        title=name,
        abilities=tuple(replace(thing, name=name) for thing in problem.abilities),
        skills=tuple(replace(thing, name=name) for thing in problem.skills),
        modules=tuple(replace(thing, name=name) for thing in problem.modules),
        roles=tuple(replace(thing, name=name) for thing in problem.roles),
        sites=tuple(replace(thing, name=name, kind=name) for thing in problem.sites),
        branches=tuple(replace(thing, name=name) for thing in problem.branches),
        leaders=tuple(replace(thing, name=name) for thing in problem.leaders),
        lecturers=tuple(replace(thing, name=name, kind=name) for thing in LECTURERS),
    )
    unstaffed = (replace(PROGRAMME["S3"][0], reason=name),)
    said = with_programme(
        replace(plan(), open_gaps=(OpenGap("L3", "meetings", name or "-", name),)),
        {**PROGRAMME, "S3": unstaffed},
    )
    return Season.of(worse, said)
