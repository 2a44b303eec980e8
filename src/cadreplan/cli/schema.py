"""`cadreplan schema`: JSON Schema for editors and CI."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from cadreplan.cli.console import emit
from cadreplan.cli.speaking import LanguageChoice, LanguageOption

NAME = "schema"
EXAMPLES = (
    ("cadreplan schema roster > roster.schema.json", "for an editor's YAML language server"),
    ("cadreplan schema plan", "what plan.json holds"),
    ("cadreplan schema findings", "what validate --format json prints"),
)


class Kind(StrEnum):
    """The kinds of document, and what `validate` prints of them."""

    CURRICULUM = "curriculum"
    ROSTER = "roster"
    PLAN = "plan"
    FINDINGS = "findings"


def command(
    kind: Annotated[Kind, typer.Argument(help="The kind of document.", show_default=False)],
    lang: LanguageOption = LanguageChoice.AUTO,
) -> None:
    """Print the JSON Schema of a kind of document.

    Editors complete and check a document that begins with `# yaml-language-server: $schema=FILE`.
    """
    from cadreplan.documents.schema.json_schema import json_schema

    emit(json.dumps(json_schema(kind.value), ensure_ascii=False, indent=2) + "\n")
