"""Ties and `mix` of classes as constraints and terms of the CP-SAT model.

A share of those there is linear in who attends, 100 x people having >= share x people there, and holds by
itself where nobody attends. A number of people is wanted only where somebody does: a variable says so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from ortools.sat.python import cp_model

from cadreplan.cohorts import Mix
from cadreplan.engines.exact.variables import Variables
from cadreplan.engines.wants import Want, apart, wants
from cadreplan.instance import Instance

Terms = list[tuple[cp_model.IntVar, int]]


def add_ties(v: Variables) -> None:
    """At most one of each tie is away on a day, or attends a session that isn't frozen."""
    instance = v.reach.instance
    away = _away(v, {i for _, leaders in apart(instance, "day") for i in leaders})
    for t, leaders in apart(instance, "day"):
        on_day: dict[int, dict[int, list[cp_model.IntVar]]] = defaultdict(dict)
        for i in leaders:
            for day, variables in away[i].items():
                on_day[day][i] = variables
        seen = set()
        for day, by_leader in sorted(on_day.items()):
            most = instance.tied_on(t, day)
            variables = [var for own in by_leader.values() for var in own]
            key = most, frozenset(var.index for var in variables)
            if len(by_leader) > most and key not in seen:
                seen.add(key)
                v.model.add(cp_model.LinearExpr.sum(variables) <= most)
    for _, leaders in apart(instance, "class"):
        for s, session in enumerate(instance.sessions):
            there = [v.x[i, s] for i in leaders if (i, s) in v.x]
            if len(there) > 1 and not session.frozen:
                v.model.add_at_most_one(there)


def _away(v: Variables, leaders: set[int]) -> dict[int, dict[int, list[cp_model.IntVar]]]:
    """For each of some leaders and each day the variables of which one is 1 where they are away."""
    found: dict[int, dict[int, list[cp_model.IntVar]]] = {}
    for i in leaders:
        days = found[i] = defaultdict(list)
        for s in v.reach.sessions[i]:
            for day in v.reach.instance.sessions[s].days:
                days[day].append(v.x[i, s])
        for link in v.links[i]:
            for day in link.idle:
                days[day].append(link.var)
    return found


def add_mix(v: Variables) -> None:
    """Hard entries hold in every session that somebody attends."""
    for want in wants(v.reach.instance):
        if want.hard:
            for s in want.sessions:
                _Counted(v, want, s).hold()


def at_most(instance: Instance) -> tuple[Mix, ...]:
    """Hard entries of people at most: who breaks one breaks it whoever else attends.

    Of shares, and of people at least, others may bring what is missing.
    """
    return tuple(
        replace(entry, at_least=None)
        for entry in instance.mix
        if entry.hard and entry.at_most is not None and not entry.at_most.is_share
    )


def mix_terms(v: Variables) -> Terms:
    """What soft entries cost: `weights.mix` for each person missing or too many."""
    weight = v.reach.instance.policy.weights.mix
    terms: Terms = []
    for want in wants(v.reach.instance):
        if not want.hard:
            for s in want.sessions:
                terms += [(slack, -weight) for slack in _Counted(v, want, s).slacks()]
    return terms


class _Counted:
    """The people in one session, and those of them whom an entry counts."""

    def __init__(self, v: Variables, want: Want, s: int) -> None:
        heads = [(i, var, v.reach.instance.leaders[i].headcount) for i, var in v.attendance(s)]
        self._v, self._want, self._s = v, want, s
        self._variables = [var for _, var, _ in heads]
        self._there = [k for _, _, k in heads]
        self._having = [k if i in want.having else 0 for i, _, k in heads]

    def hold(self) -> None:
        """The entry as constraints."""
        for excess, _ in self._excesses():
            self._v.model.add(excess <= 0)

    def slacks(self) -> list[cp_model.IntVar]:
        """Variables that count the people missing, and those too many."""
        found = []
        for excess, unit in self._excesses():
            most = sum(self._there) + (self._want.at_least.n if self._want.at_least is not None else 0)
            slack = self._v.model.new_int_var(0, most, f"mix[{self._s}]")
            self._v.model.add(excess <= unit * slack)
            found.append(slack)
        return found

    def _excesses(self) -> list[tuple[cp_model.LinearExprT, int]]:
        """What is above 0 where the entry isn't kept, and how much of it stands for a person."""
        found: list[tuple[cp_model.LinearExprT, int]] = []
        if not self._variables:
            return found
        if self._want.at_least is not None:
            n, is_share = self._want.at_least
            if is_share:
                pairs = zip(self._there, self._having, strict=True)
                found.append((self._sum([n * k - 100 * h for k, h in pairs]), 100))
            elif n:
                found.append((n * self._attended() - self._sum(self._having), 1))
        if self._want.at_most is not None:
            n, is_share = self._want.at_most
            if is_share:
                pairs = zip(self._there, self._having, strict=True)
                found.append((self._sum([100 * h - n * k for k, h in pairs]), 100))
            else:
                found.append((self._sum(self._having) - n, 1))
        return found

    def _sum(self, coefficients: list[int]) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.weighted_sum(self._variables, coefficients)

    def _attended(self) -> cp_model.IntVar:
        """A variable that is 1 where somebody attends the session; one for all entries."""
        known = self._v.attended
        if self._s not in known:
            var = known[self._s] = self._v.model.new_bool_var(f"attended[{self._s}]")
            for own in self._variables:
                self._v.model.add_implication(own, var)
        return known[self._s]
