"""From a solution to its classes: whom groups are made of, and from the search back to the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cadreplan.cohorts import Amount
from cadreplan.grouping.problem import GroupTie, Problem, Tag, Wish
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.tags import value_of, values_of


@dataclass(frozen=True, slots=True)
class Class:
    """Who attends a session that has groups: row r of `problem` is leader `leaders[r]`."""

    session: int
    leaders: tuple[int, ...]
    problem: Problem


def classes_of(instance: Instance, solution: Solution) -> Iterator[Class]:
    """Every attended session with groups; of frozen ones they are settled."""
    people: dict[int, list[int]] = defaultdict(list)
    for i, chosen in enumerate(solution.chosen):
        for s in chosen:
            people[s].append(i)
    reader = _Reader(instance)
    for s in sorted(people):
        session = instance.sessions[s]
        if session.groups is not None and not session.frozen:
            yield Class(s, tuple(people[s]), reader.problem(s, people[s]))


class _Reader:
    """Reads values of tags once for all classes."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._weights = dict(instance.policy.groups)
        self._mix = [mix for mix in instance.mix if mix.each == "group"]
        tags = dict.fromkeys((*self._weights, *(mix.tag for mix in self._mix)))
        self._codes: dict[str, dict[str, int]] = {
            tag: {value: v for v, value in enumerate(values_of(instance, tag))} for tag in tags
        }
        self._of = {
            tag: [codes.get(value_of(instance, leader, tag) or "", -1) for leader in instance.leaders]
            for tag, codes in self._codes.items()
        }
        self._met: dict[int, list[int]] = defaultdict(list)
        for n, group in enumerate(instance.met):
            for i in group:
                self._met[i].append(n)

    def problem(self, s: int, people: Sequence[int]) -> Problem:
        instance, sizes = self._instance, self._instance.sessions[s].groups
        assert sizes is not None
        mixes = [mix for mix in self._mix if mix.sessions is None or s in mix.sessions]
        names = [tag for tag in self._codes if tag in self._weights or any(mix.tag == tag for mix in mixes)]
        row = {i: r for r, i in enumerate(people)}
        return Problem(
            heads=tuple(instance.leaders[i].headcount for i in people),
            least=sizes[0],
            most=sizes[1],
            tags=tuple(
                Tag(tuple(self._of[tag][i] for i in people), self._weights.get(tag, 0)) for tag in names
            ),
            wishes=tuple(
                Wish(names.index(mix.tag), value, _amount(mix.at_least), _amount(mix.at_most), mix.alone)
                for mix in mixes
                for value in self._asked(mix.tag, mix.value)
            ),
            ties=tuple(
                GroupTie(rows, tie.kind == "apart")
                for tie in instance.ties
                if tie.each == "group" and len(rows := tuple(row[i] for i in tie.leaders if i in row)) > 1
            ),
            met=self._groups_before(people, row),
            home=self._home(s, people),
        )

    def _asked(self, tag: str, value: str | None) -> list[int]:
        """Codes of the values that an entry counts; one that nobody has comes after all others."""
        codes = self._codes[tag]
        return list(codes.values()) if value is None else [codes.get(value, len(codes))]

    def _groups_before(self, people: Sequence[int], row: dict[int, int]) -> tuple[tuple[int, ...], ...]:
        """Rows of this class who sat in one group before, two or more."""
        groups = dict.fromkeys(n for i in people for n in self._met.get(i, ()))
        found = [tuple(sorted(row[i] for i in self._instance.met[n] if i in row)) for n in sorted(groups)]
        return tuple(dict.fromkeys(rows for rows in found if len(rows) > 1))

    def _home(self, s: int, people: Sequence[int]) -> tuple[int, ...]:
        past = self._instance.past
        if past is None or s not in past.groups:
            return ()
        at = {i: g for g, group in enumerate(past.groups[s]) for i in group}
        return tuple(at.get(i, -1) for i in people)


def _amount(amount: Amount | None) -> int | tuple[int, int] | None:
    return None if amount is None else (amount.n, 100) if amount.is_share else amount.n
