"""Pinned sessions that contradict a rule about their leader alone, so that no plan could keep the pin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import Delivery, RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.language import later, tr, tr_n
from cadreplan.rules.base import Found, at, rule

_Pinned = list[tuple[int, Delivery]]
"""Position in `pinned`, and what is pinned; a session named twice is there once."""


def pinned_of(document: RosterDocument) -> Iterator[tuple[Row[LeaderSpec], LeaderSpec, _Pinned]]:
    """Leaders with pinned sessions, and those of them that exist."""
    by_id = document.delivery_by_id
    for row, leader in document.leaders.valid():
        if leader.pinned:
            first = {id_: k for k, id_ in reversed(list(enumerate(leader.pinned)))}
            yield (
                row,
                leader,
                [(k, by_id[id_]) for id_, k in sorted(first.items(), key=lambda f: f[1]) if id_ in by_id],
            )


def idle_days(
    document: RosterDocument, leader: LeaderSpec, pinned: _Pinned
) -> Iterator[tuple[int, str, int]]:
    """Days between those of pinned sessions on which a leader is away too: (day, site, position in `pinned`).

    Up to `stay_gap` days between two at one site are spent there, but where a session at another site would
    end the trip. On a single day between them the leader is away either way; the site is empty then. Whoever
    sleeps at home isn't away between them.
    """
    policy = document.policy
    if policy is None or not policy.stay_gap:
        return
    held = sorted((day, delivery.site, position) for position, delivery in pinned for day in delivery.days)
    for (last, site, _), (day, there, position) in pairwise(held):
        free = range(last + 1, day)
        if site != there or not 0 < len(free) <= policy.stay_gap or document.nearness.is_local(leader, site):
            continue
        apart = policy.transfer_days
        inside = free[apart : len(free) - apart] if len(free) > 2 * apart else ()
        alone = all(document.sites_on.get(between, frozenset()) <= {site} for between in inside)
        if alone and document.deliveries_whole:
            yield from ((between, site, position) for between in free)
        elif len(free) == 1:
            yield free[0], "", position


@rule("pin-excluded", "error", "a session is pinned and excluded")
def pin_excluded(document: RosterDocument) -> Iterator[Found]:
    """A leader has the same session in `pinned` and in `excluded`.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1], excluded: [S1]}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
    """
    for row, leader in document.leaders.valid():
        for position, id_ in enumerate(leader.excluded):
            if id_ in leader.pinned:
                message = tr(
                    "excluded: found {session}, which `pinned` has too, expected it in one of the two",
                    session=shown(id_),
                )
                yield at(row, ("excluded", position), message)


@rule("pin-dates", "error", "a pinned session falls on a day on which its leader can't be away")
def pin_dates(document: RosterDocument) -> Iterator[Found]:
    """A day of a pinned session is outside the horizon, outside `available`, or in `unavailable`.

    So are the days between pinned sessions at one site that are spent there.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1], unavailable: [2026-03-10..2026-03-13]}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1], unavailable: [2026-03-11..2026-03-13]}
    """
    horizon = document.horizon
    for row, leader, pinned in pinned_of(document):
        for position, delivery in pinned:
            for day in map(date.fromordinal, delivery.days):
                if horizon is not None and not horizon.start <= day <= horizon.end:
                    why = later("pinned: found {session}, which is held on {day}, outside the horizon")
                elif leader.available is not None and not any(a <= day <= b for a, b in leader.available):
                    why = later("pinned: found {session}, which is held on {day}, outside `available`")
                elif any(a <= day <= b for a, b in leader.unavailable):
                    why = later("pinned: found {session}, which is held on {day}, in `unavailable`")
                else:
                    continue
                message = tr(why, session=shown(delivery.id), day=day)
                yield at(row, ("pinned", position), message, tr("remove the pin, or correct the dates"))
                break
        for number, _, position in idle_days(document, leader, pinned):
            day, own = date.fromordinal(number), leader.available
            inside = own is None or any(a <= day <= b for a, b in own)
            if not inside or any(a <= day <= b for a, b in leader.unavailable):
                message = tr(
                    "pinned: found a trip over {day}, between days of pinned sessions, when the leader can't"
                    " be away",
                    day=day,
                )
                yield at(row, ("pinned", position), message, tr("remove a pin, or correct the dates"))
                break


@rule("pin-audience", "error", "a pinned session isn't open to its leader")
def pin_audience(document: RosterDocument) -> Iterator[Found]:
    """A pinned session's `branches` or `roles` don't have the leader's.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 9, branches: [NORTH]}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 9, branches: [HQ]}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
    """
    for row, leader, pinned in pinned_of(document):
        lineage = document.lineage(leader.branch)
        for position, delivery in pinned:
            branches, roles = delivery.spec.branches, delivery.spec.roles
            if branches is not None and not set(branches) & set(lineage):
                message = tr(
                    "pinned: found {session}, which isn't open to branch {branch}",
                    session=shown(delivery.id),
                    branch=shown(leader.branch),
                )
                yield at(row, ("pinned", position), message)
            if roles is not None and leader.role not in roles:
                session = shown(delivery.id)
                if leader.role is None:
                    message = tr(
                        "pinned: found {session}, which isn't open to leaders without a role",
                        session=session,
                    )
                else:
                    message = tr(
                        "pinned: found {session}, which isn't open to role {role}",
                        session=session,
                        role=shown(leader.role),
                    )
                yield at(row, ("pinned", position), message)


@rule("pin-overlap", "error", "two pinned sessions of a leader exclude each other")
def pin_overlap(document: RosterDocument) -> Iterator[Found]:
    """Two pinned sessions share a day or a module, or lie too close at different sites.

    Between sessions at different sites the policy's `transfer_days` have to be free.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-10], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1, S2]}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}
        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1, S2]}
    """
    transfer = document.policy.transfer_days if document.policy else 0
    for row, _, pinned in pinned_of(document):
        for (_, one), (position, other) in combinations(pinned, 2):
            message = _conflict(one, other, transfer)
            if message:
                yield at(row, ("pinned", position), message, tr("remove one of the two"))


def _conflict(one: Delivery, other: Delivery, transfer: int) -> str:
    """What is wrong with two pinned sessions of a leader; empty if nothing is."""
    pair = {"one": shown(one.id), "other": shown(other.id)}
    shared = set(one.days) & set(other.days)
    if shared:
        day = date.fromordinal(min(shared))
        return tr("pinned: found {one} and {other}, which are both held on {day}", **pair, day=day)
    modules = [id_ for id_ in one.spec.modules if id_ in other.spec.modules]
    if modules:
        module = shown(modules[0])
        return tr("pinned: found {one} and {other}, which both teach {module}", **pair, module=module)
    if one.site != other.site and one.days and other.days:
        free = _apart(one.days, other.days) - 1
        if free < transfer:
            return tr_n(
                "pinned: found {one} and {other}, which have {n} free day between {site} and {place}, and"
                " {needed} are needed",
                "pinned: found {one} and {other}, which have {n} free days between {site} and {place}, and"
                " {needed} are needed",
                free,
                **pair,
                site=one.site,
                place=other.site,
                needed=transfer,
            )
    return ""


def _apart(one: Sequence[int], other: Sequence[int]) -> int:
    """Smallest distance of two ascending lists of days."""
    in_order = sorted([*((day, 0) for day in one), *((day, 1) for day in other)])
    return min(b - a for (a, x), (b, y) in pairwise(in_order) if x != y)


_ABOVE = {
    "max_sessions": later("pinned: found {n} sessions, expected {most} at most, as max_sessions says"),
    "max_days": later("pinned: found {n} days, expected {most} at most, as max_days says"),
    "max_trips": later("pinned: found {n} sites, expected {most} at most, as max_trips says"),
}


@rule("pin-limits", "error", "a leader's pinned sessions are more than a limit allows")
def pin_limits(document: RosterDocument) -> Iterator[Found]:
    """The pinned sessions of a leader are more than `max_sessions`, `max_days` or `max_trips`.

    Counted are the sessions, their days with those between that are spent at the site, and the different
    sites but for those near which the leader lives (`local_km`). The limit is the leader's own, or the
    policy's.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1], max_days: 1}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1], max_days: 2}
    """
    policy = document.policy
    for row, leader, pinned in pinned_of(document):
        counts = {
            "max_sessions": len(pinned),
            "max_days": len(
                {day for _, delivery in pinned for day in delivery.days}
                | {day for day, _, _ in idle_days(document, leader, pinned)}
            ),
            "max_trips": len(
                {d.site for _, d in pinned if not document.nearness.is_local(leader, d.site)},
            ),
        }
        for name, count in counts.items():
            own = getattr(leader, name)
            most = own if own is not None or policy is None else getattr(policy, name)
            if most is not None and count > most:
                yield at(row, ("pinned",), tr(_ABOVE[name], n=count, most=most))


ROSTER_RULES = (pin_excluded, pin_dates, pin_audience, pin_overlap, pin_limits)
