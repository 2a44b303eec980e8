"""Pages open from a file, ask for nothing, complain of nothing, and do what they promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import pytest

from tests.browser.conftest import Shown

SECONDS_TO_OPEN = 2.0


class Show(Protocol):
    """Opens a file in a window."""

    def __call__(
        self, path: Path, width: int = 1280, *, dark: bool = False, script: bool = True
    ) -> Shown: ...


def loaded(shown: Shown) -> float:
    """Seconds until the page had loaded."""
    return float(shown.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")) / 1000


def test_a_page_asks_for_nothing_but_itself_and_complains_of_nothing(show: Show, small: Path) -> None:
    shown = show(small)
    assert shown.asked == [small.as_uri()]
    assert shown.said == []


def test_search_finds_leaders_branches_and_sessions(show: Show, small: Path) -> None:
    page = show(small).page
    for wanted, answer in (
        ("林海", "林海燕 L1"),
        ("l3", "周明远 L3"),
        ("东部", "东部分行"),
        ("民主", "S3 常州分校"),
        ("陈思", "陈思远 K1"),
    ):
        page.fill("#q", wanted)
        assert answer in page.inner_text("#found")
    page.fill("#q", "nobody at all")
    assert page.inner_text("#said") == "nothing is called that"
    assert page.inner_text("#found") == ""


def test_what_is_found_is_opened(show: Show, small: Path) -> None:
    page = show(small).page
    page.fill("#q", "周明远")
    assert not page.is_visible("#l2")
    page.press("#q", "Enter")
    page.wait_for_function("document.querySelector('#l2').closest('details').open")
    assert page.is_visible("#l2")
    assert "民主评议实务" in page.inner_text("#l2")


def test_search_leads_to_parts(show: Show, split: Path) -> None:
    shown = show(split)
    page = shown.page
    page.fill("#q", "周明远")
    page.click("#found a")
    page.wait_for_url(re.compile(r"plan\.pages/people-\d\.html#l2$"))
    assert "三会一课" in page.inner_text("#l2")
    page.click("#l2 a")
    page.wait_for_url(re.compile(r"site-2\.html#s2$"))
    page.click("header a")
    page.wait_for_url(re.compile(r"plan\.html$"))
    assert shown.said == []


def test_everything_but_search_works_without_script(show: Show, small: Path) -> None:
    page = show(small, script=False).page
    assert not page.is_visible("#q")
    assert page.is_visible("svg.map")
    page.click("#s0 summary")
    assert page.is_visible("#s0 table.programme")
    page.click("#s0 table.programme a >> nth=0")
    assert page.url.endswith("#t0")
    page.click(".grid a >> text=S3")
    assert page.url.endswith("#s2")


@pytest.mark.parametrize("width", [375, 768, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_width_scrolls_sideways(show: Show, small: Path, width: int, dark: bool) -> None:
    page = show(small, width, dark=dark).page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_light_and_dark_are_readable(show: Show, small: Path) -> None:
    contrast = """() => {
        const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const back = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
            if (!c.endsWith(', 0)')) return c; } return 'rgb(255, 255, 255)'; };
        return [...document.querySelectorAll('p, b, td, th, a, dt, span, summary')]
            .filter(e => e.textContent.trim() && e.getClientRects().length).map(e => {
            const [a, b] = [getComputedStyle(e).color, back(e)].map(light).sort((x, y) => y - x);
            return [(a + 0.05) / (b + 0.05), e.className + ' ' + e.textContent.trim().slice(0, 20)]; })
            .sort((x, y) => x[0] - y[0])[0]; }"""
    for dark in (False, True):
        ratio, where = show(small, dark=dark).page.evaluate(contrast)
        assert ratio >= 4.5, (dark, where)


def test_a_screen_reader_is_told_what_things_are(show: Show, small: Path) -> None:
    page = show(small).page
    for role, name in (
        ("navigation", "sections"),
        ("searchbox", "find a leader, a lecturer, a branch or a session"),
        ("img", re.compile("^Map of sites")),
        ("img", re.compile("^Seats taken by session")),
        ("group", "Timetable by site and week"),
        ("table", "Coverage by ability"),
        ("table", "Lecturers"),
        ("heading", "Open skill gaps"),
    ):
        assert page.get_by_role(role, name=name).count() == 1, name


def test_print_has_everything_that_is_folded_on_screen(show: Show, small: Path) -> None:
    page = show(small).page
    page.emulate_media(media="print")
    assert not page.is_visible("#search")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.is_visible("#l2")
    assert page.is_visible("#s0 table")


def test_names_that_contain_markup_stay_names(show: Show, attacked: Path) -> None:
    shown = show(attacked)
    shown.page.on("dialog", lambda dialog: shown.said.append(dialog.message))
    shown.page.fill("#q", "L1")
    assert shown.page.locator("#found a").count() == 1
    assert shown.page.locator("img").count() == 0
    assert shown.page.evaluate("document.scripts.length") == 2
    assert shown.asked == [attacked.as_uri()]
    assert shown.said == []


def test_twenty_thousand_leaders_open_in_time(show: Show, large: Path) -> None:
    shown = show(large)
    assert loaded(shown) < SECONDS_TO_OPEN
    shown.page.fill("#q", "林海19999")
    assert shown.page.inner_text("#said") == "found: 1"
    shown.page.click("#found a")
    shown.page.wait_for_url(re.compile("people-"))
    assert loaded(shown) < SECONDS_TO_OPEN
    assert "林海19999" in shown.page.inner_text(":target")
    assert shown.said == []
