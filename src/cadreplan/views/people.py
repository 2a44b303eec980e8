"""One session with its cohort, one leader with the journeys, one branch with its people."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.instance import SkillGap
from cadreplan.language import tr
from cadreplan.plan import OpenGap
from cadreplan.trips import Trip, trip_km
from cadreplan.views.season import Season
from cadreplan.views.wording import lapse_text, printable


@dataclass(frozen=True, slots=True)
class Member:
    """A leader in a cohort: `group` is the branch of the first level, `closes` the names of skills.

    `km` are those of the trip there and back, once a day for those who sleep `at_home`.
    """

    leader: int
    id: str
    name: str
    group: str
    branch: str
    role: str
    headcount: int
    closes: tuple[str, ...]
    km: int
    at_home: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A session within a trip, what people call it, and the skills that it closes for the leader."""

    session: int
    id: str
    name: str
    days: tuple[int, ...]
    modules: tuple[str, ...]
    closes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """One trip of a leader with its sessions in order."""

    trip: Trip
    site: str
    km: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A skill gap that stays open: needed level (0: any), reason code and sentence."""

    skill: str
    level: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Itinerary:
    """What one leader does in the season."""

    leader: int
    journeys: tuple[Journey, ...]
    closed: int
    total: int
    open: tuple[OpenRow, ...]


def cohort(season: Season, session: int) -> list[Member]:
    """The leaders of a session by first-level branch, branch and id, each with the kilometres of the trip."""
    instance = season.instance
    site, days = instance.sessions[session].site, instance.sessions[session].days
    members = []
    for i in season.cohorts[session]:
        leader = instance.leaders[i]
        at_home = instance.is_local(leader, site)
        members.append(
            Member(
                i,
                leader.id,
                leader.name,
                instance.branches[season.first_level[leader.branch]].name,
                instance.branches[leader.branch].name,
                "" if leader.role is None else instance.roles[leader.role].name,
                leader.headcount,
                closes(season, i, session),
                instance.trip_km(leader, site) * (len(days) if at_home else 1),
                at_home,
            )
        )
    return sorted(
        members,
        key=lambda m: (
            season.first_level[instance.leaders[m.leader].branch],
            instance.leaders[m.leader].branch,
            m.id,
        ),
    )


def closes(season: Season, leader: int, session: int) -> tuple[str, ...]:
    """Names of the skills whose gap this session closes for the leader, counted at the first that does."""
    instance = season.instance
    gaps = instance.leaders[leader].gaps
    found = (g for g, s in season.closings[leader].items() if s == session)
    return tuple(instance.skills[gaps[g].skill].name for g in sorted(found))


def itinerary(season: Season, leader: int) -> Itinerary:
    """The trips of a leader with their sessions, and what stays open and why."""
    instance = season.instance
    who = instance.leaders[leader]
    journeys = tuple(_journey(season, leader, trip) for trip in season.trips[leader])
    stated = {entry.skill: entry for entry in season.stated(leader)}
    still_open = tuple(
        _open(season, gap, stated.get(instance.skills[gap.skill].id))
        for g, gap in enumerate(who.gaps)
        if g not in season.closings[leader]
    )
    return Itinerary(leader, journeys, len(season.closings[leader]), len(who.gaps), still_open)


def _journey(season: Season, leader: int, trip: Trip) -> Journey:
    instance = season.instance
    here = [
        s
        for s in season.solution.chosen[leader]
        if instance.sessions[s].site == trip.site
        and any(day in trip.days for day in instance.sessions[s].days)
    ]
    stops = tuple(
        Stop(
            s,
            instance.sessions[s].id,
            season.name(s),
            tuple(day for day in instance.sessions[s].days if day in trip.days),
            tuple(season.module_names(s)),
            closes(season, leader, s),
        )
        for s in sorted(here, key=lambda s: instance.sessions[s].first_day)
    )
    km = trip_km(instance, instance.leaders[leader], trip)
    return Journey(trip, instance.sites[trip.site].name, km, stops)


def sleeps(at_home: bool) -> str:
    """Where somebody sleeps, as a column says it: at home, or nothing of those who stay at the site."""
    return tr("at home") if at_home else ""


def _open(season: Season, gap: SkillGap, stated: OpenGap | None) -> OpenRow:
    """With the lapse that a skill gap comes from, if it does."""
    code = "" if stated is None else printable(stated.reason)
    detail = tr("the plan doesn't say why") if stated is None else season.said(stated.detail)
    parts = (detail, "" if gap.lapsed is None else lapse_text(gap.lapsed))
    skill = season.instance.skills[gap.skill].name
    return OpenRow(skill, gap.level, code, tr("; ").join(part for part in parts if part))


def leaders_below(season: Season, branch: int) -> list[int]:
    """Leaders of a branch and of all below it: those who travel first, by first day away, then the others."""
    instance = season.instance
    here = [i for i, who in enumerate(instance.leaders) if branch in instance.lineages[who.branch]]
    never = instance.n_days
    return sorted(
        here, key=lambda i: (season.trips[i][0].first if season.trips[i] else never, instance.leaders[i].id)
    )
