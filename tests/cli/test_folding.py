"""Help in Chinese breaks where Chinese breaks: no line begins with a full stop, no word is torn."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cadreplan.cli.main import EXAMPLES
from cadreplan.views.screen.folding import NO_END, NO_START, breaks
from tests.cli.base import Cli

_WORD = re.compile("[A-Za-z0-9_]+")
TEXT = st.text(alphabet="轮训名册安排课程。，：；（）ab1 -`", min_size=1, max_size=120)


def _lines(text: str, width: int) -> list[str]:
    places = [0, *breaks(text, width), len(text)]
    return [text[a:b] for a, b in pairwise(places)]


@given(text=TEXT, width=st.integers(16, 60))
def test_lines_have_the_whole_text_within_the_width(text: str, width: int) -> None:
    lines = _lines(text, width)
    assert "".join(lines) == text
    assert all(cell_len(line.rstrip()) <= width for line in lines)


PARTS = ("轮训", "名册，", "（课程）", "安排。", " plan.json ", "--xlsx", "3")


@given(parts=st.lists(st.sampled_from(PARTS), min_size=1), width=st.integers(16, 60))
def test_no_line_begins_with_a_stop_or_tears_a_word(parts: list[str], width: int) -> None:
    text = "".join(parts)
    longest = max((len(word) for word in re.findall(r"[\x21-\x7e]+", text)), default=0)
    lines = _lines(text, width)
    for before, after in pairwise(lines):
        assert after[0] not in NO_START
        assert before.rstrip()[-1] not in NO_END
        if longest <= width:
            assert not (_WORD.fullmatch(before[-1]) and _WORD.fullmatch(after[0]))


def test_a_word_wider_than_a_line_is_cut_behind_a_sign() -> None:
    assert _lines("<leader|site|branch>", 14) == ["<leader|site|", "branch>"]
    assert _lines("默认 8:30-12:00,14:00-17:30。", 22) == ["默认 ", "8:30-12:00,14:00-", "17:30。"]


@pytest.mark.parametrize("command", sorted(EXAMPLES))
@pytest.mark.parametrize("width", [60, 80])
def test_no_line_of_chinese_help_begins_with_a_stop(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    arguments = (command,) if command != "cadreplan" else ()
    out = cli(*arguments, "--help", "--lang", "zh").out
    cells = [cell.strip() for line in out.splitlines() for cell in re.split(r"│|  +", line)]
    assert [cell for cell in cells if cell[:1] in set("。，、；：？！）")] == []
