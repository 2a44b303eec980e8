"""What `check` shows: violations by rule, with who and where, and the terms recomputed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n
from cadreplan.plan import Plan
from cadreplan.verification.report import Report
from cadreplan.views.report import by_rule, names_of, not_proven, term_rows
from cadreplan.views.screen import supply
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.season import Season
from cadreplan.views.wording import RULES, made_with, number, printable


def check_screen(
    plan_path: str,
    roster_path: str,
    instance: Instance,
    plan: Plan,
    report: Report,
    width: int,
    limit: int,
    *,
    after: bool = False,
) -> Iterator[RenderableType]:
    """The verdict, what is broken, what nobody teaches, and the worth; `after`: the plan before was read."""
    yield Text("\n" + plan_path, style="heading")
    yield flow(
        [
            tr("roster {path}", path=roster_path),
            tr_n("{n:,} assignment", "{n:,} assignments", len(plan.assignments)),
            tr_n("{n:,} session", "{n:,} sessions", len(plan.sessions)),
            tr_n("{n:,} open skill gap", "{n:,} open skill gaps", len(plan.open_gaps)),
        ],
        width,
    )
    if what_if := made_with(plan.roster.settings):
        yield Text(what_if, style="fair")
    groups = by_rule(report.violations)
    if report.ok:
        verdict = Text("\n ").append(f" {tr('right')} ", style="tag.good")
        yield verdict.append(" " + tr("the plan keeps every rule, and is worth what it states"))
    else:
        verdict = Text("\n ").append(f" {tr('wrong')} ", style="tag.poor")
        broken = tr(
            "{violations} of {rules}",
            violations=tr_n("{n:,} violation", "{n:,} violations", len(report.violations)),
            rules=tr_n("{n:,} rule", "{n:,} rules", len(groups)),
        )
        yield verdict.append(f" {broken}")
    if plan.programme is not None:
        yield supply.unstaffed(plan)
        yield from supply.nobody(Season.of(instance, plan))
    if plan.frozen_before is not None:
        text = (
            tr("what began before {day} is frozen: it is as in the plan before", day=plan.frozen_before)
            if after
            else tr(
                "what began before {day} is frozen, taken as it stands: --after OLD proves that it stayed",
                day=plan.frozen_before,
            )
        )
        yield Text(f" {text}", style="quiet")
    names = names_of(instance)
    for rule, violations in groups:
        yield heading(rule, [tr(RULES[rule]) if rule in RULES else "", number(len(violations))], width)
        for violation in violations[:limit]:
            line = Text(" ").append(printable(violation.where), style="id")
            name = names.get(violation.where)
            yield line.append(f" {name}" if name else "").append(f"  {printable(violation.message)}")
        if len(violations) > limit:
            hidden = tr("{n:,} more of {rule}", n=len(violations) - limit, rule=rule)
            yield more(hidden)
    yield from _terms(plan, report, width)


def _terms(plan: Plan, report: Report, width: int) -> Iterator[RenderableType]:
    yield heading(tr("Worth"), [tr("points, recomputed from the roster")], width)
    rows = [(row.label, row.stated, row.recomputed) for row in term_rows(plan.terms, report.terms)]
    rows.append((tr("worth"), plan.solver.objective, report.terms.total))
    cells: list[list[Cell]] = [
        [
            label if k + 1 < len(rows) else Text(label, style="bold"),
            number(recomputed),
            number(stated),
            Text(tr("as stated"), style="good")
            if stated == recomputed
            else Text(tr("differs"), style="poor"),
        ]
        for k, (label, stated, recomputed) in enumerate(rows)
    ]
    columns = (
        Column(),
        Column(tr("recomputed"), right=True),
        Column(tr("stated"), rank=1, right=True),
        Column(),
    )
    yield fitted(columns, cells, width)
    yield heading(tr("Not proven"), [tr("stated by the plan, and not to be recomputed")], width)
    for _, what in not_proven(plan, report):
        yield Text(f" {what}", style="quiet")
