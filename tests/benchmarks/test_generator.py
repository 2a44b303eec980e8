"""The generator gives the same roster for the same seed, and rosters that can be planned."""

from __future__ import annotations

import filecmp
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import generate
from benchmarks.draw import Rules, draw
from benchmarks.peers.ledger import Ledger
from benchmarks.roster.files import FILES
from cadreplan.verification.rules import check


@pytest.mark.parametrize("rules", ["all", "core"])
def test_same_seed_same_bytes(tmp_path: Path, rules: Rules) -> None:
    arguments = ["--leaders", "200", "--sessions", "60", "--rules", rules]
    for folder, seed in (("a", "7"), ("b", "7"), ("c", "8")):
        assert generate.main([*arguments, "--seed", seed, "-o", str(tmp_path / folder)]) == 0
    same, different, missing = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", FILES, shallow=False)
    assert (sorted(same), different, missing) == (sorted(FILES), [], [])
    assert "leaders.csv" in filecmp.cmpfiles(tmp_path / "a", tmp_path / "c", FILES, shallow=False)[1]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rules", ["all", "core"])
def test_sizes_are_as_asked(rules: Rules, seed: int) -> None:
    instance = draw(400, 90, seed, rules=rules).instance
    assert (len(instance.leaders), len(instance.sessions)) == (400, 90)
    assert len({session.id for session in instance.sessions}) == 90
    assert all(2 <= len(leader.gaps) <= 6 for leader in instance.leaders)
    assert {len(line) for line in instance.lineages} == {1, 2, 3}


@pytest.mark.parametrize("seed", range(5))
def test_every_session_holds_its_modules(seed: int) -> None:
    instance = draw(300, 80, seed).instance
    for session in instance.sessions:
        assert sum(instance.modules[m].slots for m in session.modules) <= 2 * len(session.days)
        assert 0 <= session.first_day <= session.last_day < instance.n_days
        assert all(day % 7 < 5 for day in session.days)
        assert 0 <= session.min_seats <= session.seats


@pytest.mark.parametrize("seed", range(8))
def test_pins_and_rooms_leave_a_plan(seed: int) -> None:
    instance = draw(3000, 120, seed).instance
    assert any(leader.pinned for leader in instance.leaders)
    assert any(site.rooms is not None for site in instance.sites)
    assert not check(instance, Ledger(instance).solution()).violations


def test_all_rules_are_drawn() -> None:
    instance = draw(3000, 200, 3).instance
    sessions, leaders = instance.sessions, instance.leaders
    drawn = {
        "offerings": any(o.max_runs is not None for o in instance.offerings),
        "candidates": any(s.candidate and s.offering is None and s.min_seats and s.cost for s in sessions),
        "quotas": any(s.quotas for s in sessions),
        "branches": any(s.branches for s in sessions),
        "roles": any(s.roles for s in sessions),
        "underfill": any(s.min_seats and not s.candidate for s in sessions),
        "two weeks": any(s.last_day - s.first_day >= 7 for s in sessions),
        "beds": any(site.beds for site in instance.sites),
        "rooms": any(site.rooms for site in instance.sites),
        "caps": all(branch.max_away for branch in instance.branches),
        "requires": any(m.requires for m in instance.modules),
        "headcount": any(leader.headcount > 1 for leader in leaders),
        "priority": {leader.priority for leader in leaders} == {1, 2, 3},
        "available": any(leader.available for leader in leaders),
        "unavailable": any(leader.unavailable for leader in leaders),
        "completed": any(leader.completed for leader in leaders),
        "prefers": any(leader.prefers_sessions and leader.prefers_sites for leader in leaders),
        "excluded": any(leader.excluded for leader in leaders),
        "limits": len(Counter((le.max_sessions, le.max_days, le.max_trips) for le in leaders)) > 3,
    }
    assert [name for name, there in drawn.items() if not there] == []


def test_core_rules_are_few() -> None:
    instance = draw(300, 80, 1, rules="core").instance
    assert not instance.offerings
    assert not any(s.candidate or s.quotas or s.branches or s.roles or s.min_seats for s in instance.sessions)
    assert all(site.beds is None and site.rooms is None for site in instance.sites)
    assert not any(
        leader.prefers_sessions or leader.pinned or leader.completed for leader in instance.leaders
    )


def test_more_tightness_more_seats() -> None:
    seats = [
        sum(s.seats for s in draw(500, 100, 1, tightness=tightness).instance.sessions)
        for tightness in (0.4, 0.8, 1.2)
    ]
    assert seats[0] * 1.7 < seats[1]
    assert seats[1] * 1.3 < seats[2]


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        draw(0, 10, 1)
