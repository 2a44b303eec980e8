"""Weeks, days and bars: sessions by site and week, and who of a branch is away when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cadreplan.errors import UsageError
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.views.naming import with_id
from cadreplan.views.season import Season


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week: its Monday as a day number, its number in the year, and the days that are shown."""

    monday: int
    number: int
    days: tuple[int, ...]

    @property
    def label(self) -> str:
        """`W10`, `第10周`."""
        return tr("W{number:02}", number=self.number)

    @property
    def short(self) -> str:
        """The label in three cells."""
        return self.label if self.label.isascii() else str(self.number)


@dataclass(frozen=True, slots=True)
class Bar:
    """A session or a trip in a lane of a row; `key` is the index of the session or, for a trip, of the site.

    `days` are all its days. `people` of `seats` and the minimum tell how full a session is; for a trip they
    are the leader's headcount.
    """

    days: tuple[int, ...]
    lane: int
    title: str
    detail: str
    key: int
    people: int
    seats: int
    min_seats: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a timetable with a label: bars, or people by day of at most `limit` (None: no limit)."""

    label: str
    bars: tuple[Bar, ...] = ()
    people: dict[int, int] | None = None
    limit: int | None = None
    indent: int = 0

    @property
    def lanes(self) -> int:
        return 1 + max((bar.lane for bar in self.bars), default=0)


def weeks(instance: Instance, used: Iterable[int]) -> list[Week]:
    """The weeks of the horizon and of all used days; Saturdays and Sundays only where one is used."""
    days = set(used)
    first, last = min(days | {0}), max(days | {instance.n_days - 1})
    weekend = {day for day in days if instance.date_of(day).weekday() >= 5}
    found = []
    for monday in range(first - instance.date_of(first).weekday(), last + 1, 7):
        shown = [monday + k for k in range(7) if k < 5 or monday + k in weekend]
        found.append(Week(monday, instance.date_of(monday).isocalendar().week, tuple(shown)))
    return found


def find_week(all_weeks: Sequence[Week], instance: Instance, text: str) -> Week:
    """The week that `text` names: its number in the year (`10`, `W10`), or a date in it."""
    wanted = text.strip().upper().removeprefix("W")
    if wanted.isdecimal():
        for week in all_weeks:
            if week.number == int(wanted):
                return week
    else:
        try:
            day = (date.fromisoformat(text.strip()) - instance.start).days
        except ValueError:
            raise UsageError(
                tr("'{text}' is no week: give its number in the year, or a date in it", text=text)
            ) from None
        for week in all_weeks:
            if week.monday <= day < week.monday + 7:
                return week
    first, last = all_weeks[0], all_weeks[-1]
    raise UsageError(
        tr(
            "week {text} is not in the plan, which goes from {first} ({begun}) to {last} ({ended})",
            text=text,
            first=first.label,
            begun=instance.date_of(first.monday),
            last=last.label,
            ended=instance.date_of(last.monday),
        )
    )


def site_rows(season: Season, days: Iterable[int] | None = None) -> list[Row]:
    """One row a site with the sessions that run there, on `days` if given; sites without any are left out."""
    kept = None if days is None else set(days)
    by_site: dict[int, list[int]] = defaultdict(list)
    for s, session in enumerate(season.instance.sessions):
        if season.runs(s) and (kept is None or not kept.isdisjoint(session.days)):
            by_site[session.site].append(s)
    return [
        Row(season.instance.sites[k].name, _session_bars(season, by_site[k]))
        for k in range(len(season.instance.sites))
        if k in by_site
    ]


def site_row(season: Season, site: int) -> Row:
    """The sessions that run at one site."""
    here = [
        s for s, session in enumerate(season.instance.sessions) if session.site == site and season.runs(s)
    ]
    return Row(season.instance.sites[site].name, _session_bars(season, here))


def _session_bars(season: Season, sessions: Sequence[int]) -> tuple[Bar, ...]:
    instance = season.instance
    order = sorted(
        sessions, key=lambda s: (instance.sessions[s].first_day, -instance.sessions[s].last_day, s)
    )
    spans = [(instance.sessions[s].first_day, instance.sessions[s].last_day) for s in order]
    return tuple(
        Bar(
            instance.sessions[s].days,
            lane,
            season.short_name(s),
            season.room(s) or "",
            s,
            season.people[s],
            instance.sessions[s].seats,
            instance.sessions[s].min_seats,
        )
        for s, lane in zip(order, lanes(spans), strict=True)
    )


def lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """The lowest lane in which each span, given by first day, meets no other; as few lanes as possible."""
    free: list[int] = []
    found = []
    for first, last in spans:
        lane = next((k for k, until in enumerate(free) if until < first), len(free))
        free[lane : lane + 1] = [last]
        found.append(lane)
    return found


def beds_row(season: Season, site: int) -> Row:
    """People at a site by day; where it limits beds, those who take one, of its beds."""
    beds = season.instance.sites[site].beds
    counted = season.at_site if beds is None else season.in_beds
    people = {day: n for (k, day), n in counted.items() if k == site}
    return Row(tr("people") if beds is None else tr("of {n:,} beds", n=beds), people=people, limit=beds)


def home_row(season: Season, site: int) -> Row | None:
    """People at a site by day who sleep at home; None where nobody does."""
    people = {
        day: n - season.in_beds[k, day]
        for (k, day), n in season.at_site.items()
        if k == site and n > season.in_beds[k, day]
    }
    return Row(tr("at home"), people=people) if people else None


def branch_rows(season: Season, branch: int) -> list[Row]:
    """People away by day: the branch with all below it, then those right below it that anybody leaves."""
    instance = season.instance
    below = [b for b, other in enumerate(instance.branches) if other.parent == branch]
    by_branch: dict[int, dict[int, int]] = defaultdict(dict)
    for (b, day), n in season.away.items():
        by_branch[b][day] = n
    rows = []
    for b in (branch, *below):
        if b == branch or b in by_branch:
            away, limit = by_branch.get(b, {}), instance.branches[b].max_away
            rows.append(Row(instance.branches[b].name, people=away, limit=limit, indent=int(b != branch)))
    return rows


def leader_rows(season: Season, leaders: Iterable[int]) -> list[Row]:
    """One row a leader with the trips as bars named after their site."""
    instance = season.instance
    rows = []
    for i in leaders:
        leader = instance.leaders[i]
        bars = tuple(
            Bar(
                tuple(trip.days),
                0,
                instance.sites[trip.site].id,
                instance.sites[trip.site].name,
                trip.site,
                leader.headcount,
                leader.headcount,
            )
            for trip in season.trips[i]
        )
        rows.append(Row(with_id(leader), bars))
    return rows


def used_days(season: Season) -> set[int]:
    """Days on which a running session is held."""
    return {
        day for s, session in enumerate(season.instance.sessions) if season.runs(s) for day in session.days
    }
