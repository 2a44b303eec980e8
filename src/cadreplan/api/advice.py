"""Questions about plans: why a skill gap stays open, what would help, and what differs between plans."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cadreplan.api.answer import Answer, answer
from cadreplan.api.planning import opened

if TYPE_CHECKING:
    from cadreplan.insight.plan_state import PlanState
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan

_ROWS = 20
"""Rows that a screen shows of a long list; the data have all."""


def explain(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None = None,
    *,
    leader: str,
    skill: str | None = None,
) -> Answer:
    """What stands between a leader and a skill, session by session, and which change would help.

    `leader` and `skill` are ids or names; without `skill` all open skill gaps of the leader. Each change is
    tried: the data is changed, and the plan solved again around the leader. Raises `UsageError` for a plan
    that breaks rules, and for a name that nobody has.
    """
    from cadreplan.extras import need
    from cadreplan.insight.explain import explain as of_gap
    from cadreplan.solving import solve_around
    from cadreplan.views.explain import as_json
    from cadreplan.views.find import find
    from cadreplan.views.screen.explain import explain_screen

    need("solve")
    state, _ = _standing(plan, roster)
    instance = state.instance
    i = find(instance.leaders, leader, "leader")
    positions = state.open_positions(i)
    if skill is not None:
        k = find(instance.skills, skill, "skill")
        positions = [g for g in positions if instance.leaders[i].gaps[g].skill == k]
    found = [of_gap(state, i, g, solve_around) for g in positions]
    return answer(
        as_json(instance, found), lambda width: explain_screen(instance, i, found, width, _ROWS), instance
    )


def bottlenecks(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None = None,
    *,
    verified: int = 10,
    workers: int | None = None,
    scheduler: object = None,
) -> Answer:
    """Which seats, rooms, beds, absences and days hold a plan back, and which changes would bring most.

    The `verified` most promising changes are tried, by the workers of a `scheduler` where there is one (as
    for `solve`). Raises `UsageError` for a plan that breaks rules.
    """
    from cadreplan.extras import need

    need("solve")
    from cadreplan.insight.bottlenecks import bottlenecks as of_plan
    from cadreplan.solving import solve_around, workers_of
    from cadreplan.solving.platform import cores
    from cadreplan.views.bottlenecks import as_json
    from cadreplan.views.screen.bottlenecks import bottlenecks_screen

    state, document = _standing(plan, roster)
    threads = workers or cores()
    with workers_of(scheduler) as spread:
        found = of_plan(state, document, solve_around, verified=verified, workers=threads, spread=spread)
    instance = state.instance
    return answer(
        as_json(instance, found), lambda width: bottlenecks_screen(instance, found, width, _ROWS), instance
    )


def diff(old: Plan | str | os.PathLike[str], new: Plan | str | os.PathLike[str]) -> Answer:
    """Who moves from one plan to another, which sessions and lecturers change, and what it is worth."""
    from cadreplan.insight.diff import diff as of_plans
    from cadreplan.views.diff import as_json
    from cadreplan.views.screen.diff import diff_screen

    (name, before), (other, after) = _named(old, "old"), _named(new, "new")
    found = of_plans(before, after)
    return answer(
        as_json(name, other, found),
        lambda width: diff_screen(name, other, found, dict(found.names), width, _ROWS),
    )


def compare(plans: dict[str, Plan | str | os.PathLike[str]] | list[Plan | str | os.PathLike[str]]) -> Answer:
    """Plans side by side: worth, bound, every term, people trained, sessions, skill gaps left open.

    `plans` by name, or a list of them. Raises `UsageError` for fewer than two.
    """
    from cadreplan.errors import UsageError
    from cadreplan.insight.compare import compare as of_plans
    from cadreplan.insight.compare import same_roster
    from cadreplan.language import tr
    from cadreplan.views.compare import as_json
    from cadreplan.views.screen.compare import compare_screen

    if isinstance(plans, dict):
        named = [(name, _named(plan, name)[1]) for name, plan in plans.items()]
    else:
        named = [_named(plan, str(k)) for k, plan in enumerate(plans, 1)]
    if len(named) < 2:
        raise UsageError(tr("name two plans or more to compare"))
    names, documents = [name for name, _ in named], [document for _, document in named]
    figures, same = of_plans(documents), same_roster(documents)
    return answer(
        as_json(names, figures, same_roster=same), lambda width: compare_screen(names, figures, width)
    )


def _named(plan: Plan | str | os.PathLike[str], name: str) -> tuple[str, Plan]:
    from cadreplan.documents.reading.plan import read_plan
    from cadreplan.plan import Plan

    return (name, plan) if isinstance(plan, Plan) else (os.fspath(plan), read_plan(plan))


def _standing(
    plan: Plan | str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None,
) -> tuple[PlanState, Plan]:
    """A plan laid over its instance, what is frozen pinned; raises `UsageError` where it breaks rules."""
    from cadreplan.errors import UsageError
    from cadreplan.insight.held import held
    from cadreplan.insight.plan_state import PlanState
    from cadreplan.instance import Instance
    from cadreplan.language import tr
    from cadreplan.past import restored
    from cadreplan.verification.plans import resolve
    from cadreplan.verification.rules import check

    document, problem = opened(plan, roster)
    instance = restored(problem if isinstance(problem, Instance) else problem.instance, document)
    solution, unknown = resolve(instance, document)
    if unknown or not check(instance, solution).ok:
        raise UsageError(tr("this plan breaks rules of its roster: `cadreplan.check` tells which"))
    return PlanState(held(instance, solution), solution), document
