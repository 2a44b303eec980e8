"""`local_km` says what was meant, and every other rule of the input knows who sleeps at home."""

from __future__ import annotations

from pathlib import Path

import pytest

from .base import pointed, problems_of, rules_of
from .test_demand import leaders
from .test_sessions import session

HERE = "sites:\n  - {id: BJ, kind: party-school, location: [39.0, 116.0]%s}\n"
HOME = "branches:\n  - {id: HQ, location: [40.0, 116.0]%s}\n"
"""111.2 km from the site."""


@pytest.mark.parametrize(
    ("local_km", "rules"), [(0, []), (111, ["local-nobody"]), (112, []), (150, []), (151, ["local-far"])]
)
def test_somebody_is_local_and_nobody_from_too_far(local_km: int, rules: list[str], tmp_path: Path) -> None:
    found = problems_of(tmp_path, HERE % "" + HOME % "" + f"policy: {{local_km: {local_km}}}\n")
    assert rules_of(found) == rules
    assert all(pointed(d).startswith(str(local_km)) for d in found)


def test_the_hint_names_who_lives_nearest_or_asks_for_locations(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, HERE % "" + HOME % "" + "policy: {local_km: 111}\n")
    assert found.hint == "the nearest, 'L1', lives 111.2 km from 'BJ'"
    (found,) = problems_of(tmp_path, HERE % "" + "policy: {local_km: 111}\n")
    assert found.hint == "give `location` to sites, and to leaders or their branches"


@pytest.mark.parametrize("wrong", ["-1", "3.5", "near"])
def test_local_km_is_a_whole_number(wrong: str, tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, f"policy: {{local_km: {wrong}}}\n")
    assert found.severity == "error"
    assert pointed(found).startswith(wrong)


PINNED = leaders(
    "branch: HQ, role: secretary, pinned: [S1, S2], unavailable: [2026-03-11]",
    "branch: HQ, role: secretary, pinned: [S1]",
)
TWO = session() + "  - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-12], seats: 9}\n"


@pytest.mark.parametrize(
    ("local_km", "rules"), [(112, []), (0, ["pin-dates", "pin-days", "pin-limits", "pin-limits"])]
)
def test_pins_of_those_who_sleep_at_home(local_km: int, rules: list[str], tmp_path: Path) -> None:
    """They need no bed, no trip, and nothing on the days between."""
    two = TWO.replace("M-LAW, M-CASE", "M-LAW")
    policy = f"policy: {{local_km: {local_km}, max_trips: 0}}\n"
    found = problems_of(tmp_path, HERE % ", beds: 1" + HOME % "" + two + PINNED + policy)
    assert sorted(rules_of(found)) == rules


@pytest.mark.parametrize(("local_km", "beds", "n_found"), [(112, 0, 0), (0, 8, 0), (0, 7, 2), (111, 7, 2)])
def test_beds_are_no_shortage_for_those_who_sleep_at_home(
    local_km: int, beds: int, n_found: int, tmp_path: Path
) -> None:
    rows = leaders("branch: HQ, role: secretary, headcount: 5", "branch: HQ, role: secretary, headcount: 3")
    policy = f"policy: {{local_km: {local_km}}}\n"
    found = problems_of(tmp_path, HERE % f", beds: {beds}" + HOME % "" + rows + policy, whole=True)
    assert rules_of(found).count("seat-shortage") == n_found
