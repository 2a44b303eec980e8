"""`check` recomputes what reasons rest on: those of the program are right, and a forged figure is found."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import Step
from cadreplan.instance import Instance
from cadreplan.messages import Message
from cadreplan.messages.figures import FIGURES, Kind
from cadreplan.messages.texts import OBSTACLES
from cadreplan.plan import OpenGap, Plan
from cadreplan.solution import Solution
from cadreplan.verification.obstacles import TRUE
from cadreplan.verification.plans import check_plan
from cadreplan.verification.reasons import REASON_OF
from tests.insight.plans import document
from tests.insight.test_reasons import situations

QUICK = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def test_every_code_has_its_reason() -> None:
    assert REASON_OF.keys() == OBSTACLES.keys()
    assert set(REASON_OF.values()) == {step.code for step in Step if step is not Step.NONE}
    assert TRUE.keys() <= OBSTACLES.keys()


@settings(max_examples=400, **QUICK)
@given(situations(), st.booleans())
def test_reasons_that_were_found_are_right(case: tuple[Instance, Solution], improved: bool) -> None:
    instance, solution = case
    report = check_plan(instance, document(instance, improve(instance, solution) if improved else solution))
    assert report.violations == ()


_seen: set[str] = set()


@settings(max_examples=400, **QUICK)
@given(situations(), st.integers(0, 2**32))
def test_a_forged_figure_is_found(case: tuple[Instance, Solution], seed: int) -> None:
    instance, rng = case[0], Random(seed)
    plan = document(instance, improve(*case))
    for k, gap in enumerate(plan.open_gaps):
        told = gap.detail
        assert isinstance(told, Message)
        if told.code not in TRUE or told.get("lacking") is not None:
            continue
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
    return (*value, ("no-such",)) if kind is Kind.ENTRIES and isinstance(value, tuple) else None


def _with(plan: Plan, k: int, gap: OpenGap) -> Plan:
    return replace(plan, open_gaps=(*plan.open_gaps[:k], gap, *plan.open_gaps[k + 1 :]))


def test_forgeries_were_of_many_codes() -> None:
    """Runs behind the test above: what it drew isn't always the same reason."""
    assert not _seen or len(_seen) > 8, _seen


@settings(max_examples=150, **QUICK)
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
