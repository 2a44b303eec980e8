"""`cadreplan history`: what the rotations so far have come to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, emit, out, show
from cadreplan.cli.options import ColourOption, EncodingOption, LimitOption
from cadreplan.cli.options import TextFormat as Format
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import InputError

NAME = "history"
EXAMPLES = (
    ("cadreplan history history.csv", "gaps open longest, who was trained, what modules achieve"),
    ("cadreplan history history.csv roster.yaml --leader L12", "one leader, with names"),
    ("cadreplan history history.csv --module M-PROC --format json", "the effect of a module, for a machine"),
)


def command(
    history: Annotated[Path, typer.Argument(metavar="HISTORY", help="The history, as `record` writes it.")],
    roster: Annotated[
        Path | None,
        typer.Argument(
            metavar="[ROSTER]", help="The roster as it is now: its names, and its skill gaps alone."
        ),
    ] = None,
    leader: Annotated[
        list[str] | None,
        typer.Option("--leader", metavar="ID", help="Only this leader; may be given several times."),
    ] = None,
    module: Annotated[
        list[str] | None,
        typer.Option("--module", metavar="ID", help="Only this module; may be given several times."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How the history is written.")] = Format.TEXT,
    limit: LimitOption = 20,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Show how long skill gaps have been open, who was trained how often, and what each module achieves."""
    from cadreplan.cli.inputs import all_known, warn_of_strangers
    from cadreplan.documents.findings import Findings
    from cadreplan.documents.reading.history import read_history
    from cadreplan.documents.yaml.reader import gc_paused
    from cadreplan.insight.history import only, summarise
    from cadreplan.loading.load import load_roster

    findings = Findings()
    with gc_paused():
        facts = read_history(history, findings)
    if findings.has_errors:
        raise InputError(findings.sorted())
    instance = load_roster(roster, encoding=encoding).instance if roster else None
    if instance is not None:
        warn_of_strangers(history, facts, instance.leader_by_id)
    with gc_paused():
        found = summarise(facts, instance)
    known = {training.leader for training in found.trainings} | {gap.leader for gap in found.gaps}
    all_known("--leader", leader or (), known, history)
    all_known("--module", module or (), {effect.module for effect in found.effects}, history)
    found = only(found, leader or (), module or ())
    if format_ is Format.JSON:
        emit(found.to_json())
        return
    from cadreplan.views.screen.history import history_screen

    called = {}
    if instance is not None:
        called = {taught.id: taught.name for taught in instance.modules}
        called |= {skill.id: skill.name for skill in instance.skills}
        called |= {one.id: one.name for one in instance.leaders}
    console = out()
    show(console, history_screen(found, called, console.width, limit))
