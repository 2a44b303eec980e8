"""Differences and comparisons of plans."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cadreplan.insight.compare import compare, same_roster
from cadreplan.insight.diff import LeaderChange, SessionChange, diff
from cadreplan.plan import Plan, ProgrammeEntry
from tests.insight.plans import plan_of

ASSIGNMENTS = st.dictionaries(
    st.sampled_from([f"L{k}" for k in range(5)]), st.lists(st.sampled_from(["S1", "S2", "S3"]), unique=True)
)


def test_people_are_told_apart_by_what_they_give_up_and_get() -> None:
    old = plan_of({"A": ["S1"], "B": ["S1"], "D": ["S1"]}, open_gaps=[("C", "K"), ("D", "J")], gaps=10)
    new = plan_of({"A": ["S2"], "C": ["S1"], "D": ["S1"]}, open_gaps=[("B", "K")], gaps=30)
    found = diff(old, new)
    assert found.leaders == (
        LeaderChange("A", "moved", ("S1",), ("S2",), (), ()),
        LeaderChange("B", "lost", ("S1",), (), (), ("K",)),
        LeaderChange("C", "gained", (), ("S1",), ("K",), ()),
        LeaderChange("D", "unmoved", (), (), ("J",), ()),
    )
    assert (found.kept, found.worth, found.same) == (1, 20, False)


def test_sessions_open_close_are_refilled_and_change_rooms() -> None:
    old = plan_of({"A": ["S1"], "B": ["S2"], "C": ["S3"]}, rooms={"S3": "R1"}, idle=["S4"])
    new = plan_of({"B": ["S4"], "A": ["S2"], "C": ["S3"]}, rooms={"S3": "R2"}, idle=["S1"])
    assert diff(old, new).sessions == (
        SessionChange("S1", "closed", ("A",), (), 1, 0, None, None),
        SessionChange("S2", "refilled", ("B",), ("A",), 1, 1, None, None),
        SessionChange("S3", "moved", (), (), 1, 1, "R1", "R2"),
        SessionChange("S4", "opened", (), ("B",), 0, 1, None, None),
    )


def _held(plan: Plan, days: tuple[str, ...], lecturer: str | None, site: str = "P") -> Plan:
    """The plan with its one session on these days, and a half day on the first one."""
    entry = ProgrammeEntry("M", days[0], "am", lecturer, None if lecturer else "unavailable: nobody")
    sessions = tuple(replace(s, site=site, dates=days, programme=(entry,)) for s in plan.sessions)
    return replace(plan, sessions=sessions)


def test_who_attends_a_session_that_moves_has_to_be_told() -> None:
    plan = plan_of({"A": ["S1"]})
    old = _held(plan, ("2026-03-24",), "T")
    for new in (_held(plan, ("2026-03-31",), "T"), _held(plan, ("2026-03-24",), "T", site="Q")):
        found = diff(old, new)
        assert not found.same
        assert [(c.leader, c.kind, c.rescheduled) for c in found.leaders] == [("A", "rescheduled", ("S1",))]
        assert [(c.session, c.kind) for c in found.sessions] == [("S1", "rescheduled")]


def test_a_lecturer_who_is_gone_is_a_difference() -> None:
    plan = plan_of({"A": ["S1"]})
    old, new = _held(plan, ("2026-03-24",), "T"), _held(plan, ("2026-03-24",), None)
    found = diff(old, new)
    assert (found.same, found.unstaffed, found.leaders) == (False, (0, 1), ())
    assert [(c.session, c.kind) for c in found.sessions] == [("S1", "taught")]
    assert [(c.lecturer, c.given_up, c.got) for c in found.lecturers] == [
        ("T", (("2026-03-24", "am", "S1", "M"),), ())
    ]
    assert diff(old, old).same


def test_a_plan_that_does_not_tell_when_is_not_said_to_have_moved() -> None:
    plan = plan_of({"A": ["S1"]})
    told = replace(plan, sessions=tuple(replace(s, dates=("2026-03-24",)) for s in plan.sessions))
    assert diff(plan, told).same


def test_another_bound_alone_is_no_difference() -> None:
    assert diff(plan_of({"A": ["S1"]}), plan_of({"A": ["S1"]}, bound=200_000)).same


@given(old=ASSIGNMENTS, new=ASSIGNMENTS)
def test_what_is_given_up_and_got_turns_the_old_plan_into_the_new(
    old: dict[str, list[str]], new: dict[str, list[str]]
) -> None:
    before, after = plan_of(old), plan_of(new)
    found = diff(before, after)
    gone = {(change.leader, s) for change in found.leaders for s in change.given_up}
    come = {(change.leader, s) for change in found.leaders for s in change.got}
    assert (set(before.assignments) - gone) | come == set(after.assignments)
    assert {(i, change.session) for change in found.sessions for i in change.leave} == gone
    assert {(i, change.session) for change in found.sessions for i in change.come} == come
    assert found.same == (before.assignments == after.assignments)


def test_figures_count_those_who_have_other_sessions_than_in_the_first_plan() -> None:
    first = plan_of({"A": ["S1"], "B": ["S2"]}, open_gaps=[("C", "K")], gaps=10)
    second = plan_of({"A": ["S1"], "C": ["S2"]}, idle=["S3"], gaps=20)
    one, two = compare([first, second])
    assert (one.moved, one.leaders, one.open_gaps, one.open_by_reason) == (0, 2, 1, {"seats": 1})
    assert (two.moved, two.sessions, two.terms["gaps"]) == (2, 2, 20)
    assert same_roster([first, second])
