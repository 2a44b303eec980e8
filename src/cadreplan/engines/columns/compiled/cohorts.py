"""Ties and `mix` as branches, quotas and tallies, which is what column generation knows.

A tie of leaders of one branch is a branch of its own below it: at most one of them is away where its limit is
the largest of their rows, for any two of them are more people than that; a class tie is a quota of it. A hard
`at_most` of a `branch:N` is a quota of that branch.

The rest are tallies: sums over those who attend a session, or are away on a day, in which leaders weigh
differently. Leaders of one branch who do are put into branches of their own below it.

    share of n % at least     n - 100 whoever has the value, n anybody else, together at most 0
    share of n % at most      100 - n and -n, at most 0
    people at least, where it runs with somebody          -1 whoever has the value, at most -n where it runs
    people at least, elsewhere, cap people at most        n - cap and n, at most 0
    people at most            1 whoever has the value, at most n
    tie, rows of h people     floor(most / h) a head: any two of them are beyond `most`

The fourth asks for too little in a session that isn't full, which only allows more plans, and terms that are
charged too low are never positive, so bounds hold. Plans that break it are repaired before they are handed
on: people are taken out until it holds. So are those of a tie after more of it were away on a day that is
past.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import lcm

from cadreplan.engines.wants import Want, apart, wants
from cadreplan.instance import Branch, Instance, Leader, Past, Tally

_MOST = 1 << 20
"""What leaders of a tie may weigh at most, unless one of them alone is more people than half of it."""


@dataclass(frozen=True)
class Lowered:
    """`instance` has neither ties nor `mix`; `left`: a plan of it may break those of the whole one."""

    instance: Instance
    left: bool


def lowered(instance: Instance) -> Lowered:
    """The instance with its ties and entries of `mix` as branches, quotas and tallies.

    All else stays, leaders, sessions and days in the same order; branches are added at the end, and leaders
    are in these. `left` is set where a plan of it may break what the instance asks for: people at least in a
    session that may run empty, and ties after more of one were away on a day that is past.
    """
    if not instance.ties and not instance.mix:
        return Lowered(instance, left=False)
    branches, leaders = list(instance.branches), list(instance.leaders)
    quotas: list[list[tuple[int, int]]] = [list(session.quotas) for session in instance.sessions]
    past = instance.past or Past()
    away = dict(past.away)
    own: dict[tuple[int, ...], int] = {}
    taken: set[int] = set()
    left = False
    tallies = _Tallies(instance)
    for each in ("day", "class"):
        for t, tied in apart(instance, each):
            heads = sorted(leaders[i].headcount for i in tied)
            if tied not in own:
                above = {instance.leaders[i].branch for i in tied}
                if len(above) > 1 or taken & set(tied) or heads[0] + heads[1] <= heads[-1]:
                    tallies.tie(t, tied, each)
                    left = left or (
                        each == "day" and any(k == t and n > 1 for (k, _), n in past.tied.items())
                    )
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
        elif want.sessions:
            left = tallies.mix(want) or left
    sessions = tuple(
        replace(session, quotas=tuple(least_of(held)))
        for session, held in zip(instance.sessions, quotas, strict=True)
    )
    tallies.divide(branches, leaders)
    made = replace(
        instance,
        branches=tuple(branches),
        leaders=tuple(leaders),
        tallies=tuple(tallies.made),
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
    return replace(branch, id=f"#{own}", parent=above, max_away=None)


def _by_quota(instance: Instance, want: Want) -> int | None:
    """The branch whose people a hard `at_most` counts, with those below it; None for any other entry."""
    if not want.hard or want.at_least is not None or want.at_most is None or want.at_most.is_share:
        return None
    lines = [instance.lineages[instance.leaders[i].branch] for i in want.having]
    common = set(lines[0]).intersection(*lines[1:]) if lines else set()
    for b in sorted(common, key=lambda b: -len(instance.lineages[b])):
        below = {i for i, one in enumerate(instance.leaders) if b in instance.lineages[one.branch]}
        if below == want.having:
            return b
    return None


class _Tallies:
    """Tallies as they are made, and what each leader weighs in them."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.made: list[Tally] = []
        self._weight: dict[int, dict[int, int]] = defaultdict(dict)
        """By leader and tally."""
        pinned = Counter[int]()
        for leader in instance.leaders:
            for s in leader.pinned:
                pinned[s] += leader.headcount
        self._cap = [max(session.seats, pinned[s], 1) for s, session in enumerate(instance.sessions)]
        self._pinned = frozenset(pinned)

    def tie(self, t: int, tied: tuple[int, ...], each: str) -> None:
        """At most one of the leaders on a day, or in a session that isn't frozen."""
        instance = self.instance
        heads = [instance.leaders[i].headcount for i in tied]
        most = lcm(*heads)
        if most > _MOST:
            most = max(_MOST, 2 * max(heads))
        sessions: tuple[int, ...] | None = None
        times = 1
        if each == "day":
            past = {} if instance.past is None else instance.past.tied
            times = max([1, *(n for (k, _), n in past.items() if k == t)])
        else:
            sessions = tuple(s for s, session in enumerate(instance.sessions) if not session.frozen)
        self._add(Tally(sessions, times * most), {i: most // h for i, h in zip(tied, heads, strict=True)})

    def mix(self, want: Want) -> bool:
        """An entry of `mix`; whether plans may break it all the same."""
        left = False
        if want.at_least is not None and want.at_least.n:
            n, is_share = want.at_least
            if is_share:
                self._share(want, want.sessions, n, 100)
            else:
                left = self._at_least(want, n)
        if want.at_most is not None:
            n, is_share = want.at_most
            if is_share:
                self._share(want, want.sessions, -n, -100)
            else:
                tally = Tally(want.sessions, n, unit=0 if want.hard else 1)
                self._price(want, tally, dict.fromkeys(want.having, 1))
        return left and want.hard

    def _at_least(self, want: Want, n: int) -> bool:
        """A number of people in candidates that run only with somebody, in others a share of their seats."""
        running, by_cap = [], defaultdict(list)
        for s in want.sessions:
            session = self.instance.sessions[s]
            if session.candidate and session.min_seats and s not in self._pinned:
                running.append(s)
            else:
                by_cap[self._cap[s]].append(s)
        if running:
            tally = Tally(tuple(running), 0, unit=1, run=n)
            self._price(want, tally, dict.fromkeys(want.having, -1))
        for cap, sessions in sorted(by_cap.items()):
            self._share(want, tuple(sessions), n, cap)
        return bool(by_cap)

    def _share(self, want: Want, sessions: tuple[int, ...], each: int, having: int) -> None:
        """`each` for everybody less `having` for those who have the value, of which a person is `having`."""
        weight = {i: each - having * (i in want.having) for i in range(len(self.instance.leaders))}
        self._price(want, Tally(sessions, 0, unit=abs(having)), weight)

    def _price(self, want: Want, tally: Tally, weight: dict[int, int]) -> None:
        if want.hard:
            self._add(tally, weight)
            return
        beyond = max(self._cap[s] for s in want.sessions) + (want.at_least.n if want.at_least else 0)
        points = self.instance.policy.weights.mix
        self._add(replace(tally, points=points, beyond=beyond), weight)

    def _add(self, tally: Tally, weight: dict[int, int]) -> None:
        for i, n in weight.items():
            if n:
                self._weight[i][len(self.made)] = n
        self.made.append(tally)

    def divide(self, branches: list[Branch], leaders: list[Leader]) -> None:
        """Give leaders who weigh differently branches of their own below theirs; most of one stay in it."""
        kinds: dict[int, Counter[tuple[tuple[int, int], ...]]] = defaultdict(Counter)
        own = [tuple(sorted(self._weight[i].items())) for i in range(len(leaders))]
        for i, leader in enumerate(leaders):
            kinds[leader.branch][own[i]] += 1
        where: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
        for b, count in sorted(kinds.items()):
            (first, _), *others = count.most_common()
            where[b, first] = b
            branches[b] = replace(branches[b], counts=first)
            for counts, _ in others:
                where[b, counts] = len(branches)
                branches.append(
                    replace(branches[b], id=f"#{len(branches)}", parent=b, max_away=None, counts=counts)
                )
        for i, leader in enumerate(leaders):
            leaders[i] = replace(leader, branch=where[leader.branch, own[i]])
