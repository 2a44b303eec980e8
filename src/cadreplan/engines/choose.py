"""Which engine takes an instance, and why. The switch is measured: docs/performance.md."""

from __future__ import annotations

import re
from typing import Literal

from cadreplan.engines.stones import lead_up
from cadreplan.instance import Instance
from cadreplan.language import later, tr

ENGINES = {
    "exact": "cadreplan.engines.exact.engine:solve",
    "columns": "cadreplan.engines.columns.solve:solve",
    "relay": "cadreplan.solving.relay:solve",
}
"""Engine → where its function is; its module is heavy, only the solver process imports it."""

CLUSTER = "cadreplan.solving.cluster:solve"
"""Where the function of `columns` is for a cluster, whose workers price leaders."""

EXACT_PAIRS = 30_000
"""Up to so many pairs of a leader and a session that closes a skill gap, `exact` may prove within seconds:
it goes first, `columns` follows where it doesn't, and they take turns (`relay`)."""

EXACT_CANDIDATES = 100
"""Up to so many candidates: which of hundreds run, `exact` hardly finds out (decision 18)."""

_ASKED_FOR = later("as asked for")
_FEW = later("{pairs:,} useful pairs of leader and session, at most {most:,}")
_MANY = later("{pairs:,} useful pairs of leader and session, more than {most:,}")
_THEN = "; "
_LONGEST = 200
"""Characters of a reason that `choose` may have given."""
_DESIGN = later("{candidates:,} candidates, more than {most:,}")


def choose(instance: Instance, wanted: Literal["auto", "exact", "columns"]) -> tuple[str, str]:
    """The engine's name and a few words on why it was taken."""
    if wanted != "auto":
        return wanted, tr(_ASKED_FOR)
    candidates = sum(session.candidate for session in instance.sessions)
    if candidates > EXACT_CANDIDATES:
        return "columns", tr(_DESIGN, candidates=candidates, most=EXACT_CANDIDATES)
    pairs = useful_pairs(instance)
    if pairs <= EXACT_PAIRS:
        return "relay", tr(_FEW, pairs=pairs, most=EXACT_PAIRS)
    return "columns", tr(_MANY, pairs=pairs, most=EXACT_PAIRS)


def why_in_words(why: str) -> str:
    """What `choose` said in English, as a plan keeps it, in the reader's language; other words as is.

    Behind a semicolon stands how the engine failed, in its own words.
    """
    why, semicolon, failure = why.partition(_THEN)
    return _reason_in_words(why) + semicolon + failure


def _reason_in_words(why: str) -> str:
    if len(why) > _LONGEST:
        return why
    if why == _ASKED_FOR:
        return tr(_ASKED_FOR)
    numbers = [int(digits.replace(",", "")) for digits in re.findall(r"\d[\d,]*\d|\d", why)]
    for text in (_FEW, _MANY):
        if len(numbers) == 2 and why == text.format(pairs=numbers[0], most=numbers[1]):
            return tr(text, pairs=numbers[0], most=numbers[1])
    if len(numbers) == 2 and why == _DESIGN.format(candidates=numbers[0], most=numbers[1]):
        return tr(_DESIGN, candidates=numbers[0], most=numbers[1])
    return why


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
