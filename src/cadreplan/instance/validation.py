"""What holds for every instance, whoever makes it: indices are of something, and numbers make sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeVar

from cadreplan.instance.entities import Branch, Leader, Session

if TYPE_CHECKING:
    from cadreplan.instance.problem import Instance

T = TypeVar("T")


def validate(instance: Instance) -> None:
    """Raise `ValueError` for the first entity that refers to none, or says what can't be.

    Ids aren't looked at: indices tell entities apart, and a copy of a session may be tried out under its id.
    """
    one = instance
    skills, modules, sites, sessions = map(len, (one.skills, one.modules, one.sites, one.sessions))
    branches, leaders = len(one.branches), len(one.leaders)
    _refer("skills", one.skills, "ability", lambda skill: (skill.ability,), len(one.abilities))
    _refer("modules", one.modules, "teaches", lambda module: _first(module.teaches), skills)
    _refer("modules", one.modules, "requires", lambda module: chain(*module.requires), modules)
    _refer("roles", one.roles, "needs", lambda role: _first(role.needs), skills)
    _refer("branches", one.branches, "parent", lambda branch: _maybe(branch.parent), branches)
    _each("branches", one.branches, lambda branch: _circle(one.branches, branch))
    _refer("lecturers", one.lecturers, "modules", lambda lecturer: lecturer.modules or (), modules)
    _refer("lecturers", one.lecturers, "site", lambda lecturer: _maybe(lecturer.site), sites)
    _refer("sessions", one.sessions, "site", lambda session: (session.site,), sites)
    _refer("sessions", one.sessions, "modules", lambda session: session.modules, modules)
    _refer("sessions", one.sessions, "branches", lambda session: session.branches or (), branches)
    _refer("sessions", one.sessions, "roles", lambda session: session.roles or (), len(one.roles))
    _refer("sessions", one.sessions, "quotas", lambda session: _first(session.quotas), branches)
    _refer("sessions", one.sessions, "offering", lambda session: _maybe(session.offering), len(one.offerings))
    _refer("leaders", one.leaders, "branch", lambda leader: (leader.branch,), branches)
    _refer("leaders", one.leaders, "role", lambda leader: _maybe(leader.role), len(one.roles))
    _refer("leaders", one.leaders, "gaps", lambda leader: (gap.skill for gap in leader.gaps), skills)
    _refer("leaders", one.leaders, "completed", lambda leader: leader.completed, modules)
    _refer("leaders", one.leaders, "prefers_sessions", lambda who: _first(who.prefers_sessions), sessions)
    _refer("leaders", one.leaders, "prefers_sites", lambda leader: _first(leader.prefers_sites), sites)
    _refer("leaders", one.leaders, "pinned", lambda leader: leader.pinned, sessions)
    _refer("leaders", one.leaders, "excluded", lambda leader: leader.excluded, sessions)
    _refer("leaders", one.leaders, "owes", lambda who: (owed.norm for owed in who.owes), len(one.norms))
    _refer("limits", one.limits, "terms", lambda limit: _first(limit.terms), sessions)
    _refer("tallies", one.tallies, "sessions", lambda tally: tally.sessions or (), sessions)
    _refer("mix", one.mix, "sessions", lambda mix: mix.sessions or (), sessions)
    _refer("ties", one.ties, "leaders", lambda tie: tie.leaders, leaders)
    _refer("met", one.met, "leaders", lambda group: group, leaders)
    _each("sessions", one.sessions, _session)
    _each("leaders", one.leaders, _leader)


def _first(pairs: Iterable[tuple[int, int]]) -> Iterable[int]:
    return [index for index, _ in pairs]


def _maybe(index: int | None) -> tuple[int, ...]:
    return () if index is None else (index,)


def _refer(
    table: str, rows: Sequence[T], field: str, named: Callable[[T], Iterable[int]], n_known: int
) -> None:
    """All indices of a field at once, for there are many leaders; the wrong one is looked for afterwards."""
    indices = list(chain.from_iterable(map(named, rows)))
    if indices and (min(indices) < 0 or max(indices) >= n_known):
        row, wrong = next((k, i) for k, row in enumerate(rows) for i in named(row) if not 0 <= i < n_known)
        raise ValueError(f"{table}[{row}].{field}: {wrong} is no index, there are {n_known}")


def _each(table: str, rows: Sequence[T], wrong: Callable[[T], str]) -> None:
    for k, row in enumerate(rows):
        if what := wrong(row):
            raise ValueError(f"{table}[{k}].{what}")


def _circle(branches: Sequence[Branch], branch: Branch) -> str:
    above, steps = branch.parent, 0
    while above is not None and steps <= len(branches):
        above, steps = branches[above].parent, steps + 1
    return "" if above is None else f"parent: {branch.parent} leads back to it"


def _session(session: Session) -> str:
    days = session.days
    if not days or any(before >= after for before, after in pairwise(days)):
        return f"days: {days} are not one or more, ascending"
    if session.seats < 0:
        return f"seats: {session.seats} is negative"
    return ""


def _leader(leader: Leader) -> str:
    if leader.headcount < 1:
        return f"headcount: {leader.headcount} is not 1 or more"
    return ""
