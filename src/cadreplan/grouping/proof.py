"""Small classes that the closed form leaves open: CP-SAT on rows by groups, for the best division and proof.

All goals are one number whose digits they are, so that its order is theirs: a bound on it is one on the
goals in their order, proven best or not. Like pairs are convex in numbers of people, which tangents at whole
numbers say without a product. Where groups are alike they are numbered by their first row.

What only a solver says is no `optimal` in a plan: `check` has none, and lists it as not recounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ortools.sat.python import cp_model

from cadreplan.goals import GroupGoals
from cadreplan.grouping.problem import Problem, Wish

SMALL = 400
"""Rows times groups up to which a class is worth a model."""

_LARGEST = 1 << 52
"""No number of all goals may be larger: the solver tells its bound as a double, exact up to 2^53."""


class Proof(NamedTuple):
    """The group of each row in the best division found (None: none was), and what none comes before."""

    at: tuple[int, ...] | None
    bound: GroupGoals


def is_small(problem: Problem) -> bool:
    """Whether a model of the class is worth while."""
    return problem.far is None and problem.k > 1 and problem.n * problem.k <= SMALL


def prove(
    problem: Problem, known: Sequence[int], *, work: float, seconds: float | None, seed: int
) -> Proof | None:
    """The best division, from a `known` one on; None where nothing at all was proven.

    `work` is the solver's own measure of time, in about seconds, and the same everywhere.
    """
    model = _Model(problem, known)
    if model.too_large:
        return None
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % (1 << 31)
    solver.parameters.max_deterministic_time = work
    if seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.1, seconds)
    status = solver.solve(model.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN):
        return None
    at = None
    if status != cp_model.UNKNOWN:
        at = tuple(next(g for g in range(problem.k) if solver.boolean_value(of[g])) for of in model.sits)
    return Proof(at, model.goals_at(max(0, round(solver.best_objective_bound))))


class _Model:
    def __init__(self, problem: Problem, known: Sequence[int]) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        k, rows = problem.k, range(problem.n)
        self.sits = [[self.model.new_bool_var("") for _ in range(k)] for _ in rows]
        for of in self.sits:
            self.model.add_exactly_one(of)
        if self._alike():
            known = _by_first_row(known)
            for row, of in enumerate(self.sits):
                for g in range(row + 1, k):
                    self.model.add(of[g] == 0)
        for row, of in enumerate(self.sits):
            for g, var in enumerate(of):
                self.model.add_hint(var, known[row] == g)
        self._sizes = [self._people(range(problem.n), g) for g in range(k)]
        goals = (self._ties(), self._outside(), self._mix(), self._moved(), self._like(), self._met())
        self._ranges = [most + 1 for _, most in goals]
        self.too_large = False
        value, total = 1, 1
        weights = []
        for size in reversed(self._ranges):
            weights.append(value)
            value *= size
            total = value
        self.too_large = total > _LARGEST
        if not self.too_large:
            terms = [w * goal for w, (goal, _) in zip(reversed(weights), goals, strict=True)]
            self.model.minimize(cp_model.LinearExpr.sum(terms))

    def goals_at(self, number: int) -> GroupGoals:
        """The goals whose number it is."""
        digits = []
        for size in reversed(self._ranges[1:]):
            number, digit = divmod(number, size)
            digits.append(digit)
        return GroupGoals(number, *reversed(digits))

    def _alike(self) -> bool:
        return not self.problem.home and len(set(self.problem.sizes)) == 1

    def _people(self, rows: Sequence[int] | range, g: int) -> cp_model.LinearExpr:
        heads = [self.problem.heads[row] for row in rows]
        return cp_model.LinearExpr.weighted_sum([self.sits[row][g] for row in rows], heads)

    def _count(self, most: int) -> cp_model.IntVar:
        return self.model.new_int_var(0, most, "")

    def _ties(self) -> tuple[cp_model.LinearExprT, int]:
        broken = []
        for tie in self.problem.ties:
            var = self.model.new_bool_var("")
            first, *others = tie.rows
            for g in range(self.problem.k):
                if tie.apart:
                    there = cp_model.LinearExpr.sum([self.sits[row][g] for row in tie.rows])
                    self.model.add(there <= 1 + len(others) * var)
                else:
                    for row in others:
                        self.model.add(self.sits[row][g] <= self.sits[first][g] + var)
            broken.append(var)
        return cp_model.LinearExpr.sum(broken), len(broken)

    def _outside(self) -> tuple[cp_model.LinearExprT, int]:
        found = []
        for size, (least, most) in zip(self._sizes, self.problem.sizes, strict=True):
            var = self._count(max(least, self.problem.people))
            self.model.add(var >= least - size)
            self.model.add(var >= size - most)
            found.append(var)
        sizes = self.problem.sizes
        return cp_model.LinearExpr.sum(found), sum(max(least, self.problem.people) for least, _ in sizes)

    def _mix(self) -> tuple[cp_model.LinearExprT, int]:
        found, total = [], 0
        for wish in self.problem.wishes:
            codes = self.problem.tags[wish.tag].codes
            rows = [row for row, code in enumerate(codes) if code == wish.value]
            for g in range(self.problem.k):
                people = self._people(rows, g)
                if not wish.alone:
                    found.append(self._is_alone(people))
                    total += 1
                for var, most in self._lacks(wish, people, self._sizes[g]):
                    found.append(var)
                    total += most
        return cp_model.LinearExpr.sum(found), total

    def _is_alone(self, people: cp_model.LinearExpr) -> cp_model.IntVar:
        alone, nobody, more = (self.model.new_bool_var("") for _ in range(3))
        self.model.add(people == 0).only_enforce_if(nobody)
        self.model.add(people >= 2).only_enforce_if(more)
        self.model.add_at_least_one(alone, nobody, more)
        return alone

    def _lacks(
        self, wish: Wish, people: cp_model.LinearExpr, size: cp_model.LinearExpr
    ) -> list[tuple[cp_model.IntVar, int]]:
        """People missing to `at_least` (a share rounded up), and those beyond `at_most` (rounded down)."""
        found = []
        for wanted, sign in ((wish.at_least, 1), (wish.at_most, -1)):
            if wanted is None:
                continue
            most = self.problem.people + (wanted if isinstance(wanted, int) else 0)
            var = self._count(most)
            if isinstance(wanted, tuple):
                n, of = wanted
                self.model.add(of * var >= sign * (n * size - of * people))
            else:
                self.model.add(var >= sign * (wanted - people))
            found.append((var, most))
        return found

    def _moved(self) -> tuple[cp_model.LinearExprT, int]:
        stay, total = [], 0
        for row, home in enumerate(self.problem.home):
            if home >= 0:
                total += self.problem.heads[row]
                if home < self.problem.k:
                    stay.append(self.problem.heads[row] * self.sits[row][home])
        return total - cp_model.LinearExpr.sum(stay), total

    def _like(self) -> tuple[cp_model.LinearExprT, int]:
        found, total = [], 0
        for tag in self.problem.tags:
            if not tag.weight:
                continue
            for value in sorted(set(tag.codes) - {-1}):
                rows = [row for row, code in enumerate(tag.codes) if code == value]
                n = sum(self.problem.heads[row] for row in rows)
                total += tag.weight * (n * (n - 1) // 2)
                for g in range(self.problem.k):
                    pairs, people = self._count(n * (n - 1) // 2), self._people(rows, g)
                    for t in range(1, n):
                        self.model.add(pairs >= t * people - t * (t + 1) // 2)
                    found.append(tag.weight * pairs)
        return cp_model.LinearExpr.sum(found), total

    def _met(self) -> tuple[cp_model.LinearExprT, int]:
        found = []
        for a, b in sorted(self.problem.pairs_met):
            var = self.model.new_bool_var("")
            for g in range(self.problem.k):
                self.model.add(var >= self.sits[a][g] + self.sits[b][g] - 1)
            found.append(var)
        return cp_model.LinearExpr.sum(found), len(found)


def _by_first_row(at: Sequence[int]) -> list[int]:
    """The same division, groups numbered in the order of their first rows."""
    number: dict[int, int] = {}
    return [number.setdefault(g, len(number)) for g in at]
