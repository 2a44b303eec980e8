"""From a roster to a finished plan: an engine in a supervised child process, checked and explained.

`solve` is what `cadreplan solve` and `cadreplan.solve` call; `save` writes a plan so that no half of it is
ever seen. Inside `counted` an interrupt is a wish for the plan found so far. `solve_around` answers a
question about a few leaders at once.
"""

from __future__ import annotations

from cadreplan.programme.rooms import as_before
from cadreplan.solving.around import solve_around
from cadreplan.solving.finish import save
from cadreplan.solving.interrupts import counted
from cadreplan.solving.options import Ending, Progress, SolveOptions, scheduler_named
from cadreplan.solving.params import params_of
from cadreplan.solving.run import solve
from cadreplan.solving.session import Session
from cadreplan.solving.spreading import workers_of
from cadreplan.solving.variants import solved_each

__all__ = [
    "Ending",
    "Progress",
    "Session",
    "SolveOptions",
    "as_before",
    "counted",
    "params_of",
    "save",
    "scheduler_named",
    "solve",
    "solve_around",
    "solved_each",
    "workers_of",
]
