"""Several plans side by side: what each covers, holds and costs, from the plan documents alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

from cadreplan.insight.diff import diff, unstaffed
from cadreplan.plan import Plan, Terms


@dataclass(frozen=True, slots=True)
class Figures:
    """One plan in figures; `moved` are the leaders whose sessions differ from those in the first plan.

    `unstaffed` are half days without a lecturer, `resting` the skill gaps closed by these alone, where known.
    `rescheduled` are sessions with other days, site or room than in the first plan, `half_days_moved` half
    days with another module, time or lecturer, in sessions of both. What is said of half days is None where a
    plan has none.
    """

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
    half_days: int | None = None
    unstaffed: int | None = None
    resting: int | None = None
    lecturers: int | None = None
    rescheduled: int = 0
    half_days_moved: int | None = None
    settings: str = ""


def compare(plans: Sequence[Plan], resting: Sequence[int | None] = ()) -> list[Figures]:
    """The figures of each plan, in order; `resting` is what is known of skill gaps that rest on nobody."""
    held = [_held(plan) for plan in plans]
    known = resting or [None] * len(plans)
    return [
        _figures(plan, plans[0], held[0], mine, rests)
        for plan, mine, rests in zip(plans, held, known, strict=True)
    ]


def same_roster(plans: Sequence[Plan]) -> bool:
    """Whether all plans were made from the very same files."""
    return len({(p.roster.sha256, tuple(sorted(p.roster.files.items()))) for p in plans}) <= 1


def _held(plan: Plan) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for leader, session in plan.assignments:
        held.setdefault(leader, set()).add(session)
    return held


def _figures(
    plan: Plan, base: Plan, first: dict[str, set[str]], mine: dict[str, set[str]], resting: int | None
) -> Figures:
    reasons = Counter(gap.reason for gap in plan.open_gaps)
    has = plan.programme is not None
    half_days = [h for entry in plan.sessions for h in entry.programme]
    both = [change for change in diff(base, plan).sessions if change.kind not in ("opened", "closed")]
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
        half_days=len(half_days) if has else None,
        unstaffed=unstaffed(plan) if has else None,
        resting=0 if has and not unstaffed(plan) else resting,
        lecturers=len({h.lecturer for h in half_days} - {None}) if has else None,
        rescheduled=sum(c.kind == "rescheduled" or c.room_before != c.room_after for c in both),
        half_days_moved=sum(h.module_after is not None for c in both for h in c.half_days) if has else None,
        settings=" ".join(plan.roster.settings),
    )
