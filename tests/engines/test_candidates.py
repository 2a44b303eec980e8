"""Candidates left out and twins put in order: the optimum stays what it is, by enumeration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.engines.candidates import leave_out, only, twins, useless
from cadreplan.engines.exact.engine import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance, Session
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.draws import examples
from tests.engines.recorder import Recorder
from tests.engines.small import one_skill
from tests.strategies import instances

_quiet = settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))


def _small(*sessions: Session, heads: int = 1, rooms: int | None = None) -> Instance:
    """Four leaders, of whom three may be away at once, and an offering that may not run."""
    return one_skill(*sessions, heads=heads, max_away=3, rooms=rooms, max_runs=0)


def _candidate(id_: str, day: int = 0, **changes: object) -> Session:
    session = Session(id_, 0, (0,), (day,), seats=9, candidate=True)
    return replace(session, **changes)  # type: ignore[arg-type]  # names are those of the dataclass


def test_a_minimum_that_the_branches_can_just_send_stays() -> None:
    assert useless(_small(_candidate("A", min_seats=3), _candidate("B", min_seats=4))) == {1}


def test_a_candidate_nobody_can_attend_goes_even_without_a_minimum() -> None:
    instance = _small(_candidate("A"), _candidate("B", day=5))
    away = tuple(replace(leader, unavailable=((5, 5),)) for leader in instance.leaders)
    assert useless(replace(instance, leaders=away)) == {1}


def test_a_pinned_candidate_stays_whatever_it_is() -> None:
    instance = _small(_candidate("A", min_seats=9))
    pinned = (replace(instance.leaders[0], pinned=(0,)), *instance.leaders[1:])
    assert useless(instance) == {0}
    assert useless(replace(instance, leaders=pinned)) == set()


def test_confirmed_sessions_that_take_all_rooms_leave_none_for_a_candidate() -> None:
    sessions = (Session("S", 0, (0,), (2,), 9), _candidate("A", day=2), _candidate("B", day=3))
    assert useless(_small(*sessions, rooms=1)) == {1}
    assert useless(_small(*sessions, rooms=2)) == set()


def test_an_offering_without_runs_has_no_candidates() -> None:
    assert useless(_small(_candidate("A", offering=0), _candidate("B"))) == {0}


def test_twins_are_alike_in_everything_and_named_by_nobody() -> None:
    instance = _small(_candidate("A"), _candidate("B"), _candidate("C", seats=8), _candidate("D"))
    assert twins(instance) == [(0, 1, 3)]
    wish = replace(instance.leaders[0], prefers_sessions=((1, 5),))
    assert twins(replace(instance, leaders=(wish, *instance.leaders[1:]))) == [(0, 3)]


@_quiet
@given(instances(max_leaders=5, max_sessions=6))
def test_leaving_candidates_out_keeps_the_optimum(instance: Instance) -> None:
    crowded = _as_candidates(instance)
    reduced = leave_out(crowded)
    whole, part = optimum(crowded), optimum(reduced.instance)
    assert (whole is None) == (part is None)
    if whole is not None and part is not None:
        assert part[0] == whole[0]
        report = check(crowded, reduced.restore(part[1]))
        assert report.ok
        assert report.value == whole[0]


@_quiet
@given(instances(max_leaders=5, max_sessions=4), st.integers(0, 3))
def test_the_optimum_with_twins_in_order_is_that_of_the_enumeration(instance: Instance, k: int) -> None:
    crowded = _as_candidates(instance)
    copied = crowded.sessions[k % len(crowded.sessions)]
    twice = replace(crowded, sessions=(*crowded.sessions, replace(copied, id="twin")))
    proven = optimum(twice)
    if proven is None:
        return
    recorder = Recorder()
    solve(twice, EngineOptions(), recorder)
    report = check(twice, recorder.solutions[-1])
    assert report.ok
    assert report.value == proven[0] == min(recorder.bounds)


@given(instances(max_leaders=4, max_sessions=5, pins=False), st.randoms(use_true_random=False))
@settings(max_examples=examples(40), deadline=None)
def test_a_solution_goes_there_and_back(instance: Instance, random: object) -> None:
    choose: Callable[..., list[int]] = random.sample  # type: ignore[attr-defined]  # hypothesis types it so
    some = choose(range(len(instance.sessions)), len(instance.sessions) // 2 + 1)
    smaller = only(instance, iter(some))
    for s in range(len(smaller.instance.sessions)):
        solution = Solution(((s,), *((),) * (len(instance.leaders) - 1)), frozenset({s}), {s: 0})
        assert smaller.reduce(smaller.restore(solution)) == solution
        assert smaller.instance.sessions[s].id == instance.sessions[smaller.kept[s]].id


def _as_candidates(instance: Instance) -> Instance:
    """Every session but the first is a candidate with a minimum."""
    rest = (
        replace(s, candidate=True, min_seats=max(1, s.min_seats), offering=s.offering)
        for s in instance.sessions[1:]
    )
    return replace(instance, sessions=(instance.sessions[0], *rest))
