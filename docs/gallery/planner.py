"""The planner's page from an Excel file to calendars: its files, and its screens, taken from the commands."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from rich.ansi import AnsiDecoder
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.text import Text

from cadreplan.cli.init import WORKBOOK, example_workbook
from cadreplan.cli.inputs import open_plan
from cadreplan.cli.main import run
from cadreplan.language import Language, using
from cadreplan.views.screen.summary import summary
from cadreplan.views.screen.theme import THEME
from cadreplan.views.season import Season
from docs.gallery.terminal import picture

FOLDER = Path(__file__).parent / "excel"
_WIDTH = 100
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(_WIDTH), "LC_ALL": "C.UTF-8"}
_PEOPLE = "人员"


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the page, and the folder that stands there as `spring` when it is run."""

    name: str
    arguments: tuple[str, ...]
    spring: str | None = "spring"


STEPS = (
    Step("init", ("init", "spring", "--xlsx"), None),
    Step("validate", ("validate", "spring/season.xlsx"), "mistake"),
    Step("show-session", ("show", "spring/plan.json", "--session", "S2")),
    Step("explain", ("explain", "spring/plan.json", "L7", "admission")),
    Step("calendars", ("export", "spring/plan.json", "--to", "ics", "-o", "calendars")),
    Step("diff", ("diff", "spring/plan.json", "spring-2/plan.json")),
    Step(
        "calendars-2",
        (
            "export",
            "spring-2/plan.json",
            "--to",
            "ics",
            "--previous",
            "spring/plan.json",
            "-o",
            "calendars-2",
        ),
    ),
)
"""What is run as it stands there; `solve` is drawn from its plan, for it would take another time each run."""


def is_current() -> bool:
    """Whether the season is still the one that `init --xlsx` gives, and the plans are made from it."""
    with using(Language.ZH):
        example = example_workbook()
    given = parts((FOLDER / "spring" / WORKBOOK).read_bytes()) == parts(example)
    plans = (open_plan(FOLDER / folder / "plan.json", None, None) for folder in ("spring", "changed"))
    return given and not any(opened.differences for opened in plans)


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook, however they are compressed."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


def screens() -> Iterator[tuple[str, str]]:
    """Name → picture of each step in each language, `en/validate` and so on."""
    for language in Language:
        with using(language):
            solved = picture(_solved(language), _WIDTH, "cadreplan solve")
        yield f"{language.value}/solve", solved
        for step in STEPS:
            yield f"{language.value}/{step.name}", _taken(step, language)


def _solved(language: Language) -> list[list[Segment]]:
    opened = open_plan(FOLDER / "spring" / "plan.json", None, None)
    season = Season.of(opened.loaded.instance, opened.plan)
    command = _prompt(("solve", "spring/season.xlsx", "-o", "spring/plan.json"), language)
    return _lines([command, *summary(season, _WIDTH)])


def _taken(step: Step, language: Language) -> str:
    """The screen of a command, run where nothing but its folders lies."""
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch), _terminal() as stream:
        if step.spring is not None:
            shutil.copytree(FOLDER / step.spring, "spring")
            shutil.copytree(FOLDER / "changed", "spring-2")
        with contextlib.suppress(SystemExit):
            colour = () if step.arguments[0] == "export" else ("--color", "always")
            run((*step.arguments, *colour, "--lang", language.value))
        stream.flush()
        said = stream.buffer.getvalue().decode()  # type: ignore[attr-defined]  # a BytesIO, made in _terminal
    lines = [_prompt(step.arguments, language), *AnsiDecoder().decode(said.rstrip("\n"))]
    return picture(_lines(lines), _WIDTH, f"cadreplan {step.name}")


class _Screen(io.TextIOWrapper):
    """A stream that says it is a terminal: what is drawn there is wanted."""

    def isatty(self) -> bool:
        return True


@contextlib.contextmanager
def _terminal() -> Iterator[io.TextIOWrapper]:
    """Both streams as one, on a terminal of a known width."""
    before = {name: os.environ.get(name) for name in _TERMINAL}
    os.environ.update(_TERMINAL)
    stream = _Screen(io.BytesIO(), encoding="utf-8", write_through=True)
    try:
        with contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
            yield stream
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def _prompt(arguments: Sequence[str], language: Language) -> Text:
    spoken = ("--lang", "zh") if language is Language.ZH else ()
    return Text("$ ", style="quiet").append(" ".join(("cadreplan", *arguments, *spoken)), style="heading")


def _lines(parts: Sequence[RenderableType]) -> list[list[Segment]]:
    console = Console(
        file=io.StringIO(),
        theme=THEME,
        width=_WIDTH,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
    )
    return [list(line) for part in parts for line in console.render_lines(part, pad=False)]


def solve() -> None:
    """Make the folders again: the season as `init` gives it, with a mistake, after somebody dropped out."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        _cadreplan("init", "spring", "--xlsx", "--lang", "zh")
        for name in ("spring", "mistake", "changed"):
            (FOLDER / name).mkdir(parents=True)
            shutil.copy(Path("spring") / WORKBOOK, FOLDER / name / WORKBOOK)
    _edit(FOLDER / "mistake" / WORKBOOK, {"支部": {4: "EASR"}, "技能": {6: "theory:two"}})
    _edit(FOLDER / "changed" / WORKBOOK, {"不可用": {9: "2026-03-02..2026-04-24"}})
    limits = ("--gap", "0", "--workers", "1", "--seed", "1", "-q")
    old, new = FOLDER / "spring", FOLDER / "changed"
    _cadreplan("solve", str(old / WORKBOOK), *limits, "-o", str(old / "plan.json"))
    changed = ("--roster", str(new / WORKBOOK), "-o", str(new / "plan.json"))
    _cadreplan("replan", str(old / "plan.json"), *changed, *limits)


def _edit(path: Path, columns: dict[str, dict[int, str]]) -> None:
    """Write into the sheet of people: by the header of a column, and the row."""
    book = openpyxl.load_workbook(path)
    sheet = book[_PEOPLE]
    heads = {str(cell.value).rstrip("*"): cell.column for cell in sheet[1]}
    for header, cells in columns.items():
        for row, value in cells.items():
            sheet.cell(row, heads[header], value)
    book.save(path)


def _cadreplan(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "cadreplan", *arguments], check=True, stdout=subprocess.DEVNULL)
