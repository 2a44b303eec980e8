"""Programmes of the master are what the engine solves, and every code comes to the same on them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the extra `bench` is not installed")

from benchmarks.families.registry import FAMILIES
from benchmarks.programmes.capture import capture
from benchmarks.programmes.programme import Programme, load
from benchmarks.programmes.solve import ACCURACY, METHODS, Measured, measured, tiny
from benchmarks.programmes.table import compared, put, section

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


@pytest.mark.parametrize("method", _available())
def test_every_method_finds_the_optimum_of_the_tiny_programme(method: str) -> None:
    got = measured(tiny(), method)
    assert got.objective == pytest.approx(_OPTIMUM, rel=2 * ACCURACY)
    assert got.worth <= _OPTIMUM + 1e-9 <= got.bound + 2e-9


def test_methods_agree_on_a_programme_of_the_engine(programmes: dict[str, Programme]) -> None:
    programme = programmes["root, last"]
    assert (programme.row_branch >= 0).any()
    bounds, worths = {}, {}
    for method in _available():
        got = measured(programme, method)
        bounds[method], worths[method] = got.bound, got.worth
        assert got.objective == pytest.approx(got.bound, rel=20 * ACCURACY), method
    assert max(worths.values()) <= min(bounds.values()) * (1 + 1e-9)


def test_the_engine_is_left_as_it_was(programmes: dict[str, Programme]) -> None:
    from cadreplan.engines.columns import dive, engine, interior, master, settling

    assert programmes
    assert master.solve_blocks is interior.solve_blocks
    assert engine.settle is dive.settle is settling.settle


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


def test_the_table_shows_figures_and_reasons(tmp_path: Path) -> None:
    found = {"tree": Measured(0.5, 3, 10, 3.4999, 3.4998, 3.5), "hipo": "not in this wheel"}
    text = section([compared("roster", "dive", tiny(), found)], command="run", limit=5)
    assert (
        "| roster | dive | 1 | 2 | 4 | 2 | ours, along the tree | 0.50 | 3 | 10 | +0.0e+00 | 5.7e-05 |"
        in text
    )
    assert "| HiGHS HiPO, no crossover | not in this wheel |" in text
    page = tmp_path / "page.md"
    page.write_text(put("old\n", page), encoding="utf-8")
    assert put(text, page) == put(text, tmp_path / "none.md")
