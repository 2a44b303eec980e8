"""What `solve` shows at the end: the verdict, worth, coverage, sessions, and what stays open."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cadreplan.views.screen.theme import (
    FILL_TEXT,
    Cell,
    Column,
    Meter,
    fill_style,
    fitted,
    flow,
    heading,
    more,
    share_style,
)
from cadreplan.views.season import Season
from cadreplan.views.summary import (
    SessionRow,
    coverage_by_ability,
    emptiest_first,
    fill_counts,
    first_level_rows,
    reason_rows,
    session_rows,
    worth_rows,
)
from cadreplan.views.wording import ENDINGS, count, gap, number, seconds, share

_METER = 20


def summary(season: Season, width: int, *, limit: int = 12) -> Iterator[RenderableType]:
    """The whole summary for a screen of `width` cells; lists show `limit` rows and say how many more."""
    yield from title(season, width)
    yield from verdict(season, width)
    yield from worth(season, width)
    yield from coverage(season, width)
    yield from branches(season, width, limit)
    yield from sessions(season, width, limit)
    yield from still_open(season, width)


def title(season: Season, width: int) -> Iterator[Text]:
    """What is planned: the roster's title and its size."""
    instance = season.instance
    people = sum(leader.headcount for leader in instance.leaders)
    leaders = count(len(instance.leaders), "leader") + (
        f" ({count(people, 'person', 'people')})" if people != len(instance.leaders) else ""
    )
    facts = (
        leaders,
        f"{count(len(instance.sessions), 'session')} at {count(len(instance.sites), 'site')}",
        f"{instance.start} – {instance.date_of(instance.n_days - 1)}",
    )
    yield Text("\n" + instance.title, style="heading")
    yield flow(facts, width)


def verdict(season: Season, width: int) -> Iterator[Text]:
    """Worth, bound and gap, what they mean, which engine found them and why it ended."""
    solver = season.plan.solver
    if solver.status == "optimal":
        tag, meaning = "good", "proven: no plan is worth more"
    else:
        tag = "fair"
        meaning = f"proven: no plan can be worth over {number(solver.bound - solver.objective)} points more"
    yield Text("\n ").append(f" {solver.status} ", style=f"tag.{tag}").append(f" {meaning}")
    line = Text("\n ")
    facts = (
        ("worth", number(solver.objective), "bold"),
        ("bound", number(solver.bound), ""),
        ("gap", gap(solver.gap), tag),
        ("time", seconds(solver.seconds), ""),
    )
    for name, value, style in facts:
        line.append(f"{name} ", style="quiet").append(value, style=style).append("   ")
    yield line
    ended = "" if solver.ended == "proven" else ENDINGS.get(solver.ended, solver.ended)
    facts_of_engine = [f"engine {solver.engine}", solver.why, ended]
    yield flow([fact for fact in facts_of_engine if fact], width, lead=" ", first=1, indent=1)


def worth(season: Season, width: int) -> Iterator[RenderableType]:
    """Points by term with their sum."""
    yield heading("Worth", ["points, by what they are for"], width)
    rows = worth_rows(season)
    scale = max((abs(row.points) for row in rows), default=0)
    cells: list[list[Cell]] = [
        [
            row.label,
            row.amount,
            Text(number(row.points), style="" if row.points >= 0 else "cost"),
            Meter(abs(row.points), scale, "good" if row.points >= 0 else "cost", _METER, on_track=False)
            if row.points
            else "",
        ]
        for row in rows
    ]
    cells.append([Text("worth", style="bold"), "", Text(number(season.plan.terms.total), style="bold"), ""])
    columns = (Column(), Column(rank=1, right=True), Column(right=True), Column(rank=2))
    yield fitted(columns, cells, width)


def coverage(season: Season, width: int) -> Iterator[RenderableType]:
    """Skill gaps closed by ability."""
    rows = coverage_by_ability(season)
    if not rows:
        return
    yield heading("Coverage", ["skill gaps closed, by ability"], width)
    size = _METER if width < 100 else 2 * _METER
    cells: list[list[Cell]] = [
        [
            row.name,
            Meter(row.closed, row.total, share_style(row.closed, row.total), size),
            share(row.closed, row.total),
            f"{number(row.closed)} of {number(row.total)}",
        ]
        for row in rows
    ]
    columns = (
        Column(flexible=True),
        Column(rank=2),
        Column(right=True),
        Column(rank=1, right=True, style="quiet"),
    )
    yield fitted(columns, cells, width)


def branches(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """Branches of the first level."""
    rows = first_level_rows(season)
    if len(rows) < 2:
        return
    yield heading("Branches", ["lowest coverage first"], width)
    cells: list[list[Cell]] = [
        [
            row.name,
            Meter(row.closed, row.total, share_style(row.closed, row.total), _METER),
            share(row.closed, row.total),
            f"{number(row.closed)} of {number(row.total)}",
            number(row.people),
            number(row.days),
            number(row.km),
        ]
        for row in rows[:limit]
    ]
    columns = (
        Column("branch", flexible=True),
        Column("skill gaps closed", rank=2),
        Column(right=True),
        Column(rank=1, right=True, style="quiet"),
        Column("people", rank=3, right=True),
        Column("days away", rank=3, right=True),
        Column("km", rank=4, right=True),
    )
    yield fitted(columns, cells, width)
    if len(rows) > limit:
        yield more(len(rows) - limit, "branches", "--limit N")


def sessions(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """How full the sessions are, and those that are emptiest."""
    rows = session_rows(season)
    yield heading("Sessions", [f"{number(n)} {kind}" for kind, n in fill_counts(rows)], width)
    running = emptiest_first(rows)
    if not running:
        return
    yield session_table(season, running[:limit], width)
    if len(running) > limit:
        yield more(len(running) - limit, "sessions, fuller than these", "--limit N")


def session_table(
    season: Season, rows: list[SessionRow], width: int, *, by_week: bool = False
) -> RenderableType:
    """Sessions with days, place, fill bar and modules; `by_week` puts the week before its first session."""
    cells: list[list[Cell]] = []
    before = ""
    for row in rows:
        week = f"W{season.dates.date(row.first).isocalendar().week:02}"
        below = row.people < row.min_seats
        cells.append(
            [
                Text(week if week != before else "", style="heading"),
                Text(row.id, style="id"),
                season.dates.spans(row.days),
                row.site,
                Meter(row.people, row.seats, FILL_TEXT[fill_style(row.people, row.seats, row.min_seats)], 10),
                f"{row.people}/{row.seats}",
                Text(f"minimum {row.min_seats}", style="poor") if below else "",
                row.room or "",
                ", ".join(row.modules),
            ]
        )
        before = week
    columns = (
        Column("week"),
        Column("session", flexible=True, least=16),
        Column("days"),
        Column("site", rank=1, flexible=True),
        Column("people", rank=2),
        Column(right=True),
        Column(rank=3),
        Column("room", rank=5),
        Column("modules", rank=4, style="quiet", flexible=True, least=20),
    )
    first = 0 if by_week else 1
    return fitted(columns[first:], [row[first:] for row in cells], width)


def still_open(season: Season, width: int) -> Iterator[RenderableType]:
    """Open skill gaps by reason, each with one of them as an example."""
    rows = reason_rows(season)
    if not rows:
        yield heading("Open skill gaps", ["none: everything is closed"], width)
        return
    total = sum(row.count for row in rows)
    yield heading("Open skill gaps", [f"{number(total)}, by reason, each with an example"], width)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for justify in ("right", "left", "left"):
        table.add_column(justify=justify, no_wrap=True)
    table.add_column()
    for row in rows:
        said = Text(row.meaning)
        if row.detail:
            said.append(f"\n{row.leader}, {row.skill}: {row.detail}", style="quiet")
        bar: Cell = Meter(row.count, rows[0].count, "fair", 10, on_track=False) if width >= 76 else ""
        table.add_row(Text(number(row.count), style="bold"), bar, Text(row.reason, style="id"), said)
    yield Padding(table, (0, 0, 0, 1))
