"""The workbook that `init --xlsx` writes: tables to fill in, drop-down lists, and a sheet that explains."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from cadreplan.documents.labels import LABELS, SHEETS
from cadreplan.documents.model import RosterDocument, Row
from cadreplan.documents.spec import Spec
from cadreplan.documents.tree import Map, Seq, Tree

_LAST_ROW = 5000
"""Rows that have drop-down lists and formats."""

_EXPLAINS, _LISTS = "说明", "列表"
_CREATED = datetime(2026, 1, 1)
"""The same input makes the same bytes."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a table: its label, whether it must be filled in, what goes in, and how it is chosen.

    `kind` is "text", "whole", "date", or the name of a list or table whose ids are offered.
    """

    label: str
    required: bool
    what: str
    example: str
    kind: str = "text"


_DAYS = "2026-03-02..2026-03-06; 2026-04-08"
_TABLES: dict[str, tuple[_Column, ...]] = {
    "leaders": (
        _Column("编号", True, "每人一个，不重复", "L001"),
        _Column("姓名", False, "显示用", "林海燕"),
        _Column("支部", True, "所在支部的编号", "EAST", "branches"),
        _Column("岗位", False, "课程文件中的岗位，由此得出所需技能", "secretary", "roles"),
        _Column("技能", False, "现有水平，技能:水平", "theory:2; meetings:1"),
        _Column("短板", False, "要补的技能:权重；填写后不再由岗位得出", "theory:3"),
        _Column("已修", False, "已修课程", "T1; M1"),
        _Column("可用", False, "只能在这些日期外出；空白为全部", _DAYS),
        _Column("不可用", False, "这些日期不能外出", _DAYS),
        _Column("优先级", False, "权重的倍数，默认1", "2", "whole"),
        _Column("人数", False, "同行人数，默认1", "1", "whole"),
        _Column("指定", False, "必须参加的班次", "S1"),
        _Column("排除", False, "不得参加的班次", "S2"),
    ),
    "branches": (
        _Column("编号", True, "每个支部一个，不重复", "EAST"),
        _Column("名称", False, "显示用", "东部分行"),
        _Column("上级", False, "上级支部的编号；顶级留空", "HQ", "branches"),
        _Column("坐标", False, "纬度; 经度", "31.30; 120.58"),
        _Column("最多离岗", False, "含下级，同一天最多离岗人数", "2", "whole"),
    ),
    "sites": (
        _Column("编号", True, "每个地点一个，不重复", "SCHOOL"),
        _Column("名称", False, "显示用", "市党校"),
        _Column("类型", False, "与课程的地点类型对应", "party-school", "kinds"),
        _Column("坐标", False, "纬度; 经度", "32.06; 118.80"),
        _Column("床位", False, "同一天最多住宿人数", "8", "whole"),
        _Column("教室", False, "教室:座位", "R101:6; R102:4"),
        _Column("停用", False, "不办班的日期", _DAYS),
    ),
    "sessions": (
        _Column("编号", True, "每个班次一个，不重复", "S1"),
        _Column("地点", True, "地点的编号", "SCHOOL", "sites"),
        _Column("课程", True, "所上课程", "T1; M1"),
        _Column("开始", True, "第一天", "2026-03-09", "date"),
        _Column("结束", True, "最后一天", "2026-03-10", "date"),
        _Column("名额", True, "最多人数", "6", "whole"),
        _Column("最低人数", False, "应到人数（已定班）或开班人数（备选班）", "3", "whole"),
        _Column("状态", False, "confirmed 已定，candidate 备选", "confirmed", "statuses"),
        _Column("费用", False, "备选班开班扣分", "0", "whole"),
        _Column("面向支部", False, "可参加的支部，含下级；空白为全部", "EAST; WEST"),
        _Column("面向岗位", False, "可参加的岗位；空白为全部", "secretary"),
        _Column("限额", False, "支部:最多人数，含下级", "EAST:2"),
    ),
}
_GUIDE = (
    "填写各表后，在 roster.yaml 中这样引用：leaders: people.xlsx#人员",
    "检查：cadreplan validate roster.yaml    求解：cadreplan solve roster.yaml",
    "带 * 的列必填。一格中写多项用分号隔开：a; b。对应关系写成 键:值，如 theory:2; meetings:1。",
    "日期写成 2026-03-09，日期段写成 2026-03-02..2026-03-06。编号列已设为文本，前导零不会丢失。",
    "请填数值，不要填公式。空行会跳过。示例中的人员均为虚构，请替换。",
    "Fill in the tables and name them in roster.yaml, as in leaders: people.xlsx#人员. A star: required.",
)


def blank_workbook(example: RosterDocument) -> bytes:
    """The workbook, its tables filled with the rows of an example that has a curriculum."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": example.title or "", "created": _CREATED})
    _explain(book)
    lists = _lists_of(example)
    for table, columns in _TABLES.items():
        _table(book, table, columns, example.tables[table].rows, lists)
    _write_lists(book, lists)
    book.close()
    return stream.getvalue()


def _lists_of(example: RosterDocument) -> dict[str, list[str]]:
    curriculum = example.curriculum
    kinds = {kind for _, m in curriculum.modules.valid() for kind in m.site_kinds} if curriculum else set()
    kinds |= {site.kind for _, site in example.sites.valid() if site.kind}
    return {
        "roles": [row.id or "" for row in curriculum.roles.rows] if curriculum else [],
        "kinds": sorted(kinds),
        "statuses": ["confirmed", "candidate"],
        "modules": [row.id or "" for row in curriculum.modules.rows] if curriculum else [],
        "skills": [row.id or "" for row in curriculum.skills.rows] if curriculum else [],
    }


def _explain(book: Any) -> None:
    sheet = book.add_worksheet(_EXPLAINS)
    sheet.fit_to_pages(1, 0)
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.set_column(0, 1, 12)
    sheet.set_column(2, 2, 8)
    sheet.set_column(3, 4, 44)
    for row, line in enumerate(_GUIDE):
        sheet.write_string(row, 0, line)
    row = len(_GUIDE) + 1
    for at, title in enumerate(("工作表", "列", "必填", "填什么", "例")):
        sheet.write_string(row, at, title, head)
    for table, columns in _TABLES.items():
        for column in columns:
            row += 1
            texts = (
                SHEETS[table],
                column.label,
                "是" if column.required else "",
                column.what,
                column.example,
            )
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text)


def _table(
    book: Any,
    table: str,
    columns: Sequence[_Column],
    rows: Sequence[Row[Spec]],
    lists: Mapping[str, Sequence[str]],
) -> None:
    sheet = book.add_worksheet(SHEETS[table])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    head = book.add_format({"bold": True, "bg_color": "#e9eef5", "bottom": 1})
    formats = {
        "whole": book.add_format({"num_format": "0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    as_text = book.add_format({"num_format": "@"})
    for at, column in enumerate(columns):
        format_ = formats.get(column.kind, as_text)
        sheet.set_column(at, at, 14 if column.kind != "text" or at < 2 else 22, format_)
        sheet.write_string(0, at, column.label + "*" * column.required, head)
        rule = _rule(column, lists)
        if rule:
            sheet.data_validation(1, at, _LAST_ROW, at, rule)
        for r, row in enumerate(rows, 1):
            _write(sheet, r, at, column, _cell(row.tree, LABELS[column.label]), format_)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, _LAST_ROW, len(columns) - 1)


def _rule(column: _Column, lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What a spreadsheet checks while a column is filled in; it warns, `validate` judges."""
    hint = {"input_title": column.label, "input_message": f"{column.what}。例：{column.example}"[:255]}
    if column.kind == "whole":
        message = {"error_message": "请填整数", "error_type": "warning"}
        return hint | message | {"validate": "integer", "criteria": ">=", "value": 0}
    if column.kind == "date":
        message = {"error_message": "请填日期", "error_type": "warning"}
        return hint | message | {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
    if column.kind in SHEETS:
        source = f"={SHEETS[column.kind]}!$A$2:$A${_LAST_ROW + 1}"
    elif column.kind in lists:
        letter = "ABCDEFGH"[list(lists).index(column.kind)]
        source = f"={_LISTS}!${letter}$2:${letter}${len(lists[column.kind]) + 1}"
    else:
        return hint | {"validate": "any"}
    return hint | {"validate": "list", "source": source, "error_type": "warning"}


def _write(sheet: Any, row: int, at: int, column: _Column, text: str, format_: Any) -> None:
    if not text:
        return
    if column.kind == "whole":
        sheet.write_number(row, at, int(text), format_)
    elif column.kind == "date":
        sheet.write_datetime(row, at, datetime.fromisoformat(text), format_)
    else:
        sheet.write_string(row, at, text, format_)


def _write_lists(book: Any, lists: Mapping[str, Sequence[str]]) -> None:
    """What the drop-down lists offer, and ids to look up for cells with several."""
    sheet = book.add_worksheet(_LISTS)
    head = book.add_format({"bold": True, "bottom": 1})
    titles = {"roles": "岗位", "kinds": "地点类型", "statuses": "状态", "modules": "课程", "skills": "技能"}
    sheet.set_column(0, len(lists) - 1, 18)
    for at, (name, values) in enumerate(lists.items()):
        sheet.write_string(0, at, titles[name], head)
        for row, value in enumerate(values, 1):
            sheet.write_string(row, at, value)


def _cell(tree: Map, field: str) -> str:
    """A value of a row as a flat table has it."""
    if field in ("start", "end") and field not in tree:
        dates = tree.get("dates")
        first, _, last = str(dates[0]).partition("..") if isinstance(dates, Seq) else ("", "", "")
        return first if field == "start" or not last else last
    return _text(tree.get(field))


def _text(value: Tree) -> str:
    if isinstance(value, Seq):
        return "; ".join(_entry(item) for item in value)
    if isinstance(value, Map):
        return "; ".join(f"{key}:{_text(inner)}" for key, inner in value.items())
    return value or ""


def _entry(item: Tree) -> str:
    """A room is written as its id and seats."""
    if isinstance(item, Map):
        return ":".join(_text(value) for value in item.values())
    return _text(item)
