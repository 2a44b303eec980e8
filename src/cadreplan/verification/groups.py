"""The executable specification of discussion groups: rules, goals, and what none can be better than.

Everything is counted again from the plan and the roster; nothing here is shared with the search that makes
groups but the data itself. Groups of frozen sessions are facts: they are neither tested nor counted.

The bound needs no solver. People of one value of a tag are pairs to each other only within a group, and
C(n, 2) is convex: spread as evenly as possible they have the fewest pairs, whatever the groups' sizes are.
What `mix` asks of groups rules numbers out; then the best is found group after group. Values and tags add up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from cadreplan.cohorts import Amount, Mix
from cadreplan.goals import GroupGoals
from cadreplan.instance import Instance, Leader
from cadreplan.language import tr
from cadreplan.plan import GroupingInfo

if TYPE_CHECKING:
    import numpy as np

Entries = Mapping[int, Sequence[Sequence[str]]]
"""Attended session that has groups → the ids of the leaders in each."""

_Broken = Iterator[tuple[str, str]]
"""(id of the session, message)."""

_MOST_WORK = 200_000_000
"""Steps for the bound of two values at most; without it a class has that of each value by itself."""


@dataclass(frozen=True)
class _Class:
    """Who attends a session, by index; `groups` those of them in each group, strangers left out."""

    instance: Instance
    session: int
    people: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]

    @cached_property
    def sizes(self) -> tuple[int, int]:
        sizes = self.instance.sessions[self.session].groups
        assert sizes is not None
        return sizes

    def heads(self, leaders: Sequence[int]) -> int:
        return sum(self.instance.leaders[i].headcount for i in leaders)

    @cached_property
    def n_groups(self) -> int:
        """People over the largest size, rounded up."""
        return -(-self.heads(self.people) // self.sizes[1])

    @cached_property
    def values(self) -> dict[str, dict[int, str]]:
        """Tag → leader → value, of all tags that groups are asked about."""
        tags = {tag for tag, _ in self.instance.policy.groups} | {mix.tag for mix in self.mixes}
        found: dict[str, dict[int, str]] = {tag: {} for tag in sorted(tags)}
        for tag, of in found.items():
            for i in self.people:
                value = _value(self.instance, self.instance.leaders[i], tag)
                if value is not None:
                    of[i] = value
        return found

    @cached_property
    def mixes(self) -> list[Mix]:
        return [
            mix
            for mix in self.instance.mix
            if mix.each == "group" and (mix.sessions is None or self.session in mix.sessions)
        ]

    @cached_property
    def wishes(self) -> dict[tuple[str, str], list[Mix]]:
        """(tag, value) → the entries of `mix` that count it; without a value, each that a leader has."""
        found: dict[tuple[str, str], list[Mix]] = defaultdict(list)
        for mix in self.mixes:
            for value in [mix.value] if mix.value is not None else _all_values(self.instance, mix.tag):
                found[mix.tag, value].append(mix)
        return found

    def totals(self, tag: str) -> dict[str, list[int]]:
        """Value → headcounts of the rows that have it."""
        found: dict[str, list[int]] = defaultdict(list)
        for i in self.people:
            if i in self.values[tag]:
                found[self.values[tag][i]].append(self.instance.leaders[i].headcount)
        return found


def _value(instance: Instance, leader: Leader, tag: str) -> str | None:
    """The value of a tag that a leader has, `branch:N` is N below the root."""
    if tag == "role":
        return instance.roles[leader.role].id if leader.role is not None else None
    if tag == "branch" or tag.startswith("branch:"):
        from_root = instance.lineages[leader.branch][::-1]
        at = len(from_root) - 1 if tag == "branch" else int(tag.split(":")[1])
        return instance.branches[from_root[at]].id if at < len(from_root) else None
    return dict(leader.tags).get(tag)


def _all_values(instance: Instance, tag: str) -> list[str]:
    found = {_value(instance, leader, tag) for leader in instance.leaders}
    return sorted(value for value in found if value is not None)


def _of(instance: Instance, entries: Entries, attending: Mapping[int, Sequence[int]]) -> Iterator[_Class]:
    for s, groups in sorted(entries.items()):
        people = set(attending.get(s, ()))
        inside = tuple(
            tuple(i for id_ in group if (i := instance.leader_by_id.get(id_)) in people and i is not None)
            for group in groups
        )
        yield _Class(instance, s, tuple(sorted(people)), inside)


# --- rules ----------------------------------------------------------------------------------------------


def broken(instance: Instance, entries: Entries, attending: Mapping[int, Sequence[int]]) -> _Broken:
    """Every broken rule: all who attend sit in one group each, nobody else does, of as many as needed."""
    for one in _of(instance, entries, attending):
        id_ = instance.sessions[one.session].id
        seated = Counter(leader for group in entries[one.session] for leader in group)
        there = {instance.leaders[i].id for i in one.people}
        for leader, n in sorted(seated.items()):
            if leader not in there:
                yield id_, tr("{leader} is in a group, but does not attend", leader=leader)
            elif n > 1:
                yield id_, tr("{leader} is in {n} groups", leader=leader, n=n)
        for leader in sorted(there - seated.keys()):
            yield id_, tr("{leader} attends, but is in no group", leader=leader)
        if len(entries[one.session]) != one.n_groups:
            message = tr(
                "has {n} groups, expected {expected}: {people} people in groups of {most} at most",
                n=len(entries[one.session]),
                expected=one.n_groups,
                people=one.heads(one.people),
                most=one.sizes[1],
            )
            yield id_, message


# --- goals ----------------------------------------------------------------------------------------------


def goals(instance: Instance, entries: Entries, attending: Mapping[int, Sequence[int]]) -> GroupGoals:
    """What groups have of what they should have little of; who changes group is for `verification.after`."""
    return sum((_goals(one) for one in _of(instance, entries, attending)), GroupGoals())


def _goals(one: _Class) -> GroupGoals:
    instance, (least, most) = one.instance, one.sizes
    at = {i: g for g, group in enumerate(one.groups) for i in group}
    ties = outside = mix = like = 0
    for tie in instance.ties:
        if tie.each == "group":
            groups = [at[i] for i in tie.leaders if i in at]
            ties += len(set(groups)) < len(groups) if tie.kind == "apart" else len(set(groups)) > 1
    weights = dict(instance.policy.groups)
    for group in one.groups:
        size = one.heads(group)
        outside += max(0, least - size) + max(0, size - most)
        count: dict[str, Counter[str]] = {tag: Counter() for tag in one.values}
        for tag, of in one.values.items():
            for i in group:
                if i in of:
                    count[tag][of[i]] += instance.leaders[i].headcount
        for (tag, value), asked in one.wishes.items():
            mix += sum(_missed(entry, count[tag][value], size) for entry in asked)
        like += sum(weight * n * (n - 1) // 2 for tag, weight in weights.items() for n in count[tag].values())
    before = _met(one)
    met = sum((a, b) in before for group in one.groups for a, b in combinations(sorted(group), 2))
    return GroupGoals(ties=ties, outside=outside, mix=mix, like=like, met=met)


def _missed(mix: Mix, n: int, size: int) -> int:
    """People missing to an entry or too many, and a lone one, where n of `size` people are counted by it."""
    lone = not mix.alone and n == 1
    return max(0, _number(mix.at_least, size, up=True) - n) + _over(mix, n, size) + lone


def _over(mix: Mix, n: int, size: int) -> int:
    return 0 if mix.at_most is None else max(0, n - _number(mix.at_most, size, up=False))


def _number(amount: Amount | None, size: int, *, up: bool) -> int:
    if amount is None:
        return 0
    if not amount.is_share:
        return amount.n
    return -(-amount.n * size // 100) if up else amount.n * size // 100


def _met(one: _Class) -> set[tuple[int, int]]:
    """Pairs of those who attend that sat in one group before."""
    there = set(one.people)
    return {pair for group in one.instance.met for pair in combinations(sorted(there.intersection(group)), 2)}


# --- the bound ------------------------------------------------------------------------------------------


def closed_form(instance: Instance, entries: Entries, attending: Mapping[int, Sequence[int]]) -> GroupGoals:
    """No groups of these people come before it, in the order of goals; who changes group is left out."""
    return sum((_least(one) for one in _of(instance, entries, attending)), GroupGoals())


def _least(one: _Class) -> GroupGoals:
    if one.n_groups <= 1:  # there is one way only
        return _goals(_Class(one.instance, one.session, one.people, (one.people,)))
    k, (least, most) = one.n_groups, one.sizes
    rows = [one.instance.leaders[i].headcount for i in one.people]
    there = set(one.people)
    outside = max(0, k * least - sum(rows), sum(max(0, n - most) for n in rows))
    sizes = range(max(0, least - outside), most + outside + 1)
    weights = dict(one.instance.policy.groups)
    mix = like = 0
    for tag in one.values:
        totals = one.totals(tag)
        for other, value in one.wishes:
            if other == tag:
                totals.setdefault(value, [])
        missed, pairs = _least_of_tag(one, tag, totals, sizes)
        mix += missed
        like += weights.get(tag, 0) * pairs
    return GroupGoals(
        ties=sum(
            tie.each == "group" and tie.kind == "apart" and len(there.intersection(tie.leaders)) > k
            for tie in one.instance.ties
        ),
        outside=outside,
        mix=mix,
        like=like,
        met=_least_met(one),
    )


def _evenly(people: int, k: int) -> int:
    """Pairs among n people who are spread evenly over k groups."""
    n = people // k
    return k * (n * (n - 1) // 2) + (people - k * n) * n


def _least_of_tag(one: _Class, tag: str, totals: dict[str, list[int]], sizes: range) -> tuple[int, int]:
    """What `mix` misses at least of a tag's values, and their fewest pairs then."""
    k = one.n_groups
    missed = pairs = even = 0
    for value, rows in totals.items():
        least = _least_of_value(one.wishes.get((tag, value), []), sum(rows), k, sizes)
        missed += least[0]
        pairs += max(least[1], sum(n * (n - 1) // 2 for n in rows))  # a row sits together
        even += _evenly(sum(rows), k)
    if len(totals) == 2 and (missed, pairs) > (0, even) and len(one.values[tag]) == len(one.people):
        asked = [one.wishes.get((tag, value), []) for value in totals]
        first, second = (sum(rows) for rows in totals.values())
        return max((missed, pairs), _least_of_two(asked, first, second, k, sizes))
    return missed, pairs


def _least_of_value(asked: list[Mix], people: int, k: int, sizes: range) -> tuple[int, int]:
    if not asked:
        return 0, _evenly(people, k)
    import numpy as np  # noqa: PLC0415 (seldom needed)

    scale = people * people + 1
    cost = []
    for n in range(min(people, sizes[-1]) + 1):
        fitting = [size for size in sizes if size >= n]
        cost.append(
            scale * sum(min(_missed(mix, n, size) for size in fitting) for mix in asked) + n * (n - 1) // 2
        )
    best = _nothing(people + 1)
    best[0] = 0
    for _ in range(k):
        after = _nothing(people + 1)
        for n, more in enumerate(cost):
            after[n:] = np.minimum(after[n:], best[: len(best) - n] + more)
        best = after
    return divmod(int(best[people]), scale)


def _least_of_two(asked: list[list[Mix]], first: int, second: int, k: int, sizes: range) -> tuple[int, int]:
    """The same where one of two values fills what the other leaves, as everybody has one of them."""
    import numpy as np  # noqa: PLC0415 (seldom needed)

    scale, people = (first + second) ** 2 + 1, first + second
    choices = [(n, f, n - f) for n in sizes for f in range(n + 1) if f <= first and n - f <= second]
    if k * len(choices) * (first + 1) * (1 + k * (len(sizes) - 1)) > _MOST_WORK:
        return 0, 0
    best = _nothing((first + 1, people + 1))
    best[0, 0] = 0
    for g in range(1, k + 1):
        after = _nothing(best.shape)
        # others can seat the rest
        low = max(g * sizes[0], people - (k - g) * sizes[-1])
        high = min(g * sizes[-1], people - (k - g) * sizes[0])
        for n, f, m in choices:
            missed = sum(_missed(mix, f, n) for mix in asked[0]) + sum(_missed(mix, m, n) for mix in asked[1])
            cost = scale * missed + f * (f - 1) // 2 + m * (m - 1) // 2
            begin, end = max(low, n), high + 1
            if begin < end:
                taken = best[: first + 1 - f, begin - n : end - n] + cost
                after[f:, begin:end] = np.minimum(after[f:, begin:end], taken)
        best = after
    return divmod(int(best[first, people]), scale)


def _nothing(shape: int | tuple[int, ...]) -> np.ndarray:
    """Costs of what can't be: no sum of k of them overflows."""
    import numpy as np  # noqa: PLC0415 (seldom needed)

    return np.full(shape, 2**52, dtype=np.int64)


def _least_met(one: _Class) -> int:
    """Pairs who must meet again: larger groups of before, of which no two share a pair, spread evenly."""
    there = set(one.people)
    before = {tuple(sorted(there.intersection(group))) for group in one.instance.met}
    seen: set[tuple[int, int]] = set()
    least = 0
    for group in sorted(before, key=lambda leaders: (-len(leaders), leaders)):
        pairs = set(combinations(group, 2))
        if len(group) > one.n_groups and seen.isdisjoint(pairs):
            seen |= pairs
            least += _evenly(len(group), one.n_groups)
    return least


# --- statements -----------------------------------------------------------------------------------------


def wrong_statements(info: GroupingInfo, true: GroupGoals, least: GroupGoals) -> _Broken:
    """What a plan states of its groups and is not so; `true` and `least` are `goals` and `closed_form`."""
    moved = info.goals.moved
    if (*true.order[:3], moved, *true.order[4:]) != info.goals.order:
        message = tr(
            "goals of groups stated as {stated}, recomputed {true}", stated=info.goals.order, true=true
        )
        yield "grouping", message
    if info.bound > info.goals.order:
        message = tr(
            "bound {bound} of groups comes after their own {own}", bound=info.bound, own=info.goals.order
        )
        yield "grouping", message
    reached = info.goals.order == least.order and info.bound == info.goals.order
    if info.status == "optimal" and not reached:
        message = tr(
            "groups stated to be optimal, with goals {goals}; proven without a solver is {bound}",
            goals=info.goals.order,
            bound=least.order,
        )
        yield "grouping", message
