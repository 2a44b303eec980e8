"""Plans training rotations: who attends which session, with a proven bound and a reason for every gap.

    >>> import cadreplan
    >>> roster = cadreplan.load("roster.yaml")
    >>> plan = cadreplan.solve(roster, time_limit=60)
    >>> cadreplan.check(plan, roster).ok
    True

The commands stand on these three functions. What they need is imported when they are called, so that
`import cadreplan` takes no time.
"""

from __future__ import annotations

import cadreplan.check  # noqa: F401 (first: importing it later would take the name of the function)
from cadreplan.api import check, load, solve

__all__ = ["check", "load", "solve"]
