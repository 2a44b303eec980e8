"""Misuse of the command line as Typer finds it, said in the reader's language."""

from __future__ import annotations

import re
from typing import Any

import typer

from cadreplan.cli.helping import say_frames
from cadreplan.language import later, tr

Misuse: Any = typer.BadParameter.__bases__[0]
"""The base of what Typer raises for a line that it can't parse; it has no public name of its own."""

_SENTENCES = (
    later("Invalid value for {what}: {why}"),
    later("Missing argument {what}. {why}"),
    later("Missing argument {what}."),
    later("Missing option {what}. {why}"),
    later("Missing option {what}."),
    later("Missing command."),
    later("Choose from:\n\t{choices}"),
    later("No such option: {name} (Possible options: {others})"),
    later("No such option: {name}"),
    later("No such command {name}. Did you mean {others}?"),
    later("No such command {name}."),
    later("Got unexpected extra argument(s) ({extra})"),
    later("Option {name} requires an argument."),
    later("Option {name} does not take a value."),
    later("Input should be a valid integer, unable to parse string as an integer"),
    later("Input should be a valid number, unable to parse string as a number"),
    later("Input should be greater than or equal to {least}"),
    later("{value} is not one of {choices}."),
    later("{value} is not in the range {range}."),
    later("{value} is not a valid {kind}."),
    later("{value} is not a valid {kind} range."),
)
"""Typer's sentences; the first that fits counts. One that it words in another way stays as it is."""

_OF_NO_USE = "Value error, "
"""What a library puts before the reason."""
_INNER = {"why"}
"""Fields that hold another of these sentences."""


def said(message: str) -> str:
    """A message of Typer's in the current language."""
    message = message.removeprefix(_OF_NO_USE)
    for sentence in _SENTENCES:
        if found := _pattern(sentence).fullmatch(message):
            values = {name: said(v) if name in _INNER else v for name, v in found.groupdict().items()}
            return tr(sentence, **values)
    return message


def _pattern(sentence: str) -> re.Pattern[str]:
    escaped = re.escape(sentence)
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", escaped), re.DOTALL)


def show(error: Any) -> None:
    """Print what is wrong with a line, as Typer does, in the current language."""
    from typer.rich_utils import rich_format_error

    say_frames()
    from cadreplan.views.wording import printable

    message = printable(said(error.format_message()))
    error.format_message = lambda: message
    rich_format_error(error)
