"""Programmes of the master are what the engine solves, and every code comes to the same on them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the extra `bench` is not installed")

from benchmarks.families.registry import FAMILIES
from benchmarks.programmes.__main__ import solved
from benchmarks.programmes.capture import capture
from benchmarks.programmes.programme import Programme, load
from benchmarks.programmes.solve import ACCURACY, METHODS, Measured, measured, tiny
from benchmarks.programmes.table import compared, section

_OPTIMUM = 3.5  # of `tiny`: the second block takes the row, the first does without


def _available() -> list[str]:
    """HiPO's wheel is not there for every platform, and the extra may not be installed."""
    lacking = {
        *(() if find_spec("highspy") else ("ipx", "hipo", "simplex", "highs-pdlp")),
        *(() if find_spec("highspy_extras") else ("hipo",)),
    }
    return [method for method in METHODS if method not in lacking]


@pytest.fixture(scope="module")
def programmes() -> dict[str, Programme]:
    """Those of a small roster, whose candidates and quotas bring all kinds of rows."""
    return capture(FAMILIES["province"].draw(120, 24, 1).instance, 10)


@pytest.mark.parametrize("method", ["tree", "tree-cold", "dense", "pdlp"])
def test_the_optimum_of_the_tiny_programme_is_found(method: str) -> None:
    got = measured(tiny(), method)
    assert got.objective == pytest.approx(_OPTIMUM, rel=2 * ACCURACY)
    assert got.worth <= _OPTIMUM + 1e-9 <= got.bound + 2e-9


def test_all_methods_agree_on_a_programme_of_the_engine(
    programmes: dict[str, Programme], tmp_path: Path
) -> None:
    """Each in a process of its own: OR-Tools and highspy bring different libraries of one name.

    Ours needs prices to begin from on what the engine solves, so that `tree-cold` isn't asked.
    """
    programmes["root, last"].save(tmp_path / "last.npz")
    found = {}
    for method in set(_available()) - {"tree-cold"}:
        got = solved(tmp_path / "last.npz", method, 60)
        assert isinstance(got, dict), (method, got)
        found[method] = got
    objectives = [got["objective"] for got in found.values()]
    assert max(objectives) == pytest.approx(min(objectives), rel=10 * ACCURACY)
    bounds, worths = ([got[name] for got in found.values()] for name in ("bound", "worth"))
    assert max(worths) <= min(bounds) * (1 + 1e-9)
    assert min(bounds) == pytest.approx(max(worths), rel=ACCURACY)


def test_rows_of_branches_are_among_them(programmes: dict[str, Programme]) -> None:
    assert set(programmes) >= {"root, first", "root, last"}
    assert all((one.row_branch >= 0).any() for one in programmes.values())


def test_the_engine_is_left_as_it_was(programmes: dict[str, Programme]) -> None:
    from cadreplan.engines.columns import run
    from cadreplan.engines.columns.heuristics import diving
    from cadreplan.engines.columns.master import column_generation, interior_point, restricted_master

    assert programmes
    assert restricted_master.solve_blocks is interior_point.solve_blocks
    assert run.generate_columns is diving.generate_columns is column_generation.generate_columns


def test_a_file_keeps_the_programme(tmp_path: Path) -> None:
    tiny().save(tmp_path / "tiny.npz")
    again = load(tmp_path / "tiny.npz")
    for name, value in vars(tiny()).items():
        np.testing.assert_array_equal(getattr(again, name), value)


def test_worth_and_bound_of_any_point_and_prices() -> None:
    both_want_the_row, nothing = np.array([1.0, 0, 1, 0]), np.zeros(1)
    assert tiny().worth(both_want_the_row) == 5 - 40
    assert tiny().worth(np.array([0.0, 2, 1, 0])) == _OPTIMUM  # scaled to 1
    assert tiny().bound(nothing) == 5
    assert tiny().bound(np.array([1.75])) == _OPTIMUM


def test_the_table_shows_figures_and_reasons() -> None:
    found = {"tree": Measured(0.5, 3, 10, 3.4999, 3.4998, 3.5), "hipo": "not in this wheel"}
    text = section([compared("roster", "dive", tiny(), found)], command="run", limit=5)
    assert (
        "| roster | dive | 1 | 2 | 4 | 2 | ours, along the tree | 0.50 | 3 | 10 | +0.0e+00 | 5.7e-05 |"
        in text
    )
    assert "| HiGHS HiPO, no crossover | not in this wheel |" in text
