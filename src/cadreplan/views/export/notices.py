"""Notices: a Word document for each leader who travels and for each branch, and a table for mail merge."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from pathlib import PurePath

import xlsxwriter

from cadreplan.language import listed, tr
from cadreplan.views.export.calendars import file_names
from cadreplan.views.export.notice_template import Template, default_template
from cadreplan.views.export.people import by_group, who_cells, who_columns
from cadreplan.views.export.sheet import Book
from cadreplan.views.export.table_sheet import table_sheet
from cadreplan.views.people import Journey, Stop, itinerary
from cadreplan.views.season import Season
from cadreplan.views.table import Column, Table, Value
from cadreplan.views.wording import period, plain, with_people

SUFFIX = ".docx"


def notices(season: Season, template: bytes | None = None, name: str = "") -> dict[str, bytes]:
    """Path in the folder → file: a folder of branches, one of people, and the table for mail merge.

    Branches are those of the first level, with everybody below. Nothing, where nobody travels. Raises
    `UsageError` for a `template`, called `name`, that can't be used.
    """
    form = Template(default_template() if template is None else template, name)
    travel = [i for i in by_group(season) if season.trips[i]]
    if not travel:
        return {}
    files: dict[str, bytes] = {}
    by_branch: dict[int, list[int]] = defaultdict(list)
    for i in travel:
        by_branch[season.first_level[season.instance.leaders[i].branch]].append(i)
    folders = (PurePath(tr("branches")), PurePath(tr("leaders")))
    branches = [season.instance.branches[b] for b in by_branch]
    called = file_names([who.id for who in branches], {who.id: plain(who.name) for who in branches})
    for b, members in by_branch.items():
        branch = season.instance.branches[b]
        body = tr("These people are to attend the training below.")
        words = _words(season, plain(branch.name), body)
        lines = [line for i in members for line in _lines(season, i)]
        files[str(folders[0] / f"{called[branch.id]}{SUFFIX}")] = form.filled(words, lines)
    people = [season.instance.leaders[i] for i in travel]
    called = file_names([who.id for who in people], {who.id: plain(who.name) for who in people})
    for i in travel:
        who = season.instance.leaders[i]
        to = tr("Dear {name}", name=plain(who.name))
        words = _words(season, to, tr("You are to attend the training below."))
        files[str(folders[1] / f"{called[who.id]}{SUFFIX}")] = form.filled(words, list(_lines(season, i)))
    files[f"{tr('mail-merge')}.xlsx"] = _merge_book(season, travel, called)
    return files


def _words(season: Season, to: str, body: str) -> dict[str, str]:
    instance = season.instance
    days = period(instance.start, instance.date_of(instance.n_days - 1))
    return {"to": to, "title": plain(instance.title), "body": body, "period": days}


def _lines(season: Season, leader: int) -> Iterator[dict[str, str]]:
    """What a leader attends, in order of time."""
    id_, name, _, branch, post = who_cells(season, leader)
    people = season.instance.leaders[leader].headcount
    for journey in itinerary(season, leader).journeys:
        for stop in journey.stops:
            room = season.room(stop.session)
            line = {
                "name": with_people(name, people),
                "id": id_,
                "branch": branch,
                "post": post,
                "people": str(people),
                "what": listed(stop.modules),
                "when": season.dates.spans(stop.days),
                "where": journey.site,
                "room": tr("room {room}", room=room) if room else "",
                "away": season.dates.span(journey.trip.first, journey.trip.last),
            }
            yield {key: plain(text) for key, text in line.items()}


def _merge_book(season: Season, leaders: Sequence[int], called: dict[str, str]) -> bytes:
    """The table that Word's mail merge reads: a row for each leader, with the name of the notice."""
    stream = io.BytesIO()
    document = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    document.set_properties(
        {"title": plain(season.instance.title), "created": datetime.combine(season.instance.start, time())}
    )
    table_sheet(Book(document, plain(season.instance.title)), _merge_table(season, leaders, called))
    document.close()
    return stream.getvalue()


def _merge_table(season: Season, leaders: Iterable[int], called: dict[str, str]) -> Table:
    columns = (
        *who_columns(),
        Column("people", tr("people"), "number"),
        Column("what", tr("what is taught")),
        Column("when", tr("when")),
        Column("where", tr("where")),
        Column("away", tr("away")),
        Column("file", tr("notice")),
    )
    rows: list[tuple[Value, ...]] = []
    for i in leaders:
        journeys = itinerary(season, i).journeys
        stops = [(journey, stop) for journey in journeys for stop in journey.stops]
        rows.append(
            (
                *who_cells(season, i),
                season.instance.leaders[i].headcount,
                tr("; ").join(listed(stop.modules) for _, stop in stops),
                tr("; ").join(season.dates.spans(stop.days) for _, stop in stops),
                tr("; ").join(_place(season, journey, stop) for journey, stop in stops),
                tr("; ").join(season.dates.span(j.trip.first, j.trip.last) for j in journeys),
                f"{called[season.instance.leaders[i].id]}{SUFFIX}",
            )
        )
    return Table("mail-merge", tr("mail-merge"), columns, tuple(rows))


def _place(season: Season, journey: Journey, stop: Stop) -> str:
    room = season.room(stop.session)
    return f"{journey.site} {tr('room {room}', room=room)}" if room else journey.site
