"""Where the configuration of a folder lies: `cadreplan.toml`, or `[tool.cadreplan]` in `pyproject.toml`.

The nearest one counts, in the folder itself or above it; of two in one folder the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadreplan.language import tr

_OWN, _SHARED = "cadreplan.toml", "pyproject.toml"
_TABLE = ("tool", "cadreplan")
_MOST_BYTES = 1024 * 1024
"""A file of settings is never larger; another file of that name isn't read."""
_DEEPEST = 32
_DEEP = re.compile(
    rf"""(?<![\w.-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_DEEPEST}}}""", re.ASCII
)
"""Most parts of a key: the parser takes time that grows with the square of their number."""


@dataclass(frozen=True)
class ConfigFile:
    """A configuration as it is written: its text, and the keys of its tables above ours in `table`."""

    path: Path
    text: str
    table: tuple[str, ...]

    def data(self) -> dict[str, Any]:
        """What it says; raises `ValueError`, which `tomllib.TOMLDecodeError` is too."""
        import tomllib  # noqa: PLC0415 (most runs find no configuration)

        deep = ValueError(tr("it is nested deeper than {n} levels", n=_DEEPEST))
        if _DEEP.search(self.text):
            raise deep
        try:
            found: Any = tomllib.loads(self.text)
        except RecursionError:
            raise deep from None
        for key in self.table:
            found = found.get(key, {}) if isinstance(found, dict) else {}
        return found if isinstance(found, dict) else {}


def find_config(folder: Path) -> ConfigFile | None:
    """The configuration that counts in a folder; None where there is none."""
    here = folder.resolve()
    for place in (here, *here.parents):
        for name in (_OWN, _SHARED):
            found = read_config(place / name)
            if found is not None:
                return found
    return None


def read_config(path: Path) -> ConfigFile | None:
    """A file as a configuration; None where there is no such file, or none of ours in it."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        text = path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return None
    if path.name == _SHARED:
        return ConfigFile(path, text, _TABLE) if "cadreplan" in text and _has_table(text) else None
    return ConfigFile(path, text, ())


def _has_table(text: str) -> bool:
    return any(line.strip().replace(" ", "").startswith("[tool.cadreplan") for line in text.splitlines())


def configured_language(folder: Path) -> str:
    """What `lang` says in the configuration of a folder; nothing where it can't be read."""
    found = find_config(folder)
    try:
        value = found.data().get("lang") if found else None
    except ValueError:
        return ""  # `validate` tells
    return value if isinstance(value, str) else ""
