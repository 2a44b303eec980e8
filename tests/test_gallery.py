"""The gallery shows what the program makes today."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.gallery import make, planner

PAGES = ("start-from-excel.md", "start-from-excel.zh.md")


def test_the_gallery_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["--check"]) == 0, capsys.readouterr().out


def test_a_file_that_differs_is_stale(tmp_path: Path) -> None:
    assert not make.same(tmp_path / "spring.xlsx", b"")
    (tmp_path / "a.csv").write_bytes(b"1")
    assert make.same(tmp_path / "a.csv", b"1")
    assert not make.same(tmp_path / "a.csv", b"2")


def test_screens_are_pictures_without_outside_fonts() -> None:
    for path in sorted(make.FOLDER.rglob("*.svg")):
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert text.count("http") == 1, path.name  # the name space


@pytest.mark.parametrize("name", PAGES)
def test_the_planners_page_shows_each_step_in_its_language(name: str) -> None:
    page = make.FOLDER.parent / name
    text = page.read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert all((page.parent / picture).is_file() for picture in shown)
    language = "zh" if ".zh." in name else "en"
    steps = {"solve", *(step.name for step in planner.STEPS)}
    assert {Path(p).stem for p in shown if f"excel/{language}/" in p} == steps
    other = "en" if language == "zh" else "zh"
    assert f"excel/{other}/" not in text


def test_both_planners_pages_have_the_same_commands() -> None:
    found = []
    for name in PAGES:
        text = (make.FOLDER.parent / name).read_text(encoding="utf-8")
        blocks = re.findall(r"```sh\n(.*?)```", text, re.S)
        lines = [line.split("#")[0].split() for block in blocks for line in block.splitlines()]
        found.append([[part for part in line if part not in {"--lang", "zh"}] for line in lines])
    assert found[0] == found[1]
