"""`cadreplan show`: timetables of a plan in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.console import Colour, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption, PlanArgument, RosterOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import tr

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from cadreplan.views.season import Season

NAME = "show"
EXAMPLES = (
    ("cadreplan show plan.json", "the season, sites by week"),
    ("cadreplan show plan.json --site BJ --week 16", "one site in one week"),
    ("cadreplan show plan.json --leader L12", "somebody's journeys, by id or name"),
    ("cadreplan show plan.json --lecturer T3", "where somebody teaches what, and their load"),
    ("cadreplan show plan.json --branch HLJ", "who of a branch is away when"),
    ("cadreplan show plan.json --pictures", "coverage, seats by week, a heat map of days away"),
)


def command(
    plan: PlanArgument,
    site: Annotated[
        str | None, typer.Option("--site", metavar="ID", help="A site: its weeks, days as columns.")
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="ID", help="A session: what, when, where, who.")
    ] = None,
    leader: Annotated[
        str | None,
        typer.Option("--leader", metavar="ID", help="A leader: journeys, and what stays open and why."),
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="ID", help="A branch and those below it: who is away when."),
    ] = None,
    lecturer: Annotated[
        str | None, typer.Option("--lecturer", metavar="ID", help="A lecturer: sessions, modules and load.")
    ] = None,
    week: Annotated[
        str | None,
        typer.Option("--week", metavar="N", help="One week, by its number in the year or a date in it."),
    ] = None,
    pictures: Annotated[
        bool, typer.Option("--pictures", help="The season to look at: coverage, seats by week, days away.")
    ] = False,
    roster: RosterOption = None,
    limit: LimitOption = 60,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show a plan's timetables: the season, a site, a session, a leader, a lecturer, a branch or a week.

    IDs may be names as well. Without any of them the whole season is shown, sites by week.
    """
    from cadreplan.cli.inputs import open_plan, season_of

    wanted = {"site": site, "session": session, "leader": leader, "branch": branch, "lecturer": lecturer}
    given = {kind: name for kind, name in wanted.items() if name is not None}
    if len(given) > 1:
        raise UsageError(
            tr("show one thing at a time: {options}", options=tr(" or ").join(f"--{k}" for k in given))
        )
    if pictures and (given or week is not None):
        raise UsageError(tr("--pictures shows the whole season: it goes with none of the others"))
    if week is not None and given.keys() & {"session", "leader", "lecturer"}:
        raise UsageError(tr("--week goes with --site or --branch, or alone"))
    opened = open_plan(plan, roster, encoding)
    season = season_of(opened)
    console = out()
    if pictures:
        from cadreplan.views.screen.pictures import pictures as season_pictures

        show(console, season_pictures(season, console.width, limit))
        return
    show(console, _screen(season, given, week, console.width, limit), season.instance)


def _screen(
    season: Season, given: dict[str, str], week: str | None, width: int, limit: int
) -> Iterable[RenderableType]:
    from cadreplan.views.find import find
    from cadreplan.views.screen import people
    from cadreplan.views.screen import season as season_screens
    from cadreplan.views.timetable import find_week, used_days, weeks

    instance = season.instance
    one = None if week is None else find_week(weeks(instance, used_days(season)), instance, week)
    if "site" in given:
        site = find(instance.sites, given["site"], "site")
        return season_screens.site_screen(season, site, width, limit, one)
    if "session" in given:
        session = find(season.names.callings(season.runs), given["session"], "session")
        return people.session_screen(season, session, width, limit)
    if "leader" in given:
        return people.leader_screen(season, find(instance.leaders, given["leader"], "leader"), width)
    if "lecturer" in given:
        from cadreplan.views.screen.programme import lecturer_screen

        who = find(instance.lecturers, given["lecturer"], "lecturer")
        return lecturer_screen(season, who, width, limit)
    if "branch" in given:
        branch = find(instance.branches, given["branch"], "branch")
        return people.branch_screen(season, branch, width, limit, one)
    return (
        season_screens.season_screen(season, width, limit)
        if one is None
        else season_screens.week_screen(season, one, width, limit)
    )
