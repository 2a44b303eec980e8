"""Calendars: an iCalendar file (RFC 5545) for each leader, site, branch or lecturer, in China's time zone.

What is held is published (METHOD:PUBLISH). A client that takes events off reads METHOD:CANCEL, which holds
for a whole file, and of whose events all must be one (RFC 5546, 3.2.5): each cancellation is a file.

No clock is read: the same plans give the same bytes. DTSTAMP is the season's first day, SEQUENCE tells which
of two versions of an event is the newer one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import icalendar

from cadreplan.plan import Slot
from cadreplan.views.export.events import Event
from cadreplan.views.export.revisions import Entry
from cadreplan.views.naming import with_id

ZONE = "Asia/Shanghai"
_PRODUCT = "-//cadreplan//cadreplan//EN"
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))}
)
_NOT_IN_FILES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_LONGEST = 200
"""Bytes of a file's name before its suffix."""


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who sends the calendars: a name and an e-mail address."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When the two half days of a session begin and end."""

    begin: time = time(8, 30)
    noon: time = time(12)
    afternoon: time = time(14)
    end: time = time(17, 30)

    def begins(self, slot: Slot) -> time:
        """When a half day begins."""
        return self.begin if slot == "am" else self.afternoon

    def ends(self, slot: Slot) -> time:
        """When a half day ends."""
        return self.noon if slot == "am" else self.end


def calendars(
    entries: Iterable[Entry],
    start: date,
    hours: Hours,
    organizer: Organizer | None = None,
    *,
    by_name: bool = False,
) -> dict[str, bytes]:
    """File name → calendar, one for each owner with an event that is held, and one for each cancellation.

    `start` is the season's first day; `organizer` is named in every event, if given. With `by_name` the names
    of files have those of their owners behind the ids.
    """
    by_owner: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_owner[entry.event.owner.id].append(entry)
    writer = _Writer(start, hours, organizer)
    owners = {owner: found[0].event.owner.name for owner, found in by_owner.items()}
    names = file_names(list(by_owner), owners if by_name else {})
    files = {}
    for owner, found in by_owner.items():
        found.sort(key=lambda e: (e.event.first, e.event.begins, e.event.uid))
        held = [entry for entry in found if not entry.cancelled]
        if held:
            files[f"{names[owner]}.ics"] = writer.calendar("PUBLISH", held)
    taken = {name.casefold() for name in files}
    for owner, found in by_owner.items():
        n = 0
        for entry in found:
            if entry.cancelled:
                n += 1
                name = f"{names[owner]}-cancelled-{n}.ics"
                while name.casefold() in taken:  # somebody's id is such a name
                    name = f"_{name}"
                taken.add(name.casefold())
                files[name] = writer.calendar("CANCEL", [entry])
    return files


def file_names(ids: Sequence[str], called: Mapping[str, str] | None = None) -> dict[str, str]:
    """Id → name of a file on any system: no two differ in upper and lower case only, none is reserved.

    Behind an id stands what it is `called`, if anything: `001 林海燕`.
    """
    taken: set[str] = set()
    names = {}
    for id_ in ids:
        name = _NOT_IN_FILES.sub(" ", (called or {}).get(id_, "")).strip()
        base = f"{id_} {name}" if name and name != id_ else id_
        base = base.encode()[:_LONGEST].decode("utf-8", "ignore").rstrip(". ")
        if base.casefold().split(".")[0] in _RESERVED:
            base = f"_{base}"
        name, n = base, 1
        while name.casefold() in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(name.casefold())
        names[id_] = name
    return names


class _Writer:
    """Writes calendars of one season. What many of them share (the time zone, when and where a session is) is
    put into lines once: that is most of a calendar, and icalendar takes its time over it.
    """

    def __init__(self, start: date, hours: Hours, organizer: Organizer | None) -> None:
        self._hours = hours
        self._organizer = organizer
        self._stamp = datetime.combine(start, time(), UTC)
        until = start + timedelta(days=3660)
        self._zone = icalendar.Timezone.from_tzid(ZONE, first_date=start, last_date=until).to_ical()
        self._shared: dict[tuple[object, ...], bytes] = {}

    def calendar(self, method: Literal["PUBLISH", "CANCEL"], entries: Sequence[Entry]) -> bytes:
        """The calendar of one owner's events."""
        owner = entries[0].event.owner
        calendar = icalendar.Calendar()
        calendar.add("prodid", _PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("method", method)
        name = with_id(owner)
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        return _joined(calendar, (self._zone, *map(self._event, entries)))

    def _event(self, entry: Entry) -> bytes:
        what = entry.event
        event = icalendar.Event()
        event.add("uid", what.uid)
        event.add("sequence", entry.sequence)
        event.add("description", what.description)
        return _joined(event, (self._when_and_where(what, cancelled=entry.cancelled),))

    def _when_and_where(self, what: Event, *, cancelled: bool) -> bytes:
        """The properties that an event shares with those of everybody else who is there."""
        key = (
            what.first,
            what.begins,
            what.last,
            what.ends,
            what.summary,
            what.location,
            what.geo,
            cancelled,
        )
        if key not in self._shared:
            zone = ZoneInfo(ZONE)
            event = icalendar.Event()
            event.add("dtstamp", self._stamp)
            event.add("dtstart", datetime.combine(what.first, self._hours.begins(what.begins), zone))
            event.add("dtend", datetime.combine(what.last, self._hours.ends(what.ends), zone))
            event.add("summary", what.summary)
            event.add("location", what.location)
            if what.geo is not None:
                event.add("geo", what.geo)
            if self._organizer is not None:
                address = icalendar.vCalAddress(f"mailto:{self._organizer.mail}")
                address.params["cn"] = icalendar.vText(self._organizer.name)
                event.add("organizer", address)
            event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
            event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
            begin, end = _frame(event)
            self._shared[key] = event.to_ical().removeprefix(begin).removesuffix(end)
        return self._shared[key]


def _joined(component: icalendar.Component, inner: Iterable[bytes]) -> bytes:
    """A component as lines, with lines made before put in behind its own."""
    _, end = _frame(component)
    return b"".join((component.to_ical().removesuffix(end), *inner, end))


def _frame(component: icalendar.Component) -> tuple[bytes, bytes]:
    """The lines that a component begins and ends with."""
    name = str(component.name).encode()
    return b"BEGIN:" + name + b"\r\n", b"END:" + name + b"\r\n"
