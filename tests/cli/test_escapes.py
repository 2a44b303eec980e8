"""Escape sequences come out of no door as such; a what-if is named wherever it is shown."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from cadreplan.loading.load import load_roster
from tests.cli.base import Cli, example, some_plan

EVIL = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e"


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return example(tmp_path)


def _forged(plan: Path, **changes: object) -> str:
    """The same plan with something else in its parts."""
    data = json.loads(plan.read_text(encoding="utf-8"))
    for key, value in changes.items():
        part, _, field = key.partition("__")
        where = data[part][0] if isinstance(data[part], list) else data[part]
        where[field] = value
    forged = plan.with_name("forged.json")
    forged.write_text(json.dumps(data), encoding="utf-8")
    return str(forged)


def _lines(plan: Path) -> list[list[str]]:
    folder = plan.parent
    evil_file = folder / f"e{EVIL}.yaml"
    evil_file.write_bytes((folder / "roster.yaml").read_bytes() + b"nonsense: 1\n")
    forged = {
        "path": _forged(plan, roster__path=EVIL),
        "settings": _forged(plan, roster__settings=[f"title={EVIL}"]),
    }
    copies = {}
    for name, path in forged.items():
        copies[name] = folder / f"{name}.json"
        copies[name].write_text(Path(path).read_text(encoding="utf-8"), encoding="utf-8")
    fields = {}
    for part, field in (
        ("solver", "engine"),
        ("solver", "why"),
        ("solver", "ended"),
        ("open_gaps", "detail"),
    ):
        fields[field] = folder / f"{field}.json"
        fields[field].write_text(
            Path(_forged(plan, **{f"{part}__{field}": EVIL})).read_text(encoding="utf-8")
        )
    return [
        ["validate", str(evil_file)],
        *(["validate", str(evil_file), "--format", form] for form in ("github", "sarif", "junit")),
        ["validate", f"{folder}/none{EVIL}"],
        ["solve", str(folder / "roster.yaml"), "--set", f"{EVIL}=1"],
        ["solve", str(folder / "roster.yaml"), "--set", f"sites.{EVIL}=1"],
        ["solve", str(folder / "roster.yaml"), "--time-limit", EVIL],
        ["solve", str(folder / "roster.yaml"), "-o", f"{folder}/{EVIL}/{EVIL}"],
        ["show", str(plan), "--leader", EVIL],
        ["show", str(plan), "--session", EVIL],
        ["show", str(plan), f"--{EVIL}"],
        ["explain", str(plan), EVIL, EVIL],
        ["export", str(plan), "--to", EVIL],
        ["export", str(plan), "--to", "html", "-o", f"{folder}/{EVIL}.html"],
        ["solve", str(folder / "roster.yaml"), "-q", "-o", f"{folder}/{EVIL}.json", "--time-limit", "5"],
        ["check", f"{folder}/{EVIL}.json"],
        ["init", f"{folder}/{EVIL}"],
        ["rule", EVIL],
        [EVIL],
        *([verb, str(file)] for file in (*copies.values(), *fields.values()) for verb in ("check", "show")),
        *(["diff", str(plan), str(file)] for file in (*copies.values(), *fields.values())),
        *(["compare", str(plan), str(file)] for file in (*copies.values(), *fields.values())),
        ["check", str(plan), "--roster", str(evil_file)],
    ]


def test_no_escape_comes_through_any_door(plan: Path, cli: Cli) -> None:
    for line in _lines(plan):
        ran = cli(*line)
        steering = [c for c in ran.out + ran.err if not c.isprintable() and c not in "\n\t"]
        assert not steering, (line, ran)
        assert "internal error" not in ran.err, (line, ran.err)


def _what_if(plan: Path) -> str:
    loaded = load_roster(plan.parent / "roster.yaml", settings=["policy.max_days=9"])
    made = some_plan(loaded).to_json().replace('"files"', '"settings": ["policy.max_days=9"], "files"', 1)
    path = plan.with_name("what-if.json")
    path.write_text(made, encoding="utf-8")
    return str(path)


def test_a_what_if_is_named_wherever_it_is_shown(plan: Path, cli: Cli) -> None:
    other = _what_if(plan)
    for line in (
        ("check", other),
        ("show", other),
        ("compare", str(plan), other),
        ("diff", str(plan), other),
    ):
        ran = cli(*line)
        assert "policy.max_days=9" in ran.out + ran.err, line
        assert "policy.max_days=9" not in "".join(vars(cli(*line[:-1], str(plan))).get("out", "")), line
    assert "policy.max_days=9" in cli("check", other).out
    assert json.loads(cli("check", other, "--format", "json").out)["settings"] == ["policy.max_days=9"]
    assert "policy.max_days=9" in cli("compare", str(plan), other, "--format", "csv").out
    page, book = plan.with_name("p.html"), plan.with_name("p.xlsx")
    assert cli("export", other, "--to", "html", "-o", str(page)).code == 0
    assert cli("export", other, "--to", "xlsx", "-o", str(book)).code == 0
    assert "policy.max_days=9" in page.read_text(encoding="utf-8")
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as archive:
        assert b"policy.max_days=9" in archive.read("xl/sharedStrings.xml")


def test_strict_refuses_a_what_if(plan: Path, cli: Cli) -> None:
    other = _what_if(plan)
    assert cli("check", other).code == 0
    assert cli("check", other, "--strict").code == 1
    assert cli("check", str(plan), "--strict").code == 0


def test_check_says_what_it_has_not_proven(plan: Path, cli: Cli) -> None:
    out = cli("check", str(plan)).out
    for word in ("Not proven", "bound", "why skill gaps stay open"):
        assert word in out
    topics = json.loads(cli("check", str(plan), "--format", "json").out)["not_proven"]
    assert topics == ["bound", "reasons", "origin"]
