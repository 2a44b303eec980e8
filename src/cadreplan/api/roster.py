"""A roster made in Python, of maps, specs and data frames."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Self

from cadreplan.documents.schema.curriculum import CurriculumSpec
from cadreplan.documents.schema.roster import CalendarSpec, PolicySpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.loading.given import given_roster
from cadreplan.loading.load import LoadedRoster

Rows = Iterable[Mapping[str, Any] | Spec] | str | os.PathLike[str] | Any
"""A table: maps or specs, a data frame of pandas or polars, or the path of a file."""


class Roster(LoadedRoster):
    """A roster without errors, made of Python values; whatever takes one that was loaded takes it.

    Keys and values are those of the files; numbers, dates and lists may be Python's. `curriculum` is a path,
    a map or a spec; `horizon` `2026-03-02..2026-06-26` or its two dates. Raises `InputError` with all
    findings if one is an error: its file is the name of the table, its line the row, from 1 for maps, from 2
    in a data frame.
    """

    def __init__(
        self,
        *,
        curriculum: str | os.PathLike[str] | Mapping[str, Any] | CurriculumSpec,
        horizon: str | tuple[date | str, date | str],
        sites: Rows,
        branches: Rows,
        leaders: Rows,
        sessions: Rows = None,
        offerings: Rows = None,
        lecturers: Rows = None,
        mix: Iterable[Mapping[str, Any] | Spec] | None = None,
        ties: Iterable[Mapping[str, Any] | Spec] | None = None,
        history: str | os.PathLike[str] | None = None,
        title: str | None = None,
        calendar: str | Mapping[str, Any] | CalendarSpec | None = None,
        policy: Mapping[str, Any] | PolicySpec | None = None,
        settings: Sequence[str] = (),
    ) -> None:
        head = {
            "title": title,
            "curriculum": os.fspath(curriculum) if isinstance(curriculum, os.PathLike) else curriculum,
            "history": None if history is None else os.fspath(history),
            "mix": None if mix is None else list(mix),
            "ties": None if ties is None else list(ties),
            "horizon": horizon if isinstance(horizon, str) else {"start": horizon[0], "end": horizon[1]},
            "calendar": calendar,
            "policy": policy,
        }
        tables = {
            "sites": sites,
            "branches": branches,
            "sessions": sessions,
            "offerings": offerings,
            "lecturers": lecturers,
            "leaders": leaders,
        }
        made = given_roster(head, tables, settings)
        super().__init__(made.path, made.instance, made.sha256, made.files, made.warnings, made.settings)

    @classmethod
    def from_frames(cls, **tables_and_keys: Any) -> Self:
        """The same with data frames for tables, of pandas or polars; other tables may be maps still.

        Columns are headed as in a file of that table, in English or Chinese, and cells read as there, as in
        `T1:2; F1` or `2026年3月9日`. Lists and maps in cells are taken as such.
        """
        return cls(**tables_and_keys)
