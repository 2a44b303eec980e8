"""The season's timetable, one week of it, and one site of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.language import tr, tr_n
from cadreplan.views.screen.calendar import Calendar, Legend, SessionPaint
from cadreplan.views.screen.grid import WeekGrid, gap_line
from cadreplan.views.screen.programme import site_programme
from cadreplan.views.screen.summary import session_table
from cadreplan.views.screen.theme import flow, heading, more
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows
from cadreplan.views.timetable import Week, beds_row, home_row, site_row, site_rows, used_days, weeks
from cadreplan.views.wording import first_of, kind


def timetable(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """Sites by week, every running session a bar with its people."""
    rows = site_rows(season)
    held = used_days(season)
    running = sum(season.runs(s) for s in range(len(season.instance.sessions)))
    yield heading(
        tr("Timetable"), [tr_n("{n:,} session", "{n:,} sessions", running), tr("sites by week")], width
    )
    if not rows:
        yield Text(" " + tr("no session is held"), style="quiet")
        return
    yield Calendar(weeks(season.instance, held), rows[:limit], season.dates, SessionPaint())
    yield Text()
    yield Padding(Legend(), (0, 0, 0, 1))
    if len(rows) > limit:
        yield more(
            tr_n("{n:,} more site", "{n:,} more sites", len(rows) - limit), tr("--limit N, or --site ID")
        )


def season_screen(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """The timetable, then its sessions by week."""
    yield Text("\n" + season.instance.title, style="heading")
    yield from timetable(season, width, limit)
    rows = session_rows(season)
    running = [row for row in rows if row.runs]
    if running:
        yield heading(tr("Sessions by week"), [tr("--session ID shows a cohort")], width)
        yield session_table(season, running[:limit], width, by_week=True)
    if len(running) > limit:
        yield more(
            tr_n("{n:,} more session", "{n:,} more sessions", len(running) - limit),
            tr("--limit N, --site ID or --week N"),
        )
    cancelled = [row.name for row in rows if not row.runs]
    if cancelled:
        few = first_of(cancelled, between=tr("; "))
        yield Text("\n " + tr("not opened: {sessions}", sessions=few), style="quiet")


def week_screen(season: Season, week: Week, width: int, limit: int) -> Iterator[RenderableType]:
    """All sites in one week, days as columns."""
    rows = site_rows(season, range(week.monday, week.monday + 7))
    first, last = week.monday, week.monday + 6
    yield heading(
        tr("Week {number}", number=week.number),
        [season.dates.span(first, last), tr_n("{n:,} site", "{n:,} sites", len(rows))],
        width,
    )
    if not rows:
        yield Text(" " + tr("nothing is held in this week"), style="quiet")
        return
    yield Text()
    yield WeekGrid(week, rows[:limit], season.dates, _modules(season))
    if len(rows) > limit:
        yield more(
            tr_n("{n:,} more site", "{n:,} more sites", len(rows) - limit),
            tr("--limit N, or --site ID --week N"),
        )


def site_screen(
    season: Season, site: int, width: int, limit: int, week: Week | None = None
) -> Iterator[RenderableType]:
    """The weeks of one site as grids, with its beds by day."""
    instance = season.instance
    place = instance.sites[site]
    row, home = replace(site_row(season, site), label=""), home_row(season, site)
    below = [beds_row(season, site), *([home] if home else [])]
    days = {day for bar in row.bars for day in bar.days}
    taken = sum(bar.people for bar in row.bars)
    facts = [
        place.id,
        kind(place.kind),
        tr("beds unlimited") if place.beds is None else tr_n("{n:,} bed", "{n:,} beds", place.beds),
        tr("rooms unlimited")
        if place.rooms is None
        else tr("rooms {rooms}", rooms=first_of([f"{r.id} {r.seats}" for r in place.rooms])),
        tr_n("{n:,} session", "{n:,} sessions", len(row.bars)),
        tr("{part:,} of {all:,} seats taken", part=taken, all=sum(bar.seats for bar in row.bars)),
    ]
    yield Text("\n" + place.name, style="heading")
    yield flow(facts, width)
    yield Text()
    shown, skipped = 0, []
    all_weeks = weeks(instance, days)
    held = [w for w in all_weeks if not days.isdisjoint(range(w.monday, w.monday + 7))]
    for each in all_weeks if week is None else [w for w in all_weeks if w.monday == week.monday]:
        if each not in held:
            skipped.append(each)
            continue
        if shown >= limit:
            break
        if skipped:
            yield gap_line(skipped)
        skipped = []
        yield WeekGrid(each, [row, *below], season.dates, _modules(season))
        yield from site_programme(season, site, each, width)
        yield Text()
        shown += 1
    else:
        if skipped:
            yield gap_line(skipped)
    if week is None and len(held) > shown:
        yield more(
            tr_n("{n:,} more week", "{n:,} more weeks", len(held) - shown), tr("--limit N or --week N")
        )


def _modules(season: Season) -> Sequence[Sequence[str]]:
    return [season.module_names(s) for s in range(len(season.instance.sessions))]
