"""What `solve` shows at the end: the verdict, worth, coverage, sessions, and what stays open."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cadreplan.language import later, listed, tr, tr_n
from cadreplan.messages.saying import say
from cadreplan.views.screen import supply
from cadreplan.views.screen.fairness import fairness, norms
from cadreplan.views.screen.folding import folded
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
from cadreplan.views.wording import ending, gap, made_with, number, period, seconds, share, week_label

_METER = 20
_STATUS = {"optimal": later("optimal"), "feasible": later("feasible")}


def summary(season: Season, width: int, *, limit: int = 12) -> Iterator[RenderableType]:
    """The whole summary for a screen of `width` cells; lists show `limit` rows and say how many more."""
    yield from title(season, width)
    yield from verdict(season, width)
    yield from worth(season, width)
    yield from coverage(season, width)
    yield from branches(season, width, limit)
    yield from norms(season, width)
    yield from fairness(season, width)
    yield from sessions(season, width, limit)
    yield from supply.opened(season, width, limit)
    yield from supply.programme(season, width)
    yield from supply.lecturers(season, width, limit)
    yield from supply.rooms(season, width, limit)
    yield from supply.standards(season, width)
    yield from still_open(season, width)


def title(season: Season, width: int) -> Iterator[Text]:
    """What is planned: the roster's title and its size."""
    instance = season.instance
    people = sum(leader.headcount for leader in instance.leaders)
    leaders = tr_n("{n:,} leader", "{n:,} leaders", len(instance.leaders))
    if people != len(instance.leaders):
        of_people = tr_n("{n:,} person", "{n:,} people", people)
        leaders = tr("{leaders} ({people})", leaders=leaders, people=of_people)
    facts = (
        leaders,
        tr(
            "{sessions} at {sites}",
            sessions=tr_n("{n:,} session", "{n:,} sessions", len(instance.sessions)),
            sites=tr_n("{n:,} site", "{n:,} sites", len(instance.sites)),
        ),
        period(instance.start, instance.date_of(instance.n_days - 1)),
    )
    yield Text("\n" + instance.title, style="heading")
    yield flow(facts, width)
    if what_if := made_with(season.plan.roster.settings):
        yield Text(what_if, style="fair")


def verdict(season: Season, width: int) -> Iterator[Text]:
    """Worth, bound and gap, what they mean, which engine found them and why it ended."""
    solver = season.plan.solver
    if solver.status == "optimal":
        tag, meaning = "good", tr("proven: no plan is worth more")
    else:
        tag = "fair"
        over = solver.bound - solver.objective
        meaning = tr("proven: no plan can be worth over {points:,} points more", points=over)
    yield (
        Text("\n ")
        .append(f" {tr(_STATUS.get(solver.status, solver.status))} ", style=f"tag.{tag}")
        .append(f" {meaning}")
    )
    line = Text("\n ")
    facts = (
        (tr("worth"), number(solver.objective), "bold"),
        (tr("bound"), number(solver.bound), ""),
        (tr("gap"), gap(solver.gap), tag),
        (tr("time"), seconds(solver.seconds), ""),
    )
    for name, value, style in facts:
        line.append(f"{name} ", style="quiet").append(value, style=style).append("   ")
    yield line
    ended = "" if solver.ended == "proven" else ending(solver.ended)
    facts_of_engine = [tr("engine {name}", name=solver.engine), say(solver.why), ended]
    yield flow([fact for fact in facts_of_engine if fact], width, lead=" ", first=1, indent=1)


def worth(season: Season, width: int) -> Iterator[RenderableType]:
    """Points by term with their sum."""
    yield heading(tr("Worth"), [tr("points, by what they are for")], width)
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
    cells.append(
        [Text(tr("worth"), style="bold"), "", Text(number(season.plan.terms.total), style="bold"), ""]
    )
    columns = (Column(), Column(rank=1, right=True), Column(right=True), Column(rank=2))
    yield fitted(columns, cells, width)


def coverage(season: Season, width: int) -> Iterator[RenderableType]:
    """Skill gaps closed by ability."""
    rows = coverage_by_ability(season)
    if not rows:
        return
    yield heading(tr("Coverage"), [tr("skill gaps closed, by ability")], width)
    size = _METER if width < 100 else 2 * _METER
    cells: list[list[Cell]] = [
        [
            row.name,
            Meter(row.closed, row.total, share_style(row.closed, row.total), size),
            share(row.closed, row.total),
            tr("{part:,} of {all:,}", part=row.closed, all=row.total),
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
    yield heading(tr("Branches"), [tr("lowest coverage first")], width)
    cells: list[list[Cell]] = [
        [
            row.name,
            Meter(row.closed, row.total, share_style(row.closed, row.total), _METER),
            share(row.closed, row.total),
            tr("{part:,} of {all:,}", part=row.closed, all=row.total),
            number(row.people),
            number(row.days),
            number(row.km),
        ]
        for row in rows[:limit]
    ]
    columns = (
        Column(tr("branch"), flexible=True),
        Column(tr("skill gaps closed"), rank=2),
        Column(right=True),
        Column(rank=1, right=True, style="quiet"),
        Column(tr("people"), rank=3, right=True),
        Column(tr("days away"), rank=3, right=True),
        Column(tr("km"), rank=4, right=True),
    )
    yield fitted(columns, cells, width)
    if len(rows) > limit:
        yield more(tr_n("{n:,} more branch", "{n:,} more branches", len(rows) - limit), "--limit N")


def sessions(season: Season, width: int, limit: int) -> Iterator[RenderableType]:
    """How full the sessions are, and those that are emptiest."""
    rows = session_rows(season)
    yield heading(
        tr("Sessions"), [tr("{n:,} {what}", n=n, what=tr(kind)) for kind, n in fill_counts(rows)], width
    )
    running = emptiest_first(rows)
    if not running:
        return
    yield session_table(season, running[:limit], width)
    if len(running) > limit:
        yield more(
            tr_n(
                "{n:,} more session, fuller than these",
                "{n:,} more sessions, fuller than these",
                len(running) - limit,
            ),
            "--limit N",
        )


def session_table(
    season: Season, rows: list[SessionRow], width: int, *, by_week: bool = False
) -> RenderableType:
    """Sessions with days, place, fill bar and modules; `by_week` puts the week before its first session."""
    cells: list[list[Cell]] = []
    before = ""
    for row in rows:
        week = week_label(season.dates.date(row.first))
        below = row.people < row.min_seats
        cells.append(
            [
                Text(week if week != before else "", style="heading"),
                Text(season.names.handle(row.session), style="id"),
                season.dates.spans(row.days),
                row.site,
                Meter(row.people, row.seats, FILL_TEXT[fill_style(row.people, row.seats, row.min_seats)], 10),
                f"{row.people}/{row.seats}",
                Text(tr("minimum {n:,}", n=row.min_seats), style="poor") if below else "",
                row.room or "",
                listed(row.modules),
            ]
        )
        before = week
    columns = (
        Column(tr("week")),
        Column(tr("session"), flexible=True, least=16),
        Column(tr("days")),
        Column(tr("site"), rank=1, flexible=True),
        Column(tr("people"), rank=2),
        Column(right=True),
        Column(rank=3),
        Column(tr("room"), rank=5),
        Column(tr("modules"), rank=4, style="quiet", flexible=True, least=20),
    )
    first = 0 if by_week else 1
    return fitted(columns[first:], [row[first:] for row in cells], width)


def still_open(season: Season, width: int) -> Iterator[RenderableType]:
    """Open skill gaps by reason, each with one of them as an example."""
    rows = reason_rows(season)
    if not rows:
        yield heading(tr("Open skill gaps"), [tr("none: everything is closed")], width)
        return
    total = sum(row.count for row in rows)
    yield heading(tr("Open skill gaps"), [tr("{n:,}, by reason, each with an example", n=total)], width)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for justify in ("right", "left", "left"):
        table.add_column(justify=justify, no_wrap=True)
    table.add_column()
    for row in rows:
        said = Text(row.meaning)
        if row.detail:
            example = tr("{leader}, {skill}: {detail}", leader=row.leader, skill=row.skill, detail=row.detail)
            said.append(f"\n{example}", style="quiet")
        bar: Cell = Meter(row.count, rows[0].count, "fair", 10, on_track=False) if width >= 76 else ""
        table.add_row(Text(number(row.count), style="bold"), bar, Text(row.reason, style="id"), folded(said))
    yield Padding(table, (0, 0, 0, 1))
