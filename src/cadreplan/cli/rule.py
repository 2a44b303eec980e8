"""`cadreplan rule`: the manual of the input rules."""

from __future__ import annotations

from typing import Annotated

import typer

from cadreplan.cli.console import Colour, out, show
from cadreplan.cli.options import ColourOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "rule"
EXAMPLES = (
    ("cadreplan rule", "all rules, a line each"),
    ("cadreplan rule unknown-reference", "what it asks for, with a wrong and a right example"),
)


def command(
    rule: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The rule's id.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="The manual of every rule.")] = False,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Explain the rules that `validate` tests, each with a wrong and a right example."""
    from cadreplan.rules.registry import RULES
    from cadreplan.views.find import find
    from cadreplan.views.screen.rules import manual, rule_list

    rules = list(RULES.values())
    console = out()
    if every:
        for each in rules:
            show(console, manual(each))
    elif rule is not None:
        show(console, manual(rules[find(rules, rule, "rule")]))
    else:
        show(console, rule_list(rules, console.width))
