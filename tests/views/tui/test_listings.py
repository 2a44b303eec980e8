"""The lists behind the keys, and what lies behind each of their entries."""

from __future__ import annotations

import pytest

from cadreplan.language import Language, using
from cadreplan.views.tui.listings import Kind, below, listing
from tests.views.export.base import HOSTILE, hostile
from tests.views.small import season


def first(kind: Kind) -> list[str]:
    return [entry.cells[0] for entry in listing(season(), kind).entries]


def test_lists_of_everything() -> None:
    assert first(Kind.SITES) == ["BJ", "CZ"]
    assert first(Kind.SESSIONS) == ["S1", "S2", "S3", "S5"]  # S4 isn't held
    assert first(Kind.LEADERS) == ["L4", "L2", "L1", "L3"]
    assert first(Kind.BRANCHES) == ["HQ", "EAST", "EAST-1", "WEST"]


@pytest.mark.parametrize(
    ("kind", "index", "title", "inside"),
    [
        (Kind.SITES, 1, "常州分校", ["S3"]),
        (Kind.SESSIONS, 0, "S1", ["L1", "L2"]),
        (Kind.LEADERS, 0, "林海燕", ["S1", "S2"]),
        (Kind.LEADERS, 3, "马骏驰", []),
        (Kind.BRANCHES, 1, "东部分行", ["L2", "L1"]),
    ],
)
def test_what_lies_behind_an_entry(kind: Kind, index: int, title: str, inside: list[str]) -> None:
    found = below(season(), kind, index)
    assert (found.title, [entry.cells[0] for entry in found.entries]) == (title, inside)


def test_cells_tell_how_full_and_how_much_closed() -> None:
    with using(Language.ZH):
        found = listing(season(), Kind.SESSIONS)
    assert found.entries[0].cells == (
        "S1",
        "3月2日–3日",
        "总行党校",
        "3/3",
        "理论概论",
    )
    assert listing(season(), Kind.BRANCHES).entries[1].cells == ("EAST", "  东部分行", "3", "100 %")
    assert listing(season(), Kind.SITES).entries[0].cells == ("BJ", "总行党校", "3", "4/10")


def test_search_wants_every_word_in_any_case() -> None:
    everybody = listing(season(), Kind.LEADERS)
    assert [entry.cells[0] for entry in everybody.search("l1")] == ["L1"]
    assert [entry.cells[0] for entry in everybody.search("支行 林")] == ["L1"]
    assert everybody.search("支行 周") == ()
    assert len(everybody.search("  ")) == 4


@pytest.mark.parametrize("name", HOSTILE)
def test_cells_hold_nothing_that_steers_a_terminal(name: str) -> None:
    for kind in Kind:
        for entry in listing(hostile(name), kind).entries:
            assert all(cell.isprintable() for cell in entry.cells)
