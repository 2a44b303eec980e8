"""A contradiction of pins names the limit, the day and the figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.engines.exact.breaches import breaches
from cadreplan.engines.exact.contradiction import contradiction
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check
from tests.check.base import Build
from tests.draws import examples
from tests.strategies import instances


def _idle_day() -> Build:
    build = Build(stay_gap=2).branch("B", max_away=1).session("S1", 1).session("S2", 3)
    build.session("S5", 2)
    return build.leader("W1", pinned="S1 S2").leader("W2", pinned="S5")


def _one(build: Build, **leader: object) -> Build:
    """One leader, pinned to S1."""
    return build.leader("L1", **{"pinned": "S1", **leader})  # type: ignore[arg-type]


def _two(build: Build) -> Build:
    return build.leader("L1", pinned="S1").leader("L2", pinned="S1")


CASES: dict[str, tuple[Callable[[], Build], str]] = {
    "an idle day": (
        _idle_day,
        "branch B may have 1 person away on a day (max_away), and on 2026-03-04 2 would be:"
        " W1 (staying over, on the trip for S1, S2), W2 (in S5)",
    ),
    "seats": (lambda: _two(Build().session("S1", 1, seats=1)), "session S1 has 1 seat for these 2 people"),
    "a room": (
        lambda: _two(Build().site("P", rooms="R:1").session("S1", 1)),
        "the largest room of P has 1 seats for the 2 people in session S1",
    ),
    "a quota": (
        lambda: _two(Build().session("S1", 1, quotas={"B": 1})),
        "session S1 has a quota of 1 for branch B, and 2 people are of it: L1, L2",
    ),
    "beds": (
        lambda: _two(Build().site("P", beds=1).session("S1", (1, 2))),
        "site P has 1 bed, and on 2026-03-03 2 people would need one: L1 (in S1), L2 (in S1)",
    ),
    "an absence": (
        lambda: _two(Build().branch("B", max_away=1).session("S1", 1)),
        "branch B may have 1 person away on a day (max_away), and on 2026-03-03 2 would be:"
        " L1 (in S1), L2 (in S1)",
    ),
    "rooms of a day": (
        lambda: (
            Build()
            .site("P", rooms="R:9")
            .session("S1", (1, 2), candidate=True)
            .session("S2", (2, 3), candidate=True)
            .leader("L1", pinned="S1")
            .leader("L2", pinned="S2")
        ),
        "site P has 1 room with at least 1 seats, and on 2026-03-04 2 sessions would need one: S1, S2",
    ),
    "confirmed sessions alone": (
        lambda: _one(Build().site("P", rooms="R:9").session("S1", (1, 2)).session("S2", (2, 3))),
        "site P has 1 room with at least 0 seats, and on 2026-03-04 2 sessions would need one: S1, S2",
    ),
    "runs": (
        lambda: (
            Build()
            .offering("O", max_runs=1)
            .session("S1", 1, candidate=True, offering="O")
            .session("S2", 9, candidate=True, offering="O")
            .leader("L1", pinned="S1")
            .leader("L2", pinned="S2")
        ),
        "offering O may be held 1 time (max_runs), and these would be 2: S1, S2",
    ),
    "a minimum": (
        lambda: _one(Build().session("S1", 1, candidate=True, min_seats=3)),
        "candidate S1 runs with 3 people or more (min_seats), and only 1 could attend it",
    ),
    "overlap": (
        lambda: _one(Build().session("S1", 1).session("S2", 1), pinned="S1 S2"),
        "leader L1: S1 and S2 share a day",
    ),
    "dates": (
        lambda: _one(Build().session("S1", (1, 2)), unavailable=((2, 5),)),
        "leader L1: trip to P: may not be away on 2026-03-04 (1 such days)",
    ),
    "dates between": (
        lambda: _one(
            Build(stay_gap=2).session("S1", 1).session("S2", 3), pinned="S1 S2", unavailable=((2, 2),)
        ),
        "leader L1: trip to P: may not be away on 2026-03-04 (1 such days)",
    ),
    "a prerequisite": (
        lambda: _one(Build().module("mB").module("mC", requires="mB").session("S1", 1, modules="mC")),
        "leader L1: S1 requires mB earlier, and nothing else they could be given helps",
    ),
    "sessions": (
        lambda: _one(Build().session("S1", 1).session("S2", 9), pinned="S1 S2", max_sessions=1),
        "leader L1: 2 sessions, at most 1",
    ),
    "days away": (
        lambda: _one(Build(stay_gap=2).session("S1", 1).session("S2", 3), pinned="S1 S2", max_days=2),
        "leader L1: 3 days away, at most 2",
    ),
    "trips": (
        lambda: _one(Build().session("S1", 1).session("S2", 9), pinned="S1 S2", max_trips=1),
        "leader L1: 2 trips, at most 1",
    ),
    "standards": (
        lambda: _one(
            Build(core_share=Fraction(1, 2)).module("mC", core=False).session("S1", 1, modules="mC")
        ),
        "leader L1: 0 of 4 hours are core, at least 0.5 of them needed,"
        " and nothing else they could be given helps",
    ),
    "an exclusion": (
        lambda: _one(Build().session("S1", 1), excluded="S1"),
        "leader L1: is excluded from S1, but assigned to it",
    ),
}


def _three_pinned() -> Build:
    build = Build().session("S1", 1)
    for leader in ("L1", "L2", "L3"):
        build.leader(leader, pinned="S1", tags="gender:m")
    return build


CASES |= {
    "ties of a class": (
        lambda: _three_pinned().tie("L1 L3", "class"),
        "L1, L3 attend S1, at most one of them may",
    ),
    "ties of a day": (
        lambda: _three_pinned().tie("L2 L3", "day"),
        "L2, L3 are away on 2026-03-03, at most one of them may be",
    ),
    "mix": (
        lambda: _three_pinned().mix("gender", "m", at_least="90%", at_most="2", hard=True),
        "session S1: 3 of 3 people have gender m, at most 2 allowed",
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_contradiction_names_the_limit(kind: str) -> None:
    build, expected = CASES[kind]
    facts = contradiction(build().instance, EngineOptions(workers=1))
    assert facts is not None
    assert [
        fact for fact in facts if "is pinned to" not in fact and "needs a room of its own" not in fact
    ] == [expected]


def test_what_something_else_would_mend_is_told_as_such() -> None:
    """Both need the one seat in the session that teaches what is required."""
    build = Build().module("mB").module("mC", requires="mB")
    build.session("S0", 1, modules="mB", seats=1).session("S1", 9, modules="mC")
    build.leader("L1", pinned="S1").leader("L2", pinned="S1")
    facts = contradiction(build.instance, EngineOptions(workers=1))
    assert facts is not None
    assert facts[2:] == [
        f"leader {i}: S1 requires mB earlier, and nothing else they could be given helps"
        for i in ("L1", "L2")
    ]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=4, max_sessions=6), st.data())
def test_the_limits_named_are_those_that_the_check_finds_broken(
    instance: Instance, data: st.DataObject
) -> None:
    """Seats, quotas, beds and absences, of any set of pins, with nothing else attended."""
    pairs = [(i, s) for i in range(len(instance.leaders)) for s in range(len(instance.sessions))]
    pins = sorted(data.draw(st.sets(st.sampled_from(pairs), max_size=5)))
    chosen = tuple(tuple(s for j, s in pins if j == i) for i in range(len(instance.leaders)))
    candidates = frozenset(s for _, s in pins if instance.sessions[s].candidate)
    broken = {(v.rule, v.where) for v in check(instance, Solution(chosen, candidates)).violations}
    told = breaches(instance, pins)
    for id_ in [session.id for session in instance.sessions]:
        text = any(fact.startswith(f"session {id_} has") for fact in told)
        assert text == (("seats", id_) in broken)
    for site in instance.sites:
        assert any(
            fact.startswith(f"site {site.id} ({site.name}) has") and " bed" in fact for fact in told
        ) == (("beds", site.id) in broken)
    for branch in instance.branches:
        assert any(fact.startswith(f"branch {branch.id} (") for fact in told) == (
            ("branch", branch.id) in broken
        )


def test_a_rule_of_one_leader_is_asked_with_other_pins_aside() -> None:
    build = _idle_day()
    instance = replace(
        build.instance, branches=tuple(replace(b, max_away=9) for b in build.instance.branches)
    )
    assert breaches(instance, [(0, 0), (0, 1), (1, 2)]) == [
        "no single limit forbids them: what else they need can't be had all at once"
    ]
