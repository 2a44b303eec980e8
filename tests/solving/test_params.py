"""Parameters as an expert gives them: read, or refused with file, line, key and what is expected."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

import cadreplan
from cadreplan.engines.columns.params import LnsParams, Params, PricingParams
from cadreplan.errors import UsageError
from cadreplan.solving import SolveOptions, params_of
from cadreplan.solving.params import GROUPS

ROOT = Path(__file__).resolve().parents[2]


def _file(folder: Path, text: str) -> Path:
    path = folder / "params.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_overrules_what_it_names(tmp_path: Path) -> None:
    found = params_of(
        _file(tmp_path, "[pricing]\nheuristic_nodes = 500\n[lns]\nleaders = 120 # more\nwork = 1\n")
    )
    assert found == Params(pricing=PricingParams(heuristic_nodes=500), lns=LnsParams(leaders=120, work=1))


def test_a_map_does_as_a_file_and_nothing_is_nothing() -> None:
    assert params_of({"lns": {"leaders": 120}}) == Params(lns=LnsParams(leaders=120))
    assert params_of({}) == Params()
    assert params_of(None) is None
    assert params_of(Params()) == Params()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[lsn]\nleaders = 3\n", "params.toml:1: unknown key 'lsn' (did you mean 'lns'?)"),
        ("[lns]\n\nleader = 3\n", "params.toml:3: unknown key 'lns.leader' (did you mean 'leaders'?)"),
        ("[lns]\nleaders = 3.5\n", "params.toml:2: lns.leaders: found 3.5, expected a whole number from 1"),
        ("[lns]\nleaders = true\n", "params.toml:2: lns.leaders: found True, expected a whole number from 1"),
        ('[lns]\nwork = "1"\n', "params.toml:2: lns.work: found '1', expected a number from 1e-05"),
        ("[lns]\nleaders = 0\n", "params.toml:2: lns.leaders: found 0, expected a whole number from 1"),
        (
            "[diving]\ndecided = 1.5\n",
            "params.toml:2: diving.decided: found 1.5, expected a number from 0 to 1",
        ),
        (
            "[diving]\ndecided = nan\n",
            "params.toml:2: diving.decided: found nan, expected a number from 0 to 1",
        ),
        (
            "[pricing]\nexact_nodes = 10\n",
            "params.toml:2: pricing.exact_nodes: found 10, expected at least 5000, as longer_nodes",
        ),
        ("lns = 3\n", "params.toml:1: lns: found 3, expected a table"),
        ("[lns\n", "params.toml can't be read as TOML: "),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_key(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(UsageError) as caught:
        params_of(_file(tmp_path, text))
    assert expected in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = "[lns]\nleaders = 0\nwrok = 1\n[master]\nnear = 2\n"
    with pytest.raises(UsageError) as caught:
        params_of(_file(tmp_path, text))
    lines = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in lines] == ["2", "3", "5"]


def test_stages_given_together_are_held_against_each_other(tmp_path: Path) -> None:
    text = "[pricing]\nheuristic_nodes = 10\nlonger_nodes = 20\nexact_nodes = 30\n"
    found = params_of(_file(tmp_path, text))
    assert found is not None
    assert found.pricing.exact_nodes == 30


def test_a_file_that_cannot_be_read_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no\.toml can't be read"):
        params_of(tmp_path / "no.toml")
    (tmp_path / "gbk.toml").write_bytes("# 参数".encode("gbk"))
    with pytest.raises(UsageError, match="is not UTF-8"):
        params_of(tmp_path / "gbk.toml")
    with pytest.raises(UsageError, match="params: found 3, expected the path"):
        params_of(3)


def test_the_exact_engine_has_no_parameters() -> None:
    with pytest.raises(UsageError, match="the exact engine has none"):
        SolveOptions("exact", params=Params())


def test_every_group_is_a_table() -> None:
    assert set(GROUPS) == {one.name for one in fields(Params)}
    assert GROUPS["lns"] is LnsParams


def test_a_plan_is_found_with_others(tmp_path: Path) -> None:
    path = _file(tmp_path, "[duals]\npasses = 2\n[lns]\nleaders = 10\n")
    roster = cadreplan.load(ROOT / "examples" / "spring-rotation" / "roster.yaml")
    plan = cadreplan.solve(roster, engine="columns", work_limit=0.2, workers=1, programme=False, params=path)
    assert cadreplan.check(plan, roster).ok
