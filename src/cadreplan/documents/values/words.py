"""Words of the language of people for what a field takes: enumerations, yes and no, nothing, ticks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from cadreplan.language import Language, current

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "status": {
        "confirmed": (
            "已定",
            "已确认",
            "确认",
            "确定",
            "已确定",
            "已定班",
            "定班",
            "固定",
            "确定开班",
            "已定开班",
        ),
        "candidate": ("备选", "候选", "备选班", "候选班", "备用"),
    },
    "every": {
        day: tuple(f"{week}{sign}" for week in ("周", "星期", "礼拜", "每周", "每星期") for sign in signs)
        for day, signs in zip(_DAYS, ("一", "二", "三", "四", "五", "六", "日天"), strict=True)
    },
    "form": {
        "lecture": ("集中授课", "授课"),
        "tutorial": ("专题辅导", "辅导"),
        "exchange": ("交流研讨", "交流"),
    },
    "method": {
        "lecture": ("讲授", "讲授式"),
        "seminar": ("研讨", "研讨式"),
        "experiential": ("体验", "体验式"),
        "simulation": ("模拟", "模拟式"),
    },
    "calendar": {"CN": ("中国", "中国大陆", "法定"), "none": ("无", "没有", "周一至周五")},
    "kind": {"apart": ("分开", "分", "不同"), "together": ("一起", "同")},
    "each": {
        "day": ("天", "日", "同一天"),
        "class": ("班", "班次", "课"),
        "group": ("组", "小组", "讨论组"),
    },
    "hard": {"true": ("是", "yes", "y"), "false": ("否", "no", "n")},
    "alone": {"true": ("是", "yes", "y"), "false": ("否", "no", "n")},
    "core": {"true": ("是", "√", "✓", "✔", "yes", "y", "主课"), "false": ("否", "no", "n")},
}
"""For each field with fixed words: the word, and what is said for it in Chinese."""

BLANK = frozenset(("-", "--", "—", "——", "–", "/", "//", "\\", "n/a", "na"))
"""What stands in a cell that has nothing to say."""
NONE = frozenset(("无", "没有", "暂无", "none", "nil"))
"""What says that there is nothing: not always the same as an empty cell."""
TICKS = frozenset(("√", "✓", "✔", "☑", "x", "是", "有", "y", "yes", "true"))
NO_TICKS = frozenset(("否", "✗", "✘", "n", "no", "false", "☐"))

TOTALS = re.compile(
    r"(?i)(?:(?:人数|名额|学时)?\s*(?:合\s*计|小\s*计|总\s*计|汇\s*总|共\s*计|累\s*计)|平\s*均[值数]?"
    r"|(?:grand |sub-?)?totals?|sum|average)\s*(?:[:：(（].*|\d+\s*[人名]?)?"
)
"""What a row of sums begins with."""
FOOTERS = re.compile(
    r"(?:填表人|制表人?|审核人?|审批人?|复核人?|负责人|联系人|经办人|填报\w*|签字|盖章|备注|说明|注)\s*[:：].*"
)
"""What a line below a table begins with that is no row of it."""


_AROUND = re.compile(
    r"""^[\s【\[(“"'《「]+|[\s】\])”"'》」。.]+$|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"""
)
"""What may stand around a word, or, as a blank, between its characters, and says nothing."""


def in_words(field: str, word: str) -> str:
    """A fixed word of a field, for who reads Chinese with what is said for it: `candidate（备选）`."""
    said = CHOICES.get(field, {}).get(word, ())
    return f"{word}（{said[0]}）" if said and current() is Language.ZH else word


def choice(field: str, text: str, choices: Sequence[str] = ()) -> str | None:
    """The fixed word of a field that a text says; None where it says none."""
    said = _AROUND.sub("", unicodedata.normalize("NFKC", text)).casefold()
    for word in choices or CHOICES.get(field, ()):
        if said == word.casefold() or said in CHOICES.get(field, {}).get(word, ()):
            return word
    return None
