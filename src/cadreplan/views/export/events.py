"""What goes into calendars: the sessions of each leader, site or branch as events with lasting identities."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cadreplan.instance import Location
from cadreplan.views.labels import Words, plain
from cadreplan.views.people import closes
from cadreplan.views.season import Season
from cadreplan.views.wording import runs

_NAMESPACE = uuid.UUID("8f0c1c0e-5a53-5d0e-9d3e-0d6f2b7a4c19")
"""Chosen once; with another one every event ever sent would be somebody else's."""

MOST_NAMES = 200
"""People that a description names before it counts the others."""


class By(StrEnum):
    """Whose calendars are made."""

    LEADER = "leader"
    SITE = "site"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar an event is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """A run of days of one session. Two that are equal need not be sent twice."""

    uid: str
    owner: Owner
    first: date
    last: date
    summary: str
    description: str
    location: str
    geo: Location | None


def events(season: Season, by: By, words: Words) -> dict[str, Event]:
    """Identity → event, owners in the roster's order, each with the events in order of time.

    The identity of an event lasts as long as the season's first day, the ids of its owner and session, and
    its number among the runs of days of the session: moved days, places and people don't change it.
    """
    found: dict[str, Event] = {}
    for owner, sessions in _OWNERS[by](season):
        for s, leaders in sorted(sessions.items(), key=lambda item: _order(season, item[0])):
            texts = (
                _of_leader(season, words, s, leaders[0])
                if by is By.LEADER
                else _of_group(season, words, s, leaders)
            )
            for event in _runs(season, by, owner, s, *texts):
                found[event.uid] = event
    return found


_Sessions = dict[int, list[int]]
"""Session → the leaders that a calendar tells of."""


def _by_leader(season: Season) -> Iterator[tuple[Owner, _Sessions]]:
    for i, leader in enumerate(season.instance.leaders):
        yield Owner(leader.id, plain(leader.name)), {s: [i] for s in season.solution.chosen[i]}


def _by_site(season: Season) -> Iterator[tuple[Owner, _Sessions]]:
    for k, site in enumerate(season.instance.sites):
        here = (s for s, session in enumerate(season.instance.sessions) if session.site == k)
        yield Owner(site.id, plain(site.name)), {s: list(season.cohorts[s]) for s in here if season.runs(s)}


def _by_branch(season: Season) -> Iterator[tuple[Owner, _Sessions]]:
    instance = season.instance
    people: dict[int, _Sessions] = defaultdict(lambda: defaultdict(list))
    for i, leader in enumerate(instance.leaders):
        for b in instance.branches[leader.branch].lineage:
            for s in season.solution.chosen[i]:
                people[b][s].append(i)
    for b, branch in enumerate(instance.branches):
        yield Owner(branch.id, plain(branch.name)), people.get(b, {})


_OWNERS = {By.LEADER: _by_leader, By.SITE: _by_site, By.BRANCH: _by_branch}


def _order(season: Season, session: int) -> tuple[int, str]:
    what = season.instance.sessions[session]
    return what.first_day, what.id


def _runs(
    season: Season, by: By, owner: Owner, session: int, summary: str, description: str
) -> Iterator[Event]:
    instance = season.instance
    what = instance.sessions[session]
    site, room = instance.sites[what.site], season.room(session)
    location = plain(site.name) + (f" {plain(room)}" if room else "")
    for k, (first, last) in enumerate(runs(what.days)):
        key = "\n".join((instance.start.isoformat(), by, owner.id, what.id, str(k)))
        yield Event(
            str(uuid.uuid5(_NAMESPACE, key)),
            owner,
            instance.date_of(first),
            instance.date_of(last),
            summary,
            description,
            location,
            site.location,
        )


def _of_leader(season: Season, words: Words, session: int, leader: int) -> tuple[str, str]:
    instance = season.instance
    site = instance.sites[instance.sessions[session].site]
    names = words.list(plain(name) for name in season.module_names(session))
    lines = [*_what(season, words, session)]
    if closed := closes(season, leader, session):
        lines.append(words("closes: {skills}", skills=words.list(map(plain, closed))))
    trip = next(t for t in season.trips[leader] if instance.sessions[session].first_day in t.days)
    lines.append(
        words(
            "journey: {days}, {km} km both ways",
            days=words.span(instance.date_of(trip.first), instance.date_of(trip.last)),
            km=instance.trip_km(instance.leaders[leader], trip.site),
        )
    )
    return f"{plain(site.name)}: {names}", "\n".join(lines)


def _of_group(season: Season, words: Words, session: int, leaders: list[int]) -> tuple[str, str]:
    instance = season.instance
    site = instance.sites[instance.sessions[session].site]
    people = sum(instance.leaders[i].headcount for i in leaders)
    lines = [*_what(season, words, session), words("people {people}", people=people)]
    by_branch: dict[int, list[str]] = defaultdict(list)
    for i in leaders[:MOST_NAMES]:
        who = instance.leaders[i]
        extra = f" ×{who.headcount}" if who.headcount > 1 else ""
        by_branch[who.branch].append(plain(who.name) + extra)
    lines += (
        f"{plain(instance.branches[b].name)}: {words.list(names)}" for b, names in sorted(by_branch.items())
    )
    if len(leaders) > MOST_NAMES:
        lines.append(words("and {more} more", more=len(leaders) - MOST_NAMES))
    return f"{instance.sessions[session].id} {plain(site.name)} ({people})", "\n".join(lines)


def _what(season: Season, words: Words, session: int) -> Iterator[str]:
    """The session's id and dates, and its modules with their hours."""
    instance = season.instance
    what = instance.sessions[session]
    yield f"{what.id}  {words.spans(instance.start, what.days)}"
    for m in what.modules:
        yield words(
            "{module} ({hours} h)", module=plain(instance.modules[m].name), hours=instance.modules[m].hours
        )
