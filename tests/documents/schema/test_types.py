"""Every type takes exactly its texts, as a whole row sees them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from cadreplan.documents.schema.curriculum import ModuleSpec, SkillSpec, StandardsSpec
from cadreplan.documents.schema.roster import CalendarSpec, PolicySpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import GapSpec, LeaderSpec, OfferingSpec, SessionSpec, SiteSpec
from cadreplan.documents.schema.types import DateRange

MODULE = {"teaches": {"k": "1"}, "hours": "4"}
LEADER = {"id": "L1", "branch": "HQ"}
SESSION = {"id": "S1", "site": "BJ", "modules": ["M"], "seats": "1"}
OFFERING = {"id": "O", "sites": ["BJ"], "modules": ["M"], "days": "1", "seats": "1", "starts": ["2026-03-02"]}
SITE = {"id": "BJ"}


def takes(spec: type[Spec], base: dict[str, Any], field: str, value: Any) -> bool:
    try:
        spec.model_validate(base | {field: value})
    except ValidationError:
        return False
    return True


CASES: list[tuple[type[Spec], dict[str, Any], str, list[Any], list[Any]]] = [
    (
        LeaderSpec,
        LEADER,
        "id",
        ["1", "012", "NO", "1e3", "张伟", "क्षि", "a.b-c_d@e#f", "#1", "_", "é", "e\u0301", "x" * 64],
        [
            "",
            "x" * 65,
            ".a",
            "-a",
            "a b",
            "a:b",
            "a/b",
            "a;b",
            "a,b",
            "中　文",
            "甲：乙",
            "a\n",
            None,
            ["a"],
            {"a": "b"},
        ],
    ),
    (LeaderSpec, LEADER, "pinned", [["x" * 140], []], [["x" * 141], "S1", [None], [["S1"]]]),
    (
        LeaderSpec,
        LEADER,
        "priority",
        ["0", "7", "007", "1000000000000", "-0"],
        ["-1", "1.0", "1_000", "+1", "1e3", "0x1", "yes", "true", "１", "1000000000001", "9" * 30, " 1", ""],
    ),
    (LeaderSpec, LEADER, "headcount", ["1", "500"], ["0", "-1", "1000000001"]),
    (LeaderSpec, LEADER, "max_days", ["0"], ["-1"]),
    (
        LeaderSpec,
        LEADER,
        "skills",
        [{"k": "0"}, {"k": "100"}, {}],
        [{"k": "-1"}, {"k": "101"}, {"k": None}, [], "k"],
    ),
    (
        LeaderSpec,
        LEADER,
        "gaps",
        [{"k": "0"}, {"k": {"level": "1"}}, {"k": {}}, {}],
        [{"k": "-1"}, {"k": {"level": "0"}}, {"k": ["1"]}, {"k": None}, {"k": {"lvl": "1"}}],
    ),
    (LeaderSpec, LEADER, "prefers", [{"S": "-5"}, {"S": "0"}], [{"S": "1.5"}, {"S": "--1"}]),
    (
        LeaderSpec,
        LEADER,
        "location",
        [["90", "-180"], ["-90", "180"], ["39.904", "116.4"], ["30", "120"]],
        [
            ["90.1", "0"],
            ["0", "180.0001"],
            ["1"],
            ["1", "2", "3"],
            ["1e1", "2"],
            [".5", "1"],
            ["1.", "1"],
            "1;2",
        ],
    ),
    (
        LeaderSpec,
        LEADER,
        "available",
        [
            ["2026-03-02"],
            ["2026-03-02..2026-03-02"],
            [{"start": "2026-03-02", "end": "2026-03-03"}],
            ["2024-02-29"],
        ],
        [
            [],
            "2026-03-02",
            ["2026-02-29"],
            ["2026-13-01"],
            ["2026-3-2"],
            ["20260302"],
            ["2026-W10-1"],
            ["2026-03-02T00:00"],
            ["2026-03-03..2026-03-02"],
            ["2026-03-02.."],
            ["..2026-03-02"],
            ["2026-03-02...2026-03-03"],
            ["2026-03-02 .. 2026-03-03"],
            ["1899-12-31"],
            ["3000-01-01"],
            [{"start": "2026-03-02"}],
            [{"start": "2026-03-03", "end": "2026-03-02"}],
            [{"start": "2026-03-02", "end": "2026-03-02", "x": "1"}],
            [None],
        ],
    ),
    (
        LeaderSpec,
        LEADER,
        "name",
        ["王磊", "a\tb", "x" * 500, "yes"],
        ["", "x" * 501, "a\x1b[31m", "a\x85b", ["a"]],
    ),
    (ModuleSpec, MODULE, "core", ["true", "false"], ["yes", "True", "1", "", ["true"]]),
    (ModuleSpec, MODULE, "hours", ["1", "10000"], ["0", "10001"]),
    (ModuleSpec, MODULE, "teaches", [{"k": "1"}, {}], [{"k": "0"}, {"bad id": "1"}, {".k": "1"}]),
    (ModuleSpec, MODULE, "form", ["lecture", "tutorial", "exchange"], ["Lecture", "seminar", ""]),
    (ModuleSpec, MODULE, "method", ["lecture", "seminar", "experiential", "simulation"], ["exchange"]),
    (ModuleSpec, MODULE, "max_seats", ["1"], ["0"]),
    (SkillSpec, {"ability": "a"}, "weight", ["0", "5"], ["-1"]),
    (
        StandardsSpec,
        {},
        "core_share",
        ["0", "1", "0.6", "0.333333", "1.0"],
        ["1.0000001", "-0.1", "60%", "3/5", "1e-1"],
    ),
    (SessionSpec, SESSION, "seats", ["0", "1000000000"], ["-1", None]),
    (SessionSpec, SESSION, "dates", [["2026-03-02"]], [[], "2026-03-02", {"start": "2026-03-02"}]),
    (SessionSpec, SESSION, "modules", [["M"]], [[], "M", {"M": "1"}]),
    (SessionSpec, SESSION, "status", ["confirmed", "candidate"], ["cancelled"]),
    (OfferingSpec, OFFERING, "days", ["1"], ["0"]),
    (
        OfferingSpec,
        OFFERING,
        "starts",
        [["2026-03-02"], {"every": "monday"}, {"every": "sunday", "from": "2026-03-02", "to": None}],
        [
            [],
            "2026-03-02",
            {"every": "Monday"},
            {"from": "2026-03-02"},
            {"every": "monday", "from_": "2026-03-02"},
        ],
    ),
    (SiteSpec, SITE, "rooms", [[], [{"id": "R", "seats": "0"}]], [[{"id": "R"}], ["R"], {"R": "1"}]),
    (PolicySpec, {}, "weights", [{}, {"gap": "0"}], [{"gap": "-1"}, {"gaps": "1"}, "1", []]),
    (CalendarSpec, {}, "country", ["CN", "none"], ["cn", "US"]),
]


@pytest.mark.parametrize(
    ("spec", "base", "field", "inside", "outside"), CASES, ids=lambda case: getattr(case, "__name__", None)
)
def test_exactly_these_texts(
    spec: type[Spec], base: dict[str, Any], field: str, inside: list[Any], outside: list[Any]
) -> None:
    assert [value for value in inside if not takes(spec, base, field, value)] == []
    assert [value for value in outside if value is not None and takes(spec, base, field, value)] == []


def test_nothing_behind_an_optional_key_is_absent() -> None:
    leader = LeaderSpec.model_validate(
        LEADER | {"role": None, "skills": None, "priority": None, "available": None}
    )
    assert (leader.role, leader.skills, leader.priority, leader.available) == (None, {}, 1, None)
    assert GapSpec.model_validate({"level": None}).level is None


@pytest.mark.parametrize("key", ["id", "branch"])
def test_nothing_behind_a_required_key_is_wrong(key: str) -> None:
    assert not takes(LeaderSpec, LEADER, key, None)


def test_unknown_key_with_nothing_behind_it_is_wrong() -> None:
    assert not takes(LeaderSpec, LEADER, "rol", None)


def test_values_are_exact() -> None:
    assert StandardsSpec.model_validate({"core_share": "0.1"}).core_share == Fraction(1, 10)
    leader = LeaderSpec.model_validate(
        LEADER
        | {"available": ["2026-03-02", {"start": "2026-03-04", "end": "2026-03-05"}], "gaps": {"a": "3"}}
    )
    assert leader.available == (
        DateRange(date(2026, 3, 2), date(2026, 3, 2)),
        DateRange(date(2026, 3, 4), date(2026, 3, 5)),
    )
    assert leader.gaps == {"a": 3}
