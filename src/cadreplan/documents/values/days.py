"""Days as people write them, to the plain form: `2026年3月9日至12日` is `2026-03-09..2026-03-12`.

Only what can mean one thing is read. What lacks its year, or may be the third of September or the ninth of
March, is left to its author; `suggested` then says how to write what was probably meant.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from cadreplan.language import tr

_ITEMS = re.compile(r"[;,、\n\r]|和|及|与|\band\b|&")
_BLANKS = re.compile(r"[^\S\n\r]+")
_UNTIL = r"\s*(?:\.{2,}|…|至|到|~|〜|[—–―−‐-]+|to)\s*"
_MIDNIGHT = r"(?:[T ]\s*0?0:00(?::00(?:\.0+)?)?)?"
_DAY = (
    r"(?P<{0}y>\d{{4}})\s*(?P<{0}s>[-/.年])\s*(?P<{0}m>\d{{1,2}})\s*(?P<{0}t>[-/.月])\s*(?P<{0}d>\d{{1,2}})"
)
_LATER = (
    rf"(?:{_DAY}|(?P<{{0}}m2>\d{{{{1,2}}}})\s*(?P<{{0}}t2>[-/.月])\s*(?P<{{0}}d2>\d{{{{1,2}}}})"
    r"|(?P<{0}d3>\d{{1,2}}))\s*(?P<{0}u>[日号])?"
)
_ITEM = re.compile(rf"{_LATER.format('a')}{_MIDNIGHT}(?:{_UNTIL}{_LATER.format('b')}{_MIDNIGHT})?")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_WEEKDAY = re.compile(r"(?<=[\d日号])\s*\(?(?:周|星期|礼拜)([一二三四五六日天])\)?")
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]{_MONTH},?[ -](\d{{4}})\b")
_MONTH_FIRST = re.compile(rf"(?i)\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_YEAR_LAST = re.compile(r"(?<!\d)(?<!\d[-/.])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_PAIRS = frozenset(("--", "//", "..", "年月"))
"""What stands behind the year and the month of one day."""

_FEW = 4
"""Days that a hint offers in place of one that isn't clear."""
_DAY_NUMBERS = range(36526, 73051)
"""What the days from 2000 to 2099 are to a spreadsheet."""

Span = tuple[date, date]


@lru_cache(maxsize=65536)
def spans(text: str) -> tuple[Span, ...] | None:
    """The ranges of days that a text can only mean, in its order; None for any other."""
    text = _narrow(text)
    found: list[Span] = []
    for item in map(str.strip, _ITEMS.split(_english(text).strip())):
        if not item and found:
            continue  # a separator at the end
        span = _span(item, found[-1][1] if found and "月" in text else None)
        if span is None:
            return None
        found.append(span)
    return tuple(found)


def written(span: Span) -> str:
    """A range in the plain form."""
    first, last = span
    return str(first) if first == last else f"{first}..{last}"


def suggested(text: str, joint: str = "; ", horizon: Span | None = None) -> str:
    """How to write what looks like days, or nothing; `horizon` tells the year where there is none.

    `joint` stands between days that are a list of them.
    """
    found = spans(text)
    if found is not None:
        plain = joint.join(map(written, found))
        return tr("write {instead}", instead=plain) if plain != text else ""
    narrow = _narrow(text)
    if narrow.isascii() and narrow.isdecimal() and int(narrow[:9]) in _DAY_NUMBERS:
        day = date(1899, 12, 30) + timedelta(days=int(narrow))
        return tr("write {day}, if this is a spreadsheet's number for a day", day=day)
    meant = _ways(narrow, horizon)
    if horizon is not None:
        first, last = horizon
        meant = [way for way in meant if all(first <= a and b <= last for a, b in way)] or meant
    ways = [joint.join(map(written, way)) for way in meant]
    return tr("write {instead}", instead=tr(" or ").join(dict.fromkeys(ways))) if ways else ""


def suggested_day(text: str, horizon: Span | None = None) -> str:
    """The same where one day belongs: of a range or a list each end, or each day, may be meant."""
    narrow = _narrow(text)
    if narrow.isascii() and narrow.isdecimal() and spans(text) is None:
        return suggested(text, horizon=horizon)
    ends = _FROM.fullmatch(narrow) or _TO.fullmatch(narrow)
    bare = next(filter(None, ends.groups()), narrow) if ends else narrow
    found = spans(bare)
    ways = [found] if found is not None else _ways(bare, horizon)
    each = dict.fromkeys(str(day) for way in ways for span in way for day in span)
    return tr("write {instead}", instead=tr(" or ").join(each)) if each and len(each) <= _FEW else ""


def _narrow(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _english(text: str) -> str:
    """Days whose month is a word, or whose year stands last and that have one meaning, turned round."""

    def day_first(found: re.Match[str]) -> str:
        return f"{found[3]}-{_MONTHS.index(found[2].lower()) + 1}-{found[1]}"

    def month_first(found: re.Match[str]) -> str:
        return f"{found[3]}-{_MONTHS.index(found[1].lower()) + 1}-{found[2]}"

    def year_last(found: re.Match[str]) -> str:
        one, other = int(found[1]), int(found[3])
        if one <= 12 and other <= 12 and one != other:
            return found[0]
        return f"{found[4]}-{min(one, other) if max(one, other) > 12 else one}-{max(one, other)}"

    if text.isascii():
        text = _DAY_FIRST.sub(day_first, text)
        text = _MONTH_FIRST.sub(month_first, text)
        text = _YEAR_LAST.sub(year_last, text)
    return text


def _span(item: str, before: date | None) -> Span | None:
    """The range that one item means; `before` is the day before it in a list that says the year once."""
    named = [_WEEKDAYS[name] for name in _WEEKDAY.findall(item)]
    item = _COMPACT.sub(r"\1-\2-\3", _WEEKDAY.sub("", item))
    found = _ITEM.fullmatch(item)
    if found is None:
        return None
    first = _day(found, "a", before)
    last = first
    if first is not None and any(found[f"b{part}"] for part in ("y", "m2", "d3")):
        last = _day(found, "b", first)
    if first is None or last is None:
        return None
    if named and named != [day.weekday() for day in (first, last)[: len(named)]]:
        return None
    if last < first and not found["by"]:
        return None  # of the next year, or a mistake
    return first, last


def _day(found: re.Match[str], side: str, before: date | None) -> date | None:
    """One end of a range; what it leaves out is that of `before`."""
    year, month, day = found[f"{side}y"], found[f"{side}m"], found[f"{side}d"]
    if year is not None:
        if found[f"{side}s"] + found[f"{side}t"] not in _PAIRS:
            return None
    elif before is None:
        return None
    else:
        year, month, day = before.year, found[f"{side}m2"] or before.month, found[f"{side}d2"]
        day = day or found[f"{side}d3"]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _ways(text: str, horizon: Span | None) -> list[tuple[Span, ...]]:
    """What a text that isn't clear may mean, the likeliest first."""
    without_time = re.sub(r"\s*(?:[T ]\s*\d{1,2}:\d\d(?::\d\d)?|上午|下午|全天|[ap]m)\s*$", "", text)
    month = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", text)
    tries = [without_time] if without_time != text else []
    if month and 1 <= int(month[2]) <= 12:
        begins = date(int(month[1]), int(month[2]), 1)
        n_days = calendar.monthrange(begins.year, begins.month)[1]
        first, last = begins, begins.replace(day=n_days)
        if horizon and first <= horizon[1] and horizon[0] <= last:
            first, last = max(first, horizon[0]), min(last, horizon[1])
        tries.append(f"{first}..{last}")
    if turned := _YEAR_LAST.search(text):
        one, other, year = turned[1], turned[3], turned[4]
        tries += [_YEAR_LAST.sub(f"{year}-{m}-{d}", text, 1) for m, d in ((one, other), (other, one))]
    tries += [*_with_year(text, horizon), *_open_ended(text, horizon), *_other_weekday(text)]
    days = re.findall(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", text)
    if len(days) == 2 and re.fullmatch(r"[\s/]+", text.replace(days[0], "", 1).replace(days[1], "", 1)):
        tries += ["; ".join(days), "..".join(days)]
    if next_year := re.fullmatch(rf"(\d{{4}})(.+?)({_UNTIL})(\d{{1,2}}[-/.月].+)", text):
        later = f"{int(next_year[1]) + 1}{next_year[2][0]}{next_year[4]}"
        tries.append(f"{next_year[1]}{next_year[2]}..{later}")
    return [found for way in tries if (found := spans(way)) and all(a <= b for a, b in found)]


_FROM = re.compile(r"(?:从|自)?(.+?)\s*(?:起|开始)")
_TO = re.compile(r"(?:截至|截止|至|到)?(.+?)\s*(?:止|为止)|(?:截至|截止|至|到)(.+)")


def _open_ended(text: str, horizon: Span | None) -> list[str]:
    """A range that says one end alone, to or from that of the horizon."""
    if horizon is None:
        return []
    begins, ends = _FROM.fullmatch(text), _TO.fullmatch(text)
    said = begins[1] if begins else (ends[1] or ends[2]) if ends else ""
    found = spans(said) or next(filter(None, map(spans, _with_year(said, horizon))), None)
    if not found:
        return []
    return [f"{found[0][0]}..{horizon[1]}" if begins else f"{horizon[0]}..{found[0][1]}"]


def _other_weekday(text: str) -> list[str]:
    """A day with the name of another weekday: that day, or the one of the same week with that name."""
    named = _WEEKDAY.findall(text)
    found = spans(_WEEKDAY.sub("", text)) if len(named) == 1 else None
    if found is None or len(found) > 1 or found[0][0] != found[0][1]:
        return []
    [(day, _)] = found
    return [str(day), str(day + timedelta(days=_WEEKDAYS[named[0]] - day.weekday()))]


def _with_year(text: str, horizon: Span | None) -> list[str]:
    """A day without a year, or with two digits of one, in the years of the horizon."""
    years = range(horizon[0].year, horizon[1].year + 1) if horizon else range(0)
    short = re.match(r"(\d\d)([-/.年]\d{1,2}[-/.月]\d{1,2}.*)", text)
    if short and 2000 + int(short[1]) in years:
        return [f"20{text}"]
    if not re.match(r"\d{1,2}\s*[月/.-]\s*\d", text):
        return []
    ways = [f"{year}{'年' if '月' in text else re.sub('[0-9 ]', '', text)[0]}{text}" for year in years]
    inside = [w for w in ways if horizon and (f := spans(w)) and horizon[0] <= f[0][0] <= horizon[1]]
    return inside or ways[:1]
