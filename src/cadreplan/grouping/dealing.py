"""Groups at once, without any search: like people are dealt out in turn."""

from __future__ import annotations

from heapq import heapify, heapreplace

from cadreplan.grouping.problem import Problem


def dealt(problem: Problem) -> list[int]:
    """A first division: like rows are dealt to groups in turn, whole rows to the group with the fewest.

    Those who had a group keep it, where it still is.
    """
    order = [t for t, _ in sorted(enumerate(problem.tags), key=lambda pair: -pair[1].weight)]
    keys = [tuple(problem.tags[t].codes[row] for t in order) for row in range(problem.n)]
    at = [-1] * problem.n
    size = [0] * problem.k
    for row, home in enumerate(problem.home):
        if 0 <= home < problem.k:
            at[row] = home
            size[home] += problem.heads[row]
    turn = [(n, g) for g, n in enumerate(size)]  # at equal numbers of people the next group in turn
    heapify(turn)
    for row in sorted(range(problem.n), key=lambda row: (-problem.heads[row], keys[row], row)):
        if at[row] < 0:
            n, at[row] = turn[0]
            heapreplace(turn, (n + problem.heads[row], at[row]))
    return at
