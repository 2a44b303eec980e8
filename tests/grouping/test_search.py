"""The search: it counts what it changes rightly, finds the best of small classes, and repeats itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from cadreplan.grouping.problem import Problem, Tag, Wish, goals_of
from cadreplan.grouping.search import Search
from tests.draws import examples
from tests.grouping.base import Drawn, best_of, classes


@given(classes(most=6, plain=True))
@settings(max_examples=examples(40), deadline=None, derandomize=True)
def test_a_small_class_gets_its_best_division(one: Drawn) -> None:
    search = Search(one.problem)
    search.descend()
    for _ in range(6):
        search.improve(2000)
    assert search.goals.order == best_of(one.problem).order


@given(classes(most=14))
@settings(max_examples=examples(60), deadline=None)
def test_what_the_walk_counts_is_what_there_is(one: Drawn) -> None:
    search = Search(one.problem, seed=1)
    search.improve(500)
    state = search.state
    assert tuple(state.goals[:6]) == goals_of(one.problem, state.at.tolist()).order
    assert search.bound.order <= search.goals.order


def _class(seed: int, n: int = 60) -> Problem:
    random = np.random.default_rng(seed)
    tags = tuple(Tag(tuple(map(int, random.integers(0, v, n))), 1) for v in (2, 4, 6))
    return Problem((1,) * n, 8, 12, tags, (Wish(0, 0, alone=False),))


def test_a_class_of_sixty_reaches_its_bound() -> None:
    search = Search(_class(3))
    search.descend()
    for _ in range(8):
        search.improve(100_000)
    assert search.is_proven
    assert search.goals == search.bound


def test_the_same_seed_gives_the_same_groups() -> None:
    def run() -> object:
        search = Search(_class(4), seed=7)
        search.improve(5000)
        return search.groups

    assert run() == run()


def test_people_keep_their_group_where_nothing_forces_them_out() -> None:
    before = Search(_class(5))
    before.descend()
    at = [next(g for g, rows in enumerate(before.groups) if row in rows) for row in range(60)]
    home = tuple(-1 if row == 59 else g for row, g in enumerate(at))  # one is new
    after = Search(replace(_class(6), home=home, wishes=()))
    after.descend()
    after.improve(20_000)
    assert after.goals.moved == 0


def test_distances_within_groups_become_large() -> None:
    # two clusters far from each other: every group has half of each
    far = np.zeros((12, 12), dtype=np.int64)
    far[:6, 6:] = far[6:, :6] = 10
    search = Search(Problem((1,) * 12, 4, 4, far=far))
    search.descend()
    search.improve(20_000)
    assert search.far == 3 * 4 * 10
    assert all(len([row for row in rows if row < 6]) == 2 for rows in search.groups)
