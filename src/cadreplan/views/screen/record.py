"""What `record` shows: what came of each session, whose skill gaps are closed, who waited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.record import Record
from cadreplan.instance import Instance
from cadreplan.language import listed, tr, tr_n
from cadreplan.views.record import SessionCount, by_session
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more, share_style
from cadreplan.views.wording import first_of, number, printable, share

_MOST_WAITS = 5
"""Rotations in a row up to which people without a seat are counted each; behind them together."""


def record_screen(
    instance: Instance, found: Record, files: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """The totals, sessions, who waited, and the files that were written."""
    counts = by_session(found)
    yield heading(tr("What came of it"), [], width)
    yield flow(
        [
            tr_n("{n:,} seat used", "{n:,} seats used", sum(c.attended for c in counts)),
            tr_n("{n:,} unfinished", "{n:,} unfinished", sum(c.unfinished for c in counts)),
            tr_n("{n:,} absent", "{n:,} absent", sum(c.absent for c in counts)),
            tr_n("{n:,} study hour", "{n:,} study hours", sum(c.hours for c in counts)),
            tr_n(
                "{n:,} skill gap closed", "{n:,} skill gaps closed", sum(len(x.closed) for x in found.leaders)
            ),
            tr_n("{n:,} left open", "{n:,} left open", sum(len(x.open) for x in found.leaders)),
        ],
        width,
    )
    yield from _sessions(instance, counts, width, limit)
    yield from _remarks(found, width)
    yield from _waits(found, width)
    yield from _priorities(instance, found, width, limit)
    yield heading(tr("Written"), [], width)
    rows: list[list[Cell]] = [[tr(what), printable(path)] for what, path in files.items()]
    yield fitted((Column(), Column(flexible=True)), rows, width)


def _sessions(
    instance: Instance, counts: Sequence[SessionCount], width: int, limit: int
) -> Iterator[RenderableType]:
    columns = (
        Column(tr("session"), style="id", flexible=True),
        Column(tr("came"), right=True),
        Column(tr("passed"), right=True, rank=1),
        Column(tr("unfinished"), right=True, rank=2),
        Column(tr("absent"), right=True),
        Column(tr("hours"), right=True, rank=2),
        Column(tr("skills reached"), right=True),
        Column(tr("of those taught"), right=True, rank=1),
    )
    rows: list[list[Cell]] = [
        [
            printable(instance.sessions[count.session].id),
            number(count.attended),
            number(count.passed),
            number(count.unfinished),
            number(count.absent),
            number(count.hours),
            Text(share(count.reached, count.taught), style=share_style(count.reached, count.taught)),
            number(count.taught),
        ]
        for count in counts[:limit]
    ]
    if rows:
        yield fitted(columns, rows, width)
    if (left := len(counts) - limit) > 0:
        yield more(tr_n("{n:,} more session", "{n:,} more sessions", left))


def _remarks(found: Record, width: int) -> Iterator[RenderableType]:
    if found.unheard:
        n = len(found.unheard)
        text = tr_n(
            "{n:,} session has no row in the results and counts as not held: {names}",
            "{n:,} sessions have no row in the results and count as not held: {names}",
            n,
            names=first_of(list(found.unheard), 5),
        )
        yield flow([text], width)
    if found.assumed:
        yield flow(
            [
                tr_n(
                    "{n:,} seat without a row is counted as --others says",
                    "{n:,} seats without a row are counted as --others says",
                    found.assumed,
                )
            ],
            width,
        )


def _waits(found: Record, width: int) -> Iterator[RenderableType]:
    """How many are without a seat for how many rotations in a row, and hours by norm."""
    waits = Counter(one.waited[1] for one in found.leaders)
    longest = max(waits, default=0)
    if longest:
        told = [
            tr_n("{n:,} leader for {k} or more", "{n:,} leaders for {k} or more", n, k=k)
            for k in range(1, min(longest, _MOST_WAITS) + 1)
            if (n := sum(many for times, many in waits.items() if times >= k))
        ]
        yield heading(tr("Without a seat, in rotations in a row"), told, width)


def _priorities(instance: Instance, found: Record, width: int, limit: int) -> Iterator[RenderableType]:
    moved = [one for one in found.leaders if one.priority[0] != one.priority[1]]
    if not moved:
        return
    waited = sum(after > before for before, after in (one.priority for one in moved))
    notes = [tr_n("{n:,} leader waited", "{n:,} leaders waited", waited)]
    yield heading(tr("Priority"), notes, width)
    columns = (
        Column(tr("leader"), style="id"),
        Column(tr("name"), flexible=True),
        Column(tr("before"), right=True),
        Column(tr("from now on"), right=True),
        Column(tr("open skill gaps"), flexible=True, rank=1),
    )
    skills = {skill.id: skill.name for skill in instance.skills}
    rows: list[list[Cell]] = [
        [
            printable(one.id),
            printable(instance.leaders[instance.leader_by_id[one.id]].name),
            number(one.priority[0]),
            Text(number(one.priority[1]), style="poor" if one.priority[1] > one.priority[0] else "good"),
            printable(listed(skills[gap.skill] for gap in one.open)),
        ]
        for one in moved[:limit]
    ]
    yield fitted(columns, rows, width)
    if (left := len(moved) - limit) > 0:
        yield more(tr_n("{n:,} more leader", "{n:,} more leaders", left))
