"""What is asked of a drawn roster by norms, waiting and a guarantee, and how two runs are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import norms
from benchmarks.families.registry import FAMILIES
from benchmarks.outcomes import Outcome
from benchmarks.rosters import load
from cadreplan.loading.load import find_problems


def test_variants_differ_in_what_is_asked_alone(tmp_path: Path) -> None:
    drawn = FAMILIES["national"].draw(60, 12, 1)
    found = {v.id: norms.write(drawn, v, 1, tmp_path / v.id) for v in norms.VARIANTS}
    assert not [d for path in found.values() for d in find_problems([path]) if d.severity == "error"]
    plain, everything = load(found["plain"]), load(found["all"])
    assert [one.waited for one in plain.leaders] == [one.waited for one in everything.leaders]
    assert plain.sessions == everything.sessions
    assert not any(one.owes for one in plain.leaders)
    assert all(one.owes for one in everything.leaders)
    asked = (everything.policy.weights.norm, everything.policy.weights.wait, everything.policy.guarantee)
    assert asked == (100, 2000, 1)
    assert load(found["guarantee"]).policy.guarantee == 1
    assert load(found["guarantee"]).policy.weights == plain.policy.weights


def _outcome(*trace: tuple[float, int | None, int | None]) -> Outcome:
    seconds, plan, bound = trace[-1]
    return Outcome("c", "columns", plan, bound, 0, seconds, 100, trace=trace)


def test_times_are_those_to_the_gap_that_both_reach() -> None:
    plain = _outcome((1.0, None, 200), (2.0, 100, 200), (10.0, 180, 200), (20.0, 196, 200))
    slower = _outcome((3.0, 100, 200), (15.0, 180, 200), (20.0, 180, 200))
    rows = norms.table(
        [(norms.VARIANTS[0], plain, ""), (norms.VARIANTS[1], slower, "3 (at least 2)")],
    )
    assert rows[2].startswith("| as drawn | 196 | 2.0 % | +0.000 |  | 2.0 % | 20.0 | 20.0 | 1.00 | never |")
    assert rows[3].startswith(
        "| norms | 180 | 10.0 % | +8.000 | 3 (at least 2) | 10.0 % | 10.0 | 15.0 | 1.50 | never |"
    )


def test_a_size_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        norms.main(["--size", "5000"])
    assert "expected leaders x sessions" in capsys.readouterr().err


def test_a_page_that_can_not_take_the_table_is_refused_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text("by hand", encoding="utf-8")
    with pytest.raises(SystemExit):
        norms.main(["-o", str(page)])
    assert "no lines '<!-- written by the benchmark: begin -->'" in capsys.readouterr().err
