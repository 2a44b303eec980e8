"""The ledger as tables, for files, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.insight.ledger import Entry, Ledger, by_branch
from cadreplan.language import later, tr
from cadreplan.views.csv_files import csv_files
from cadreplan.views.table import Column, Kind, Table

Called = Mapping[str, Mapping[str, str]]
"""Sort of thing (leader, branch, norm) → id → name."""
STATES = {
    "met": later("met"),
    "overdue": later("overdue"),
    "missing": later("missing"),
    "open": later("not due yet"),
}


def called(roster: RosterDocument) -> Called:
    """The names in a roster."""
    norms = roster.curriculum.norms.valid() if roster.curriculum else ()
    return {
        "leader": {spec.id: spec.name or spec.id for _, spec in roster.leaders.valid()},
        "branch": {spec.id: spec.name or spec.id for _, spec in roster.branches.valid()},
        "norm": {row.id or "": spec.name or row.id or "" for row, spec in norms},
    }


def units(roster: RosterDocument) -> dict[str, str]:
    """What a norm counts, by its id."""
    norms = roster.curriculum.norms.valid() if roster.curriculum else ()
    return {row.id or "": tr("hours") if spec.hours else tr("sessions") for row, spec in norms}


def state(entry: Entry) -> str:
    """How a norm stands, as a code: see `STATES`."""
    if not entry.missing:
        return "met"
    if entry.overdue:
        return "overdue"
    return "missing" if entry.counts else "open"


def tables(found: Ledger, names: Called, unit: Mapping[str, str]) -> list[Table]:
    """By leader, by branch, and who has waited."""

    def columns(*heads: tuple[str, str, Kind]) -> tuple[Column, ...]:
        return tuple(Column(key, label, kind) for key, label, kind in heads)

    leaders = Table(
        "norms",
        tr("Norms"),
        columns(
            ("leader", tr("leader"), "text"),
            ("name", tr("name"), "text"),
            ("branch", tr("branch"), "text"),
            ("norm", tr("norm"), "text"),
            ("unit", tr("unit"), "text"),
            ("wanted", tr("wanted"), "number"),
            ("have", tr("have"), "number"),
            ("planned", tr("planned"), "number"),
            ("missing", tr("missing"), "number"),
            ("deadline", tr("deadline"), "date"),
            ("state", tr("state"), "text"),
        ),
        tuple(
            (
                e.leader, names["leader"][e.leader], names["branch"].get(e.branch, e.branch),
                names["norm"][e.norm], unit[e.norm], e.wanted, e.have, e.planned, e.missing, e.deadline,
                tr(STATES[state(e)]),
            )
            for e in found.entries
        ),
    )  # fmt: skip
    branches = Table(
        "norms-by-branch",
        tr("Norms by branch"),
        columns(
            ("branch", tr("branch"), "text"),
            ("norm", tr("norm"), "text"),
            ("people", tr("leaders"), "number"),
            ("met", tr("met"), "number"),
            ("share", tr("share"), "share"),
            ("overdue", tr("overdue"), "number"),
            ("missing", tr("missing"), "number"),
            ("unit", tr("unit"), "text"),
        ),
        tuple(
            (
                names["branch"].get(s.branch, s.branch), names["norm"][s.norm], s.people, s.met,
                s.met / s.people, s.overdue, s.missing, unit[s.norm],
            )
            for s in by_branch(found)
        ),
    )  # fmt: skip
    waits = Table(
        "waiting",
        tr("Waiting"),
        columns(
            ("leader", tr("leader"), "text"),
            ("name", tr("name"), "text"),
            ("branch", tr("branch"), "text"),
            ("waited", tr("rotations without a seat"), "number"),
            ("last", tr("last"), "date"),
            ("planned", tr("planned"), "text"),
        ),
        tuple(
            (
                w.leader, names["leader"][w.leader], names["branch"].get(w.branch, w.branch), w.waited,
                w.last, tr("yes") if w.is_planned else tr("no"),
            )
            for w in found.waits
        ),
    )  # fmt: skip
    return [leaders, branches, waits]


def as_csv(found: Ledger, names: Called, unit: Mapping[str, str]) -> bytes:
    """The table by leader, as spreadsheets read it."""
    return csv_files(tables(found, names, unit)[:1])["norms.csv"]


def as_json(found: Ledger) -> str:
    """Everything, for machines, with ids; dates as YYYY-MM-DD."""
    said = {
        "norms": [asdict(e) | {"missing": e.missing, "state": state(e)} for e in found.entries],
        "branches": [asdict(share) for share in by_branch(found)],
        "waiting": [asdict(w) for w in found.waits],
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=str) + "\n"
