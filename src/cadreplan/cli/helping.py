"""The help of all commands in the reader's language, and every text of it for the catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cadreplan.cli.options import Example, epilog
from cadreplan.language import later, tr

Examples = dict[str, tuple[Example, ...]]
"""Command → its examples."""

HEADING = later("Examples")


def say(group: Any, examples: Examples) -> Any:
    """The command tree itself, its help now in the current language; `examples` are those of its commands."""
    for command in _commands(group):
        command.help = tr(command.help)
        command.epilog = epilog(examples[command.name])
        for parameter in command.params:
            if getattr(parameter, "help", None):
                parameter.help = tr(parameter.help)
            if parameter.metavar:
                parameter.metavar = tr(parameter.metavar)
    return group


def help_texts() -> Iterator[str]:
    """Every text of the help: of commands, arguments, options and examples."""
    import typer

    from cadreplan.cli.main import EXAMPLES, app

    for command in _commands(typer.main.get_command(app)):
        yield command.help
        yield from (what for _, what in EXAMPLES[command.name])
        for parameter in command.params:
            yield from filter(None, (getattr(parameter, "help", None), parameter.metavar))


def _commands(group: Any) -> Iterator[Any]:
    yield group
    yield from group.commands.values()
