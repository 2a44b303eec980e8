"""The comparison of groups: what each method makes of a class is a division, counted by `check`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.grouping import diverse
from benchmarks.groups import (
    LEAST,
    MOST,
    Row,
    alphabetical,
    best_draw,
    bound_of,
    compared,
    drawn,
    main,
    ours,
    scored,
    table,
    the_class,
)
from cadreplan.goals import GroupGoals
from cadreplan.grouping.problem import goals_of


def test_every_method_makes_as_few_groups_as_hold_everybody() -> None:
    instance = drawn(40, 3)
    for at in (ours(instance, 0.2, 1, 0), alphabetical(instance), best_draw(instance, 0)):
        sizes = Counter(at).values()
        assert len(sizes) == -(-40 // MOST)
        assert all(LEAST <= size <= MOST for size in sizes)
        assert scored(instance, at).like >= bound_of(instance).like


def test_the_score_is_that_of_the_search() -> None:
    instance = drawn(40, 3)
    at = alphabetical(instance)
    assert scored(instance, at) == goals_of(the_class(instance).problem, at)


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    bound, rows = compared(24, seconds=0.2, workers=1, seed=1, work=tmp_path)
    assert [row.method for row in rows if row.note == "not installed"] == [
        "team-formation",
        "anti-clustering",
    ]
    assert table(24, bound, rows).count("not installed") == 2


def test_a_method_that_ends_in_an_error_has_a_row() -> None:
    rows = [Row("slow", None, 9, "none in time")]
    assert "| slow | none in time | | | | | 9.0 |" in table(9, GroupGoals(like=5), rows)


@pytest.mark.parametrize("equal", [True, False])
@pytest.mark.parametrize("kind", ["RanInt", "Geo"])
def test_instances_are_read_as_they_were_written(kind: str, equal: bool, tmp_path: Path) -> None:
    one = diverse.drawn(kind, 120, equal=equal, seed=4)
    path = tmp_path / f"{one.name}.txt"
    diverse.write(one, path)
    again = diverse.read(path)
    assert again.sizes == one.sizes
    assert np.array_equal(again.far, one.far)


@pytest.mark.parametrize("text", ["3 1 xs 3 3\n", "3 2 ss 3 3\n", "3 1 ss 3 3\n0 1\n"])
def test_what_is_no_instance_is_told_with_its_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"one\.txt:[12]: found"):
        diverse.read(path)


def test_drawn_instances_and_those_of_a_folder_are_compared_on_a_page(tmp_path: Path) -> None:
    diverse.write(diverse.drawn("RanInt", 120, equal=True, seed=1), tmp_path / "one.txt")
    page = tmp_path / "page.md"
    line = ["--sizes", "--instances", str(tmp_path), "--drawn", "120:0.2", "--runs", "2", "--seconds", "0.3"]
    assert main([*line, "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "| one | 2 | 0.3 |" in text
    assert "| Geo_n120_ss_01 | 2 | 0.2 |" in text
    assert "$ python -m benchmarks.groups --sizes --instances" in text
