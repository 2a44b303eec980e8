"""A roster of somebody else shows nothing of other files of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cadreplan.loading.load import find_problems
from tests.cli.base import Cli, apart, example

SECRET = "swordfish"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    (tmp_path / "repository").mkdir()
    example(tmp_path / "repository")
    return tmp_path / "repository" / "roster.yaml"


@pytest.mark.parametrize("key", ["curriculum", "leaders", "sites", "sessions"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("passwd", f"root:x:{SECRET}:0\n"),
        ("key.yaml", f"{SECRET}\n"),
        ("key.yml", f"- {SECRET}: 1\n- {SECRET}\n"),
        ("key.csv", f"{SECRET},{SECRET}2\n{SECRET},1\n"),
        ("settings.yaml", f"password: {SECRET}\n"),
    ],
)
def test_a_file_that_is_no_document_is_not_quoted(
    roster: Path, key: str, name: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (roster.parent / name).write_text(text)
    lines = roster.read_text(encoding="utf-8").splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((k for k in range(at + 1, len(lines)) if lines[k][:1] not in ("", " ", "#", "-")), len(lines))
    lines[at:end] = [f"{key}: {name}"]
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = find_problems([roster])
    assert any(item.rule in ("foreign-file", "table-format") for item in found), found
    for form in ((), ("--color", "always"), ("--format", "json")):
        ran = Cli(capsys)("validate", *form, str(roster))
        assert ran.code == 1
        assert SECRET not in ran.out + ran.err


def test_a_plan_shows_nothing_of_what_it_calls_its_roster(roster: Path) -> None:
    secret = roster.parent / "secret"
    secret.write_text(SECRET)
    data = json.loads((roster.parent / "plan.json").read_text(encoding="utf-8"))
    data["roster"]["path"] = "secret"
    (roster.parent / "plan.json").write_text(json.dumps(data))
    ran = apart("check", "plan.json", folder=roster.parent)
    assert ran.returncode == 2
    assert SECRET.encode() not in ran.stdout + ran.stderr


def test_confined_rosters_name_nothing_outside(roster: Path) -> None:
    outside = roster.parents[1] / "curriculum.yaml"
    outside.write_bytes((roster.parent / "curriculum.yaml").read_bytes())
    (roster.parent / "link.yaml").symlink_to(outside)
    text = roster.read_text(encoding="utf-8")
    assert [item.rule for item in find_problems([roster], confine=roster.parent)] == [
        item.rule for item in find_problems([roster])
    ]
    for path in ("../curriculum.yaml", str(outside), "link.yaml"):
        roster.write_text(
            text.replace("curriculum: curriculum.yaml", f"curriculum: {path}"), encoding="utf-8"
        )
        assert "outside-folder" in [item.rule for item in find_problems([roster], confine=roster.parent)]
        assert "outside-folder" not in [item.rule for item in find_problems([roster])]
        ran = apart("validate", "--confine", ".", ".", folder=roster.parent)
        assert b"outside-folder" in ran.stdout
        assert apart("check", "plan.json", "--confine", ".", folder=roster.parent).returncode == 1
