"""What a solver proves of small classes: the best division, never more."""

from __future__ import annotations

from hypothesis import given, settings

from cadreplan.grouping.dealing import dealt
from cadreplan.grouping.problem import Problem, Tag, goals_of
from cadreplan.grouping.proof import SMALL, is_small, prove
from cadreplan.grouping.search import Search
from tests.draws import examples
from tests.grouping.base import Drawn, best_of, classes


@given(classes(most=6))
@settings(max_examples=examples(120), deadline=None, derandomize=True)
def test_the_best_division_is_found_and_proven(one: Drawn) -> None:
    problem = one.problem
    if not is_small(problem):
        return
    proof = prove(problem, dealt(problem), work=5, seconds=None, seed=1)
    assert proof is not None
    assert proof.at is not None
    best = best_of(problem)
    assert goals_of(problem, proof.at).order == best.order
    assert proof.bound.order == best.order


@given(classes(most=6))
@settings(max_examples=examples(60), deadline=None, derandomize=True)
def test_with_hardly_any_work_the_bound_is_still_one(one: Drawn) -> None:
    problem = one.problem
    proof = prove(problem, dealt(problem), work=1e-5, seconds=None, seed=1) if is_small(problem) else None
    if proof is not None:
        assert proof.bound.order <= best_of(problem).order


def _open() -> Problem:
    """Any two of the four have one value in common, of one tag each, so every pair is like."""
    tags = tuple(Tag(codes, 1) for codes in ((0, 0, 1, 1), (0, 1, 0, 1), (0, 1, 1, 0)))
    return Problem((1,) * 4, 2, 2, tags)


def test_a_search_takes_the_proof_for_its_bound() -> None:
    search = Search(_open())
    search.descend()
    search.improve(20_000)
    before = search.bound
    assert (before.like, search.goals.like) == (0, 2)
    assert not search.is_proven, "the closed form is enough for it"
    search.prove(work=20, seconds=None)
    assert search.is_proven
    assert before.order < search.bound.order == search.goals.order


def test_large_classes_are_left_alone() -> None:
    n = SMALL // 2
    assert is_small(Problem((1,) * n, 1, n // 2))
    assert not is_small(Problem((1,) * (n + 1), 1, (n + 1) // 2 + 1))
    assert not is_small(Problem((1,) * 4, 4, 4)), "one group only"
