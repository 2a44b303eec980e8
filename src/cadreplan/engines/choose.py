"""Which engine takes an instance, and why. The switch is measured: docs/performance.md."""

from __future__ import annotations

from typing import Literal

from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance
from cadreplan.messages import Message

ENGINES = {
    "exact": "cadreplan.engines.exact.engine:solve",
    "columns": "cadreplan.engines.columns.solve:solve",
    "relay": "cadreplan.solving.relay:solve",
}
"""Engine → where its function is; its module is heavy, only the solver process imports it."""

CLUSTER = "cadreplan.solving.cluster:solve"
"""Where the function of `columns` is for a cluster, whose workers price leaders."""

EXACT_PAIRS = 30_000
"""Up to this many pairs of a leader and a session that closes a skill gap, `exact` may prove within seconds:
it goes first, `columns` follows where it doesn't, and they take turns (`relay`)."""

EXACT_CANDIDATES = 100
"""Up to this many candidates: which of hundreds run, `exact` hardly finds out (decision 18)."""


def choose(instance: Instance, wanted: Literal["auto", "exact", "columns"]) -> tuple[str, Message]:
    """The engine's name, and why it was taken."""
    if wanted != "auto":
        return wanted, Message.of("as-asked")
    candidates = sum(session.candidate for session in instance.sessions)
    if candidates > EXACT_CANDIDATES:
        return "columns", Message.of("many-candidates", candidates=candidates, most=EXACT_CANDIDATES)
    pairs = useful_pairs(instance)
    if pairs <= EXACT_PAIRS:
        return "relay", Message.of("few-pairs", pairs=pairs, most=EXACT_PAIRS)
    return "columns", Message.of("many-pairs", pairs=pairs, most=EXACT_PAIRS)


def useful_pairs(instance: Instance) -> int:
    """Pairs of a leader and a session that teaches a skill the leader lacks, or leads up to one that does.

    The latter are counted only as long as it matters for the choice.
    """
    teach: dict[tuple[int, int], frozenset[int]] = {}
    useful: list[frozenset[int]] = []
    for leader in instance.leaders:
        own: frozenset[int] = frozenset()
        for gap in leader.gaps:
            key = (gap.skill, gap.level)
            if key not in teach:
                teach[key] = frozenset(
                    s
                    for s, taught in enumerate(instance.levels_taught)
                    if taught.get(gap.skill, gap.level - 1) >= gap.level
                )
            own |= teach[key]
        useful.append(own)
    total = sum(map(len, useful))
    for leader, own in zip(instance.leaders, useful, strict=True):
        if total > EXACT_PAIRS:
            break
        total += len(lead_up(instance, leader, own))
    return total
