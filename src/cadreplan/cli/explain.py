"""`cadreplan explain`: why a skill gap stays open, and what would close it."""

from __future__ import annotations

from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, note, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, PlanArgument, RosterOption
from cadreplan.cli.options import TextFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.language import tr

NAME = "explain"
EXAMPLES = (
    ("cadreplan explain plan.json L12", "every open skill gap of a leader, by id or name"),
    ("cadreplan explain plan.json L12 three-meetings", "one of them"),
    ("cadreplan explain plan.json L12 --format json", "for a machine"),
)


def command(
    plan: PlanArgument,
    leader: Annotated[str, typer.Argument(metavar="LEADER", help="The leader, by id or name.")],
    skill: Annotated[
        str | None, typer.Argument(metavar="[SKILL]", help="One skill, by id or name; all open gaps else.")
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How the explanation is written.")
    ] = Format.TEXT,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Sessions and changes shown of each gap.")
    ] = 6,
    roster: RosterOption = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Say what stands between a leader and a skill, session by session, and which change would help.

    Each change is tried: the data is changed and the plan solved again around the leader, others fixed.
    """
    from cadreplan.cli.inputs import open_plan, sound_solution
    from cadreplan.insight.explain import explain
    from cadreplan.insight.plan_state import PlanState
    from cadreplan.solving import solve_around
    from cadreplan.views.explain import as_json
    from cadreplan.views.find import find
    from cadreplan.views.naming import with_id

    opened = open_plan(plan, roster, encoding)
    instance, solution = sound_solution(opened)
    i = find(instance.leaders, leader, "leader")
    state = PlanState(instance, solution)
    positions = state.open_positions(i)
    if skill is not None:
        k = find(instance.skills, skill, "skill")
        positions = [g for g in positions if instance.leaders[i].gaps[g].skill == k]
    found = [explain(state, i, g, solve_around) for g in positions]
    if format_ is Format.JSON:
        emit(as_json(instance, found))
        return
    if not found:
        name = with_id(instance.leaders[i])
        if skill is None:
            note(tr("{leader} has no open skill gap in this plan", leader=name))
        else:
            note(tr("{leader} has no open gap in {skill} in this plan", leader=name, skill=skill))
        return
    from cadreplan.views.screen.explain import explain_screen

    console = out()
    show(console, explain_screen(instance, i, found, console.width, limit), instance)
