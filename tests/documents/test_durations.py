"""Hints for numbers of months, days and years that are written with a unit, maybe another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.documents.values.hints import duration_hint
from cadreplan.loading.load import find_problems


@pytest.mark.parametrize(
    ("field", "text", "hint"),
    [
        ("valid", "24个月", "write 24"),
        ("valid", "24m", "write 24"),
        ("valid", "2年", "write 24"),
        ("valid", "2 years", "write 24"),
        ("valid", "一年", "write 12"),
        ("valid", "２４", "write 24"),
        ("valid", "730天", "count months"),
        ("valid", "-2年", "count months"),
        ("valid", "99999999年", "count months"),
        ("valid", "1" * 5000 + "年", "count months"),
        ("within", "183天", "write 183"),
        ("within", "26周", "write 182"),
        ("within", "6个月", "count days"),
        ("within", "半年", "count days"),
        ("years", "5年", "write 5"),
        ("years", "60个月", "count years"),
    ],
)
def test_a_unit_counts(field: str, text: str, hint: str) -> None:
    assert duration_hint(field, text) == hint


def test_a_curriculum_s_finding_has_the_hint(tmp_path: Path) -> None:
    path = tmp_path / "curriculum.yaml"
    path.write_text(
        "cadreplan: 1\nkind: curriculum\ntitle: t\nabilities: {duty: {name: 履职}}\n"
        "skills: {K: {ability: duty, valid: 2年}}\nmodules: {M: {teaches: {K: 1}, hours: 4}}\n"
        "norms: {n: {sessions: 1, within: '-'}}\n",
        encoding="utf-8",
    )
    assert [one.hint for one in find_problems([path])] == ["write 24", "leave it empty"]
