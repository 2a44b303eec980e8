"""Tables about teaching: the programme day by day, who teaches how much and where, what nobody teaches."""

from __future__ import annotations

from collections import defaultdict

from cadreplan.instance import DayRange, Lecturer
from cadreplan.language import tr
from cadreplan.views.export.event_texts import lecturer_of
from cadreplan.views.export.table import Column, Table, Value
from cadreplan.views.labels import Words
from cadreplan.views.programme import HalfDay, by_lecturer, by_session, visits_of
from cadreplan.views.season import Season
from cadreplan.views.wording import method, slot_name


def programme(season: Season, words: Words) -> Table:
    """One row a half day, sessions by first day: module and lecturer, or why nobody teaches it."""
    instance = season.instance
    columns = (
        Column("session", words("session")),
        Column("site", words("site")),
        Column("date", tr("date"), "date"),
        Column("half-day", tr("half day")),
        Column("module", tr("module")),
        Column("lecturer", tr("lecturer")),
        Column("room", words("room")),
        Column("core", tr("main course")),
        Column("method", tr("method")),
        Column("number", words("lecturer no.")),
        Column("reason", tr("why nobody")),
    )
    rows = tuple(
        (
            instance.sessions[h.session].id,
            instance.sites[instance.sessions[h.session].site].name,
            instance.date_of(h.day),
            slot_name(h.slot),
            h.module,
            lecturer_of(season, h),
            season.room(h.session),
            tr("yes") if h.core else None,
            method(h.method) or None,
            None if h.lecturer is None else instance.lecturers[h.lecturer].id,
            why_nobody(h) or None,
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


def unstaffed(season: Season, words: Words) -> Table:
    """One row a session and module that lacks a lecturer, on some half day or on all, with the reason."""
    instance = season.instance
    columns = (
        Column("session", words("session")),
        Column("module", tr("module")),
        Column("site", words("site")),
        Column("half-days", tr("half days"), "number"),
        Column("dates", words("dates")),
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
                instance.sessions[h[0].session].id,
                h[0].module,
                instance.sites[instance.sessions[h[0].session].site].name,
                len(h),
                words.spans(instance.start, [entry.day for entry in h]),
                "; ".join(dict.fromkeys(filter(None, map(why_nobody, h)))),
            )
            for h in lacking.values()
        )
    return Table("unstaffed", tr("Modules without a lecturer"), columns, tuple(rows))


def lecturers(season: Season, words: Words) -> Table:
    """One row a lecturer: how much is taught of what there may be, and what may be taught where and when."""
    instance = season.instance
    columns = (
        Column("lecturer", words("lecturer no.")),
        Column("name", words("name")),
        Column("kind", words("kind")),
        Column("taught", tr("half days taught"), "number"),
        Column("slots", words("half days at most"), "number"),
        Column("load", tr("load"), "share"),
        Column("sessions", words("sessions"), "number"),
        Column("places", tr("places"), "number"),
        Column("site", tr("only at")),
        Column("modules", tr("may teach")),
        Column("available", words("available")),
    )
    taught = by_lecturer(season)
    rows = tuple(
        (
            who.id,
            who.name,
            words.kind(who.kind),
            len(taught.get(k, ())) if season.plan.programme else None,
            who.max_slots,
            len(taught.get(k, ())) / who.max_slots if who.max_slots and season.plan.programme else None,
            len({h.session for h in taught.get(k, ())}) if season.plan.programme else None,
            len({instance.sessions[h.session].site for h in taught.get(k, ())})
            if season.plan.programme
            else None,
            None if who.site is None else instance.sites[who.site].name,
            _may_teach(season, words, who),
            _available(season, who.available, words),
        )
        for k, who in enumerate(instance.lecturers)
    )
    return Table("lecturers", words("Lecturers"), columns, rows)


def journeys(season: Season, words: Words) -> Table:
    """One row a lecturer and session, lecturers in the roster's order, each journey in time."""
    instance = season.instance
    columns = (
        Column("lecturer", words("lecturer no.")),
        Column("name", words("name")),
        Column("from", words("first day"), "date"),
        Column("to", words("last day"), "date"),
        Column("site", words("site")),
        Column("room", words("room")),
        Column("session", words("session")),
        Column("half-days", tr("half days"), "number"),
        Column("modules", words("modules")),
    )
    rows = tuple(
        (
            instance.lecturers[k].id,
            instance.lecturers[k].name,
            instance.date_of(visit.days[0]),
            instance.date_of(visit.days[-1]),
            instance.sites[instance.sessions[visit.session].site].name,
            season.room(visit.session),
            instance.sessions[visit.session].id,
            len(visit.half_days),
            words.list(visit.modules),
        )
        for k, taught in sorted(by_lecturer(season).items())
        for visit in visits_of(taught)
    )
    return Table("journeys", tr("Journeys of lecturers"), columns, rows)


def _may_teach(season: Season, words: Words, who: Lecturer) -> str:
    if who.modules is None:
        return words("all that the kind may teach")
    return words.list(season.instance.modules[m].name for m in who.modules)


def _available(season: Season, ranges: tuple[DayRange, ...] | None, words: Words) -> str:
    if ranges is None:
        return words("always")
    date_of = season.instance.date_of
    return words.list(words.span(date_of(first), date_of(last)) for first, last in ranges)
