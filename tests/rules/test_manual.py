"""Every rule has a manual, and its two examples are what they are called."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from cadreplan.rules.registry import CURRICULUM_RULES, ROSTER_RULES, RULES

from .base import AS_A_WHOLE, of_rule, problems_of

WITHOUT_EXAMPLE = {
    "alias-expansion",
    "configuration",
    "encoding",
    "extra-column",
    "hidden-rows",
    "lost-zeros",
    "table-cell",
    "table-formula",
    "table-header",
    "table-merged",
    "table-shape",
    "table-sheet",
    "table-size",
    "table-syntax",
    "table-workbook",
    "too-deep",
    "outside-folder",
    "too-large",
    "total-row",
    "too-many-findings",
}
"""Their wrong example is a file of its own kind or size; `tests/documents` has them."""


def example(manual: str, heading: str) -> str:
    """The indented block after a heading."""
    match = re.search(rf"(?m)^{heading}:\n\n((?:    .*\n|\n)+)", manual + "\n")
    assert match, heading
    return textwrap.dedent(match[1])


def test_base_has_no_findings(tmp_path: Path) -> None:
    assert problems_of(tmp_path, whole=True) == []


@pytest.mark.parametrize("id_", sorted(RULES.keys() - WITHOUT_EXAMPLE))
def test_wrong_example_breaks_the_rule(id_: str, tmp_path: Path) -> None:
    found = of_rule(problems_of(tmp_path, example(RULES[id_].manual, "Wrong"), whole=True), id_)
    assert found
    assert all(d.severity == RULES[id_].level for d in found)


@pytest.mark.parametrize("id_", sorted(RULES.keys() - WITHOUT_EXAMPLE))
def test_right_example_has_no_findings(id_: str, tmp_path: Path) -> None:
    whole = id_ in AS_A_WHOLE
    assert problems_of(tmp_path, example(RULES[id_].manual, "Right"), whole=whole) == []


def test_every_rule_says_what_it_is() -> None:
    for id_, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+|configuration|encoding|syntax", id_)
        assert rule.title
        assert not rule.title.endswith(".")
        assert len(rule.manual) > 40, id_


def test_rules_of_a_document_are_registered_once() -> None:
    for rules in (CURRICULUM_RULES, ROSTER_RULES):
        ids = [rule.id for rule in rules]
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(RULES)
