"""Sessions where they are held: kind of site, closed days, rooms, and the horizon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import OfferingSpec, SessionSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.language import listed, tr
from cadreplan.rules.base import Found, at, rule, some_of
from cadreplan.rules.sessions import modules_of, sessions_and_offerings


@rule("site-kind", "error", "a module can't be taught at this kind of site")
def site_kind(document: RosterDocument) -> Iterator[Found]:
    """A session or an offering is held at a site of a kind that a module's `site_kinds` doesn't have.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, site_kinds: [education-base]}
          M-CASE: {teaches: {review: 1}, hours: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, site_kinds: [education-base, party-school]}
          M-CASE: {teaches: {review: 1}, hours: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
    """
    for row, spec in sessions_and_offerings(document):
        sites = spec.sites if isinstance(spec, OfferingSpec) else (spec.site,)
        for position, site_id in enumerate(sites):
            site = document.sites.spec(site_id)
            if site is None:
                continue
            for id_, module in modules_of(document, spec):
                if module.site_kinds and site.kind not in module.site_kinds:
                    path = ("sites", position) if isinstance(spec, OfferingSpec) else ("site",)
                    values = {
                        "field": path[0],
                        "site": shown(site_id),
                        "kinds": listed(module.site_kinds),
                        "module": shown(id_),
                    }
                    if site.kind is None:
                        message = tr(
                            "{field}: found {site}, of no kind, expected one of {kinds} for {module}",
                            **values,
                        )
                    else:
                        message = tr(
                            "{field}: found {site}, a {kind}, expected one of {kinds} for {module}",
                            kind=site.kind,
                            **values,
                        )
                    yield at(row, path, message)


@rule("closed-day", "error", "a session is held on a day on which its site is closed")
def closed_day(document: RosterDocument) -> Iterator[Found]:
    """A session falls on a day that its site's `closed` has.

    A start of an offering that meets a closed day is dropped instead (see offering-start).

    Wrong:

        sites:
          - {id: BJ, kind: party-school, closed: [2026-03-10..2026-03-12]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}

    Right:

        sites:
          - {id: BJ, kind: party-school, closed: [2026-03-11..2026-03-12]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
    """
    for row, session in document.sessions.valid():
        site = document.sites.spec(session.site)
        for position, span in enumerate(session.ranges):
            closed = next((c for c in site.closed if c.overlaps(span)), None) if site else None
            if closed is not None:
                day = max(closed.start, span.start)
                message = tr(
                    "found {day}, a day on which {site} is closed ({days})",
                    day=day,
                    site=shown(session.site),
                    days=span_text(closed),
                )
                hint = tr("hold it on other days, or at another site")
                yield at(row, _path(session, position), message, hint)


@rule("outside-horizon", "warning", "a session has a day outside the horizon")
def outside_horizon(document: RosterDocument) -> Iterator[Found]:
    """A session has a day before or after the horizon, so that nobody can attend it.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-06-26..2026-06-27], seats: 10}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-06-25..2026-06-26], seats: 10}
    """
    horizon = document.horizon
    if horizon is None:
        return
    for row, session in document.sessions.valid():
        for position, span in enumerate(session.ranges):
            if span.start < horizon.start or span.end > horizon.end:
                day = span.start if span.start < horizon.start else max(span.start, _after(horizon))
                message = tr(
                    "found {day}, outside the horizon {horizon}: nobody can attend",
                    day=day,
                    horizon=span_text(horizon),
                )
                yield at(row, _path(session, position), message)


@rule("room-shortage", "error", "confirmed sessions need more rooms on a day than their site has")
def room_shortage(document: RosterDocument) -> Iterator[Found]:
    """More confirmed sessions are held at a site on one day than it has rooms.

    Confirmed sessions always run and take a room each, so no plan could exist. A site that lists no rooms has
    as many as are needed.

    Wrong:

        sites:
          - {id: BJ, kind: party-school, rooms: [{id: R1, seats: 30}]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}

    Right:

        sites:
          - {id: BJ, kind: party-school, rooms: [{id: R1, seats: 30}, {id: R2, seats: 30}]}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}
    """
    held: dict[tuple[str, int], list[Row[SessionSpec] | Row[OfferingSpec]]] = defaultdict(list)
    for delivery in document.deliveries:
        site = document.sites.spec(delivery.site)
        if delivery.confirmed and site is not None and site.rooms is not None:
            for day in delivery.days:
                held[delivery.site, day].append(delivery.row)
    said: set[tuple[str, ...]] = set()
    for (site_id, day), rows in sorted(held.items(), key=lambda item: item[0]):
        site = document.sites.spec(site_id)
        n_rooms = len(site.rooms) if site and site.rooms is not None else 0
        ids = tuple(row.id or "" for row in rows)
        if len(rows) > n_rooms and ids not in said:
            said.add(ids)
            message = tr(
                "found {n} confirmed sessions at {site} on {day} ({sessions}), expected {rooms} at most, its"
                " rooms",
                n=len(rows),
                site=shown(site_id),
                day=date.fromordinal(day),
                sessions=some_of(ids),
                rooms=n_rooms,
            )
            yield at(rows[-1], ("site",), message, tr("move one of them, or make it a candidate"))


def _path(session: SessionSpec, position: int) -> tuple[str | int, ...]:
    return ("dates", position) if session.dates is not None else ("start",)


def span_text(span: DateRange) -> str:
    """A range as it is written."""
    return str(span.start) if span.start == span.end else f"{span.start}..{span.end}"


def _after(horizon: DateRange) -> date:
    return date.fromordinal(horizon.end.toordinal() + 1)


ROSTER_RULES = (site_kind, closed_day, outside_horizon, room_shortage)
