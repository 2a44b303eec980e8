"""What `replan` shows: how many stay, who moves and why, who gains, and the worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.diff import Difference, LeaderChange
from cadreplan.insight.replan import Replanning
from cadreplan.insight.staying import Pair
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.wording import ENDINGS, count, gap, number, printable, seconds


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
            count(changes.kept, "assignment stays", "assignments stay"),
            count(problem.n_frozen, "frozen", "frozen"),
            count(len(why), "given up", "given up"),
            f"a move costs {number(problem.move_cost)} points",
        ],
        width,
    )
    stated = f"gap {gap(solver.gap)}, {ENDINGS.get(solver.ended, solver.ended)}, {seconds(solver.seconds)}"
    worth = f"worth {number(solver.objective)}, at most {number(solver.bound)} if no more people move"
    yield Text(f"\n {worth}; {stated}")
    given_up = [change for change in changes.leaders if change.given_up]
    if given_up:
        yield heading("Moved", [count(len(given_up), "leader"), "who gives up what, and why"], width)
        rows = [row for change in given_up[:limit] for row in _rows(change, why, instance)]
        columns = (
            Column("leader"),
            Column("name", rank=2),
            Column("from"),
            Column("to", rank=1),
            Column("why", flexible=True),
        )
        yield fitted(columns, rows, width)
        if len(given_up) > limit:
            yield more(len(given_up) - limit, "leaders", "--limit N, or cadreplan diff")
    gained = [change for change in changes.leaders if change.kind == "gained"]
    if gained:
        yield heading("Gained", [count(len(gained), "leader"), "who gets a session and gives none up"], width)
        cells: list[list[Cell]] = [
            [Text(printable(c.leader), style="id"), _name(instance, c.leader), printable(", ".join(c.got))]
            for c in gained[:limit]
        ]
        yield fitted((Column("leader"), Column("name", rank=1), Column("gets", flexible=True)), cells, width)
        if len(gained) > limit:
            yield more(len(gained) - limit, "leaders", "--limit N, or cadreplan diff")


def _rows(change: LeaderChange, why: Mapping[Pair, str], instance: Instance) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for k, session in enumerate(change.given_up):
        first = k == 0
        rows.append(
            [
                Text(printable(change.leader) if first else "", style="id"),
                _name(instance, change.leader) if first else "",
                Text(printable(session), style="poor"),
                Text(printable(", ".join(change.got)) if first else "", style="good"),
                printable(why[change.leader, session]),
            ]
        )
    return rows


def _name(instance: Instance, leader: str) -> str:
    i = instance.leader_by_id.get(leader)
    return "" if i is None else printable(instance.leaders[i].name)
