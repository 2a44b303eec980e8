"""Plans that say what isn't so: `check` refuses each, but for what it says it doesn't prove."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from cadreplan import check, solve
from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import CadreplanError
from cadreplan.loading.load import LoadedRoster
from tests.attack.tally import Tally

Forgery = Callable[[Random, dict[str, Any]], None]


def _term(rng: Random, plan: dict[str, Any]) -> None:
    plan["terms"][rng.choice(sorted(plan["terms"]))] += rng.choice((-1, 1)) * rng.randint(1, 10**6)


def _worth(rng: Random, plan: dict[str, Any]) -> None:
    plan["solver"]["objective"] += rng.choice((-1, 1)) * rng.randint(1, 10**6)


def _shifted(rng: Random, plan: dict[str, Any]) -> None:
    """Term, worth and bound that agree with each other and with nothing else."""
    points = rng.randint(1, 1000)
    plan["terms"]["gaps"] += points
    plan["solver"]["objective"] += points
    plan["solver"]["bound"] += points


def _bound(rng: Random, plan: dict[str, Any]) -> None:
    plan["solver"]["bound"] = plan["solver"]["objective"] - rng.randint(1, 1000)


def _status(rng: Random, plan: dict[str, Any]) -> None:
    plan["solver"]["status"] = "feasible" if plan["solver"]["status"] == "optimal" else "optimal"


def _gap(rng: Random, plan: dict[str, Any]) -> None:
    plan["solver"]["gap"] += rng.choice((-1, 1)) * rng.uniform(0.001, 1)


def _lost(rng: Random, plan: dict[str, Any]) -> None:
    part = plan[rng.choice(("assignments", "sessions", "open_gaps"))]
    if part:
        part.pop(rng.randrange(len(part)))
    else:
        _worth(rng, plan)


def _twice(rng: Random, plan: dict[str, Any]) -> None:
    part = plan[rng.choice(("assignments", "sessions"))]
    part.append(rng.choice(part))


def _stranger(rng: Random, plan: dict[str, Any]) -> None:
    key = rng.choice(("leader", "session"))
    rng.choice(plan["assignments"])[key] += "X"


def _reseated(rng: Random, plan: dict[str, Any]) -> None:
    """Somebody else in the same seat."""
    one, other = rng.sample(plan["assignments"], 2)
    if one["leader"] == other["leader"] or one["session"] == other["session"]:
        _lost(rng, plan)
    one["leader"], other["leader"] = other["leader"], one["leader"]


def _closed(rng: Random, plan: dict[str, Any]) -> None:
    if plan["open_gaps"]:
        rng.choice(plan["open_gaps"])["skill"] += "X"
    else:
        _term(rng, plan)


def _obstacle(rng: Random, plan: dict[str, Any]) -> None:
    """A reason that rests on what isn't so."""
    if plan["open_gaps"]:
        gap = rng.choice(plan["open_gaps"])
        gap["detail"]["others"] = gap["detail"].get("others", 0) + rng.randint(1, 9)
    else:
        _term(rng, plan)


def _digest(rng: Random, plan: dict[str, Any]) -> None:
    plan["roster"]["sha256"] = f"{rng.getrandbits(256):064x}"


def _what_if(rng: Random, plan: dict[str, Any]) -> None:
    plan["roster"]["settings"] = [f"policy.weights.gap={rng.randint(2, 9)}11"]


LIES: tuple[Forgery, ...] = (
    _term, _worth, _shifted, _bound, _status, _gap, _lost,
    _twice, _stranger, _reseated, _closed, _obstacle, _digest, _what_if,
)  # fmt: skip


def _origin(rng: Random, plan: dict[str, Any]) -> None:
    plan["solver"][rng.choice(("engine", "version", "ended", "why"))] = "somebody's word"


def _reason(rng: Random, plan: dict[str, Any]) -> None:
    for gap in plan["open_gaps"][:1]:
        gap["detail"] = "nobody wanted it"


def _loose(rng: Random, plan: dict[str, Any]) -> None:
    solver = plan["solver"]
    solver["bound"] += rng.randint(1, 1000)
    solver["status"] = "feasible"
    solver["gap"] = (solver["bound"] - solver["objective"]) / max(1, abs(solver["bound"]))


UNPROVEN: tuple[Forgery, ...] = (_origin, _reason, _loose)


def attack(rng: Random, plan: dict[str, Any], roster: LoadedRoster, folder: Path, tally: Tally) -> None:
    """One forged plan."""
    proven = rng.random() < 0.9
    forgery = rng.choice(LIES if proven else UNPROVEN)
    forged = copy.deepcopy(plan)
    forgery(rng, forged)
    path = folder / "forged.json"
    path.write_text(json.dumps(forged), encoding="utf-8")
    try:
        accepted = check(read_plan(path), roster).ok
    except CadreplanError:
        accepted = False
    if not proven:
        tally.count("forged where check says it proves nothing")
    elif accepted and forgery is _reseated and _is_as_good(forged, plan, roster):
        tally.count("another plan, as good")
    else:
        tally.count("forged plans", f"accepted: {forgery.__name__}" if accepted else "")


def _is_as_good(forged: dict[str, Any], plan: dict[str, Any], roster: LoadedRoster) -> bool:
    """Whether an engine holds that with these assignments pinned there is a plan worth as much."""
    pinned: dict[str, list[int]] = {}
    number = {session.id: s for s, session in enumerate(roster.instance.sessions)}
    for one in forged["assignments"]:
        pinned.setdefault(one["leader"], []).append(number[one["session"]])
    leaders = tuple(
        replace(leader, pinned=tuple(sorted(pinned.get(leader.id, ())))) for leader in roster.instance.leaders
    )
    held = replace(roster.instance, leaders=leaders)
    try:
        best = solve(held, engine="exact", time_limit=60, programme=False)
    except CadreplanError:
        return False
    return best.solver.objective >= plan["solver"]["objective"]
