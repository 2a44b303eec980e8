"""The catalogues are whole and current, their tool finds what isn't, and no text passes them by."""

from __future__ import annotations

import ast
import gettext
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cadreplan.language import Language
from docs import catalogue

PACKAGE = Path(__file__).parents[2] / "src" / "cadreplan"
FILES = sorted(PACKAGE.rglob("*.py"))
SAID = {"tr", "tr_n", "later"}

SHOWN = {
    *("note", "print", "write_string", "heading", "flow", "Column", "Text", "append", "more", "notify"),
    *("UsageError", "CadreplanError", "NoPlanError", "InterruptedSolveError", "BadParameter"),
}
"""Calls whose texts people read; the help of commands and options is found by walking through it."""

_SENTENCE = re.compile(r"[A-Za-z]{2,}'?[a-z]* [a-z]{2,}")


def test_every_text_has_its_chinese() -> None:
    """Nothing is missing, doubtful or left over, placeholders agree, and both files are current."""
    assert catalogue.faults(Language.ZH, catalogue.texts()) == []


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalogue of its own for three texts; the folder of its two files."""
    monkeypatch.setattr(catalogue, "CATALOGUES", tmp_path)
    texts = ["room {room}", "yes", ("{n} seat", "{n} seats")]
    monkeypatch.setattr(catalogue, "texts", lambda: texts)
    fragment = tmp_path / "fragment.json"
    fragment.write_text(
        json.dumps({"room {room}": "教室{room}", "yes": "是", "{n} seat": "{n}个名额"}), encoding="utf-8"
    )
    assert catalogue.main(["--fill", str(fragment)]) == 0
    return tmp_path / "zh" / "LC_MESSAGES"


def _faults() -> list[str]:
    return catalogue.faults(Language.ZH, catalogue.texts())


def test_what_was_filled_in_is_said(own: Path) -> None:
    assert _faults() == []
    said = gettext.translation("cadreplan", own.parents[1], languages=["zh"])
    assert said.gettext("room {room}") == "教室{room}"
    assert {said.ngettext("{n} seat", "{n} seats", n) for n in (1, 2)} == {"{n}个名额"}


def test_the_same_texts_give_the_same_bytes(own: Path) -> None:
    before = [path.read_bytes() for path in sorted(own.iterdir())]
    assert catalogue.main([]) == 0
    assert [path.read_bytes() for path in sorted(own.iterdir())] == before
    assert b"20" not in before[1], "a date would change them from day to day"


@pytest.mark.parametrize(
    ("found", "replaced", "fault"),
    [
        ('msgstr "是"', 'msgstr ""', "has no translation: 'yes'"),
        ('msgid "yes"', '#, fuzzy\nmsgid "yes"', "is marked as doubtful: 'yes'"),
        ("教室{room}", "教室{rom}", "has other {names} in its translation: 'room {room}'"),
        ('msgid "yes"', 'msgid "no"', "is not in the code: 'no'"),
        ("教室", "房间", "is not current: cadreplan.mo"),
    ],
)
def test_a_fault_is_found(own: Path, found: str, replaced: str, fault: str) -> None:
    po = own / "cadreplan.po"
    text = po.read_text(encoding="utf-8")
    assert found in text
    po.write_text(text.replace(found, replaced), encoding="utf-8")
    assert fault in _faults()


def test_a_translation_waits_until_its_text_is_back(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = catalogue.texts()
    monkeypatch.setattr(catalogue, "texts", lambda: texts[1:])
    assert catalogue.main([]) == 0
    assert _faults() == ["is not in the code: 'room {room}'"]
    monkeypatch.setattr(catalogue, "texts", lambda: texts)
    assert catalogue.main([]) == 0
    assert _faults() == []
    monkeypatch.setattr(catalogue, "texts", lambda: texts[1:])
    assert catalogue.main(["--prune"]) == 0
    assert _faults() == []


def test_a_fragment_with_another_text_is_named(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fragment = tmp_path / "other.json"
    fragment.write_text('{"roomy": "x", "yes": "对"}', encoding="utf-8")
    assert catalogue.main(["--fill", str(fragment)]) == 1
    assert "not in the code: 'roomy'" in capsys.readouterr().out
    assert 'msgstr "对"' in (own / "cadreplan.po").read_text(encoding="utf-8")


def test_texts_are_found_wherever_they_are_said() -> None:
    source = (
        """f"{tr('inside')} {tr_n('one', 'many', n)}"; tr("put " "together"); later("table"); other("no")"""
    )
    assert set(catalogue.in_code(source)) == {"inside", ("one", "many"), "put together", "table"}


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
