"""Plans in files: `save`, `read_plan`, and `export` for people."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cadreplan.api.planning import opened

if TYPE_CHECKING:
    from cadreplan.instance import Instance
    from cadreplan.loading.load import LoadedRoster
    from cadreplan.plan import Plan


def save(plan: Plan, path: str | os.PathLike[str]) -> None:
    """Write a plan as JSON, whole or not at all; an older file of that name stays until it is complete.

    Where the plan names its roster, it does so as seen from its own folder then. Raises `OSError`.
    """
    from dataclasses import replace

    from cadreplan.solving import save as write

    named = plan.roster.path
    if named and os.path.isfile(named):  # noqa: PTH113 (may be too long a name)
        try:
            seen = os.path.relpath(Path(named).resolve(), Path(path).resolve().parent)
        except ValueError:  # on another drive
            seen = str(Path(named).resolve())
        plan = replace(plan, roster=replace(plan.roster, path=Path(seen).as_posix()))
    write(plan, path)


def read_plan(path: str | os.PathLike[str]) -> Plan:
    """The plan in a file; raises `InputError` with all findings if it is wrong, else `UsageError`."""
    from cadreplan.documents.reading.plan import read_plan as read

    return read(path)


def export(
    plan: Plan | str | os.PathLike[str],
    path: str | os.PathLike[str],
    roster: LoadedRoster | Instance | str | os.PathLike[str] | None = None,
    *,
    to: Literal["xlsx", "html", "csv", "attendance", "ics", "notices"] | None = None,
) -> list[Path]:
    """Write a plan as files for people; the files that were written.

    `to` is a workbook, a page, a folder of tables, a workbook to be filled in, a folder of calendars with one
    for each person, or a folder of Word notices; None: told by the ending of `path`. Older files are
    replaced. Raises `UsageError` for another ending, `OSError` where it can't be written.
    """
    from cadreplan.documents.writing import write_all
    from cadreplan.errors import UsageError
    from cadreplan.extras import need
    from cadreplan.instance import Instance
    from cadreplan.language import tr
    from cadreplan.past import restored
    from cadreplan.views.season import Season

    need("export")
    target = Path(path)
    kind = to or target.suffix.removeprefix(".").lower()
    if kind not in ("xlsx", "html", "csv", "attendance", "ics", "notices"):
        expected = tr("xlsx, html, csv, attendance, ics or notices")
        raise UsageError(
            tr(
                "{name}: found {found}, expected {expected}",
                name="to",
                found=f"{kind!r:.60}",
                expected=expected,
            )
        )
    document, problem = opened(plan, roster)
    instance = restored(problem if isinstance(problem, Instance) else problem.instance, document)
    season = Season.of(instance, document)
    files: dict[Path, bytes]
    if kind == "xlsx":
        from cadreplan.views.export.workbook import workbook

        files = {target: workbook(season)}
    elif kind == "html":
        from cadreplan.views.export.page import pages

        files = {target.parent / name: data for name, data in pages(season, target.name).items()}
    elif kind == "attendance":
        from cadreplan.views.export.attendance_book import attendance_book

        files = {target: attendance_book(season)}
    elif kind == "ics":
        from cadreplan.views.export.calendars import Hours, calendars
        from cadreplan.views.export.events import By, events
        from cadreplan.views.export.revisions import revise

        made = calendars(revise([], events(season, By.LEADER)), instance.start, Hours(), by_name=True)
        files = {target / name: data for name, data in made.items()}
    elif kind == "notices":
        from cadreplan.views.export.notices import notices

        files = {target / name: data for name, data in notices(season, None, "").items()}
    else:
        from cadreplan.views.csv_files import csv_files
        from cadreplan.views.export.tables import all_tables

        files = {target / name: data for name, data in csv_files(all_tables(season), "utf-8-sig").items()}
    if kind in ("csv", "ics", "notices"):
        for folder in sorted({target, *(place.parent for place in files)}):
            folder.mkdir(exist_ok=True)
    write_all(files)
    return sorted(files)
