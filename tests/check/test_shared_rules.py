"""The rules that people share: seats, candidates, rooms, beds, absences. One test inside, one outside."""

from __future__ import annotations

from tests.check.base import Build

TWO = "L1: S1, L2: S1"


def _two(seats: int = 99, **session: object) -> Build:
    """Two leaders and a session for both; L2 is two people."""
    build = Build().session("S1", 1, seats=seats, **session)
    return build.leader("L1").leader("L2", headcount=2)


# --- seats ----------------------------------------------------------------------------------------------


def test_seats_hold_as_many_people_as_there_are() -> None:
    assert _two(seats=3).breaks(TWO) == []


def test_seats_count_people_not_rows() -> None:
    assert _two(seats=2).breaks(TWO) == ["seats S1"]


def test_seats_of_sessions_are_counted_apart() -> None:
    build = Build().session("S1", 1, seats=1).session("S2", 8, seats=1).leader("L1").leader("L2")
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S1, L2: S1 S2") == ["seats S1"]


def _with_quota(quota: int, of: str) -> Build:
    """B, with B1 below it and B11 below that; and C beside them. One person each of B11 and C."""
    build = Build().branch("B1", parent="B").branch("B11", parent="B1").branch("C")
    build.session("S1", 1, quotas={of: quota})
    return build.leader("L1", branch="B11").leader("L2", branch="C")


def test_a_quota_is_for_a_branch_and_all_below_it() -> None:
    assert _with_quota(1, "B").breaks(TWO) == []
    assert _with_quota(0, "B").breaks(TWO) == ["seats S1"]


def test_a_quota_is_not_for_branches_above_or_beside() -> None:
    assert _with_quota(0, "B11").breaks("L1: , L2: S1") == []
    assert _with_quota(0, "C").breaks("L1: S1, L2: ") == []


def test_a_quota_counts_people() -> None:
    build = Build().session("S1", 1, quotas={"B": 2})
    assert build.leader("L1", headcount=2).breaks("L1: S1") == []
    assert build.leader("L1", headcount=3).breaks("L1: S1") == ["seats S1"]


# --- candidate ------------------------------------------------------------------------------------------


def test_a_candidate_that_does_not_run_has_nobody() -> None:
    build = Build().session("S1", 1, candidate=True).leader("L1")
    assert build.breaks() == []
    assert build.breaks("L1: S1", running="S1") == []
    assert build.breaks("L1: S1") == ["candidate S1"]


def test_a_candidate_that_runs_has_its_minimum() -> None:
    assert _two(candidate=True, min_seats=3).breaks(TWO, running="S1") == []
    assert _two(candidate=True, min_seats=4).breaks(TWO, running="S1") == ["candidate S1"]


def test_a_candidate_that_does_not_run_needs_no_minimum_and_a_confirmed_session_neither() -> None:
    assert _two(candidate=True, min_seats=3).breaks() == []
    assert _two(min_seats=3).breaks() == []


def test_a_candidate_without_a_minimum_may_run_empty() -> None:
    assert _two(candidate=True).breaks(running="S1") == []


def _three_runs(max_runs: int | None) -> Build:
    build = Build().offering("O", max_runs).offering("OTHER", 0)
    for k in range(3):
        build.session(f"S{k}", 7 * k, candidate=True, offering="O")
    return build.session("X", 27, candidate=True)


def test_an_offering_runs_no_more_often_than_it_may() -> None:
    assert _three_runs(2).breaks(running="S0 S2 X") == []
    assert _three_runs(2).breaks(running="S0 S1 S2 X") == ["candidate O"]
    assert _three_runs(None).breaks(running="S0 S1 S2 X") == []
    assert _three_runs(0).breaks(running="S0") == ["candidate O"]


# --- rooms ----------------------------------------------------------------------------------------------


def _rooms(first: tuple[int, ...], second: tuple[int, ...], **session: object) -> Build:
    build = Build().site("P", rooms="R1:3 R2:2").session("S1", first)
    return build.session("S2", second, **session).leader("L1").leader("L2", headcount=2)


def test_sessions_of_different_days_may_share_a_room() -> None:
    assert _rooms((1, 2), (3, 4)).breaks(rooms="S1:R1 S2:R1") == []


def test_sessions_that_share_any_day_need_two_rooms() -> None:
    assert _rooms((1, 5), (5, 9)).breaks(rooms="S1:R1 S2:R2") == []
    assert _rooms((1, 5), (5, 9)).breaks(rooms="S1:R1 S2:R1") == ["rooms P"]


def test_a_room_is_free_on_the_days_between_those_of_a_session() -> None:
    assert _rooms((1, 5), (2, 3)).breaks(rooms="S1:R1 S2:R1") == []


def test_a_running_session_needs_a_room_even_if_empty() -> None:
    assert _rooms((1,), (1,)).breaks(rooms="S1:R1") == ["rooms S2"]


def test_a_candidate_needs_a_room_only_if_it_runs() -> None:
    assert _rooms((1,), (1,), candidate=True).breaks(rooms="S1:R1") == []
    assert _rooms((1,), (1,), candidate=True).breaks(rooms="S1:R1", running="S2") == ["rooms S2"]


def test_a_site_that_lists_no_rooms_needs_none() -> None:
    assert Build().session("S1", 1).session("S2", 1).breaks() == []


def test_a_site_with_an_empty_list_of_rooms_has_none() -> None:
    assert Build().site("P", rooms="").session("S1", 1).breaks() == ["rooms S1"]


def test_a_room_holds_as_many_people_as_it_has_seats() -> None:
    assert _rooms((1,), (8,)).breaks(TWO, rooms="S1:R1 S2:R1") == []
    assert _rooms((1,), (8,)).breaks(TWO, rooms="S1:R2 S2:R1") == ["rooms S1"]


# --- beds -----------------------------------------------------------------------------------------------


def test_beds_hold_as_many_people_as_there_are() -> None:
    build = _two()
    assert build.site("P", beds=3).breaks(TWO) == []
    assert build.site("P", beds=2).breaks(TWO) == ["beds P"]


def test_beds_of_different_days_are_counted_apart() -> None:
    build = Build().site("P", beds=1).session("S1", (1, 2)).session("S2", (3, 4)).session("S3", (4, 5))
    build.leader("L1").leader("L2")
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S2, L2: S3") == ["beds P"]


def _idle(stay_gap: int, second: str = "P") -> Build:
    """L1 is at P on days 1 and 4; L2 at P on day 2."""
    build = Build(stay_gap=stay_gap).site("P", beds=1).site("Q").session("S1", 1).session("S4", 4, at=second)
    return build.session("S2", 2).leader("L1").leader("L2")


def test_beds_are_taken_on_the_idle_days_of_a_trip() -> None:
    assert _idle(stay_gap=2).breaks("L1: S1 S4, L2: S2") == ["beds P"]


def test_beds_are_free_between_two_trips() -> None:
    assert _idle(stay_gap=1).breaks("L1: S1 S4, L2: S2") == []
    assert _idle(stay_gap=2, second="Q").breaks("L1: S1 S4, L2: S2") == []


def test_beds_are_free_while_a_leader_is_at_another_site() -> None:
    build = Build(stay_gap=9).site("P", beds=1).site("Q").session("S1", 1).session("S2", 2)
    build.session("S5", 5).session("Q4", 4, at="Q").leader("L1").leader("L2")
    assert build.breaks("L1: S1 S5, L2: S2") == ["beds P"]
    assert build.breaks("L1: S1 Q4 S5, L2: S2") == []


# --- branch ---------------------------------------------------------------------------------------------


def _tree(**caps: int) -> Build:
    """B, with B1 and B2 below it and B11 below B1; L1 (two people) of B11, L2 of B2, both on day 1."""
    build = Build().branch("B", max_away=caps.get("B")).branch("B1", parent="B", max_away=caps.get("B1"))
    build.branch("B2", parent="B", max_away=caps.get("B2"))
    build.branch("B11", parent="B1", max_away=caps.get("B11"))
    build.session("S1", 1).session("S2", 2)
    return build.leader("L1", branch="B11", headcount=2).leader("L2", branch="B2")


def test_absences_count_for_the_branch_itself() -> None:
    assert _tree(B11=2, B2=1).breaks(TWO) == []
    assert _tree(B11=1, B2=1).breaks(TWO) == ["branch B11"]


def test_absences_count_for_every_branch_above() -> None:
    assert _tree(B=3, B1=2).breaks(TWO) == []
    assert _tree(B=2, B1=1).breaks(TWO) == ["branch B", "branch B1"]


def test_absences_do_not_count_for_branches_beside_or_below() -> None:
    assert _tree(B2=0).breaks("L1: S1, L2: ") == []
    assert _tree(B11=0, B1=0).breaks("L1: , L2: S1") == []


def test_absences_of_different_days_are_counted_apart() -> None:
    assert _tree(B=2).breaks("L1: S1, L2: S2") == []


def test_absences_include_the_idle_days_of_a_trip() -> None:
    build = Build(stay_gap=1).branch("B", max_away=1).session("S1", 1).session("S3", 3).session("S2", 2)
    build.leader("L1").leader("L2")
    assert build.breaks("L1: S1 S3, L2: S2") == ["branch B"]
    build.stay_gap = 0
    assert build.breaks("L1: S1 S3, L2: S2") == []


def test_absences_count_at_all_sites_together() -> None:
    build = Build().branch("B", max_away=1).site("Q").session("S1", 1).session("Q1", 1, at="Q")
    build.leader("L1").leader("L2")
    assert build.breaks("L1: S1, L2: Q1") == ["branch B"]
