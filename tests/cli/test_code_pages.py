"""On a Chinese Windows text is GBK (code page 936) where nobody says otherwise: here everybody does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.base import example

_LINES = (
    ("init", "新的"),
    ("validate", "."),
    ("validate", "roster.yaml", "--diff"),
    ("solve", "roster.yaml", "-o", "计划.json", "--engine", "exact", "--workers", "1"),
    ("check", "plan.json", "--format", "sarif"),
    ("show", "plan.json"),
    ("diff", "plan.json", "plan.json"),
    ("export", "plan.json", "--to", "csv", "-o", "表"),
    ("export", "plan.json", "--to", "html"),
    ("export", "plan.json", "--to", "ics"),
    ("schema", "roster"),
)


@pytest.mark.parametrize("line", _LINES, ids=lambda line: "-".join(line[:1] + line[2:4]))
def test_no_text_is_read_or_written_in_the_encoding_of_the_system(
    line: tuple[str, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "名册"  # nor is a path ever of ASCII alone
    folder.mkdir()
    example(folder)
    ran = subprocess.run(
        [
            sys.executable,
            "-X",
            "warn_default_encoding",
            "-W",
            "error::EncodingWarning",
            "-m",
            "cadreplan",
            *line,
        ],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "gbk"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr.decode("gbk")
    assert b"EncodingWarning" not in ran.stderr
