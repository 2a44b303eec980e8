"""`check` recomputes what reasons rest on: those of the program are right, and a forged figure is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cadreplan.cli.inputs import open_plan
from cadreplan.cohorts import Tie
from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import Step
from cadreplan.instance import Instance
from cadreplan.messages import Message
from cadreplan.messages.figures import FIGURES, Kind
from cadreplan.messages.texts import OBSTACLES
from cadreplan.plan import OpenGap, Plan
from cadreplan.solution import Solution
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.obstacles import TRUE
from cadreplan.verification.plans import check_plan, resolve
from cadreplan.verification.reasons import REASON_OF, wrong_reasons
from cadreplan.views.report import not_proven
from tests.draws import examples
from tests.insight.plans import document
from tests.insight.test_reasons import situations
from tests.messages.drawn import messages
from tests.solving.small import small_instance
from tests.strategies import cohorts

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def test_every_code_has_its_reason() -> None:
    assert REASON_OF.keys() == OBSTACLES.keys()
    assert set(REASON_OF.values()) == {step.code for step in Step if step is not Step.NONE}
    assert TRUE.keys() <= OBSTACLES.keys()


@st.composite
def tied(draw: st.DrawFn) -> tuple[Instance, Solution]:
    """An instance with ties and `mix`, and a plan of it."""
    instance = draw(cohorts(max_leaders=6, max_sessions=6, pins=False))
    solution = bare_solution(instance)
    assume(solution is not None)
    assert solution is not None
    return instance, improve(instance, solution)


@settings(max_examples=examples(400), **QUICK)
@given(situations() | tied(), st.booleans())
def test_reasons_that_were_found_are_right(case: tuple[Instance, Solution], improved: bool) -> None:
    instance, solution = case
    report = check_plan(instance, document(instance, improve(instance, solution) if improved else solution))
    assert report.violations == ()


_seen: set[str] = set()


@settings(max_examples=examples(400), **QUICK)
@given(situations() | tied(), st.integers(0, 2**32))
def test_a_forged_figure_is_found(case: tuple[Instance, Solution], seed: int) -> None:
    instance, rng = case[0], Random(seed)
    plan = document(instance, improve(*case))
    for k, gap in enumerate(plan.open_gaps):
        told = gap.detail
        assert isinstance(told, Message)
        if told.code not in TRUE or told.get("lacking") is not None:
            continue  # what stands before an earlier session has a test of its own
        for name, value in told.figures:
            false = _false(name, value, rng)
            if false is None:
                continue
            forged = _with(plan, k, replace(gap, detail=told.having(**{name: false})))
            found = check_plan(instance, forged).violations
            assert [(v.rule, v.where) for v in found][:1] == [("statement", gap.leader)], (name, told)
        _seen.add(told.code)


def _false(name: str, value: object, rng: Random) -> object:
    """Another value of a figure, such as can't be right; None for those that may be so as well."""
    kind = FIGURES[name][0]
    if kind in (Kind.COUNT, Kind.POINTS, Kind.SHARE) and isinstance(value, int | float):
        return value + rng.choice((1, 7)) if rng.random() < 0.5 or value < 1 else value - 1
    if name in ("session", "other", "branch", "role", "site", "module"):
        return "no-such"
    if name in ("account", "leaders", "value"):
        return (("gaps", 1),) if name == "account" else ("no-such",) if name == "leaders" else "no-such"
    return (*value, ("no-such",)) if kind is Kind.ENTRIES and isinstance(value, tuple) else None


def _with(plan: Plan, k: int, gap: OpenGap) -> Plan:
    return replace(plan, open_gaps=(*plan.open_gaps[:k], gap, *plan.open_gaps[k + 1 :]))


def test_forgeries_were_of_many_codes() -> None:
    """Runs behind the test above: what it drew isn't always the same reason."""
    assert not _seen or len(_seen) > 8, _seen


@settings(max_examples=examples(150), **QUICK)
@given(situations(), st.integers(0, 2**32))
def test_another_reason_or_a_code_of_another_is_found(case: tuple[Instance, Solution], seed: int) -> None:
    instance, rng = case[0], Random(seed)
    plan = document(instance, improve(*case))
    for k, gap in enumerate(plan.open_gaps):
        reason = rng.choice([one for one in set(REASON_OF.values()) if one != gap.reason])
        found = check_plan(instance, _with(plan, k, replace(gap, reason=reason))).violations
        assert [(v.rule, v.where) for v in found] == [("statement", gap.leader)]
        assert isinstance(gap.detail, Message)
        assert f"the reason is {reason}, but {gap.detail.code} is told" in found[0].message


TIED = (
    ("day", Message.of("apart-on-day", session="S0", day="2026-03-03", leaders=("L0",)), True),
    ("day", Message.of("apart-on-day", session="S0", day="2026-03-03", leaders=("L2",)), False),
    ("day", Message.of("apart-on-day", session="S0", day="2026-03-02", leaders=("L0",)), False),
    ("class", Message.of("apart-in-class", session="S0", leaders=("L0",)), True),
    ("class", Message.of("apart-in-class", session="S0", leaders=("L0", "L2")), False),
    ("class", Message.of("apart-on-day", session="S0", day="2026-03-03", leaders=("L0",)), False),
)


@pytest.mark.parametrize(("each", "told", "right"), TIED)
def test_ties_are_those_of_the_roster(each: Literal["day", "class"], told: Message, right: bool) -> None:
    instance = replace(small_instance(leaders=3, seats=3), ties=(Tie((0, 1), "apart", each),))
    plan = document(instance, Solution(((0,), (), (0,))))
    found = check_plan(instance, _with(plan, 0, replace(plan.open_gaps[0], reason="tie", detail=told)))
    assert (found.violations == ()) is right
    assert found.reasons == right


def test_what_the_roster_does_not_have_is_told_of_nobody() -> None:
    instance = small_instance(leaders=2, seats=1)
    plan = document(instance, Solution(((0,), ())))
    gap = plan.open_gaps[0]
    for told, said in (
        (Message.of("seats-taken", session="X", seats=1, taken=1), "X is told of, which the roster doesn't"),
        (Message.of("begun", session="S0"), "it isn't so: S0 has begun"),
        (Message.of("room-taken", session="S0", seats=1, taken=1), "it isn't so: S0 has 1 seat in its room"),
        (
            Message.of("seats-taken", session="S0", seats=1, taken=1, needed=1),
            "needed stated as 1, recomputed",
        ),
        (Message.of("seats-taken", session="S0", seats=2, taken=1), "seats stated as 2, recomputed 1"),
        (Message.of("no-session"), "it isn't so: no session teaches it"),
    ):
        reason = REASON_OF[told.code]
        forged = _with(plan, 0, replace(gap, reason=reason, detail=told))
        (found,) = check_plan(instance, forged).violations
        assert (found.rule, found.where) == ("statement", gap.leader)
        assert found.message.startswith(f"{gap.skill}: {said}")


def test_sentences_of_version_one_are_taken_as_they_stand() -> None:
    instance = small_instance(leaders=2, seats=1)
    plan = document(instance, Solution(((0,), ())))
    assert check_plan(instance, plan).reasons == 1
    old = _with(plan, 0, OpenGap("L1", plan.open_gaps[0].skill, "beds", "somebody's word"))
    report = check_plan(instance, old)
    assert (report.violations, report.reasons) == ((), 0)


@pytest.mark.parametrize(
    ("proven", "said"),
    [
        (0, "why skill gaps stay open: that they are open is proven"),
        (1, "why 1 of 2 skill gaps stay open, and that no other session gets a leader farther"),
        (2, "that no other session gets a leader farther: what stands in the way is recomputed"),
    ],
)
def test_what_is_not_proven_of_reasons_is_listed(proven: int, said: str) -> None:
    instance = small_instance(leaders=3, seats=1)
    plan = document(instance, Solution(((0,), (), ())))
    for k in range(2 - proven):
        plan = _with(plan, k, replace(plan.open_gaps[k], detail="somebody's word"))
    assert ("reasons", said) in not_proven(plan, check_plan(instance, plan))


def test_what_stands_before_an_earlier_session_is_tested_in_the_bundled_plan() -> None:
    opened = open_plan(ROOT / "docs" / "gallery" / "plan.json", None, None)
    instance, plan = opened.loaded.instance, opened.plan
    solution, _ = resolve(instance, plan)
    assert wrong_reasons(instance, plan, solution) == ([], 73)
    forged = 0
    for k, gap in enumerate(plan.open_gaps):
        told = gap.detail
        assert isinstance(told, Message)
        lacking = told.get("lacking")
        if isinstance(lacking, Message):
            lies = [told.having(lacking=lacking.having(day="2026-12-31"))]
            lies += [told.having(lacking=lacking.having(modules=(("no-such",),)))]
            if told["session"] != lacking["session"]:
                lies += [told.having(session=lacking["session"]), told.having(lacking=None)]
            for lie in lies:
                wrong, right = wrong_reasons(instance, _with(plan, k, replace(gap, detail=lie)), solution)
                assert wrong or right == 72, lie  # a lie that isn't found isn't proven
                assert {where for where, _ in wrong} <= {gap.leader}
                forged += bool(wrong)
    assert forged > 30


@settings(max_examples=examples(300), **QUICK)
@given(
    messages(OBSTACLES), st.sampled_from(sorted(set(REASON_OF.values()))), st.randoms(use_true_random=False)
)
def test_whatever_is_told_is_found_right_or_wrong(told: Message, reason: str, rng: Random) -> None:
    instance = small_instance(leaders=3, seats=1, sessions=3)
    plan = document(instance, Solution(((0,), (1,), ())))
    names = {
        name: rng.choice(("S0", "S1", "S2")) for name in ("session", "other", "earlier") if told.get(name)
    }
    k = len(plan.open_gaps) - 1
    gap = replace(plan.open_gaps[k], reason=reason, detail=told.having(**names))
    report = check_plan(instance, _with(plan, k, gap))
    assert {(v.rule, v.where) for v in report.violations} <= {("statement", gap.leader)}
