"""What an assignment learns from programmes: candidates that can't be staffed together don't all run."""

from __future__ import annotations

import io
import itertools
import pkgutil
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

import cadreplan
from cadreplan.insight.attendance import resting, without
from cadreplan.insight.improve import improve
from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Lecturer,
    Limit,
    Module,
    Offering,
    Policy,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)
from cadreplan.messages.saying import with_code
from cadreplan.plan import Plan, StaffLimit
from cadreplan.programme.model import programme
from cadreplan.solution import Solution
from cadreplan.solving.folders import job_folder
from cadreplan.solving.messages import Job, Message
from cadreplan.solving.supervise import Outcome, Supervisor
from cadreplan.solving.worker import Reporter, _with_start
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.rules import check

T = TypeVar("T")


class Inline(Supervisor):
    """What the solver process does, done at once in this one."""

    def run(self) -> Outcome:
        job, stream = self._job, io.StringIO()
        reporter = Reporter(job.instance, self._folder, stream, job.known, threading.Event())
        engine = pkgutil.resolve_name(job.engine)
        engine(job.instance, job.options if job.known is not None else _with_start(job, reporter), reporter)
        for line in stream.getvalue().splitlines():
            self._take(Message.read(line))
        return Outcome("exhausted", self._bound)


def at_once(job: Job, read: Callable[[Path], T], **how: Any) -> tuple[Outcome, T | None]:
    """As `supervised`, in this process."""
    with job_folder() as folder:
        return Inline(folder, job, **how).run(), read(folder)


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadreplan.solving.supervise.Supervisor", Inline)


def season(
    *,
    starts: tuple[int, ...] = (0, 0),
    lecturers: int = 1,
    confirmed: bool = False,
    leaders: int = 4,
    seats: int = 2,
    sites: tuple[int, ...] | None = None,
) -> Instance:
    """A candidate of one offering on each day of `starts`, at sites of its own; its module fills the day."""
    places = sites or tuple(range(len(starts)))
    return Instance(
        title="season",
        start=date(2026, 3, 2),
        n_days=28,
        abilities=(Ability("duty", "履职能力"),),
        skills=(Skill("K", "三会一课", 0, 1),),
        modules=(Module("M", "组织生活", 8, "lecture", "lecture", False, ((0, 1),)),),
        roles=(),
        sites=tuple(Site(f"P{k}", f"地点{k}", "base") for k in range(max(places) + 1)),
        branches=(Branch("B", "分行", None),),
        sessions=tuple(
            Session(
                f"C{n}",
                place,
                (0,),
                (day,),
                seats,
                candidate=not confirmed,
                cost=n,
                offering=None if confirmed else 0,
            )
            for n, (day, place) in enumerate(zip(starts, places, strict=True))
        ),
        offerings=() if confirmed else (Offering("O"),),
        lecturers=tuple(Lecturer(f"T{k}", f"讲师{k}", "tutor") for k in range(lecturers)),
        leaders=tuple(Leader(f"L{i}", f"学员{i}", 0, None, (SkillGap(0, 1, 1),)) for i in range(leaders)),
        policy=Policy(weights=Weights(day=0)),
    )


def running(plan: Plan) -> list[str]:
    return [session.id for session in plan.sessions if session.runs]


def unstaffed(plan: Plan) -> int:
    assert plan.programme is not None
    return plan.programme.goals.unstaffed


def test_candidates_that_share_one_lecturer_on_one_day_do_not_both_run() -> None:
    instance = season()
    plan = cadreplan.solve(instance, workers=1)
    assert check_plan(instance, plan).violations == ()
    assert (running(plan), unstaffed(plan)) == (["C0"], 0)
    assert plan.programme is not None
    assert plan.programme.limits == (StaffLimit({"C0": 2, "C1": 2}, 2),)
    assert plan.programme.ceiling == plan.solver.objective == 20_000
    assert plan.solver.bound == 40_000 - 1  # what is proven of all plans, staffed or not


def test_another_day_is_taken_where_that_loses_nothing() -> None:
    instance = season(starts=(0, 0, 1), sites=(0, 1, 0))
    plan = cadreplan.solve(instance, workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0", "C2"], 0)
    assert plan.solver.objective == 40_000 - 2


def test_two_lecturers_are_enough_for_two_candidates() -> None:
    plan = cadreplan.solve(season(lecturers=2), workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0", "C1"], 0)
    assert plan.programme is not None
    assert plan.programme.limits == ()
    assert plan.solver.status == "optimal"


def test_unstaffed_candidates_may_be_allowed() -> None:
    instance = season()
    plan = cadreplan.solve(instance, workers=1, allow_unstaffed=True)
    assert check_plan(instance, plan).violations == ()
    assert (running(plan), unstaffed(plan)) == (["C0", "C1"], 2)
    reasons = {entry.reason for session in plan.sessions for entry in session.programme if entry.reason}
    assert {with_code(reason).partition(":")[0] for reason in reasons} == {"busy"}


def test_given_sessions_keep_their_people_and_a_reason() -> None:
    instance = season(confirmed=True)
    plan = cadreplan.solve(instance, workers=1)
    assert len(plan.assignments) == 4
    assert unstaffed(plan) == 2


def test_a_candidate_that_clashes_with_a_given_session_does_not_run() -> None:
    instance = season()
    given = replace(instance.sessions[0], candidate=False, offering=None, cost=0)
    instance = replace(instance, sessions=(given, instance.sessions[1]))
    plan = cadreplan.solve(instance, workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0"], 0)
    assert plan.programme is not None
    assert plan.programme.limits == (StaffLimit({"C1": 2}, 0),)


def test_pinned_people_keep_their_candidates_open() -> None:
    instance = season()
    leaders = (
        replace(instance.leaders[0], pinned=(0,)),
        replace(instance.leaders[1], pinned=(1,)),
        *instance.leaders[2:],
    )
    plan = cadreplan.solve(replace(instance, leaders=leaders), workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0", "C1"], 2)


def test_a_module_that_nobody_may_teach_does_not_empty_the_season() -> None:
    instance = season(lecturers=2)
    hard = Module("H", "专题", 4, "lecture", "lecture", False, ((0, 1),), (), ("professor",))
    sessions = tuple(replace(s, modules=(0, 1), days=(s.days[0], s.days[0] + 1)) for s in instance.sessions)
    instance = replace(instance, modules=(*instance.modules, hard), sessions=sessions)
    plan = cadreplan.solve(instance, workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0", "C1"], 2)
    assert check_plan(instance, plan).violations == ()


def test_candidates_nobody_can_come_to_give_way_to_others_of_their_offering() -> None:
    instance = season(starts=(0, 7), seats=4)
    away = replace(instance.lecturers[0], available=((7, 9),))
    plan = cadreplan.solve(replace(instance, lecturers=(away,)), workers=1)
    assert (running(plan), unstaffed(plan)) == (["C1"], 0)


def test_the_plan_is_kept_where_staffing_would_lose_more_than_it_brings() -> None:
    instance = season()
    short = replace(instance.modules[0], lecturers=("tutor",))
    extra = Module("N", "专题", 4, "lecture", "seminar", False, ((1, 1),), (), ("guest",))
    guest = Lecturer("G", "客座", "guest")
    skills = (*instance.skills, Skill("K2", "第二", 0, 1))
    sessions = tuple(replace(s, modules=(0, 1), days=(0, 1)) for s in instance.sessions)
    helper = replace(instance.lecturers[0], max_slots=3)
    leaders = tuple(replace(x, gaps=(*x.gaps, SkillGap(1, 1, 5))) for x in instance.leaders)
    instance = replace(
        instance,
        skills=skills,
        modules=(short, extra),
        sessions=sessions,
        lecturers=(helper, guest),
        leaders=leaders,
    )
    plan = cadreplan.solve(instance, workers=1)
    assert (running(plan), unstaffed(plan)) == (["C0", "C1"], 1)


def test_sessions_that_nobody_attends_need_no_lecturer() -> None:
    instance = season(confirmed=True, leaders=2)
    plan = cadreplan.solve(instance, workers=1)
    assert check_plan(instance, plan).violations == ()
    assert unstaffed(plan) == 0
    assert [bool(session.programme) for session in plan.sessions] in ([True, False], [False, True])


def test_skill_gaps_rest_on_modules_that_nobody_teaches() -> None:
    instance = season(starts=(0, 1), confirmed=True)
    again = Module("N", "专题", 4, "lecture", "seminar", False, ((0, 1),))
    second = replace(instance.sessions[1], modules=(1,))
    instance = replace(instance, modules=(*instance.modules, again), sessions=(instance.sessions[0], second))
    solution = Solution(((0,), (0, 1), (1,), ()), frozenset(), {})
    assert resting(instance, solution, frozenset({(0, 0)})) == {0: [0]}
    assert resting(instance, solution, frozenset({(0, 0), (1, 1)})) == {0: [0], 1: [0], 2: [0]}
    assert without(solution, frozenset({0})).chosen == ((), (1,), (1,), ())


@pytest.mark.parametrize("engine", ["exact", "columns"])
def test_engines_keep_limits_and_lose_no_more_than_they_must(engine: str) -> None:
    instance = season(starts=(0, 1, 2), lecturers=0, leaders=6)
    limits = (Limit(((0, 1), (1, 1)), 1), Limit(((1, 2), (2, 2)), 3))
    bound = replace(instance, limits=limits)
    plan = cadreplan.solve(bound, engine=engine, workers=1, gap=0.0)  # type: ignore[arg-type]
    best = max(
        (
            check(instance, Solution(tuple(who), frozenset(runs), {})).value
            for n in range(4)
            for runs in itertools.combinations(range(3), n)
            if all(limit.keeps(frozenset(runs)) for limit in limits)
            for who in [tuple((runs[i // 2],) if i < 2 * len(runs) else () for i in range(6))]
        ),
    )
    assert plan.solver.objective == best == 40_000 - 2
    assert plan.solver.bound >= best
    assert running(plan) == ["C0", "C2"]


@pytest.mark.parametrize("seed", range(12))
def test_no_staffed_plan_closes_more(seed: int) -> None:
    """Every choice of candidates is tried: those that a programme staffs close no more than the plan does."""
    rng = random.Random(seed)
    instance = season(
        starts=tuple(rng.choice((0, 1, 7)) for _ in range(4)),
        sites=tuple(rng.choice((0, 1)) for _ in range(4)),
        lecturers=rng.choice((1, 2)),
        leaders=rng.choice((5, 8)),
    )
    cap = rng.choice((None, 2, 4))
    instance = replace(
        instance,
        lecturers=tuple(
            replace(who, max_slots=cap, site=rng.choice((None, 0))) for who in instance.lecturers
        ),
    )
    best = 0
    for n in range(5):
        for runs in itertools.combinations(range(4), n):
            solution = improve(instance, Solution(((),) * len(instance.leaders), frozenset(runs), {}))
            made = programme(instance, solution, held=runs, time_limit=None, workers=1, seed=0)
            if made.info.goals.unstaffed == 0:
                best = max(best, check(instance, solution).value)
    plan = cadreplan.solve(instance, workers=1)
    assert check_plan(instance, plan).violations == ()
    assert plan.programme is not None
    solution, _ = resolve(instance, plan)
    modules = {module.id: m for m, module in enumerate(instance.modules)}
    nobody = frozenset(
        (instance.session_by_id[planned.id], modules[entry.module])
        for planned in plan.sessions
        for entry in planned.programme
        if entry.lecturer is None
    )
    lost = 10_000 * sum(len(gaps) for gaps in resting(instance, solution, nobody).values())
    assert plan.solver.objective - lost >= best
    assert plan.programme.ceiling is None or plan.programme.ceiling >= plan.solver.objective
