"""What `check` shows: violations by rule, with who and where, and the terms recomputed."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from cadreplan.check import Report
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.views.report import by_rule, names_of, term_rows
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.wording import RULES, count, gap, number, printable


def check_screen(
    plan_path: str, roster_path: str, instance: Instance, plan: Plan, report: Report, width: int, limit: int
) -> Iterator[RenderableType]:
    """The verdict, what is broken, and the worth."""
    yield Text("\n" + plan_path, style="heading")
    yield flow(
        [
            f"roster {roster_path}",
            count(len(plan.assignments), "assignment"),
            count(len(plan.sessions), "session"),
            count(len(plan.open_gaps), "open skill gap"),
        ],
        width,
    )
    groups = by_rule(report.violations)
    if report.ok:
        verdict = Text("\n ").append(" right ", style="tag.good")
        yield verdict.append(" the plan keeps every rule, and is worth what it states")
    else:
        verdict = Text("\n ").append(" wrong ", style="tag.poor")
        broken = f"{count(len(report.violations), 'violation')} of {count(len(groups), 'rule')}"
        yield verdict.append(f" {broken}")
    names = names_of(instance)
    for rule, violations in groups:
        yield heading(rule, [RULES.get(rule, ""), number(len(violations))], width)
        for violation in violations[:limit]:
            line = Text(" ").append(printable(violation.where), style="id")
            name = names.get(violation.where)
            yield line.append(f" {name}" if name else "").append(f"  {printable(violation.message)}")
        if len(violations) > limit:
            yield more(len(violations) - limit, f"of {rule}", "--limit N or --format json")
    yield from _terms(plan, report, width)


def _terms(plan: Plan, report: Report, width: int) -> Iterator[RenderableType]:
    yield heading("Worth", ["points, recomputed from the roster"], width)
    rows = [(row.label, row.stated, row.recomputed) for row in term_rows(plan.terms, report.terms)]
    rows.append(("worth", plan.solver.objective, report.terms.total))
    cells: list[list[Cell]] = [
        [
            label if k + 1 < len(rows) else Text(label, style="bold"),
            number(recomputed),
            number(stated),
            Text("as stated", style="good") if stated == recomputed else Text("differs", style="poor"),
        ]
        for k, (label, stated, recomputed) in enumerate(rows)
    ]
    columns = (Column(), Column("recomputed", right=True), Column("stated", rank=1, right=True), Column())
    yield fitted(columns, cells, width)
    solver = plan.solver
    facts = [
        f"bound {number(solver.bound)} and gap {gap(solver.gap)}: the engine's statement, not proven here"
    ]
    yield Text()
    yield flow(facts, width, first=1, indent=1, lead=" ")
