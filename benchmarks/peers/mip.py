"""The problem as one MIP through OR-Tools' MathOpt: HiGHS and SCIP, as anyone could run them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers import highs_pb2

from benchmarks.peers.formulation import Formulation
from benchmarks.peers.programme import model_of
from cadreplan.instance import Instance
from cadreplan.solution import Solution

Solver = Literal["highs", "scip"]

_TYPES = {"highs": mathopt.SolverType.HIGHS, "scip": mathopt.SolverType.GSCIP}


@dataclass(frozen=True)
class MipResult:
    """`solution` and `bound` are None where the solver has none; `size` is (variables, rows, entries)."""

    solution: Solution | None
    bound: int | None
    status: str
    size: tuple[int, int, int]
    build_seconds: float
    messages: list[str] = field(default_factory=list)


def solve(
    instance: Instance,
    solver: Solver,
    *,
    time_limit: float | None = None,
    workers: int = 1,
    gap: float = 0.0,
    log: Callable[[str], None] | None = None,
) -> MipResult:
    """Solve the MIP of `instance` until it is optimal within `gap` or `time_limit` seconds are over.

    The time limit is the solver's alone; building the model is told in `build_seconds`. `log` takes each line
    that the solver prints.
    """
    begun = time.monotonic()
    formulation = Formulation(instance)
    programme = formulation.programme
    model = model_of(programme)
    built = time.monotonic() - begun
    parameters = mathopt.SolveParameters(
        time_limit=None if time_limit is None else timedelta(seconds=time_limit),
        highs=highs_pb2.HighsOptionsProto(int_options={"threads": workers}),
        relative_gap_tolerance=gap,
        absolute_gap_tolerance=0.5,
    )
    if log is None:
        result = mathopt.solve(model, _TYPES[solver], params=parameters)
    else:
        report = log
        result = mathopt.solve(
            model, _TYPES[solver], params=parameters, msg_cb=lambda lines: [report(line) for line in lines]
        )
    size = (len(programme.objective), len(programme.row_low), len(programme.entry_row))
    solution = None
    if result.has_primal_feasible_solution():
        values = result.variable_values()
        ordered = [values[model.get_variable(v)] for v in range(len(programme.objective))]
        solution = formulation.solution(ordered)
    bound = result.termination.objective_bounds.dual_bound
    return MipResult(solution, _outwards(bound), result.termination.reason.name.lower(), size, built)


def progress_of(solver: Solver, line: str) -> tuple[int | None, int | None] | None:
    """(objective, bound) that a line of a solver's log states, None for one it does not have yet.

    None for lines that state neither. HiGHS prints twelve columns and a letter, SCIP columns between bars.
    """
    if solver == "highs":
        words = line.split()
        if len(words) < 12 or not words[-1].endswith("s") or not words[-6].endswith(("%", "Large", "inf")):
            return None
        stated = words[-7], words[-8]
    else:
        columns = line.split("|")
        if len(columns) < 18 or not columns[0].strip().endswith("s"):
            return None
        stated = columns[-3], columns[-4]
    try:
        objective, bound = (float(word) for word in stated)
    except ValueError:
        return None
    return _whole(objective), _outwards(bound)


def _whole(objective: float) -> int | None:
    return round(objective) if math.isfinite(objective) else None


def _outwards(bound: float) -> int | None:
    """The largest whole number of points a bound in floating point allows; None where there is none."""
    return math.floor(bound + 1e-6 + 1e-9 * abs(bound)) if math.isfinite(bound) else None
