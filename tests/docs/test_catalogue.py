"""The catalogues are whole and current, and no text passes them by."""

from __future__ import annotations

import ast
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from docs.texts import code

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "cadreplan"
FILES = sorted(PACKAGE.rglob("*.py"))
SAID = {"tr", "tr_n", "later"}

SHOWN = {
    *("note", "print", "write_string", "heading", "flow", "Column", "Text", "append", "more", "notify"),
    *("UsageError", "CadreplanError", "NoPlanError", "InterruptedSolveError", "BadParameter"),
}
"""Calls whose texts people read; the help of commands and options is found by walking through it."""

_SENTENCE = re.compile(r"[A-Za-z]{2,}'?[a-z]* [a-z]{2,}")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, with what `make catalogue` makes of them: its catalogues are new."""
    copy = tmp_path_factory.mktemp("copy")
    (copy / "src").mkdir()
    shutil.copytree(PACKAGE, copy / "src" / "cadreplan", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("docs", "pyproject.toml"):
        (copy / name).symlink_to(ROOT / name)
    make = ["make", "-f", str(ROOT / "Makefile"), "catalogue", f"BIN={Path(sys.executable).parent}"]
    done = subprocess.run(
        [*make, "-o", ".venv/.test-installed"], cwd=copy, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return copy / "src" / "cadreplan" / "locale"


@pytest.mark.parametrize("name", ["cadreplan.po", "cadreplan.mo"])
def test_catalogues_are_current(collected: Path, name: str) -> None:
    """The sources give the catalogues that stand beside them: nothing new, and the same bytes."""
    place = Path("zh", "LC_MESSAGES", name)
    assert (collected / place).read_bytes() == (PACKAGE / "locale" / place).read_bytes()


def test_every_text_has_its_chinese() -> None:
    assert faults((PACKAGE / "locale" / "zh" / "LC_MESSAGES" / "cadreplan.po").read_bytes()) == []


def faults(po: bytes) -> list[str]:
    """What a translator has left to do in a catalogue."""
    catalogue = read_po(io.BytesIO(po), locale="zh")
    wrong = [f"is not in the code: {forms(message.id)[0]!r}" for message in catalogue.obsolete.values()]
    for message in catalogue:
        text, *_, last = (*forms(message.id), forms(message.id)[-1])
        if text and message.fuzzy:
            wrong.append(f"is marked as doubtful: {text!r}")
        if text and not all(forms(message.string)):
            wrong.append(f"has no translation: {text!r}")
        elif text and {*map(fields, forms(message.string))} != {fields(last)}:
            wrong.append(f"has other {{names}} in its translation: {text!r}")
    return wrong


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """A text, or its forms for one and for many."""
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text: str) -> frozenset[str]:
    """Names in braces; of a text that isn't a format at all, whatever stands after a brace."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return frozenset(re.findall(r"\{(\w*)", text))


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "yes"\nmsgstr "是"', None),
        ('msgid "yes"\nmsgstr ""', "has no translation: 'yes'"),
        ('#, fuzzy\nmsgid "yes"\nmsgstr "是"', "is marked as doubtful: 'yes'"),
        ('msgid "in {room}"\nmsgstr "{rom}"', "has other {names} in its translation: 'in {room}'"),
        ('msgid "a seat"\nmsgid_plural "{n} seats"\nmsgstr[0] "{n}个名额"', None),
        ('msgid "a seat"\nmsgid_plural "{n} seats"\nmsgstr[0] ""', "has no translation: 'a seat'"),
        ('#~ msgid "yes"\n#~ msgstr "是"', "is not in the code: 'yes'"),
    ],
)
def test_a_fault_is_found(entry: str, fault: str | None) -> None:
    assert faults(entry.encode()) == [fault] * (fault is not None)


def test_texts_are_found_wherever_they_are_said() -> None:
    source = (
        b"""f"{tr('inside')} {tr_n('one', 'many', n)}"; tr("put " "together"); later("table"); other("no")"""
    )
    found = code(io.BytesIO(source), ["tr", "tr_n", "later"], [], {})
    assert {texts for _, _, texts, _ in found} == {
        ("inside",),
        ("one", "many"),
        ("put together",),
        ("table",),
    }


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            yield name, node


def test_no_text_is_put_together_before_it_is_said() -> None:
    """`tr(f"...")` and `tr("..." + x)` would look up what no catalogue can have."""
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in FILES
        for name, node in _calls(path)
        if name in SAID
        and isinstance(node.func, ast.Name)
        and any(isinstance(arg, ast.JoinedStr | ast.BinOp) for arg in node.args[:2])
    ]
    assert wrong == []


def _plain(node: ast.AST) -> Iterator[str]:
    """Texts of an argument that nothing says: values in an f-string are looked through, calls are not."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        for part in node.values:
            yield from _plain(part)
    elif not isinstance(node, ast.Call | ast.Subscript | ast.Compare | ast.comprehension):
        for child in ast.iter_child_nodes(node):
            yield from _plain(child)


def test_what_people_read_is_said() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}: {text!r}"
        for path in FILES
        for name, node in _calls(path)
        if name in SHOWN
        for argument in node.args
        for text in _plain(argument)
        if _SENTENCE.search(text) and not text.strip().startswith("cadreplan ")  # a command to type
    ]
    assert wrong == []


def test_templates_hold_no_text_of_their_own() -> None:
    for path in PACKAGE.rglob("*.j2"):
        text = re.sub(
            r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", "|", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        assert _SENTENCE.search(text) is None, path.name
