"""What a planner asks next about an obstacle: which range of days, and what the sum comes to."""

from __future__ import annotations

from cadreplan.insight.obstacles import Obstacle, Step
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import DayRange, Instance
from cadreplan.messages import Message
from cadreplan.trips import km_of


def note(state: PlanState, i: int, s: int, obstacle: Obstacle) -> Message | None:
    """The range that an obstacle to leader i attending session s comes from, or its sum; None for others."""
    if obstacle.step in (Step.DATES, Step.AWAY) and obstacle.day is not None:
        return _range(state.instance, i, obstacle.day)
    return _sum(state, i, s) if obstacle.step is Step.NOT_WORTH else None


def _range(instance: Instance, i: int, day: int) -> Message:
    leader = instance.leaders[i]
    if not 0 <= day < instance.n_days:
        return Message.of("horizon", range=_said(instance, (0, instance.n_days - 1)))
    for span in leader.unavailable:
        if span[0] <= day <= span[1]:
            return Message.of("is-unavailable", range=_said(instance, span))
    ranges = tuple(_said(instance, span) for span in leader.available or ())
    return Message.of("is-available", ranges=ranges) if ranges else Message.of("never-available")


def _said(instance: Instance, span: DayRange) -> str:
    first, last = (instance.date_of(day).isoformat() for day in span)
    return first if first == last else f"{first}..{last}"


def _sum(state: PlanState, i: int, s: int) -> Message:
    """Points in all, and the kilometres and days they are for."""
    instance, leader = state.instance, state.instance.leaders[i]
    then, now = state.trips_with(i, state.with_session(i, s)), state.trips[i]
    km = km_of(instance, leader, then) - km_of(instance, leader, now)
    days = sum(len(trip.days) for trip in then) - sum(len(trip.days) for trip in now)
    return Message.of("in-all", points=state.gain(i, s), km=km, more_days=days)
