"""The help of all commands in the reader's language, and lines that Typer would take or refuse otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from typer.core import TyperCommand, TyperGroup

from cadreplan.cli.misuse import Misuse, Misused, quoted
from cadreplan.cli.options import Example, epilog
from cadreplan.language import later, tr

Examples = dict[str, tuple[Example, ...]]
"""Command → its examples."""

_PLACES = {"options_metavar": later("[OPTIONS]"), "subcommand_metavar": later("COMMAND [ARGS]...")}


class _Spoken:
    """Help and misuse in the current language; mixed into Typer's commands."""

    params: list[Any]

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = tr("Show this message and exit.")
        return option

    def format_help(self, ctx: Any, formatter: Any) -> None:
        from cadreplan.cli.drawing import help_page

        help_page(self, ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        except Misuse as error:
            if error.cmd is None:  # its option is told by the command
                error.cmd = self
            raise
        return rest


class Command(_Spoken, TyperCommand):
    """A command."""

    def get_usage(self, ctx: Any) -> str:
        arguments = [param for param in self.params if param.param_type_name == "argument"]
        names = (param.metavar or param.name.upper() for param in arguments)
        return tr("Usage: ") + " ".join([ctx.command_path, *names, tr(_PLACES["options_metavar"])])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        if rest := super().parse_args(ctx, args):
            extra = " ".join(map(quoted, rest))
            raise Misused(tr("Got unexpected extra argument(s) ({extra})", extra=extra), ctx)
        return rest


class Group(_Spoken, TyperGroup):
    """The program as a whole."""

    def get_usage(self, ctx: Any) -> str:
        return tr("Usage: ") + " ".join([ctx.command_path, *self.collect_usage_pieces(ctx)])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name in self.commands or name.startswith("-"):
            return super().resolve_command(ctx, args)
        if close := ", ".join(map(repr, get_close_matches(name, self.commands))):
            raise Misused(
                tr("No such command {name}. Did you mean {others}?", name=repr(name), others=close), ctx
            )
        raise Misused(tr("No such command {name}.", name=repr(name)), ctx)


def say(group: Any, examples: Examples) -> None:
    """Put the help of a command tree into the current language; `examples` are those of its commands."""
    for command in commands_of(group):
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


def commands_of(group: Any) -> Iterator[Any]:
    """The program, then each of its commands."""
    yield group
    yield from group.commands.values()
