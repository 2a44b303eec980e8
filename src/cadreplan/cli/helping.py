"""The help of all commands in the reader's language, and every text of it for the catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.core import TyperCommand, TyperGroup

from cadreplan.cli.options import Example, epilog
from cadreplan.language import Language, current, later, tr

Examples = dict[str, tuple[Example, ...]]
"""Command → its examples."""

_USAGE = later("Usage: ")
_HELP = later("Show this message and exit.")
_PLACES = {"options_metavar": later("[OPTIONS]"), "subcommand_metavar": later("COMMAND [ARGS]...")}
_TYPER = {
    "ARGUMENTS_PANEL_TITLE": later("Arguments"),
    "OPTIONS_PANEL_TITLE": later("Options"),
    "COMMANDS_PANEL_TITLE": later("Commands"),
    "ERRORS_PANEL_TITLE": later("Error"),
    "RICH_HELP": later("Try [blue]'{command_path} {help_option}'[/] for help."),
}
"""The words that Typer's help has of its own, by the names they have there."""


class _Spoken:
    """The words of a command's help that are Typer's, in the current language."""

    def get_usage(self, ctx: Any) -> str:
        if isinstance(self, TyperGroup):
            usage: str = super().get_usage(ctx)  # type: ignore[misc]  # mixed into Typer's commands
            return usage.replace(_USAGE, tr(_USAGE), 1)
        arguments = [p for p in self.params if p.param_type_name == "argument"]  # type: ignore[attr-defined]
        names = (p.metavar or p.name.upper() for p in arguments)
        return tr(_USAGE) + " ".join([ctx.command_path, *names, tr(_PLACES["options_metavar"])])

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = tr(_HELP)
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        say_frames()
        super().format_help(ctx, formatter)  # type: ignore[misc]


class Command(_Spoken, TyperCommand):
    """A command whose help is in the current language."""


class Group(_Spoken, TyperGroup):
    """The program as a whole, its help in the current language."""


def say(group: Any, examples: Examples) -> None:
    """Put the help of a command tree into the current language; `examples` are those of its commands."""
    for command in _commands(group):
        command.help = tr(command.help)
        command.epilog = epilog(examples[command.name])
        for name, text in _PLACES.items():
            if hasattr(command, name):
                setattr(command, name, tr(text))
        for parameter in command.params:
            if getattr(parameter, "help", None):
                parameter.help = tr(parameter.help)
            if parameter.metavar:
                parameter.metavar = tr(parameter.metavar)


def say_frames() -> None:
    """Put the titles and remarks of Typer's own screens into the current language."""
    from rich.align import Align
    from rich.columns import Columns
    from rich.table import Table
    from typer import rich_utils

    from cadreplan.cli.help_panels import options_panel
    from cadreplan.views.screen.folding import FoldingAlign, FoldingColumns, FoldingTable

    english = current() is Language.EN
    words = {name: tr(text) for name, text in _TYPER.items()}
    pieces: dict[str, Any] = {
        "Align": Align if english else FoldingAlign,
        "Columns": Columns if english else FoldingColumns,
        "Table": Table if english else FoldingTable,
    }
    pieces["_print_options_panel"] = options_panel
    for name, piece in (words | pieces).items():
        setattr(rich_utils, name, piece)


def help_texts() -> Iterator[str]:
    """Every text of the help: of commands, arguments, options and examples."""
    from typer.main import get_command

    from cadreplan.cli.main import EXAMPLES, app

    for command in _commands(get_command(app)):
        yield command.help
        yield from (what for _, what in EXAMPLES[command.name])
        for parameter in command.params:
            yield from filter(None, (getattr(parameter, "help", None), parameter.metavar))


def _commands(group: Any) -> Iterator[Any]:
    yield group
    yield from group.commands.values()
