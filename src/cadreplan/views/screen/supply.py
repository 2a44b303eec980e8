"""The summary's sections on what a season takes: candidates, half days, lecturers, rooms, standards."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.language import listed, tr, tr_n
from cadreplan.plan import Plan
from cadreplan.views.programme import loads
from cadreplan.views.screen.theme import Cell, Column, Meter, fitted, flow, heading, more, share_style
from cadreplan.views.season import Season
from cadreplan.views.supply import (
    OpenedRow,
    StandardRow,
    load_rows,
    opened_rows,
    room_rows,
    standard_rows,
    untaught,
)
from cadreplan.views.wording import ending, first_of, method, number, share

_FEW = 5
"""Rows of a list that is only a glance."""


def opened(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """Which candidates run, what they cost and how full they are."""
    rows = opened_rows(season)
    if not rows:
        return
    runs, all_ = sum(row.opened for row in rows), sum(row.candidates for row in rows)
    notes = [
        tr("{n:,} of {total:,} opened", n=runs, total=all_),
        tr_n("{n:,} point", "{n:,} points", sum(row.points for row in rows)),
        tr("{n:,} not opened", n=all_ - runs),
    ]
    yield heading(tr("Candidates"), notes, width)
    shown = sorted(rows, key=lambda row: not row.opened) if len(rows) > limit else rows
    cells: list[list[Cell]] = [
        [
            Text(row.id, style="id"),
            _opened(row),
            Meter(row.people, row.seats, share_style(row.people, row.seats), 10) if row.opened else "",
            f"{number(row.people)}/{number(row.seats)}" if row.opened else "",
            number(row.points) if row.opened else "",
            listed(row.sites),
        ]
        for row in shown[:limit]
    ]
    columns = (
        Column(tr("offering"), flexible=True, least=8),
        Column(tr("opened")),
        Column(tr("people"), rank=2),
        Column(right=True),
        Column(tr("points"), rank=1, right=True),
        Column(tr("sites"), rank=3, flexible=True, least=12, style="quiet"),
    )
    yield fitted(columns, cells, width)
    if len(shown) > limit:
        left = tr_n("{n:,} more", "{n:,} more", len(shown) - limit)
        yield more(left, "--limit N")


def _opened(row: OpenedRow) -> str:
    if row.single:
        return tr("opened") if row.opened else tr("not opened")
    return tr("{n:,} of {total:,}", n=row.opened, total=row.candidates if row.most is None else row.most)


def programme(season: Season, width: int) -> Iterator[RenderableType]:
    """How the half days meet their goals, and what nobody teaches."""
    info = season.plan.programme
    if info is None:
        return
    goals = info.goals
    notes = [tr("proven: none is better")] if info.status == "optimal" else []
    notes += [ending(info.ended)] if info.ended else []
    yield heading(tr("Half days"), notes, width)
    facts = (
        (tr("without a lecturer"), goals.unstaffed, info.bound[0]),
        *(
            [(tr("other half days and lecturers than before"), goals.differing, info.bound[1])]
            if season.plan.kept is not None
            else []
        ),
        (tr("core in an afternoon"), goals.afternoons, info.bound[2]),
        (tr("same method twice in a row"), goals.repeats, info.bound[3]),
        (tr("journeys, and half days above the fair share"), goals.journeys + goals.overload, info.bound[4]),
        (tr("second lecturers of a module"), goals.changes, info.bound[5]),
    )
    proven = True
    cells: list[list[Cell]] = []
    for k, (name, reached, bound) in enumerate(facts):
        proven = proven and reached == bound
        style = "poor" if k == 0 and reached else "bold"
        why = tr("as few as can be") if proven else ""
        if not proven and 0 < bound < reached and all(f[1] == f[2] for f in facts[:k]):
            why = tr("no fewer than {n:,}", n=bound)
        cells.append([name, Text(number(reached), style=style), Text(why, style="quiet")])
    yield fitted((Column(flexible=True, least=20), Column(right=True), Column(rank=1)), cells, width)
    yield from nobody(season)
    yield from _kept_closed(season)


def unstaffed(plan: Plan) -> RenderableType:
    """How many half days nobody teaches, in a line."""
    n = sum(h.lecturer is None for entry in plan.sessions for h in entry.programme)
    text = tr_n("{n:,} half day without a lecturer", "{n:,} half days without a lecturer", n)
    return Padding(Text(text, style="poor" if n else "quiet"), (0, 0, 0, 1))


def nobody(season: Season) -> Iterator[RenderableType]:
    """What rests on half days that nobody teaches, and why nobody does."""
    missing = untaught(season)
    if not missing.half_days:
        return
    gaps = tr_n("{n:,} skill gap", "{n:,} skill gaps", missing.gaps)
    people = tr_n("{n:,} person", "{n:,} people", missing.people)
    said = tr(
        "closed only by half days that nobody teaches: {gaps} of {people}, in {sessions}",
        gaps=gaps,
        people=people,
        sessions=tr_n("{n:,} session", "{n:,} sessions", missing.sessions),
    )
    yield Padding(Text(said, style="poor"), (0, 0, 0, 1))
    whys: dict[str, dict[str, None]] = {}
    for h in missing.half_days:
        if h.reason:
            whys.setdefault(h.reason, {})[season.instance.sessions[h.session].id] = None
    for why, sessions in list(whys.items())[:_FEW]:
        line = Text(why + "  ", style="quiet").append(first_of(list(sessions), 3), style="id")
        yield Padding(line, (0, 0, 0, 1))
    if len(whys) > _FEW:
        yield more(
            tr_n("{n:,} more reason", "{n:,} more reasons", len(whys) - _FEW), "cadreplan show --session"
        )


def _kept_closed(season: Season) -> Iterator[RenderableType]:
    info = season.plan.programme
    if info is None or not info.limits:
        return
    said = tr_n(
        "{n:,} limit of what lecturers can teach was learnt: more candidates can't be staffed.",
        "{n:,} limits of what lecturers can teach were learnt: more candidates can't be staffed.",
        len(info.limits),
    )
    if info.ceiling is not None:
        over = info.ceiling - season.plan.solver.objective
        said += " " + (
            tr("No plan that keeps to them is worth more.")
            if over <= 0
            else tr("No plan that keeps to them is worth over {n:,} points more.", n=over)
        )
    yield Padding(Text(said, style="quiet"), (0, 0, 0, 1))


def lecturers(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """The heaviest loads, and who is free."""
    if season.plan.programme is None or not season.instance.lecturers:
        return
    rows = load_rows(season)
    teaching = [row for row in rows if row.half_days]
    free = [season.instance.lecturers[row.lecturer].name for row in rows if not row.half_days]
    total = sum(row.half_days for row in rows)
    notes = [
        tr("{n:,} of {total:,} teach", n=len(teaching), total=len(rows)),
        tr_n("{n:,} half day", "{n:,} half days", total),
        tr("fair share {n:,}", n=-(-total // max(1, len(rows)))),
    ]
    yield heading(tr("Lecturers"), [*notes, tr("heaviest load first")], width)
    scale = max(*loads(season).values(), 1)
    few = teaching[: min(limit, _FEW)]
    cells: list[list[Cell]] = []
    for row in few:
        who = season.instance.lecturers[row.lecturer]
        full = row.most is not None and row.half_days >= row.most
        most = row.most or scale
        cells.append(
            [
                who.name,
                Text(who.id, style="id"),
                Meter(row.half_days, max(most, 1), "fair" if full else "good", 10),
                number(row.half_days) if row.most is None else f"{number(row.half_days)}/{number(row.most)}",
                tr_n("{n:,} session", "{n:,} sessions", row.sessions),
                tr_n("{n:,} site", "{n:,} sites", row.sites),
            ]
        )
    columns = (
        Column(tr("lecturer"), flexible=True, least=8),
        Column(rank=2),
        Column(tr("half days"), rank=1),
        Column(right=True),
        Column(rank=3, right=True),
        Column(rank=4, right=True),
    )
    if cells:
        yield fitted(columns, cells, width)
    if len(teaching) > len(few):
        left = tr_n("{n:,} more lecturer", "{n:,} more lecturers", len(teaching) - len(few))
        yield more(left, "cadreplan show --lecturer ID")
    if free:
        yield flow([tr("free"), first_of(free)], width, lead=" ", first=1, indent=1)


def rooms(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """How the rooms of each site are used."""
    rows = room_rows(season)
    if not rows:
        return
    yield heading(tr("Rooms"), [tr("on days with a session")], width)
    cells: list[list[Cell]] = [
        [
            row.site,
            Meter(row.days, row.possible, "good", 10),
            share(row.days, row.possible),
            tr("{n:,} of {total:,}", n=row.at_once, total=row.rooms),
            share(row.people, row.seats),
        ]
        for row in rows[:limit]
    ]
    columns = (
        Column(tr("site"), flexible=True, least=8),
        Column(tr("room days taken"), rank=2),
        Column(right=True),
        Column(tr("most at once"), rank=1, right=True),
        Column(tr("seats taken"), rank=3, right=True),
    )
    yield fitted(columns, cells, width)
    if len(rows) > limit:
        yield more(tr_n("{n:,} more site", "{n:,} more sites", len(rows) - limit), "--limit N")


def standards(season: Season, width: int) -> Iterator[RenderableType]:
    """Core share and methods of what is held, overall and by ability."""
    rows = standard_rows(season)
    if not rows:
        return
    yield heading(tr("Standards"), [tr("study hours of the sessions that are attended")], width)
    cells: list[list[Cell]] = [
        [
            row.name or tr("all"),
            tr_n("{n:,} hour", "{n:,} hours", row.hours),
            tr("{share} core", share=share(row.core, row.hours)),
            methods(row),
        ]
        for row in rows
    ]
    columns = (
        Column(flexible=True, least=8),
        Column(right=True, rank=2),
        Column(right=True),
        Column(rank=1, flexible=True, least=20, style="quiet"),
    )
    yield fitted(columns, cells, width)


def methods(row: StandardRow) -> str:
    """Teaching methods with their share of the hours."""
    return listed(f"{method(name)} {share(hours, row.hours)}" for name, hours in row.methods)
