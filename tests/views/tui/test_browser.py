"""Walking with the keyboard, as Textual's pilot does it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from cadreplan.language import Language, using
from cadreplan.views.season import Season
from cadreplan.views.tui.app import Browser
from cadreplan.views.tui.rows import Rows
from tests.views.export.base import hostile
from tests.views.small import instance, plan, season

Walk = Callable[[Pilot[None]], Awaitable[None]]


def walked(walk: Walk, what: Season | None = None, size: tuple[int, int] = (120, 30)) -> None:
    async def run() -> None:
        async with Browser(what or season()).run_test(size=size) as pilot:
            await pilot.pause()
            await walk(pilot)

    asyncio.run(run())


def under(pilot: Pilot[None]) -> str:
    """The first cell of the entry under the cursor."""
    entry = pilot.app.query_one(Rows).entry
    return entry.cells[0] if entry else ""


def text(pilot: Pilot[None], name: str) -> str:
    """What a part of the screen says."""
    return str(pilot.app.query_one(f"#{name}", Static).content)


async def rested(pilot: Pilot[None]) -> None:
    """Wait until the right side has followed the cursor."""
    await pilot.pause(0.1)


def test_the_cursor_moves_and_the_right_side_follows() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        assert under(pilot) == "S1"
        await pilot.press("down", "down")
        await rested(pilot)
        assert under(pilot) == "S3"
        assert "民主评议实务" in text(pilot, "detail")
        await pilot.press("end", "down", "home", "up")
        assert under(pilot) == "S1"

    walked(walk)


@pytest.mark.parametrize(("key", "entry"), [("1", "BJ"), ("2", "S1"), ("3", "L4"), ("4", "HQ")])
def test_each_key_has_its_list(key: str, entry: str) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press(key)
        await rested(pilot)
        assert under(pilot) == entry
        assert entry in text(pilot, "detail")

    walked(walk)


def test_into_a_session_to_a_leader_and_all_the_way_back() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("1", "down", "enter")
        assert (under(pilot), text(pilot, "where")) == ("S3", "常州分校 › Sessions  1")
        await pilot.press("enter")
        assert (under(pilot), text(pilot, "where")) == ("L3", "S3 › Leaders  1")
        await rested(pilot)
        assert "周明远" in text(pilot, "detail")
        assert "1 of 1 people of WEST are away" in text(pilot, "detail")
        await pilot.press("escape", "backspace")
        assert (under(pilot), text(pilot, "where")) == ("CZ", "Sites  2")
        await pilot.press("escape")
        assert under(pilot) == "CZ"

    walked(walk)


def test_search_narrows_while_typing_and_escape_ends_it() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("3", "slash", "l", "3")
        assert (under(pilot), text(pilot, "where")) == ("L3", "Leaders  1 / 4")
        await pilot.press("enter", "enter")  # from the search to the list, and into the leader
        assert text(pilot, "where") == "周明远 › Sessions  1"
        await pilot.press("escape")
        assert (pilot.app.query_one(Input).value, text(pilot, "where")) == ("l3", "Leaders  1 / 4")
        await pilot.press("escape")
        assert (under(pilot), text(pilot, "where")) == ("L3", "Leaders  4")

    walked(walk)


def test_nothing_found_is_shown_as_nothing() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("slash", "x", "y")
        await rested(pilot)
        assert (under(pilot), text(pilot, "detail")) == ("", "")
        await pilot.press("enter", "enter", "down", "end")
        assert under(pilot) == ""

    walked(walk)


def test_who_stays_at_home_has_nothing_to_go_into() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("3", "enter")
        assert (under(pilot), text(pilot, "where")) == ("L4", "Leaders  4")

    walked(walk)


def test_why_a_skill_gap_stays_open() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("3", "end", "e")
        assert text(pilot, "where") == "周明远: still open, and why › Sessions  3"
        entries = pilot.app.query_one(Rows)
        assert entries.entry is not None
        assert {"S2", "S4", "S5"} >= {entries.entry.cells[0]}
        assert entries.entry.cells[3] == "三会一课"
        assert ": " in entries.entry.cells[4]
        await pilot.press("escape")
        assert under(pilot) == "L3"
        await pilot.press("2", "e")  # a session has no skill gaps
        assert text(pilot, "where") == "Sessions  4"

    walked(walk)


def test_a_narrow_screen_and_another_size_work() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("4")
        await pilot.resize_terminal(60, 12)
        await rested(pilot)
        assert "总行" in text(pilot, "detail")

    walked(walk, size=(80, 24))


def test_in_chinese() -> None:
    async def run() -> None:
        async with Browser(season()).run_test() as pilot:
            await pilot.press("3")
            assert text(pilot, "where") == "人员  4"

    with using(Language.ZH):
        asyncio.run(run())


@pytest.mark.parametrize("name", ["[bold]x[/bold]", "\x1b[31m"])
def test_names_are_no_markup(name: str) -> None:
    async def walk(pilot: Pilot[None]) -> None:
        for key in "1234":
            await pilot.press(key)
            await rested(pilot)
        await pilot.press("enter")

    walked(walk, hostile(name))


def test_twenty_thousand_leaders_are_as_quick_as_four() -> None:
    problem = instance()
    leaders = tuple(replace(problem.leaders[3], id=f"X{i:05}", name=f"林海{i:05}") for i in range(20_000))
    many = Season.of(replace(problem, leaders=(*problem.leaders, *leaders)), plan())
    taken = []

    async def walk(pilot: Pilot[None]) -> None:
        await pilot.press("3")
        for keys in (("end",), ("home",), ("pagedown",), ("slash", "9", "9"), ("enter", "down")):
            begun = time.perf_counter()
            await pilot.press(*keys)
            taken.append(time.perf_counter() - begun)
        assert text(pilot, "where") == "Leaders  560 / 20,004"

    walked(walk, many)
    assert max(taken) < 10


def test_a_screen_that_is_being_taken_down_is_not_drawn_on() -> None:
    async def walk(pilot: Pilot[None]) -> None:
        await pilot.app.query_one("#detail").remove()
        await pilot.resize_terminal(100, 30)
        await pilot.press("down")
        await rested(pilot)
        assert under(pilot) == "S2"

    walked(walk)


EVIL = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e"


def test_nothing_that_a_roster_or_plan_says_steers_the_terminal() -> None:
    found = season()
    leaders = tuple(replace(one, name=f"{one.name}{EVIL}") for one in found.instance.leaders)
    sites = tuple(replace(one, name=EVIL) for one in found.instance.sites)
    branches = tuple(replace(one, name=EVIL) for one in found.instance.branches)
    hostile_one = replace(found.instance, title=EVIL, leaders=leaders, sites=sites, branches=branches)
    what = Season.of(hostile_one, plan())

    async def walk(pilot: Pilot[None]) -> None:
        for key in ("1", "2", "3", "4", "enter", "3", "e"):
            await pilot.press(key)
            await rested(pilot)
            rows = pilot.app.query_one(Rows)
            drawn = [rows.render_line(y).text for y in range(rows.size.height)]
            shown = "".join([*drawn, text(pilot, "where"), text(pilot, "detail")])
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown), key
            assert "?" in shown or key in ("2", "e"), key

    walked(walk, what)
