"""Offerings and lecturers: starts that can be held, and modules that may be taught."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.schema.tables import EverySpec
from cadreplan.language import listed, tr
from cadreplan.rules.base import Found, at, rule


@rule("offering-window", "error", "the weekly starts of an offering end before they begin")
def offering_window(document: RosterDocument) -> Iterator[Found]:
    """`to` of an offering's weekly starts is before `from`.

    Wrong:

        offerings:
          - id: O1
            sites: [BJ]
            modules: [M-LAW]
            days: 1
            seats: 10
            starts: {every: monday, from: 2026-05-04, to: 2026-04-06}

    Right:

        offerings:
          - id: O1
            sites: [BJ]
            modules: [M-LAW]
            days: 1
            seats: 10
            starts: {every: monday, from: 2026-04-06, to: 2026-05-04}
    """
    for row, offering in document.offerings.valid():
        starts = offering.starts
        if isinstance(starts, EverySpec) and starts.from_ and starts.to and starts.to < starts.from_:
            message = tr(
                "to: found {to}, expected {start} or later, as `from` says", to=starts.to, start=starts.from_
            )
            yield at(row, ("starts", "to"), message)


@rule("offering-start", "warning", "a start that an offering names can't be held")
def offering_start(document: RosterDocument) -> Iterator[Found]:
    """A start written in an offering is dropped at every site.

    It is no working day, or the offering's days leave the horizon or meet closed days of the site. Weekly
    starts (`every`) are dropped silently where that is so.

    Wrong:

        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 1, starts: [2026-03-14, 2026-03-16], seats: 10}

    Right:

        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 1, starts: [2026-03-16], seats: 10}
    """
    for row, offering in document.offerings.valid():
        if isinstance(offering.starts, EverySpec):
            continue
        for position, start in enumerate(offering.starts):
            runs = [run for run in document.runs.get(offering.id, ()) if run.start == start]
            if runs and all(run.dropped for run in runs):
                why = "; ".join(dict.fromkeys(run.dropped for run in runs))
                message = tr("starts: found {start}, which can't be held: {why}", start=start, why=why)
                yield at(row, ("starts", position), message)


@rule("offering-empty", "warning", "an offering comes to no candidate at all")
def offering_empty(document: RosterDocument) -> Iterator[Found]:
    """No start of an offering can be held at any of its sites, so that it does nothing.

    Wrong:

        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 2, starts: {every: sunday}, seats: 10}

    Right:

        offerings:
          - {id: O1, sites: [BJ], modules: [M-LAW], days: 2, starts: {every: monday}, seats: 10}
    """
    for row, offering in document.offerings.valid():
        runs = document.runs.get(offering.id)
        if runs is None or not all(document.sites.spec(id_) for id_ in offering.sites):
            continue
        if all(run.dropped for run in runs):
            message = tr("starts: found none of {n} that can be held, expected one at least", n=len(runs))
            yield at(row, ("starts",), message, runs[0].dropped if runs else "")


@rule("lecturer-kind", "warning", "a lecturer lists a module that their kind may not teach")
def lecturer_kind(document: RosterDocument) -> Iterator[Found]:
    """A lecturer's `modules` has one whose `lecturers` doesn't have the lecturer's kind.

    They will not be asked to teach it.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, lecturers: [school-lecturer]}
          M-CASE: {teaches: {review: 1}, hours: 4}
        lecturers:
          - {id: T1, kind: congress-delegate, modules: [M-LAW]}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, lecturers: [school-lecturer, congress-delegate]}
          M-CASE: {teaches: {review: 1}, hours: 4}
        lecturers:
          - {id: T1, kind: congress-delegate, modules: [M-LAW]}
    """
    if document.curriculum is None:
        return
    for row, lecturer in document.lecturers.valid():
        for position, id_ in enumerate(lecturer.modules or ()):
            module = document.curriculum.modules.spec(id_)
            if module is not None and module.lecturers and lecturer.kind not in module.lecturers:
                message = tr(
                    "modules: found {module}, expected a module for a {kind}: it is for {kinds}",
                    module=shown(id_),
                    kind=lecturer.kind,
                    kinds=listed(module.lecturers),
                )
                yield at(row, ("modules", position), message)


ROSTER_RULES = (offering_window, offering_start, offering_empty, lecturer_kind)
