"""Plans training rotations: who attends which session, with a proven bound and a reason for every gap.

    >>> import cadreplan
    >>> roster = cadreplan.load("roster.yaml")
    >>> plan = cadreplan.solve(roster, time_limit=60)
    >>> cadreplan.check(plan, roster).ok
    True

The commands stand on these three functions. What they need is imported when they are called, so that
`import cadreplan` takes no time.
"""

import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:  # `python -m cadreplan`, before it imports anything
    del sys.path[0]  # the working folder: what lies beside a roster is no module of this program

from cadreplan.api import check, load, solve

__all__ = ["check", "load", "solve"]
