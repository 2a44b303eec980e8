"""Pinned sessions that together contradict seats, quotas, beds, a branch's limit, or prerequisites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import Delivery, RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.language import later, one_of, tr
from cadreplan.rules.base import Found, at, rule, some_of
from cadreplan.rules.pins import idle_days, pinned_of
from cadreplan.rules.supply import supply_of

_Pins = list[tuple[Row[LeaderSpec], LeaderSpec, int]]
"""Leaders who are pinned to one session, with the position in `pinned`."""


@rule("pin-seats", "error", "more people are pinned to a session than it takes")
def pin_seats(document: RosterDocument) -> Iterator[Found]:
    """The headcount of all leaders pinned to a session is above its seats, a quota, or the largest room.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 6, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary, headcount: 5, pinned: [S1]}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 11}
        leaders:
          - {id: L1, branch: HQ, role: secretary, headcount: 6, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary, headcount: 5, pinned: [S1]}
    """
    for delivery, pins in _by_delivery(document):
        seats = delivery.spec.seats
        site = document.sites.spec(delivery.site)
        if site is not None and site.rooms:
            seats = min(seats, max(room.seats for room in site.rooms))
        own = seats == delivery.spec.seats
        what = tr("its seats") if own else tr("the seats of the largest room")
        yield from _too_many(pins, delivery, seats, what)
        for branch, quota in delivery.spec.quotas.items():
            below = [pin for pin in pins if branch in document.lineage(pin[1].branch)]
            yield from _too_many(below, delivery, quota, tr("the quota of {branch}", branch=shown(branch)))


@rule("pin-days", "error", "more people are pinned to be away on a day than may be")
def pin_days(document: RosterDocument) -> Iterator[Found]:
    """On a day the leaders pinned to its sessions are more than a site's `beds` or a branch's `max_away`.

    Counted are also those who stay at a site between the days of two pinned sessions. Those who live near
    (`local_km`) take no bed.

    Wrong:

        branches:
          - {id: HQ, max_away: 1}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary, pinned: [S1]}

    Right:

        branches:
          - {id: HQ, max_away: 2}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary, pinned: [S1]}
    """
    people: dict[tuple[str, str, int], int] = defaultdict(int)
    last: dict[tuple[str, str, int], tuple[Row[LeaderSpec], int]] = {}
    staying: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    capped = {branch.id for _, branch in document.branches.valid() if branch.max_away is not None}
    bedded = {site.id for _, site in document.sites.valid() if site.beds is not None}
    for row, leader, pinned in pinned_of(document):
        line = [id_ for id_ in document.lineage(leader.branch) if id_ in capped]
        away: dict[tuple[str, str, int], int] = {}
        held = {(day, delivery.site): position for position, delivery in pinned for day in delivery.days}
        between = {(day, site): position for day, site, position in idle_days(document, leader, pinned)}
        for (day, site), position in {**held, **between}.items():
            if site in bedded and not document.nearness.is_local(leader, site):
                away.setdefault(("beds", site, day), position)
            for id_ in line:
                away.setdefault(("max_away", id_, day), position)
        for key, position in away.items():
            people[key] += leader.headcount
            last[key] = (row, position)
            if any(day == key[2] for day, _ in between):
                staying[key].append(leader.id)
    said: set[tuple[str, str]] = set()
    for key, found in sorted(people.items(), key=lambda item: item[0][2]):
        what, id_, day = key
        place, branch = document.sites.spec(id_), document.branches.spec(id_)
        most = place.beds if what == "beds" and place else branch.max_away if branch else None
        if most is not None and found > most and (what, id_) not in said:
            said.add((what, id_))
            row, position = last[key]
            text = later(
                "pinned: found {n} people pinned to be away on {day}, expected {most} at most, {limit} of"
                " {where}"
            )
            if staying[key]:
                text = later(
                    "pinned: found {n} people away on {day}, expected {most} at most, {limit} of {where};"
                    " between days of pinned sessions: {who}"
                )
            message = tr(
                text,
                n=found,
                day=date.fromordinal(day),
                most=most,
                limit=what,
                where=shown(id_),
                who=some_of(staying[key]),
            )
            yield at(row, ("pinned", position), message, tr("remove a pin, or raise the limit"))


@rule("pin-prerequisite", "error", "a pinned session requires a module that its leader can't have completed")
def pin_prerequisite(document: RosterDocument) -> Iterator[Found]:
    """A module of a pinned session requires another that its leader can't complete earlier.

    It isn't in `completed`, not in the pinned session itself, and in no session that ends before it, is open
    to the leader, and falls on days on which they can be away.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
    """
    supply, curriculum = supply_of(document), document.curriculum
    if supply is None or curriculum is None:
        return
    for row, leader, pinned in pinned_of(document):
        within: list[Delivery] = []
        for position, delivery in pinned:
            for id_ in delivery.spec.modules:
                module = curriculum.modules.spec(id_)
                for entry in module.requires if module else ():
                    required = set(entry)
                    if not required.isdisjoint((*leader.completed, *delivery.spec.modules)):
                        continue
                    within = within or [supply.deliveries[i] for i in supply.members(supply.reach(leader))]
                    if not any(
                        not required.isdisjoint(earlier.spec.modules)
                        and earlier.days[-1] < delivery.days[0]
                        and set(earlier.spec.modules).isdisjoint(delivery.spec.modules)
                        for earlier in within
                    ):
                        message = tr(
                            "pinned: found {session}, whose module {module} requires {required}, and no"
                            " earlier session they could attend teaches it",
                            session=shown(delivery.id),
                            module=shown(id_),
                            required=one_of([shown(r) for r in entry]),
                        )
                        hint = tr("add {module} to `completed`, or remove the pin", module=one_of(entry))
                        yield at(row, ("pinned", position), message, hint)


def _by_delivery(document: RosterDocument) -> Iterator[tuple[Delivery, _Pins]]:
    found: dict[str, tuple[Delivery, _Pins]] = {}
    for row, leader, pinned in pinned_of(document):
        for position, delivery in pinned:
            found.setdefault(delivery.id, (delivery, []))[1].append((row, leader, position))
    return iter(found.values())


def _too_many(pins: _Pins, delivery: Delivery, most: int, what: str) -> Iterator[Found]:
    people = sum(leader.headcount for _, leader, _ in pins)
    if people > most:
        row, _, position = pins[-1]
        message = tr(
            "pinned: found {n} people pinned to {session}, expected {most} at most, {limit}",
            n=people,
            session=shown(delivery.id),
            most=most,
            limit=what,
        )
        yield at(row, ("pinned", position), message, tr("remove a pin"))


ROSTER_RULES = (pin_seats, pin_days, pin_prerequisite)
