"""`cadreplan check`: proves plans right against their rosters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import (
    ColourOption,
    ConfineOption,
    EncodingOption,
    LimitOption,
    RosterOption,
)
from cadreplan.cli.options import ReportFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import InputError, UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from cadreplan.cli.inputs import OpenedPlan
    from cadreplan.diagnostics import Diagnostic
    from cadreplan.verification.report import Report

NAME = "check"
EXAMPLES = (
    ("cadreplan check plan.json", "against the roster it was made from"),
    ("cadreplan check plans/*.json --format github", "several, in GitHub Actions"),
    ("cadreplan check next.json --after plan.json", "and that what was frozen stayed as it was"),
    ("cadreplan check plan.json --format json", "for a machine"),
    ("cadreplan check plan.json --strict", "and no what-if: what the files say, nothing else"),
    ("cadreplan check plan.json --roster next/roster.yaml", "against a roster in another place"),
)


@dataclass(frozen=True, slots=True)
class _Checked:
    """A plan with its verdict; `kept`: the plan before was read, and all that was frozen stayed."""

    opened: OpenedPlan
    report: Report
    kept: bool

    @property
    def names(self) -> tuple[str, str]:
        return str(self.opened.path), str(self.opened.loaded.path)


def command(
    plans: Annotated[
        list[Path],
        typer.Argument(metavar="PLAN...", help="The plans, as `solve` wrote them."),
    ],
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
    """Prove plans right, independently of how they were made.

    Reads the roster again, compares its hash, tests every rule and recomputes what the plan is worth. What
    was frozen in a plan made again is taken as it stands; with the plan before, that it stayed is proven too.
    What can't be proven again is listed. Exits with 1 if anything is wrong.
    """
    if after is not None and len(plans) > 1:
        raise UsageError(tr("--after goes with one plan"))

    def of(plan: Path) -> _Checked:
        return _checked(plan, roster, after, encoding, confine, strict=strict)

    unread: list[UsageError] = []
    if format_ not in (Format.TEXT, Format.JSON):
        found = {plan: _findings(plan, of, unread) for plan in plans}
        right = _report({plan: all_ for plan, all_ in found.items() if all_ is not None}, format_)
    elif len(plans) == 1:
        right = _shown(of(plans[0]), format_, limit)
    else:
        right = _several(plans, of, format_, limit, unread)
    for error in unread[:-1]:
        note(str(error))
    if unread:
        raise unread[-1]
    if not right:
        raise typer.Exit(1)


def _checked(
    plan: Path,
    roster: Path | None,
    after: Path | None,
    encoding: str | None,
    confine: Path | None,
    *,
    strict: bool,
) -> _Checked:
    from cadreplan.cli.inputs import open_plan, told
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.verification.after import broken
    from cadreplan.verification.plans import check_plan
    from cadreplan.verification.report import Violation
    from cadreplan.views.wording import made_with

    opened = open_plan(plan, roster, encoding, confine)
    report = check_plan(opened.loaded.instance, opened.plan)
    kept = () if after is None else tuple(broken(told(after, read_plan(after), encoding), opened.plan))
    report = replace(report, violations=(*opened.differences, *kept, *report.violations))
    if strict and opened.plan.roster.settings:
        what_if = Violation("roster", str(opened.loaded.path), made_with(opened.plan.roster.settings))
        report = replace(report, violations=(what_if, *report.violations))
    return _Checked(opened, report, after is not None and not kept)


def _shown(checked: _Checked, format_: Format, limit: int) -> bool:
    """Show the verdict on one plan; whether it is right."""
    if format_ is Format.JSON:
        emit(_as_json(checked))
    else:
        from cadreplan.views.screen.report import check_screen

        console, opened = out(), checked.opened
        screen = check_screen(
            *checked.names,
            opened.loaded.instance,
            opened.plan,
            checked.report,
            console.width,
            limit,
            after=checked.kept,
        )
        show(console, screen, opened.loaded.instance)
    return checked.report.ok


def _as_json(checked: _Checked) -> str:
    from cadreplan.views.report import as_json

    return as_json(*checked.names, checked.opened.loaded.instance, checked.opened.plan, checked.report)


def _several(
    plans: Sequence[Path],
    of: Callable[[Path], _Checked],
    format_: Format,
    limit: int,
    unread: list[UsageError],
) -> bool:
    """Show the verdicts on several plans, in JSON as a list; whether all are right.

    A plan that can't be read stops no other: what is the matter with it goes to `unread`.
    """
    from cadreplan.cli.inputs import show_findings

    right, texts = 0, []
    for plan in plans:
        try:
            checked = of(plan)
        except InputError as error:
            show_findings(error.diagnostics)
            continue
        except UsageError as error:
            unread.append(error)
            continue
        if format_ is Format.JSON:
            texts.append(_as_json(checked).rstrip())
            right += checked.report.ok
        else:
            right += _shown(checked, format_, limit)
    if format_ is Format.JSON:
        emit("[" + ",\n".join(texts) + "]\n")
    note(tr("{n} of {all} plans are right", n=right, all=len(plans)))
    return right == len(plans)


def _findings(
    plan: Path, of: Callable[[Path], _Checked], unread: list[UsageError]
) -> list[Diagnostic] | None:
    """What is wrong with a plan, or with the roster that it names.

    None where it can't be read: what is the matter goes to `unread`.
    """
    from cadreplan.views.plan_findings import plan_findings

    try:
        violations = of(plan).report.violations
    except InputError as error:
        return list(error.diagnostics)
    except UsageError as error:
        unread.append(error)
        return None
    return plan_findings(str(plan), plan.read_text("utf-8-sig"), violations)


def _report(found: dict[Path, list[Diagnostic]], format_: Format) -> bool:
    """Write all findings, by plan, in a format of `validate`; whether none is an error."""
    from cadreplan.views.findings import REPORTERS, Context, totals

    together = list(dict.fromkeys(one for findings in found.values() for one in findings))
    context = Context([str(plan) for plan in found], strict=False, command=NAME)
    emit(REPORTERS[format_.value](together, context))
    note(totals(together))
    return not any(one.is_error for one in together)
