"""`cadreplan export`: a plan as files for people."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadreplan.cli.calendar_files import ByChoice, calendar_files, needs_programme
from cadreplan.cli.console import say
from cadreplan.cli.options import PlanArgument, RosterOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.extras import need
from cadreplan.language import tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cadreplan.cli.inputs import OpenedPlan
    from cadreplan.views.season import Season

NAME = "export"
EXAMPLES = (
    ("cadreplan export plan.json --to xlsx --lang zh", "a workbook in Chinese, beside the plan"),
    ("cadreplan export plan.json --to html -o spring.html", "a page to look at and to pass on"),
    ("cadreplan export plan.json --to ics --by site -o calendars", "a calendar for each site"),
    ("cadreplan export plan.json --to ics --by lecturer", "what each lecturer teaches on which half day"),
    (
        "cadreplan export new.json --to ics --previous plan.json -o calendars-2",
        "calendars that bring those of plan.json up to date",
    ),
    (
        "cadreplan export plan.json --to attendance --by site",
        "a workbook for each site to fill in, for `record`",
    ),
    (
        "cadreplan export plan.json --to notices --lang zh",
        "a Word notice for each branch and each person who travels",
    ),
    ("cadreplan export plan.json --to csv -o tables --encoding gb18030", "a folder of CSV tables"),
)


class Format(StrEnum):
    """What a plan can be written as."""

    XLSX = "xlsx"
    CSV = "csv"
    ICS = "ics"
    HTML = "html"
    ATTENDANCE = "attendance"
    NOTICES = "notices"


class TextEncoding(StrEnum):
    """Encodings of CSV files: UTF-8 with a byte-order mark, without one, and that of Chinese spreadsheets."""

    UTF_8_SIG = "utf-8-sig"
    UTF_8 = "utf-8"
    GB18030 = "gb18030"


def command(
    plan: PlanArgument,
    to: Annotated[
        Format,
        typer.Option(
            "--to",
            help="xlsx: a workbook; csv: a folder of tables; ics: a folder of calendars; html: a page;"
            " attendance: a workbook to be filled in, which `record` reads; notices: Word documents.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="PATH",
            help="The file or folder to write; by default beside the plan and named after it.",
        ),
    ] = None,
    encoding: Annotated[
        TextEncoding | None,
        typer.Option("--encoding", help="csv: encoding of the files; utf-8-sig if not given."),
    ] = None,
    by: Annotated[
        ByChoice | None,
        typer.Option(
            "--by",
            help="ics: a calendar for each of these; leader if not given. attendance: site, a workbook each.",
        ),
    ] = None,
    day: Annotated[
        str | None,
        typer.Option(
            "--hours",
            metavar="FROM-TO",
            help="ics: when the half days of a session are; 8:30-12:00,14:00-17:30 if not given.",
        ),
    ] = None,
    previous: Annotated[
        list[Path] | None,
        typer.Option(
            "--previous",
            metavar="PLAN",
            help="ics: a plan whose calendars were sent; if several were, all of them, the oldest first.",
        ),
    ] = None,
    organizer: Annotated[
        str | None,
        typer.Option(
            "--organizer",
            metavar="MAIL",
            help="ics: the address that calendars come from; some programs take a cancellation from it only.",
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            "--template",
            metavar="DOCX",
            help="notices: a document of yours to fill in; `init . --notice` writes one to begin with.",
        ),
    ] = None,
    roster: RosterOption = None,
    roster_encoding: Annotated[
        str | None,
        typer.Option(
            "--roster-encoding",
            metavar="NAME",
            help="Encoding of the roster's CSV tables, where the detected one is wrong.",
        ),
    ] = None,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Write a plan as files for people: a workbook, tables, calendars, a page, lists of attendance, notices.

    Names can't become formulas, links or markup, whatever they look like. Times in calendars are those of
    China. An older export in the same place is replaced file by file.
    """
    from cadreplan.cli.inputs import open_plan, season_of

    need("export")
    given: dict[str, tuple[object, Format]] = {"--encoding": (encoding, Format.CSV)}
    whose = Format.ATTENDANCE if to is Format.ATTENDANCE and by is ByChoice.SITE else Format.ICS
    given |= {"--by": (by, whose), "--hours": (day, Format.ICS), "--previous": (previous, Format.ICS)}
    given |= {"--organizer": (organizer, Format.ICS), "--template": (template, Format.NOTICES)}
    for name, (value, kind) in given.items():
        if value and to is not kind:
            raise UsageError(
                tr(
                    "{option} goes with --to {right}, not with --to {wrong}",
                    option=name,
                    right=kind,
                    wrong=to,
                )
            )
    opened = open_plan(plan, roster, roster_encoding)
    season = season_of(opened)
    target = output or _beside(plan, to, is_file=by is None)
    if to is Format.XLSX:
        from cadreplan.views.export.workbook import workbook

        files = {target: workbook(season)}
    elif to is Format.HTML:
        from cadreplan.views.export.page import pages

        files = {target.parent / name: data for name, data in pages(season, target.name).items()}
    elif to is Format.ATTENDANCE:
        files = _attendance(season, target, each_site=by is not None)
    elif to is Format.NOTICES:
        files = _notices(season, target, template)
    elif to is Format.CSV:
        files = _inside(target, _tables(season, encoding), ".csv")
    else:
        if by is ByChoice.LECTURER:
            needs_programme(opened)
        sent = [(path, roster, roster_encoding) for path in previous or ()]
        files = _inside(target, calendar_files(season, by or ByChoice.LEADER, day, sent, organizer), ".ics")
    _no_input(files, opened, previous or ())
    nobody = tr("nothing to write: nobody has a seat")
    is_of_people = to in {Format.ATTENDANCE, Format.NOTICES}
    _write(files, target, nobody if is_of_people else tr("nothing to write: no calendar has an event"))


def _beside(plan: Path, to: Format, *, is_file: bool) -> Path:
    """`plan.xlsx` and `plan.html`, or the folders `plan-csv` and `plan-ics`; attendance may be both."""
    if to in {Format.XLSX, Format.HTML}:
        return plan.with_suffix(f".{to.value}")
    suffix = ".xlsx" if to is Format.ATTENDANCE and is_file else ""
    return plan.with_name(f"{plan.stem}-{to.value}{suffix}")


def _attendance(season: Season, target: Path, *, each_site: bool) -> dict[Path, bytes]:
    """One workbook, or a folder with one for each site that people come to."""
    from cadreplan.views.export.attendance_book import attendance_book, held
    from cadreplan.views.export.calendars import file_names

    if not each_site:
        return {target: attendance_book(season)} if held(season) else {}
    sites = sorted({season.instance.sessions[row.session].site for row in held(season)})
    names = file_names([season.instance.sites[k].id for k in sites])
    made = {f"{names[season.instance.sites[k].id]}.xlsx": attendance_book(season, k) for k in sites}
    return _inside(target, made, ".xlsx")


def _notices(season: Season, target: Path, template: Path | None) -> dict[Path, bytes]:
    """The notices in their folders; others that are there already would pass for part of them."""
    from cadreplan.views.export.notices import SUFFIX, notices

    data = None if template is None else read_bytes(template)
    made = notices(season, data, str(template or ""))
    by_folder: dict[Path, dict[str, bytes]] = {}
    for path, content in made.items():
        place = target / path
        by_folder.setdefault(place.parent, {})[place.name] = content
    _inside(target, {}, SUFFIX)
    return {p: data for folder, own in by_folder.items() for p, data in _inside(folder, own, SUFFIX).items()}


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that the user names; raises `UsageError` where it can't be read."""
    from cadreplan.documents.files import UnreadableError, read_source

    try:
        return read_source(str(path), regular=True).data
    except UnreadableError as error:
        raise UsageError(str(error)) from None


def _tables(season: Season, encoding: TextEncoding | None) -> dict[str, bytes]:
    from cadreplan.views.csv_files import csv_files
    from cadreplan.views.export.tables import all_tables

    return csv_files(all_tables(season), (encoding or TextEncoding.UTF_8_SIG).value)


def _inside(folder: Path, files: dict[str, bytes], suffix: str) -> dict[Path, bytes]:
    """The files in their folder; others of their kind that are there already would pass for part of it."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(tr("{folder} is a file: name a folder with -o", folder=folder))
    if folder.is_dir():
        others = sorted(p.name for p in folder.iterdir() if p.suffix == suffix and p.name not in files)
        if others:
            found = tr_n(
                "{folder} has {n:,} other {suffix} file, {first}: name a new folder with -o",
                "{folder} has {n:,} other {suffix} files, such as {first}: name a new folder with -o",
                len(others),
                folder=folder,
                suffix=suffix,
                first=others[0],
            )
            raise UsageError(found)
    return {folder / name: data for name, data in files.items()}


def _no_input(files: Iterable[Path], opened: OpenedPlan, previous: Sequence[Path]) -> None:
    """Never write over what was read."""
    loaded = opened.loaded
    inputs = [opened.path, loaded.path, *(loaded.path.parent / name for name in loaded.files), *previous]
    read = {path.resolve() for path in inputs}
    folders: dict[Path, Path] = {}
    for path in files:  # thousands, in few folders
        if path.parent not in folders:
            folders[path.parent] = path.parent.resolve()
        if folders[path.parent] / path.name in read:
            raise UsageError(tr("{path} is read by this export: name another place with -o", path=path))


def _write(files: dict[Path, bytes], target: Path, empty: str) -> None:
    """Write them and say where; `empty` is what is said where there are none."""
    from cadreplan.documents.writing import write_all

    if not files:
        say(empty)
        return
    if not target.parent.is_dir():
        raise UsageError(tr("there is no folder {folder} for {file}", folder=target.parent, file=target.name))
    if target in files and target.is_dir():
        raise UsageError(tr("{output} is a folder: name a file with -o", output=target))
    for folder in sorted({path.parent for path in files}):
        folder.mkdir(exist_ok=True)
    write_all(files)
    if len(files) == 1:
        say(tr("written to {path}", path=target))
    else:
        say(tr("written to {path} ({n:,} files)", path=target, n=len(files)))
