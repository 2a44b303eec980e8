"""`cadreplan init`: a small working example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, out
from cadreplan.cli.options import ColourOption
from cadreplan.cli.speaking import LanguageChoice, LanguageOption
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr

NAME = "init"
EXAMPLES = (
    ("cadreplan init demo", "a curriculum and a roster of eight leaders in the folder demo"),
    ("cadreplan init demo --xlsx", "the tables as sheets of a workbook to fill in"),
    ("cadreplan init .", "here"),
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it isn't there.")],
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Put the tables into a workbook, people.xlsx, to fill in.")
    ] = False,
    color: ColourOption = Colour.AUTO,
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Write a small working example: a curriculum, a roster, and the schemas for an editor.

    With --xlsx people, branches, sites and sessions are sheets of a workbook with drop-down lists and a sheet
    that explains. Files that are there already are never overwritten.
    """
    from rich.text import Text

    from cadreplan.documents.writing import write_all

    texts = example_files(xlsx=xlsx)
    files: dict[str, bytes] = {name: text.encode() for name, text in texts.items()}
    if xlsx:
        files[WORKBOOK] = example_workbook()
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
    console.print("\n" + tr("Next:"), style="heading")
    roster, plan = folder / "roster.yaml", folder / "plan.json"
    for line in (
        f"cadreplan validate {_quoted(roster)}",
        f"cadreplan solve {_quoted(roster)} -o {_quoted(plan)}",
        f"cadreplan show {_quoted(plan)}",
    ):
        console.print(Text(f" {line}", style="id"), soft_wrap=True)


WORKBOOK = "people.xlsx"
_TEMPLATES = Path(__file__).parent.parent / "templates"


def example_files(*, xlsx: bool = False) -> dict[str, str]:
    """File name → text, in the order of writing; with `xlsx` the roster's tables are in a workbook."""
    from cadreplan.documents.json_schema import json_schema

    folders = {"curriculum.yaml": "example", "roster.yaml": "xlsx" if xlsx else "example"}
    schemas = {
        f"{kind}.schema.json": json.dumps(json_schema(kind), ensure_ascii=False, indent=1) + "\n"
        for kind in ("curriculum", "roster")
    }
    texts = {
        name: (_TEMPLATES / folder / name).read_text(encoding="utf-8") for name, folder in folders.items()
    }
    return texts | schemas


def example_workbook() -> bytes:
    """The workbook with the people of the example."""
    from cadreplan.documents.load import read_roster_file
    from cadreplan.views.blank_workbook import blank_workbook

    return blank_workbook(read_roster_file(_TEMPLATES / "example" / "roster.yaml"))


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
