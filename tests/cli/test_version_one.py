"""Plans of version 1 are read by every command, and their sentences are shown as they are."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from rich.console import Console

from cadreplan.documents.reading.plan import read_plan
from cadreplan.language import Language, using
from cadreplan.loading.load import load_roster
from cadreplan.messages import Message
from cadreplan.views.screen.summary import summary
from cadreplan.views.screen.theme import THEME
from cadreplan.views.season import Season
from tests.cli.base import Cli

OLD = Path(__file__).resolve().parents[1] / "documents" / "version1"
WHY = "40 useful pairs of leader and session, at most 30,000"
TOLD = {"plan.json": "2 of at most 2 people of branch EAST", "replanned.json": "S6 repeats T2 of S3"}
"""Plan → what it says of L4."""
NOBODY = "let one come to BASE"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A roster with a plan and one made again of it, as version 0.1.0 wrote them."""
    return Path(shutil.copytree(OLD, tmp_path / "old"))


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_it_is_version_one() -> None:
    for name in ("plan.json", "replanned.json"):
        assert json.loads((OLD / name).read_text("utf-8"))["cadreplan"] == 1


@pytest.mark.parametrize("name", ["plan.json", "replanned.json"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_shown_with_its_sentences(folder: Path, cli: Cli, name: str, language: str) -> None:
    plan = str(folder / name)
    for line, sentence in (
        (("show", plan, "--leader", "L4"), TOLD[name]),
        (("check", plan), NOBODY),
        (("show", plan), "S5"),
        (("show", plan, "--pictures"), "东部分行"),
    ):
        shown = cli(*line, "--lang", language)
        assert shown.code == 0, shown.err
        assert sentence in " ".join(shown.out.split()), line


@pytest.mark.parametrize("language", list(Language))
def test_the_summary_has_its_sentences(language: Language) -> None:
    season = Season.of(load_roster(OLD / "roster.yaml").instance, read_plan(OLD / "plan.json"))
    console = Console(file=io.StringIO(), width=200, theme=THEME)
    with using(language):
        for part in summary(season, 200):
            console.print(part)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert WHY in shown
    assert NOBODY in shown


@pytest.mark.parametrize("name", ["plan.json", "replanned.json"])
def test_it_passes_the_check(folder: Path, cli: Cli, name: str) -> None:
    after = ("--after", str(folder / "plan.json")) if name != "plan.json" else ()
    ran = cli("check", str(folder / name), *after, "--format", "json")
    assert ran.code == 0, ran.out + ran.err
    assert json.loads(ran.out)["violations"] == []


def test_it_is_compared_and_explained_and_exported(folder: Path, cli: Cli) -> None:
    old, new = str(folder / "plan.json"), str(folder / "replanned.json")
    for line in (
        ("diff", old, new),
        ("diff", old, new, "--format", "json"),
        ("compare", old, new),
        ("explain", old, "L1"),
        ("drill", old, "--try", "1"),
        ("export", old, "--to", "xlsx", "-o", str(folder / "plan.xlsx")),
        ("export", old, "--to", "html", "-o", str(folder / "plan.html")),
        ("export", old, "--to", "csv", "-o", str(folder / "tables")),
        ("export", old, "--to", "ics", "-o", str(folder / "calendars")),
    ):
        ran = cli(*line)
        assert ran.code == 0, (line, ran.err)
    assert TOLD["plan.json"] in (folder / "plan.html").read_text("utf-8")


def test_it_is_recorded(folder: Path, cli: Cli) -> None:
    line = (str(folder / "plan.json"), str(folder / "results.csv"), "--others", "attended")
    ran = cli("record", *line, "-o", str(folder / "next.yaml"))
    assert ran.code == 0, ran.err
    assert (folder / "next.yaml").exists()


def test_a_plan_made_again_of_it_has_messages_and_what_began_keeps_its_sentence(
    folder: Path, cli: Cli
) -> None:
    line = ("replan", str(folder / "plan.json"), "--freeze-before", "2026-03-16")
    ran = cli(*line, "-o", str(folder / "new.json"), "--workers", "1", "--lang", "zh")
    assert ran.code == 0, ran.err
    new = read_plan(folder / "new.json")
    assert json.loads((folder / "new.json").read_text("utf-8"))["cadreplan"] == 2
    assert all(isinstance(gap.detail, Message) for gap in new.open_gaps)
    reasons = {s.id: [h.reason for h in s.programme if h.reason] for s in new.sessions if s.programme}
    assert reasons["S1"] == ["no-kind: nobody on the roster may teach M1; add a lecturer for M1"]
    assert reasons["S4"][0] == Message.of("site", able=1, lecturers=("K2",), module="BASE", site="BASE")
    checked = cli("check", str(folder / "new.json"), "--after", str(folder / "plan.json"))
    assert checked.code == 0, checked.out + checked.err
