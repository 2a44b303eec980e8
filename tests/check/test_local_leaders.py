"""Leaders who live near a site: they sleep at home, and each session is a trip of its own."""

from __future__ import annotations

from dataclasses import replace

from cadreplan.instance import Location
from cadreplan.plan import Terms
from cadreplan.verification.layout import Trip, trips_of
from tests.check.base import FREE, Build

HOME = (0.0, 0.0)
"""A degree along the equator or a meridian is pi / 180 x 6371.0088 = 111.1951 km."""
NEAR, FAR = (1.0, 0.0), (2.0, 0.0)


def _build(local_km: int = 112, at: Location | None = NEAR, **settings: int) -> Build:
    """A site P with one bed, a place Q far away, and nobody yet."""
    return Build(local_km=local_km, **settings).site("P", beds=1, at=at).site("Q", at=FAR)


def test_whoever_lives_at_most_local_km_away_needs_no_bed() -> None:
    for local_km, broken in ((112, []), (111, ["beds P"])):
        build = _build(local_km).session("S1", 1)
        build.leader("L1", at=HOME).leader("L2", at=HOME)
        assert build.breaks("L1: S1, L2: S1") == broken, local_km


def test_the_farthest_that_is_local_is_as_far_as_local_km_to_the_centimetre() -> None:
    """1.0 km is 0.00899322 degrees; a centimetre more decides."""
    for degrees, broken in ((0.0089932, []), (0.0089933, ["beds P"])):
        build = _build(1, (degrees, 0.0)).session("S1", 1)
        build.leader("L1", at=HOME).leader("L2", at=HOME)
        assert build.breaks("L1: S1, L2: S1") == broken, degrees


def test_without_local_km_nobody_is_local_even_next_door() -> None:
    build = _build(0, HOME).session("S1", 1).leader("L1", at=HOME).leader("L2", at=HOME)
    assert build.breaks("L1: S1, L2: S1") == ["beds P"]


def test_where_a_place_is_unknown_nobody_is_local() -> None:
    unknown_site = _build(9999, None).session("S1", 1).leader("L1", at=HOME).leader("L2", at=HOME)
    assert unknown_site.breaks("L1: S1, L2: S1") == ["beds P"]
    unknown_home = _build(9999).session("S1", 1).leader("L1").leader("L2", at=HOME)
    assert unknown_home.breaks("L1: S1, L2: S1") == []
    assert unknown_home.leader("L3").breaks("L1: S1, L2: S1, L3: S1") == ["beds P"]


def test_beds_are_for_those_who_are_not_local() -> None:
    build = _build().session("S1", 1).leader("L1", at=HOME, headcount=5).leader("G1", at=(9.0, 0.0))
    assert build.breaks("L1: S1, G1: S1") == []
    assert build.leader("G2", at=(9.0, 0.0)).breaks("L1: S1, G1: S1, G2: S1") == ["beds P"]


def test_a_site_without_any_bed_is_for_local_leaders_alone() -> None:
    build = _build().site("P", beds=0, at=NEAR).session("S1", 1).leader("L1", at=HOME)
    assert build.breaks("L1: S1") == []
    assert build.leader("G1", at=(9.0, 0.0)).breaks("L1: S1, G1: S1") == ["beds P"]


def test_each_session_of_a_local_leader_is_a_trip_of_its_own() -> None:
    build = _build(stay_gap=9).session("S1", (1, 2, 9)).session("S2", 3).session("S3", 5)
    build.leader("L1", at=HOME).leader("G1", at=(9.0, 0.0))
    local, guest = build.instance.leaders
    of_its_own = [Trip(0, 1, 9, (1, 2, 9)), Trip(0, 3, 3, (3,)), Trip(0, 5, 5, (5,))]
    assert trips_of(build.instance, local, (0, 1, 2)) == of_its_own
    assert trips_of(build.instance, guest, (0, 1, 2)) == [Trip(0, 1, 9)]
    assert [list(trip.days) for trip in of_its_own] == [[1, 2, 9], [3], [5]]


def test_a_day_at_a_near_site_ends_a_journey_to_a_far_one() -> None:
    build = _build(stay_gap=9).session("S1", 1, at="Q").session("S2", 2).session("S3", 3, at="Q")
    (leader,) = build.leader("L1", at=HOME).instance.leaders
    assert trips_of(build.instance, leader, (0, 1, 2)) == [Trip(1, 1, 1), Trip(0, 2, 2, (2,)), Trip(1, 3, 3)]


def test_a_far_session_ends_nothing_at_a_near_site() -> None:
    build = _build().session("S1", (1, 3)).session("S2", 2, at="Q")
    (leader,) = build.leader("L1", at=HOME).instance.leaders
    assert trips_of(build.instance, leader, (0, 1)) == [Trip(0, 1, 3, (1, 3)), Trip(1, 2, 2)]


def _week(**limits: int) -> Build:
    """Two sessions near home with an idle day between them, and one far away."""
    build = _build(stay_gap=9).session("S1", (1, 2)).session("S2", 4).session("S3", 20, at="Q")
    return build.leader("L1", at=HOME, **limits)


def test_days_between_near_sessions_are_not_away() -> None:
    assert _week(max_days=4).breaks("L1: S1 S2 S3") == []
    assert _week(max_days=3).breaks("L1: S1 S2 S3") == ["limits L1"]


def test_trips_near_home_do_not_count() -> None:
    assert _week(max_trips=1).breaks("L1: S1 S2 S3") == []
    assert _week(max_trips=0).breaks("L1: S1 S2") == []
    assert _week(max_trips=0).breaks("L1: S3") == ["limits L1"]


def test_sessions_near_home_count_as_sessions() -> None:
    assert _week(max_sessions=3).breaks("L1: S1 S2 S3") == []
    assert _week(max_sessions=2).breaks("L1: S1 S2 S3") == ["limits L1"]


def test_a_local_leader_may_be_needed_at_home_between_the_days_of_a_session() -> None:
    build = _build().session("S1", (1, 3)).leader("L1", at=HOME, unavailable=((2, 2),))
    assert build.breaks("L1: S1") == []
    build.leader("L1", at=HOME, unavailable=((3, 3),))
    assert build.breaks("L1: S1") == ["dates L1"]


def test_a_branch_misses_local_leaders_on_the_days_of_sessions_alone() -> None:
    build = _build().branch("B", max_away=1).session("S1", (1, 3)).session("S2", 2, at="Q")
    build.session("S3", 3, at="Q").leader("L1", at=HOME).leader("L2", at=HOME)
    assert build.breaks("L1: S1, L2: S2") == []
    assert build.breaks("L1: S1, L2: S3") == ["branch B"]


def test_days_away_of_local_leaders_are_those_of_sessions() -> None:
    build = _week()
    build.weights = replace(FREE, day=50)
    assert build.report("L1: S1 S2 S3").terms == Terms(days=-50 * 4)


def test_distance_counts_once_a_day_attended() -> None:
    build = _week()
    build.weights = replace(FREE, km=3)
    assert build.report("L1: S1").terms == Terms(km=-3 * 2 * 222)
    assert build.report("L1: S1 S2").terms == Terms(km=-3 * 3 * 222)
    assert build.report("L1: S1 S2 S3").terms == Terms(km=-3 * (3 * 222 + 445))


def test_between_sites_a_local_leader_needs_the_free_days_as_well() -> None:
    build = _build(transfer_days=1).session("S1", 1).session("S2", 3, at="Q").session("S3", 2, at="Q")
    build.leader("L1", at=HOME)
    assert build.breaks("L1: S1 S2") == []
    assert build.breaks("L1: S1 S3") == ["overlap L1"]
