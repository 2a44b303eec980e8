"""One session with its cohort, one leader with the itinerary, one branch with who is away when."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.language import listed, tr, tr_n
from cadreplan.trips import journeys
from cadreplan.views.fairness import broken_promise, owed_rows, waited_text
from cadreplan.views.naming import with_id
from cadreplan.views.people import Stop, cohort, itinerary, leaders_below, sleeps
from cadreplan.views.screen.calendar import Calendar, TripPaint
from cadreplan.views.screen.groups import session_groups
from cadreplan.views.screen.programme import session_programme
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
from cadreplan.views.timetable import Week, branch_rows, leader_rows, weeks
from cadreplan.views.wording import first_of, form, method, number, printable, runs, share, with_people


def session_screen(season: Season, session: int, width: int, limit: int) -> Iterator[RenderableType]:
    """What is taught, when and where, and who comes."""
    instance = season.instance
    what = instance.sessions[session]
    site = instance.sites[what.site]
    room = season.room(session)
    name = season.name(session)
    id_ = "" if name == what.id else f"  {season.names.handle(session)}"
    yield Text("\n" + printable(name), style="heading").append(id_, style="id")
    yield flow(
        [
            with_id(site),
            *([tr("room {room}", room=room)] if room else []),
            listed(season.dates.weekday_span(a, b) for a, b in runs(what.days)),
            tr_n("{n:,} day", "{n:,} days", len(what.days)),
            _status(season, session),
        ],
        width,
    )
    yield Text()
    people = season.people[session]
    style = FILL_TEXT[fill_style(people, what.seats, what.min_seats)]
    seats: list[list[Cell]] = [
        [
            tr("seats"),
            Meter(people, what.seats, style),
            f"{people}/{what.seats}",
            _minimum(people, what.min_seats),
        ]
    ]
    for b, most in what.quotas:
        n = sum(
            instance.leaders[i].headcount
            for i in season.cohorts[session]
            if b in instance.lineages[instance.leaders[i].branch]
        )
        seats.append(
            [
                tr("quota {branch}", branch=instance.branches[b].name),
                Meter(n, most, "fair" if n == most else "good"),
                f"{n}/{most}",
                "",
            ]
        )
    yield fitted((Column(flexible=True), Column(rank=1), Column(right=True), Column()), seats, width)
    for audience in _audience(season, session):
        yield Text(f" {audience}", style="quiet")
    yield from _modules(season, session, width)
    yield from session_programme(season, session, width)
    yield from session_groups(season, session, width)
    yield from _cohort(season, session, width, limit)


def _status(season: Season, session: int) -> str:
    what = season.instance.sessions[session]
    if not what.candidate:
        return tr("confirmed")
    if season.runs(session):
        return tr("candidate, opened, {points:,} points", points=what.cost)
    return tr("candidate, not opened, {points:,} points", points=what.cost)


def _minimum(people: int, least: int) -> Text:
    return Text(tr("minimum {n:,}", n=least) if least else "", style="poor" if people < least else "quiet")


def _audience(season: Season, session: int) -> Iterator[str]:
    instance = season.instance
    what = instance.sessions[session]
    if what.branches is not None:
        names = [instance.branches[b].name for b in what.branches]
        yield tr("open to branches {names}", names=first_of(names))
    if what.roles is not None:
        names = [instance.roles[r].name for r in what.roles]
        yield tr("open to posts {names}", names=first_of(names))


def _modules(season: Season, session: int, width: int) -> Iterator[RenderableType]:
    instance = season.instance
    modules = [instance.modules[m] for m in instance.sessions[session].modules]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    yield heading(
        tr("Modules"),
        [tr_n("{n:,} hour", "{n:,} hours", hours), tr("{share} core", share=share(core, hours))],
        width,
    )
    cells: list[list[Cell]] = [
        [
            Text(m.id, style="id"),
            m.name,
            tr("{hours} h", hours=m.hours),
            tr("core") if m.core else "",
            form(m.form),
            method(m.method),
            listed(f"{instance.skills[k].name} {level}" for k, level in m.teaches),
        ]
        for m in modules
    ]
    columns = (
        Column(tr("module"), flexible=True, least=10),
        Column(tr("title"), flexible=True),
        Column(tr("hours"), right=True),
        Column(rank=2),
        Column(tr("form"), rank=4),
        Column(tr("method"), rank=3),
        Column(tr("teaches, to level"), rank=1, flexible=True),
    )
    yield fitted(columns, cells, width)


def _cohort(season: Season, session: int, width: int, limit: int) -> Iterator[RenderableType]:
    members = cohort(season, session)
    people = season.people[session]
    groups = len({m.group for m in members})
    notes = [tr("nobody")]
    if members:
        from_branches = tr_n("from {n:,} branch", "from {n:,} branches", groups)
        notes = [tr_n("{n:,} person", "{n:,} people", people), from_branches]
        if at_home := sum(m.headcount for m in members if m.at_home):
            notes.append(tr_n("{n:,} sleeps at home", "{n:,} sleep at home", at_home))
    yield heading(tr("Cohort"), notes, width)
    if not members:
        return
    before = ""
    cells: list[list[Cell]] = []
    any_at_home = any(m.at_home for m in members)
    for m in members[:limit]:
        cells.append(
            [
                Text(m.group if m.group != before else "", style="heading"),
                with_people(m.name, m.headcount),
                Text(m.id, style="id"),
                m.branch if m.branch != m.group else "",
                m.role,
                listed(m.closes),
                number(m.km),
                *([sleeps(m.at_home)] if any_at_home else []),
            ]
        )
        before = m.group
    columns = (
        Column("", flexible=True),
        Column(tr("leader"), flexible=True, least=10),
        Column(tr("id")),
        Column(tr("branch"), rank=1, flexible=True),
        Column(tr("post"), rank=3, flexible=True),
        Column(tr("closes"), flexible=True, least=16),
        Column(tr("km"), rank=2, right=True),
        *([Column(tr("sleeps"), rank=2)] if any_at_home else []),
    )
    yield fitted(columns, cells, width)
    if len(members) > limit:
        yield more(tr_n("{n:,} more leader", "{n:,} more leaders", len(members) - limit), "--limit N")


def leader_screen(season: Season, leader: int, width: int) -> Iterator[RenderableType]:
    """The trips of one leader, what they close, and what stays open and why."""
    instance = season.instance
    who, plan = instance.leaders[leader], itinerary(season, leader)
    lineage = [instance.branches[b].name for b in instance.lineages[who.branch]]
    yield Text("\n" + who.name, style="heading").append(f"  {who.id}", style="id")
    yield flow(
        [
            " < ".join(lineage[:3]),
            *([instance.roles[who.role].name] if who.role is not None else []),
            *([tr_n("{n:,} person", "{n:,} people", who.headcount)] if who.headcount > 1 else []),
            *([tr("priority {factor}", factor=who.priority)] if who.priority != 1 else []),
            *([waited_text(who)] if who.waited else []),
        ],
        width,
    )
    yield Text()
    closed: list[list[Cell]] = [
        [
            tr("closes"),
            Meter(plan.closed, plan.total, share_style(plan.closed, plan.total)),
            tr("{part:,} of {all:,}", part=plan.closed, all=plan.total),
        ]
    ]
    yield fitted((Column(), Column(rank=1), Column()), closed, width)
    from_home = sum(j.trip.at_home for j in plan.journeys)
    facts = [
        tr_n("{n:,} session", "{n:,} sessions", sum(len(j.stops) for j in plan.journeys)),
        tr_n("{n:,} trip", "{n:,} trips", journeys(j.trip for j in plan.journeys)),
        *([tr_n("{n:,} session from home", "{n:,} sessions from home", from_home)] if from_home else []),
        tr_n("{n:,} day away", "{n:,} days away", season.days_away(leader)),
        tr("{km:,} km", km=season.km(leader)),
    ]
    yield flow(facts, width, first=1, indent=1, lead=" ")
    cells = [[_stop(season, stop) for stop in journey.stops] for journey in plan.journeys]
    every = [row for rows in cells for row in rows]
    columns = (
        Column(tr("session"), flexible=True, least=10),
        Column(tr("days")),
        Column(tr("modules"), rank=2, flexible=True, least=20),
        Column(tr("closes"), flexible=True, least=16),
        Column(tr("room"), rank=3),
    )
    for n, journey in enumerate(plan.journeys, 1):
        trip = journey.trip
        yield heading(
            tr("Trip {n}", n=n) + f"  {season.dates.weekday_span(trip.first, trip.last)}",
            [
                journey.site,
                tr_n("{n:,} day away", "{n:,} days away", len(trip.days)),
                tr("{km:,} km", km=journey.km),
                *([tr("sleeps at home")] if trip.at_home else []),
            ],
            width,
        )
        yield fitted(columns, cells[n - 1], width, like=every, header=n == 1)
    if not plan.journeys:
        yield Text("\n " + tr("stays at home"), style="quiet")
    promise = broken_promise(season, leader)
    if promise is not None:
        yield Padding(Text(promise), (0, 0, 0, 1))
    yield from _own_norms(season, leader, width)
    yield heading(tr("Still open"), [str(len(plan.open))] if plan.open else [tr("nothing")], width)
    for gap in plan.open:
        line = Text().append(gap.skill, style="bold")
        line.append(f" {gap.level}  " if gap.level else "  ").append(gap.reason, style="id")
        yield Padding(line.append(f"  {gap.detail}", style="quiet"), (0, 0, 0, 1))


def _own_norms(season: Season, leader: int, width: int) -> Iterator[RenderableType]:
    """What rules ask of a leader, and what is missing to it with the plan."""
    rows: list[list[Cell]] = [
        [
            row.norm,
            f"{row.wanted:,}",
            f"{row.credited:,}",
            f"{row.planned:,}",
            Text(f"{row.missing:,}", style="bold" if row.missing else "quiet"),
            str(season.instance.date_of(row.last)),
        ]
        for row in owed_rows(season, [leader])
    ]
    if not rows:
        return
    yield heading(tr("Norms"), [tr("hours and sessions, with this plan")], width)
    columns = (
        Column(tr("norm"), flexible=True),
        Column(tr("wanted"), right=True, rank=2),
        Column(tr("credited"), right=True, rank=1),
        Column(tr("planned"), right=True, rank=1),
        Column(tr("missing"), right=True),
        Column(tr("until")),
    )
    yield fitted(columns, rows, width)


def _stop(season: Season, stop: Stop) -> list[Cell]:
    return [
        Text(season.names.handle(stop.session), style="id"),
        season.dates.spans(stop.days),
        listed(stop.modules),
        listed(stop.closes) or "-",
        season.room(stop.session) or "",
    ]


def _at_once(most: int, allowed: int | None) -> str:
    if allowed is None:
        return tr("at most {n:,} at once", n=most)
    return tr("at most {n:,} at once, {allowed:,} allowed", n=most, allowed=allowed)


def branch_screen(
    season: Season, branch: int, width: int, limit: int, week: Week | None = None
) -> Iterator[RenderableType]:
    """Who of a branch and of all below it is away when."""
    instance = season.instance
    what = instance.branches[branch]
    leaders = leaders_below(season, branch)
    travelling = [i for i in leaders if season.trips[i]]
    people = sum(instance.leaders[i].headcount for i in leaders)
    away = {day: n for (b, day), n in season.away.items() if b == branch}
    closed = sum(len(season.closings[i]) for i in leaders)
    total = sum(len(instance.leaders[i].gaps) for i in leaders)
    yield Text("\n" + what.name, style="heading").append(f"  {what.id}", style="id")
    yield flow(
        [
            tr_n("{n:,} person", "{n:,} people", people),
            tr(
                "{leaders} of {all:,} travel",
                leaders=tr_n("{n:,} leader", "{n:,} leaders", len(travelling)),
                all=len(leaders),
            ),
            tr("{part:,} of {all:,} skill gaps closed", part=closed, all=total),
            tr("{n:,} person-days away", n=sum(away.values())),
            _at_once(max(away.values(), default=0), what.max_away),
        ],
        width,
    )
    if not travelling:
        yield Text("\n " + tr("nobody is away"), style="quiet")
        return
    held = {day for i in travelling for s in season.solution.chosen[i] for day in instance.sessions[s].days}
    shown = weeks(instance, held)
    if week is not None:
        shown = [w for w in shown if w.monday == week.monday]
        days = range(week.monday, week.monday + 7)
        travelling = [
            i for i in travelling if any(day in days for trip in season.trips[i] for day in trip.days)
        ]
    rows = branch_rows(season, branch)
    yield heading(
        tr("People away by day"), [tr("red: as many as allowed")] if any(r.limit for r in rows) else [], width
    )
    yield Calendar(shown, rows[: limit + 1], season.dates, TripPaint())
    if len(rows) > limit + 1:
        yield more(
            tr_n("{n:,} more branch", "{n:,} more branches", len(rows) - limit - 1),
            tr("--limit N, or --branch ID of one of them"),
        )
    yield heading(tr("Who is away"), [tr("each bar a trip, named after its site")], width)
    if not travelling:
        yield Text(" " + tr("nobody in this week"), style="quiet")
        return
    yield Calendar(shown, leader_rows(season, travelling[:limit]), season.dates, TripPaint(), sparse=True)
    yield Text()
    sites = sorted({trip.site for i in travelling[:limit] for trip in season.trips[i]})
    yield flow(
        [f"{instance.sites[k].id} {instance.sites[k].name}" for k in sites],
        width,
        first=1,
        indent=1,
        lead=" ",
    )
    if len(travelling) > limit:
        yield more(
            tr_n("{n:,} more leader", "{n:,} more leaders", len(travelling) - limit),
            tr("--limit N or --week N"),
        )
