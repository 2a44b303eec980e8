"""The words of exports: none is missing in Chinese, none is left over, placeholders agree."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cadreplan.views.chinese import CHINESE
from cadreplan.views.labels import Language, of_locale, plain
from cadreplan.views.wording import REASONS, TERMS
from tests.views.export.base import EN, ZH

VIEWS = Path(__file__).parents[3] / "src" / "cadreplan"


def said() -> Iterator[str]:
    """Every text that the code asks words for, as it stands in the code or in a template."""
    for path in VIEWS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"words", "self"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)
    for path in VIEWS.rglob("*.j2"):
        yield from re.findall(r"\bt\('([^']+)'", path.read_text(encoding="utf-8"))


def test_every_text_has_chinese() -> None:
    assert {*said(), *REASONS.values(), *TERMS.values()} - CHINESE.keys() == set()


@pytest.mark.parametrize("text", CHINESE)
def test_placeholders_agree(text: str) -> None:
    names = [sorted(f for _, f, _, _ in string.Formatter().parse(t) if f) for t in (text, CHINESE[text])]
    assert names[0] == names[1]


def test_an_unknown_text_is_an_error_in_english_too() -> None:
    with pytest.raises(KeyError):
        EN("nobody translated this")


def test_days_and_weeks() -> None:
    first, last = date(2026, 3, 2), date(2026, 4, 1)
    assert (EN.day(first), ZH.day(first)) == ("Mon 03-02", "3月2日周一")
    assert (EN.span(first, last), ZH.span(first, last)) == ("03-02 – 04-01", "3月2日–4月1日")
    assert ZH.span(first, date(2026, 3, 5)) == "3月2日–5日"
    assert (EN.spans(first, [0, 1, 4]), ZH.spans(first, [0, 1, 4])) == (
        "03-02 – 03-03, 03-06",
        "3月2日–3日、3月6日",
    )
    assert (EN.week(first), ZH.week(first)) == ("W10", "第10周")


def test_numbers_have_separators_and_kinds_of_the_data_stay() -> None:
    assert EN("sessions: {kind}", kind=1234) == "sessions: 1,234"
    assert (ZH.kind("party-school"), ZH.kind("club")) == ("党校", "club")
    assert (ZH.reason("seats"), ZH.reason("odd"), EN.reason("")) == (
        "没有名额",
        "odd",
        "the plan doesn't say why",
    )


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, Language.EN),
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.GBK"}, Language.ZH),
        ({"LANG": "zh_CN", "LC_ALL": ""}, Language.ZH),
    ],
)
def test_language_of_the_locale(environment: dict[str, str], language: Language) -> None:
    assert of_locale(environment) is language


def test_plain_text_is_one_line_that_shows() -> None:
    assert plain("a\tb\r\nc\x00\u202e\ud800d") == "a b  c???d"
    assert plain("王小明 ok") == "王小明 ok"
