"""Which engine takes an instance, and why. The switch is measured: docs/performance.md."""

from __future__ import annotations

from typing import Literal

from cadreplan.instance import Instance

ENGINES = {
    "exact": "cadreplan.engines.exact.engine:solve",
    "columns": "cadreplan.engines.columns.engine:solve",
}
"""Engine → where its function is; its module is heavy, only the solver process imports it."""

EXACT_PAIRS = 30_000
"""Up to so many pairs of a leader and a session that closes a skill gap, `exact` proves first."""


def choose(instance: Instance, wanted: Literal["auto", "exact", "columns"]) -> tuple[str, str]:
    """The engine's name and a few words on why it was taken."""
    if wanted != "auto":
        return wanted, "as asked for"
    pairs = useful_pairs(instance)
    if pairs <= EXACT_PAIRS:
        return "exact", f"{pairs:,} useful pairs of leader and session, at most {EXACT_PAIRS:,}"
    return "columns", f"{pairs:,} useful pairs of leader and session, more than {EXACT_PAIRS:,}"


def useful_pairs(instance: Instance) -> int:
    """Pairs of a leader and a session that teaches a skill the leader lacks."""
    teach: dict[tuple[int, int], frozenset[int]] = {}
    total = 0
    for leader in instance.leaders:
        useful: set[int] = set()
        for gap in leader.gaps:
            key = (gap.skill, gap.level)
            if key not in teach:
                teach[key] = frozenset(
                    s
                    for s, taught in enumerate(instance.levels_taught)
                    if taught.get(gap.skill, gap.level - 1) >= gap.level
                )
            useful |= teach[key]
        total += len(useful)
    return total
