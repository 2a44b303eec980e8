"""Rosters made of maps, specs and data frames are those that files would give."""

from __future__ import annotations

import math
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import cadreplan
from cadreplan import InputError, Roster, UsageError
from cadreplan.loading.given import as_cell, as_text

CURRICULUM: dict[str, Any] = {
    "abilities": {"theory": {"name": "Theory"}},
    "skills": {"T1": {"ability": "theory"}, "F1": {"ability": "theory", "weight": 3}},
    "modules": {
        "M1": {"teaches": {"T1": 2}, "hours": 8},
        "M2": {"teaches": {"F1": 1}, "hours": 16, "requires": [["M1"]]},
    },
    "roles": {"secretary": {"name": "支部书记", "needs": {"T1": 2, "F1": 1}}},
}
SITES = [{"id": "BJ", "location": [39.9, 116.4], "beds": 40, "rooms": [{"id": "R1", "seats": 30}]}]
BRANCHES = [{"id": "HQ", "max_away": 5}, {"id": "N", "parent": "HQ"}]
SESSIONS = [
    {"id": "S1", "site": "BJ", "modules": ["M1"], "dates": [date(2026, 3, 9), "2026-03-10"], "seats": 2},
    {"id": "S2", "site": "BJ", "modules": ["M2"], "start": "2026-04-06", "end": "2026-04-09", "seats": 30},
]
LEADERS = [
    {"id": "L1", "branch": "N", "role": "secretary", "skills": {"T1": 1}},
    {"id": "L2", "branch": "HQ", "role": "secretary", "completed": ["M1"], "priority": 2},
]
HEAD: dict[str, Any] = {"curriculum": CURRICULUM, "horizon": "2026-03-02..2026-06-26"}

FILES = """cadreplan: 1
kind: roster
curriculum: curriculum.yaml
horizon: 2026-03-02..2026-06-26
sites: [{id: BJ, location: [39.9, 116.4], beds: 40, rooms: [{id: R1, seats: 30}]}]
branches: [{id: HQ, max_away: 5}, {id: N, parent: HQ}]
sessions:
- {id: S1, site: BJ, modules: [M1], dates: [2026-03-09, 2026-03-10], seats: 2}
- {id: S2, site: BJ, modules: [M2], start: 2026-04-06, end: 2026-04-09, seats: 30}
leaders:
- {id: L1, branch: N, role: secretary, skills: {T1: 1}}
- {id: L2, branch: HQ, role: secretary, completed: [M1], priority: 2}
"""
CURRICULUM_FILE = """cadreplan: 1
kind: curriculum
abilities: {theory: {name: Theory}}
skills: {T1: {ability: theory}, F1: {ability: theory, weight: 3}}
modules:
  M1: {teaches: {T1: 2}, hours: 8}
  M2: {teaches: {F1: 1}, hours: 16, requires: [[M1]]}
roles: {secretary: {name: 支部书记, needs: {T1: 2, F1: 1}}}
"""


def _roster(**other: Any) -> Roster:
    tables = {"sites": SITES, "branches": BRANCHES, "sessions": SESSIONS, "leaders": LEADERS}
    return Roster(**{**HEAD, **tables, **other})


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The same roster in files."""
    (tmp_path / "roster.yaml").write_text(FILES, encoding="utf-8")
    (tmp_path / "curriculum.yaml").write_text(CURRICULUM_FILE, encoding="utf-8")
    return tmp_path / "roster.yaml"


def test_maps_give_the_instance_of_the_files(files: Path) -> None:
    assert _roster().instance == cadreplan.load(files).instance


def test_wishes_for_classes_and_groups_give_the_instance_of_the_files(files: Path) -> None:
    wishes = "mix: [{tag: role, value: secretary, each: class, at_most: 50%}]\n"
    wishes += "ties: [{leaders: [L1, L2], kind: apart, each: day}]\n"
    files.write_text(FILES + wishes, encoding="utf-8")
    mix = [cadreplan.MixSpec(tag="role", value="secretary", each="class", at_most="50%")]
    made = _roster(mix=mix, ties=[{"leaders": ["L1", "L2"], "kind": "apart", "each": "day"}])
    assert made.instance == cadreplan.load(files).instance
    assert made.instance.mix
    assert made.instance.ties


def test_discussion_groups_of_a_spec_are_read(files: Path) -> None:
    written = {"id": "S1", "site": "BJ", "modules": ["M1"], "dates": ["2026-03-09"], "seats": "2"}
    spec = cadreplan.SessionSpec(**written, groups="8..12")
    assert _roster(sessions=[spec]).instance.sessions[0].groups == (8, 12)


def test_files_are_validated_together(files: Path) -> None:
    assert cadreplan.validate(files) == list(cadreplan.load(files).warnings)
    files.write_text(FILES.replace("branch: N", "branch: M"), encoding="utf-8")
    found = cadreplan.validate(str(files), files.parent / "curriculum.yaml")
    assert [one.rule for one in found if one.is_error] == ["unknown-reference"]
    assert cadreplan.validate(files, ignore=["unknown-reference"], select=["unknown-reference"]) == []
    with pytest.raises(UsageError, match="there is no rule 'nonsense'"):
        cadreplan.validate(files, select=["nonsense"])


def test_the_curriculum_may_be_a_file(files: Path) -> None:
    given = _roster(curriculum=files.with_name("curriculum.yaml"))
    assert given.instance == cadreplan.load(files).instance


def test_specs_give_the_instance_of_the_files(files: Path) -> None:
    sessions = [
        cadreplan.SessionSpec.model_validate(
            {"id": "S1", "site": "BJ", "modules": ["M1"], "dates": ["2026-03-09..2026-03-10"], "seats": "2"}
        ),
        SESSIONS[1],
    ]
    leaders = [
        cadreplan.LeaderSpec(id="L1", branch="N", role="secretary", skills={"T1": "1"}),  # type: ignore[dict-item]
        LEADERS[1],
    ]
    given = _roster(sessions=sessions, leaders=leaders, policy=cadreplan.PolicySpec())
    assert given.instance == cadreplan.load(files).instance


def _frames(library: Any) -> dict[str, Any]:
    return {
        "sites": library.DataFrame(
            {"id": ["BJ"], "location": ["39.9; 116.4"], "beds": [40], "rooms": ["R1:30"]}
        ),
        "branches": library.DataFrame({"编号": ["HQ", "N"], "max_away": [5.0, None], "parent": [None, "HQ"]}),
        "sessions": library.DataFrame(
            {
                "id": ["S1", "S2"],
                "site": ["BJ", "BJ"],
                "modules": [["M1"], ["M2"]],
                "dates": ["2026年3月9日至3月10日", None],
                "start": [None, date(2026, 4, 6)],
                "end": [None, date(2026, 4, 9)],
                "seats": [2, 30],
            }
        ),
        "leaders": library.DataFrame(
            {
                "id": ["L1", "L2"],
                "支部": ["N", "HQ"],
                "role": ["支部书记", "secretary"],
                "skills": ["T1:1", ""],
                "completed": [None, "M1"],
                "priority": [None, 2],
            }
        ),
    }


@pytest.mark.parametrize("library", [pd, pl], ids=["pandas", "polars"])
def test_frames_give_the_instance_of_the_files(library: Any, files: Path) -> None:
    assert Roster.from_frames(**HEAD, **_frames(library)).instance == cadreplan.load(files).instance


def test_a_lazy_frame_is_read(files: Path) -> None:
    given = _roster(leaders=pl.LazyFrame(_frames(pl)["leaders"]))
    assert given.instance == cadreplan.load(files).instance


def test_findings_name_the_table_and_the_row() -> None:
    wrong = [LEADERS[0], {**LEADERS[1], "branch": "NOWHERE", "rol": "x"}]
    with pytest.raises(InputError) as raised:
        _roster(leaders=wrong)
    places = {(one.file, one.line, one.rule) for one in raised.value.diagnostics}
    assert ("leaders", 2, "unknown-key") in places
    assert ("leaders", 2, "unknown-reference") in places or any(
        file == "leaders" and line == 2 and "NOWHERE" in one.message
        for one in raised.value.diagnostics
        for file, line in [(one.file, one.line)]
    )


def test_findings_in_a_frame_are_on_the_line_of_a_file_of_it() -> None:
    frame = _frames(pd)["leaders"]
    frame.loc[1, "priority"] = -2
    with pytest.raises(InputError) as raised:
        _roster(leaders=frame)
    assert [(one.file, one.line) for one in raised.value.diagnostics] == [("leaders", 3)]


def test_a_plan_of_it_is_made_checked_and_told_from_that_of_another() -> None:
    roster = _roster()
    plan = cadreplan.solve(roster, workers=1, engine="exact")
    assert plan.solver.status == "optimal"
    assert cadreplan.check(plan, roster).ok
    assert cadreplan.check(plan, _roster()).ok  # the same values give the same hash
    other = _roster(leaders=LEADERS[:1])
    assert any(found.rule == "roster" for found in cadreplan.check(plan, other).violations)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (30.0, "30"),
        (39.9, "39.9"),
        (np.int64(3), "3"),
        (np.float64("nan"), None),
        (math.nan, None),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Timestamp("2026-03-09"), "2026-03-09"),
        (datetime(2026, 3, 9), "2026-03-09"),
        (date(2026, 3, 9), "2026-03-09"),
        (True, "true"),
        (None, None),
        ("", None),
    ],
)
def test_a_value_is_written_as_in_a_file(value: object, text: str | None) -> None:
    assert as_text(value) == text


def test_lists_and_maps_in_cells_are_written_as_in_a_table() -> None:
    assert as_cell(["M1", "M2"]) == "M1; M2"
    assert as_cell(np.array(["M1"])) == "M1"
    assert as_cell(pl.Series(["M1", "M2"])) == "M1; M2"
    assert as_cell({"T1": 2, "F1": None}) == "T1:2"
    assert as_cell([{"id": "R1", "seats": 30}]) == "R1:30"


def test_what_nothing_can_be_made_of_is_told() -> None:
    with pytest.raises(
        UsageError, match="leaders: found int, expected a list of maps, a data frame or a path"
    ):
        _roster(leaders=3)
    with pytest.raises(UsageError, match="found complex, which can't be written in a roster"):
        _roster(leaders=[{"id": 1j}])
    with pytest.raises(UsageError, match="curriculum: found list"):
        _roster(curriculum=[])
