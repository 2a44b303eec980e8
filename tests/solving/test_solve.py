"""The main job end to end: from a roster's file to a plan that passes the check, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, assume, given, settings

import cadreplan
from cadreplan.errors import ContradictionError
from cadreplan.insight.improve import improve
from cadreplan.instance import Instance, SkillGap
from cadreplan.loading.load import LoadedRoster, load_roster
from cadreplan.plan import Plan, relative_gap
from cadreplan.programme.model import programme
from cadreplan.solving import Progress, SolveOptions, save
from cadreplan.solving.finish import DEFAULT_GAP, Run, _ending
from cadreplan.solving.options import Ending
from cadreplan.solving.simple import bare_solution, simple_bound
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.rules import check
from cadreplan.views.wording import ENDINGS
from tests.brute_force import optimum
from tests.draws import examples
from tests.solving.small import small_instance
from tests.strategies import instances

ROSTER = Path(__file__).resolve().parents[2] / "examples" / "spring-rotation" / "roster.yaml"


@pytest.fixture(scope="module")
def roster() -> LoadedRoster:
    return cadreplan.load(ROSTER)


@pytest.fixture(scope="module")
def plan(roster: LoadedRoster) -> Plan:
    return cadreplan.solve(roster, workers=1, programme=False)


def test_the_bundled_example_is_proven_optimal(roster: LoadedRoster, plan: Plan) -> None:
    assert plan.solver.status == "optimal"
    assert plan.solver.ended == "proven"
    assert cadreplan.check(plan, roster).violations == ()


def test_five_reasons_at_least_are_seen_in_the_bundled_example(plan: Plan) -> None:
    assert len({gap.reason for gap in plan.open_gaps}) >= 5


def test_one_worker_and_one_seed_give_the_same_bytes(roster: LoadedRoster, plan: Plan) -> None:
    again = cadreplan.solve(roster, workers=1, programme=False)
    same = replace(again, solver=replace(again.solver, seconds=plan.solver.seconds))
    assert same.to_json() == plan.to_json()


def test_one_worker_and_one_seed_give_the_same_programme(roster: LoadedRoster, plan: Plan) -> None:
    start, _ = resolve(roster.instance, plan)
    made = [programme(roster.instance, start, time_limit=None, workers=1, seed=3) for _ in range(2)]
    assert made[0] == made[1]


def test_a_programme_is_made_where_there_are_lecturers(roster: LoadedRoster, plan: Plan) -> None:
    seen: list[Progress] = []
    made = cadreplan.solve(roster, time_limit=10, on_progress=seen.append)
    assert cadreplan.check(made, roster).violations == ()
    assert made.programme is not None
    assert made.programme.goals.unstaffed == 0
    attended = {session for _, session in made.assignments}
    assert all(session.programme for session in made.sessions if session.id in attended)
    assert any(progress.phase.startswith("programme") for progress in seen)
    assert plan.programme is None


def test_both_engines_agree(roster: LoadedRoster, plan: Plan) -> None:
    other = cadreplan.solve(roster, engine="columns", gap=0.02, time_limit=60, programme=False)
    assert other.solver.objective <= plan.solver.objective <= other.solver.bound
    assert cadreplan.check(other, roster).ok


def test_progress_tells_plan_bound_and_gap() -> None:
    seen: list[Progress] = []
    cadreplan.solve(small_instance(leaders=3, seats=2), on_progress=seen.append)
    assert seen[-1].objective is not None
    assert seen[-1].gap is not None
    assert [p.seconds for p in seen] == sorted(p.seconds for p in seen)


def test_contradicting_pins_are_proven_and_named() -> None:
    instance = small_instance(leaders=2, seats=1)
    pinned = tuple(replace(leader, pinned=(0,)) for leader in instance.leaders)
    for engine in ("exact", "columns"):
        with pytest.raises(ContradictionError, match=r"L0 is pinned to S0.*L1 is pinned to S0"):
            cadreplan.solve(replace(instance, leaders=pinned), engine=engine)  # type: ignore[arg-type]


def test_a_start_is_kept_where_nothing_is_better(roster: LoadedRoster, plan: Plan) -> None:
    start, _ = resolve(roster.instance, plan)
    again = cadreplan.solve(roster, start=start, time_limit=0.1, programme=False)
    assert again.solver.objective == plan.solver.objective


def test_an_older_plan_stays_until_the_new_one_is_whole(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    save(plan, path)
    first = path.read_bytes()
    path.chmod(0o640)
    save(plan, path)
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]
    tmp_path.chmod(0o500)
    try:
        broken = replace(plan, terms=replace(plan.terms, km=object()))  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            save(broken, path)
    finally:
        tmp_path.chmod(0o700)
    assert path.read_bytes() == first


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_the_simple_bound_is_never_below_the_optimum(instance: Instance) -> None:
    proven = optimum(instance)
    assume(proven is not None)
    assert proven is not None
    assert simple_bound(instance) >= proven[0]


def test_what_is_pinned_is_a_plan_before_any_solver_is_loaded() -> None:
    instance = load_roster(ROSTER).instance
    assert any(leader.pinned for leader in instance.leaders)
    bare = bare_solution(instance)
    assert bare is not None
    assert bare.chosen == tuple(tuple(sorted(leader.pinned)) for leader in instance.leaders)
    assert check(instance, bare).ok
    assert any(s in bare.rooms for one in bare.chosen for s in one)
    crowded = replace(
        instance,
        sites=tuple(
            replace(site, rooms=site.rooms and tuple(replace(room, seats=0) for room in site.rooms))
            for site in instance.sites
        ),
    )
    assert bare_solution(crowded) is None


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=6, max_sessions=6, pins=False))
def test_improving_keeps_all_rules_and_loses_nothing(instance: Instance) -> None:
    empty = bare_solution(instance)
    assume(empty is not None)
    assert empty is not None
    better = improve(instance, empty)
    report = check(instance, better)
    assert report.violations == ()
    assert report.value >= check(instance, empty).value
    assert improve(instance, better) == better


def test_a_plan_made_in_memory_is_checked_like_any_other() -> None:
    instance = small_instance(leaders=4, seats=2, sessions=2)
    wider = replace(instance.leaders[3], gaps=(SkillGap(0, 3, 5),))
    instance = replace(instance, leaders=(*instance.leaders[:3], wider))
    plan = cadreplan.solve(instance)
    assert check_plan(instance, plan).ok
    assert cadreplan.check(plan, instance).ok
    assert [(gap.leader, gap.reason) for gap in plan.open_gaps] == [("L3", "no-session")]


@pytest.mark.parametrize(
    ("engine", "gap", "worth", "ended"),
    [
        ("columns", None, 99_950, "default-gap"),
        ("columns", 0.001, 99_950, "gap"),
        ("columns", None, 99_800, "exhausted"),
        ("columns", None, 100_000, "proven"),
        ("exact", None, 99_950, "exhausted"),
        ("exact", 0.001, 99_950, "gap"),
    ],
)
def test_a_gap_that_nobody_asked_for_is_told_as_the_default(
    engine: str, gap: float | None, worth: int, ended: str
) -> None:
    run = Run(SolveOptions(gap=gap), engine, "", "exhausted", 0.0)
    assert _ending(run, worth, 100_000, relative_gap(worth, 100_000), fewest=True) == ended


def test_the_default_gap_is_what_its_words_say() -> None:
    assert DEFAULT_GAP["columns"] == 0.001
    assert "0.1 %" in ENDINGS["default-gap"]
    assert set(get_args(Ending)) == set(ENDINGS)
