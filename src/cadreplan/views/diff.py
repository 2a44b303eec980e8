"""The difference of two plans as JSON and as a table with a row for everybody who has to be told."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from cadreplan.insight.diff import Difference, HalfDay, SessionChange
from cadreplan.plan import ranges
from cadreplan.views.csv_files import harmless

TABLE_HEADER = (
    "leader",
    "name",
    "change",
    "gives_up",
    "gets",
    "gaps_no_longer_open",
    "gaps_newly_open",
    "rescheduled",
    "lecturer",
)
"""A row has a leader or a lecturer: half days of a lecturer are what is given up and got."""


def as_json(old: str, new: str, difference: Difference) -> str:
    """Everything, for machines."""
    document = {
        "same": difference.same,
        "old": old,
        "new": new,
        "objective": {
            "old": difference.old_terms.total,
            "new": difference.new_terms.total,
            "difference": difference.worth,
        },
        "terms": {
            term: {"old": before, "new": after, "difference": after - before}
            for term, before, after in difference.by_term()
        },
        "kept": difference.kept,
        "leaders": [asdict(change) for change in difference.leaders],
        "sessions": [asdict(change) for change in difference.sessions],
        "lecturers": [asdict(change) for change in difference.lecturers],
        "groups": [asdict(change) for change in difference.groups],
        "unstaffed": {"old": difference.unstaffed[0], "new": difference.unstaffed[1]},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def as_csv(difference: Difference, names: Mapping[str, str]) -> str:
    """One row for each leader and lecturer that anything changes for; lists are joined by `; `."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(TABLE_HEADER)
    sessions = {change.session: change for change in difference.sessions}
    for change in difference.leaders:
        moves = tuple(f"{s}: {move_of(sessions[s])}" for s in change.rescheduled)
        lists = (change.given_up, change.got, change.no_longer_open, change.newly_open, moves)
        cells = (
            change.leader,
            names.get(change.leader, ""),
            change.kind,
            *("; ".join(items) for items in lists),
        )
        writer.writerow([*(harmless(cell) for cell in cells), ""])
    for seat in difference.groups:
        said = (f"{seat.session}: {seat.before}", f"{seat.session}: {seat.after}")
        cells = (seat.leader, names.get(seat.leader, ""), "group", *said, "", "", "", "")
        writer.writerow([harmless(cell) for cell in cells])
    for who in difference.lecturers:
        taught = ("; ".join(half_day_of(h) for h in half_days) for half_days in (who.given_up, who.got))
        cells = ("", names.get(who.lecturer, ""), "teaching", *taught, "", "", "", who.lecturer)
        writer.writerow([harmless(cell) for cell in cells])
    return stream.getvalue()


def move_of(change: SessionChange) -> str:
    """From where and when to where and when a session moves."""
    pairs = (
        (days_of(change.dates_before), days_of(change.dates_after)),
        (change.site_before, change.site_after),
        (change.room_before or "-", change.room_after or "-"),
    )
    return ", ".join(f"{before} → {after}" for before, after in pairs if before != after)


def days_of(dates: Sequence[str]) -> str:
    """ISO dates as ranges."""
    return ", ".join(first if first == last else f"{first}..{last}" for first, last in ranges(dates))


def half_day_of(half_day: HalfDay) -> str:
    """A half day of a lecturer in a line."""
    day, slot, session, module = half_day
    return f"{day} {slot} {module} ({session})"
