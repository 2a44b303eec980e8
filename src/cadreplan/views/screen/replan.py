"""What `replan` shows: how many stay, who moves and why, who gains, what moves and who teaches, the worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.diff import Difference, LeaderChange
from cadreplan.insight.replan import Replanning
from cadreplan.insight.staying import Pair
from cadreplan.instance import Instance
from cadreplan.language import listed, tr, tr_n
from cadreplan.messages import Message
from cadreplan.messages.saying import say
from cadreplan.plan import Plan
from cadreplan.views.fairness import guarantee_fact
from cadreplan.views.naming import by_name
from cadreplan.views.screen import supply
from cadreplan.views.screen.diff import moves, teaching_table
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.season import Season
from cadreplan.views.wording import ending, gap, printable, seconds


def replan_screen(
    problem: Replanning,
    plan: Plan,
    changes: Difference,
    why: Mapping[Pair, Message],
    instance: Instance,
    width: int,
    limit: int,
) -> Iterator[RenderableType]:
    """The totals, half days, everybody who gives something up with the reason, who gains, what moves."""
    solver = plan.solver
    yield Text(f"\n{printable(instance.title)}", style="heading")
    yield flow(
        [
            tr_n("{n:,} assignment stays", "{n:,} assignments stay", changes.kept),
            tr("{n:,} frozen", n=problem.n_frozen),
            tr("{n:,} given up", n=len(why)),
            *([_rescheduled(n)] if (n := sum(bool(c.rescheduled) for c in changes.leaders)) else []),
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
    yield from _past(plan, width)
    yield from _kept(plan, width)
    season = Season.of(instance, plan)
    yield from supply.nobody(season)
    if plan.guarantee is not None and plan.guarantee.left_out:
        facts = (Column(), Column(flexible=True, wraps=True))
        yield fitted(facts, [guarantee_fact(season, plan.guarantee)], width)
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
            Column(tr("why"), flexible=True, least=24, wraps=True),
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
    yield from moves(changes, width, limit)
    yield from teaching_table(changes, changes.names, width, limit)


def _rescheduled(n: int) -> str:
    return tr_n(
        "{n:,} leader keeps a session that has moved", "{n:,} leaders keep a session that has moved", n
    )


def _past(plan: Plan, width: int) -> Iterator[RenderableType]:
    if plan.frozen_before is None:
        return
    n = sum(
        entry.runs and bool(entry.dates) and entry.dates[0] < plan.frozen_before for entry in plan.sessions
    )
    yield flow(
        [
            tr_n(
                "{n:,} session that began before {day} stays as it was",
                "{n:,} sessions that began before {day} stay as they were",
                n,
                day=plan.frozen_before,
            )
        ],
        width,
        first=1,
        indent=1,
        lead=" ",
    )


def _kept(plan: Plan, width: int) -> Iterator[RenderableType]:
    """How much of the programme and of the rooms differs, and whether it could be less."""
    kept = plan.kept
    if kept is None:
        return
    of_programme = (
        tr_n("{n:,} half day differs", "{n:,} half days differ", kept.half_days),
        tr_n("{n:,} lecturer is new in a session", "{n:,} lecturers are new in a session", kept.lecturers),
        _least(kept.half_days + kept.lecturers, kept.least),
    )
    of_rooms = (
        tr_n("{n:,} session in another room", "{n:,} sessions in another room", kept.rooms),
        _least(kept.rooms, kept.least_rooms),
    )
    if plan.programme is not None:
        yield supply.unstaffed(plan)
        yield flow([part for part in of_programme if part], width, first=1, indent=1, lead=" ")
    yield flow([part for part in of_rooms if part], width, first=1, indent=1, lead=" ")
    if plan.grouping is not None:
        of_groups = (
            tr_n("{n:,} person in another group", "{n:,} people in other groups", kept.people),
            _least(kept.people, kept.least_people),
        )
        yield flow([part for part in of_groups if part], width, first=1, indent=1, lead=" ")


def _least(changed: int, least: int) -> str:
    if not changed:
        return ""
    return tr("proven: as few as can be") if least >= changed else tr("proven: no fewer than {n:,}", n=least)


def _rows(change: LeaderChange, why: Mapping[Pair, Message], instance: Instance) -> Sequence[Sequence[Cell]]:
    rows: list[Sequence[Cell]] = []
    for k, session in enumerate(change.given_up):
        first = k == 0
        rows.append(
            [
                Text(printable(change.leader) if first else "", style="id"),
                _name(instance, change.leader) if first else "",
                Text(printable(session), style="poor"),
                Text(printable(listed(change.got)) if first else "", style="good"),
                printable(say(by_name(why[change.leader, session], instance))),
            ]
        )
    return rows


def _name(instance: Instance, leader: str) -> str:
    i = instance.leader_by_id.get(leader)
    return "" if i is None else printable(instance.leaders[i].name)
