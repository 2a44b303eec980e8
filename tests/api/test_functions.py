"""The functions of `cadreplan`: plans from and to files and frames, questions, what a notebook shows."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import cadreplan
from cadreplan import Plan, Roster, UsageError
from tests.api.test_roster import BRANCHES, HEAD, LEADERS, SESSIONS, SITES

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def roster() -> Roster:
    """Three people, one seat in the first session, and who gets none has a name that is markup."""
    sessions = [{**SESSIONS[0], "seats": 1}, SESSIONS[1]]
    other = {"id": "L3", "branch": "N", "role": "secretary", "priority": 2}
    leaders = [{**LEADERS[0], "name": EVIL}, LEADERS[1], other]
    return Roster(**HEAD, sites=SITES, branches=BRANCHES, sessions=sessions, leaders=leaders)


@pytest.fixture(scope="module")
def plan(roster: Roster) -> Plan:
    """The best one, proven."""
    return cadreplan.solve(roster, workers=1, engine="exact")


class _Wellformed(HTMLParser):
    """Counts open tags, and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        assert tag in ("table", "caption", "thead", "tbody", "tr", "th", "td", "pre", "span")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(html: str) -> str:
    parser = _Wellformed()
    parser.feed(html)
    assert parser.open == []
    return parser.text


def test_every_name_that_is_exported_is_there_and_importing_is_quick() -> None:
    assert all(getattr(cadreplan, name) is not None for name in cadreplan.__all__)
    assert callable(cadreplan.check)
    heavy = ("numpy", "pydantic", "rich", "ortools")
    code = f"import sys, cadreplan; print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_no_module_has_the_name_of_a_function() -> None:
    import importlib.util

    functions = [name for name in cadreplan.__all__ if name.islower()]
    assert [name for name in functions if importlib.util.find_spec(f"cadreplan.{name}")] == []


def test_a_plan_is_saved_and_read_by_text_and_by_path(plan: Plan, tmp_path: Path) -> None:
    cadreplan.save(plan, str(tmp_path / "plan.json"))
    assert (
        cadreplan.read_plan(str(tmp_path / "plan.json"))
        == cadreplan.read_plan(tmp_path / "plan.json")
        == plan
    )


@pytest.mark.parametrize(
    ("backend", "kind"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame), (None, pd.DataFrame)]
)
def test_frames_of_a_plan_have_its_rows(plan: Plan, backend: Any, kind: type) -> None:
    frames = plan.to_frames(backend)
    assert all(isinstance(frame, kind) for frame in frames.values())
    sizes = {name: len(frame) for name, frame in frames.items()}
    assert sizes["assignments"] == len(plan.assignments) > 0
    assert sizes["open_gaps"] == len(plan.open_gaps) > 0
    assert sizes["sessions"] == 2
    first = dict(zip(frames["sessions"].columns, frames["sessions"].to_numpy()[0], strict=True))
    assert (first["session"], first["first_day"], first["days"], first["people"]) == (
        "S1",
        "2026-03-09",
        2,
        1,
    )


def test_a_library_of_frames_that_is_none_is_told(plan: Plan) -> None:
    with pytest.raises(UsageError, match="backend: found 'excel', expected pandas or polars"):
        plan.to_frames("excel")  # type: ignore[arg-type]


def test_notebooks_show_rosters_plans_and_reports_as_tables(roster: Roster, plan: Plan) -> None:
    assert "leaders3" in _read(roster._repr_html_())
    assert repr(roster).endswith(f"3 leaders, {len(roster.instance.sessions)} sessions>")
    assert repr(plan).endswith(f"{plan.solver.objective:,} of at most {plan.solver.bound:,} points>")
    assert f"worth{plan.solver.objective:,}" in _read(plan._repr_html_())
    assert _read(cadreplan.check(plan, roster)._repr_html_()).startswith("right")
    wrong = replace(plan, assignments=(*plan.assignments, (EVIL, "S1")))
    html = cadreplan.check(wrong, roster)._repr_html_()
    assert EVIL in _read(html)
    assert EVIL not in html


def test_answers_have_data_a_text_and_a_screen_for_notebooks(roster: Roster, plan: Plan) -> None:
    found = cadreplan.explain(plan, roster, leader="L1")
    assert {gap["skill"] for gap in found.data} == {"T1", "F1"}
    assert [gap["skill"] for gap in cadreplan.explain(plan, roster, leader="L1", skill="T1").data] == ["T1"]
    assert EVIL in _read(found._repr_html_())
    assert EVIL not in found._repr_html_()
    assert "S1" in str(found)
    assert "\x1b" not in str(found)


def test_bottlenecks_tell_the_seat_that_is_missing(roster: Roster, plan: Plan) -> None:
    found = cadreplan.bottlenecks(plan, roster, verified=1, workers=1)
    assert "S1" in json.dumps(found.data)
    assert "S1" in str(found)


def test_differences_and_comparisons_of_plans(roster: Roster, plan: Plan) -> None:
    fewer = cadreplan.solve(
        Roster(**HEAD, sites=SITES, branches=BRANCHES, sessions=SESSIONS, leaders=LEADERS),
        workers=1,
        engine="exact",
    )
    change = cadreplan.diff(plan, fewer)
    assert change.data
    assert str(change).strip()
    beside = cadreplan.compare({"before": plan, "after": fewer})
    assert "before" in str(beside)
    assert cadreplan.compare([plan, fewer]).data
    with pytest.raises(UsageError, match="two plans or more"):
        cadreplan.compare([plan])


def test_replanning_keeps_what_was_frozen_and_moves_nobody_without_need(roster: Roster, plan: Plan) -> None:
    again = cadreplan.replan(plan, roster, freeze_before="2026-04-01", engine="exact", workers=1)
    assert again.assignments == plan.assignments
    assert again.frozen_before == "2026-04-01"
    assert cadreplan.check(again, roster).ok
    with pytest.raises(UsageError, match="freeze_before: found '1 April', expected a date as 2026-04-01"):
        cadreplan.replan(plan, roster, freeze_before="1 April")


def test_a_plan_to_start_from_is_kept_where_nothing_is_better(roster: Roster, plan: Plan) -> None:
    again = cadreplan.solve(roster, start=plan, workers=1, work_limit=0.0, engine="exact")
    assert again.solver.objective >= plan.solver.objective
    wrong = replace(plan, assignments=(*plan.assignments, ("L9", "S1")))
    with pytest.raises(UsageError, match="start: this plan breaks rules of the roster"):
        cadreplan.solve(roster, start=wrong)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"start": 3}, "a plan, the path of one, or None"),
        ({"start": "nothere.json"}, "can't read nothere.json"),
        ({"on_progress": 5}, "a function of one argument"),
    ],
)
def test_what_can_not_be_is_told_with_what_may(wrong: dict[str, Any], expected: str, roster: Roster) -> None:
    with pytest.raises(cadreplan.UsageError, match=expected):
        cadreplan.solve(roster, **wrong)


def test_a_plan_to_start_from_may_be_named_by_its_path(roster: Roster, plan: Plan, tmp_path: Path) -> None:
    cadreplan.save(plan, tmp_path / "plan.json")
    again = cadreplan.solve(roster, workers=1, start=tmp_path / "plan.json")
    assert again.solver.objective == plan.solver.objective


def test_a_move_costs_points_or_nothing(roster: Roster, plan: Plan) -> None:
    with pytest.raises(cadreplan.UsageError, match="a whole number from 0"):
        cadreplan.replan(plan, roster, move_cost=-1)


def test_an_input_error_says_what_is_wrong(roster: Roster) -> None:
    with pytest.raises(cadreplan.InputError) as raised:
        cadreplan.Roster(curriculum={}, horizon="spring", sites=[], branches=[{"id": "B"}], leaders=[])
    assert "found 'spring', expected a date" in str(raised.value)


def test_one_solver_takes_several_rosters(roster: Roster, plan: Plan) -> None:
    with cadreplan.Solver() as solver:
        made = [solver.solve(roster, workers=1, engine="exact") for _ in range(2)]
    assert [one.assignments for one in made] == [plan.assignments] * 2


@pytest.mark.parametrize("ending", ["xlsx", "html"])
def test_exports_are_told_by_their_ending(ending: str, roster: Roster, plan: Plan, tmp_path: Path) -> None:
    target = tmp_path / f"spring.{ending}"
    assert target in cadreplan.export(plan, str(target), roster)
    assert target.stat().st_size > 1000


def test_exports_of_tables_and_lists_of_attendance(roster: Roster, plan: Plan, tmp_path: Path) -> None:
    written = cadreplan.export(plan, tmp_path / "tables", roster, to="csv")
    assert len(written) > 3
    assert all(path.suffix == ".csv" for path in written)
    assert cadreplan.export(plan, tmp_path / "held.xlsx", roster, to="attendance")
    with pytest.raises(
        UsageError, match="to: found 'docx', expected xlsx, html, csv, attendance, ics or notices"
    ):
        cadreplan.export(plan, tmp_path / "spring.docx", roster)


def test_exports_of_calendars_and_notices(roster: Roster, plan: Plan, tmp_path: Path) -> None:
    made = cadreplan.export(plan, tmp_path / "calendars", roster, to="ics")
    assert {path.suffix for path in made} == {".ics"}
    assert len(made) == len({leader for leader, _ in plan.assignments})
    made = cadreplan.export(plan, tmp_path / "notices", roster, to="notices")
    assert {path.suffix for path in made} == {".docx", ".xlsx"}
    assert all(path.is_file() for path in made)


def test_the_roster_of_a_saved_plan_is_found_from_its_folder(tmp_path: Path) -> None:
    source = Path("examples/spring-rotation")
    roster = cadreplan.load(Path(__file__).parents[2] / source / "roster.yaml")
    made = cadreplan.solve(roster, workers=1, time_limit=5, programme=False)
    cadreplan.save(made, tmp_path / "plan.json")
    assert cadreplan.check(tmp_path / "plan.json").ok
