"""What `drill` shows: the sessions whose loss would hurt most, and who stands by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.drill import Drill
from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n
from cadreplan.views.naming import with_id
from cadreplan.views.screen.theme import Cell, Column, fitted, heading, more
from cadreplan.views.wording import first_of, number, printable


def drill_screen(
    instance: Instance, drills: Sequence[Drill], width: int, limit: int
) -> Iterator[RenderableType]:
    """One table of the sessions that were tried, one of the others."""
    tried = [d for d in drills if d.cancelled is not None]
    others = [d for d in drills if d.cancelled is None]
    yield heading(
        tr("If it were cancelled tomorrow"), [tr("tried: solved again around those who had it")], width
    )
    columns = (
        Column(tr("session"), flexible=True),
        Column(tr("people"), right=True),
        Column(tr("estimated"), right=True, rank=3),
        Column(tr("points lost"), right=True),
        Column(tr("re-seated"), right=True),
        Column(tr("miss out"), right=True),
        Column(tr("who misses out"), rank=2, flexible=True),
        Column(tr("standby"), rank=1, flexible=True),
    )
    yield fitted(columns, [_tried(instance, d) for d in tried[:limit]], width)
    if others:
        yield heading(tr("Others"), [tr("not tried: points lost by estimate")], width)
        cells: list[list[Cell]] = [
            [_id(instance, d), number(d.people), number(d.estimated), _names(instance, d.standby)]
            for d in others[:limit]
        ]
        wide = (
            Column(tr("session"), flexible=True),
            Column(tr("people"), right=True),
            Column(tr("estimated"), right=True),
            Column(tr("standby"), rank=1, flexible=True),
        )
        yield fitted(wide, cells, width)
    if len(others) > limit:
        yield more(tr_n("{n:,} more session", "{n:,} more sessions", len(others) - limit))


def _tried(instance: Instance, drill: Drill) -> list[Cell]:
    what = drill.cancelled
    assert what is not None
    return [
        _id(instance, drill),
        number(drill.people),
        number(drill.estimated),
        Text(number(what.lost), style="poor"),
        Text(number(len(what.reseated)), style="good"),
        Text(number(len(what.missing)), style="poor"),
        _names(instance, what.missing),
        _names(instance, drill.standby),
    ]


def _id(instance: Instance, drill: Drill) -> Text:
    return Text(printable(instance.sessions[drill.session].id), style="id")


def _names(instance: Instance, leaders: Sequence[int]) -> str:
    return printable(first_of([with_id(instance.leaders[i]) for i in leaders], 3))
