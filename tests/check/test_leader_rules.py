"""The rules of one leader: one test just inside, one just outside."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.check.base import Build

# --- useful ---------------------------------------------------------------------------------------------


def _teaching(level: int, gap: str) -> Build:
    return Build().module("M", teaches=f"k:{level}").session("S1", 1, modules="M").leader("L1", gaps=gap)


def test_a_session_is_useful_if_it_teaches_to_the_needed_level() -> None:
    assert _teaching(2, "k:2:1").breaks("L1: S1") == []
    assert _teaching(3, "k:2:1").breaks("L1: S1") == []


def test_a_session_below_the_needed_level_is_not_useful() -> None:
    assert _teaching(1, "k:2:1").breaks("L1: S1") == ["useful L1"]


def test_any_level_closes_a_gap_without_a_level() -> None:
    assert _teaching(1, "k:0:1").breaks("L1: S1") == []


def test_a_session_of_other_skills_is_not_useful() -> None:
    assert _teaching(3, "other:1:1").breaks("L1: S1") == ["useful L1"]


def test_one_useful_module_of_a_session_is_enough() -> None:
    build = Build().module("M", teaches="k:1").module("N", teaches="x:1")
    build.session("S1", 1, modules="M N").leader("L1", gaps="k:1:1")
    assert build.breaks("L1: S1") == []


def test_a_second_session_for_the_same_gap_is_still_useful() -> None:
    build = Build().module("M", teaches="k:1").module("N", teaches="k:1")
    build.session("S1", 1, modules="M").session("S2", 8, modules="N").leader("L1", gaps="k:1:1")
    assert build.breaks("L1: S1 S2") == []


def test_a_pinned_session_need_not_be_useful() -> None:
    build = Build().session("S1", 1).leader("L1", gaps="", pinned="S1")
    assert build.breaks("L1: S1") == []


def _steps(*days: int, chain: str = "A B C") -> Build:
    """A session for each module, on these days; each module requires the one before it."""
    build, names = Build(), chain.split()
    for k, name in enumerate(names):
        build.module(name, teaches=f"k:{k + 1}", requires=names[k - 1] if k else "")
    for k, (name, day) in enumerate(zip(names, days, strict=True)):
        build.session(f"S{k + 1}", day, modules=name)
    return build


def test_a_session_that_a_useful_one_requires_is_useful() -> None:
    build = _steps(1, 8, chain="A B").leader("L1", gaps="k:2:1")
    assert build.breaks("L1: S1 S2") == []
    assert build.breaks("L1: S1") == ["useful L1"]


def test_a_chain_of_stepping_stones_is_useful_only_as_a_whole() -> None:
    build = _steps(1, 8, 15).leader("L1", gaps="k:3:1")
    assert build.breaks("L1: S1 S2 S3") == []
    assert build.breaks("L1: S1 S2") == ["useful L1"]


def test_a_stepping_stone_ends_before_what_it_leads_up_to_begins() -> None:
    build = _steps(9, 8, chain="A B").leader("L1", gaps="k:2:1")
    assert build.breaks("L1: S1 S2") == ["prerequisite L1", "useful L1"]


def test_what_is_completed_needs_no_stepping_stone() -> None:
    build = _steps(1, 8, chain="A B").leader("L1", gaps="k:2:1", completed="A")
    assert build.breaks("L1: S2") == []
    assert build.breaks("L1: S1 S2") == ["useful L1"]


def test_what_the_same_session_gives_needs_no_stepping_stone() -> None:
    build = _steps(1, 8, chain="A B").module("A2", teaches="k:1").module("Z", teaches="k:2", requires="A|A2")
    build.session("S3", 8, modules="A2 Z").leader("L1", gaps="k:2:1")
    assert build.breaks("L1: S1 S3") == ["useful L1"]


def test_two_sessions_that_meet_the_same_requirement_both_count() -> None:
    build = (
        Build()
        .module("A", teaches="k:1")
        .module("X", teaches="k:1")
        .module("B", teaches="k:2", requires="A|X")
    )
    build.session("S1", 1, modules="A").session("S2", 4, modules="X").session("S3", 8, modules="B")
    build.leader("L1", gaps="k:2:1")
    assert build.breaks("L1: S1 S2 S3") == []
    assert build.breaks("L1: S1 S3") == []
    assert build.breaks("L1: S3") == ["prerequisite L1"]


def test_a_pinned_session_has_stepping_stones_too() -> None:
    build = _steps(1, 8, chain="A B").leader("L1", gaps="", pinned="S2")
    assert build.breaks("L1: S1 S2") == []


# --- repeat ---------------------------------------------------------------------------------------------


def test_no_module_is_attended_twice() -> None:
    build = Build().module("M").module("N").module("O")
    build.session("S1", 1, modules="M N").session("S2", 8, modules="N O").session("S3", 8, modules="O")
    build.leader("L1")
    assert build.breaks("L1: S1 S3") == []
    assert build.breaks("L1: S1 S2") == ["repeat L1"]


def test_a_module_completed_before_may_be_attended_again() -> None:
    assert Build().session("S1", 1).leader("L1", completed="mS1").breaks("L1: S1") == []


# --- overlap --------------------------------------------------------------------------------------------


def test_no_day_is_spent_in_two_sessions() -> None:
    build = Build().session("S1", (1, 4)).session("S2", (2, 3)).session("S3", (4, 5)).leader("L1")
    assert build.breaks("L1: S1 S2") == []
    assert build.breaks("L1: S1 S3") == ["overlap L1"]


@pytest.mark.parametrize("transfer_days", [0, 1, 3])
def test_between_sites_lie_the_free_days_needed(transfer_days: int) -> None:
    def moved(free: int) -> list[str]:
        build = Build(transfer_days=transfer_days).site("Q").session("S1", (0, 1))
        return build.session("S2", (2 + free, 3 + free), at="Q").leader("L1").breaks("L1: S1 S2")

    assert moved(transfer_days) == []
    if transfer_days:
        assert moved(transfer_days - 1) == ["overlap L1"]


def test_at_one_site_no_free_days_are_needed() -> None:
    build = Build(transfer_days=3).session("S1", 1).session("S2", 2).leader("L1")
    assert build.breaks("L1: S1 S2") == []


def test_free_days_are_needed_around_every_single_day_of_a_session() -> None:
    build = Build(transfer_days=1).site("Q").session("S1", (1, 7)).leader("L1")
    assert build.session("S2", 5, at="Q").leader("L1").breaks("L1: S1 S2") == []
    assert build.session("S2", 6, at="Q").leader("L1").breaks("L1: S1 S2") == ["overlap L1"]
    assert build.session("S2", 2, at="Q").leader("L1").breaks("L1: S1 S2") == ["overlap L1"]


# --- dates ----------------------------------------------------------------------------------------------


def test_a_trip_lies_in_the_horizon() -> None:
    build = (
        Build(n_days=10).session("S1", 0).session("S2", 9).session("S3", -1).session("S4", 10).leader("L1")
    )
    assert build.breaks("L1: S1 S2") == []
    assert build.breaks("L1: S3") == ["dates L1"]
    assert build.breaks("L1: S4") == ["dates L1"]


def test_a_trip_lies_in_one_of_the_available_ranges() -> None:
    build = Build().session("S1", (3, 4))
    assert build.leader("L1", available=((0, 1), (3, 4))).breaks("L1: S1") == []
    assert build.leader("L1", available=((0, 3), (5, 9))).breaks("L1: S1") == ["dates L1"]
    assert build.leader("L1", available=((4, 9),)).breaks("L1: S1") == ["dates L1"]


def test_available_ranges_that_meet_hold_a_trip_together() -> None:
    assert Build().session("S1", (3, 4)).leader("L1", available=((0, 3), (4, 9))).breaks("L1: S1") == []


def test_a_trip_lies_outside_the_unavailable_ranges() -> None:
    build = Build().session("S1", (3, 4))
    assert build.leader("L1", unavailable=((0, 2), (5, 9))).breaks("L1: S1") == []
    assert build.leader("L1", unavailable=((0, 3),)).breaks("L1: S1") == ["dates L1"]
    assert build.leader("L1", unavailable=((4, 9),)).breaks("L1: S1") == ["dates L1"]


def test_unavailable_days_count_even_if_available() -> None:
    build = Build().session("S1", 3).leader("L1", available=((0, 9),), unavailable=((3, 3),))
    assert build.breaks("L1: S1") == ["dates L1"]


def test_the_idle_days_of_a_trip_must_be_allowed_too() -> None:
    build = Build(stay_gap=2).session("S1", 3).session("S2", 6)
    build.leader("L1", unavailable=((5, 5),))
    assert build.breaks("L1: S1 S2") == ["dates L1"]
    build.stay_gap = 1
    assert build.breaks("L1: S1 S2") == []


def test_the_idle_days_inside_one_session_must_be_allowed_too() -> None:
    build = Build(stay_gap=2).session("S1", (3, 6)).leader("L1", available=((0, 4), (6, 9)))
    assert build.breaks("L1: S1") == ["dates L1"]
    build.stay_gap = 1
    assert build.breaks("L1: S1") == []


# --- audience -------------------------------------------------------------------------------------------


def _for(branches: str | None, roles: str | None) -> Build:
    build = Build().branch("B1", parent="B").branch("B11", parent="B1").branch("B2", parent="B")
    build.session("S1", 1, branches=branches, roles=roles)
    return build


@pytest.mark.parametrize(
    ("branches", "allowed"),
    [(None, True), ("B", True), ("B1", True), ("B11", True), ("B2", False), ("B2 B1", True)],
)
def test_a_session_is_open_to_branches_and_all_below_them(branches: str | None, allowed: bool) -> None:
    breaks = _for(branches, None).leader("L1", branch="B11").breaks("L1: S1")
    assert breaks == ([] if allowed else ["audience L1"])


def test_a_session_is_not_open_to_the_branch_above() -> None:
    assert _for("B11", None).leader("L1", branch="B1").breaks("L1: S1") == ["audience L1"]


@pytest.mark.parametrize(
    ("roles", "role", "allowed"),
    [
        (None, None, True),
        ("R", "R", True),
        ("Q R", "R", True),
        ("Q", "R", False),
        ("Q", None, False),
    ],
)
def test_a_session_is_open_to_roles(roles: str | None, role: str | None, allowed: bool) -> None:
    assert _for(None, roles).leader("L1", role=role).breaks("L1: S1") == ([] if allowed else ["audience L1"])


# --- prerequisite ---------------------------------------------------------------------------------------


def _required(basics: int | tuple[int, ...], advanced: int | tuple[int, ...]) -> Build:
    build = Build().module("BASE").module("HIGH", requires="BASE")
    build.session("S1", basics, modules="BASE").session("S2", advanced, modules="HIGH")
    return build.session("S3", 20, modules="BASE HIGH")


def test_a_required_module_may_be_completed() -> None:
    assert _required(1, 5).leader("L1", completed="BASE").breaks("L1: S2") == []


def test_a_required_module_may_not_be_missing() -> None:
    assert _required(1, 5).leader("L1").breaks("L1: S2") == ["prerequisite L1"]


def test_a_required_module_may_be_in_the_same_session() -> None:
    assert _required(1, 5).leader("L1").breaks("L1: S3") == []


def test_a_required_module_ends_before_the_session_begins() -> None:
    assert _required((1, 4), (5, 6)).leader("L1").breaks("L1: S1 S2") == []
    assert _required((1, 5), (4, 6)).leader("L1").breaks("L1: S1 S2") == ["prerequisite L1"]
    assert _required(7, 6).leader("L1").breaks("L1: S1 S2") == ["prerequisite L1"]


def test_a_required_module_on_the_same_day_is_too_late() -> None:
    assert "prerequisite L1" in _required((1, 5), (5, 6)).leader("L1").breaks("L1: S1 S2")


def test_every_module_required_must_be_had() -> None:
    build = Build().module("A").module("Z").module("HIGH", requires="A Z").session("S1", 1, modules="HIGH")
    assert build.leader("L1", completed="A Z").breaks("L1: S1") == []
    assert build.leader("L1", completed="A").breaks("L1: S1") == ["prerequisite L1"]


def test_of_alternatives_one_is_enough() -> None:
    build = Build().module("A").module("X").module("Z").module("HIGH", requires="Z A|X")
    build.session("S1", 1, modules="X").session("S2", 5, modules="HIGH")
    assert build.leader("L1", completed="Z").breaks("L1: S1 S2") == []
    assert build.leader("L1", completed="A Z").breaks("L1: S2") == []
    assert build.leader("L1", completed="Z").breaks("L1: S2") == ["prerequisite L1"]
    assert build.leader("L1", completed="A").breaks("L1: S1 S2") == ["prerequisite L1"]


# --- limits ---------------------------------------------------------------------------------------------


def _trip(**limits: int) -> Build:
    """S1 and S2 make one trip of four days with an idle day, S3 a second of one day."""
    build = Build(stay_gap=1).session("S1", (1, 2)).session("S2", 4).session("S3", 10)
    return build.leader("L1", **limits)


def test_sessions_are_limited() -> None:
    assert _trip(max_sessions=3).breaks("L1: S1 S2 S3") == []
    assert _trip(max_sessions=2).breaks("L1: S1 S2 S3") == ["limits L1"]


def test_days_away_are_limited_with_the_idle_ones() -> None:
    assert _trip(max_days=5).breaks("L1: S1 S2 S3") == []
    assert _trip(max_days=4).breaks("L1: S1 S2 S3") == ["limits L1"]


def test_trips_are_limited() -> None:
    assert _trip(max_trips=2).breaks("L1: S1 S2 S3") == []
    assert _trip(max_trips=1).breaks("L1: S1 S2 S3") == ["limits L1"]


def test_a_limit_of_zero_allows_nothing() -> None:
    assert _trip(max_sessions=0, max_days=0, max_trips=0).breaks() == []
    assert _trip(max_sessions=0).breaks("L1: S3") == ["limits L1"]


# --- standards ------------------------------------------------------------------------------------------


def _hours(core: int, other: int, share: Fraction) -> list[str]:
    build = Build(core_share=share).module("C", hours=core).module("D", hours=other, core=False)
    return build.session("S1", 1, modules="C").session("S2", 8, modules="D").leader("L1").breaks("L1: S1 S2")


def test_core_hours_reach_their_share_exactly() -> None:
    assert _hours(6, 4, Fraction(3, 5)) == []
    assert _hours(2, 4, Fraction(1, 3)) == []


def test_core_hours_just_below_their_share_are_too_few() -> None:
    assert _hours(59, 41, Fraction(3, 5)) == ["standards L1"]
    assert _hours(33, 67, Fraction(1, 3)) == ["standards L1"]
    assert _hours(34, 66, Fraction(1, 3)) == []


def test_who_attends_nothing_meets_all_standards() -> None:
    assert Build(core_share=Fraction(1), min_methods=4).leader("L1").breaks() == []


def _methods(*methods: str, least: int) -> list[str]:
    build = Build(min_methods=least)
    for k, method in enumerate(methods):
        build.module(f"M{k}", method=method).session(f"S{k}", k, modules=f"M{k}")
    return build.leader("L1").breaks("L1: " + " ".join(f"S{k}" for k in range(len(methods))))


def test_methods_are_as_many_as_wanted() -> None:
    assert _methods("lecture", "seminar", "lecture", least=2) == []
    assert _methods("lecture", "lecture", "lecture", least=2) == ["standards L1"]


def test_no_more_methods_are_wanted_than_modules_attended() -> None:
    assert _methods("lecture", least=3) == []
    assert _methods("lecture", "seminar", least=3) == []
    assert _methods("lecture", "lecture", least=3) == ["standards L1"]


# --- pins -----------------------------------------------------------------------------------------------


def test_pinned_sessions_are_assigned() -> None:
    build = Build().session("S1", 1).session("S2", 8).leader("L1", pinned="S1 S2")
    assert build.breaks("L1: S1 S2") == []
    assert build.breaks("L1: S1") == ["pins L1"]


def test_excluded_sessions_are_not_assigned() -> None:
    build = Build().session("S1", 1).session("S2", 8).leader("L1", excluded="S2")
    assert build.breaks("L1: S1") == []
    assert build.breaks("L1: S1 S2") == ["pins L1"]
