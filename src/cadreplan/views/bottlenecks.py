"""Bottlenecks as JSON, with ids, and what limits are called."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cadreplan.instance import Instance
from cadreplan.messages.saying import say

if TYPE_CHECKING:  # what makes them needs a solver
    from cadreplan.insight.bottlenecks import Bottlenecks, Limit, Remedy

_PLACES = {"beds": "site", "branch": "branch", "day": "date"}
"""The key of what a limit belongs to; a session's are called `session`."""


def as_json(instance: Instance, found: Bottlenecks) -> str:
    """Everything, for machines; `verified` is null where a change wasn't tried, `at_most` without a bound."""
    document = {
        "worth": found.worth,
        "ceiling": found.ceiling,
        "limits": [_limit(instance, limit) for limit in found.limits],
        "lecturers": [
            {"lecturer": instance.lecturers[x.lecturer].id, "slots": x.slots, "max_slots": x.most}
            for x in found.loads
        ],
        "changes": [_remedy(instance, remedy) for remedy in found.remedies],
        "brought_nothing": [say(told) for told in found.idle],
        "shortages": [
            {
                "skill": instance.skills[x.skill].id,
                "branch": instance.branches[x.region].id,
                "reason": x.reason,
                "people": x.people,
            }
            for x in found.shortages
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def place_of(instance: Instance, kind: str, item: int) -> str:
    """The id of a limit's or change's session, site or branch, or the date of a day."""
    if kind == "beds":
        return instance.sites[item].id
    if kind == "branch":
        return instance.branches[item].id
    return instance.date_of(item).isoformat() if kind == "day" else instance.sessions[item].id


def _limit(instance: Instance, limit: Limit) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "kind": limit.kind,
        _PLACES.get(limit.kind, "session"): place_of(instance, limit.kind, limit.item),
        "worth": round(limit.worth),
    }
    if limit.branch is not None:
        entry["branch"] = instance.branches[limit.branch].id
    if limit.days:
        entry["days"] = [instance.date_of(day).isoformat() for day in limit.days]
    return entry


def _remedy(instance: Instance, remedy: Remedy) -> dict[str, Any]:
    change, what = remedy.proposal, remedy.verified
    return {
        "kind": change.kind,
        _PLACES.get(change.kind, "session"): place_of(instance, change.kind, change.item),
        "units": change.units,
        "text": say(change.told),
        "predicted": change.predicted,
        "at_most": remedy.at_most,
        "verified": what
        and {
            "gained": what.gained,
            "skill_gaps": what.closed,
            "lose_a_session": [instance.leaders[i].id for i in what.moved],
            "free": len(what.free),
            "without": what.without,
            "proven": what.proven,
            "at_most": what.at_most,
        },
    }
