"""Lists to walk through: sites, sessions, leaders and branches, all of them or those of another entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cadreplan.language import listed, tr
from cadreplan.views.export.people import by_group
from cadreplan.views.season import Season
from cadreplan.views.summary import session_rows
from cadreplan.views.wording import number, plain, share


class Kind(StrEnum):
    """What a list is of."""

    SITES = "sites"
    SESSIONS = "sessions"
    LEADERS = "leaders"
    BRANCHES = "branches"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's header; numbers stand to the right."""

    label: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: the index of the thing in the instance, its cells, and all of them folded for searching."""

    index: int
    cells: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with a title that says whose it is."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]

    def search(self, text: str) -> tuple[Entry, ...]:
        """The entries in which every word of `text` occurs, upper and lower case alike."""
        wanted = text.casefold().split()
        return tuple(entry for entry in self.entries if all(word in entry.key for word in wanted))


def listing(season: Season, kind: Kind) -> Listing:
    """All sites, sessions that are held, leaders or branches."""
    everything = {
        Kind.SITES: range(len(season.instance.sites)),
        Kind.SESSIONS: [row.session for row in session_rows(season) if row.runs],
        Kind.LEADERS: by_group(season),
        Kind.BRANCHES: range(len(season.instance.branches)),
    }
    return _LISTS[kind](season, everything[kind], "")


def below(season: Season, kind: Kind, index: int) -> Listing:
    """What lies behind an entry: the sessions of a site or a leader, the leaders of a session or a branch."""
    instance = season.instance
    if kind is Kind.SESSIONS:
        return _leaders(season, season.cohorts[index], season.name(index))
    if kind is Kind.BRANCHES:
        here = [i for i in by_group(season) if index in instance.lineages[instance.leaders[i].branch]]
        return _leaders(season, here, instance.branches[index].name)
    if kind is Kind.LEADERS:
        chosen = sorted(season.solution.chosen[index], key=lambda s: instance.sessions[s].first_day)
        return _sessions(season, chosen, instance.leaders[index].name)
    there = [
        row.session
        for row in session_rows(season)
        if row.runs and instance.sessions[row.session].site == index
    ]
    return _sessions(season, there, instance.sites[index].name)


def made(
    kind: Kind, title: str, columns: tuple[Column, ...], rows: Iterable[tuple[int, *tuple[str, ...]]]
) -> Listing:
    """A list of rows, each an index followed by its cells; texts are made harmless for a terminal."""
    entries = []
    for index, *texts in rows:
        cells = tuple(plain(text) for text in texts)
        entries.append(Entry(index, cells, " ".join(cells).casefold()))
    return Listing(kind, plain(title), columns, tuple(entries))


def _sites(season: Season, indices: Iterable[int], title: str) -> Listing:
    instance = season.instance
    taken: dict[int, list[int]] = {k: [0, 0, 0] for k in range(len(instance.sites))}
    for s, session in enumerate(instance.sessions):
        if season.runs(s):
            counts = taken[session.site]
            counts[:] = [counts[0] + 1, counts[1] + season.people[s], counts[2] + session.seats]
    columns = (
        Column(tr("site no.")),
        Column(tr("site name")),
        Column(tr("sessions"), right=True),
        Column(tr("seats taken"), right=True),
    )
    rows = (
        (k, instance.sites[k].id, instance.sites[k].name, number(taken[k][0]), f"{taken[k][1]}/{taken[k][2]}")
        for k in indices
    )
    return made(Kind.SITES, title, columns, rows)


def _sessions(season: Season, indices: Iterable[int], title: str) -> Listing:
    instance = season.instance
    columns = (
        Column(tr("session")),
        Column(tr("dates")),
        Column(tr("site")),
        Column(tr("seats taken"), right=True),
        Column(tr("modules")),
    )
    rows = (
        (
            s,
            season.names.handle(s),
            season.dates.spans(instance.sessions[s].days),
            instance.sites[instance.sessions[s].site].name,
            f"{season.people[s]}/{instance.sessions[s].seats}",
            listed(season.module_names(s)),
        )
        for s in indices
    )
    return made(Kind.SESSIONS, title, columns, rows)


def _leaders(season: Season, indices: Iterable[int], title: str) -> Listing:
    instance = season.instance
    columns = (
        Column(tr("leader no.")),
        Column(tr("name")),
        Column(tr("branch")),
        Column(tr("closed"), right=True),
        Column(tr("days away"), right=True),
    )
    rows = (
        (
            i,
            instance.leaders[i].id,
            instance.leaders[i].name,
            instance.branches[instance.leaders[i].branch].name,
            f"{len(season.closings[i])}/{len(instance.leaders[i].gaps)}",
            number(season.days_away(i)),
        )
        for i in indices
    )
    return made(Kind.LEADERS, title, columns, rows)


def _branches(season: Season, indices: Iterable[int], title: str) -> Listing:
    instance = season.instance
    sums: dict[int, list[int]] = {b: [0, 0, 0] for b in range(len(instance.branches))}
    for i, leader in enumerate(instance.leaders):
        for b in instance.lineages[leader.branch]:
            counts = sums[b]
            counts[:] = [
                counts[0] + leader.headcount,
                counts[1] + len(season.closings[i]),
                counts[2] + len(leader.gaps),
            ]
    columns = (
        Column(tr("branch no.")),
        Column(tr("branch name")),
        Column(tr("people"), right=True),
        Column(tr("share closed"), right=True),
    )
    rows = (
        (
            b,
            instance.branches[b].id,
            "  " * (len(instance.lineages[b]) - 1) + instance.branches[b].name,
            number(sums[b][0]),
            share(sums[b][1], sums[b][2]),
        )
        for b in indices
    )
    return made(Kind.BRANCHES, title, columns, rows)


_LISTS = {
    Kind.SITES: _sites,
    Kind.SESSIONS: _sessions,
    Kind.LEADERS: _leaders,
    Kind.BRANCHES: _branches,
}
