"""`cadreplan init`, `schema` and `rule`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.load import find_problems, load_roster
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


def test_init_xlsx_writes_the_same_example_with_its_tables_in_a_workbook(cli: Cli, tmp_path: Path) -> None:
    assert cli("init", "book", "--xlsx").code == 0
    assert cli("init", "plain").code == 0
    assert {path.name for path in (tmp_path / "book").iterdir()} == {*FILES, "people.xlsx"}
    assert find_problems(["book/roster.yaml"]) == []
    in_book, plain = (load_roster(Path(folder) / "roster.yaml").instance for folder in ("book", "plain"))
    assert in_book == plain


def test_init_xlsx_makes_the_same_bytes_twice(cli: Cli, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        cli("init", folder, "--xlsx")
    assert (tmp_path / "a/people.xlsx").read_bytes() == (tmp_path / "b/people.xlsx").read_bytes()


def test_init_xlsx_overwrites_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "people.xlsx").write_bytes(b"mine")
    ran = cli("init", ".", "--xlsx")
    assert ran.code == 2
    assert (tmp_path / "people.xlsx").read_bytes() == b"mine"


def test_the_workbook_filled_in_by_a_spreadsheet_is_read(cli: Cli) -> None:
    """Rows are changed and added as a person would, and the file is saved by another program."""
    cli("init", ".", "--xlsx")
    book = openpyxl.load_workbook("people.xlsx")
    people, sessions = book["人员"], book["班次"]
    people["D3"] = "secretary"
    for at, value in enumerate(("0042", "郑晓燕", "EAST", "member", None, None, "T1; M1"), 1):
        people.cell(12, at, value)
    people["J12"] = 3
    sessions["D7"] = datetime(2026, 4, 20)
    sessions["E7"] = datetime(2026, 4, 22)
    book.save("people.xlsx")
    assert [found for found in find_problems(["roster.yaml"]) if found.is_error] == []
    instance = load_roster(Path("roster.yaml")).instance
    added = instance.leaders[-1]
    assert (added.id, added.name, added.priority, len(added.completed)) == ("0042", "郑晓燕", 3, 2)
    assert instance.leaders[1].role == instance.leaders[0].role
    assert len(instance.sessions[-1].days) == 3


def test_the_workbook_offers_what_can_be_chosen(cli: Cli) -> None:
    cli("init", ".", "--xlsx")
    book = openpyxl.load_workbook("people.xlsx")
    assert book.sheetnames == ["说明", "人员", "支部", "地点", "班次", "列表"]
    lists = {
        (sheet.title, str(rule.sqref).partition("2:")[0]): rule.formula1
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists["人员", "C"] == "支部!$A$2:$A$5001"
    roles, rows = lists["人员", "D"].partition("!")[::2]
    first, last = (book[roles][cell.replace("$", "")] for cell in rows.split(":"))
    assert (first.value, last.value) == ("secretary", "member")
    assert lists["班次", "B"] == "地点!$A$2:$A$5001"
    assert ("班次", "H") in lists
    explained = {row[1] for row in book["说明"].iter_rows(values_only=True) if row[0] in book.sheetnames}
    headed = {cell.value.rstrip("*") for name in ("人员", "支部", "地点", "班次") for cell in book[name][1]}
    assert explained == headed


def test_init_xlsx_marks_a_wrong_cell_by_its_name(cli: Cli) -> None:
    cli("init", ".", "--xlsx")
    book = openpyxl.load_workbook("people.xlsx")
    book["人员"]["C4"] = "EATS"
    book.save("people.xlsx")
    ran = cli("validate", "roster.yaml")
    assert ran.code == 1
    expected = (
        "people.xlsx:4:3: error unknown-reference: 人员!C4: 支部: found 'EATS', expected the id of a branch"
    )
    assert ran.out.startswith(expected)


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
