"""One session with its cohort, one leader with the itinerary, one branch with who is away when."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.views.people import Member, Stop, cohort, itinerary, leaders_below
from cadreplan.views.screen.calendar import Calendar, TripPaint
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
from cadreplan.views.wording import count, listed, number, runs, share


def session_screen(season: Season, session: int, width: int, limit: int) -> Iterator[RenderableType]:
    """What is taught, when and where, and who comes."""
    instance = season.instance
    what = instance.sessions[session]
    site = instance.sites[what.site]
    room = season.room(session)
    yield Text("\n" + what.id, style="heading")
    yield flow(
        [
            f"{site.name} {site.id}",
            *([f"room {room}"] if room else []),
            ", ".join(season.dates.weekday_span(a, b) for a, b in runs(what.days)),
            count(len(what.days), "day"),
            _status(season, session),
        ],
        width,
    )
    yield Text()
    people = season.people[session]
    style = FILL_TEXT[fill_style(people, what.seats, what.min_seats)]
    seats: list[list[Cell]] = [
        [
            "seats",
            Meter(people, what.seats, style),
            f"{people}/{what.seats}",
            _minimum(people, what.min_seats),
        ]
    ]
    for b, most in what.quotas:
        n = sum(
            instance.leaders[i].headcount
            for i in season.cohorts[session]
            if b in instance.branches[instance.leaders[i].branch].lineage
        )
        seats.append(
            [
                f"quota {instance.branches[b].name}",
                Meter(n, most, "fair" if n == most else "good"),
                f"{n}/{most}",
                "",
            ]
        )
    yield fitted((Column(flexible=True), Column(rank=1), Column(right=True), Column()), seats, width)
    for who, names in _audience(season, session):
        yield Text(f" open to {who} ", style="quiet").append(names)
    yield from _modules(season, session, width)
    yield from session_programme(season, session, width)
    yield from _cohort(season, session, width, limit)


def _status(season: Season, session: int) -> str:
    what = season.instance.sessions[session]
    if not what.candidate:
        return "confirmed"
    return f"candidate, {'opened' if season.runs(session) else 'not opened'}, {number(what.cost)} points"


def _minimum(people: int, least: int) -> Text:
    return Text(f"minimum {least}" if least else "", style="poor" if people < least else "quiet")


def _audience(season: Season, session: int) -> Iterator[tuple[str, str]]:
    instance = season.instance
    what = instance.sessions[session]
    if what.branches is not None:
        yield "branches", listed([instance.branches[b].name for b in what.branches])
    if what.roles is not None:
        yield "posts", listed([instance.roles[r].name for r in what.roles])


def _modules(season: Season, session: int, width: int) -> Iterator[RenderableType]:
    instance = season.instance
    modules = [instance.modules[m] for m in instance.sessions[session].modules]
    hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
    yield heading("Modules", [count(hours, "hour"), f"{share(core, hours)} core"], width)
    cells: list[list[Cell]] = [
        [
            Text(m.id, style="id"),
            m.name,
            f"{m.hours} h",
            "core" if m.core else "",
            m.form,
            m.method,
            ", ".join(f"{instance.skills[k].name} {level}" for k, level in m.teaches),
        ]
        for m in modules
    ]
    columns = (
        Column("module", flexible=True, least=10),
        Column("name", flexible=True),
        Column("hours", right=True),
        Column(rank=2),
        Column("form", rank=4),
        Column("method", rank=3),
        Column("teaches, to level", rank=1, flexible=True),
    )
    yield fitted(columns, cells, width)


def _cohort(season: Season, session: int, width: int, limit: int) -> Iterator[RenderableType]:
    members = cohort(season, session)
    people = season.people[session]
    groups = len({m.group for m in members})
    notes = (
        [count(people, "person", "people"), f"from {count(groups, 'branch', 'branches')}"]
        if members
        else ["nobody"]
    )
    yield heading("Cohort", notes, width)
    if not members:
        return
    before = ""
    cells: list[list[Cell]] = []
    for m in members[:limit]:
        cells.append(
            [
                Text(m.group if m.group != before else "", style="heading"),
                _who(m),
                Text(m.id, style="id"),
                m.branch if m.branch != m.group else "",
                m.role,
                ", ".join(m.closes),
                number(m.km),
            ]
        )
        before = m.group
    columns = (
        Column("", flexible=True),
        Column("leader", flexible=True, least=10),
        Column("id"),
        Column("branch", rank=1, flexible=True),
        Column("post", rank=3, flexible=True),
        Column("closes", flexible=True, least=16),
        Column("km", rank=2, right=True),
    )
    yield fitted(columns, cells, width)
    if len(members) > limit:
        yield more(len(members) - limit, "leaders", "--limit N")


def _who(member: Member) -> str:
    return member.name + (f" ×{member.headcount}" if member.headcount > 1 else "")


def leader_screen(season: Season, leader: int, width: int) -> Iterator[RenderableType]:
    """The trips of one leader, what they close, and what stays open and why."""
    instance = season.instance
    who, plan = instance.leaders[leader], itinerary(season, leader)
    lineage = [instance.branches[b].name for b in instance.branches[who.branch].lineage]
    yield Text("\n" + who.name, style="heading").append(f"  {who.id}", style="id")
    yield flow(
        [
            " < ".join(lineage[:3]),
            *([instance.roles[who.role].name] if who.role is not None else []),
            *([f"{who.headcount} people"] if who.headcount > 1 else []),
            *([f"priority {who.priority}"] if who.priority != 1 else []),
        ],
        width,
    )
    yield Text()
    closed: list[list[Cell]] = [
        [
            "closes",
            Meter(plan.closed, plan.total, share_style(plan.closed, plan.total)),
            f"{plan.closed} of {plan.total}",
        ]
    ]
    yield fitted((Column(), Column(rank=1), Column()), closed, width)
    facts = [
        count(sum(len(j.stops) for j in plan.journeys), "session"),
        count(len(plan.journeys), "trip"),
        f"{count(season.days_away(leader), 'day')} away",
        f"{number(season.km(leader))} km",
    ]
    yield flow(facts, width, first=1, indent=1, lead=" ")
    cells = [[_stop(season, stop) for stop in journey.stops] for journey in plan.journeys]
    every = [row for rows in cells for row in rows]
    columns = (
        Column("session", flexible=True, least=10),
        Column("days"),
        Column("modules", rank=2, flexible=True, least=20),
        Column("closes", flexible=True, least=16),
        Column("room", rank=3),
    )
    for n, journey in enumerate(plan.journeys, 1):
        trip = journey.trip
        yield heading(
            f"Trip {n}  {season.dates.weekday_span(trip.first, trip.last)}",
            [journey.site, f"{count(len(trip.days), 'day')} away", f"{number(journey.km)} km"],
            width,
        )
        yield fitted(columns, cells[n - 1], width, like=every, header=n == 1)
    if not plan.journeys:
        yield Text("\n stays at home", style="quiet")
    yield heading("Still open", [str(len(plan.open))] if plan.open else ["nothing"], width)
    for gap in plan.open:
        line = Text().append(gap.skill, style="bold")
        line.append(f" {gap.level}  " if gap.level else "  ").append(gap.reason, style="id")
        yield Padding(line.append(f"  {gap.detail}", style="quiet"), (0, 0, 0, 1))


def _stop(season: Season, stop: Stop) -> list[Cell]:
    return [
        Text(stop.id, style="id"),
        season.dates.spans(stop.days),
        ", ".join(stop.modules),
        ", ".join(stop.closes) or "-",
        season.room(stop.session) or "",
    ]


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
            count(people, "person", "people"),
            f"{count(len(travelling), 'leader')} of {number(len(leaders))} travel",
            f"{number(closed)} of {number(total)} skill gaps closed",
            f"{number(sum(away.values()))} person-days away",
            f"at most {max(away.values(), default=0)} at once"
            + ("" if what.max_away is None else f", {what.max_away} allowed"),
        ],
        width,
    )
    if not travelling:
        yield Text("\n nobody is away", style="quiet")
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
        "People away by day", ["red: as many as allowed"] if any(r.limit for r in rows) else [], width
    )
    yield Calendar(shown, rows[: limit + 1], season.dates, TripPaint())
    if len(rows) > limit + 1:
        yield more(len(rows) - limit - 1, "branches", "--limit N, or --branch ID of one of them")
    yield heading("Who is away", ["each bar a trip, named after its site"], width)
    if not travelling:
        yield Text(" nobody in this week", style="quiet")
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
        yield more(len(travelling) - limit, "leaders", "--limit N or --week N")
