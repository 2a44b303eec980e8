"""The small season, and the same one with names that try to be formulas, links, markup and steering."""

from __future__ import annotations

from dataclasses import replace

from cadreplan.plan import OpenGap
from cadreplan.views.labels import Language, Words
from cadreplan.views.season import Season
from tests.views.small import instance, plan, season

EN, ZH = Words(Language.EN), Words(Language.ZH)

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

__all__ = ["EN", "HOSTILE", "ZH", "hostile", "season"]


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
    )
    said = replace(plan(), open_gaps=(OpenGap("L3", "meetings", name or "-", name),))
    return Season.of(worse, said)
