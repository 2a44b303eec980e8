"""Ties and `mix` before column generation: what branches and quotas can say, and a mend for what they can't.

A tie of leaders of one branch is a branch of its own below it: at most one of them is away where its limit is
the largest of their rows, for any two of them are more people than that; a class tie is a quota of it. A hard
`at_most` of a `branch:N` is a quota of that branch. All of the engine keeps these as it keeps others.

What is left (ties across branches, other hard entries, soft ones) the engine doesn't know of. Rules that are
left out only allow more plans, and terms that are left out are never positive, so its bounds hold. Plans that
break what was left out are mended before they are handed on: people are taken out until it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cadreplan.engines.wants import Want, apart, wants
from cadreplan.instance import Branch, Instance, Past


@dataclass(frozen=True)
class Lowered:
    """`instance` has neither ties nor `mix`; `left`: a plan of it may break those of the whole one."""

    instance: Instance
    left: bool


def lowered(instance: Instance) -> Lowered:
    """The instance with ties and entries of `mix` as branches and quotas, as far as these can say them."""
    if not instance.ties and not instance.mix:
        return Lowered(instance, left=False)
    branches, leaders = list(instance.branches), list(instance.leaders)
    quotas: list[list[tuple[int, int]]] = [list(session.quotas) for session in instance.sessions]
    past = instance.past or Past()
    away = dict(past.away)
    own: dict[tuple[int, ...], int] = {}
    taken: set[int] = set()
    left = any(want.sessions and _by_quota(instance, want) is None for want in wants(instance))
    for each in ("day", "class"):
        for t, tied in apart(instance, each):
            heads = sorted(leaders[i].headcount for i in tied)
            if tied not in own:
                above = {instance.leaders[i].branch for i in tied}
                if len(above) > 1 or taken & set(tied) or heads[0] + heads[1] <= heads[-1]:
                    left = True
                    continue
                own[tied], taken = len(branches), taken | set(tied)
                branches.append(_below(instance, above.pop(), len(branches)))
                for i in tied:
                    leaders[i] = replace(leaders[i], branch=own[tied])
            b = own[tied]
            if each == "day":
                branches[b] = replace(branches[b], max_away=heads[-1])
                more = {d: sum(heads) for (k, d), n in past.tied.items() if k == t and n > 1}
                away |= {(b, day): n for day, n in more.items()}
                left = left or bool(more)
            else:
                for s, session in enumerate(instance.sessions):
                    if not session.frozen:
                        quotas[s].append((b, heads[-1]))
    for want in wants(instance):
        whole = _by_quota(instance, want)
        if whole is not None and want.at_most is not None:
            for s in want.sessions:
                quotas[s].append((whole, want.at_most.n))
    sessions = tuple(
        replace(session, quotas=tuple(least_of(held)))
        for session, held in zip(instance.sessions, quotas, strict=True)
    )
    made = replace(
        instance,
        branches=tuple(branches),
        leaders=tuple(leaders),
        sessions=sessions,
        past=None if instance.past is None else replace(past, away=away),
        ties=(),
        mix=(),
    )
    return Lowered(made, left)


def least_of(quotas: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """One quota a branch, the smallest."""
    least: dict[int, int] = {}
    for b, n in quotas:
        least[b] = min(n, least.get(b, n))
    return sorted(least.items())


def _below(instance: Instance, above: int, own: int) -> Branch:
    branch = instance.branches[above]
    return replace(branch, id=f"#{own}", parent=above, lineage=(own, *branch.lineage), max_away=None)


def _by_quota(instance: Instance, want: Want) -> int | None:
    """The branch whose people a hard `at_most` counts, with those below it; None for any other entry."""
    if not want.hard or want.at_least is not None or want.at_most is None or want.at_most.is_share:
        return None
    lines = [instance.branches[instance.leaders[i].branch].lineage for i in want.having]
    common = set(lines[0]).intersection(*lines[1:]) if lines else set()
    for b in sorted(common, key=lambda b: -len(instance.branches[b].lineage)):
        below = {i for i, one in enumerate(instance.leaders) if b in instance.branches[one.branch].lineage}
        if below == want.having:
            return b
    return None
