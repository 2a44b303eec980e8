"""Solutions as JSON in the shape of a plan's lists, so that plans and peers' results are verified alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check


@dataclass(frozen=True)
class Verdict:
    """What `cadreplan.check` says of a result; `bound` is the result's own statement, None without one."""

    objective: int
    bound: int | None
    violations: int


def write(path: Path, instance: Instance, solution: Solution, bound: int | None) -> None:
    """Write a solution with the bound its solver states."""
    sessions = [
        {
            "id": session.id,
            "runs": solution.runs(instance, s),
            "room": _room(instance, solution, s),
        }
        for s, session in enumerate(instance.sessions)
    ]
    assignments = [
        {"leader": leader.id, "session": instance.sessions[s].id}
        for leader, chosen in zip(instance.leaders, solution.chosen, strict=True)
        for s in chosen
    ]
    document = {"solver": {"bound": bound}, "assignments": assignments, "sessions": sessions}
    path.write_text(json.dumps(document), encoding="utf-8")


def verify(path: Path, instance: Instance) -> Verdict:
    """Recompute the worth of a plan or a peer's result and count the rules it breaks."""
    document = json.loads(path.read_text(encoding="utf-8"))
    chosen: list[list[int]] = [[] for _ in instance.leaders]
    for entry in document["assignments"]:
        chosen[instance.leader_by_id[entry["leader"]]].append(instance.session_by_id[entry["session"]])
    running: set[int] = set()
    rooms: dict[int, int] = {}
    for entry in document["sessions"]:
        s = instance.session_by_id[entry["id"]]
        session = instance.sessions[s]
        if entry["runs"] and session.candidate:
            running.add(s)
        if entry["room"] is not None:
            ids = [room.id for room in instance.sites[session.site].rooms or ()]
            rooms[s] = ids.index(entry["room"])
    report = check(instance, Solution(tuple(tuple(sorted(c)) for c in chosen), frozenset(running), rooms))
    return Verdict(report.terms.total, document["solver"]["bound"], len(report.violations))


def _room(instance: Instance, solution: Solution, s: int) -> str | None:
    r = solution.rooms.get(s)
    rooms = instance.sites[instance.sessions[s].site].rooms
    return None if r is None or rooms is None else rooms[r].id
