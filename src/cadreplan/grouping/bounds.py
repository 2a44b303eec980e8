"""What no division can be better than, in closed form: each value of each tag by itself.

Between groups, people of one value are like pairs to each other only within a group. C(n, 2) is convex in n,
so T people over k groups have the fewest pairs where no two groups differ by more than one, whatever the
groups' sizes. Sums over values and tags are a lower bound, and most classes reach it. Wishes change which
numbers of a value a group may have: then the least is found group by group (a min-plus convolution), first of
what wishes miss, then of pairs. That is sound for divisions that miss as little as the bound says, and what
misses more comes later in the order of goals anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from cadreplan.goals import GroupGoals
from cadreplan.grouping.problem import Problem, Wish, goals_of

_NEVER = np.int64(2**61)
"""Cost of what can't be: no sum of two of them overflows."""

_MOST_WORK = 200_000_000
"""Steps of the table of two values at most, about half a second; a larger class does without it."""


def spread(people: int, groups: int) -> int:
    """Pairs that `people` of one value must have in that many groups."""
    each, more = divmod(people, groups)
    return (groups - more) * (each * (each - 1) // 2) + more * (each * (each + 1) // 2)


def lower_bound(problem: Problem) -> GroupGoals:
    """No division's goals come before it, compared in their order."""
    ties = sum(tie.apart and len(tie.rows) > problem.k for tie in problem.ties)
    outside = least_outside(problem)
    wishes: dict[tuple[int, int], list[Wish]] = defaultdict(list)
    for wish in problem.wishes:
        wishes[wish.tag, wish.value].append(wish)
    mix = like = 0
    for t, tag in enumerate(problem.tags):
        rows: dict[int, list[int]] = {value: [] for of, value in wishes if of == t}
        for row, value in enumerate(tag.codes):
            if value >= 0:
                rows.setdefault(value, []).append(problem.heads[row])
        values = [(rows[value], wishes[t, value]) for value in sorted(rows)]
        missed, pairs = _of_tag(problem, values, outside)
        mix += missed
        like += tag.weight * pairs
    if problem.k == 1:  # there is one division only
        only = goals_of(problem, [0] * problem.n)
        mix, like = only.mix, only.like
        return GroupGoals(only.ties, only.outside, mix, only.moved, like, only.met)
    return GroupGoals(ties, outside, mix, _least_moved(problem, outside), like, _least_met(problem))


def least_outside(problem: Problem) -> int:
    """People outside the sizes at least: too few for all groups, or a row that is larger than a group."""
    lacking = sum(least for least, _ in problem.sizes) - problem.people
    large = sum(max(0, n - problem.most) for n in problem.heads)
    return max(0, lacking, large)


def _of_tag(
    problem: Problem, values: Sequence[tuple[list[int], list[Wish]]], outside: int
) -> tuple[int, int]:
    """The least that wishes miss of a tag's values, and the fewest pairs then.

    Each value comes with the headcounts of the rows that have it, and the wishes about it.
    """
    missed = pairs = free = 0
    for heads, wishes in values:
        lacking, least = _of_value(problem, sum(heads), wishes, outside)
        missed += lacking
        pairs += max(least, sum(n * (n - 1) // 2 for n in heads))
        free += spread(sum(heads), problem.k)
    if len(values) == 2 and (missed, pairs) > (0, free):
        totals = [sum(heads) for heads, _ in values]
        if sum(totals) == problem.people:
            both = _of_two(problem, totals, [wishes for _, wishes in values], outside)
            return max((missed, pairs), both)
    return missed, pairs


def _of_value(problem: Problem, people: int, wishes: list[Wish], outside: int) -> tuple[int, int]:
    """The same for one value by itself."""
    k = problem.k
    if not wishes:
        return 0, spread(people, k)
    # no group is larger, or smaller, in a division that has no more people outside the sizes than it must
    largest, smallest = problem.most + outside, max(0, problem.least - outside)
    heavy = 1 + people * people  # above all pairs of the value
    cost = [
        heavy * sum(_missed(wish, n, smallest, largest) for wish in wishes) + n * (n - 1) // 2
        for n in range(min(people, largest) + 1)
    ]
    total = int(_least_sum(np.array(cost, dtype=np.int64), k, people))
    return divmod(total, heavy)


def _of_two(problem: Problem, people: list[int], wishes: list[list[Wish]], outside: int) -> tuple[int, int]:
    """The same for a tag that everybody has, with two values: one fills what the other leaves.

    Group by group: the cheapest way to have seated n people, f of them of the first value, for each n and f.
    """
    k, total, first = problem.k, problem.people, people[0]
    largest, smallest = problem.most + outside, max(0, problem.least - outside)
    heavy = 1 + total * total
    options = [
        (n, f, heavy * lacking + (f * (f - 1) + (n - f) * (n - f - 1)) // 2)
        for n in range(smallest, largest + 1)
        for f in range(max(0, n - people[1]), min(n, first) + 1)
        for lacking in (
            sum(wish.missed(f, n) for wish in wishes[0]) + sum(wish.missed(n - f, n) for wish in wishes[1]),
        )
    ]
    if k * len(options) * (first + 1) * (1 + k * (largest - smallest)) > _MOST_WORK:
        return 0, 0
    cheapest = np.full((total + 1, first + 1), _NEVER, dtype=np.int64)
    cheapest[0, 0] = 0
    for g in range(1, k + 1):
        # seats that are taken after g groups, so that the others can take the rest
        low = max(g * smallest, total - (k - g) * largest)
        high = min(g * largest, total - (k - g) * smallest)
        after = np.full_like(cheapest, _NEVER)
        for n, f, cost in options:
            a, b = max(0, low - n), max(0, high - n) + 1
            if high >= n:
                target = after[a + n : b + n, f:]
                np.minimum(target, cheapest[a:b, : first + 1 - f] + cost, out=target)
        cheapest = np.minimum(after, _NEVER)
    return divmod(int(cheapest[total, first]), heavy)


def _missed(wish: Wish, n: int, smallest: int, largest: int) -> int:
    """What a wish misses at least, where a group of an unknown size has n of its people."""
    sizes = range(max(n, smallest), max(n, largest) + 1)
    return min(wish.missed(n, size) for size in sizes)


def _least_sum(cost: np.ndarray, k: int, people: int) -> np.int64:
    """The least sum of k costs whose numbers of people add up to `people`; by doubling."""
    result = np.full(people + 1, _NEVER, dtype=np.int64)
    result[0] = 0
    power = np.full(people + 1, _NEVER, dtype=np.int64)
    power[: len(cost)] = cost
    while k:
        if k & 1:
            result = _convolved(result, power)
        k >>= 1
        if k:
            power = _convolved(power, power)
    return np.int64(result[people])


def _convolved(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    found = np.full(len(a), _NEVER, dtype=np.int64)
    for n in np.flatnonzero(b < _NEVER):
        np.minimum(found[n:], a[: len(a) - n] + b[n], out=found[n:])
    return np.minimum(found, _NEVER)


def _least_moved(problem: Problem, outside: int) -> int:
    """People who can't keep their group: it is no more, it is too large, or others lack people."""
    staying = [0] * problem.k
    homeless = gone = 0
    for row, home in enumerate(problem.home):
        if 0 <= home < problem.k:
            staying[home] += problem.heads[row]
        elif home >= 0:
            gone += problem.heads[row]
        else:
            homeless += problem.heads[row]
    if not problem.home or outside:
        return gone
    over = sum(max(0, n - problem.most) for n in staying)
    short = sum(max(0, problem.least - n) for n in staying)
    return max(gone + over, short - homeless)


def _least_met(problem: Problem) -> int:
    """Pairs who must meet again: groups of before, of which no two share a pair, spread over the groups."""
    taken: set[tuple[int, int]] = set()
    least = 0
    for group in sorted(problem.met, key=lambda rows: (-len(rows), rows)):
        if len(group) <= problem.k:
            break  # smaller ones can all sit apart
        rows = sorted(group)
        pairs = {(a, b) for x, a in enumerate(rows) for b in rows[x + 1 :]}
        if pairs.isdisjoint(taken):
            taken |= pairs
            least += spread(len(rows), problem.k)
    return least
