"""The summary's sections on norms and on waiting."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from cadreplan.language import tr, tr_n
from cadreplan.views.fairness import EnvyRow, envy_rows, fairness_facts, norm_rows, norm_text
from cadreplan.views.screen.theme import Cell, Column, Meter, fitted, heading, more, share_style
from cadreplan.views.season import Season
from cadreplan.views.wording import printable, share

_METER = 20
_FEW = 3


def norms(season: Season, width: int) -> Iterator[RenderableType]:
    """How many meet each norm with the plan."""
    rows = norm_rows(season)
    if not rows:
        return
    yield heading(tr("Norms"), [tr("met with this plan, of those they apply to")], width)
    cells: list[list[Cell]] = [
        [
            printable(row.name),
            Meter(row.met, row.people, share_style(row.met, row.people), _METER),
            share(row.met, row.people),
            norm_text(row),
            Text(printable(row.source), style="quiet"),
        ]
        for row in rows
    ]
    columns = (
        Column(flexible=True),
        Column(rank=2),
        Column(right=True),
        Column(rank=1),
        Column(rank=3, flexible=True),
    )
    yield fitted(columns, cells, width)


def fairness(season: Season, width: int) -> Iterator[RenderableType]:
    """Who waited, who is left out again, and how evenly branches fare."""
    facts = fairness_facts(season)
    if not facts:
        return
    yield heading(tr("Fairness"), [tr("over the rotations")], width)
    cells: list[list[Cell]] = [[label, Text(text, style="bold")] for label, text in facts]
    yield fitted((Column(), Column(flexible=True, wraps=True)), cells, width)
    rows = envy_rows(season)
    for row in rows[:_FEW]:
        yield Text(" " + envy_text(row), style="quiet")
    if len(rows) > _FEW:
        yield more(
            tr_n("{n:,} more pair", "{n:,} more pairs", len(rows) - _FEW), "cadreplan export --to xlsx"
        )


def envy_text(row: EnvyRow) -> str:
    """One pair in a sentence."""
    return tr(
        "{leader}, who waited {waited:,}, could take the seat of {other}, who waited {less:,}, in {session}",
        leader=row.leader,
        waited=row.waited,
        other=row.other,
        less=row.other_waited,
        session=printable(row.session),
    )
