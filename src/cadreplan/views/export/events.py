"""What goes into calendars, as events with lasting identities: the sessions of a leader, site or branch, and
the half days that a lecturer teaches.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cadreplan.instance import Location
from cadreplan.plan import Slot
from cadreplan.views.export.event_texts import EventTexts
from cadreplan.views.programme import by_lecturer
from cadreplan.views.season import Season
from cadreplan.views.wording import plain, runs

_NAMESPACE = uuid.UUID("8f0c1c0e-5a53-5d0e-9d3e-0d6f2b7a4c19")
"""Chosen once; with another one every event ever sent would be somebody else's."""


class By(StrEnum):
    """Whose calendars are made."""

    LEADER = "leader"
    SITE = "site"
    BRANCH = "branch"
    LECTURER = "lecturer"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar an event is in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Event:
    """A run of days of one session, or a half day of a lecturer. Two that are equal need not be sent twice.

    It begins with the half day `begins` of the first day, and ends with the half day `ends` of the last.
    """

    uid: str
    owner: Owner
    first: date
    last: date
    summary: str
    description: str
    location: str
    geo: Location | None
    begins: Slot = "am"
    ends: Slot = "pm"


def programme_of(season: Season) -> str:
    """What tells the events of one programme of training from those of others: the lineage of its plan.

    Events of a plan of an earlier version, which has none, were told apart by their season's first day.
    """
    return season.plan.lineage or season.instance.start.isoformat()


def events(season: Season, by: By, programme: str | None = None) -> dict[str, Event]:
    """Identity → event, owners in the roster's order, each with the events in order of time.

    `programme` is that of the first plan whose calendars were sent; by default the plan's own.

    The identity of a session's event lasts as long as the programme, the ids of its owner and session, and
    its number among the runs of days of the session: another horizon, moved days, places and people don't
    change it. That of a lecturer's half day lasts with lecturer, session, module, and its number among the
    half days that the lecturer teaches of it.
    """
    texts = EventTexts(season)
    programme = programme or programme_of(season)
    if by is By.LECTURER:
        made = _lessons(season, texts, programme)
    else:
        made = _sessions(season, by, texts, programme)
    return {event.uid: event for event in made}


def _sessions(season: Season, by: By, texts: EventTexts, programme: str) -> Iterator[Event]:
    instance = season.instance
    for owner, sessions in _OWNERS[by](season):
        for s in sorted(sessions, key=lambda s: (instance.sessions[s].first_day, instance.sessions[s].id)):
            for k, days in enumerate(runs(instance.sessions[s].days)):
                summary, description = (
                    texts.of_leader(s, sessions[s][0], days)
                    if by is By.LEADER
                    else texts.of_group(s, sessions[s], days)
                )
                yield Event(
                    _uid(programme, by, owner.id, instance.sessions[s].id, k),
                    owner,
                    instance.date_of(days[0]),
                    instance.date_of(days[1]),
                    summary,
                    description,
                    _place(season, s),
                    instance.sites[instance.sessions[s].site].location,
                )


def _lessons(season: Season, texts: EventTexts, programme: str) -> Iterator[Event]:
    instance = season.instance
    for k, taught in sorted(by_lecturer(season).items()):
        owner = Owner(instance.lecturers[k].id, plain(instance.lecturers[k].name))
        times: Counter[tuple[str, str]] = Counter()
        for h in taught:
            what = instance.sessions[h.session]
            summary, description = texts.of_lecturer(h)
            day = instance.date_of(h.day)
            yield Event(
                _uid(programme, By.LECTURER, owner.id, what.id, h.module_id, times[what.id, h.module_id]),
                owner,
                day,
                day,
                summary,
                description,
                _place(season, h.session),
                instance.sites[what.site].location,
                h.slot,
                h.slot,
            )
            times[what.id, h.module_id] += 1


def _uid(programme: str, by: By, *key: str | int) -> str:
    return str(uuid.uuid5(_NAMESPACE, "\n".join((programme, by, *map(str, key)))))


def _place(season: Season, session: int) -> str:
    """Site and room."""
    room = season.room(session)
    return plain(season.instance.sites[season.instance.sessions[session].site].name) + (
        f" {plain(room)}" if room else ""
    )


_Attended = dict[int, list[int]]
"""Session → the leaders that a calendar tells of."""


def _by_leader(season: Season) -> Iterator[tuple[Owner, _Attended]]:
    for i, leader in enumerate(season.instance.leaders):
        yield Owner(leader.id, plain(leader.name)), {s: [i] for s in season.solution.chosen[i]}


def _by_site(season: Season) -> Iterator[tuple[Owner, _Attended]]:
    for k, site in enumerate(season.instance.sites):
        here = (s for s, session in enumerate(season.instance.sessions) if session.site == k)
        yield Owner(site.id, plain(site.name)), {s: list(season.cohorts[s]) for s in here if season.runs(s)}


def _by_branch(season: Season) -> Iterator[tuple[Owner, _Attended]]:
    instance = season.instance
    people: dict[int, _Attended] = defaultdict(lambda: defaultdict(list))
    for i, leader in enumerate(instance.leaders):
        for b in instance.lineages[leader.branch]:
            for s in season.solution.chosen[i]:
                people[b][s].append(i)
    for b, branch in enumerate(instance.branches):
        yield Owner(branch.id, plain(branch.name)), people.get(b, {})


_OWNERS = {By.LEADER: _by_leader, By.SITE: _by_site, By.BRANCH: _by_branch}
