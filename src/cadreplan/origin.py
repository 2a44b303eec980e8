"""Whether a plan belongs to a roster as its files are now."""

from __future__ import annotations

from cadreplan.check import Violation
from cadreplan.documents.load import LoadedRoster
from cadreplan.language import tr
from cadreplan.plan import Plan


def differences(plan: Plan, loaded: LoadedRoster) -> tuple[Violation, ...]:
    """A violation of `roster` for each file that is not what it was when the plan was made."""
    found = []
    if plan.roster.sha256 != loaded.sha256:
        message = tr("the roster has changed since the plan was made")
        found.append(Violation("roster", str(loaded.path), message))
    if plan.roster.settings != loaded.settings:
        if plan.roster.settings:
            made = " ".join(f"--set {text}" for text in plan.roster.settings)
            message = tr("the plan was made with {settings}", settings=made)
        else:
            message = tr("the plan was made with no --set")
        found.append(Violation("roster", str(loaded.path), message))
    for name in sorted(plan.roster.files.keys() | loaded.files.keys()):
        if name not in loaded.files:
            message = tr("was read when the plan was made, but the roster no longer names it")
        elif name not in plan.roster.files:
            message = tr("is read by the roster, but was not when the plan was made")
        elif plan.roster.files[name] != loaded.files[name]:
            message = tr("has changed since the plan was made")
        else:
            continue
        found.append(Violation("roster", name, message))
    return tuple(found)
