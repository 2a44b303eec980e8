"""A session or an offering by itself: its dates, its seats, and whether its days hold its modules."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import MAX_SESSION_DAYS, RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.curriculum import ModuleSpec
from cadreplan.documents.schema.tables import OfferingSpec, SessionSpec
from cadreplan.language import tr, tr_n
from cadreplan.rules.base import Found, at, rule

SessionRow = tuple[Row[SessionSpec] | Row[OfferingSpec], SessionSpec | OfferingSpec]


def sessions_and_offerings(document: RosterDocument) -> Iterator[SessionRow]:
    """The valid rows of both tables."""
    return chain(document.sessions.valid(), document.offerings.valid())


def modules_of(document: RosterDocument, spec: SessionSpec | OfferingSpec) -> list[tuple[str, ModuleSpec]]:
    """The modules of a session by id, each once; empty where one of them is unknown or wrong."""
    if document.curriculum is None:
        return []
    table = document.curriculum.modules
    found = [(id_, table.spec(id_)) for id_ in dict.fromkeys(spec.modules)]
    known = [(id_, module) for id_, module in found if module is not None]
    return known if len(known) == len(found) else []


@rule("session-dates", "error", "a session has neither dates nor start and end, or both")
def session_dates(document: RosterDocument) -> Iterator[Found]:
    """A session's days are given by `dates`, or by `start` and `end`: one of the two, and whole.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], start: 2026-03-09, seats: 10}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], start: 2026-03-09, end: 2026-03-10, seats: 10}
    """
    for row, session in document.sessions.valid():
        start, end = session.start, session.end
        if session.dates is not None:
            both = start is not None and end is not None
            hint = tr("remove `dates`, or `start` and `end`") if both else tr("take it out")
            for key, value in (("start", start), ("end", end)):
                if value is not None:
                    message = tr(
                        "{field}: found beside `dates`, expected either `dates` or `start` and `end`",
                        field=key,
                    )
                    yield at(row, (key,), message, hint)
        elif start is None and end is None:
            yield at(row, (), tr("found no days, expected `dates`, or `start` and `end`"))
        elif start is None or end is None:
            given, missing = ("start", "end") if end is None else ("end", "start")
            message = tr("{field}: found without `{missing}`, expected both", field=given, missing=missing)
            yield at(row, (given,), message)
        elif end < start:
            message = tr("end: found {end}, expected {start} or later, as `start` says", end=end, start=start)
            yield at(row, ("end",), message)


@rule("session-length", "error", "a session is longer than a year")
def session_length(document: RosterDocument) -> Iterator[Found]:
    """A range of a session's days is longer than 366 days, which is a slip of the pen in a year.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2062-03-10], seats: 10}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
    """
    for row, session in document.sessions.valid():
        for position, span in enumerate(session.ranges):
            if span.n_days > MAX_SESSION_DAYS:
                path = ("end",) if session.dates is None else ("dates", position)
                message = tr(
                    "found {n:,} days, expected {most} at most", n=span.n_days, most=MAX_SESSION_DAYS
                )
                yield at(row, path, message)


@rule("session-too-short", "error", "a session's modules need more time than it has")
def session_too_short(document: RosterDocument) -> Iterator[Found]:
    """The days of a session or an offering don't hold its modules.

    A day has two half days; a module fills one for every 4 hours begun.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09], seats: 10}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}
    """
    days_of = {id(delivery.row): len(delivery.days) for delivery in document.deliveries}
    for row, spec in sessions_and_offerings(document):
        days = spec.days if isinstance(spec, OfferingSpec) else days_of[id(row)]
        modules = modules_of(document, spec)
        slots = sum(-(-module.hours // 4) for _, module in modules)
        if days and slots > 2 * days:
            message = tr(
                "modules: found {n} with {slots} half days in {days}, expected {most} half days at most",
                n=len(modules),
                slots=slots,
                days=tr_n("{n} day", "{n} days", days),
                most=2 * days,
            )
            yield at(row, ("modules",), message, tr("give it more days or fewer modules"))


@rule("session-standards", "error", "a session misses the curriculum's standards")
def session_standards(document: RosterDocument) -> Iterator[Found]:
    """A session or an offering of two or more modules has too few core hours or teaching methods.

    The curriculum's `standards` ask for a share of core hours and for a number of distinct methods; a session
    of fewer modules than methods needs as many methods as it has modules.

    Wrong:

        standards: {min_methods: 2}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, method: lecture}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}

    Right:

        standards: {min_methods: 2}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, method: simulation}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}
    """
    if document.curriculum is None:
        return
    share, methods = document.curriculum.standards.core_share, document.curriculum.standards.min_methods
    for row, spec in sessions_and_offerings(document):
        modules = [module for _, module in modules_of(document, spec)]
        if len(modules) < 2:
            continue
        hours, core = sum(m.hours for m in modules), sum(m.hours for m in modules if m.core)
        if share is not None and core < share * hours:
            message = tr(
                "modules: found {core} core hours of {hours}, expected {share} of them at least",
                core=core,
                hours=hours,
                share=_share(share),
            )
            yield at(row, ("modules",), message, tr("add a core module, or take another out"))
        used, needed = len({m.method for m in modules}), min(methods or 0, len(modules))
        if used < needed:
            message = tr_n(
                "modules: found {n} teaching method, expected {needed} at least",
                "modules: found {n} teaching methods, expected {needed} at least",
                used,
                needed=needed,
            )
            yield at(row, ("modules",), message, tr("put a module with another method in"))


@rule("min-seats", "warning", "a session needs more people than it takes")
def min_seats(document: RosterDocument) -> Iterator[Found]:
    """`min_seats` of a session or an offering is above its `seats`.

    A confirmed session is then always short of people, a candidate can never run: either number was meant to
    be another.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10, min_seats: 12}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 12, min_seats: 10}
    """
    for row, spec in sessions_and_offerings(document):
        if spec.min_seats > spec.seats:
            message = tr(
                "min_seats: found {n}, expected {seats} at most, its seats",
                n=spec.min_seats,
                seats=spec.seats,
            )
            yield at(row, ("min_seats",), message)


@rule("quota-above-seats", "warning", "a quota is above the seats and limits nothing")
def quota_above_seats(document: RosterDocument) -> Iterator[Found]:
    """A branch's quota in a session or an offering is above the seats there are.

    It limits nothing: either the seats or the quota was meant to be another number.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10, quotas: {HQ: 50}}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10, quotas: {HQ: 5}}
    """
    for row, spec in sessions_and_offerings(document):
        for branch, quota in spec.quotas.items():
            if quota > spec.seats:
                message = tr(
                    "quotas: found {quota} for {branch}, expected {seats} at most, the seats",
                    quota=quota,
                    branch=shown(branch),
                    seats=spec.seats,
                )
                yield at(row, ("quotas", branch), message)


@rule("module-seats", "error", "a session takes more people than a module can be taught to")
def module_seats(document: RosterDocument) -> Iterator[Found]:
    """The seats of a session or an offering are above `max_seats` of one of its modules.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, max_seats: 20}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 40}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, max_seats: 20}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 20}
    """
    for row, spec in sessions_and_offerings(document):
        for id_, module in modules_of(document, spec):
            if module.max_seats is not None and spec.seats > module.max_seats:
                message = tr(
                    "seats: found {seats}, expected {most} at most, the largest group for {module}",
                    seats=spec.seats,
                    most=module.max_seats,
                    module=shown(id_),
                )
                yield at(row, ("seats",), message)


def _share(share: Fraction) -> str:
    return f"{float(100 * share):g} %"


ROSTER_RULES = (
    session_dates,
    session_length,
    session_too_short,
    session_standards,
    min_seats,
    quota_above_seats,
    module_seats,
)
