"""`cadreplan init`: a small working example."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.cli.console import Colour, out
from cadreplan.cli.options import ColourOption
from cadreplan.errors import UsageError

NAME = "init"
EXAMPLES = (
    ("cadreplan init demo", "a curriculum and a roster of eight leaders in the folder demo"),
    ("cadreplan init .", "here"),
)


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it isn't there.")],
    color: ColourOption = Colour.AUTO,
) -> None:
    """Write a small working example: a curriculum, a roster, and the schemas for an editor.

    Files that are there already are never overwritten.
    """
    from rich.text import Text

    files = example_files()
    there = sorted(name for name in files if (folder / name).exists())
    if there:
        raise UsageError(f"{folder} has {', '.join(there)} already: nothing was written")
    folder.mkdir(parents=True, exist_ok=True)
    console = out()
    for name, text in files.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        console.print(Text().append(" wrote ", style="quiet").append(str(folder / name)), soft_wrap=True)
    console.print("\nNext:", style="heading")
    roster, plan = folder / "roster.yaml", folder / "plan.json"
    for line in (
        f"cadreplan validate {_quoted(roster)}",
        f"cadreplan solve {_quoted(roster)} -o {_quoted(plan)}",
        f"cadreplan show {_quoted(plan)}",
    ):
        console.print(Text(f" {line}", style="id"), soft_wrap=True)


def example_files() -> dict[str, str]:
    """File name → text, in the order of writing."""
    from cadreplan.documents.json_schema import json_schema

    templates = Path(__file__).parent.parent / "templates" / "example"
    schemas = {
        f"{kind}.schema.json": json.dumps(json_schema(kind), ensure_ascii=False, indent=1) + "\n"
        for kind in ("curriculum", "roster")
    }
    names = ("curriculum.yaml", "roster.yaml")
    return {name: (templates / name).read_text(encoding="utf-8") for name in names} | schemas


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
