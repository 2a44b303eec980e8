"""What a hint says to write, put where its finding is: in YAML, in a CSV table, in a cell of a workbook."""

from __future__ import annotations

import re

from cadreplan.diagnostics import Diagnostic

_WRITE = re.compile(r"write (?!the |each:|what |it into|PATH|out )(?:it as a list: )?(.+?)(?:, if .+)?$")
_SCALAR = re.compile(r"""
    "(?:[^"\\]|\\.)*" | '[^']*'                                  # quoted
    | [^\[\]{}\n,\#]*? (?= \s* (?: $ | [,\]}] | :\s | :$ | \s\# ))   # plain
    """, re.VERBOSE)  # fmt: skip


def meant(found: Diagnostic, cell: str) -> list[str]:
    """What a hint offers to write for a cell or a value, each alternative; nothing where it says no text."""
    wrong = re.search("found (?:the key |the sheet |the row )?'(.+?)'(?:,|$)", found.message)
    hint = found.hint
    if hint.startswith(("leave it empty", "leave the cell empty", "leave this cell empty")):
        return [""]
    if hint == "write the latitude first, then the longitude":
        return ["; ".join(reversed([part.strip() for part in cell.split(";")]))]
    if hint.startswith(("did you mean", "several are called so")):
        offered = re.findall("'([^']+)'", hint)
    elif hint == "write √ if it is held, 0 if not":
        offered = ["√", "0"]
    elif match := _WRITE.match(hint):
        offered = match[1].split(" or ")
    else:
        return []
    inside = wrong is not None and wrong[1] in cell
    return [cell.replace(wrong[1], text) if wrong and inside else text for text in offered]


def in_yaml(text: str, found: Diagnostic) -> list[str]:
    """A YAML text as each alternative of a hint makes it; nothing where the hint says no text."""
    lines = text.split("\n")
    line, at = lines[found.line - 1], found.column - 1
    scalar = _SCALAR.match(line, at)
    if scalar is None:
        return []
    new = [n for n in meant(found, scalar[0].strip("\"'")) if n]
    return [
        "\n".join([*lines[: found.line - 1], line[:at] + n + line[scalar.end() :], *lines[found.line :]])
        for n in new
    ]


def in_csv(text: str, found: Diagnostic) -> list[str]:
    """The same for a CSV table without quoted cells."""
    lines = text.split("\n")
    cells = lines[found.line - 1].split(",")
    if found.column > len(cells):
        return []
    made = []
    for new in meant(found, cells[found.column - 1]):
        written = f'"{new}"' if "," in new else new
        row = ",".join([*cells[: found.column - 1], written, *cells[found.column :]])
        made.append("\n".join([*lines[: found.line - 1], row, *lines[found.line :]]))
    return made
