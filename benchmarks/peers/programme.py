"""A mixed-integer programme in plain lists, and its hand-over to OR-Tools' MathOpt in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

Terms = list[tuple[int, int | float]]
"""(variable, coefficient)."""

INFINITY = float("inf")


@dataclass
class Programme:
    """Maximise `objective` over variables in [lower, upper] with rows low <= sum of terms <= high."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    objective: list[float] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    entry_row: list[int] = field(default_factory=list)
    entry_variable: list[int] = field(default_factory=list)
    entry_value: list[float] = field(default_factory=list)
    constant: float = 0.0

    def variable(self, *, worth: float = 0, upper: float = 1, integer: bool = False, lower: float = 0) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        self.integer.append(integer)
        self.objective.append(worth)
        return len(self.objective) - 1

    def row(
        self, terms: Iterable[tuple[int, float]], *, low: float = -INFINITY, high: float = INFINITY
    ) -> None:
        """Add a row; terms of the same variable are added up."""
        merged: dict[int, float] = defaultdict(float)
        for variable, coefficient in terms:
            merged[variable] += coefficient
        r = len(self.row_low)
        self.row_low.append(low)
        self.row_high.append(high)
        for variable, coefficient in merged.items():
            if coefficient:
                self.entry_row.append(r)
                self.entry_variable.append(variable)
                self.entry_value.append(coefficient)


def model_of(programme: Programme) -> mathopt.Model:
    """The programme as a MathOpt model; variable v has id v, row r has id r."""
    proto = model_pb2.ModelProto()
    n, rows = len(programme.objective), len(programme.row_low)
    proto.variables.ids.extend(range(n))
    proto.variables.lower_bounds.extend(programme.lower)
    proto.variables.upper_bounds.extend(programme.upper)
    proto.variables.integers.extend(programme.integer)
    proto.variables.names.extend([""] * n)
    proto.objective.maximize = True
    proto.objective.offset = programme.constant
    worth = [(v, c) for v, c in enumerate(programme.objective) if c]
    proto.objective.linear_coefficients.ids.extend(v for v, _ in worth)
    proto.objective.linear_coefficients.values.extend(c for _, c in worth)
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(programme.row_low)
    proto.linear_constraints.upper_bounds.extend(programme.row_high)
    proto.linear_constraints.names.extend([""] * rows)
    order = sorted(
        range(len(programme.entry_row)), key=lambda e: (programme.entry_row[e], programme.entry_variable[e])
    )
    proto.linear_constraint_matrix.row_ids.extend(programme.entry_row[e] for e in order)
    proto.linear_constraint_matrix.column_ids.extend(programme.entry_variable[e] for e in order)
    proto.linear_constraint_matrix.coefficients.extend(programme.entry_value[e] for e in order)
    return mathopt.Model.from_model_proto(proto)
