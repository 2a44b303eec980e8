"""Misuse of the command line as Typer finds it, said in the reader's language.

Its exceptions have no public names of their own, so they are told by what they know: which option, which
value, which choices. Their English sentences aren't looked at.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import typer

from cadreplan.language import later, tr

Misuse: Any = typer.BadParameter.__bases__[0]
"""The base of what Typer raises for a line that it can't parse."""


class Misused(typer.BadParameter):
    """A line that can't be parsed, said in the current language already."""

    def format_message(self) -> str:
        return self.message


_MISSING = {
    (True, False): later("Missing argument {what}."),
    (True, True): later("Missing argument {what}. {why}"),
    (False, False): later("Missing option {what}."),
    (False, True): later("Missing option {what}. {why}"),
}
"""What is missing, an argument or an option, with choices to name or without."""
_WRONG_NUMBERS = {
    "int_parsing": later("Input should be a valid integer, unable to parse string as an integer"),
    "greater_than_equal": later("Input should be greater than or equal to {ge}"),
    "less_than_equal": later("Input should be less than or equal to {le}"),
}
"""What is wrong with a number, by the name that pydantic has for it; in braces the limits that it tells."""


def said(error: Any) -> str:
    """What is wrong with a line, in the current language; what isn't known stays as Typer words it."""
    if hasattr(error, "option_name"):
        return _of_option(error)
    param = getattr(error, "param", None)
    if isinstance(error, Misused) or param is None:
        return str(error.format_message())
    what = " / ".join(f"'{name}'" for name in _names(param))
    if hasattr(error, "param_type"):
        return _missing(param, what)
    return tr("Invalid value for {what}: {why}", what=what, why=_why(error))


def _names(param: Any) -> list[str]:
    return [param.metavar or param.name] if param.param_type_name == "argument" else list(param.opts)


def _of_option(error: Any) -> str:
    """An option that there isn't, or with no value, or with one that it doesn't take."""
    name = error.option_name
    if hasattr(error, "possibilities"):
        if others := ", ".join(sorted(error.possibilities or ())):
            return tr("No such option: {name} (Possible options: {others})", name=quoted(name), others=others)
        return tr("No such option: {name}", name=quoted(name))
    named = (p for p in error.cmd.params if name in (*p.opts, *p.secondary_opts))
    option = next(named, None)  # `--help` is none of them, and takes no value
    if option is None or option.is_flag:
        return tr("Option {name} does not take a value.", name=repr(name))
    return tr("Option {name} requires an argument.", name=repr(name))


def _missing(param: Any, what: str) -> str:
    why = {}
    if choices := ",\n\t".join(choices_of(param)):
        why = {"why": tr("Choose from:\n\t{choices}", choices=choices)}
    return tr(_MISSING[param.param_type_name == "argument", bool(why)], what=what, **why)


def _why(error: Any) -> str:
    """What is wrong with a value: as pydantic tells, or as one of our own functions has said."""
    from pydantic import ValidationError

    if not isinstance(error.__cause__, ValidationError):
        return str(error.message)
    found = error.__cause__.errors(include_url=False)[0]
    if choices := ", ".join(map(repr, choices_of(error.param))):
        return tr("{value} is not one of {choices}.", value=repr(found["input"]), choices=choices)
    told = found.get("ctx", {})
    if sentence := _WRONG_NUMBERS.get(found["type"]):
        return tr(sentence, **told)
    return str(told.get("error", error.message))


def choices_of(param: Any) -> list[str]:
    """The words that an option or argument takes, as this version of Typer or an older one has them."""
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return [str(choice.value) for choice in kind]
    return [str(choice) for choice in getattr(getattr(param, "type", None), "choices", ())]


def quoted(text: str) -> str:
    """A piece of the line without signs that steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
