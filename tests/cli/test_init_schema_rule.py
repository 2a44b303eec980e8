"""`cadreplan init`, `schema` and `rule`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadreplan.loading.load import find_problems, load_roster
from cadreplan.rules.registry import RULES
from tests.cli.base import Cli

FILES = ("curriculum.yaml", "roster.yaml", "curriculum.schema.json", "roster.schema.json")


def test_init_writes_an_example_without_findings(cli: Cli, tmp_path: Path) -> None:
    ran = cli("init", "demo")
    assert (ran.code, ran.err) == (0, "")
    assert {path.name for path in (tmp_path / "demo").iterdir()} == set(FILES)
    assert find_problems([Path("demo/roster.yaml"), Path("demo/curriculum.yaml")]) == []
    assert len(load_roster(Path("demo/roster.yaml")).instance.leaders) == 8


def test_init_tells_the_next_commands(cli: Cli) -> None:
    lines = cli("init", "my demo").out.splitlines()
    assert lines[-3:] == [
        " cadreplan validate 'my demo/roster.yaml'",
        " cadreplan solve 'my demo/roster.yaml' -o 'my demo/plan.json'",
        " cadreplan show 'my demo/plan.json'",
    ]


@pytest.mark.parametrize("name", FILES)
def test_init_overwrites_nothing(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    ran = cli("init", ".")
    assert ran.code == 2
    assert f"has {name} already: nothing was written" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_init_into_a_file_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("", encoding="utf-8")
    assert cli("init", "demo").code == 2


def test_the_example_names_the_schemas_that_lie_beside_it(cli: Cli, tmp_path: Path) -> None:
    cli("init", ".")
    for kind in ("curriculum", "roster"):
        first = (tmp_path / f"{kind}.yaml").read_text(encoding="utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema={kind}.schema.json"
        schema = json.loads((tmp_path / f"{kind}.schema.json").read_text(encoding="utf-8"))
        assert schema == json.loads(cli("schema", kind).out)


def test_the_comments_of_the_example_are_in_the_language_asked_for(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "en", "--lang", "en").code == cli("init", "zh", "--lang", "zh").code == 0
    assert "收" not in (tmp_path / "en/roster.yaml").read_text(encoding="utf-8")
    for name in ("roster.yaml", "curriculum.yaml"):
        english, chinese = ((tmp_path / to / name).read_text(encoding="utf-8") for to in ("en", "zh"))
        assert _comments(english) != _comments(chinese)
        assert len(_comments(english)) == len(_comments(chinese)) > 4
        # the first two name a schema and a command
        assert all(any("一" <= c <= "鿿" for c in line) for line in _comments(chinese)[3:])
    english, chinese = (load_roster(Path(to) / "roster.yaml").instance for to in ("en", "zh"))
    assert english == chinese


def _comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize("kind", ["curriculum", "roster", "plan"])
def test_schema(cli: Cli, kind: str) -> None:
    ran = cli("schema", kind)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["title"] == f"cadreplan {kind}"


def test_rules_are_listed(cli: Cli) -> None:
    lines = cli("rule").out.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES)


def test_the_manual_of_a_rule(cli: Cli) -> None:
    ran = cli("rule", "branch-cycle")
    assert ran.code == 0
    assert ran.out.split() == [
        "branch-cycle",
        "error",
        *RULES["branch-cycle"].title.split(),
        *RULES["branch-cycle"].manual.split(),
    ]


def test_all_manuals(cli: Cli) -> None:
    out = cli("rule", "--all").out
    assert all(rule.title in out for rule in RULES.values())


def test_an_unknown_rule_is_answered_with_the_nearest(cli: Cli) -> None:
    ran = cli("rule", "brnch-cycle")
    assert ran.code == 2
    assert "did you mean branch-cycle?" in ran.err
