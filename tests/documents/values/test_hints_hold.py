"""A hint that is followed makes its finding go and brings no other error: in the bundled rosters, mutated."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from cadreplan.cli.init import workbook_of
from cadreplan.diagnostics import Diagnostic
from cadreplan.language import Language, using
from cadreplan.loading.load import find_fixes, find_problems
from cadreplan.rules.registry import RULES
from tests.documents.following import in_csv, in_yaml, meant
from tests.rules.base import overlaid, written
from tests.rules.test_manual import WITHOUT_EXAMPLE, example

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "src" / "cadreplan" / "templates"
TOKEN = re.compile(r"""[^\s\[\]{},:#"'|>&*!%-][^\[\]{}\n,:#]*[^\s\[\]{}\n,:#]|[^\s\[\]{},:#"'-]""")
EACH = 80
"""Mutations of each roster."""


def _left_out(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _put_in(rng: random.Random, text: str) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice("abx19-") + text[at:]


def _swapped(rng: random.Random, text: str) -> str:
    at = rng.randrange(max(1, len(text) - 1))
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]


def _full_width(_: random.Random, text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _other_case(_: random.Random, text: str) -> str:
    return text.upper() if text.upper() != text else text.lower()


def _with_sign(rng: random.Random, text: str) -> str:
    return text + rng.choice(["人", "天", "期", "；", "，", "。", " ", "级"])


def _as_said(_: random.Random, text: str) -> str:
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    return f"{day[1]}年{int(day[2])}月{int(day[3])}日" if day else text.replace("-", "/")


def _twice(_: random.Random, text: str) -> str:
    return f"{text}、{text}"


HABITS: tuple[Callable[[random.Random, str], str], ...] = (
    *(_left_out, _put_in, _swapped, _full_width, _other_case, _with_sign, _as_said, _twice),
)


def key(found: Diagnostic) -> tuple[str, str]:
    return found.rule, re.sub("line [0-9]+", "line", found.message)


def errors(roster: Path) -> list[Diagnostic]:
    return [d for d in find_problems([roster]) if d.is_error]


def judge(found: Diagnostic, before: list[Diagnostic], after: list[list[Diagnostic]]) -> str:
    """What is wrong with a hint, given the errors before and those after each alternative that it offers."""
    known = {key(d) for d in before}
    for left in after:
        same = any(key(d) == key(found) and d.line == found.line for d in left)
        if not same and {key(d) for d in left} <= known:
            return ""
    return f"{found.message} ({found.hint}) → {[key(d) for left in after for d in left][:3]}"


def rosters() -> dict[str, dict[str, str]]:
    folders = {"en": TEMPLATES / "en", "zh": TEMPLATES / "zh", "open": ROOT / "examples" / "open-rotation"}
    made = {}
    for name, folder in folders.items():
        files = {p.name: p.read_text("utf-8") for p in folder.iterdir() if p.suffix in (".yaml", ".csv")}
        made[name] = {file: text.replace("../../curricula/", "") for file, text in files.items()}
    taught = ROOT / "curricula" / "grassroots-leaders.yaml"
    made["open"][taught.name] = taught.read_text("utf-8")
    return made


def mutated(rng: random.Random, files: dict[str, str]) -> tuple[str, str]:
    """One of the files with a value or a key as people may write it."""
    name = rng.choice(sorted(files))
    text = files[name]
    bare = "\n".join(" " * len(row) if row.lstrip().startswith("#") else row for row in text.split("\n"))
    token = rng.choice(list(TOKEN.finditer(bare)))
    return name, text[: token.start()] + rng.choice(HABITS)(rng, token[0]) + text[token.end() :]


@pytest.mark.parametrize("which", ["en", "zh", "open"])
def test_a_hint_holds_in_a_roster(which: str, tmp_path: Path) -> None:
    files, rng, bad, n_followed = rosters()[which], random.Random(20), [], 0
    roster = written(tmp_path, dict(files))
    for _ in range(EACH if which != "open" else EACH // 4):
        name, text = mutated(rng, files)
        (tmp_path / name).write_text(text, "utf-8")
        before = errors(roster)
        for found in before[:8]:
            file = Path(found.file).name
            here = text if file == name else files[file]
            after = []
            for new in (in_csv if file.endswith(".csv") else in_yaml)(here, found) if found.hint else ():
                (tmp_path / file).write_text(new, "utf-8")
                after.append(errors(roster))
            (tmp_path / file).write_text(here, "utf-8")
            n_followed += bool(after)
            if after and (said := judge(found, before, after)):
                bad.append(said)
        (tmp_path / name).write_text(files[name], "utf-8")
    assert not bad
    assert n_followed > EACH // 8


def broken_cells(rng: random.Random, data: bytes) -> Iterator[tuple[openpyxl.Workbook, str, str, str]]:
    """A season with one cell as people may write it, again and again: with sheet, cell and text."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [
        (sheet.title, cell.coordinate)
        for sheet in book.worksheets[1:-1]
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str | int) and (sheet.title not in ("policy", "政策") or cell.column < 3)
    ]
    for _ in range(EACH // 2):
        sheet, place = rng.choice(cells)
        was = book[sheet][place].value
        book[sheet][place] = text = rng.choice(HABITS)(rng, str(was))
        yield book, sheet, place, text
        book[sheet][place] = was


@pytest.mark.parametrize("language", list(Language))
def test_a_hint_holds_in_a_season(language: Language, tmp_path: Path) -> None:
    with using(language):
        data = workbook_of(TEMPLATES / language.value / "roster.yaml")
    season, bad, n_followed = tmp_path / "season.xlsx", [], 0
    for book, sheet, place, text in broken_cells(random.Random(20), data):
        book.save(season)
        before = errors(season)
        for found in before[:8]:
            if not (found.hint and found.message.startswith(f"{sheet}!{place}:")):
                continue
            after = []
            for new in meant(found, text):
                book[sheet][place] = new or None
                book.save(season)
                after.append(errors(season))
            n_followed += bool(after)
            if after and (said := judge(found, before, after)):
                bad.append(said)
    assert not bad
    assert n_followed > 5


@pytest.mark.parametrize("which", ["en", "zh", "open"])
def test_fixing_brings_no_error(which: str, tmp_path: Path) -> None:
    files, rng = rosters()[which], random.Random(21)
    roster = written(tmp_path, dict(files))
    for _ in range(EACH // 5):
        name, text = mutated(rng, files)
        (tmp_path / name).write_text(text, "utf-8")
        before = errors(roster)
        for file in find_fixes([roster]):
            file.path.write_bytes(file.data)
        assert {key(d) for d in errors(roster)} <= {key(d) for d in before}, (name, text)
        assert find_fixes([roster]) == []
        for file_name in files:
            (tmp_path / file_name).write_text(files[file_name], "utf-8")


@pytest.mark.parametrize("rule", sorted(RULES.keys() - WITHOUT_EXAMPLE))
def test_the_hint_of_a_wrong_example_holds(rule: str, tmp_path: Path) -> None:
    files = overlaid(example(RULES[rule].manual, "Wrong"))
    roster = written(tmp_path, files)
    before = find_problems([roster])
    for found in before:
        file = Path(found.file).name
        text = str(files[file])
        after = []
        for new in in_yaml(text, found) if found.hint else ():
            (tmp_path / file).write_text(new, "utf-8")
            after.append(errors(roster))
        (tmp_path / file).write_text(text, "utf-8")
        assert not after or not judge(found, before, after)
