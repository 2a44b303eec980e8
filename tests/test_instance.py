"""An instance refers to what there is, whoever makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cadreplan.instance import Instance, Limit, SkillGap, Tally
from tests.solving.small import small_instance


def _with(table: str, row: int, **changes: Any) -> Instance:
    """The instance with one entity changed."""
    instance = small_instance(leaders=2, seats=3, sessions=2)
    rows = list(getattr(instance, table))
    rows[row] = replace(rows[row], **changes)
    return replace(instance, **{table: tuple(rows)})


@pytest.mark.parametrize(
    ("table", "row", "changes", "told"),
    [
        ("skills", 0, {"ability": 9}, r"skills\[0\].ability: 9 is no index, there are \d+"),
        ("modules", 0, {"teaches": ((99, 1),)}, r"modules\[0\].teaches: 99"),
        ("modules", 0, {"requires": ((0, -1),)}, r"modules\[0\].requires: -1"),
        ("branches", 0, {"parent": 50}, r"branches\[0\].parent: 50"),
        ("branches", 0, {"parent": 0}, r"branches\[0\].parent: 0 leads back to it"),
        ("sessions", 0, {"site": 7}, r"sessions\[0\].site: 7"),
        ("sessions", 0, {"quotas": ((44, 1),)}, r"sessions\[0\].quotas: 44"),
        ("sessions", 0, {"days": ()}, r"sessions\[0\].days: \(\) are not one or more, ascending"),
        ("sessions", 0, {"days": (3, 2)}, r"sessions\[0\].days: \(3, 2\)"),
        ("sessions", 0, {"seats": -1}, r"sessions\[0\].seats: -1 is negative"),
        ("leaders", 1, {"branch": 50}, r"leaders\[1\].branch: 50"),
        ("leaders", 1, {"gaps": (SkillGap(80, 1, 1),)}, r"leaders\[1\].gaps: 80"),
        ("leaders", 1, {"pinned": (60,)}, r"leaders\[1\].pinned: 60"),
        ("leaders", 1, {"headcount": 0}, r"leaders\[1\].headcount: 0 is not 1 or more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_can_not_be_is_refused(table: str, row: int, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        _with(table, row, **changes)


def test_what_engines_add_refers_to_sessions_too() -> None:
    instance = small_instance(leaders=2, seats=3, sessions=2)
    n = len(instance.sessions)
    with pytest.raises(ValueError, match=r"limits\[0\].terms"):
        replace(instance, limits=(Limit(((n, 1),), 1),))
    with pytest.raises(ValueError, match=r"tallies\[0\].sessions"):
        replace(instance, tallies=(Tally((n,), 1),))
    assert replace(instance, tallies=(Tally(None, 1),)).tallies
