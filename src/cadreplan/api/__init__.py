"""The functions for Python programs, on which the commands stand. `cadreplan` itself exports all of them.

What they need is imported when they are called.
"""

from cadreplan.api.advice import bottlenecks, compare, diff, explain
from cadreplan.api.answer import Answer
from cadreplan.api.files import export, read_plan, save
from cadreplan.api.planning import Solver, check, load, replan, solve, validate, what_if

__all__ = [
    "Answer",
    "Solver",
    "bottlenecks",
    "check",
    "compare",
    "diff",
    "explain",
    "export",
    "load",
    "read_plan",
    "replan",
    "save",
    "solve",
    "validate",
    "what_if",
]
