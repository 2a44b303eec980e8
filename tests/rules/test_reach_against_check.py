"""What the rules on demand call impossible, the executable specification calls a violation."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.draw import draw
from benchmarks.roster.files import write
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster, read_roster_file
from cadreplan.rules.supply import supply_of
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

BY_ITSELF = {"dates", "audience", "limits", "pins", "seats", "rooms", "beds", "candidate"}
"""Rules that one assignment can break without any other."""


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_reach_is_what_a_single_assignment_may_be(seed: int, tmp_path: Path) -> None:
    path = write(draw(30, 30, seed), tmp_path)
    document, instance = read_roster_file(path), load_roster(path).instance
    supply = supply_of(document)
    assert supply is not None
    n_out = 0
    for i, (row, spec, _) in enumerate(supply.leaders):
        assert instance.leaders[i].id == row.id
        reach = supply.reach(spec)
        for k, delivery in enumerate(supply.deliveries):
            s = instance.session_by_id[delivery.id]
            alone = tuple((s,) if j == i else () for j in range(len(instance.leaders)))
            found = check(instance, Solution(alone, frozenset({s}), _rooms(instance, s))).violations
            about = {row.id, delivery.id, delivery.site}
            broken = {v.rule for v in found if v.rule in BY_ITSELF and v.where in about}
            if not reach >> k & 1:
                n_out += 1
                assert broken, (row.id, delivery.id)
            else:
                assert "audience" not in broken, (row.id, delivery.id)
    assert n_out > 20


def _rooms(instance: Instance, s: int) -> dict[int, int]:
    rooms = instance.sites[instance.sessions[s].site].rooms
    return {s: max(range(len(rooms)), key=lambda r: rooms[r].seats)} if rooms else {}
