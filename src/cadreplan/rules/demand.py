"""Demand before solving: what can't be closed whatever the plan, with the numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import Delivery, RosterDocument
from cadreplan.language import tr, tr_n
from cadreplan.rules.base import Found, at, rule
from cadreplan.rules.supply import Supply, Want, supply_of

_People = dict[Want, int]


@rule("seat-shortage", "warning", "more people want a skill than there are seats that teach it")
def seat_shortage(document: RosterDocument) -> Iterator[Found]:
    """The sessions that teach a skill have fewer seats than people with a gap in it.

    Whatever the plan, some of these gaps stay open. Seats are counted up to the largest room and the beds of
    a site, all candidates as if they ran, and an offering's runs up to its `max_runs`. Priorities and weights
    decide who gets the seats; more seats, another session or an offering would close more.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 8}
          - {id: L2, branch: HQ, role: secretary, headcount: 8}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 8}
          - {id: L2, branch: HQ, role: secretary, headcount: 8}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 16}
    """
    supply = supply_of(document)
    if supply is None:
        return
    for skill, level, people, seats in _shortages(supply.demand, supply, {}):
        yield Found(document.file, _place(document), _message(skill, level, people, seats), _hint(seats))


@rule("branch-shortage", "warning", "a branch wants more seats for a skill than are open to it")
def branch_shortage(document: RosterDocument) -> Iterator[Found]:
    """The sessions that teach a skill have fewer seats for a branch than its people want.

    Said of branches just below a root (and of roots with people of their own), where the sessions' `branches`
    or `quotas` leave a branch fewer seats than there are for all.

    Wrong:

        leaders:
          - {id: L1, branch: NORTH, role: secretary, headcount: 8}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 9,
             quotas: {NORTH: 5}}

    Right:

        leaders:
          - {id: L1, branch: NORTH, role: secretary, headcount: 8}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 9,
             quotas: {NORTH: 8}}
    """
    supply = supply_of(document)
    if supply is None:
        return
    everyone = {(k, level): seats for k, level, _, seats in _shortages(supply.demand, supply, {})}
    below = _demand_below(document, supply)
    open_to = _open_below(document, supply, below)
    for top, demand in below.items():
        limits = _limits(document, supply, top, open_to[top])
        for skill, level, people, seats in _shortages(demand, supply, limits):
            if everyone.get((skill, level)) == seats:
                continue  # it has what all have, and that is said already
            row = document.branches.by_id[top]
            message = _message(skill, level, people, seats, top)
            hint = tr("raise its quotas, or open more sessions to it")
            yield Found(row.file, row.id_mark, message, hint)


@rule("away-shortage", "warning", "a branch may send fewer people than want a skill")
def away_shortage(document: RosterDocument) -> Iterator[Found]:
    """A branch's `max_away` alone keeps gaps open.

    On no day may more than `max_away` people of a branch and those below it be away. The sessions that teach
    a skill fall on so many days, and take so many of them, that fewer people can attend one than want to:
    even if nothing else were taught.

    Wrong:

        branches:
          - {id: HQ, max_away: 4}
        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 4}
          - {id: L2, branch: HQ, role: secretary, headcount: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}

    Right:

        branches:
          - {id: HQ, max_away: 4}
        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 4}
          - {id: L2, branch: HQ, role: secretary, headcount: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-16..2026-03-17], seats: 10}
    """
    supply = supply_of(document)
    if supply is None:
        return
    wanted: dict[str, _People] = defaultdict(lambda: defaultdict(int))
    capped = {branch.id for _, branch in document.branches.valid() if branch.max_away is not None}
    if not capped:
        return
    lines: dict[str, list[str]] = {}
    for _, leader, wants in supply.leaders:
        if leader.branch not in lines:
            lines[leader.branch] = [id_ for id_ in document.lineage(leader.branch) if id_ in capped]
        line = lines[leader.branch]
        for want in wants if line else ():
            for id_ in line:
                wanted[id_][want] += leader.headcount
    bounds: dict[tuple[Want, int], int] = {}
    for row, branch in document.branches.valid():
        most = branch.max_away
        for skill, levels in _by_level(wanted[branch.id]) if most is not None else ():
            for level, people in levels:
                key = ((skill, level), most or 0)
                if key not in bounds:
                    bounds[key] = _sendable(supply, *key)
                teaching = supply.teaching((skill, level))
                if teaching and people > bounds[key] < supply.seats(teaching):
                    message = tr(
                        "max_away: found {most}, by which at most {sent} of {n} people who want {skill} can"
                        " be sent",
                        most=most,
                        sent=bounds[key],
                        n=people,
                        skill=named(skill, level),
                    )
                    hint = tr("raise it, or hold such sessions on more days")
                    yield at(row, ("max_away",), message, hint)
                    break


def _demand_below(document: RosterDocument, supply: Supply) -> dict[str, _People]:
    """First-level branch → what it and those below it want; a root stands for its own people."""
    tops: dict[str, str] = {}
    found: dict[str, _People] = {}
    for _, leader, wants in supply.leaders:
        if leader.branch not in document.branches.by_id:
            continue
        if leader.branch not in tops:
            line = document.lineage(leader.branch)
            tops[leader.branch] = line[-2] if len(line) > 1 else line[0]
        people = found.setdefault(tops[leader.branch], defaultdict(int))
        for want in wants:
            people[want] += leader.headcount
    return found


def _open_below(document: RosterDocument, supply: Supply, tops: Mapping[str, object]) -> dict[str, set[int]]:
    """For each first-level branch: the deliveries that are open to it, or to a branch below it."""
    below: dict[str, set[str]] = {top: set() for top in tops}
    for id_ in document.branches.by_id:
        for above in document.lineage(id_):
            if above in below:
                below[above].add(id_)
    found: dict[str, set[int]] = {}
    for top, ids in below.items():
        related = ids | set(document.lineage(top))
        found[top] = {
            i
            for i, d in enumerate(supply.deliveries)
            if d.spec.branches is None or not related.isdisjoint(d.spec.branches)
        }
    return found


def _limits(document: RosterDocument, supply: Supply, top: str, open_to: set[int]) -> dict[int, int]:
    """Most people of a branch in each delivery, where its audience or a quota says so."""
    line = document.lineage(top)
    found: dict[int, int] = {}
    for i, delivery in enumerate(supply.deliveries):
        if i not in open_to:
            found[i] = 0
        elif delivery.spec.quotas:
            quotas = [delivery.spec.quotas[id_] for id_ in line if id_ in delivery.spec.quotas]
            if quotas:
                found[i] = min(quotas)
    return found


def _shortages(
    demand: _People, supply: Supply, limits: Mapping[int, int]
) -> Iterator[tuple[str, int, int, int]]:
    """Skill, level, people and seats where people are more: for each skill the level that misses most."""
    for skill, levels in _by_level(demand):
        worst = (0, 0, 0, 0)
        for level, people in levels:
            seats = supply.seats(supply.teaching((skill, level)), limits)
            worst = max(worst, (people - seats, -level, people, seats))
        if worst[0] > 0:
            yield skill, -worst[1], worst[2], worst[3]


def _by_level(demand: _People) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """For each skill: level → people who want that level or a higher one, lowest level first."""
    skills: dict[str, list[int]] = defaultdict(list)
    for skill, level in demand:
        skills[skill].append(level)
    for skill, levels in skills.items():
        total, found = 0, []
        for level in sorted(levels, reverse=True):
            total += demand[skill, level]
            found.append((level, total))
        yield skill, found[::-1]


def _sendable(supply: Supply, want: Want, most: int) -> int:
    """How many people of a branch could attend a session that closes a want, `most` away on any day."""
    held: list[Delivery] = []
    people = 0
    for i in supply.members(supply.teaching(want)):
        held.append(supply.deliveries[i])
        people += min(supply.capacity[i], most)
    if not held:
        return 0
    days = {day for delivery in held for day in delivery.days}
    return min(people, most * len(days) // min(len(delivery.days) for delivery in held))


def _place(document: RosterDocument) -> int:
    key = "sessions" if "sessions" in document.tree else "offerings"
    return document.tree.key_mark(key if key in document.tree else "leaders")


def _message(skill: str, level: int, people: int, seats: int, branch: str | None = None) -> str:
    want = named(skill, level)
    if branch is None:
        wanted = tr_n("{n} person who wants {skill}", "{n} people who want {skill}", people, skill=want)
    else:
        wanted = tr_n(
            "{n} person of {branch} or below it who wants {skill}",
            "{n} people of {branch} or below it who want {skill}",
            people,
            branch=shown(branch),
            skill=want,
        )
    if not seats:
        return tr("found {people}, and no seat in a session that teaches it", people=wanted)
    return tr(
        "found {people}, and {seats} in sessions that teach it: {left}",
        people=wanted,
        seats=tr_n("{n} seat", "{n} seats", seats),
        left=tr_n("{n} stays open at least", "{n} stay open at least", people - seats),
    )


def named(skill: str, level: int) -> str:
    """A want as it is named in a message."""
    if level <= 1:
        return shown(skill)
    return tr("{skill} to level {level}", skill=shown(skill), level=level)


def _hint(seats: int) -> str:
    return tr("add seats or sessions") if seats else tr("add a session that teaches it")


ROSTER_RULES = (seat_shortage, branch_shortage, away_shortage)
