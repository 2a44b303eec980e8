"""What `replan` shows: how many stay, who moves and why, who gains, and the worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.diff import Difference, LeaderChange
from cadreplan.insight.replan import Replanning
from cadreplan.insight.staying import Pair
from cadreplan.instance import Instance
from cadreplan.language import listed, tr, tr_n
from cadreplan.plan import Plan
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.wording import ending, gap, printable, seconds


def replan_screen(
    problem: Replanning,
    plan: Plan,
    changes: Difference,
    why: Mapping[Pair, str],
    instance: Instance,
    width: int,
    limit: int,
) -> Iterator[RenderableType]:
    """The totals, then everybody who gives something up with the reason, then those who gain."""
    solver = plan.solver
    yield Text(f"\n{printable(instance.title)}", style="heading")
    yield flow(
        [
            tr_n("{n:,} assignment stays", "{n:,} assignments stay", changes.kept),
            tr("{n:,} frozen", n=problem.n_frozen),
            tr("{n:,} given up", n=len(why)),
            tr("a move costs {points:,} points", points=problem.move_cost),
        ],
        width,
    )
    stated = tr(
        "worth {worth:,}, at most {bound:,} if no more people move; gap {gap}, {ended}, {time}",
        worth=solver.objective,
        bound=solver.bound,
        gap=gap(solver.gap),
        ended=ending(solver.ended),
        time=seconds(solver.seconds),
    )
    yield Text(f"\n {stated}")
    given_up = [change for change in changes.leaders if change.given_up]
    if given_up:
        yield heading(
            tr("Moved"),
            [tr_n("{n:,} leader", "{n:,} leaders", len(given_up)), tr("who gives up what, and why")],
            width,
        )
        rows = [row for change in given_up[:limit] for row in _rows(change, why, instance)]
        columns = (
            Column(tr("leader")),
            Column(tr("name"), rank=2),
            Column(tr("gives up")),
            Column(tr("gets"), rank=1),
            Column(tr("why"), flexible=True),
        )
        yield fitted(columns, rows, width)
        if len(given_up) > limit:
            yield more(
                tr_n("{n:,} more leader", "{n:,} more leaders", len(given_up) - limit),
                tr("--limit N, or cadreplan diff"),
            )
    gained = [change for change in changes.leaders if change.kind == "gained"]
    if gained:
        yield heading(
            tr("Gained"),
            [tr_n("{n:,} leader", "{n:,} leaders", len(gained)), tr("who gets a session and gives none up")],
            width,
        )
        cells: list[list[Cell]] = [
            [Text(printable(c.leader), style="id"), _name(instance, c.leader), printable(listed(c.got))]
            for c in gained[:limit]
        ]
        yield fitted(
            (Column(tr("leader")), Column(tr("name"), rank=1), Column(tr("gets"), flexible=True)),
            cells,
            width,
        )
        if len(gained) > limit:
            yield more(
                tr_n("{n:,} more leader", "{n:,} more leaders", len(gained) - limit),
                tr("--limit N, or cadreplan diff"),
            )


def _rows(change: LeaderChange, why: Mapping[Pair, str], instance: Instance) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for k, session in enumerate(change.given_up):
        first = k == 0
        rows.append(
            [
                Text(printable(change.leader) if first else "", style="id"),
                _name(instance, change.leader) if first else "",
                Text(printable(session), style="poor"),
                Text(printable(listed(change.got)) if first else "", style="good"),
                printable(why[change.leader, session]),
            ]
        )
    return rows


def _name(instance: Instance, leader: str) -> str:
    i = instance.leader_by_id.get(leader)
    return "" if i is None else printable(instance.leaders[i].name)
