"""What `mix` and `ties` want, laid out for engines: who is counted in which session, who is tied when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cadreplan.cohorts import Amount, Mix
from cadreplan.instance import Instance
from cadreplan.tags import value_of


@dataclass(frozen=True, slots=True)
class Want:
    """One value of one entry of `mix` for classes: `having` are the leaders who have it."""

    tag: str
    value: str
    having: frozenset[int]
    sessions: tuple[int, ...]
    at_least: Amount | None
    at_most: Amount | None
    hard: bool


def wants(instance: Instance) -> list[Want]:
    """All wants of classes; soft ones only where they cost points. Hard ones aren't for frozen sessions."""
    found: list[Want] = []
    weight = instance.policy.weights.mix
    everywhere = tuple(range(len(instance.sessions)))
    having: dict[str, Mapping[str, set[int]]] = {}
    for entry in instance.mix:
        if entry.each != "class" or not (entry.hard or weight):
            continue
        if entry.tag not in having:
            having[entry.tag] = _having(instance, entry.tag)
        sessions = everywhere if entry.sessions is None else entry.sessions
        if entry.hard:
            sessions = tuple(s for s in sessions if not instance.sessions[s].frozen)
        for value, members in _counted(entry, having[entry.tag]):
            found.append(
                Want(
                    entry.tag,
                    value,
                    frozenset(members),
                    sessions,
                    entry.at_least,
                    entry.at_most,
                    entry.hard,
                )
            )
    return found


def _having(instance: Instance, tag: str) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for i, leader in enumerate(instance.leaders):
        if (value := value_of(instance, leader, tag)) is not None:
            found[value].add(i)
    return found


def _counted(entry: Mix, having: Mapping[str, set[int]]) -> Iterator[tuple[str, set[int]]]:
    """Every value that is counted, with those who have it."""
    if entry.value is not None:
        yield entry.value, having.get(entry.value, set())
        return
    for value in sorted(having):
        yield value, having[value]


def apart(instance: Instance, each: str) -> list[tuple[int, tuple[int, ...]]]:
    """The ties of a day, or of a class, that keep leaders apart: the number of each and its leaders."""
    return [
        (t, tie.leaders)
        for t, tie in enumerate(instance.ties)
        if tie.kind == "apart" and tie.each == each and len(tie.leaders) > 1
    ]


def lacking(want: Want, people: int, there: int) -> int:
    """People too few and too many in a session with that many there, of whom `people` are counted."""
    return sum(short_and_over(want, people, there)) if there else 0


def short_and_over(want: Want, people: int, there: int) -> tuple[int, int]:
    """How many of those counted are missing, and how many are too many, where that many are there."""
    short = over = 0
    if want.at_least is not None:
        n, is_share = want.at_least
        short = -(-(n * there - 100 * people) // 100) if is_share else n - people
    if want.at_most is not None:
        n, is_share = want.at_most
        over = -(-(100 * people - n * there) // 100) if is_share else people - n
    return max(0, short), max(0, over)
