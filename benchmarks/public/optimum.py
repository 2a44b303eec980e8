"""The proven optimum of a large roster in which everybody attends one session at most: the workshop tour.

The linear relaxation is solved by column generation over the pairs of leader and session. Its prices give an
upper bound on every solution (Lagrangian duality) and, for each pair, how much that bound falls if the pair
is used. Pairs that would push it below a known solution are left out, and the MIP over the others is solved
by CP-SAT, whose cuts close nearly all that the relaxation leaves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from ortools.math_opt.python import mathopt
from ortools.sat.python import cp_model

from benchmarks.peers.ledger import Ledger
from benchmarks.peers.programme import Programme, model_of
from cadreplan.instance import Instance
from cadreplan.solution import Solution

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Proof:
    """`objective` is what `solution` is worth; no solution is worth more than `bound`."""

    solution: Solution
    objective: int
    bound: int


def optimum(
    instance: Instance, *, threshold: float = 50.0, seconds: float = 300.0, workers: int = 2
) -> Proof:
    """Solve an instance in which each leader attends one of the confirmed sessions at most.

    `threshold` is the first guess, in points, of how far the best solution lies below the relaxation; the
    solution found with it gives the final one. `seconds` limit each MIP. Raises `ValueError` for
    instances of another shape.
    """
    _demand_shape(instance)
    worth = _worth(instance)
    bound, loss = _relaxation(instance, worth)
    solution = None
    while True:
        found = _integral(instance, worth, loss <= threshold, seconds, workers, solution)
        if found is None:
            threshold = max(1.0, 4 * threshold)
            continue
        solution, objective, limit = found
        if objective >= bound - threshold:
            return Proof(
                solution, objective, max(objective, math.floor(max(limit, bound - threshold) + 1e-6))
            )
        threshold = bound - objective + 1


def _demand_shape(instance: Instance) -> None:
    plain = (
        all(leader.max_sessions == 1 and not leader.pinned for leader in instance.leaders)
        and all(not session.candidate and not session.quotas for session in instance.sessions)
        and all(site.rooms is None and site.beds is None for site in instance.sites)
        and all(branch.max_away is None for branch in instance.branches)
        and not instance.policy.weights.hour
    )
    if not plain:
        raise ValueError("only for rosters of one session a leader with seats and underfilling")


def _worth(instance: Instance) -> _Floats:
    """Points of each leader (row) in each session (column); minus infinity where it cannot be.

    The last column is for leaders who stay at home.
    """
    ledger = Ledger(instance)
    worth = np.full((len(instance.leaders), len(instance.sessions) + 1), -np.inf)
    worth[:, -1] = 0
    for i, leader in enumerate(instance.leaders):
        for s in ledger.index.assignable(leader):
            if ledger.allowed(leader, (s,)):
                worth[i, s] = ledger.worth(leader, (s,))
    return worth


def _programme(instance: Instance, worth: _Floats, use: _Flags) -> Programme:
    """The linear programme over the pairs in `use`. Rows: leaders, seats, then minima."""
    programme = Programme()
    by_leader: list[list[tuple[int, float]]] = [[] for _ in instance.leaders]
    by_session: list[list[tuple[int, float]]] = [[] for _ in instance.sessions]
    for i, s in np.argwhere((use & np.isfinite(worth))[:, :-1]):
        variable = programme.variable(worth=float(worth[i, s]))
        by_leader[i].append((variable, 1))
        by_session[s].append((variable, instance.leaders[i].headcount))
    for terms in by_leader:
        programme.row(terms, high=1)
    for s, terms in enumerate(by_session):
        programme.row(terms, high=instance.sessions[s].seats)
    for s, terms in enumerate(by_session):
        least = instance.sessions[s].min_seats
        short = programme.variable(worth=-instance.policy.weights.underfill, upper=least)
        programme.row([*terms, (short, 1)], low=least)
    return programme


def _relaxation(instance: Instance, worth: _Floats) -> tuple[float, _Floats]:
    """The bound of the relaxation, and for each pair what the bound loses if the pair is used."""
    people = np.array([leader.headcount for leader in instance.leaders], dtype=float)
    seats = np.array([session.seats for session in instance.sessions], dtype=float)
    least = np.array([session.min_seats for session in instance.sessions], dtype=float)
    active = np.zeros(worth.shape, dtype=bool)
    np.put_along_axis(active, np.argsort(-worth, axis=1)[:, :10], values=True, axis=1)
    while True:
        programme = _programme(instance, worth, active)
        result = mathopt.solve(model_of(programme), mathopt.SolverType.HIGHS)
        duals = result.dual_values()
        rows = np.array([duals[row] for row in sorted(duals, key=lambda row: row.id)])
        n = len(instance.leaders)
        seat_price = np.maximum(0.0, rows[n : n + len(seats)])
        least_price = np.clip(-rows[n + len(seats) :], 0.0, instance.policy.weights.underfill)
        reduced = worth - people[:, None] * np.append(seat_price - least_price, 0)[None, :]
        best = reduced.max(axis=1)
        bound = float(seat_price @ seats - least_price @ least + best.sum())
        if bound - result.objective_value() < 0.01:
            return bound, best[:, None] - reduced
        active |= reduced > best[:, None] - 1.0


def _integral(
    instance: Instance, worth: _Floats, use: _Flags, seconds: float, workers: int, start: Solution | None
) -> tuple[Solution, int, float] | None:
    """The best solution over the pairs in `use`, its worth, and the bound over these; None: there is none."""
    model = cp_model.CpModel()
    attends: list[dict[int, cp_model.IntVar]] = [{} for _ in instance.leaders]
    home = len(instance.sessions)
    people: list[list[tuple[cp_model.IntVar, int]]] = [[] for _ in range(home + 1)]
    terms: list[tuple[cp_model.IntVar, int]] = []
    for i, s in np.argwhere(use & np.isfinite(worth)).tolist():
        attends[i][s] = model.new_bool_var("")
        people[s].append((attends[i][s], instance.leaders[i].headcount))
        terms.append((attends[i][s], round(worth[i, s])))
        if start is not None:
            model.add_hint(attends[i][s], s in (start.chosen[i] or (home,)))
    for some in attends:
        model.add_exactly_one(some.values())
    for session, heads in zip(instance.sessions, people[:home], strict=True):
        short = model.new_int_var(0, session.min_seats, "")
        terms.append((short, -instance.policy.weights.underfill))
        model.add(_total(heads) <= session.seats)
        model.add(_total([*heads, (short, 1)]) >= session.min_seats)
    model.maximize(_total(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError("no solution was found in this time")
    chosen = tuple(
        tuple(s for s, var in some.items() if s < home and solver.boolean_value(var)) for some in attends
    )
    return Solution(chosen), round(solver.objective_value), solver.best_objective_bound


def _total(terms: list[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExprT:
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [c for _, c in terms])
