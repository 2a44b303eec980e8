"""The discussion groups of a session on the screen: each with its people and what it mixes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from cadreplan.language import listed, tr, tr_n
from cadreplan.views.groups import group_rows, is_proven, tag_name, tags_of
from cadreplan.views.screen.theme import Cell, Column, fitted, heading
from cadreplan.views.season import Season


def session_groups(season: Season, session: int, width: int) -> Iterator[RenderableType]:
    """A line a group with a column a tag, then who sits in it; nothing where a session has no groups."""
    rows = group_rows(season, session)
    if not rows:
        return
    notes = [tr_n("{n:,} group", "{n:,} groups", len(rows))]
    if not season.instance.sessions[session].frozen:
        notes.append(
            tr("proven: none mix better") if is_proven(season, session) else tr("not proven to mix best")
        )
    yield heading(tr("Groups"), notes, width)
    tags = tags_of(season.instance, session)
    cells: list[list[Cell]] = [
        [Text(row.title, style="heading"), str(row.people), *row.mixes] for row in rows
    ]
    columns = (
        Column(),
        Column(tr("people"), right=True),
        *(Column(tag_name(tag), rank=k // 3, flexible=True) for k, tag in enumerate(tags, 1)),
    )
    yield fitted(columns, cells, width)
    yield Text()
    people: list[list[Cell]] = [
        [Text(row.title, style="heading"), listed(sitter.who for sitter in row.sitters)] for row in rows
    ]
    yield fitted((Column(), Column(flexible=True)), people, width, header=False)
