"""A record of a rotation as rows of sessions, and as JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cadreplan.insight.record import LeaderRecord, Record
from cadreplan.instance import Instance


@dataclass(slots=True)
class SessionCount:
    """Seats of one session: people who completed it, those of them who passed, who missed too much of it, and
    who didn't come; study hours of all.
    """

    session: int
    attended: int = 0
    passed: int = 0
    unfinished: int = 0
    absent: int = 0
    hours: int = 0
    reached: int = 0
    taught: int = 0


def by_session(found: Record) -> list[SessionCount]:
    """A count for each session that was held; `reached` of `taught` skills of those who came."""
    counts: defaultdict[int, SessionCount] = defaultdict(lambda: SessionCount(-1))
    for one in found.leaders:
        for attendance in one.seats:
            count = counts[attendance.seat.session]
            count.session = attendance.seat.session
            count.absent += attendance.seat.result == "absent"
            count.attended += attendance.seat.is_completed
            count.unfinished += attendance.seat.result == "unfinished"
            count.hours += sum(x.hours for x in attendance.studied)
            count.passed += attendance.seat.result == "passed"
            count.reached += sum(x.after >= x.taught for x in attendance.learnt)
            count.taught += len(attendance.learnt)
    return [counts[s] for s in sorted(counts)]


def as_json(instance: Instance, found: Record, files: Mapping[str, str]) -> str:
    """Everything, for machines; `files` are those written, by what they are."""
    said = {
        "files": dict(files),
        "unheard": list(found.unheard),
        "assumed": found.assumed,
        "leaders": [_leader(instance, one) for one in found.leaders],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _leader(instance: Instance, one: LeaderRecord) -> dict[str, Any]:
    before, after = one.priority
    return {
        "leader": one.id,
        "sessions": [
            {
                "session": instance.sessions[attendance.seat.session].id,
                "result": attendance.seat.result,
                "missed": attendance.seat.missed,
                "hours": {str(x.day.year): x.hours for x in attendance.studied},
                "reached": [
                    {
                        "module": x.module,
                        "skill": x.skill,
                        "from": x.before,
                        "to": x.after,
                        "taught": x.taught,
                    }
                    for x in attendance.learnt
                ],
            }
            for attendance in one.seats
        ],
        "closed": [gap.skill for gap in one.closed],
        "open": [gap.skill for gap in one.open],
        "priority": {"from": before, "to": after},
        "waited": {"from": one.waited[0], "to": one.waited[1]},
        "earned": dict(one.change.earned),
        "credited": {x.norm: x.amount for x in one.credits},
    }
