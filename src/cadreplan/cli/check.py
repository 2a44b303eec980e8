"""`cadreplan check`: proves a plan right against its roster."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, out, show
from cadreplan.cli.options import (
    ColourOption,
    ConfineOption,
    EncodingOption,
    LimitOption,
    PlanArgument,
    RosterOption,
)
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "check"
EXAMPLES = (
    ("cadreplan check plan.json", "against the roster it was made from"),
    ("cadreplan check next.json --after plan.json", "and that what was frozen stayed as it was"),
    ("cadreplan check plan.json --format json", "for a machine"),
    ("cadreplan check plan.json --strict", "and no what-if: what the files say, nothing else"),
    ("cadreplan check plan.json --roster next/roster.yaml", "against a roster in another place"),
)


class Format(StrEnum):
    """How the verdict is written."""

    TEXT = "text"
    JSON = "json"


def command(
    plan: PlanArgument,
    roster: RosterOption = None,
    after: Annotated[
        Path | None,
        typer.Option(
            "--after", metavar="OLD", help="The plan before: what was frozen of it must have stayed."
        ),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How the verdict is written.")] = Format.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse a what-if, made with --set, too.")] = False,
    limit: LimitOption = 20,
    confine: ConfineOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Prove a plan right, independently of how it was made.

    Reads the roster again, compares its hash, tests every rule and recomputes what the plan is worth. What
    was frozen in a plan made again is taken as it stands; with the plan before, that it stayed is proven too.
    What can't be proven again is listed. Exits with 1 if anything is wrong.
    """
    from cadreplan.cli.inputs import open_plan, told
    from cadreplan.documents.plan import read_plan
    from cadreplan.verification.after import broken
    from cadreplan.verification.plans import check_plan
    from cadreplan.verification.rules import Violation
    from cadreplan.views.wording import made_with

    opened = open_plan(plan, roster, encoding, confine)
    report = check_plan(opened.loaded.instance, opened.plan)
    kept = () if after is None else tuple(broken(told(after, read_plan(after), encoding), opened.plan))
    report = replace(report, violations=(*opened.differences, *kept, *report.violations))
    if strict and opened.plan.roster.settings:
        what_if = Violation("roster", str(opened.loaded.path), made_with(opened.plan.roster.settings))
        report = replace(report, violations=(what_if, *report.violations))
    names = str(plan), str(opened.loaded.path)
    if format_ is Format.JSON:
        from cadreplan.views.report import as_json

        emit(as_json(*names, opened.loaded.instance, opened.plan, report))
    else:
        from cadreplan.views.screen.report import check_screen

        console = out()
        instance, known = opened.loaded.instance, after is not None and not kept
        screen = check_screen(*names, instance, opened.plan, report, console.width, limit, after=known)
        show(console, screen)
    if not report.ok:
        raise typer.Exit(1)
