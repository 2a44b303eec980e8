"""A file to the tree of a document, and what kind of document it says it is."""

from __future__ import annotations

import re

from cadreplan.documents.files import Source, utf8_text
from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.reading.season import is_workbook, season_tree
from cadreplan.documents.tree import Map, Seq
from cadreplan.documents.yaml.reader import parse
from cadreplan.language import tr

KINDS = ("curriculum", "roster")
_IS_DOCUMENT = re.compile(
    rb"(?m)^(?:\xef\xbb\xbf)?[\"']?(?:cadreplan[\"']?\s*:|kind[\"']?\s*:\s*[\"']?(?:curriculum|roster)\b)"
)
HEAD_BYTES = 64 * 1024


def read_tree(source: Source, findings: Findings) -> Map | Seq | None:
    """The tree of a YAML file; None, with a finding, if it can't be read."""
    text = utf8_text(source, findings)
    if text is None:
        return None
    findings.texts[source.file] = text
    return parse(text, source.file, findings)


def read_document(source: Source, findings: Findings) -> Map | None:
    """The tree of a document; None, with a finding, if it is no map. A workbook is one, too."""
    if is_workbook(source):
        return season_tree(source, findings)
    tree = read_tree(source, findings)
    if isinstance(tree, Seq):
        findings.error(
            source.file,
            tree.mark,
            "wrong-type",
            tr("found a list, expected a map with cadreplan: 1 and kind: curriculum or roster"),
            tr("a table is read through the roster that names it"),
        )
        return None
    return tree


def kind_of(tree: Map, file: str, findings: Findings) -> str | None:
    """What a document says it is; None, with a finding, if it is nothing known."""
    kind = tree.get("kind")
    if kind in KINDS:
        return str(kind)
    if kind is None:
        if "kind" in tree:
            message = tr("the key 'kind' has nothing behind it, expected curriculum or roster")
        else:
            message = tr("the key 'kind' is missing, expected curriculum or roster")
        findings.error(file, tree.value_mark("kind"), "missing-key", message)
    else:
        hint = Nearest(KINDS).hint(kind) if isinstance(kind, str) else ""
        message = tr("kind: found {kind}, expected curriculum or roster", kind=shown(kind))
        if kind == "plan":
            hint = tr("a plan is no input: use check")
        findings.error(file, tree.value_mark("kind"), "wrong-value", message, hint)
    return None


def says_what_it_is(data: bytes) -> bool:
    """Whether the head of a file is that of a document, readable as YAML or not."""
    return _IS_DOCUMENT.search(data[:HEAD_BYTES]) is not None
