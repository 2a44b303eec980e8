"""Explanations of open skill gaps as plain rows and as JSON, with ids and names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cadreplan.insight.explain import Cure, Explanation, Way
from cadreplan.instance import Instance, Lapsed
from cadreplan.messages.saying import say


def as_json(instance: Instance, explanations: Sequence[Explanation]) -> str:
    """Everything, for machines."""
    return json.dumps([_explanation(instance, e) for e in explanations], ensure_ascii=False, indent=1) + "\n"


def _explanation(instance: Instance, explanation: Explanation) -> dict[str, Any]:
    leader = instance.leaders[explanation.leader]
    gap = leader.gaps[explanation.gap]
    envies = [
        {
            "session": instance.sessions[envy.session].id,
            "leader": instance.leaders[envy.other].id,
            "waited": instance.leaders[envy.other].waited,
        }
        for envy in explanation.envies
    ]
    return {
        "leader": leader.id,
        "skill": instance.skills[gap.skill].id,
        "level": gap.level,
        **({} if gap.lapsed is None else {"lapsed": _lapsed(gap.lapsed)}),
        "ways": [_way(instance, way) for way in explanation.ways],
        "cures": [_cure(instance, cure) for cure in explanation.cures],
        **({"waited": leader.waited, "envies": envies} if envies else {}),
    }


def _lapsed(lapsed: Lapsed) -> dict[str, Any]:
    return {
        "level": lapsed.level,
        "earned": lapsed.earned.isoformat(),
        "valid": lapsed.months,
        "last": lapsed.last.isoformat(),
    }


def _way(instance: Instance, way: Way) -> dict[str, Any]:
    return {
        "session": instance.sessions[way.session].id,
        "obstacles": [
            {
                "reason": hurdle.obstacle.code,
                "detail": say(hurdle.obstacle.told),
                "note": say(hurdle.note),
                "holders": [
                    {"leader": instance.leaders[h.leader].id, "worth": h.worth} for h in hurdle.holders
                ],
            }
            for hurdle in way.hurdles
        ],
    }


def _cure(instance: Instance, cure: Cure) -> dict[str, Any]:
    return {
        "changes": [say(fix.told) for fix in cure.fixes],
        "session": instance.sessions[cure.session].id,
        "opened": [instance.sessions[fix.door[0]].id for fix in cure.fixes if fix.door is not None],
        "pinned": sorted({instance.sessions[s].id for fix in cure.fixes for s in fix.pins}),
        "gained": cure.gained,
        "changes_data": not cure.free,
        "others_changed": [instance.leaders[j].id for j in cure.changed],
        "proven": cure.proven,
    }
