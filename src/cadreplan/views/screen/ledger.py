"""What `ledger` shows: norms by branch, who misses one, and who has waited longest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.ledger import Ledger, by_branch
from cadreplan.language import later, tr, tr_n
from cadreplan.views.ledger import STATES, Called, state
from cadreplan.views.screen.theme import Cell, Column, fitted, heading, more, share_style
from cadreplan.views.wording import number, printable, share

_HOW = later("--limit N, --leader ID, --branch ID or --format csv")


def ledger_screen(
    found: Ledger, names: Called, units: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """Three tables; `names` by sort and id."""
    yield from _branches(found, names, units, width, limit)
    yield from _missing(found, names, units, width, limit)
    yield from _waits(found, names, width, limit)


def _branches(
    found: Ledger, names: Called, units: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    shares = sorted(by_branch(found), key=lambda s: (s.met / s.people, s.branch, s.norm))
    yield heading(tr("Norms by branch"), [tr("least share first")], width)
    columns = (
        Column(tr("branch"), flexible=True),
        Column(tr("norm"), flexible=True),
        Column(tr("leaders"), right=True),
        Column(tr("met"), right=True),
        Column(tr("share"), right=True),
        Column(tr("overdue"), right=True),
        Column(tr("missing"), right=True),
        Column(tr("unit"), rank=1),
    )
    rows: list[list[Cell]] = [
        [
            printable(names["branch"].get(one.branch, one.branch)),
            printable(names["norm"][one.norm]),
            number(one.people),
            number(one.met),
            Text(share(one.met, one.people), style=share_style(one.met, one.people)),
            number(one.overdue),
            number(one.missing),
            units[one.norm],
        ]
        for one in shares[:limit]
    ]
    yield fitted(columns, rows, width) if rows else Text(" " + tr("none"), style="quiet")
    if (left := len(shares) - limit) > 0:
        yield more(tr_n("{n:,} more line", "{n:,} more lines", left), tr(_HOW))


def _missing(
    found: Ledger, names: Called, units: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    lacking = [entry for entry in found.entries if entry.missing]
    overdue = sum(entry.overdue for entry in lacking)
    notes = [
        tr_n("{n:,} norm missed", "{n:,} norms missed", sum(entry.is_missed for entry in lacking)),
        tr_n("{n:,} of them overdue", "{n:,} of them overdue", overdue),
    ]
    yield heading(tr("Who misses what"), notes, width)
    columns = (
        Column(tr("leader"), style="id"),
        Column(tr("name"), flexible=True),
        Column(tr("branch"), flexible=True, rank=1),
        Column(tr("norm"), flexible=True),
        Column(tr("have"), right=True),
        Column(tr("planned"), right=True, rank=1),
        Column(tr("missing"), right=True),
        Column(tr("unit"), rank=2),
        Column(tr("deadline")),
        Column(tr("state")),
    )
    rows: list[list[Cell]] = [
        [
            printable(one.leader),
            printable(names["leader"][one.leader]),
            printable(names["branch"].get(one.branch, one.branch)),
            printable(names["norm"][one.norm]),
            number(one.have),
            number(one.planned),
            Text(number(one.missing), style="poor"),
            units[one.norm],
            str(one.deadline),
            tr(STATES[state(one)]),
        ]
        for one in lacking[:limit]
    ]
    yield fitted(columns, rows, width) if rows else Text(" " + tr("nobody"), style="quiet")
    if (left := len(lacking) - limit) > 0:
        yield more(tr_n("{n:,} more line", "{n:,} more lines", left), tr(_HOW))


def _waits(found: Ledger, names: Called, width: int, limit: int) -> Iterator[RenderableType]:
    waits = [one for one in found.waits if one.waited]
    yield heading(tr("Waiting"), [tr("longest first"), tr("rotations in a row without a seat")], width)
    columns = (
        Column(tr("leader"), style="id"),
        Column(tr("name"), flexible=True),
        Column(tr("branch"), flexible=True, rank=1),
        Column(tr("rotations"), right=True),
        Column(tr("last")),
        Column(tr("planned")),
    )
    rows: list[list[Cell]] = [
        [
            printable(one.leader),
            printable(names["leader"][one.leader]),
            printable(names["branch"].get(one.branch, one.branch)),
            number(one.waited),
            str(one.last) if one.last else "-",
            tr("yes") if one.is_planned else tr("no"),
        ]
        for one in waits[:limit]
    ]
    yield fitted(columns, rows, width) if rows else Text(" " + tr("nobody"), style="quiet")
    if (left := len(waits) - limit) > 0:
        yield more(tr_n("{n:,} more leader", "{n:,} more leaders", left), tr(_HOW))
