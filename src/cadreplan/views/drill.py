"""A drill as JSON, with ids."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cadreplan.insight.drill import Drill
from cadreplan.instance import Instance


def as_json(instance: Instance, drills: Sequence[Drill]) -> str:
    """Everything, for machines; `cancelled` is null where it was not tried."""
    return json.dumps([_drill(instance, d) for d in drills], ensure_ascii=False, indent=1) + "\n"


def _drill(instance: Instance, drill: Drill) -> dict[str, Any]:
    what = drill.cancelled
    return {
        "session": instance.sessions[drill.session].id,
        "people": drill.people,
        "at_stake": drill.at_stake,
        "estimated": drill.estimated,
        "standby": _ids(instance, drill.standby),
        "cancelled": what
        and {
            "lost": what.lost,
            "reseated": _ids(instance, what.reseated),
            "missing": _ids(instance, what.missing),
            "upset": _ids(instance, what.upset),
            "proven": what.proven,
        },
    }


def _ids(instance: Instance, leaders: Sequence[int]) -> list[str]:
    return [instance.leaders[i].id for i in leaders]
