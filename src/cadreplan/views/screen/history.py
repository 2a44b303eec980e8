"""What `history` shows: rotations, skill gaps open longest, who was trained, what modules achieve."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.history import History
from cadreplan.language import later, tr, tr_n
from cadreplan.views.screen.theme import Cell, Column, fitted, heading, more, share_style
from cadreplan.views.wording import number, period, printable, share

_HOW = later("--limit N, --leader ID or --format json")


def history_screen(
    history: History, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """Four tables; `names` are those of leaders, skills and modules by id."""
    yield from _rotations(history, width)
    yield from _gaps(history, names, width, limit)
    yield from _trainings(history, names, width, limit)
    yield from _effects(history, names, width, limit)


def _rotations(history: History, width: int) -> Iterator[RenderableType]:
    n = len(history.rotations)
    yield heading(tr("Rotations"), [tr_n("{n:,} recorded", "{n:,} recorded", n)], width)
    columns = (
        Column(tr("rotation"), flexible=True),
        Column(tr("dates"), rank=1),
        Column(tr("seats used"), right=True),
        Column(tr("absent"), right=True),
        Column(tr("unfinished"), right=True, rank=2),
        Column(tr("gaps closed"), right=True),
        Column(tr("left open"), right=True),
    )
    rows: list[list[Cell]] = [
        [
            printable(one.name),
            period(one.first, one.last),
            number(one.attended),
            number(one.absent),
            number(one.unfinished),
            Text(number(one.closed), style="good"),
            Text(number(one.open), style="poor"),
        ]
        for one in history.rotations
    ]
    yield fitted(columns, rows, width)


def _gaps(history: History, names: Mapping[str, str], width: int, limit: int) -> Iterator[RenderableType]:
    notes = [tr("longest first"), tr("rotations in a row; days to the end of the last one")]
    yield heading(tr("Open skill gaps"), notes, width)
    columns = (
        Column(tr("leader"), style="id"),
        Column(tr("name"), rank=1, flexible=True),
        Column(tr("skill"), flexible=True),
        Column(tr("held"), right=True, rank=2),
        Column(tr("needed"), right=True, rank=2),
        Column(tr("rotations"), right=True),
        Column(tr("since")),
        Column(tr("days"), right=True),
    )
    rows: list[list[Cell]] = [
        [
            printable(gap.leader),
            printable(names.get(gap.leader, "")),
            printable(names.get(gap.skill, gap.skill)),
            number(gap.held),
            number(gap.level),
            number(gap.rotations),
            str(gap.since) if gap.since else tr("new"),
            number(gap.days),
        ]
        for gap in history.gaps[:limit]
    ]
    if rows:
        yield fitted(columns, rows, width)
    else:
        yield Text(" " + tr("none"), style="quiet")
    if (left := len(history.gaps) - limit) > 0:
        yield more(tr_n("{n:,} more skill gap", "{n:,} more skill gaps", left), tr(_HOW))


def _trainings(
    history: History, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    yield heading(tr("Who was trained"), [tr("least first"), tr("waiting: rotations since the last")], width)
    columns = (
        Column(tr("leader"), style="id"),
        Column(tr("name"), rank=1, flexible=True),
        Column(tr("sessions"), right=True),
        Column(tr("absent"), right=True),
        Column(tr("hours"), right=True, rank=1),
        Column(tr("modules"), right=True, rank=1),
        Column(tr("skills raised"), right=True, rank=2),
        Column(tr("rotations"), right=True),
        Column(tr("last")),
        Column(tr("waiting"), right=True),
    )
    rows: list[list[Cell]] = [
        [
            printable(one.leader),
            printable(names.get(one.leader, "")),
            number(one.attended),
            number(one.absent),
            number(one.hours),
            number(one.modules),
            number(one.raised),
            number(one.rotations),
            one.last or tr("never"),
            number(one.waited),
        ]
        for one in history.trainings[:limit]
    ]
    yield fitted(columns, rows, width)
    if (left := len(history.trainings) - limit) > 0:
        yield more(tr_n("{n:,} more leader", "{n:,} more leaders", left), tr(_HOW))


def _effects(history: History, names: Mapping[str, str], width: int, limit: int) -> Iterator[RenderableType]:
    notes = [tr("least share first"), tr("n: attendances"), tr("reached: all levels that it teaches")]
    yield heading(tr("Modules"), notes, width)
    columns = (
        Column(tr("module"), style="id"),
        Column(tr("title"), rank=1, flexible=True),
        Column(tr("n"), right=True),
        Column(tr("reached"), right=True),
        Column(tr("share"), right=True),
        Column(tr("raised"), right=True),
        Column(tr("who didn't"), rank=2, flexible=True),
    )
    rows: list[list[Cell]] = [
        [
            printable(one.module),
            printable(names.get(one.module, "")),
            number(one.people),
            number(one.reached),
            Text(share(one.reached, one.people), style=share_style(one.reached, one.people)),
            number(one.raised),
            printable(" ".join(one.missed[:4])) + (" …" if len(one.missed) > 4 else ""),
        ]
        for one in history.effects[:limit]
    ]
    yield fitted(columns, rows, width)
    if (left := len(history.effects) - limit) > 0:
        yield more(tr_n("{n:,} more module", "{n:,} more modules", left), tr(_HOW))
