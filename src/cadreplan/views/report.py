"""The verdict of a check as rows and as JSON: violations by rule, terms stated and recomputed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from cadreplan.goals import GroupOrder
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.plan import SELDOM, Plan, Terms
from cadreplan.verification.report import Report, Violation
from cadreplan.views.find import Named
from cadreplan.views.season import Season
from cadreplan.views.supply import untaught
from cadreplan.views.wording import RULES, TERMS, gap


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term: what the plan states and what it is."""

    term: str
    label: str
    stated: int
    recomputed: int


def by_rule(violations: Sequence[Violation]) -> list[tuple[str, list[Violation]]]:
    """Violations of each rule that is broken, in the order of the rules."""
    groups: dict[str, list[Violation]] = defaultdict(list)
    for violation in violations:
        groups[violation.rule].append(violation)
    order = list(RULES)
    return sorted(
        groups.items(), key=lambda group: order.index(group[0]) if group[0] in order else len(order)
    )


def term_rows(stated: Terms, recomputed: Terms) -> list[TermRow]:
    """All terms in order, those that most rosters don't ask for only where they have points."""
    return [
        TermRow(f.name, tr(TERMS[f.name]), getattr(stated, f.name), getattr(recomputed, f.name))
        for f in fields(Terms)
        if f.name not in SELDOM or getattr(stated, f.name) or getattr(recomputed, f.name)
    ]


def names_of(instance: Instance) -> dict[str, str]:
    """Id → name of everything that a violation may be about; an id that is its own name is left out."""
    named: tuple[Named, ...] = (*instance.branches, *instance.sites, *instance.leaders)
    return {thing.id: thing.name for thing in named if thing.name != thing.id}


def not_proven(plan: Plan, report: Report) -> list[tuple[str, str]]:
    """What a plan states that `check` can't recompute: a code for machines, and a sentence."""
    solver = plan.solver
    limit = tr(
        "bound {bound:,} and gap {gap}: the engine's statement", bound=solver.bound, gap=gap(solver.gap)
    )
    found = [("bound", limit)]
    if plan.open_gaps:
        found.append(("reasons", _reasons(len(plan.open_gaps), report.reasons)))
    if plan.programme is not None:
        how_good = tr("that no programme is better: what this one has is counted again")
        found.append(("programme", how_good))
        if plan.programme.goals.unstaffed:
            found.append(("unstaffed", tr("why nobody teaches a half day: that nobody does is proven")))
        if plan.programme.limits:
            found.append(("limits", tr("what can't be staffed together, and the ceiling that rests on it")))
    if plan.grouping is not None and plan.grouping.bound != _counted(report):
        found.append(("groups", tr("that no groups are better: what these have is counted again")))
    found.append(("origin", tr("engine, seconds, seed, version and why the search ended")))
    return found


def _reasons(n: int, proven: int) -> str:
    """What isn't proven of why skill gaps stay open."""
    if not proven:
        return tr("why skill gaps stay open: that they are open is proven")
    if proven < n:
        return tr(
            "why {n:,} of {all:,} skill gaps stay open, and that no other session gets a leader farther",
            n=n - proven,
            all=n,
        )
    return tr("that no other session gets a leader farther: what stands in the way is recomputed")


def _counted(report: Report) -> GroupOrder | None:
    """The bound of groups that needs no solver."""
    return None if report.groups is None else report.groups.order


def as_json(plan_path: str, roster_path: str, instance: Instance, plan: Plan, report: Report) -> str:
    """The whole report for machines."""
    missing = untaught(Season.of(instance, plan))
    document = {
        "ok": report.ok,
        "plan": plan_path,
        "roster": roster_path,
        "frozen_before": plan.frozen_before,
        "unstaffed": {
            "half_days": len(missing.half_days),
            "sessions": missing.sessions,
            "skill_gaps": missing.gaps,
            "people": missing.people,
        },
        "violations": [asdict(violation) for violation in report.violations],
        "objective": {"stated": plan.solver.objective, "recomputed": report.terms.total},
        "bound": plan.solver.bound,
        "settings": list(plan.roster.settings),
        "not_proven": [topic for topic, _ in not_proven(plan, report)],
        "terms": {
            row.term: {"stated": row.stated, "recomputed": row.recomputed}
            for row in term_rows(plan.terms, report.terms)
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
