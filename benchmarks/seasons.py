"""Season by today's rule against cadreplan's: `python -m benchmarks.seasons roster.yaml --seconds 120`.

The rule is `benchmarks.peers.season`. cadreplan designs twice: freely, and with no more spent on classes than
the rule spends. Prints one table in Markdown; every plan is checked. Ends with 1 where a plan breaks a rule.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.peers.season import by_demand
from benchmarks.peers.simple import first_come_first_served
from benchmarks.rosters import load
from cadreplan.engines.columns.solve import solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.insight.attendance import closed_by
from cadreplan.instance import Instance, Weights
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

_STEPS = 6
_PARTS = 10


@dataclass
class Keeper:
    """A listener that keeps the last solution and the lowest bound."""

    best: Solution | None = None
    lowest: int | None = None

    def solution(self, solution: Solution) -> None:
        self.best = solution

    def bound(self, bound: int) -> None:
        self.lowest = bound if self.lowest is None else min(bound, self.lowest)

    def phase(self, text: str) -> None:
        pass

    def should_stop(self) -> bool:
        return False


def cost_of(instance: Instance, solution: Solution) -> int:
    """Points spent on running candidates."""
    return sum(instance.sessions[s].cost for s in solution.running)


def design(instance: Instance, seconds: float, workers: int) -> Keeper:
    """The best plan and the lowest bound that cadreplan finds in some seconds."""
    keeper = Keeper()
    solve(instance, EngineOptions(time_limit=seconds, gap=1e-4, workers=workers), keeper)
    return keeper


def design_within(instance: Instance, cost: int, seconds: float, workers: int) -> Solution | None:
    """The best plan found that spends no more than `cost`, by making classes dearer until it does.

    With a price on cost high enough a design spends no more than the rule; halving finds such a price, each
    step for some seconds. Worth is that of the instance. Wishes count for a tenth in these designs.
    """
    low, high, best, most = 1.0, 64.0, None, 0
    for _ in range(_STEPS):
        factor = (low * high) ** 0.5
        weights = replace(instance.policy.weights, open=round(_PARTS * factor * instance.policy.weights.open))
        scaled = replace(instance, policy=replace(instance.policy, weights=_in_parts(weights)))
        found = design(scaled, seconds, workers).best
        if found is None or cost_of(instance, found) > cost:
            low = factor
            continue
        high = factor
        worth = check(instance, found).terms.total
        if best is None or worth > most:
            best, most = found, worth
    return best


def _in_parts(weights: Weights) -> Weights:
    """Weights but that of cost in tenths, so that the price on cost can be a fraction."""
    return replace(
        weights,
        gap=_PARTS * weights.gap,
        km=_PARTS * weights.km,
        day=_PARTS * weights.day,
        hour=_PARTS * weights.hour,
        underfill=_PARTS * weights.underfill,
    )


def closed(instance: Instance, solution: Solution) -> int:
    """Skill gaps closed, each once."""
    return sum(
        len({g for s in chosen for g in closed_by(instance, leader, s)})
        for leader, chosen in zip(instance.leaders, solution.chosen, strict=True)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Design, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seasons", description=__doc__)
    parser.add_argument("roster", type=Path)
    parser.add_argument("--seconds", type=float, default=120, help="for the free design (default 120)")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    instance = load(given.roster)
    print("| method | classes | cost | skill gaps closed | worth | bound | seconds | rules |")
    print("|---|---:|---:|---:|---:|---:|---:|---|")
    broken = 0
    begun = time.monotonic()
    rule = by_demand(instance)
    broken += _row(instance, "demand over class size", rule, None, time.monotonic() - begun)
    begun = time.monotonic()
    greedy = first_come_first_served(instance)
    broken += _row(
        instance, "first come, any class that earns its cost", greedy, None, time.monotonic() - begun
    )
    begun = time.monotonic()
    thrifty = design_within(instance, cost_of(instance, rule), given.seconds / 2, given.workers)
    if thrifty is not None:
        name = "cadreplan, no more cost than demand over class size"
        broken += _row(instance, name, thrifty, None, time.monotonic() - begun)
    begun = time.monotonic()
    keeper = design(instance, given.seconds, given.workers)
    if keeper.best is not None:
        broken += _row(instance, "cadreplan", keeper.best, keeper.lowest, time.monotonic() - begun)
    return int(broken > 0)


def _row(instance: Instance, name: str, solution: Solution, bound: int | None, seconds: float) -> int:
    report = check(instance, solution)
    cells = [
        name,
        f"{len(solution.running)}",
        f"{cost_of(instance, solution):,}",
        f"{closed(instance, solution):,}",
        f"{report.terms.total:,}",
        "" if bound is None else f"{bound:,}",
        f"{seconds:.0f}",
        "kept" if report.ok else "broken",
    ]
    print(f"| {' | '.join(cells)} |", flush=True)
    return int(not report.ok)


if __name__ == "__main__":
    raise SystemExit(main())
