"""The closed form: never above the best division, and told by the check in the same way."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from cadreplan.grouping.bounds import lower_bound, spread
from cadreplan.grouping.problem import Problem, Tag, Wish, goals_of
from cadreplan.verification.groups import closed_form, goals
from tests.draws import examples
from tests.grouping.base import Drawn, best_of, classes


@given(classes(most=6))
@settings(max_examples=examples(60), deadline=None)
def test_no_division_comes_before_the_bound(one: Drawn) -> None:
    assert lower_bound(one.problem).order <= best_of(one.problem).order


_FEW = 7
"""Rows of which every division is tried."""


@given(classes(most=12))
@settings(max_examples=examples(150), deadline=None)
def test_the_check_counts_goals_and_bound_as_the_search_does(one: Drawn) -> None:
    problem = one.problem
    at = [row % problem.k for row in range(problem.n)]
    ids = [leader.id for leader in one.instance.leaders]
    entries = {0: [[ids[row] for row in range(problem.n) if at[row] == g] for g in range(problem.k)]}
    everybody = {0: range(problem.n)}
    assert goals(one.instance, entries, everybody) == replace(goals_of(problem, at), moved=0)
    closed = closed_form(one.instance, entries, everybody)
    if not problem.wishes:  # of wishes that nobody can meet, either may know more
        assert closed == replace(lower_bound(problem), moved=0)
    if problem.n <= _FEW:
        assert closed.order <= replace(best_of(problem), moved=0).order


def _two_values(women: int, men: int, least: int, most: int, *, alone: bool) -> Problem:
    codes = (0,) * women + (1,) * men
    wishes = () if alone else (Wish(0, 0, alone=False), Wish(0, 1, alone=False))
    return Problem((1,) * (women + men), least, most, (Tag(codes, 1),), wishes)


def test_people_of_one_value_are_spread_evenly() -> None:
    assert spread(7, 3) == 3 + 1 + 1
    assert lower_bound(_two_values(4, 20, 8, 8, alone=True)).like == (1 + 0 + 0) + (15 + 21 + 21)


def test_four_women_in_three_groups_sit_two_by_two_where_none_may_be_alone() -> None:
    # 2, 2 and 0 women, so 6, 6 and 8 men: more pairs than each value could have by itself
    assert lower_bound(_two_values(4, 20, 8, 8, alone=False)).like == (1 + 1) + (15 + 15 + 28)


def test_the_only_woman_is_alone_in_any_group() -> None:
    assert lower_bound(_two_values(1, 23, 8, 8, alone=False)).mix == 1
    assert lower_bound(_two_values(2, 22, 8, 8, alone=False)).mix == 0


def test_it_makes_no_difference_which_value_is_wished_for_first() -> None:
    problem = _two_values(1, 3, 2, 2, alone=True)
    some = (Wish(0, 1, at_least=1), Wish(0, 0, alone=False))
    assert lower_bound(replace(problem, wishes=some)) == lower_bound(replace(problem, wishes=some[::-1]))
    assert lower_bound(replace(problem, wishes=some)).order <= best_of(replace(problem, wishes=some)).order


def test_people_who_are_too_few_for_the_sizes_lie_outside_them() -> None:
    assert lower_bound(_two_values(0, 13, 8, 12, alone=True)).outside == 2 * 8 - 13
    assert lower_bound(_two_values(0, 16, 8, 12, alone=True)).outside == 0


def test_a_row_that_is_larger_than_a_group_lies_outside() -> None:
    assert lower_bound(Problem((14, 1, 1), 2, 12)).outside == 2


def test_a_group_of_before_that_is_larger_than_the_number_of_groups_meets_again() -> None:
    problem = replace(_two_values(0, 20, 5, 10, alone=True), met=((0, 1, 2, 3, 4), (5, 6)))
    assert lower_bound(problem).met == 3 + 1


def test_who_had_a_group_that_is_no_more_moves() -> None:
    problem = replace(_two_values(0, 16, 8, 8, alone=True), home=(0,) * 8 + (2,) * 3 + (-1,) * 5)
    assert lower_bound(problem).moved == 3


def test_who_is_more_than_a_group_holds_moves() -> None:
    problem = replace(_two_values(0, 16, 8, 8, alone=True), home=(0,) * 10 + (1,) * 6)
    assert lower_bound(problem).moved == 2
