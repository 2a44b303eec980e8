"""A seeded national roster as an `Instance`, with what only its files show beside it.

Chance comes from `random.Random(seed)` alone, and nothing walks a set of strings, so that the same arguments
give the same roster on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

from benchmarks.roster import numbers, people, places, rows, sessions, world
from benchmarks.roster import season as season_rows
from benchmarks.roster.state import (
    MAX_DAYS,
    MAX_SESSIONS,
    MAX_TRIPS,
    START,
    OfferingTemplate,
    OwnValues,
    Season,
    State,
)
from cadreplan.instance import DayRange, Instance, Offering

Rules = Literal["all", "core"]


@dataclass(frozen=True)
class Drawn:
    """An instance and what only its files show.

    `held` are the skills of each leader as (skill, level) where its skill gaps come from its role, None where
    they are written out. `own` is what a leader's row states besides. `offerings` run parallel to
    `instance.offerings`. `explicit` is the number of leading sessions that are written one by one; the others
    come from offerings. `closed` maps a site to the days it is closed. `limits` are the policy's, in
    sessions, days and trips.
    """

    instance: Instance
    held: tuple[tuple[tuple[int, int], ...] | None, ...]
    own: tuple[OwnValues, ...]
    offerings: tuple[OfferingTemplate, ...]
    explicit: int
    closed: dict[int, tuple[DayRange, ...]] = field(default_factory=dict)
    limits: tuple[int | None, int | None, int | None] = (None, None, None)


def draw(
    leaders: int,
    n_sessions: int,
    seed: int,
    *,
    tightness: float = 0.8,
    rules: Rules = "all",
    season: Season | None = None,
) -> Drawn:
    """A roster with `leaders` rows and `n_sessions` sessions, candidates included.

    `tightness` is the number of seats over the seats wanted if nobody were in another's way. With `rules`
    "core" there are seats, branch limits, overlap, unavailability, limits and travel, and nothing else. With
    a `season` the `n_sessions` are all confirmed, and the candidates of its offerings come on top.
    """
    if leaders < 1 or n_sessions < 1:
        raise ValueError("at least one leader and one session are needed")
    if season is not None and rules == "core":
        raise ValueError("a season needs all rules")
    state = State(leaders, n_sessions, Random(seed), tightness, rules == "all", season)
    places.add_branches(state)
    places.add_sites(state)
    sessions.add_packages(state)
    people.add_people(state)
    sessions.add_sessions(state)
    numbers.add_seats(state)
    numbers.add_rooms_and_beds(state)
    numbers.add_absence_caps(state)
    rows.add_leaders(state)
    season_rows.add_lecturers(state)
    instance = Instance(
        title=_title(leaders, n_sessions, seed, rules, season),
        start=START,
        n_days=state.n_days,
        abilities=world.ABILITIES,
        skills=world.SKILLS,
        modules=state.modules,
        roles=state.roles,
        sites=tuple(state.sites),
        branches=tuple(state.branches),
        sessions=tuple(state.sessions),
        offerings=tuple(Offering(t.id, t.max_runs) for t in state.templates),
        lecturers=tuple(state.lecturers),
        leaders=tuple(state.leaders),
        policy=state.policy,
    )
    return Drawn(
        instance,
        tuple(person.held for person in state.people),
        tuple(state.own),
        tuple(state.templates),
        state.n_explicit,
        state.closed,
        (MAX_SESSIONS, MAX_DAYS, MAX_TRIPS),
    )


def _title(leaders: int, n_sessions: int, seed: int, rules: Rules, season: Season | None) -> str:
    text = f"Benchmark {leaders} x {n_sessions}, seed {seed}, rules {rules}"
    if season is None:
        return text
    return f"{text}, {season.offerings} offerings at {season.sites} sites in {season.weeks} weeks"
