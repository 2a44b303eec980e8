"""What `explain` shows: for each open skill gap the sessions, what is in the way, and what would close it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from cadreplan.insight.explain import Cure, Explanation, Hurdle, Way
from cadreplan.insight.obstacles import Step
from cadreplan.instance import Instance
from cadreplan.language import tr, tr_n
from cadreplan.messages.saying import say
from cadreplan.views.fairness import waited_text
from cadreplan.views.naming import by_name, with_id
from cadreplan.views.screen.theme import flow, heading, more
from cadreplan.views.wording import first_of, lapse_text, printable

_HOLDERS = 4


def explain_screen(
    instance: Instance, leader: int, explanations: Sequence[Explanation], width: int, limit: int
) -> Iterator[RenderableType]:
    """The leader's open gaps one after the other."""
    who = instance.leaders[leader]
    yield Text(f"\n{printable(with_id(who))}", style="heading")
    branch = instance.branches[who.branch]
    yield flow(
        [
            printable(branch.name),
            tr_n("{n:,} open skill gap", "{n:,} open skill gaps", len(explanations)),
            *([waited_text(who)] if who.waited else []),
        ],
        width,
    )
    for explanation in explanations:
        gap = who.gaps[explanation.gap]
        skill = instance.skills[gap.skill]
        ways = tr_n("{n:,} session would close it", "{n:,} sessions would close it", len(explanation.ways))
        notes = [tr("level {level}", level=gap.level), ways]
        yield heading(with_id(skill), notes, width)
        if gap.lapsed is not None:
            yield Padding(Text(lapse_text(gap.lapsed)), (0, 0, 0, 1))
        for way in explanation.ways[:limit]:
            yield from _way(instance, way)
        if len(explanation.ways) > limit:
            yield more(tr_n("{n:,} more session", "{n:,} more sessions", len(explanation.ways) - limit))
        yield from _cures(instance, explanation, limit)
        yield from _envies(instance, explanation, limit)


def _envies(instance: Instance, explanation: Explanation, limit: int) -> Iterator[RenderableType]:
    """Who waited less and has what the leader could have."""
    if not explanation.envies:
        return
    waited = tr_n("{n:,} rotation", "{n:,} rotations", instance.leaders[explanation.leader].waited)
    title = tr("With all rules kept, who has waited {rotations} could have the seat of:", rotations=waited)
    yield Text("\n " + title, style="bold")
    for envy in explanation.envies[:limit]:
        other = instance.leaders[envy.other]
        line = tr(
            "{leader}, who waited {waited:,}, in {session}",
            leader=printable(with_id(other)),
            waited=other.waited,
            session=printable(instance.sessions[envy.session].id),
        )
        yield Padding(Text("• ").append(line), (0, 0, 0, 1))


def _way(instance: Instance, way: Way) -> Iterator[RenderableType]:
    yield Text(" ").append(printable(instance.sessions[way.session].id), style="id")
    if not way.hurdles:
        yield Padding(Text(tr("nothing stands in the way: the plan does without it")), (0, 0, 0, 3))
    for hurdle in way.hurdles:
        line = Text(printable(say(by_name(hurdle.obstacle.told, instance))))
        if hurdle.note:
            line.append(tr("; ") + printable(say(by_name(hurdle.note, instance))), style="quiet")
        if hurdle.holders:
            line.append(tr("; ") + _held_by(instance, hurdle), style="quiet")
        yield Padding(line, (0, 0, 0, 3))


def _held_by(instance: Instance, hurdle: Hurdle) -> str:
    names = [with_id(instance.leaders[h.leader]) for h in hurdle.holders]
    if hurdle.obstacle.step is Step.BRANCH:
        return tr(
            "away then: {names}; {least:,} points is the least that one would lose",
            names=printable(first_of(names, _HOLDERS)),
            least=hurdle.holders[0].worth,
        )
    return tr(
        "held by {names}; {least:,} points is the least that one would lose",
        names=printable(first_of(names, _HOLDERS)),
        least=hurdle.holders[0].worth,
    )


def _cures(instance: Instance, explanation: Explanation, limit: int) -> Iterator[RenderableType]:
    if not explanation.cures:
        yield Text(
            "\n " + tr("No small change closes it that was found: see what stands in the way above."),
            style="quiet",
        )
        return
    yield Text("\n " + tr("What would close it, found by solving again around the leader:"), style="bold")
    for cure in explanation.cures[:limit]:
        yield Padding(Text("• ").append(_sentence(instance, cure)), (0, 0, 0, 1))


def _sentence(instance: Instance, cure: Cure) -> Text:
    line = Text(
        printable(tr(", and ").join(say(by_name(fix.told, instance)) for fix in cure.fixes)), style="good"
    )
    session = printable(instance.sessions[cure.session].id)
    if cure.free and cure.gained > 0:
        line.append(
            tr(
                ": {session}; the plan was free to do this, and would be worth more: solve longer; ",
                session=session,
            )
        )
    else:
        line.append(tr(": {session}, {points:+,} points; ", session=session, points=cure.gained))
    if cure.changed:
        names = [with_id(instance.leaders[j]) for j in cure.changed]
        line.append(tr("{names} would have other sessions", names=printable(first_of(names, _HOLDERS))))
    else:
        line.append(tr("nobody else changes"), style="quiet")
    return line
