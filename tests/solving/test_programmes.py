"""The programme's own process: whatever becomes of it, the assignment's plan is there, with half days."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import ContradictionError, UsageError
from cadreplan.instance import Instance, Lecturer, Module
from cadreplan.plan import Plan
from cadreplan.solving import Progress, SolveOptions, save, solve
from cadreplan.solving import staffing as staffing_module
from cadreplan.verification.plans import check_plan
from tests.draws import examples
from tests.solving.small import small_instance
from tests.solving.test_staffing import Inline, at_once, season
from tests.strategies import instances


@pytest.fixture
def instance() -> Instance:
    problem = small_instance(leaders=4, seats=2, sessions=3)
    return replace(
        problem, lecturers=(Lecturer("T", "讲师", "tutor", max_slots=3), Lecturer("V", "教授", "tutor"))
    )


def _holds(instance: Instance, plan: Plan) -> None:
    assert check_plan(instance, plan).violations == ()
    assert plan.solver.status == "optimal"
    assert plan.programme is not None
    assert plan.programme.goals.unstaffed == 0


@pytest.fixture
def assigned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The assignment is made in this process, only the programme in another one."""
    monkeypatch.setattr("cadreplan.solving.run.supervised", at_once)


@pytest.mark.usefixtures("assigned")
@pytest.mark.parametrize(
    ("engine", "ended"), [("dies_at_once", "solver-killed"), ("eats_at_once", "out-of-memory")]
)
def test_a_programme_that_dies_leaves_the_plan_and_a_first_draft(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, engine: str, ended: str
) -> None:
    monkeypatch.setattr(staffing_module, "_DRAFT", f"tests.solving.stand_ins:{engine}")
    plan = solve(instance, SolveOptions(workers=1, memory_limit=1 << 30))
    _holds(instance, plan)
    assert plan.programme is not None
    assert plan.programme.ended == ended


@pytest.mark.usefixtures("assigned")
def test_an_interrupt_ends_the_programme_with_the_plan(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staffing_module, "_DRAFT", "tests.solving.stand_ins:finds_nothing")
    told: list[str] = []

    def watch(progress: Progress) -> None:
        told.append(progress.phase)
        if told.count("found one") == 1:
            os.kill(os.getpid(), signal.SIGINT)

    plan = solve(instance, SolveOptions(workers=1), watch)
    _holds(instance, plan)
    assert plan.programme is not None
    assert plan.programme.ended == "interrupted"


@pytest.mark.usefixtures("assigned")
def test_the_time_limit_holds_for_both(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing_module, "_DRAFT", "tests.solving.stand_ins:stubborn")
    plan = solve(instance, SolveOptions(workers=1, time_limit=2.0))  # it never ends by itself
    assert plan.programme is not None
    assert plan.programme.ended in ("time-limit", "solver-failed")  # it is killed
    _holds(instance, plan)


def test_a_roster_without_lecturers_gets_no_programme(instance: Instance) -> None:
    bare = replace(instance, lecturers=())
    assert not SolveOptions().wants_programme(bare)
    assert SolveOptions(programme=True).wants_programme(bare)
    assert SolveOptions().wants_programme(instance)
    assert not SolveOptions(programme=False).wants_programme(instance)


def test_modules_that_the_days_do_not_hold_get_no_programme_and_are_told_where_one_is_asked_for(
    instance: Instance,
) -> None:
    long = replace(instance, modules=(replace(instance.modules[0], hours=40),))
    assert not SolveOptions().wants_programme(long)
    with pytest.raises(UsageError, match="session S0 has 2 half days, its modules fill 10"):
        solve(long, SolveOptions(programme=True))


def test_what_was_learnt_is_kept_in_the_plans_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadreplan.solving.supervise.Supervisor", Inline)
    plan = replace(solve(season(), SolveOptions(workers=1)))
    written = replace(plan, roster=replace(plan.roster, path="roster.yaml", sha256="0" * 64))
    save(written, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == written
    assert written.programme is not None
    assert written.programme.limits
    broken = replace(written.programme, limits=(replace(written.programme.limits[0], most=1),), ceiling=1)
    wrong = check_plan(season(), replace(written, programme=broken)).violations
    assert [violation.message for violation in wrong] == [
        "states that at most 1 half days of C0 can be staffed",
        "ceiling 1 is below the plan's own 20000",
    ]
    unknown = replace(written.programme.limits[0], half_days={"X": 1})
    named = replace(written.programme, limits=(unknown,))
    [other] = check_plan(season(), replace(written, programme=named)).violations
    assert other.message == "limits X, which is no candidate of the roster"


@st.composite
def staffed_instances(draw: st.DrawFn) -> Instance:
    """Any small instance whose days hold its modules, with up to three lecturers of two kinds."""
    drawn = draw(instances(max_leaders=5, max_sessions=6))
    kinds = st.sampled_from(("tutor", "head"))
    modules = tuple(
        replace(module, lecturers=tuple(sorted(draw(st.sets(kinds, max_size=2))))) for module in drawn.modules
    )
    days = st.integers(0, drawn.n_days - 1)
    lecturers = tuple(
        Lecturer(
            f"T{k}",
            f"讲师{k}",
            draw(kinds),
            draw(st.none() | st.just(tuple(range(0, len(modules), 2)))),
            draw(st.none() | st.tuples(days).map(lambda day: ((0, day[0]),))),
            draw(st.none() | st.integers(0, 6)),
            draw(st.none() | st.integers(0, len(drawn.sites) - 1)),
        )
        for k in range(draw(st.integers(1, 3)))
    )
    sessions = tuple(
        replace(session, modules=_that_fit(session.modules, modules, 2 * len(session.days)))
        for session in drawn.sessions
    )
    return replace(drawn, modules=modules, lecturers=lecturers, sessions=sessions)


def _that_fit(held: tuple[int, ...], modules: tuple[Module, ...], slots: int) -> tuple[int, ...]:
    fitting: list[int] = []
    for m in held:
        if modules[m].slots <= slots:
            fitting.append(m)
            slots -= modules[m].slots
    return tuple(fitting)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(staffed_instances())
def test_any_roster_with_lecturers_gets_a_plan_and_a_programme_that_check_accepts(instance: Instance) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cadreplan.solving.supervise.Supervisor", Inline)
        try:
            plan = solve(instance, SolveOptions(engine="exact", workers=1))
        except ContradictionError:
            return
    assert check_plan(instance, plan).violations == ()
    assert plan.programme is not None
