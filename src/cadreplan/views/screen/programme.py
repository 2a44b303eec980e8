"""The day-by-day programme of a session, the journey and load of a lecturer, a site's rooms by half day."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.language import listed, tr, tr_n
from cadreplan.views.programme import HalfDay, lecturer_name, loads, of_session, room_grid, visits
from cadreplan.views.screen.supply import methods
from cadreplan.views.screen.theme import Cell, Column, Meter, fitted, flow, heading, more
from cadreplan.views.season import Season
from cadreplan.views.supply import standard_of
from cadreplan.views.timetable import Week
from cadreplan.views.wording import first_of, kind, method, number, slot_name


def session_programme(season: Season, session: int, width: int) -> Iterator[RenderableType]:
    """What is taught on each half day, and by whom; nothing where the plan has no programme."""
    held = of_session(season, session)
    if not held:
        return
    missing = [h for h in held if h.lecturer is None]
    notes = [tr_n("{n:,} half day", "{n:,} half days", len(held))]
    notes += [tr("{n:,} without a lecturer", n=len(missing))] if missing else []
    notes.append(methods(standard_of(season, session)))
    yield heading(tr("Programme"), notes, width)
    rows: list[list[Cell]] = []
    before = -1
    for h in held:
        rows.append(
            [
                Text(season.dates.weekday(h.day) if h.day != before else "", style="heading"),
                Text(slot_name(h.slot), style="quiet"),
                h.module,
                _who(season, h),
                tr("core") if h.core else "",
                method(h.method),
                Text(h.module_id, style="id"),
            ]
        )
        before = h.day
    columns = (
        Column(tr("day")),
        Column(),
        Column(tr("module"), flexible=True, least=16),
        Column(tr("lecturer"), flexible=True, least=10),
        Column(rank=2),
        Column(tr("method"), rank=3),
        Column(tr("id"), rank=4),
    )
    yield fitted(columns, rows, width)
    for why in dict.fromkeys(h.reason for h in missing if h.reason):
        yield Padding(Text(why, style="poor"), (0, 0, 0, 1))


def _who(season: Season, half_day: HalfDay) -> Text:
    if half_day.lecturer is None:
        return Text(tr("nobody"), style="poor")
    return Text(lecturer_name(season, half_day))


def lecturer_screen(season: Season, lecturer: int, width: int, limit: int) -> Iterator[RenderableType]:
    """Where a lecturer goes, what they teach there, and how much it is."""
    instance = season.instance
    who, taught = instance.lecturers[lecturer], visits(season, lecturer)
    load = sum(len(visit.half_days) for visit in taught)
    every = loads(season)
    yield Text("\n" + who.name, style="heading").append(f"  {who.id}", style="id")
    facts = [
        kind(who.kind),
        tr("travels") if who.site is None else tr("at {site} only", site=instance.sites[who.site].name),
        *([first_of([instance.modules[m].name for m in who.modules])] if who.modules is not None else []),
        *(
            [tr("available {days}", days=listed(season.dates.span(a, b) for a, b in who.available))]
            if who.available is not None
            else []
        ),
    ]
    yield flow(facts, width)
    yield Text()
    most = who.max_slots
    style = "good" if most is None or load < most else "fair"
    of = tr_n("{n:,} half day", "{n:,} half days", load)
    if most is not None:
        of = tr("{part:,} of {all:,} half days", part=load, all=most)
    load_row: list[list[Cell]] = [
        [tr("teaches"), Meter(load, max(1, most or max(every.values())), style), of]
    ]
    yield fitted((Column(), Column(rank=1), Column()), load_row, width)
    if not taught:
        has_programme = season.plan.programme is not None
        why = (
            tr("teaches nothing in this plan")
            if has_programme
            else tr("this plan has no programme of half days")
        )
        yield Text(f"\n {why}", style="quiet")
        return
    places = len({instance.sessions[visit.session].site for visit in taught})
    notes = [tr_n("{n:,} session", "{n:,} sessions", len(taught)), tr_n("{n:,} site", "{n:,} sites", places)]
    yield heading(tr("Where and when"), notes, width)
    rows: list[list[Cell]] = [
        [
            season.dates.span(visit.days[0], visit.days[-1]),
            instance.sites[instance.sessions[visit.session].site].name,
            Text(season.names.handle(visit.session), style="id"),
            listed(visit.modules),
            number(len(visit.half_days)),
            season.room(visit.session) or "",
        ]
        for visit in taught[:limit]
    ]
    columns = (
        Column(tr("days")),
        Column(tr("site"), flexible=True, least=8),
        Column(tr("session"), rank=1),
        Column(tr("modules"), flexible=True, least=12),
        Column(tr("half days"), right=True),
        Column(tr("room"), rank=2),
    )
    yield fitted(columns, rows, width)
    if len(taught) > limit:
        yield more(tr_n("{n:,} more session", "{n:,} more sessions", len(taught) - limit), "--limit N")


def site_programme(season: Season, site: int, week: Week, width: int) -> Iterator[RenderableType]:
    """A week of a site as rooms by half days: the module, and below it who teaches."""
    rooms = list(room_grid(season, site, week))
    if not rooms:
        return
    days = [d for d in week.days if any((d, slot) in held for _, held in rooms for slot in ("am", "pm"))]
    columns = [Column(tr("room"), flexible=True, least=6), Column()]
    columns += [Column(season.dates.weekday(day), flexible=True, least=9) for day in days]
    rows: list[list[Cell]] = []
    for label, held in rooms:
        for slot in ("am", "pm"):
            own = [held.get((day, slot)) for day in days]
            rows.append(
                [
                    Text(label if slot == "am" else "", style="heading"),
                    Text(slot_name(slot), style="quiet"),
                    *(h.module if h else "" for h in own),
                ]
            )
            rows.append(["", "", *(_taught_by(season, h) if h else "" for h in own)])
    yield fitted(columns, rows, width)


def _taught_by(season: Season, half_day: HalfDay) -> Text:
    name = lecturer_name(season, half_day)
    return Text(tr("nobody") if half_day.lecturer is None else name, style="poor" if name == "-" else "quiet")
