"""What a plan document states of itself: names, worth, bound, status, sessions and open skill gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cadreplan.instance import Instance, Weights
from cadreplan.loading.load import load_roster
from cadreplan.origin import differences
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.verification.plans import check_plan
from tests.check.base import Build
from tests.cli.base import example


def _instance() -> Instance:
    """L1 attends S1 in a room and leaves the gap of S2 open; the candidate S2 runs for L2."""
    build = Build(weights=Weights(gap=1000, day=50)).site("P", rooms="R1:9 R2:9")
    build.session("S1", 1).session("S2", 9, candidate=True, cost=7, min_seats=1).session("S3", 20)
    build.leader("L1", gaps="kS1:1:1 kS2:1:0", prefers={"S1": 3}).leader("L2", gaps="kS2:1:1 kS3:1:1")
    return build.instance


def _plan() -> Plan:
    terms = Terms(gaps=2000, prefers=3, days=-100, open=-7)
    return Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "feasible", terms.total, 2000, (2000 - 1896) / 2000, 1.0, 0, 1, "0"),
        terms,
        (("L1", "S1"), ("L2", "S2")),
        (
            PlannedSession("S1", True, "R1"),
            PlannedSession("S2", True, "R2"),
            PlannedSession("S3", True, "R1"),
        ),
        (OpenGap("L1", "kS2", "not-worth", "…"), OpenGap("L2", "kS3", "not-worth", "…")),
    )


def _said(change: Callable[[Plan], Plan] = lambda plan: plan) -> list[str]:
    """`rule where: message` of every violation of the changed plan."""
    return [f"{v.rule} {v.where}: {v.message}" for v in check_plan(_instance(), change(_plan())).violations]


def _solver(**changes: object) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, solver=replace(plan.solver, **changes))


def _sessions(*entries: PlannedSession) -> Callable[[Plan], Plan]:
    """The plan with these entries instead of those of the same id, or after all others."""
    ids = {entry.id for entry in entries}
    return lambda plan: replace(plan, sessions=(*(e for e in plan.sessions if e.id not in ids), *entries))


def test_a_plan_that_tells_the_truth_is_right() -> None:
    assert _said() == []


# --- worth ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", [f.name for f in fields(Terms)])
def test_every_term_is_recomputed(term: str) -> None:
    def wrong(plan: Plan) -> Plan:
        return replace(plan, terms=replace(plan.terms, **{term: getattr(plan.terms, term) + 1}))

    true = getattr(_plan().terms, term)
    assert _said(wrong) == [f"statement {term}: stated as {true + 1} points, recomputed {true}"]


def test_the_objective_is_the_worth_of_the_plan() -> None:
    said = _said(_solver(objective=1897, gap=(2000 - 1897) / 2000))
    assert said == ["statement objective: stated as 1897, recomputed 1896"]


def test_the_bound_is_no_less_than_the_worth() -> None:
    assert _said(_solver(bound=1896, gap=0.0, status="optimal")) == []
    said = _said(_solver(bound=1895, gap=-1 / 1895))
    assert said == ["statement bound: 1895 is below the plan's own worth 1896"]


def test_optimal_means_that_bound_and_objective_meet() -> None:
    assert _said(_solver(status="optimal")) == [
        "statement status: optimal, with bound 2000 and objective 1896"
    ]
    assert _said(_solver(bound=1896, gap=0.0)) == [
        "statement status: feasible, with bound 1896 and objective 1896"
    ]


def test_the_gap_is_that_of_bound_and_objective() -> None:
    assert _said(_solver(gap=0.0521)) == ["statement gap: stated as 0.0521, recomputed 0.052"]


# --- names ----------------------------------------------------------------------------------------------


def _assigned(*pairs: tuple[str, str]) -> Callable[[Plan], Plan]:
    return lambda plan: replace(plan, assignments=(*plan.assignments, *pairs))


def test_assigned_leaders_are_in_the_roster() -> None:
    assert _said(_assigned(("L9", "S1"))) == ["reference L9: assigned, but the roster has no such leader"]


def test_assigned_sessions_are_in_the_roster() -> None:
    assert _said(_assigned(("L1", "S9"))) == ["reference S9: assigned to L1, but there is no such session"]


def test_nobody_is_assigned_to_a_session_twice() -> None:
    assert _said(_assigned(("L1", "S1"))) == ["reference L1: assigned to S1 more than once"]


def test_listed_sessions_are_in_the_roster() -> None:
    assert _said(_sessions(PlannedSession("S9", True))) == [
        "reference S9: listed, but there is no such session"
    ]


def test_sessions_are_listed_once() -> None:
    assert _said(lambda plan: replace(plan, sessions=(*plan.sessions, plan.sessions[0]))) == [
        "reference S1: listed 2 times"
    ]


def test_all_sessions_of_the_roster_are_listed() -> None:
    said = _said(lambda plan: replace(plan, sessions=plan.sessions[:2]))
    assert said == [
        "rooms S3: runs at P without a room",
        "statement S3: 1 session(s) of the roster are not listed in the plan",
    ]


def test_a_room_is_one_of_the_site() -> None:
    assert _said(_sessions(PlannedSession("S3", True, "R9"))) == [
        "reference S3: is in room R9, which its site does not have",
        "rooms S3: runs at P without a room",
    ]


def test_confirmed_sessions_are_stated_to_run() -> None:
    assert _said(_sessions(PlannedSession("S3", False, "R1"))) == [
        "statement S3: stated not to run, but confirmed sessions always run"
    ]


def test_a_candidate_runs_only_if_the_plan_says_so() -> None:
    said = _said(_sessions(PlannedSession("S2", False)))
    assert "candidate S2: does not run, but 1 people are assigned" in said
    assert "statement open: stated as -7 points, recomputed 0" in said


# --- open skill gaps ------------------------------------------------------------------------------------


def test_open_gaps_are_all_listed() -> None:
    said = _said(lambda plan: replace(plan, open_gaps=plan.open_gaps[:1]))
    assert said == ["statement L2: skill gap kS3 is open, but not listed"]


@pytest.mark.parametrize(("leader", "skill"), [("L1", "kS1"), ("L1", "kS3"), ("L9", "kS1"), ("L1", "k9")])
def test_closed_gaps_and_what_is_no_gap_are_not_listed(leader: str, skill: str) -> None:
    wrong = OpenGap(leader, skill, "seats", "…")
    said = _said(lambda plan: replace(plan, open_gaps=(*plan.open_gaps, wrong)))
    assert said == [f"statement {leader}: skill gap {skill} is listed as open, but it is not"]


def test_an_open_gap_is_listed_once() -> None:
    said = _said(lambda plan: replace(plan, open_gaps=(*plan.open_gaps, plan.open_gaps[0])))
    assert said == ["statement L1: skill gap kS2 is listed as open 2 times"]


def test_a_gap_closed_by_any_session_is_closed() -> None:
    build = Build().session("S1", 1).session("S2", 8).leader("L1")
    terms = build.report("L1: S1 S2").terms
    plan = replace(
        _plan(),
        solver=replace(_plan().solver, status="optimal", objective=terms.total, bound=terms.total, gap=0.0),
        terms=terms,
        assignments=(("L1", "S1"), ("L1", "S2")),
        sessions=(PlannedSession("S1", True), PlannedSession("S2", True)),
        open_gaps=(),
    )
    assert check_plan(build.instance, plan).violations == ()


# --- the roster -----------------------------------------------------------------------------------------


def test_a_plan_belongs_to_the_roster_with_its_hash(tmp_path: Path) -> None:
    example(tmp_path)
    loaded = load_roster(tmp_path / "roster.yaml")
    plan = replace(_plan(), roster=RosterRef("roster.yaml", loaded.sha256, dict(loaded.files)))
    assert differences(plan, loaded) == ()
    (tmp_path / "roster.yaml").write_bytes((tmp_path / "roster.yaml").read_bytes() + b"\n")
    (found,) = differences(plan, load_roster(tmp_path / "roster.yaml"))
    assert (found.rule, found.message) == ("roster", "the roster has changed since the plan was made")
