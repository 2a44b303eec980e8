"""How attendance is written: headers of columns and marks, in English and Chinese, as sites write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from cadreplan.language import listed, tr

_TITLES = {
    "id": (
        "id", "leader id", "leader no.", "no.", "编号", "工号", "人员编号", "学员编号", "员工编号",
        "职工编号", "学号", "员工号", "职工号",
    ),
    "leader": ("leader", "人员", "学员", "参训人员"),
    "name": ("name", "姓名", "名字", "人员姓名", "学员姓名", "员工姓名"),
    "session": ("session", "session id", "班次", "班次编号", "场次", "场次编号"),
    "result": (
        "result", "attendance", "attended", "present", "结果", "考勤", "考勤结果", "考勤情况", "考勤状态",
        "考勤记录", "出勤", "出勤情况", "出席", "出席情况", "签到", "签到情况", "到课", "到课情况",
        "是否出席", "是否出勤", "是否参加", "是否到课", "是否签到",
    ),
    "levels": ("levels", "level", "等级", "达到等级"),
    "missed": (
        "missed", "hours missed", "missed hours", "hours absent", "缺课学时", "缺勤学时", "缺席学时",
        "请假学时", "缺课时数", "请假时数",
    ),
    "note": ("note", "notes", "备注"),
}  # fmt: skip
"""Meaning of a column → its titles. `missed` are study hours of a session. `leader` holds
ids or names, `id` and `name` what they say."""

_MARKS = {
    "attended": (
        "attended", "present", "came", "late", "yes", "y", "true", "1", "√", "✓", "✔", "☑", "✅",
        "出席", "参加", "出勤", "已到", "到", "到课", "到场", "签到", "已签到", "全勤", "是", "有", "迟到",
        "早退",
    ),
    "absent": (
        "absent", "excused", "on leave", "sick", "no", "n", "false", "0", "×", "✗", "✘", "☒", "❌",
        "缺席", "缺勤", "缺课", "未到", "未参加", "未出席", "未出勤", "未签到", "旷课", "旷工", "请假",
        "病假", "事假", "公假", "年假", "产假", "婚假", "丧假", "否",
    ),
    "passed": ("passed", "pass", "通过", "合格", "及格", "良好", "优秀"),
}  # fmt: skip
"""What came of a seat → how it is written. Whoever was late came; whoever was excused didn't."""

ASIDES = frozenset(("branch", "post", "people", "signature", "支部", "岗位", "人数", "签名", "签字", "序号"))
"""Columns of the lists that are printed for sites: nobody needs to be told that they aren't read."""

_REMARK = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]|[*＊]")
_DASHES = frozenset("-—–－/／\\_")
_NOTHING = frozenset({"", "无", "n/a", "na", "none"})
TOTALS = frozenset({"合计", "小计", "总计", "共计", "应到", "实到", "total", "totals", "sum"})
"""What stands in place of a person in the last rows of many lists."""

_SAID_IN_FULL = 2
"""Modules that are all named in what a session is called; of more of them the first is, and how many."""


def modules_as_called(names: Sequence[str]) -> str:
    """Modules as they stand in what a session is called: `理论概论等4门`."""
    if len(names) <= _SAID_IN_FULL:
        return listed(names)
    return tr("{first} … ({n} modules)", first=names[0], n=len(names))


MEANINGS = {title: meaning for meaning, titles in _TITLES.items() for title in titles}
RESULTS = {mark: result for result, marks in _MARKS.items() for mark in marks}
OFFERED = (
    "√",
    "×",
    "出席",
    "迟到",
    "请假",
    "缺席",
    "合格",
    "attended",
    "late",
    "excused",
    "absent",
    "passed",
)
"""Marks that a message names."""


def bare(text: str) -> str:
    """A text without spaces around, remarks in brackets and stars, full-width letters made narrow."""
    return " ".join(_REMARK.sub("", unicodedata.normalize("NFKC", text)).split())


def plain_title(header: str) -> str:
    """A header as it is compared: bare, in small letters."""
    return bare(header).casefold()


def meaning_of(header: str) -> str | None:
    """What a column is for, by its header; None where that isn't known."""
    title = plain_title(header)
    return MEANINGS.get(title) or MEANINGS.get(title.replace(" ", ""))


def says_nothing(mark: str) -> bool:
    """Whether a cell is as good as empty: a dash, a stroke, 无."""
    return mark.strip().casefold() in _NOTHING or not set(mark.strip()) - _DASHES


def result_of(mark: str) -> str | None:
    """`attended`, `absent` or `passed`; None for what isn't known, a letter x above all.

    It stands for somebody who came where people tick, and for somebody who didn't where they use √ and ×.
    """
    text = "".join(plain_title(mark).split())
    return RESULTS.get(text) or RESULTS.get(plain_title(mark))
