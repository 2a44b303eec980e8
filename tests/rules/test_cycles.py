"""Circles of prerequisites and of branches."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.rules.cycles import cycles

from .base import of_rule, pointed, problems_of


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ({"a": [], "b": ["a"], "c": ["a", "b"]}, []),
        ({"a": ["a"]}, [["a", "a"]]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, [["b", "c", "b"]]),
        ({"b": ["c"], "a": ["b"], "c": ["a"]}, [["b", "c", "a", "b"]]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b", "a"], ["c", "d", "c"]]),
        ({"a": ["x"]}, []),
    ],
)
def test_cycles(edges: dict[str, list[str]], expected: list[list[str]]) -> None:
    assert cycles(edges) == expected


def test_cycles_need_no_stack() -> None:
    n = 50_000
    chain = {str(i): [str(i + 1)] for i in range(n)}
    assert cycles(chain) == []
    assert len(cycles(chain | {str(n): ["0"]})[0]) == n + 2


def test_prerequisite_cycle_is_named(tmp_path: Path) -> None:
    piece = """\
modules:
  M-LAW: {teaches: {meetings: 2}, hours: 8, requires: [M-CASE]}
  M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-A, M-B]}
  M-A: {teaches: {review: 1}, hours: 4}
  M-B: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
"""
    [found] = of_rule(problems_of(tmp_path, piece), "prerequisite-cycle")
    assert "M-LAW → M-CASE → M-B → M-LAW" in found.message
    assert pointed(found).startswith("M-CASE]")


def test_branch_cycle_is_named(tmp_path: Path) -> None:
    piece = "branches:\n  - {id: HQ}\n  - {id: NORTH, parent: CITY}\n  - {id: CITY, parent: NORTH}\n"
    [found] = problems_of(tmp_path, piece)
    assert "NORTH → CITY → NORTH" in found.message
    assert pointed(found).startswith("CITY}")


def _modules(case: str, law: str) -> str:
    return f"""\
modules:
  M-LAW: {{teaches: {{meetings: 2}}, hours: 8, requires: {law}}}
  M-CASE: {{teaches: {{review: 1}}, hours: 4, requires: {case}}}
  M-A: {{teaches: {{review: 1}}, hours: 4}}
"""


def test_an_alternative_that_waits_for_nothing_opens_a_circle(tmp_path: Path) -> None:
    assert problems_of(tmp_path, _modules("[[M-LAW, M-A]]", "[M-CASE]")) == []


def test_alternatives_that_all_wait_are_a_circle(tmp_path: Path) -> None:
    [found] = of_rule(
        problems_of(tmp_path, _modules("[M-A, [M-LAW, M-CASE]]", "[M-CASE]")), "prerequisite-cycle"
    )
    assert "M-LAW → M-CASE → M-LAW" in found.message
    assert pointed(found).startswith("M-CASE]")
