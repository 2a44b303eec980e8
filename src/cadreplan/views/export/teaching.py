"""Tables about teaching: the programme day by day, who teaches how much and where, what nobody teaches."""

from __future__ import annotations

from collections import defaultdict

from cadreplan.instance import DayRange, Lecturer
from cadreplan.language import listed, tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.programme import HalfDay, by_lecturer, by_session, visits_of
from cadreplan.views.season import Season
from cadreplan.views.table import Column, Named, Table, Value
from cadreplan.views.wording import kind, method, slot_name


def programme(season: Season) -> Table:
    """One row a half day, sessions by first day: module and lecturer, or why nobody teaches it."""
    instance = season.instance
    columns = (
        Column("session", tr("session")),
        Column("site", tr("site")),
        Column("date", tr("date"), "date"),
        Column("half-day", tr("half day")),
        Column("module", tr("module")),
        Column("lecturer", tr("lecturer")),
        Column("room", tr("room")),
        Column("core", tr("main course")),
        Column("method", tr("method")),
        Column("number", tr("lecturer no.")),
        Column("reason", tr("why nobody")),
    )
    rows = tuple(
        (
            Named.of(instance.sessions[h.session].id, season.name(h.session)),
            instance.sites[instance.sessions[h.session].site].name,
            instance.date_of(h.day),
            slot_name(h.slot),
            h.module,
            lecturer_of(season, h),
            season.room(h.session),
            tr("yes") if h.core else None,
            method(h.method) or None,
            None if h.lecturer is None else instance.lecturers[h.lecturer].id,
            season.named(why_nobody(h)) or None,
        )
        for held in _in_time(season)
        for h in held
    )
    return Table("programme", tr("Programme"), columns, rows)


def _in_time(season: Season) -> list[list[HalfDay]]:
    return sorted(by_session(season).values(), key=lambda held: (held[0].day, held[0].session))


def why_nobody(half_day: HalfDay) -> str:
    """The sentence of the reason why nobody teaches a half day; it comes behind a code and a colon."""
    code, colon, sentence = half_day.reason.partition(": ")
    return sentence if colon and " " not in code else half_day.reason


def unstaffed(season: Season) -> Table:
    """One row a session and module that lacks a lecturer, on some half day or on all, with the reason."""
    instance = season.instance
    columns = (
        Column("session", tr("session")),
        Column("module", tr("module")),
        Column("site", tr("site")),
        Column("half-days", tr("half days"), "number"),
        Column("dates", tr("dates")),
        Column("reason", tr("why nobody")),
    )
    rows: list[tuple[Value, ...]] = []
    for held in _in_time(season):
        lacking: dict[str, list[HalfDay]] = defaultdict(list)
        for h in held:
            if h.lecturer is None:
                lacking[h.module_id].append(h)
        rows += (
            (
                Named.of(instance.sessions[h[0].session].id, season.name(h[0].session)),
                h[0].module,
                instance.sites[instance.sessions[h[0].session].site].name,
                len(h),
                season.dates.spans([entry.day for entry in h]),
                season.named("; ".join(dict.fromkeys(filter(None, map(why_nobody, h))))),
            )
            for h in lacking.values()
        )
    return Table("unstaffed", tr("Modules without a lecturer"), columns, tuple(rows))


def lecturers(season: Season) -> Table:
    """One row a lecturer: how much is taught of what there may be, and what may be taught where and when."""
    instance = season.instance
    columns = (
        Column("lecturer", tr("lecturer no.")),
        Column("name", tr("name")),
        Column("kind", tr("kind")),
        Column("taught", tr("half days taught"), "number"),
        Column("slots", tr("half days at most"), "number"),
        Column("load", tr("load"), "share"),
        Column("sessions", tr("sessions"), "number"),
        Column("places", tr("places"), "number"),
        Column("site", tr("only at")),
        Column("modules", tr("may teach")),
        Column("available", tr("available")),
    )
    taught = by_lecturer(season)
    rows = tuple(
        (
            who.id,
            who.name,
            kind(who.kind),
            len(taught.get(k, ())) if season.plan.programme else None,
            who.max_slots,
            len(taught.get(k, ())) / who.max_slots if who.max_slots and season.plan.programme else None,
            len({h.session for h in taught.get(k, ())}) if season.plan.programme else None,
            len({instance.sessions[h.session].site for h in taught.get(k, ())})
            if season.plan.programme
            else None,
            None if who.site is None else instance.sites[who.site].name,
            _may_teach(season, who),
            _available(season, who.available),
        )
        for k, who in enumerate(instance.lecturers)
    )
    return Table("lecturers", tr("Lecturers"), columns, rows)


def journeys(season: Season) -> Table:
    """One row a lecturer and session, lecturers in the roster's order, each journey in time."""
    instance = season.instance
    columns = (
        Column("lecturer", tr("lecturer no.")),
        Column("name", tr("name")),
        Column("from", tr("first day"), "date"),
        Column("to", tr("last day"), "date"),
        Column("site", tr("site")),
        Column("room", tr("room")),
        Column("session", tr("session")),
        Column("half-days", tr("half days"), "number"),
        Column("modules", tr("modules")),
    )
    rows = tuple(
        (
            instance.lecturers[k].id,
            instance.lecturers[k].name,
            instance.date_of(visit.days[0]),
            instance.date_of(visit.days[-1]),
            instance.sites[instance.sessions[visit.session].site].name,
            season.room(visit.session),
            Named.of(instance.sessions[visit.session].id, season.name(visit.session)),
            len(visit.half_days),
            listed(visit.modules),
        )
        for k, taught in sorted(by_lecturer(season).items())
        for visit in visits_of(taught)
    )
    return Table("journeys", tr("Journeys of lecturers"), columns, rows)


def _may_teach(season: Season, who: Lecturer) -> str:
    if who.modules is None:
        return tr("all that the kind may teach")
    return listed(season.instance.modules[m].name for m in who.modules)


def _available(season: Season, ranges: tuple[DayRange, ...] | None) -> str:
    if ranges is None:
        return tr("always")
    return listed(season.dates.span(first, last) for first, last in ranges)
