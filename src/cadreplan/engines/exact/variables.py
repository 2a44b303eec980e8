"""The variables of the CP-SAT model: only those that can be 1."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from ortools.sat.python import cp_model

from cadreplan.engines.exact.reach import Atom, Reach
from cadreplan.instance import Leader
from cadreplan.solution import Solution


@dataclass(frozen=True, slots=True)
class Link:
    """Two atoms at one site that are one trip where both are attended and nothing between them is.

    `between` are the sessions the leader can attend as well that have a day strictly between; `idle` counts
    the days bridged, `var` is 1 where the atoms are linked.
    """

    before: Atom
    after: Atom
    between: tuple[int, ...]
    var: cp_model.IntVar

    @property
    def idle(self) -> range:
        return range(self.before.last + 1, self.after.first)


@dataclass
class Variables:
    """`x[i, s]`: leader i attends s; `run[s]`: candidate s runs; `room[s, r]`: session s is in room r.

    `links[i]` are the links of leader i; `single` is the room of a session that shares its site with no
    other on any day, for which nothing is to be decided.
    """

    model: cp_model.CpModel
    reach: Reach
    x: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    run: dict[int, cp_model.IntVar] = field(default_factory=dict)
    room: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)
    single: dict[int, int] = field(default_factory=dict)
    links: list[list[Link]] = field(default_factory=list)
    attended: dict[int, cp_model.IntVar] = field(default_factory=dict)
    """By session, where something asks: 1 where somebody attends it."""

    def attendance(self, session: int) -> list[tuple[int, cp_model.IntVar]]:
        """(leader, variable) of all who can attend a session."""
        return self._attendance[session]

    @cached_property
    def _attendance(self) -> dict[int, list[tuple[int, cp_model.IntVar]]]:
        found: dict[int, list[tuple[int, cp_model.IntVar]]] = defaultdict(list)
        for (i, s), var in self.x.items():
            found[s].append((i, var))
        return found


def add_variables(model: cp_model.CpModel, reach: Reach) -> Variables:
    """All variables of the instance that `reach` describes."""
    v = Variables(model, reach)
    instance = reach.instance
    for i, sessions in enumerate(reach.sessions):
        for s in sessions:
            v.x[i, s] = model.new_bool_var(f"x[{instance.leaders[i].id},{instance.sessions[s].id}]")
    for s in sorted(reach.candidates):
        v.run[s] = model.new_bool_var(f"run[{instance.sessions[s].id}]")
    _add_rooms(v)
    for i, leader in enumerate(instance.leaders):
        v.links.append(_links(v, i, leader))
    return v


def _add_rooms(v: Variables) -> None:
    instance = v.reach.instance
    at_site: dict[int, list[int]] = defaultdict(list)
    for s, session in enumerate(instance.sessions):
        runs = not session.candidate or s in v.run
        if instance.sites[session.site].rooms is not None and runs and session.needs_room:
            at_site[session.site].append(s)
    for site, sessions in at_site.items():
        rooms = instance.sites[site].rooms or ()
        days = {s: set(instance.sessions[s].days) for s in sessions}
        for s in sessions:
            fixed = instance.sessions[s].room
            alone = all(t == s or days[s].isdisjoint(days[t]) for t in sessions)
            if alone and rooms:
                v.single[s] = (
                    fixed if fixed is not None else max(range(len(rooms)), key=lambda r: rooms[r].seats)
                )
                continue
            for r in range(len(rooms)) if fixed is None else (fixed,):
                v.room[s, r] = v.model.new_bool_var(f"room[{instance.sessions[s].id},{rooms[r].id}]")


def _links(v: Variables, i: int, leader: Leader) -> list[Link]:
    reach = v.reach
    instance, chosen = reach.instance, reach.sessions[i]
    stay = instance.policy.stay_gap
    by_site: dict[int, list[Atom]] = defaultdict(list)
    for s in chosen:
        by_site[instance.sessions[s].site] += reach.atoms[s]
    links = []
    for site, atoms in by_site.items():
        if instance.is_local(leader, site):
            continue  # whoever sleeps at home stays nowhere
        atoms.sort(key=lambda atom: (atom.first, atom.session))
        for a, b in combinations(atoms, 2):
            idle = b.first - a.last - 1
            if not 0 <= idle <= stay or b.session in reach.clashes[a.session]:
                continue
            between = tuple(
                t
                for t in chosen
                if t not in reach.clashes[a.session]
                and t not in reach.clashes[b.session]
                and any(a.last < day < b.first for day in instance.sessions[t].days)
            )
            if a.session in between or b.session in between:
                continue  # never neighbours: a day of their own lies between
            var = v.model.new_bool_var(f"link[{leader.id},{a.session},{b.session},{a.last}]")
            links.append(Link(a, b, between, var))
    return links


def solution_of(v: Variables, value: dict[int, int]) -> Solution:
    """The solution in which variable k has value `value[k]`."""
    reach = v.reach
    chosen = tuple(
        tuple(s for s in sessions if value[v.x[i, s].index]) for i, sessions in enumerate(reach.sessions)
    )
    running = frozenset(s for s, var in v.run.items() if value[var.index])
    rooms = {s: r for (s, r), var in v.room.items() if value[var.index]}
    rooms.update(
        (s, r) for s, r in v.single.items() if s in running or not reach.instance.sessions[s].candidate
    )
    return Solution(chosen, running, dict(sorted(rooms.items())))
