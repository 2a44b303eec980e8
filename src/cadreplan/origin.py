"""Where a plan comes from: whether it belongs to a roster as its files are now, and to which programme."""

from __future__ import annotations

import hashlib
import json

from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.loading.load import LoadedRoster
from cadreplan.plan import Plan
from cadreplan.verification.report import Violation


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


def lineage_of(instance: Instance) -> str:
    """The lineage of a plan that is made of no other: 32 digits that tell one programme of training apart.

    They come from what makes the programme: its title, who it is for, what is held where on which days. The
    horizon, limits, weights and levels held may be corrected before it is solved again: it stays the same.
    Of an offering only its candidates' sites and modules count, for their days are those of the horizon.
    """
    sites, modules = instance.sites, instance.modules
    fixed, offered = [], set()
    for session in instance.sessions:
        what = (sites[session.site].id, *(modules[m].id for m in session.modules))
        if session.offering is None:
            fixed.append((session.id, what, [instance.date_of(day).isoformat() for day in session.days]))
        else:
            offered.add((instance.offerings[session.offering].id, what))
    people = [(one.id, one.name, instance.branches[one.branch].id) for one in instance.leaders]
    names = [(one.id, one.name) for table in (modules, sites, instance.branches) for one in table]
    said = (instance.title, sorted(names), sorted(fixed), sorted(offered), sorted(people))
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
