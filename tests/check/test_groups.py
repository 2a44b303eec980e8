"""Discussion groups of a plan document: who sits where, how many groups, goals, bound and status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.goals import GroupGoals
from cadreplan.instance import Instance
from cadreplan.plan import GroupingInfo, Plan, PlannedSession, RosterRef, SolverInfo, Terms
from cadreplan.verification.plans import check_plan
from tests.check.base import Build

WOMEN = frozenset((1, 2, 6))
"""Of ten people."""


def _instance(**changes: object) -> Instance:
    """Ten people attend S, in groups of 3 to 4: three groups."""
    build = Build().session("S", 1)
    for k in range(10):
        build.leader(f"L{k}", gaps="kS:1:1")
    leaders = tuple(
        replace(leader, tags=(("gender", "f" if k in WOMEN else "m"),))
        for k, leader in enumerate(build.instance.leaders)
    )
    instance = replace(
        build.instance,
        leaders=leaders,
        sessions=(replace(build.instance.sessions[0], groups=(3, 4)),),
        policy=replace(build.instance.policy, groups=(("gender", 1),)),
    )
    return replace(instance, **changes)  # type: ignore[arg-type]


GROUPS = (("L0", "L1", "L3", "L4"), ("L2", "L5", "L7"), ("L6", "L8", "L9"))
"""One woman in each: 3 + 1 + 1 pairs of men, which is as few as can be."""


def _plan(groups: tuple[tuple[str, ...], ...] = GROUPS, **goals: int) -> Plan:
    have = GroupGoals(**{"like": 5, **goals})
    return Plan(
        RosterRef("roster.yaml", "0" * 64),
        SolverInfo("exact", "optimal", 0, 0, 0.0, 1.0, 0, 1, "0"),
        Terms(),
        tuple((f"L{k}", "S") for k in range(10)),
        (PlannedSession("S", True, groups=groups),),
        grouping=GroupingInfo("feasible", have, (0, 0, 0, 0, 0, 0)),
    )


def _wrong(plan: Plan, instance: Instance | None = None) -> list[str]:
    """What is wrong with groups; this plan states nothing else."""
    found = check_plan(instance or _instance(), plan).violations
    return [f"{v.rule} {v.where}" for v in found if v.rule == "groups" or v.where == "grouping"]


def test_groups_that_hold_everybody_once_are_right() -> None:
    assert _wrong(_plan()) == []


@pytest.mark.parametrize(
    "groups",
    [
        (GROUPS[0][1:], *GROUPS[1:]),  # L0 is in none
        (GROUPS[0], (*GROUPS[1], "L0"), GROUPS[2]),  # L0 is in two
        (GROUPS[0], (*GROUPS[1], "X"), GROUPS[2]),  # nobody knows X
        (*GROUPS, ()),  # four groups
        (GROUPS[0] + GROUPS[1], GROUPS[2]),  # two groups
        (),
    ],
)
def test_each_who_attends_sits_in_one_of_as_many_groups_as_needed(
    groups: tuple[tuple[str, ...], ...],
) -> None:
    assert "groups S" in _wrong(_plan(groups))


def test_a_session_without_groups_in_the_roster_has_none_in_the_plan() -> None:
    instance = _instance()
    none = replace(instance, sessions=(replace(instance.sessions[0], groups=None),))
    assert "groups S" in _wrong(_plan(), none)
    assert _wrong(replace(_plan(()), grouping=None), none) == []


def test_people_outside_the_sizes_are_counted() -> None:
    five = (("L0", "L1", "L3", "L4", "L8"), GROUPS[1], ("L6", "L9"))
    assert _wrong(_plan(five, outside=2, like=6 + 1 + 0)) == []
    assert _wrong(_plan(five, outside=1, like=6 + 1 + 0)) == ["statement grouping"]


def test_like_pairs_are_counted_by_weight() -> None:
    heavy = _instance()
    heavy = replace(heavy, policy=replace(heavy.policy, groups=(("gender", 3),)))
    assert _wrong(_plan(like=15), heavy) == []
    assert _wrong(_plan(like=5), heavy) == ["statement grouping"]


@pytest.mark.parametrize(
    ("mix", "missed"),
    [
        (Mix("gender", "group", alone=False), 3),
        (Mix("gender", "group", "f", at_least=Amount(1)), 0),
        (Mix("gender", "group", "f", at_least=Amount(2)), 3),
        (Mix("gender", "group", "f", at_least=Amount(25, True)), 0),  # of 4: 1
        (Mix("gender", "group", "f", at_least=Amount(26, True)), 1),  # of 4: 2, of 3: 1
        (Mix("gender", "group", "m", at_most=Amount(75, True)), 0),
        (Mix("gender", "group", "m", at_most=Amount(66, True)), 3),  # of 4: 2, of 3: 1
        (Mix("gender", "group", at_most=Amount(2)), 1),
        (Mix("gender", "group", alone=False, sessions=()), 0),
        (Mix("gender", "class", "f", at_least=Amount(9)), 0),
    ],
)
def test_mix_of_groups_counts_who_is_missing_or_too_many_and_lone_ones(mix: Mix, missed: int) -> None:
    instance = _instance(mix=(mix,))
    assert _wrong(_plan(mix=missed), instance) == []
    assert _wrong(_plan(mix=missed + 1), instance) == ["statement grouping"]


@pytest.mark.parametrize(
    ("tie", "broken"),
    [
        (Tie((0, 1, 3), "together", "group"), 0),
        (Tie((0, 1, 2), "together", "group"), 1),
        (Tie((0, 2, 6), "apart", "group"), 0),
        (Tie((0, 1, 6), "apart", "group"), 1),
        (Tie((0, 1), "apart", "class"), 0),
    ],
)
def test_a_tie_of_groups_is_broken_once(tie: Tie, broken: int) -> None:
    assert _wrong(_plan(ties=broken), _instance(ties=(tie,))) == []
    assert _wrong(_plan(ties=1 - broken), _instance(ties=(tie,))) == ["statement grouping"]


def test_pairs_who_sat_together_before_are_counted_once() -> None:
    instance = _instance(met=((0, 1, 2), (0, 1), (5, 6)))
    assert _wrong(_plan(met=1), instance) == []
    assert _wrong(_plan(met=2), instance) == ["statement grouping"]


def _stating(**changes: object) -> Callable[[Plan], Plan]:
    def change(plan: Plan) -> Plan:
        assert plan.grouping is not None
        return replace(plan, grouping=replace(plan.grouping, **changes))  # type: ignore[arg-type]

    return change


def test_optimal_is_believed_where_the_closed_form_is_reached() -> None:
    reached = _stating(status="optimal", bound=(0, 0, 0, 0, 5, 0))
    assert _wrong(reached(_plan())) == []


def test_optimal_is_refused_where_the_closed_form_is_not_reached() -> None:
    worse = (("L0", "L3", "L4", "L5"), ("L1", "L2", "L7"), ("L6", "L8", "L9"))
    stated = _stating(status="optimal", bound=(0, 0, 0, 0, 8, 0))
    assert _wrong(stated(_plan(worse, like=6 + 1 + 1))) == ["statement grouping"]


def test_a_bound_after_the_groups_themselves_is_refused() -> None:
    assert _wrong(_stating(bound=(0, 0, 0, 0, 6, 0))(_plan())) == ["statement grouping"]


def test_goals_without_groups_and_groups_without_goals_are_refused() -> None:
    assert "statement grouping" in _wrong(replace(_plan(), grouping=None))


def test_frozen_sessions_are_not_counted_again() -> None:
    instance = _instance()
    frozen = replace(instance, sessions=(replace(instance.sessions[0], frozen=True),))
    held = replace(_plan(GROUPS[:1]), grouping=None)
    assert "groups S" not in _wrong(held, frozen)
