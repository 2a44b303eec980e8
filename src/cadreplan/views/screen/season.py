"""The season's timetable, one week of it, and one site of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.views.screen.calendar import Calendar, Legend, SessionPaint
from cadreplan.views.screen.grid import WeekGrid, gap_line
from cadreplan.views.screen.programme import site_programme
from cadreplan.views.screen.summary import session_table
from cadreplan.views.screen.theme import flow, heading, more
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows
from cadreplan.views.timetable import Week, beds_row, site_row, site_rows, used_days, weeks
from cadreplan.views.wording import count, listed, number


def timetable(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """Sites by week, every running session a bar with its people."""
    rows = site_rows(season)
    held = used_days(season)
    running = sum(season.runs(s) for s in range(len(season.instance.sessions)))
    yield heading("Timetable", [count(running, "session"), "sites by week"], width)
    if not rows:
        yield Text(" no session is held", style="quiet")
        return
    yield Calendar(weeks(season.instance, held), rows[:limit], season.dates, SessionPaint())
    yield Text()
    yield Padding(Legend(), (0, 0, 0, 1))
    if len(rows) > limit:
        yield more(len(rows) - limit, "sites", "--limit N, or --site ID")


def season_screen(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """The timetable, then its sessions by week."""
    yield Text("\n" + season.instance.title, style="heading")
    yield from timetable(season, width, limit)
    rows = session_rows(season)
    running = [row for row in rows if row.runs]
    if running:
        yield heading("Sessions by week", ["--session ID shows a cohort"], width)
        yield session_table(season, running[:limit], width, by_week=True)
    if len(running) > limit:
        yield more(len(running) - limit, "sessions", "--limit N, --site ID or --week N")
    cancelled = [row.id for row in rows if not row.runs]
    if cancelled:
        yield Text(f"\n not opened: {listed(cancelled)}", style="quiet")


def week_screen(season: Season, week: Week, width: int, limit: int) -> Iterator[RenderableType]:
    """All sites in one week, days as columns."""
    rows = site_rows(season, range(week.monday, week.monday + 7))
    first, last = week.monday, week.monday + 6
    yield heading(f"Week {week.label[1:]}", [season.dates.span(first, last), count(len(rows), "site")], width)
    if not rows:
        yield Text(" nothing is held in this week", style="quiet")
        return
    yield Text()
    yield WeekGrid(week, rows[:limit], season.dates, _modules(season))
    if len(rows) > limit:
        yield more(len(rows) - limit, "sites", "--limit N, or --site ID --week N")


def site_screen(
    season: Season, site: int, width: int, limit: int, week: Week | None = None
) -> Iterator[RenderableType]:
    """The weeks of one site as grids, with its beds by day."""
    instance = season.instance
    place = instance.sites[site]
    row, beds = replace(site_row(season, site), label=""), beds_row(season, site)
    days = {day for bar in row.bars for day in bar.days}
    taken = sum(bar.people for bar in row.bars)
    facts = [
        place.id,
        place.kind,
        "beds unlimited" if place.beds is None else count(place.beds, "bed"),
        "rooms unlimited"
        if place.rooms is None
        else "rooms " + listed([f"{r.id} {r.seats}" for r in place.rooms]),
        count(len(row.bars), "session"),
        f"{number(taken)} of {number(sum(bar.seats for bar in row.bars))} seats taken",
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
        yield WeekGrid(each, [row, beds], season.dates, _modules(season))
        yield from site_programme(season, site, each, width)
        yield Text()
        shown += 1
    else:
        if skipped:
            yield gap_line(skipped)
    if week is None and len(held) > shown:
        yield more(len(held) - shown, "weeks", "--limit N or --week N")


def _modules(season: Season) -> Sequence[Sequence[str]]:
    return [season.module_names(s) for s in range(len(season.instance.sessions))]
