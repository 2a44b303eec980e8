"""`--lang`: the language of a run, known before the rest of the line is parsed, for help and misuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated

import typer

from cadreplan.language import Language, of_locale


class LanguageChoice(StrEnum):
    """The languages that the program speaks; `auto` is the locale's."""

    AUTO = "auto"
    EN = "en"
    ZH = "zh"


LanguageOption = Annotated[
    LanguageChoice, typer.Option("--lang", help="Language of texts, labels and help; auto is the locale's.")
]
"""Every command takes it, and so does the program; `asked_for` has read it by then."""


def asked_for(
    arguments: Sequence[str], environment: Mapping[str, str], configured: Callable[[], str] = str
) -> Language:
    """The language that the last `--lang` on the line asks for, else the configuration, else the locale."""
    wanted = ""
    for k, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang":
            wanted = arguments[k + 1] if k + 1 < len(arguments) else ""
        elif argument.startswith("--lang="):
            wanted = argument.removeprefix("--lang=")
    wanted = wanted or configured()
    return Language(wanted) if wanted in set(Language) else of_locale(environment)
