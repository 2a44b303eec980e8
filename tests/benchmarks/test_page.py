"""The part of a page that a benchmark writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.page import BEGIN, END, put


def test_only_what_is_between_the_marks_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put("old\n", page, "Families")
    assert page.read_text(encoding="utf-8") == f"# Families\n\n{BEGIN}\nold\n{END}\n"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    put("new\n", page, "Families")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_a_page_without_marks_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="no lines"):
        put("new\n", page, "Families")
    assert page.read_text(encoding="utf-8") == "no marks"
