"""Cells in the habits of people: what can mean one thing only is that, and nothing else is guessed."""

from __future__ import annotations

import pytest

from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import ROW_SPECS
from cadreplan.documents.values.names import Names
from cadreplan.documents.values.plain import Known, plain_cell

NAMES = {
    "branch": Names([("HQ", "总部"), ("P1", "一厂"), ("P2", "二厂"), ("O1", "办公室"), ("O2", "办公室")]),
    "skill": Names([("fire", "消防"), ("crane", "吊装"), ("line", "路线、方针")]),
    "module": Names([("F1", "消防基础"), ("K1", "班前会演练")]),
    "role": Names([("hand", "组员"), ("chief", "班长")]),
    "site": Names([("HALL", "礼堂")]),
    "session": Names([("S1", None)]),
    "session or site": Names([("S1", None), ("HALL", "礼堂")]),
    "site kind": Names([("party-school", None), ("party-school", "党校")]),
}


def plain(table: str, field: str, text: str) -> str:
    spec: type[Spec] = ROW_SPECS[table]
    return plain_cell(spec, field, Known(table, NAMES))(text)


@pytest.mark.parametrize(
    ("table", "field", "text", "expected"),
    [
        ("leaders", "skills", "fire：1；crane：2", "fire:1; crane:2"),
        ("leaders", "skills", "消防:１、吊装:2", "fire:1; crane:2"),
        ("leaders", "skills", "路线、方针:2、消防:1", "line:2; fire:1"),
        ("leaders", "skills", "fire:1, crane:0", "fire:1; crane:0"),
        ("leaders", "skills", "fire:1\ncrane=2级", "fire:1; crane:2"),
        ("leaders", "skills", "{fire: 1}", "fire:1"),
        ("leaders", "skills", "无", ""),
        ("leaders", "completed", "F1，K1", "F1; K1"),
        ("leaders", "completed", "消防基础、班前会演练", "F1; K1"),
        ("leaders", "completed", "F1\nK1", "F1; K1"),
        ("leaders", "completed", "[f1 k1]", "F1; K1"),
        ("leaders", "completed", "—", ""),
        ("leaders", "completed", "《消防基础》、“K1”。", "F1; K1"),
        ("leaders", "completed", "1、消防基础 2、班前会演练", "F1; K1"),
        ("leaders", "completed", "①F1②K1", "F1; K1"),
        ("leaders", "completed", "(1)F1；（2）K1", "F1; K1"),
        ("leaders", "completed", "F1和班前会演练", "F1; K1"),
        ("leaders", "completed", "F1 + K1", "F1; K1"),
        ("leaders", "completed", "F1和X9", "F1和X9"),
        ("leaders", "completed", "F1/K1", "F1/K1"),
        ("leaders", "completed", "F1（8学时）", "F1（8学时）"),
        ("leaders", "skills", "消防（1级）、吊装（2级）", "fire:1; crane:2"),
        ("leaders", "skills", "消防1吊装2", "fire:1; crane:2"),
        ("leaders", "skills", "fire:1 crane:2", "fire:1; crane:2"),
        ("leaders", "skills", "fire 1；crane 2", "fire:1; crane:2"),
        ("leaders", "skills", "消防:二级", "fire:2"),
        ("leaders", "skills", "消防1电工2", "消防1电工2"),
        ("leaders", "skills", "消防-1", "消防-1"),
        ("leaders", "headcount", "三人", "3"),
        ("sessions", "status", "【已定】", "confirmed"),
        ("sessions", "status", "“备 选”。", "candidate"),
        ("sessions", "status", "备选/待定", "备选/待定"),
        ("leaders", "branch", "ｈｑ", "HQ"),
        ("leaders", "branch", "一 厂", "P1"),
        ("leaders", "branch", "P1\u200b", "P1"),
        ("leaders", "role", "班长", "chief"),
        ("leaders", "headcount", "１人", "1"),
        ("leaders", "priority", "2.0", "2"),
        ("leaders", "max_days", "N/A", ""),
        ("leaders", "unavailable", "/", ""),
        ("leaders", "location", "31.2，121.4", "31.2; 121.4"),
        ("leaders", "prefers", "礼堂：-5；s1:3分", "HALL:-5; S1:3"),
        ("leaders", "gaps", "{}", "{}"),
        ("sessions", "status", "已确认", "confirmed"),
        ("sessions", "status", "备选", "candidate"),
        ("sessions", "status", "Confirmed", "confirmed"),
        ("sessions", "start", "2026年3月9日", "2026-03-09"),
        ("sessions", "site", "礼堂", "HALL"),
        ("sessions", "cost", "500元", "500"),
        ("sessions", "quotas", "一厂:2人", "P1:2"),
        ("offerings", "starts", "每周一", "every:monday"),
        ("offerings", "starts", "每周一 3/9/2026", "每周一 3/9/2026"),
        ("offerings", "starts", "每周一；到2026-04-30", "every:monday; to:2026-04-30"),
        ("offerings", "starts", "every：monday；from：2026/3/2", "every:monday; from:2026-03-02"),
        ("offerings", "starts", "2026/3/9、2026/3/16", "2026-03-09; 2026-03-16"),
        ("offerings", "days", "2天", "2"),
        ("sites", "rooms", "R1：40人，R2：60人", "R1:40; R2:60"),
        ("sites", "kind", "党校", "party-school"),
        ("sites", "beds", "20张", "20"),
    ],
)  # fmt: skip
def test_one_meaning_is_read(table: str, field: str, text: str, expected: str) -> None:
    assert plain(table, field, text) == expected


@pytest.mark.parametrize(
    ("table", "field", "text"),
    [
        ("leaders", "branch", "办公室"),  # two have that name
        ("leaders", "branch", "-"),  # must be filled in
        ("leaders", "gaps", "无"),  # none at all, or those of the role?
        ("leaders", "max_days", "无"),  # no day, or no limit?
        ("leaders", "available", "无"),
        ("sites", "beds", "无"),
        ("leaders", "headcount", "1,000"),
        ("leaders", "headcount", "6次"),
        ("leaders", "priority", "高"),
        ("leaders", "unavailable", "3月9日"),
        ("sessions", "status", "待定"),
        ("sessions", "start", "2026-03-09至2026-03-10"),
        ("sites", "kind", "礼堂"),
        ("leaders", "name", "无"),
        ("leaders", "id", "ＡＢ"),
    ],
)
def test_what_is_not_clear_stays(table: str, field: str, text: str) -> None:
    assert plain(table, field, text) == text


def test_an_id_goes_before_a_name() -> None:
    names = {"branch": Names([("A", "B"), ("B", "C")])}
    read = plain_cell(ROW_SPECS["leaders"], "branch", Known("leaders", names))
    assert [read(text) for text in "ABC"] == ["A", "B", "B"]
