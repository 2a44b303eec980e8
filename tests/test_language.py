"""Texts in the reader's language: which language that is, how one is said, and how dates and numbers look."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from rich.cells import cell_len

from cadreplan import language
from cadreplan.language import Language, later, listed, of_locale, tr, tr_n, using
from cadreplan.views.screen.theme import Column, fitted
from cadreplan.views.wording import Dates, first_of, form, gap, kind, method, month, period, reason, seconds
from cadreplan.views.wording import share as of_all
from tests.views.small import drawn

DATES, YEARS = Dates(date(2026, 3, 2), years=False), Dates(date(2025, 12, 29), years=True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, Language.EN),
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, Language.EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.GBK"}, Language.ZH),
        ({"LANG": "zh_CN", "LC_ALL": ""}, Language.ZH),
    ],
)
def test_the_locale_is_read_as_programs_do(environment: dict[str, str], expected: Language) -> None:
    assert of_locale(environment) is expected


def test_a_block_has_its_own_language() -> None:
    with using(Language.ZH):
        with using(Language.EN):
            assert tr("session") == "session"
        assert tr("session") == "班次"
    assert tr("session") == "session"


def test_threads_speak_the_language_of_the_process() -> None:
    """A live view is drawn by a thread of its own, which inherits no block's language."""
    said: list[str] = []
    language.use(Language.ZH)
    try:
        thread = threading.Thread(target=lambda: said.append(tr("session")))
        thread.start()
        thread.join()
    finally:
        language.use(Language.EN)
    assert said == ["班次"]


def test_numbers_choose_the_form_and_are_filled_in() -> None:
    assert tr_n("{n:,} session", "{n:,} sessions", 1) == "1 session"
    assert tr_n("{n:,} session", "{n:,} sessions", 1234) == "1,234 sessions"
    with using(Language.ZH):
        assert tr_n("{n:,} session", "{n:,} sessions", 1) == "1个班次"
        assert tr_n("{n:,} session", "{n:,} sessions", 1234) == "1,234个班次"


def test_values_are_shown_as_they_are() -> None:
    with using(Language.ZH):
        assert tr("room {room}", room="{0}{x}") == "教室{0}{x}"
        assert tr(later("nobody would translate this")) == "nobody would translate this"


def test_names_side_by_side() -> None:
    assert (listed("ab"), first_of("abc", 2)) == ("a, b", "a, b and 1 more")
    with using(Language.ZH):
        assert (listed("ab"), first_of("abc", 2)) == ("a、b", "a、b等，另有1个")


def test_days_and_weeks_in_english() -> None:
    assert (DATES.day(0), DATES.weekday(0)) == ("03-02", "Mon 03-02")
    assert (DATES.span(0, 3), DATES.spans([0, 1, 4])) == ("03-02 – 03-05", "03-02 – 03-03, 03-06")
    assert (YEARS.day(0), YEARS.span(0, 4)) == ("2025-12-29", "2025-12-29 – 2026-01-02")
    assert period(date(2026, 3, 2), date(2026, 6, 26)) == "2026-03-02 – 2026-06-26"
    assert month(date(2026, 3, 2)) == "Mar"


def test_days_and_weeks_in_chinese() -> None:
    with using(Language.ZH):
        assert (DATES.day(0), DATES.weekday(0)) == ("3月2日", "3月2日周一")
        assert (DATES.span(0, 0), DATES.span(0, 3), DATES.span(0, 30)) == (
            "3月2日",
            "3月2日–5日",
            "3月2日–4月1日",
        )
        assert DATES.spans([0, 1, 4]) == "3月2日–3日、3月6日"
        assert DATES.weekday_span(0, 3) == "3月2日周一–3月5日周四"
        assert (DATES.numeric(0), month(date(2026, 3, 2))) == ("03-02", "3月")
        assert (YEARS.day(0), YEARS.span(0, 1)) == ("2025年12月29日", "2025年12月29日–30日")
        assert YEARS.span(0, 4) == "2025年12月29日–2026年1月2日"
        assert period(date(2026, 3, 2), date(2026, 6, 26)) == "2026年3月2日–6月26日"


def test_numbers_in_chinese() -> None:
    with using(Language.ZH):
        assert (of_all(7, 8), gap(0.0039), gap(0.000001)) == ("88%", "0.39%", "< 0.001%")
        assert [seconds(t) for t in (4.23, 57, 125, 3725)] == ["4.2秒", "57秒", "2分05秒", "1小时02分05秒"]


def test_codes_of_the_data_are_said_and_its_own_words_stay() -> None:
    with using(Language.ZH):
        assert (kind("party-school"), kind("club")) == ("党校", "club")
        assert (form("lecture"), method("lecture"), form("talk")) == ("集中授课", "讲授", "talk")
        assert (reason("seats"), reason("odd"), reason("")) == ("没有名额", "odd", "计划未说明原因")
    assert (kind("party-school"), form("lecture"), method("seminar")) == (
        "party-school",
        "lecture",
        "seminar",
    )


def test_columns_and_their_titles_align_whatever_the_width_of_characters() -> None:
    columns = (Column("支部"), Column("people", right=True), Column("课程"))
    rows = [["总行", "3", "理论概论"], ["East branch", "1,234", "M1"], ["东部分行", "12", "三会一课"]]
    lines = drawn([fitted(columns, rows, 60)], 60)
    starts = [cell_len(line[: line.index(row[2])]) for line, row in zip(lines[1:], rows, strict=True)]
    ends = [
        cell_len(line[: line.index(row[1]) + len(row[1])]) for line, row in zip(lines[1:], rows, strict=True)
    ]
    assert set(starts) == {cell_len(lines[0][: lines[0].index("课程")])}
    assert set(ends) == {cell_len(lines[0][: lines[0].index("people") + 6])}
