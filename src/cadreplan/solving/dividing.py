"""Discussion groups for a plan: the solver process's last job, after the worth is settled.

Groups never change the worth. They are made in a process of their own, like the assignment; whatever becomes
of it, every class has groups, dealt out at worst.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import CadreplanError, RefutedBoundError
from cadreplan.goals import GroupGoals
from cadreplan.grouping.bounds import lower_bound
from cadreplan.grouping.classes import Class, classes_of
from cadreplan.grouping.dealing import dealt
from cadreplan.grouping.problem import Divided, goals_of, groups_of
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.plan import GroupingInfo, Plan
from cadreplan.solution import Solution
from cadreplan.solving.messages import GROUPS, Job, read_pickle, write_pickle
from cadreplan.solving.options import ENDED_BADLY, Progress, SolveOptions
from cadreplan.solving.session import Session
from cadreplan.solving.supervise import supervised
from cadreplan.solving.worker import Reporter
from cadreplan.verification.groups import broken, closed_form
from cadreplan.verification.groups import goals as recounted

_TASK = "cadreplan.solving.dividing:divide"

_LEAST = 1.0
"""Seconds that groups get, however late it is."""


def has_groups(instance: Instance) -> bool:
    """Whether there is anything to divide."""
    return any(session.groups is not None and not session.frozen for session in instance.sessions)


def divide(instance: Instance, options: EngineOptions, reporter: Reporter) -> None:
    """The groups of `options.start` as an engine: better ones until its limits."""
    from cadreplan.grouping.season import divisions, is_cached  # noqa: PLC0415 (loads a compiler)

    if options.start is None:
        raise AssertionError("there is no solution to make groups of")
    classes = list(classes_of(instance, options.start))
    _keep(reporter, [_at_once(one) for one in classes])
    if not is_cached():
        reporter.phase(tr("compiling the search for groups, once on this machine"))
    for found in divisions(
        classes,
        time_limit=options.time_limit,
        workers=options.workers,
        seed=options.seed,
        should_stop=reporter.should_stop,
    ):
        _keep(reporter, found)


def _keep(reporter: Reporter, found: Sequence[Divided]) -> None:
    write_pickle(reporter.folder / GROUPS, list(found))
    reporter.tell("groups", [sum(one.goals == one.bound for one in found), len(found)])


def _read(folder: Path) -> list[Divided] | None:
    """The best groups that this program's own process left, None if there are none."""
    found: list[Divided] | None = read_pickle(folder / GROUPS)
    return found


@dataclass(frozen=True, slots=True)
class Dividing:
    """How a solve goes on to groups; `started` is the monotonic time at which it began."""

    options: SolveOptions
    started: float
    on_progress: Callable[[Progress], None] | None
    interrupted: Callable[[], bool]
    session: Session | None = None


def with_groups(instance: Instance, plan: Plan, solution: Solution, run: Dividing) -> Plan:
    """`plan`, made of `solution`, with the groups of every attended session that has any.

    Raises `CadreplanError` where they break a rule or come before a bound: then the search is wrong.
    """
    classes = list(classes_of(instance, solution))
    if not classes:
        return plan
    found, ended = None, "interrupted"
    if not run.interrupted():
        options, started = run.options, run.started
        limit = options.time_limit
        left = None if limit is None else max(_LEAST, limit - (time.monotonic() - started))
        job = Job(
            instance,
            _TASK,
            EngineOptions(left, 0.0, options.threads, options.seed, None, solution),
            options.memory_limit,
            plan.solver.objective,
        )
        outcome, found = supervised(
            job,
            _read,
            started=started,
            time_limit=None if left is None else time.monotonic() - started + left,
            on_progress=run.on_progress,
            bound=plan.solver.bound,
            session=run.session,
        )
        ended = outcome.ended if outcome.ended in (*ENDED_BADLY, "interrupted", "time-limit") else ""
    if found is None:
        found = [_at_once(one) for one in classes]
    return _stated(instance, plan, classes, found, ended)


def _at_once(one: Class) -> Divided:
    at = dealt(one.problem)
    return Divided(groups_of(one.problem, at), goals_of(one.problem, at), lower_bound(one.problem))


def _stated(
    instance: Instance, plan: Plan, classes: Sequence[Class], found: Sequence[Divided], ended: str
) -> Plan:
    groups: dict[int, tuple[tuple[str, ...], ...]] = {}
    goals = bound = GroupGoals()
    for one, divided in zip(classes, found, strict=True):
        groups[one.session] = tuple(
            tuple(instance.leaders[one.leaders[row]].id for row in rows) for rows in divided.groups
        )
        goals, bound = goals + divided.goals, bound + divided.bound
        if divided.bound.order > divided.goals.order:
            raise RefutedBoundError(
                tr(
                    "internal error: groups of {session} come before the bound that is stated of them;"
                    " please report it with the roster",
                    session=instance.sessions[one.session].id,
                )
            )
    people = {one.session: one.leaders for one in classes}
    _proven_right(instance, groups, people, goals)
    least = closed_form(instance, groups, people)
    is_optimal = least.order == goals.order == bound.order
    info = GroupingInfo("optimal" if is_optimal else "feasible", goals, bound.order, ended)
    by_id = {instance.sessions[s].id: of for s, of in groups.items()}
    sessions = tuple(replace(entry, groups=by_id.get(entry.id, ())) for entry in plan.sessions)
    return replace(plan, sessions=sessions, grouping=info)


def _proven_right(
    instance: Instance,
    groups: Mapping[int, tuple[tuple[str, ...], ...]],
    people: Mapping[int, Sequence[int]],
    goals: GroupGoals,
) -> None:
    """Raise where groups break a rule, or have not what the search says."""
    first = next(broken(instance, groups, people), None)
    if first is None:
        true = recounted(instance, groups, people)
        if replace(true, moved=goals.moved) == goals:
            return
        first = ("grouping", f"{true} != {goals}")
    raise CadreplanError(
        tr("internal error: groups break a rule at {where}: {message}", where=first[0], message=first[1])
    )
