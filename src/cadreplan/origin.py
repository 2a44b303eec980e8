"""Whether a plan belongs to a roster as its files are now."""

from __future__ import annotations

from cadreplan.check import Violation
from cadreplan.documents.load import LoadedRoster
from cadreplan.plan import Plan


def differences(plan: Plan, loaded: LoadedRoster) -> tuple[Violation, ...]:
    """A violation of `roster` for each file that is not what it was when the plan was made."""
    found = []
    if plan.roster.sha256 != loaded.sha256:
        found.append(Violation("roster", str(loaded.path), "the roster has changed since the plan was made"))
    if plan.roster.settings != loaded.settings:
        made = " ".join(f"--set {text}" for text in plan.roster.settings) or "no --set"
        found.append(Violation("roster", str(loaded.path), f"the plan was made with {made}"))
    for name in sorted(plan.roster.files.keys() | loaded.files.keys()):
        if name not in loaded.files:
            message = "was read when the plan was made, but the roster no longer names it"
        elif name not in plan.roster.files:
            message = "is read by the roster, but was not when the plan was made"
        elif plan.roster.files[name] != loaded.files[name]:
            message = "has changed since the plan was made"
        else:
            continue
        found.append(Violation("roster", name, message))
    return tuple(found)
