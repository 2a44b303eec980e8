"""Tags of leaders: what is meant by one that nobody has, and one finding a file for a reserved name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.base import problems_of

_PEOPLE = """\
leaders:
  - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
  - {id: L2, branch: HQ, role: secretary, tags: {gender: m}}
"""


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("service", "leaders have: gender; a column of the table is headed tags.service"),
        ("gander", "did you mean 'gender'?"),
        ("'branch:7'", "leaders have: branch, role"),
    ],
)
def test_what_a_tag_that_nobody_has_may_be(tag: str, hint: str, tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"{_PEOPLE}policy: {{groups: {{{tag}: 1}}}}\n")
    (told,) = (d for d in found if d.rule == "tag-nobody-has")
    assert told.hint is not None
    assert told.hint.startswith(hint)


def test_a_column_that_is_no_tag_yet_is_told_how_to_become_one(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,branch,role,gender\nL1,HQ,secretary,f\n", encoding="utf-8")
    found = problems_of(tmp_path, "leaders: people.csv\npolicy: {groups: {gender: 1}}\n")
    (told,) = (d for d in found if d.rule == "tag-nobody-has")
    assert told.hint == "a column of the table is headed tags.gender"


def test_a_tag_of_a_reserved_name_is_told_once_a_file(tmp_path: Path) -> None:
    found = problems_of(tmp_path, _PEOPLE.replace("gender", "role"))
    assert [d.rule for d in found].count("reserved-tag") == 1


def test_a_share_beyond_all_is_no_number_of_people(tmp_path: Path) -> None:
    piece = f"{_PEOPLE}mix: [{{tag: gender, value: f, each: class, at_least: 130%}}]\n"
    (told,) = (d for d in problems_of(tmp_path, piece) if d.rule == "wrong-value")
    assert told.hint == ""
