"""Several plans side by side: what each covers, holds and costs, from the plan documents alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from cadreplan.plan import Plan, Terms


@dataclass(frozen=True, slots=True)
class Figures:
    """One plan in figures; `moved` are the leaders whose sessions differ from those in the first plan."""

    objective: int
    bound: int
    gap: float
    engine: str
    seconds: float
    terms: dict[str, int]
    leaders: int
    assignments: int
    sessions: int
    moved: int
    open_gaps: int
    open_by_reason: dict[str, int]
    settings: str = ""


def compare(plans: Sequence[Plan]) -> list[Figures]:
    """The figures of each plan, in order."""
    held = [_held(plan) for plan in plans]
    return [_figures(plan, held[0], mine) for plan, mine in zip(plans, held, strict=True)]


def same_roster(plans: Sequence[Plan]) -> bool:
    """Whether all plans were made from the very same files."""
    return len({(p.roster.sha256, tuple(sorted(p.roster.files.items()))) for p in plans}) <= 1


def _held(plan: Plan) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for leader, session in plan.assignments:
        held.setdefault(leader, set()).add(session)
    return held


def _figures(plan: Plan, first: dict[str, set[str]], mine: dict[str, set[str]]) -> Figures:
    reasons = Counter(gap.reason for gap in plan.open_gaps)
    return Figures(
        objective=plan.solver.objective,
        bound=plan.solver.bound,
        gap=plan.solver.gap,
        engine=plan.solver.engine,
        seconds=plan.solver.seconds,
        terms={f.name: getattr(plan.terms, f.name) for f in fields(Terms)},
        leaders=len(mine),
        assignments=len(plan.assignments),
        sessions=sum(entry.runs for entry in plan.sessions),
        moved=sum(first.get(leader) != mine.get(leader) for leader in first.keys() | mine.keys()),
        open_gaps=len(plan.open_gaps),
        open_by_reason=dict(sorted(reasons.items())),
        settings=" ".join(plan.roster.settings),
    )
