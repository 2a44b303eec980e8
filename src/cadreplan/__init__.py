"""Plans training rotations: who attends which session, with a proven bound and a reason for every gap.

    >>> import cadreplan
    >>> roster = cadreplan.load("roster.yaml")
    >>> plan = cadreplan.solve(roster, time_limit=60)
    >>> cadreplan.check(plan, roster).ok
    True

The commands stand on these functions. What they need is imported when they are called, and a class when it is
named, so that `import cadreplan` takes no time.
"""

import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:  # `python -m cadreplan`, before it imports anything
    del sys.path[0]  # the working folder: what lies beside a roster is no module of this program

from importlib import import_module
from typing import TYPE_CHECKING

from cadreplan.api import (
    Answer,
    Solver,
    bottlenecks,
    check,
    compare,
    diff,
    explain,
    export,
    load,
    read_plan,
    replan,
    save,
    solve,
    validate,
    what_if,
)
from cadreplan.errors import (
    CadreplanError,
    ContradictionError,
    InputError,
    InterruptedSolveError,
    NoPlanError,
    UsageError,
)
from cadreplan.language import Language, use, using
from cadreplan.messages.saying import say

if TYPE_CHECKING:
    from cadreplan.api.roster import Roster
    from cadreplan.diagnostics import Diagnostic
    from cadreplan.documents.schema.cohorts import MixSpec, TieSpec
    from cadreplan.documents.schema.curriculum import (
        AbilitySpec,
        CurriculumSpec,
        ModuleSpec,
        NormSpec,
        RoleSpec,
        SkillSpec,
        StandardsSpec,
    )
    from cadreplan.documents.schema.roster import CalendarSpec, PolicySpec, WeightsSpec
    from cadreplan.documents.schema.tables import (
        BranchSpec,
        LeaderSpec,
        LecturerSpec,
        OfferingSpec,
        SessionSpec,
        SiteSpec,
    )
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.messages import Message
    from cadreplan.plan import Plan
    from cadreplan.solving import Progress
    from cadreplan.verification.report import Report, Violation

_CLASSES = {
    "Diagnostic": "cadreplan.diagnostics",
    "Instance": "cadreplan.instance",
    "LoadedRoster": "cadreplan.loading.load",
    "Message": "cadreplan.messages",
    "Plan": "cadreplan.plan",
    "Progress": "cadreplan.solving",
    "Report": "cadreplan.verification.report",
    "Roster": "cadreplan.api.roster",
    "Violation": "cadreplan.verification.report",
    **dict.fromkeys(
        ("AbilitySpec", "CurriculumSpec", "ModuleSpec", "NormSpec", "RoleSpec", "SkillSpec", "StandardsSpec"),
        "cadreplan.documents.schema.curriculum",
    ),
    **dict.fromkeys(("MixSpec", "TieSpec"), "cadreplan.documents.schema.cohorts"),
    **dict.fromkeys(("CalendarSpec", "PolicySpec", "WeightsSpec"), "cadreplan.documents.schema.roster"),
    **dict.fromkeys(
        ("BranchSpec", "LeaderSpec", "LecturerSpec", "OfferingSpec", "SessionSpec", "SiteSpec"),
        "cadreplan.documents.schema.tables",
    ),
}
"""Class → the module that is imported when it is named."""

__all__ = [
    "AbilitySpec",
    "Answer",
    "BranchSpec",
    "CadreplanError",
    "CalendarSpec",
    "ContradictionError",
    "CurriculumSpec",
    "Diagnostic",
    "InputError",
    "Instance",
    "InterruptedSolveError",
    "Language",
    "LeaderSpec",
    "LecturerSpec",
    "LoadedRoster",
    "Message",
    "MixSpec",
    "ModuleSpec",
    "NoPlanError",
    "NormSpec",
    "OfferingSpec",
    "Plan",
    "PolicySpec",
    "Progress",
    "Report",
    "RoleSpec",
    "Roster",
    "SessionSpec",
    "SiteSpec",
    "SkillSpec",
    "Solver",
    "StandardsSpec",
    "TieSpec",
    "UsageError",
    "Violation",
    "WeightsSpec",
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
    "say",
    "solve",
    "use",
    "using",
    "validate",
    "what_if",
]


def __getattr__(name: str) -> object:
    if name in _CLASSES:
        return getattr(import_module(_CLASSES[name]), name)
    raise AttributeError(f"module 'cadreplan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
