"""Parameters of the `columns` engine as an expert gives them: a TOML file, a map, or the object itself."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from cadreplan.documents.findings import Nearest, shown
from cadreplan.engines.columns.params import Params
from cadreplan.engines.columns.params.parameter import Group, ParameterError, described
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr

GROUPS: dict[str, type[Group]] = {one.name: type(getattr(Params(), one.name)) for one in fields(Params)}
"""Table of the file → its parameters."""


def params_of(given: object) -> Params | None:
    """The parameters given: an object as it is, a map of maps, or a TOML file by its path; None: none given.

    Raises UsageError with everything that is wrong, for a file with its lines.
    """
    if given is None or isinstance(given, Params):
        return given
    if isinstance(given, Mapping):
        return _built(given, "params", "")
    if isinstance(given, str | os.PathLike):
        return read_params(Path(given))
    raise UsageError(
        tr(
            "params: found {found}, expected the path of a TOML file, a map, or Params",
            found=f"{given!r:.60}",
        )
    )


def read_params(path: Path) -> Params:
    """The parameters of a TOML file; what it doesn't name has its default.

    Raises UsageError where it can't be read, and with every line that names no parameter or a value that one
    can't have.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(tr("{file} can't be read: {why}", file=path, why=error.strerror or error)) from None
    except UnicodeDecodeError:
        raise UsageError(tr("{file} is not UTF-8", file=path)) from None
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(tr("{file} can't be read as TOML: {why}", file=path, why=error)) from None
    return _built(data, str(path), text)


def _built(data: Mapping[str, Any], file: str, text: str) -> Params:
    """The parameters, or everything that is wrong."""
    made: dict[str, Group] = {}
    wrong: list[str] = []

    def note(name: str, key: str, message: str) -> None:
        line = _line(text, name, key)
        wrong.append(f"{file}:{line}: {message}" if line else f"{file}: {message}")

    for name, own in data.items():
        group = GROUPS.get(name)
        if group is None:
            note(name, "", _unknown(name, GROUPS))
        elif not isinstance(own, Mapping):
            note(name, "", tr("{name}: found {found}, expected a table", name=name, found=f"{own!r:.60}"))
        else:
            known = [one.name for one, _ in described(group)]
            right = {}
            for key, value in own.items():
                if key not in known:
                    note(name, key, _unknown(f"{name}.{key}", known, key))
                    continue
                try:
                    group(**{key: value})
                except ParameterError as error:
                    if error.key == key and not error.by_others:
                        note(name, key, f"{name}.{error}")
                        continue
                right[key] = value
            try:
                made[name] = group(**right)
            except ParameterError as error:
                note(name, error.key, f"{name}.{error}")
    if wrong:
        raise UsageError("\n".join(wrong))
    return Params(**made)  # type: ignore[arg-type]


def _unknown(name: str, known: Mapping[str, object] | list[str], key: str | None = None) -> str:
    hint = Nearest(known).hint(key or name) or tr("the keys are {keys}", keys=listed(known))
    return tr("unknown key {key} ({hint})", key=shown(name), hint=hint)


def _line(text: str, table: str, key: str) -> int:
    """The line of a key below `[table]`, or of the table where there is no key; 0 where it isn't found."""
    here = False
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.split("#")[0].strip()
        name = bare.partition("=")[0].strip(" \"'")
        if bare.startswith("["):
            here = bare.strip("[] \"'") == table
            if here and not key:
                return number
        elif (here and key and name == key) or name in (table, f"{table}.{key}"):
            return number
    return 0
