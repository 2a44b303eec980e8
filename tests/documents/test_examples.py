"""Files in `tests/examples`: good ones have no findings, bad ones exactly those they expect.

Dropping a file in makes a test. A bad file says what is wrong with it in comments, one a finding:
`# expect LINE:COLUMN RULE`, or `# expect FILE LINE:COLUMN RULE` for one in a table it names.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cadreplan.loading.load import find_problems

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_EXPECT = re.compile(r"(?m)^# expect (?:(\S+) )?(\d+):(\d+) ([a-z-]+)$")


def files(folder: str) -> list[Path]:
    return sorted((EXAMPLES / folder).glob("*.yaml"))


@pytest.mark.parametrize("file", files("good"), ids=lambda file: file.stem)
def test_good_example(file: Path) -> None:
    assert find_problems([file]) == []


@pytest.mark.parametrize("file", files("bad"), ids=lambda file: file.stem)
def test_bad_example(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    expected = [
        (name or file.name, int(line), int(column), rule)
        for name, line, column, rule in _EXPECT.findall(text)
    ]
    found = [(Path(d.file).name, d.line, d.column, d.rule) for d in find_problems([file])]
    assert expected
    assert sorted(found) == sorted(expected)


def test_there_are_examples() -> None:
    assert len(files("good")) >= 5
    assert len(files("bad")) >= 40
