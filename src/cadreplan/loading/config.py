"""What a configuration says: which documents are read, which findings are shown, and how bad they are."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cadreplan.diagnostics import Diagnostic, Severity
from cadreplan.documents.findings import Nearest, shown
from cadreplan.documents.schema.unbroken import UnbrokenMeta, unbroken
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr
from cadreplan.loading.config_file import ConfigFile, find_config, read_config
from cadreplan.rules.registry import RULES

RULE = "configuration"
"""The rule whose findings are about configurations; they are always shown."""
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_LANGUAGES = ("auto", "en", "zh")
_SEVERITIES = ("error", "warning")


class _ConfigSpec(BaseModel, metaclass=UnbrokenMeta):
    """The keys of a configuration."""

    model_config = ConfigDict(extra="forbid", strict=True)

    files: list[str] = []
    exclude: list[str] = []
    select: list[str] = []
    ignore: list[str] = []
    severity: dict[str, Literal["error", "warning"]] = {}
    per_file_ignores: dict[str, list[str]] = Field(default={}, alias="per-file-ignores")
    lang: Literal["auto", "en", "zh"] = "auto"


KEYS = tuple(f.alias or name for name, f in _ConfigSpec.model_fields.items())


@dataclass(frozen=True)
class Config:
    """A configuration; `folder` is what its patterns are relative to, `findings` what is wrong with it."""

    folder: Path
    files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file_ignores: Mapping[str, Collection[str]] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()

    def excludes(self, file: str) -> bool:
        """Whether a file that was found, not named, is passed over."""
        return any(self._fits(pattern, file) for pattern in self.exclude)

    def ignored_in(self, file: str) -> frozenset[str]:
        """The rules whose findings in a file aren't shown."""
        here = (set(ids) for pattern, ids in self.per_file_ignores.items() if self._fits(pattern, file))
        return self.ignore.union(*here)

    def _fits(self, pattern: str, file: str) -> bool:
        """Whether a pattern is the name of a file or of a folder above it, or their path from here."""
        path = os.path.relpath(Path(file).resolve(), self.folder)
        parts = Path(path).as_posix().split("/")
        if "/" not in pattern.strip("/"):
            return any(fnmatch.fnmatchcase(part, pattern.strip("/")) for part in parts)
        wanted = _regex(pattern.strip("/").removeprefix("./"))
        return any(wanted.fullmatch("/".join(parts[: n + 1])) for n in range(len(parts)))


class Configs:
    """The configuration of every file: the nearest above it, or one for all."""

    def __init__(self, *, only: Path | None = None, isolated: bool = False) -> None:
        self._by_folder: dict[Path, Config] = {}
        self._by_path: dict[Path, Config] = {}
        self._only = Config(Path.cwd()) if isolated else None
        if only is not None:
            found = read_config(only)
            if found is None:
                raise UsageError(
                    tr("{file} is no configuration: it can't be read, or has no [tool.cadreplan]", file=only)
                )
            self._only = self._by_path[only] = _config(found)

    def of(self, file: str) -> Config:
        """The configuration that counts for a file, `-` lying in the working folder."""
        return self.of_folder(Path.cwd() if file == "-" else Path(file).parent)

    def of_folder(self, folder: Path) -> Config:
        """The configuration that counts in a folder."""
        if self._only is not None:
            return self._only
        if folder not in self._by_folder:
            found = find_config(folder)
            if found is None:
                self._by_folder[folder] = Config(folder)
            else:
                if found.path not in self._by_path:
                    self._by_path[found.path] = _config(found)
                self._by_folder[folder] = self._by_path[found.path]
        return self._by_folder[folder]

    @property
    def findings(self) -> list[Diagnostic]:
        """What is wrong with those that counted."""
        return sorted(found for config in self._by_path.values() for found in config.findings)

    def applied(
        self, found: Iterable[Diagnostic], select: Collection[str] = (), ignore: Collection[str] = ()
    ) -> list[Diagnostic]:
        """The findings that are shown, as bad as is said of them.

        `select` counts in place of what a configuration selects, `ignore` beside what it ignores.
        """
        kept = []
        for one in found:
            config = self.of(one.file)
            wanted = select or config.select
            if one.rule != RULE and (
                (wanted and one.rule not in wanted)
                or one.rule in ignore
                or one.rule in config.ignored_in(one.file)
            ):
                continue
            kept.append(replace(one, severity=config.severity.get(one.rule, one.severity)))
        return kept


@lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    """A pattern of paths: `*` within a name, `**` over folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    special = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(special.get(part) or re.escape(part) for part in parts))


def _config(found: ConfigFile) -> Config:
    name = os.path.relpath(found.path)
    findings: list[Diagnostic] = []

    def wrong(line: int, message: str, hint: str = "", column: int = 1) -> None:
        findings.append(Diagnostic(name, line, column, "error", RULE, message, hint))

    try:
        data = found.data()
    except ValueError as error:
        text = str(error)
        at = _AT.search(text)
        line, column = (int(at[1]), int(at[2])) if at else (1, 1)
        wrong(line, tr("this can't be read as TOML: {why}", why=_AT.sub("", text).strip()), column=column)
        return Config(found.path.parent, findings=tuple(findings))
    spec = _spec(data, found, wrong)
    _judge(spec, found, wrong)
    return Config(
        found.path.parent,
        tuple(spec.files),
        tuple(spec.exclude),
        frozenset(spec.select),
        frozenset(spec.ignore),
        dict(spec.severity),
        dict(spec.per_file_ignores),
        tuple(sorted(findings)),
    )


def _spec(data: dict[str, Any], found: ConfigFile, wrong: Any) -> _ConfigSpec:
    """What is right of the data; a finding for everything else."""
    try:
        return unbroken(_ConfigSpec.model_validate, data)
    except ValidationError as error:
        left = dict(data)
        for detail in error.errors(include_url=False):
            key = str(detail["loc"][0])
            line = _line(found, *map(str, detail["loc"]))
            if detail["type"] == "extra_forbidden":
                hint = Nearest(KEYS).hint(key) or tr("the keys are {keys}", keys=listed(KEYS))
                wrong(line, tr("unknown key {key}", key=shown(key)), hint)
            else:
                message = tr(
                    "{name}: found {found}, expected {expected}",
                    name=key,
                    found=shown(detail["input"]),
                    expected=_expected(key),
                )
                hint = Nearest(_SEVERITIES).hint(str(detail["input"])) if key == "severity" else ""
                wrong(line, message, hint)
            left.pop(key, None)
        return _ConfigSpec.model_validate(left)


def _expected(key: str) -> str:
    if key == "lang":
        return listed(_LANGUAGES)
    if key == "severity":
        return tr("rules with one of {levels}", levels=listed(_SEVERITIES))
    if key == "per-file-ignores":
        return tr("patterns of files, each with a list of rules")
    return tr("a list of texts")


def _judge(spec: _ConfigSpec, found: ConfigFile, wrong: Any) -> None:
    """Rules that there are, and files below the configuration."""
    named: list[tuple[str, Sequence[str]]] = [
        ("select", spec.select),
        ("ignore", spec.ignore),
        ("severity", list(spec.severity)),
        *(("per-file-ignores", ids) for ids in spec.per_file_ignores.values()),
    ]
    for key, ids in named:
        for id_ in ids:
            if id_ not in RULES:
                hint = Nearest(RULES).hint(id_) or tr("`cadreplan rule` lists all")
                wrong(
                    _line(found, key, id_),
                    tr("{key}: there is no rule {rule}", key=key, rule=shown(id_)),
                    hint,
                )
    for file in spec.files:
        place = Path(os.path.normpath(found.path.parent / file))
        if not place.is_relative_to(found.path.parent):
            message = tr("files: {file} lies outside the folder of the configuration", file=shown(file))
            wrong(_line(found, "files", file), message)


def _line(found: ConfigFile, key: str, *inner: str) -> int:
    """The line of a key, or of a text behind it, as far as it is clear without a parser."""
    table: tuple[str, ...] = ()
    at = 0
    for number, line in enumerate(found.text.splitlines(), 1):
        text = line.strip()
        if text.startswith("["):
            table = tuple(part.strip(" \"'") for part in text.split("#")[0].strip(" []").split("."))
            if at and table[: len(found.table)] != found.table:
                break
            if table == (*found.table, key):
                at = number
        elif table == found.table and text.partition("=")[0].strip(" \"'") == key:
            at = number
        if at and any(
            f'"{word}"' in line or f"'{word}'" in line or text.startswith(f"{word} ") for word in inner
        ):
            return number
    return at or next((n for n, line in enumerate(found.text.splitlines(), 1) if "tool.cadreplan" in line), 1)
