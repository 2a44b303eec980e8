"""The command line in Chinese: `--lang` anywhere, no English sentence, GBK consoles, misuse, help."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.main import get_command

from cadreplan.cli.main import COMMANDS, app
from cadreplan.cli.misuse import Misuse, said
from cadreplan.documents.reading.plan import read_plan
from cadreplan.language import Language, using
from cadreplan.loading.load import load_roster
from cadreplan.views.people import itinerary
from cadreplan.views.season import Season
from tests.cli.base import Cli, apart

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "docs" / "gallery" / "plan.json"
ROSTER = ROOT / "examples" / "spring-rotation" / "roster.yaml"

_LEFT_OUT = re.compile(r"`[^`]*`|\bcadreplan\b.*|cat .*|--[a-z-]+|\S*/\S+|\{.*?\}|#.*")
"""What stays as it is in every language: code, commands, options, paths."""

_SENTENCE = re.compile(r"[A-Za-z]{2,},? [a-z]{2,},? [a-z]{2,}")


def assert_chinese(text: str) -> None:
    """Something Chinese, and nowhere three English words in a row."""
    assert re.search("[一-鿿]", text)
    left = [line for line in text.splitlines() if _SENTENCE.search(_LEFT_OUT.sub(" ", line))]
    assert left == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", PLAN),
        ("show", PLAN, "--pictures"),
        ("show", PLAN, "--leader", "L71"),
        ("show", PLAN, "--session", "BJ-0413-NEW"),
        ("show", PLAN, "--site", "BJ"),
        ("show", PLAN, "--branch", "HLJ"),
        ("show", PLAN, "--lecturer", "鲁延平"),
        ("show", PLAN, "--week", "16"),
        ("check", PLAN),
        ("explain", PLAN, "L71"),
        ("drill", PLAN, "--try", "0"),
        ("diff", PLAN, PLAN),
        ("compare", PLAN, PLAN),
        ("validate", ROSTER),
    ],
    ids=lambda arguments: " ".join(str(a) for a in arguments if a is not PLAN),
)
def test_no_command_says_a_sentence_in_english(cli: Cli, arguments: tuple[str | Path, ...]) -> None:
    ran = cli(*map(str, arguments), "--lang", "zh")
    assert ran.code == 0
    assert_chinese(ran.out + ran.err)


def test_manuals_of_rules(cli: Cli) -> None:
    text = cli("rule", "--all", "--lang", "zh").out
    assert_chinese("\n".join(line for line in text.splitlines() if not line.startswith("    ")))


def test_init(cli: Cli) -> None:
    assert_chinese(cli("init", "demo", "--lang", "zh").out)


@pytest.mark.parametrize("command", ["", *(module.NAME for module in COMMANDS)])
def test_help(cli: Cli, command: str) -> None:
    ran = cli(*([command] if command else []), "--help", "--lang", "zh")
    assert ran.code == 0
    assert_chinese(ran.out)
    for word in ("Usage", "Options", "Arguments", "Commands", "default:", "required", "Examples"):
        assert word not in ran.out
    assert "…" not in ran.out, "text is cut where it could be broken"


def test_help_is_english_again_after_it_was_chinese(cli: Cli) -> None:
    assert "选项" in cli("show", "--help", "--lang", "zh").out
    english = cli("show", "--help").out
    assert "Options" in english
    assert re.search("[一-鿿]", english) is None


@pytest.mark.parametrize(
    "line",
    [
        ("--lang", "zh", "check", "plan.json"),
        ("check", "plan.json", "--lang=zh"),
        ("check", "--lang", "zh", "plan.json"),
    ],
    ids=" ".join,
)
def test_lang_may_stand_anywhere(cli: Cli, plan: Path, line: tuple[str, ...]) -> None:
    assert "正确" in cli(*line).out


def test_the_last_lang_counts_and_none_is_the_locales(
    cli: Cli, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "正确" in cli("check", "plan.json").out
    assert "正确" in cli("--lang", "en", "check", "plan.json", "--lang", "auto").out
    assert " right " in cli("check", "plan.json", "--lang", "en").out
    monkeypatch.setenv("LC_ALL", "C")
    assert " right " in cli("check", "plan.json").out


def test_an_unknown_language_is_misuse(cli: Cli, plan: Path) -> None:
    ran = cli("check", "plan.json", "--lang", "fr")
    assert ran.code == 2
    assert "'fr' is not one of 'auto', 'en', 'zh'" in " ".join(ran.err.split())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("show",), "缺少参数 '计划'。"),
        (("export", "plan.json"), "缺少选项 '--to'。可选："),
        (("schema",), "缺少参数 'kind'。可选："),
        (("--color", "always"), "缺少命令。"),
        (("show", "plan.json", "--colour", "no"), "没有选项：--colour（相近的选项：--color）"),
        (("show", "plan.json", "--help=1"), "选项 '--help' 不带值。"),
        (("xyzzy",), "没有命令 'xyzzy'。"),
        (("sho",), "没有命令 'sho'。是否指 'show'？"),
        (("show", "plan.json", "--sit", "X"), "没有选项：--sit"),
        (("show", "plan.json", "--site"), "选项 '--site' 需要一个值。"),
        (("show", "plan.json", "--pictures=1"), "选项 '--pictures' 不带值。"),
        (("show", "plan.json", "extra"), "多余的参数（extra）"),
        (("show", "plan.json", "--limit", "x"), "'--limit' 的值无效：应为整数"),
        (("show", "plan.json", "--limit", "0"), "'--limit' 的值无效：应不小于 1"),
        (("show", "plan.json", "--color", "pink"), "'pink' 不在可选值 'auto', 'always', 'never' 之中。"),
        (("solve", "roster.yaml", "--gap", "2"), "'--gap' 的值无效：“2”不是差距：请写 0.001 或 0.1%"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_misuse(cli: Cli, line: tuple[str, ...], expected: str) -> None:
    ran = cli("--lang", "zh", *line)
    assert ran.code == 2
    assert expected in ran.err
    assert "╭─ 错误 ─" in ran.err


def test_misuse_shows_how_it_is_used(cli: Cli) -> None:
    assert cli("show", "--lang", "zh").err.startswith(
        "用法：cadreplan show 计划 [选项]\n查看帮助：cadreplan show -h\n"
    )


def test_misuse_of_another_kind_stays_as_it_is() -> None:
    with using(Language.ZH):
        assert said(Misuse("Something else is wrong.")) == "Something else is wrong."
        assert (
            said(typer.BadParameter("It is too old.", param=_limit())) == "'--limit' 的值无效：It is too old."
        )


def _limit() -> Any:
    command = get_command(app).commands["show"]  # type: ignore[attr-defined]
    return next(param for param in command.params if param.name == "limit")


@pytest.mark.parametrize("screen", [("show",), ("show", "--leader", "L71"), ("check",)], ids=" ".join)
def test_a_gbk_terminal(tmp_path: Path, screen: tuple[str, ...]) -> None:
    """Every Chinese text is in GBK; only signs that GBK lacks become simpler ones."""
    arguments = (screen[0], str(PLAN), *screen[1:], "--lang", "zh")
    ran = apart(*arguments, folder=tmp_path, PYTHONIOENCODING="gbk")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert_chinese(ran.stdout.decode("gbk"))
    assert b"?" not in ran.stdout


def test_machine_formats_keep_keys_and_ids(cli: Cli, plan: Path) -> None:
    for arguments in (
        ("check", "plan.json"),
        ("explain", "plan.json", "L6"),
        ("compare", "plan.json", "plan.json"),
    ):
        english, chinese = (
            json.loads(cli(*arguments, "--format", "json", "--lang", lang).out) for lang in ("en", "zh")
        )
        assert _shape(english) == _shape(chinese)
    header = [
        cli("diff", "plan.json", "plan.json", "--format", "csv", "--lang", lang).out for lang in ("en", "zh")
    ]
    assert header[0] == header[1]


def _shape(value: object) -> object:
    """Keys, numbers and lengths, without texts."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return None if isinstance(value, str) else value


def test_reasons_are_said_in_the_readers_language_and_old_sentences_as_they_are() -> None:
    plan = read_plan(PLAN)
    season = Season.of(load_roster(ROSTER).instance, plan)
    i = season.instance.leader_by_id[plan.open_gaps[0].leader]
    old = replace(plan, open_gaps=(replace(plan.open_gaps[0], detail="what it said"),))
    with using(Language.ZH):
        assert_chinese("\n".join(row.detail for row in itinerary(season, i).open))
        assert "what it said" in str(itinerary(Season.of(season.instance, old), i).open)


def test_exports_have_chinese_reasons(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "spring.xlsx"
    assert cli("export", str(PLAN), "--to", "xlsx", "-o", str(target), "--lang", "zh").code == 0
    sheet = openpyxl.load_workbook(target)["未补短板"]
    column = next(cell.column for cell in sheet[1] if cell.value == "说明")
    details = [sheet.cell(row, column).value for row in range(2, sheet.max_row + 1)]
    assert len(details) > 50
    assert_chinese("\n".join(str(text) for text in details))


def test_exports_say_nothing_in_english(cli: Cli, tmp_path: Path) -> None:
    assert cli("export", str(PLAN), "--to", "html", "-o", "page.html", "--lang", "zh").code == 0
    assert cli("export", str(PLAN), "--to", "csv", "-o", "tables", "--lang", "zh").code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', page)
    assert_chinese("\n".join([*labels, re.sub(r"<[^>]*>", "\n", page)]))
    for path in (tmp_path / "tables").iterdir():
        assert_chinese(path.read_text(encoding="utf-8-sig"))


def test_every_command_takes_lang() -> None:
    tree = typer.main.get_command(app)
    for command in (tree, *tree.commands.values()):  # type: ignore[attr-defined]  # it is a group
        assert any("--lang" in parameter.opts for parameter in command.params), command.name


@pytest.mark.parametrize("form", ["text", "github", "junit", "sarif"])
def test_how_to_mend_it_stands_in_chinese_parentheses(cli: Cli, tmp_path: Path, form: str) -> None:
    (tmp_path / "r.yaml").write_text("cadreplan: 1\nkind: rooster\n", encoding="utf-8")
    ran = cli("validate", "r.yaml", "--format", form, "--lang", "zh")
    assert ran.code == 1
    assert re.search(r"（[^（）]*roster[^（）]*）", ran.out), ran.out


def test_a_workbook_alone_is_sent_to_its_roster(cli: Cli, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "people.xlsx")
    ran = cli("validate", "people.xlsx")
    assert ran.code == 1
    assert "a single table is read through a roster that names it" in ran.out
