"""Days as people write them: one meaning is read, several are left, and hints say how to write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadreplan.documents.values.days import spans, suggested, suggested_day, written

HORIZON = (date(2026, 3, 2), date(2026, 4, 30))


def plain(text: str) -> str | None:
    found = spans(text)
    return None if found is None else "; ".join(map(written, found))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-09",
        "2026-3-9",
        "2026/3/9",
        "2026.3.9",
        "2026年3月9日",
        "2026 年 3 月 9 日",
        "２０２６－０３－０９",
        "20260309",
        "2026-03-09 00:00:00",
        "2026-03-09T00:00",
        "2026年3月9日（周一）",
        "2026年3月9日 星期一",
        "9 March 2026",
        "Mar 9, 2026",
        "2026-03-09;",
    ],
)
def test_a_day_in_every_usual_way(text: str) -> None:
    assert plain(text) == "2026-03-09"


@pytest.mark.parametrize("until", ["..", "至", "到", "~", "～", "—", "——", "–", "-", " - ", " to "])
@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-09", "2026-03-12"), ("2026/3/9", "3/12"), ("2026年3月9日", "12日"), ("2026.3.9", "12")],
)
def test_a_range_with_every_usual_sign(first: str, until: str, last: str) -> None:
    assert plain(f"{first}{until}{last}") == "2026-03-09..2026-03-12"


@pytest.mark.parametrize("joint", [";", "；", ",", "，", "、", "\n", "\r\n", "; ", "和"])
def test_two_days_are_never_a_range(joint: str) -> None:
    assert plain(f"2026-03-09{joint}2026-03-12") == "2026-03-09; 2026-03-12"


def test_a_list_says_the_month_once() -> None:
    assert plain("2026年3月9、10、16日-17日") == "2026-03-09; 2026-03-10; 2026-03-16..2026-03-17"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("3月9日", "write 2026-03-09"),
        ("3月9日-10日", "write 2026-03-09..2026-03-10"),
        ("3/9/2026", "write 2026-03-09"),
        ("11/3/2026", "write 2026-03-11"),
        ("5/6/2026", "write 2026-05-06 or 2026-06-05"),
        ("26/3/9", "write 2026-03-09"),
        ("2026年3月", "write 2026-03-02..2026-03-31"),
        ("2026-03-09 上午", "write 2026-03-09"),
        ("2026-03-09/2026-03-12", "write 2026-03-09; 2026-03-12 or 2026-03-09..2026-03-12"),
        ("2026年12月30日-1月2日", "write 2026-12-30..2027-01-02"),
        ("46090", "write 2026-03-09, if this is a spreadsheet's number for a day"),
        ("2026年3月9日（周二）", "write 2026-03-09 or 2026-03-10"),
        ("2026-03-09起", "write 2026-03-09..2026-04-30"),
        ("3月9日起", "write 2026-03-09..2026-04-30"),
        ("至3月12日", "write 2026-03-02..2026-03-12"),
        ("至2026年3月12日", "write 2026-03-02..2026-03-12"),
        ("2026-03-12止", "write 2026-03-02..2026-03-12"),
        ("2026-03-09以后", ""),
        ("春节起", ""),
        ("周一", ""),
        ("3月中旬", ""),
        ("2026-02-30", ""),
        ("2026/3-9", ""),
        ("2026-03-09, 12", ""),
    ],
)
def test_what_is_not_clear_is_left_with_a_hint(text: str, hint: str) -> None:
    assert spans(text) is None
    assert suggested(text, horizon=HORIZON) == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-03-09至2026-03-10", "write 2026-03-09 or 2026-03-10"),
        ("2026-03-09、2026-03-12", "write 2026-03-09 or 2026-03-12"),
        ("2025年9月", "write 2025-09-01 or 2025-09-30"),
        ("2025-09-01起", "write 2025-09-01"),
        ("3月9日", "write 2026-03-09"),
        ("46090", "write 2026-03-09, if this is a spreadsheet's number for a day"),
        (
            "2026-03-01..2026-03-02; 2026-03-05..2026-03-09",
            "write 2026-03-01 or 2026-03-02 or 2026-03-05 or 2026-03-09",
        ),
        ("2026-03-01..2026-03-02; 2026-03-05..2026-03-09; 2026-03-11", ""),
    ],
)
def test_where_one_day_belongs_one_is_offered(text: str, hint: str) -> None:
    assert suggested_day(text, HORIZON) == hint


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
FORMS = (
    "{0:%Y-%m-%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
)


@given(
    spans_=st.lists(st.tuples(days, days).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=4),
    form=st.sampled_from(FORMS),
    until=st.sampled_from(["..", "至", "~", "—", "-"]),
    joint=st.sampled_from(["; ", "；", "，", "、", "\n"]),
)
def test_any_list_of_ranges_in_any_form_is_that_list(
    spans_: list[tuple[date, date]], form: str, until: str, joint: str
) -> None:
    text = joint.join(
        form.format(a) if a == b else f"{form.format(a)}{until}{form.format(b)}" for a, b in spans_
    )
    assert spans(text) == tuple(spans_)


@given(st.text(alphabet="0123456789-/.年月日至~、; 周一()", max_size=24))
def test_what_is_read_is_read_again_as_the_same(text: str) -> None:
    if (found := spans(text)) is not None:
        assert spans("; ".join(map(written, found))) == (found or None) or not found
