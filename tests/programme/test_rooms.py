"""Rooms as in the plan before: as few sessions as can be are elsewhere, by enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw
from cadreplan.insight.improve import improve
from cadreplan.instance import Instance
from cadreplan.programme.rooms import as_before
from cadreplan.solution import Solution
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.rules import check
from tests.draws import examples


def test_as_few_rooms_as_can_be_are_others() -> None:
    moved = 0

    @settings(max_examples=examples(240), deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 200), st.randoms(use_true_random=False))
    def hold(seed: int, rng: Random) -> None:
        nonlocal moved
        instance = draw(16, 16, seed).instance
        empty = bare_solution(instance)
        assert empty is not None
        solution = improve(instance, empty)
        n_rooms = {s: len(instance.sites[instance.sessions[s].site].rooms or ()) for s in solution.rooms}
        wanted = {s: rng.randrange(n) for s, n in n_rooms.items() if rng.random() < 0.8}
        rooms, missed, least = as_before(instance, solution, wanted)
        assert check(instance, replace(solution, rooms=rooms)).ok
        assert missed == least == _fewest(instance, solution, wanted, n_rooms)
        assert missed == sum(rooms[s] != r for s, r in wanted.items())
        moved += rooms != solution.rooms

    hold()
    assert moved > 3


def _fewest(instance: Instance, solution: Solution, wanted: dict[int, int], n_rooms: dict[int, int]) -> int:
    """The fewest sessions elsewhere than wanted, over all rooms of each site that keep the rules."""
    fewest = 0
    for site in {instance.sessions[s].site for s in n_rooms}:
        some = {s: n for s, n in n_rooms.items() if instance.sessions[s].site == site}
        missed = {}
        for choice in product(*(range(n) for n in some.values())):
            rooms = dict(zip(some, choice, strict=True))
            if not any(instance.sessions[s].frozen and rooms[s] != solution.rooms[s] for s in rooms):
                missed[choice] = sum(rooms[s] != wanted.get(s, rooms[s]) for s in rooms)
        fewest += next(
            missed[choice]
            for choice in sorted(missed, key=missed.__getitem__)
            if check(
                instance, replace(solution, rooms={**solution.rooms, **dict(zip(some, choice, strict=True))})
            ).ok
        )
    return fewest
