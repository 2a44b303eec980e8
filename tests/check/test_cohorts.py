"""Who trains together: ties and `mix` of classes, each just inside and just outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.plan import Terms
from tests.check.base import FREE, Build

ALL = "L1: S1, L2: S1, L3: S1, L4: S1, L5: S1"


def women_and_men(women: str = "L1 L2", **weights: int) -> Build:
    """Five leaders and a session for all of them; those named are women."""
    build = Build(weights=replace(FREE, **weights)).session("S1", 1).session("S2", 8)
    for k in range(1, 6):
        build.leader(f"L{k}", tags="sex:f" if f"L{k}" in women.split() else "sex:m")
    return build


# --- ties of a day --------------------------------------------------------------------------------------


def test_two_of_a_tie_of_a_day_are_never_away_on_one_day() -> None:
    build = (
        Build().site("Q").session("S1", (1, 2)).session("S2", (3, 4), at="Q").session("S3", (2, 3), at="Q")
    )
    build.leader("L1").leader("L2").leader("L3").tie("L1 L2", "day")
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S1, L2: S3") == ["ties L1"]
    assert build.breaks("L1: S1, L2: S1") == ["ties L1"]
    assert build.breaks("L1: S1, L3: S1") == []


def test_idle_days_of_a_trip_count_in_a_tie_of_a_day() -> None:
    build = Build(stay_gap=1).site("Q").session("S1", 1).session("S2", 3).session("S3", 2, at="Q")
    build.leader("L1").leader("L2").tie("L1 L2", "day")
    assert build.breaks("L1: S1 S2, L2: S3") == ["ties L1"]
    build.stay_gap = 0
    assert build.breaks("L1: S1 S2, L2: S3") == []


def test_a_row_of_several_people_is_one_of_a_tie() -> None:
    build = Build().session("S1", 1).session("S2", 2).leader("L1", headcount=3).leader("L2", headcount=2)
    build.tie("L1 L2", "day")
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S1, L2: S1") == ["ties L1"]


def test_of_three_in_a_tie_one_may_be_away() -> None:
    build = women_and_men().tie("L1 L2 L3", "day")
    assert build.breaks("L3: S1, L4: S1") == []
    assert build.breaks("L2: S1, L3: S1") == ["ties L2"]


# --- ties of a class ------------------------------------------------------------------------------------


def test_two_of_a_tie_of_a_class_never_attend_one_session() -> None:
    build = Build().session("S1", 1).session("S2", 1).leader("L1").leader("L2").tie("L1 L2", "class")
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S1, L2: S1") == ["ties L1"]


def test_ties_of_groups_are_no_rule_of_a_plan() -> None:
    assert women_and_men().tie("L1 L2", "group").breaks("L1: S1, L2: S1") == []


def test_the_past_breaks_no_tie() -> None:
    build = Build().session("S1", (1, 2)).session("S2", (2, 3)).session("S3", 1)
    build.leader("L1").leader("L2").leader("L3").tie("L1 L2 L3", "day").tie("L1 L2", "class")
    for name in ("S1",):
        build.sessions[name] = replace(build.sessions[name], frozen=True)
    assert build.breaks("L1: S1, L2: S1") == []
    assert build.breaks("L1: S1, L2: S1, L3: S3") == ["ties L1"]
    assert build.breaks("L2: S1, L3: S3") == ["ties L2"]
    assert build.breaks("L2: S1, L3: S2") == ["ties L2"]


# --- hard mix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("women", "least", "broken"),
    [
        ("L1 L2", "2", False),
        ("L1", "2", True),
        ("L1", "20%", False),
        ("L1", "21%", True),
        ("L1 L2", "40%", False),
        ("L1 L2", "41%", True),
        ("", "0%", False),
        ("", "1%", True),
        ("L1 L2 L3 L4 L5", "100%", False),
    ],
)
def test_a_class_has_at_least_so_many(women: str, least: str, broken: bool) -> None:
    build = women_and_men(women).mix("sex", "f", at_least=least, hard=True)
    assert build.breaks(ALL) == ["mix S1"] * broken


@pytest.mark.parametrize(
    ("women", "most", "broken"),
    [
        ("L1 L2", "2", False),
        ("L1 L2 L3", "2", True),
        ("L1", "20%", False),
        ("L1", "19%", True),
        ("", "0", False),
    ],
)
def test_a_class_has_at_most_so_many(women: str, most: str, broken: bool) -> None:
    build = women_and_men(women).mix("sex", "f", at_most=most, hard=True)
    assert build.breaks(ALL) == ["mix S1"] * broken


def test_a_session_that_nobody_attends_has_no_mix() -> None:
    build = women_and_men(mix=10).mix("sex", "f", at_least="2", hard=True).mix("sex", "f", at_least="2")
    assert build.breaks() == []
    assert build.report().terms == Terms()


def test_every_value_is_counted_where_none_is_named() -> None:
    build = women_and_men().mix("sex", at_least="2", hard=True)
    assert build.breaks(ALL) == []
    assert build.breaks("L1: S1, L2: S1, L3: S1") == ["mix S1"]
    assert build.breaks("L3: S1, L4: S1") == ["mix S1"]


def test_a_mix_is_for_the_sessions_it_names() -> None:
    build = women_and_men().mix("sex", "f", at_least="1", sessions="S1", hard=True)
    assert build.breaks("L3: S2") == []
    assert build.breaks("L3: S1") == ["mix S1"]


def test_a_row_of_several_people_counts_as_many_in_a_mix() -> None:
    build = Build().session("S1", 1).leader("L1", headcount=3, tags="sex:f").leader("L2", headcount=6)
    assert build.mix("sex", "f", at_least="34%", hard=True).breaks("L1: S1, L2: S1") == ["mix S1"]
    build.mixes.clear()
    assert build.mix("sex", "f", at_least="33%", at_most="3", hard=True).breaks("L1: S1, L2: S1") == []


def test_branches_and_roles_are_tags() -> None:
    build = Build().branch("C", parent="B").branch("D", parent="B").branch("E", parent="C").session("S1", 1)
    build.leader("L1", branch="E").leader("L2", branch="C", role="R").leader("L3", branch="D").leader("L4")
    attends = "L1: S1, L2: S1, L3: S1, L4: S1"
    for tag, value, n in (("branch:1", "C", 2), ("branch", "C", 1), ("branch:0", "B", 4), ("role", "R", 1)):
        build.mixes.clear()
        assert build.mix(tag, value, at_most=str(n), at_least=str(n), hard=True).breaks(attends) == []
        build.mixes.clear()
        assert build.mix(tag, value, at_most=str(n - 1), hard=True).breaks(attends) == ["mix S1"]
    build.mixes.clear()
    assert build.mix("branch:1", at_most="2", hard=True).breaks(attends) == []


def test_frozen_sessions_need_no_mix() -> None:
    build = women_and_men().mix("sex", "f", at_least="1", hard=True)
    build.sessions["S1"] = replace(build.sessions["S1"], frozen=True)
    assert build.breaks("L3: S1") == []
    assert build.breaks("L3: S2") == ["mix S2"]


# --- soft mix -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("women", "least", "most", "people"),
    [
        ("L1", "2", "", 1),
        ("", "2", "", 2),
        ("L1 L2", "2", "", 0),
        ("L1", "20%", "", 0),
        ("L1", "21%", "", 1),
        ("L1", "40%", "", 1),
        ("L1", "41%", "", 2),
        ("L1 L2 L3", "", "2", 1),
        ("L1 L2", "", "40%", 0),
        ("L1 L2", "", "39%", 1),
        ("L1 L2 L3", "", "59%", 1),
        ("L1 L2", "3", "1", 2),
    ],
)
def test_people_missing_and_beyond_are_charged(women: str, least: str, most: str, people: int) -> None:
    """A share of at least is rounded up, of at most down."""
    build = women_and_men(women, mix=7).mix("sex", "f", at_least=least, at_most=most)
    assert build.report(ALL).terms == Terms(mix=-7 * people)
    assert build.breaks(ALL) == []


def test_each_session_and_each_value_is_charged() -> None:
    build = women_and_men(mix=1).mix("sex", at_least="2")
    assert build.report("L1: S1, L3: S1, L2: S2").terms == Terms(mix=-(1 + 1 + 1 + 2))
