"""A drawn season with what its files leave out: tags, ties, `mix`, norms, people who sleep at home."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.instance import Instance, Norm, Owed

_NEAR_KM = 60
"""One way, so that some leaders sleep at home and others don't."""


def enriched(instance: Instance) -> Instance:
    """The instance with all of that, the same each time; every third leader owes hours and sessions."""
    of_branch: dict[int, list[int]] = defaultdict(list)
    for i, leader in enumerate(instance.leaders):
        of_branch[leader.branch].append(i)
    pairs = [tuple(who[-2:]) for who in of_branch.values() if len(who) > 1]
    far = (0, len(instance.leaders) - 1)
    ties = (
        *(Tie(pair, "apart", ("day", "class")[k % 2]) for k, pair in enumerate(pairs)),
        Tie(far, "apart", "day"),
    )
    owes = (Owed(0, 40, 8, 0, instance.n_days - 1), Owed(1, 2, 0, 10, instance.n_days // 2))
    leaders = tuple(
        replace(leader, tags=(("sex", "mf"[i % 3 == 0]),), owes=owes if i % 3 == 1 else ())
        for i, leader in enumerate(instance.leaders)
    )
    weights = replace(instance.policy.weights, mix=200, norm=30)
    return replace(
        instance,
        leaders=leaders,
        policy=replace(instance.policy, weights=weights, local_km=_NEAR_KM),
        mix=(
            Mix("sex", "class", "m", at_most=Amount(12), hard=True),
            Mix("sex", "class", "m", at_most=Amount(60, True)),
        ),
        ties=ties,
        norms=(Norm("hours", "hours"), Norm("twice", "twice", counts_sessions=True)),
        met=(far,),
    )
