"""The proven optimum of a small instance by enumeration, resting on `cadreplan.check` alone.

Every set of sessions a leader may hold under the rules of one leader is listed by checking it alone; the sets
are then combined leader by leader, with the sum of each leader's best as a bound, for every choice of running
candidates and with every assignment of rooms.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import OF_ONE_LEADER, check

SHARED = ("open", "underfill", "mix")


def optimum(instance: Instance, past: Solution | None = None) -> tuple[int, Solution] | None:
    """The best value and one solution that has it, or None where no solution keeps all hard rules.

    Who attends frozen sessions, which of them run and where is as in `past`.
    """
    columns = [_columns(instance, i) for i in range(len(instance.leaders))]
    if past is not None:
        frozen = {s for s, session in enumerate(instance.sessions) if session.frozen}
        columns = [
            [c for c in of if set(c[1]) & frozen == set(past.chosen[i]) & frozen]
            for i, of in enumerate(columns)
        ]
    if not all(columns):
        return None
    best: tuple[int, Solution] | None = None
    for running, rooms in _stages(instance, past):
        best = _combine(instance, columns, running, rooms, best)
    return best


def _columns(instance: Instance, leader: int) -> list[tuple[int, tuple[int, ...]]]:
    """(worth, sessions) of each set that keeps the rules of one leader, best first."""
    alone = replace(instance, leaders=(instance.leaders[leader],), mix=(), ties=())
    nobody = check(alone, Solution(((),))).terms
    found = []
    sessions = [
        s
        for s in range(len(instance.sessions))
        if not _broken(alone, (s,)) - {"useful", "prerequisite", "standards", "pins"}
    ]
    for n in range(len(sessions) + 1):
        sets = [c for c in combinations(sessions, n) if not _broken(alone, c)]
        for chosen in sets:
            report = check(alone, Solution((chosen,)))
            terms = report.terms
            shared = sum(getattr(terms, t) - getattr(nobody, t) for t in SHARED) + sum(
                getattr(nobody, t) for t in SHARED
            )
            found.append((report.value - shared, chosen))
    return sorted(found, key=lambda c: (-c[0], c[1]))


def _broken(alone: Instance, chosen: tuple[int, ...]) -> set[str]:
    return {v.rule for v in check(alone, Solution((chosen,))).violations} & OF_ONE_LEADER


def _stages(instance: Instance, past: Solution | None) -> list[tuple[frozenset[int], dict[int, int]]]:
    """Every choice of running candidates with every conflict-free assignment of rooms."""
    candidates = [s for s, session in enumerate(instance.sessions) if session.candidate]
    stages = []
    for flags in product((False, True), repeat=len(candidates)):
        running = frozenset(s for s, flag in zip(candidates, flags, strict=True) if flag)
        if past is not None and any(
            (s in running) != (s in past.running) for s in candidates if instance.sessions[s].frozen
        ):
            continue
        runs = [0] * len(instance.offerings)
        for s in running:
            offering = instance.sessions[s].offering
            if offering is not None and not instance.sessions[s].frozen:
                runs[offering] += 1
        if any(
            o.max_runs is not None and n > max(0, o.max_runs - _begun(instance, k, past))
            for k, (o, n) in enumerate(zip(instance.offerings, runs, strict=True))
        ):
            continue
        if not all(limit.keeps(running) for limit in instance.limits):
            continue
        housed = [
            s
            for s, session in enumerate(instance.sessions)
            if (s in running or not session.candidate)
            and instance.sites[session.site].rooms is not None
            and session.needs_room
        ]
        stages += [(running, rooms) for rooms in _room_assignments(instance, housed)]
    return stages


def _begun(instance: Instance, offering: int, past: Solution | None) -> int:
    return sum(
        session.frozen and session.offering == offering and past is not None and s in past.running
        for s, session in enumerate(instance.sessions)
    )


def _room_assignments(instance: Instance, housed: list[int]) -> list[dict[int, int]]:
    found: list[dict[int, int]] = [{}]
    for s in housed:
        session = instance.sessions[s]
        found = [
            {**rooms, s: r}
            for rooms in found
            for r in range(len(instance.sites[session.site].rooms or ()))
            if session.room in (None, r)
            and not any(
                q == r
                and not (session.frozen and instance.sessions[t].frozen)
                and instance.sessions[t].site == session.site
                and set(instance.sessions[t].days) & set(session.days)
                for t, q in rooms.items()
            )
        ]
    best: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
    for rooms in found:  # only the seats of the rooms matter for the worth
        seats = tuple(
            sorted(
                (s, (instance.sites[instance.sessions[s].site].rooms or ())[r].seats)
                for s, r in rooms.items()
            )
        )
        best.setdefault(seats, rooms)
    return list(best.values())


def _combine(
    instance: Instance,
    columns: list[list[tuple[int, tuple[int, ...]]]],
    running: frozenset[int],
    rooms: dict[int, int],
    best: tuple[int, Solution] | None,
) -> tuple[int, Solution] | None:
    open_cost = instance.policy.weights.open * sum(instance.sessions[s].cost for s in running)
    usable = [
        [c for c in cols if all(not instance.sessions[s].candidate or s in running for s in c[1])]
        for cols in columns
    ]
    if not all(usable):
        return best
    capacity = {s: 1000 if session.frozen else session.seats for s, session in enumerate(instance.sessions)}
    for s, r in rooms.items():
        if instance.sessions[s].frozen:
            continue
        capacity[s] = min(capacity[s], (instance.sites[instance.sessions[s].site].rooms or ())[r].seats)
    rest = [0] * (len(usable) + 1)
    for i in range(len(usable) - 1, -1, -1):
        rest[i] = rest[i + 1] + usable[i][0][0]
    stack: list[tuple[int, ...]] = []

    def descend(i: int, worth: int) -> None:
        nonlocal best
        if best is not None and worth + rest[i] - open_cost <= best[0]:
            return
        if i == len(usable):
            solution = Solution(tuple(stack), running, rooms)
            report = check(instance, solution)
            if report.ok and (best is None or report.value > best[0]):
                best = (report.value, solution)
            return
        heads = instance.leaders[i].headcount
        for value, chosen in usable[i]:
            if all(capacity[s] >= heads for s in chosen):
                for s in chosen:
                    capacity[s] -= heads
                stack.append(chosen)
                if not _overfull(instance, stack, running, rooms):
                    descend(i + 1, worth + value)
                stack.pop()
                for s in chosen:
                    capacity[s] += heads

    descend(0, 0)
    return best


def _overfull(
    instance: Instance, stack: list[tuple[int, ...]], running: frozenset[int], rooms: dict[int, int]
) -> bool:
    """Whether the leaders placed so far already break a rule that more leaders cannot mend."""
    ties = [replace(tie, leaders=tuple(i for i in tie.leaders if i < len(stack))) for tie in instance.ties]
    part = replace(instance, leaders=instance.leaders[: len(stack)], mix=(), ties=tuple(ties))
    report = check(part, Solution(tuple(stack), running, rooms))
    return any(v.rule in ("seats", "beds", "branch", "ties") for v in report.violations)
