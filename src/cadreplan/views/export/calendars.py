"""Calendars: an iCalendar file (RFC 5545) for each leader, site or branch, in China's time zone.

No clock is read: the same plans give the same bytes. DTSTAMP is the season's first day, SEQUENCE tells which
of two versions of an event is the newer one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from cadreplan.views.export.events import Owner
from cadreplan.views.export.revisions import Entry

ZONE = "Asia/Shanghai"
_PRODUCT = "-//cadreplan//cadreplan//EN"
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))}
)
_LONGEST = 200
"""Bytes of a file's name before its suffix."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a day of a session begins and ends."""

    begin: time = time(8, 30)
    end: time = time(17, 30)


def calendars(entries: Iterable[Entry], start: date, hours: Hours) -> dict[str, bytes]:
    """File name → calendar, one for each owner with an event to send; `start` is the season's first day."""
    by_owner: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_owner[entry.event.owner.id].append(entry)
    zone = icalendar.Timezone.from_tzid(ZONE, first_date=start, last_date=start + timedelta(days=3660))
    names = file_names(list(by_owner))
    return {
        f"{names[owner]}.ics": _calendar(found[0].event.owner, found, start, hours, zone)
        for owner, found in by_owner.items()
    }


def file_names(ids: Sequence[str]) -> dict[str, str]:
    """Id → name of a file on any system: no two differ in upper and lower case only, none is reserved."""
    taken: set[str] = set()
    names = {}
    for id_ in ids:
        base = id_.encode()[:_LONGEST].decode("utf-8", "ignore").rstrip(". ")
        if base.casefold().split(".")[0] in _RESERVED:
            base = f"_{base}"
        name, n = base, 1
        while name.casefold() in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(name.casefold())
        names[id_] = name
    return names


def _calendar(
    owner: Owner, entries: Sequence[Entry], start: date, hours: Hours, zone: icalendar.Timezone
) -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    name = owner.name if owner.name == owner.id else f"{owner.name} {owner.id}"
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add_component(zone)
    for entry in sorted(entries, key=lambda e: (e.event.first, e.event.uid)):
        calendar.add_component(_event(entry, start, hours))
    return bytes(calendar.to_ical())


def _event(entry: Entry, start: date, hours: Hours) -> icalendar.Event:
    what, zone = entry.event, ZoneInfo(ZONE)
    event = icalendar.Event()
    event.add("uid", what.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", datetime.combine(start, time(), UTC))
    event.add("dtstart", datetime.combine(what.first, hours.begin, zone))
    event.add("dtend", datetime.combine(what.last, hours.end, zone))
    event.add("summary", what.summary)
    event.add("description", what.description)
    event.add("location", what.location)
    if what.geo is not None:
        event.add("geo", what.geo)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event
