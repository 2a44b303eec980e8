"""Solve one programme by one method: `python -m benchmarks.programmes.solve FILE METHOD`.

Seconds are those of the processor, of this process, from the arrays of the file to prices and a point,
setting the model up included. Memory is what the peak lies above what was held before. Linux only.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from benchmarks.programmes.programme import Programme, load

if TYPE_CHECKING:
    from cadreplan.engines.columns.compiled.arrays import F64

ACCURACY = 1e-4
_COLD = 0.3
"""The complementarity to begin at from no prices, the largest that the engine begins at."""


class Answer(NamedTuple):
    """What a code says: point, prices of shared rows (at least 0), objective, iterations."""

    x: F64
    prices: F64
    objective: float
    iterations: int


@dataclass(frozen=True)
class Measured:
    """`objective` is the code's own, `worth` and `bound` what its point and prices come to for anybody."""

    seconds: float
    peak_mb: float
    iterations: int
    objective: float
    worth: float
    bound: float


def _ours(programme: Programme, *, tree: bool, warm: bool) -> Answer:
    from threadpoolctl import threadpool_limits

    from cadreplan.engines.columns.master.assembly_tree import Belonging
    from cadreplan.engines.columns.master.interior_point import solve_blocks
    from cadreplan.engines.columns.master.pool import Matrix
    from cadreplan.engines.columns.thread_pool import ThreadPool

    p = programme
    none = np.zeros(0, np.int32)
    everybody = np.full(p.n_rows, -1, np.int32), np.full(p.n_blocks, -1, np.int32)
    row, block = (p.row_branch, p.block_branch) if tree else everybody
    with threadpool_limits(1, user_api="blas"):
        point = solve_blocks(
            Matrix(none, p.block_ptr, none, none, p.ptr, p.row, p.coef, p.points),
            p.rhs,
            p.start if warm else np.zeros(p.n_rows),
            Belonging(row, block, p.parent),
            ThreadPool(1),
            accuracy=ACCURACY,
            penalty=p.penalty,
            unit=1.0,
            warm=p.warm if warm else _COLD,
            stop=lambda: False,
        )
    return Answer(point.x, point.pi, point.primal, point.iterations)


def _highs(programme: Programme, solver: str) -> Answer:
    import highspy

    cost, matrix, lower, upper = programme.general()
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_, lp.row_lower_, lp.row_upper_ = cost, lower, upper
    lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.full(len(cost), np.inf)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    options = {"threads": 1, "parallel": "off", "run_crossover": "off", "solver": solver}
    if solver != "simplex":
        options["kkt_tolerance"] = ACCURACY
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise LookupError(f"HiGHS {highs.version()} does not take {name}={value}")
    highs.passModel(lp)
    highs.run()
    status = highs.getModelStatus()
    if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown):
        raise ArithmeticError(highs.modelStatusToString(status))
    solution, info = highs.getSolution(), highs.getInfo()
    counts = (
        info.simplex_iteration_count,
        info.ipm_iteration_count,
        info.pdlp_iteration_count,
    )
    return Answer(
        np.array(solution.col_value)[: programme.n_columns],
        -np.array(solution.row_dual)[: programme.n_rows],
        -float(info.objective_function_value),
        max(counts),
    )


def _pdlp(programme: Programme) -> Answer:
    from ortools.pdlp import solve_log_pb2, solvers_pb2
    from ortools.pdlp.python import pdlp

    cost, matrix, lower, upper = programme.general()
    lp = pdlp.QuadraticProgram()
    lp.objective_vector = cost
    lp.constraint_matrix = matrix
    lp.constraint_lower_bounds, lp.constraint_upper_bounds = lower, upper
    lp.variable_lower_bounds, lp.variable_upper_bounds = np.zeros(len(cost)), np.full(len(cost), np.inf)
    params = solvers_pb2.PrimalDualHybridGradientParams(num_threads=1)
    relative = params.termination_criteria.simple_optimality_criteria
    relative.eps_optimal_absolute, relative.eps_optimal_relative = 0.0, ACCURACY
    result = pdlp.primal_dual_hybrid_gradient(lp, params)
    reason = result.solve_log.termination_reason
    if reason != solve_log_pb2.TERMINATION_REASON_OPTIMAL:
        raise ArithmeticError(solve_log_pb2.TerminationReason.Name(reason))
    x = np.array(result.primal_solution)
    return Answer(
        x[: programme.n_columns],
        -np.array(result.dual_solution)[: programme.n_rows],
        -float(cost @ x),
        result.solve_log.iteration_count,
    )


METHODS: dict[str, tuple[str, Callable[[Programme], Answer]]] = {
    "tree": ("ours, along the tree", lambda p: _ours(p, tree=True, warm=True)),
    "tree-cold": ("ours, along the tree, from no prices", lambda p: _ours(p, tree=True, warm=False)),
    "dense": ("ours, all rows at the root", lambda p: _ours(p, tree=False, warm=True)),
    "ipx": ("HiGHS IPX, no crossover", lambda p: _highs(p, "ipx")),
    "hipo": ("HiGHS HiPO, no crossover", lambda p: _highs(p, "hipo")),
    "simplex": ("HiGHS dual simplex", lambda p: _highs(p, "simplex")),
    "highs-pdlp": ("HiGHS PDLP", lambda p: _highs(p, "pdlp")),
    "pdlp": ("OR-Tools PDLP", _pdlp),
}
"""Title and function by id."""


def tiny() -> Programme:
    """A programme of two blocks and one row, on which libraries are loaded and kernels compiled."""
    i32, none = np.int32, np.full(2, -1, np.int32)
    return Programme(
        block_ptr=np.array([0, 2, 4], i32),
        ptr=np.array([0, 1, 1, 2, 2], i32),
        row=np.zeros(2, i32),
        coef=np.ones(2),
        points=np.array([2.0, 0.5, 3.0, 1.0]),
        rhs=np.ones(1),
        penalty=np.full(1, 40.0),
        start=np.zeros(1),
        warm=0.1,
        accuracy=ACCURACY,
        row_branch=none[:1],
        block_branch=none,
        parent=none[:1],
    )


def measured(programme: Programme, method: str) -> Measured:
    """The programme solved in this process, the library loaded and kernels compiled before."""
    _, solve = METHODS[method]
    solve(tiny())
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    held, begun = _status_kb("VmRSS"), time.process_time()
    answer = solve(programme)
    seconds, peak = time.process_time() - begun, _status_kb("VmHWM")
    return Measured(
        seconds,
        max(0, peak - held) / 1024,
        answer.iterations,
        answer.objective,
        programme.worth(answer.x),
        programme.bound(answer.prices),
    )


def _status_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was measured as JSON, or what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.programmes.solve", description=__doc__)
    parser.add_argument("programme", type=Path)
    parser.add_argument("method", choices=METHODS)
    given = parser.parse_args(arguments)
    try:
        print(json.dumps(asdict(measured(load(given.programme), given.method))))
    except (ImportError, LookupError, ArithmeticError) as error:
        print(json.dumps({"error": str(error)}))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
