"""The methods that are compared: the command of each, and how its progress lines are read."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = tuple[int | None, int | None]
"""Objective and bound; None where a line does not state one."""


@dataclass(frozen=True)
class Limits:
    """What every method of a case gets. `gap` is the relative gap to stop at.

    A method that takes half as long again and `grace` seconds more is killed.
    """

    seconds: float
    workers: int
    gap: float
    seed: int
    grace: float = 600.0


@dataclass(frozen=True)
class Method:
    """`most_leaders` is the size up to which it is run; `proves` tells whether it gives a bound."""

    id: str
    name: str
    command: Callable[[Path, Path, Limits], list[str]]
    progress: Callable[[str], Progress | None]
    most_leaders: int | None = None
    proves: bool = True


def _cadreplan(engine: str) -> Callable[[Path, Path, Limits], list[str]]:
    def command(roster: Path, output: Path, limits: Limits) -> list[str]:
        return [
            *(sys.executable, "-m", "cadreplan", "solve", str(roster), "-o", str(output)),
            *("--engine", engine, "--time-limit", f"{limits.seconds:g}", "--gap", f"{limits.gap:g}"),
            *("--workers", str(limits.workers), "--seed", str(limits.seed)),
        ]

    return command


def _peer(method: str) -> Callable[[Path, Path, Limits], list[str]]:
    def command(roster: Path, output: Path, limits: Limits) -> list[str]:
        return [
            *(sys.executable, "-m", "benchmarks.peer", method, str(roster), "-o", str(output)),
            *("--time-limit", f"{limits.seconds:g}", "--workers", str(limits.workers)),
            *("--gap", f"{limits.gap:g}"),
        ]

    return command


_NUMBER = r"[ :=]+(-?\d[\d,]*)"
_PLAN = re.compile(r"\bplan" + _NUMBER)
_BOUND = re.compile(r"\bbound" + _NUMBER)


def cadreplan_progress(line: str) -> Progress | None:
    """Plan and bound of a plain progress line; None for other lines."""
    plan, bound = _PLAN.search(line), _BOUND.search(line)
    if plan is None and bound is None:
        return None
    return (_whole(plan), _whole(bound))


def _whole(found: re.Match[str] | None) -> int | None:
    return None if found is None else int(found.group(1).replace(",", ""))


def peer_progress(line: str) -> Progress | None:
    """Objective and bound of a line of `benchmarks.peer`; None for other lines."""
    if not line.startswith("{"):
        return None
    stated = json.loads(line)
    return (stated["objective"], stated["bound"]) if "objective" in stated else None


_BY_HAND = 20_000
"""Leaders beyond which the ways of today take longer than they have anything to tell."""

METHODS = {
    method.id: method
    for method in (
        Method("columns", "cadreplan, columns", _cadreplan("columns"), cadreplan_progress),
        Method("exact", "cadreplan, exact", _cadreplan("exact"), cadreplan_progress, 5000),
        Method("highs", "one MIP, HiGHS", _peer("highs"), peer_progress, 5000),
        Method("scip", "one MIP, SCIP", _peer("scip"), peer_progress, 5000),
        Method(
            "first-come",
            "first come first served",
            _peer("first-come"),
            peer_progress,
            _BY_HAND,
            proves=False,
        ),
        Method("priority", "greedy by priority", _peer("priority"), peer_progress, _BY_HAND, proves=False),
        Method("demand", "demand over class size", _peer("demand"), peer_progress, proves=False),
        Method("proof", "proof of the optimum", _peer("proof"), peer_progress),
    )
}
