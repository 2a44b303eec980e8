"""Trips, distances and closed skill gaps exist twice, in the check and outside it: both must agree."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cadreplan import trips
from cadreplan.engines.exact.reach import Reach
from cadreplan.insight.attendance import closed_by
from cadreplan.instance import Instance
from cadreplan.verification import layout
from tests.draws import examples
from tests.strategies import instances


@settings(max_examples=examples(200), deadline=None)
@given(instances(max_leaders=3, max_sessions=8), st.data())
def test_the_check_and_everybody_else_see_the_same_trips(instance: Instance, data: st.DataObject) -> None:
    everything = range(len(instance.sessions))
    chosen = tuple(sorted(data.draw(st.sets(st.sampled_from(everything))) if everything else ()))
    for leader in instance.leaders:
        made = layout.trips_of(instance, leader, chosen)
        of_the_check = [(t.site, t.first, t.last, list(t.days), bool(t.there_and_back)) for t in made]
        seen = trips.trips_of(instance, leader, chosen)
        assert [(t.site, t.first, t.last, list(t.days), t.at_home) for t in seen] == of_the_check
        km = [layout.trip_km(instance, leader, trip) for trip in made]
        assert [trips.trip_km(instance, leader, trip) for trip in seen] == km
    assert trips.Trip is not layout.Trip


@settings(max_examples=examples(100), deadline=None)
@given(instances(max_leaders=3, max_sessions=8))
def test_the_check_and_everybody_else_see_the_same_gaps_and_distances(instance: Instance) -> None:
    reach = Reach(instance)
    for leader in instance.leaders:
        for s in range(len(instance.sessions)):
            closed = layout.closed_by(instance, leader, s)
            assert closed_by(instance, leader, s) == closed == reach.closed(leader, s)
        for site in range(len(instance.sites)):
            assert layout.trip_km(instance, leader, layout.Trip(site, 0, 0)) == instance.trip_km(leader, site)
            assert layout.sleeps_at_home(instance, leader, site) == instance.is_local(leader, site)
