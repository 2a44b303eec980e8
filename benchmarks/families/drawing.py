"""From a shape, two sizes and a seed to a roster."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from benchmarks.draw import Drawn
from benchmarks.families import draft as people
from benchmarks.families import teaching
from benchmarks.families.draft import Draft
from benchmarks.families.shape import Shape
from benchmarks.roster import world
from benchmarks.roster.state import START
from cadreplan.instance import Instance, Offering, Policy, Weights

_HOUR = 50
"""Points for a study hour missing, where hours are wanted."""


def draw(family: str, shape: Shape, leaders: int, sessions: int, seed: int) -> Drawn:
    """A roster of a family; the same arguments give the same one on every machine.

    Chance comes from one stream, and nothing walks a set.
    """
    draft = Draft(shape, leaders, sessions, Random(f"{family} {leaders} {sessions} {seed}"))
    people.add_curriculum(draft)
    people.add_branches(draft)
    people.add_leaders(draft)
    people.add_absence_limits(draft)
    teaching.add_sites(draft)
    teaching.add_sessions(draft)
    teaching.add_rooms_and_beds(draft)
    teaching.add_lecturers(draft)
    people.add_wishes(draft)
    instance = Instance(
        title=f"Family {family}, {leaders} x {sessions}, seed {seed}",
        start=START,
        n_days=draft.n_days,
        abilities=world.ABILITIES,
        skills=tuple(draft.skills),
        modules=tuple(draft.modules),
        roles=tuple(draft.roles),
        sites=tuple(draft.sites),
        branches=tuple(draft.branches),
        sessions=tuple(draft.sessions),
        offerings=tuple(Offering(t.id, t.max_runs) for t in draft.templates),
        lecturers=tuple(draft.lecturers),
        leaders=tuple(draft.leaders),
        policy=_policy(shape),
    )
    return Drawn(
        instance,
        tuple(draft.held),
        tuple(draft.own),
        tuple(draft.templates),
        draft.n_explicit,
        limits=(shape.max_sessions, shape.max_days, shape.max_trips),
    )


def _policy(shape: Shape) -> Policy:
    return Policy(
        transfer_days=shape.transfer_days,
        stay_gap=shape.stay_gap,
        min_hours=shape.min_hours,
        core_share=None if shape.core_share is None else Fraction(shape.core_share),
        min_methods=shape.min_methods,
        weights=Weights(hour=_HOUR if shape.min_hours else 0),
    )
