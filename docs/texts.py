"""What Babel collects for the catalogues of texts; pyproject.toml says from which files.

`code` finds the literal arguments of `tr`, `tr_n`, `later` and `later_n`, those inside f-strings too, which
Babel's own reader passes over. Texts that aren't said there are found by importing what has them: the help of
all commands, the titles and manuals of the input rules, the descriptions in the schemas. `make catalogue`
runs it all.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO

Found = tuple[int, str | None, str | tuple[str, ...], list[str]]
"""What Babel takes: line, function that says it, its texts, comments. Of no function: the text as it is."""


def code(
    file: IO[bytes], keywords: Collection[str], tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """The texts that a module says; `keywords` are the functions that say them."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            texts = tuple(arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant))
            if texts and all(isinstance(text, str) for text in texts):
                yield node.lineno, node.func.id, texts, []


def commands(
    file: IO[bytes], keywords: Collection[str], tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """The help, the examples and the parameters of all commands."""
    from typer.main import get_command  # noqa: PLC0415 (as late as can be: it needs the whole package)

    from cadreplan.cli.helping import commands_of  # noqa: PLC0415
    from cadreplan.cli.main import EXAMPLES, app  # noqa: PLC0415

    yield from code(file, keywords, tags, options)
    for command in commands_of(get_command(app)):
        texts = [command.help, *(what for _, what in EXAMPLES[command.name])]
        for parameter in command.params:
            texts += [getattr(parameter, "help", None), parameter.metavar]
        yield from (_plain(text) for text in texts if text)


def input_rules(
    file: IO[bytes], keywords: Collection[str], tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """Title and manual of every input rule."""
    from cadreplan.rules.registry import RULES  # noqa: PLC0415
    from cadreplan.views.manual import pieces  # noqa: PLC0415

    yield from code(file, keywords, tags, options)
    for rule in RULES.values():
        yield _plain(rule.title)
        yield from (_plain(piece.text) for piece in pieces(rule.manual) if not piece.verbatim)


def schemas(
    file: IO[bytes], keywords: Collection[str], tags: object, options: Mapping[str, str]
) -> Iterator[Found]:
    """The descriptions in the schemas of input files."""
    from cadreplan.documents.schema.json_schema import descriptions  # noqa: PLC0415

    yield from code(file, keywords, tags, options)
    yield from map(_plain, descriptions())


def _plain(text: str) -> Found:
    return 0, None, text, []
