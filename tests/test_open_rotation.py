"""The example of a season with nothing fixed is what its README says, and gets a programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster
from cadreplan.programme.model import programme
from cadreplan.solution import Solution
from cadreplan.verification.programmes import broken

ROSTER = Path(__file__).resolve().parents[1] / "examples" / "open-rotation" / "roster.yaml"


@pytest.fixture(scope="module")
def instance() -> Instance:
    return load_roster(ROSTER).instance


def test_only_offerings_are_given(instance: Instance) -> None:
    assert all(session.candidate for session in instance.sessions)
    assert len(instance.offerings) == 12
    assert len(instance.sites) == 7
    assert len(instance.leaders) == 250


def test_lecturers_are_of_all_six_kinds(instance: Instance) -> None:
    assert len(instance.lecturers) == 25
    assert len({who.kind for who in instance.lecturers}) == 6


def test_every_offering_has_candidates_and_somebody_to_teach_each_module(instance: Instance) -> None:
    for o in range(len(instance.offerings)):
        candidates = list(instance.candidates_of(o))
        assert candidates
        for m in instance.sessions[candidates[0]].modules:
            module = instance.modules[m]
            assert any(
                who.kind in module.lecturers and (who.modules is None or m in who.modules)
                for who in instance.lecturers
            )


def test_as_many_candidates_as_may_run_can_all_be_staffed(instance: Instance) -> None:
    running: set[int] = set()
    for o, offering in enumerate(instance.offerings):
        candidates = list(instance.candidates_of(o))
        runs = offering.max_runs or len(candidates)
        running |= {candidates[k * len(candidates) // runs] for k in range(runs)}
    solution = Solution(tuple(() for _ in instance.leaders), frozenset(running))
    found = programme(instance, solution, time_limit=6, workers=1, seed=0)
    assert next(broken(instance, found.entries), None) is None
    assert found.info.goals.unstaffed == 0
