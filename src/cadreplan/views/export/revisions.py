"""What a new plan means for events that were sent before: a rising SEQUENCE, and cancellations, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cadreplan.views.export.events import Event


@dataclass(frozen=True, slots=True)
class Sent:
    """The events of a plan whose calendars were sent.

    `certain` is false where the plan's roster has changed since: then the events may have looked different.
    """

    events: Mapping[str, Event]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it is sent: with SEQUENCE (RFC 5545, 3.8.7.4), and whether it is off."""

    event: Event
    sequence: int
    cancelled: bool = False


def revise(past: Iterable[Sent], now: Mapping[str, Event]) -> list[Entry]:
    """The events of `now` and those to be cancelled, given all that were sent before, the oldest first.

    An event keeps its sequence while nothing about it changes; every change, cancellation and return raises
    it. Cancelled are those that the last of `past` had and `now` has not: older ones were cancelled then.
    """
    history: dict[str, Entry] = {}
    certain = True
    for sent in past:
        history = {entry.event.uid: entry for entry in _step(history, sent.events, certain and sent.certain)}
        certain = sent.certain
    return [
        entry
        for entry in _step(history, now, certain)
        if not (entry.cancelled and history[entry.event.uid].cancelled)
    ]


def _step(before: Mapping[str, Entry], now: Mapping[str, Event], certain: bool) -> list[Entry]:
    entries = []
    for uid, event in now.items():
        old = before.get(uid)
        if old is None:
            entries.append(Entry(event, 0))
        else:
            same = certain and old.event == event and not old.cancelled
            entries.append(Entry(event, old.sequence + (not same)))
    for uid, old in before.items():
        if uid not in now:
            entries.append(Entry(old.event, old.sequence + (not old.cancelled), cancelled=True))
    return entries
