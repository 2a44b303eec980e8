"""What changes between two plans: who moves, what it closes, which sessions open, close or are refilled.

Everything is read from the two plan documents alone, so that plans of different rosters, or of rosters that
have changed since, can be compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Literal

from cadreplan.plan import Plan, Terms

LeaderKind = Literal["moved", "gained", "lost", "unmoved"]
"""`moved` gives a session up and gets another, `gained` only gets, `lost` only gives up; `unmoved` keeps all
sessions and yet has other open skill gaps than before, because the roster has changed."""

SessionKind = Literal["opened", "closed", "refilled", "moved"]
"""`moved`: the same people in another room."""


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """What one leader gives up and gets, by session id; skill gaps that are open no longer, and newly."""

    leader: str
    kind: LeaderKind
    given_up: tuple[str, ...]
    got: tuple[str, ...]
    no_longer_open: tuple[str, ...]
    newly_open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What becomes of one session: leader ids that leave and come, entries before and after, the rooms."""

    session: str
    kind: SessionKind
    leave: tuple[str, ...]
    come: tuple[str, ...]
    before: int
    after: int
    room_before: str | None
    room_after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, sorted by id; `kept` counts assignments that are in both plans."""

    leaders: tuple[LeaderChange, ...]
    sessions: tuple[SessionChange, ...]
    old_terms: Terms
    new_terms: Terms
    kept: int

    @property
    def same(self) -> bool:
        """Whether nobody and nothing changes, whatever the solver states."""
        return not self.leaders and not self.sessions and self.old_terms == self.new_terms

    @property
    def worth(self) -> int:
        """Points by which the new plan is worth more."""
        return self.new_terms.total - self.old_terms.total

    def by_term(self) -> list[tuple[str, int, int]]:
        """(term, points before, points after) in the order of the terms."""
        return [
            (f.name, getattr(self.old_terms, f.name), getattr(self.new_terms, f.name)) for f in fields(Terms)
        ]


def diff(old: Plan, new: Plan) -> Difference:
    """Everything that changes from one plan to the other. Takes time linear in both."""
    before, after = set(old.assignments), set(new.assignments)
    return Difference(
        leaders=tuple(_leaders(old, new, before - after, after - before)),
        sessions=tuple(_sessions(old, new, before - after, after - before)),
        old_terms=old.terms,
        new_terms=new.terms,
        kept=len(before & after),
    )


def _leaders(
    old: Plan, new: Plan, gone: set[tuple[str, str]], come: set[tuple[str, str]]
) -> Iterable[LeaderChange]:
    open_before = {(gap.leader, gap.skill) for gap in old.open_gaps}
    open_after = {(gap.leader, gap.skill) for gap in new.open_gaps}
    given_up, got = _grouped(gone), _grouped(come)
    cured, opened = _grouped(open_before - open_after), _grouped(open_after - open_before)
    for leader in sorted(given_up.keys() | got.keys() | cured.keys() | opened.keys()):
        loses, gets = given_up.get(leader, ()), got.get(leader, ())
        kind: LeaderKind = "moved" if loses and gets else "gained" if gets else "lost" if loses else "unmoved"
        yield LeaderChange(leader, kind, loses, gets, cured.get(leader, ()), opened.get(leader, ()))


def _sessions(
    old: Plan, new: Plan, gone: set[tuple[str, str]], come: set[tuple[str, str]]
) -> Iterable[SessionChange]:
    leave, join = _grouped((s, i) for i, s in gone), _grouped((s, i) for i, s in come)
    before, after = Counter(s for _, s in old.assignments), Counter(s for _, s in new.assignments)
    held = {entry.id: entry.room for entry in old.sessions if entry.runs}
    holds = {entry.id: entry.room for entry in new.sessions if entry.runs}
    for s in sorted(leave.keys() | join.keys() | held.keys() | holds.keys()):
        kind: SessionKind
        if s not in held and s in holds:
            kind = "opened"
        elif s in held and s not in holds:
            kind = "closed"
        elif s in leave or s in join:
            kind = "refilled"
        elif held.get(s) != holds.get(s):
            kind = "moved"
        else:
            continue
        people = leave.get(s, ()), join.get(s, ())
        yield SessionChange(s, kind, *people, before[s], after[s], held.get(s), holds.get(s))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(sorted(values)) for key, values in groups.items()}
