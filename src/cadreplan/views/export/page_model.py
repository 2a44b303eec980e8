"""What a page shows, as plain values for its templates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cadreplan.language import tr
from cadreplan.views.export import page_teaching
from cadreplan.views.export.people import by_group
from cadreplan.views.groups import GroupRow, group_rows, tag_name, tags_of
from cadreplan.views.people import Itinerary, Member, cohort, itinerary
from cadreplan.views.programme import by_session
from cadreplan.views.screen.theme import fill_style
from cadreplan.views.season import Season
from cadreplan.views.summary import SessionRow, closed_of_all
from cadreplan.views.timetable import Bar, Week, site_rows, used_days, weeks
from cadreplan.views.wording import gap, number, share


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that is worth a large print, and what it is."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A leader with everything the list says; `index` is the leader's in the instance."""

    index: int
    id: str
    name: str
    branch: str
    post: str
    headcount: int
    plan: Itinerary


@dataclass(frozen=True, slots=True)
class Group:
    """Leaders of one first-level branch, or one part of many; `index` is the branch's."""

    index: int
    part: int
    name: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A session with its cohort, its programme and its discussion groups, empty where there are none."""

    row: SessionRow
    style: str
    modules: tuple[tuple[str, int], ...]
    members: tuple[Member, ...]
    days: tuple[page_teaching.Day, ...]
    tags: tuple[str, ...] = ()
    groups: tuple[GroupRow, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A site in the timetable: the sessions of each week."""

    name: str
    weeks: tuple[tuple[Bar, ...], ...]


def tiles(season: Season) -> list[Tile]:
    """The season in six numbers."""
    instance, solver = season.instance, season.plan.solver
    closed, total = closed_of_all(season)
    running = [s for s in range(len(instance.sessions)) if season.runs(s)]
    taken, seats = sum(season.people[s] for s in running), sum(instance.sessions[s].seats for s in running)
    everybody = range(len(instance.leaders))
    return [
        Tile(
            share(closed, total), tr("skill gaps closed"), tr("{part:,} of {all:,}", part=closed, all=total)
        ),
        Tile(share(taken, seats), tr("seats taken"), tr("{part:,} of {all:,}", part=taken, all=seats)),
        Tile(
            number(sum(instance.leaders[i].headcount for i in everybody if season.trips[i])),
            tr("people who travel"),
            tr("of {all:,}", all=sum(leader.headcount for leader in instance.leaders)),
        ),
        Tile(number(sum(season.days_away(i) for i in everybody)), tr("days away")),
        Tile(number(sum(season.km(i) for i in everybody)), tr("km both ways")),
        Tile(
            number(solver.objective),
            tr("worth in points"),
            tr("proven: no plan is worth more")
            if solver.status == "optimal"
            else tr("at most {gap} below the best possible", gap=gap(solver.gap)),
        ),
    ]


def groups(season: Season, most: int) -> list[Group]:
    """All leaders by first-level branch, in parts of at most `most`."""
    instance = season.instance
    members: dict[int, list[int]] = defaultdict(list)
    for i in by_group(season):
        members[season.first_level[instance.leaders[i].branch]].append(i)
    return [
        Group(b, k // most, instance.branches[b].name, tuple(_person(season, i) for i in found[k : k + most]))
        for b, found in sorted(members.items())
        for k in range(0, len(found), most)
    ]


def _person(season: Season, i: int) -> Person:
    instance = season.instance
    who = instance.leaders[i]
    post = "" if who.role is None else instance.roles[who.role].name
    return Person(
        i, who.id, who.name, instance.branches[who.branch].name, post, who.headcount, itinerary(season, i)
    )


def held(season: Season, rows: Sequence[SessionRow]) -> list[Held]:
    """Sessions with cohorts and programmes, in the order of `rows`."""
    instance = season.instance
    programme = by_session(season)
    return [
        Held(
            row,
            fill_style(row.people, row.seats, row.min_seats),
            tuple(
                (instance.modules[m].name, instance.modules[m].hours)
                for m in instance.sessions[row.session].modules
            ),
            tuple(cohort(season, row.session)),
            page_teaching.days(season, programme.get(row.session, [])),
            tuple(map(tag_name, tags_of(instance, row.session))),
            tuple(group_rows(season, row.session)),
        )
        for row in rows
    ]


def shown_weeks(season: Season) -> list[Week]:
    """The weeks of the timetable and of the heat map."""
    return weeks(season.instance, used_days(season))


def grid(season: Season, shown: Sequence[Week]) -> list[GridRow]:
    """Sites by week; a session that goes on in another week stands there too."""
    rows = []
    for row in site_rows(season):
        cells: list[list[Bar]] = [[] for _ in shown]
        for bar in sorted(row.bars, key=lambda bar: (bar.days[0], bar.title)):
            for w in sorted({(day - shown[0].monday) // 7 for day in bar.days}):
                cells[w].append(bar)
        rows.append(GridRow(row.label, tuple(map(tuple, cells))))
    return rows
