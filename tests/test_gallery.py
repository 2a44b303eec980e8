"""The gallery shows what the program makes today."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.gallery import make


def test_the_gallery_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert make.main(["--check"]) == 0, capsys.readouterr().out


def test_a_file_that_differs_is_stale(tmp_path: Path) -> None:
    assert not make.same(tmp_path / "spring.xlsx", b"")
    (tmp_path / "a.csv").write_bytes(b"1")
    assert make.same(tmp_path / "a.csv", b"1")
    assert not make.same(tmp_path / "a.csv", b"2")


def test_screens_are_pictures_without_outside_fonts() -> None:
    for path in sorted((make.FOLDER / "screens").glob("*.svg")):
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).tag.endswith("svg")
        assert text.count("http") == 1, path.name  # the name space
