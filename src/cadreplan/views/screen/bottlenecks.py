"""What `bottlenecks` shows: changes that were tried, limits by the worth of one more, shortages, loads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from cadreplan.instance import Instance
from cadreplan.language import later, tr, tr_n
from cadreplan.messages.saying import say
from cadreplan.views.bottlenecks import place_of
from cadreplan.views.naming import with_id
from cadreplan.views.screen.theme import Cell, Column, fitted, heading, more, share_style
from cadreplan.views.wording import REASONS, first_of, number, printable

if TYPE_CHECKING:  # what makes them needs a solver
    from cadreplan.insight.bottlenecks import Bottlenecks, Limit, Remedy

KINDS = {
    "seats": later("seats"),
    "room": later("room"),
    "quota": later("quota"),
    "beds": later("beds"),
    "branch": later("absences of a branch"),
    "day": later("day: a bed and an absence more everywhere"),
}
"""What a limit is of."""
_DAYS = 3
_IDLE = 3


def bottlenecks_screen(
    instance: Instance, found: Bottlenecks, width: int, limit: int
) -> Iterator[RenderableType]:
    """Tables of `limit` rows, but for the changes tried, which are all shown."""
    tried = [remedy for remedy in found.remedies if remedy.verified is not None]
    others = [remedy for remedy in found.remedies if remedy.verified is None]
    if tried:
        said = tr("tried: solved again around those who gain; points, and skill gaps more")
        yield heading(tr("Changes that bring most"), [said], width)
        yield fitted(
            (
                Column(tr("change"), flexible=True),
                Column(tr("estimate"), right=True, rank=1),
                Column(tr("came out"), right=True),
                Column(tr("skill gaps"), right=True),
                Column(tr("lose a session"), right=True, rank=2),
                Column(tr("proven"), rank=3),
            ),
            [_tried(remedy) for remedy in tried],
            width,
        )
        yield from _notes(tried)
    if found.idle:
        said = tr_n(
            "{n} change that was tried brings nothing: {changes}",
            "{n} changes that were tried bring nothing: {changes}",
            len(found.idle),
            changes=first_of([say(told) for told in found.idle], _IDLE),
        )
        yield Text(f" {printable(said)}", style="quiet")
    if others:
        said = tr("not tried: estimates and limits, no promises; --verify N tries more")
        yield heading(tr("Further changes"), [said], width)
        yield fitted(
            (
                Column(tr("change"), flexible=True),
                Column(tr("estimate"), right=True),
                Column(tr("at most"), right=True),
            ),
            [
                [
                    printable(say(r.proposal.told)),
                    number(r.proposal.predicted),
                    tr("not known") if r.at_most is None else number(r.at_most),
                ]
                for r in others[:limit]
            ],
            width,
        )
        if len(others) > limit:
            yield _more(len(others) - limit)
    yield from _limits(instance, found, width, limit)
    yield from _shortages(instance, found, width, limit)
    yield from _loads(instance, found, width, limit)


def _tried(remedy: Remedy) -> list[Cell]:
    what = remedy.verified
    assert what is not None
    return [
        printable(say(remedy.proposal.told)),
        number(remedy.proposal.predicted),
        Text(number(what.gained), style="good" if what.gained else "quiet"),
        Text(f"{what.closed:+,}", style="good" if what.closed > 0 else "quiet"),
        number(len(what.moved)),
        tr("yes") if what.proven else tr("no"),
    ]


def _notes(tried: list[Remedy]) -> Iterator[RenderableType]:
    said = tr(
        "Proven: with the same sessions and rooms, and all others where they are, these leaders gain no more."
    )
    yield Text(f" {said}", style="quiet")
    if any(r.verified is not None and r.verified.without for r in tried):
        said = tr("Some of them could gain without any change: that is taken off. Solve longer for it.")
        yield Text(f" {said}", style="quiet")


def _limits(instance: Instance, found: Bottlenecks, width: int, limit: int) -> Iterator[RenderableType]:
    if not found.limits:
        yield heading(tr("Nothing that is limited holds the plan back"), [], width)
        return
    said = tr("what one more is worth, in points, at the prices of the linear programme")
    yield heading(tr("What holds the plan back"), [said], width)
    yield fitted(
        (
            Column(tr("limit"), flexible=True),
            Column(tr("of")),
            Column(tr("one more"), right=True),
            Column(tr("short on"), rank=1, flexible=True),
        ),
        [_limit(instance, x) for x in found.limits[:limit]],
        width,
    )
    if len(found.limits) > limit:
        yield _more(len(found.limits) - limit)


def _limit(instance: Instance, limit: Limit) -> list[Cell]:
    place = place_of(instance, limit.kind, limit.item)
    if limit.branch is not None:
        place = tr("{session}, branch {branch}", session=place, branch=instance.branches[limit.branch].id)
    days = [instance.date_of(day).isoformat() for day in limit.days]
    return [
        tr(KINDS[limit.kind]),
        Text(printable(place), style="id"),
        number(round(limit.worth)),
        printable(first_of(days, _DAYS)),
    ]


def _shortages(instance: Instance, found: Bottlenecks, width: int, limit: int) -> Iterator[RenderableType]:
    if not found.shortages:
        return
    people = sum(x.people for x in found.shortages)
    said = tr_n("{n:,} person and skill", "{n:,} people and skills", people)
    yield heading(tr("Skill gaps that no seat can cure"), [said], width)
    yield fitted(
        (
            Column(tr("skill"), flexible=True),
            Column(tr("branch"), flexible=True),
            Column(tr("people"), right=True),
            Column(tr("why"), flexible=True, rank=1),
        ),
        [
            [
                printable(instance.skills[x.skill].name or instance.skills[x.skill].id),
                printable(instance.branches[x.region].name or instance.branches[x.region].id),
                number(x.people),
                tr(REASONS[x.reason]),
            ]
            for x in found.shortages[:limit]
        ],
        width,
    )
    if len(found.shortages) > limit:
        yield _more(len(found.shortages) - limit)


def _loads(instance: Instance, found: Bottlenecks, width: int, limit: int) -> Iterator[RenderableType]:
    if not found.loads:
        return
    yield heading(tr("Lecturers"), [tr("half days of the programme, of those they may teach")], width)
    yield fitted(
        (Column(tr("lecturer"), flexible=True), Column(tr("half days"), right=True)),
        [
            [
                printable(with_id(instance.lecturers[x.lecturer])),
                Text(f"{x.slots}/{x.most}", style=share_style(x.most - x.slots, x.most)),
            ]
            for x in found.loads[:limit]
        ],
        width,
    )
    if len(found.loads) > limit:
        yield _more(len(found.loads) - limit)


def _more(n: int) -> RenderableType:
    return more(tr_n("{n:,} more", "{n:,} more", n))
