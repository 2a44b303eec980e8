"""`cadreplan init`: a small working example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, out
from cadreplan.cli.options import ColourOption, EncodingOption
from cadreplan.cli.outputs import quoted
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import current, listed, tr

NAME = "init"
EXAMPLES = (
    ("cadreplan init demo", "a curriculum and a roster of eight leaders in the folder demo"),
    ("cadreplan init demo --xlsx", "the same as one workbook, demo/season.xlsx, to fill in"),
    ("cadreplan init . --xlsx --from roster.yaml", "a roster of yours as a workbook"),
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it isn't there.")],
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Write the whole season as one workbook, season.xlsx, to fill in.")
    ] = False,
    notice: Annotated[
        bool,
        typer.Option("--notice", help="Write only the template of notices, notice.docx, to make it yours."),
    ] = False,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="ROSTER", help="With --xlsx: what the workbook holds, instead of the example."
        ),
    ] = None,
    encoding: EncodingOption = None,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Write a small working example: a curriculum, a roster, and the schemas for an editor.

    With --xlsx it is one workbook that every command takes as a roster: sheets for people, branches, sites,
    sessions and what is taught, with drop-down lists, comments and a sheet that explains. Comments and
    headers are in the language of --lang. Files that are there already are never overwritten.
    """
    from rich.text import Text

    from cadreplan.documents.writing import write_all

    if source is not None and not xlsx:
        raise UsageError(tr("--from goes with --xlsx"))
    if notice:
        from cadreplan.views.export.notice_template import default_template

        files = {NOTICE: default_template()}
    elif xlsx:
        files = {WORKBOOK: example_workbook() if source is None else workbook_of(source, encoding)}
    else:
        files = {name: text.encode() for name, text in example_files().items()}
    there = sorted(name for name in files if (folder / name).exists())
    if there:
        raise UsageError(
            tr("{folder} has {files} already: nothing was written", folder=folder, files=listed(there))
        )
    folder.mkdir(parents=True, exist_ok=True)
    console = out()
    write_all({folder / name: data for name, data in files.items()})
    for name in files:
        console.print(Text().append(tr(" wrote "), style="quiet").append(str(folder / name)), soft_wrap=True)
    if notice:
        console.print(tr("Change it in Word, keep the words in {{ }}, and name it with --template."))
        return
    console.print("\n" + tr("Next:"), style="heading")
    roster, plan = folder / (WORKBOOK if xlsx else ROSTER), folder / "plan.json"
    for line in (
        f"cadreplan validate {quoted(roster)}",
        f"cadreplan solve {quoted(roster)} -o {quoted(plan)}",
        f"cadreplan show {quoted(plan)}",
    ):
        console.print(Text(f" {line}", style="id"), soft_wrap=True)


WORKBOOK = "season.xlsx"
NOTICE = "notice.docx"
ROSTER = "roster.yaml"
_TEMPLATES = Path(__file__).parent.parent / "templates"


def example_files() -> dict[str, str]:
    """File name → text, in the order of writing, with comments in the reader's language."""
    from cadreplan.documents.schema.json_schema import json_schema

    schemas = {
        f"{kind}.schema.json": json.dumps(json_schema(kind), ensure_ascii=False, indent=1) + "\n"
        for kind in ("curriculum", "roster")
    }
    folder = _TEMPLATES / current().value
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in ("curriculum.yaml", ROSTER)}
    return texts | schemas


def example_workbook() -> bytes:
    """The same example as a workbook."""
    return workbook_of(_TEMPLATES / current().value / ROSTER)


def workbook_of(roster: Path, encoding: str | None = None) -> bytes:
    """A roster with its curriculum as one workbook; raises `InputError` where it has errors."""
    from cadreplan.loading.load import read_roster_file
    from cadreplan.views.export.season_book import season_book

    return season_book(read_roster_file(roster, encoding=encoding))
