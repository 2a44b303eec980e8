"""Instances with one row changed, as advice tries them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from cadreplan.instance import Instance

Table = Literal["branches", "leaders", "offerings", "sessions", "sites"]


def with_row(instance: Instance, table: Table, at: int, **values: object) -> Instance:
    """The instance with other values in the row `at` of a table."""
    rows: list[Any] = list(getattr(instance, table))
    rows[at] = replace(rows[at], **values)
    new: dict[str, Any] = {table: tuple(rows)}
    return replace(instance, **new)


def with_room(instance: Instance, s: int, room: int, seats: int) -> Instance:
    """The instance with so many seats in a room of a session's site; the session takes as many."""
    session = instance.sessions[s]
    rooms = list(instance.sites[session.site].rooms or ())
    rooms[room] = replace(rooms[room], seats=seats)
    larger = with_row(instance, "sites", session.site, rooms=tuple(rooms))
    return with_row(larger, "sessions", s, seats=max(session.seats, seats))
