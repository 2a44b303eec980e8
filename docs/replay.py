"""The replay of a season in docs/planner.md: five disruptions, then what came of it.

`python -m docs.replay` writes the section from the plans in `examples/disruptions`, `--check` compares,
`--solve` makes the plans again first. Everything runs in a copy of `examples/spring-rotation`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shlex
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cadreplan.cli.main import run

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "examples" / "disruptions"
PAGE = ROOT / "docs" / "planner.md"
BEGIN = "<!-- replay: python -m docs.replay -->\n"
END = "<!-- end of the replay -->\n"
_WIDTH = "92"
_SURE = " --workers 1 --seed 1"
"""Behind every search, so that a second one comes to the same plan."""


@dataclass(frozen=True)
class Step:
    """What happens, in words; the search that follows, if any, its plan, and what is shown."""

    words: str
    shown: str
    search: str = ""
    plan: str = ""
    newcomers: bool = False


STEPS = (
    Step(
        "Before the season, the plan:",
        "cadreplan check season.json",
        "cadreplan solve roster.yaml -o season.json",
        "season.json",
    ),
    Step(
        "**5 March.** The lecturers of the study days in Beijing are called away: the session is cancelled."
        " Whatever begins before Monday stays as it is.",
        "cadreplan diff season.json march.json --roster roster.yaml --limit 4",
        "cadreplan replan season.json --freeze-before 2026-03-09 --set sessions.BJ-0316-STUDY= -o march.json",
        "march.json",
    ),
    Step(
        "**27 March.** A landslide closes the base in Yan'an until June: two more sessions are gone.",
        "cadreplan diff march.json yanan.json --roster roster.yaml --limit 4",
        "cadreplan replan march.json --freeze-before 2026-03-30 --set sessions.YA-0415="
        " --set sessions.YA-0526= -o yanan.json",
        "yanan.json",
    ),
    Step(
        "**10 April.** Three leaders are lent to an audit and drop out.",
        "cadreplan diff yanan.json audit.json --roster roster.yaml --limit 4",
        "cadreplan replan yanan.json --freeze-before 2026-04-13"
        " --set leaders.L17.unavailable=2026-04-13..2026-06-26"
        " --set leaders.L35.unavailable=2026-04-13..2026-06-26"
        " --set leaders.L62.unavailable=2026-04-13..2026-06-26 -o audit.json",
        "audit.json",
    ),
    Step(
        "**24 April.** Three newcomers take up their posts; their rows"
        " ([newcomers.yaml](../examples/disruptions/newcomers.yaml)) are added to `leaders.yaml`.",
        "cadreplan diff audit.json april.json --roster roster.yaml --limit 4",
        "cadreplan replan audit.json --freeze-before 2026-04-27 -o april.json",
        "april.json",
        newcomers=True,
    ),
    Step(
        "**8 May.** Changzhou has four seats instead of six in June; the outlet days in Beijing are moved.",
        "cadreplan diff april.json may.json --roster roster.yaml --limit 4",
        "cadreplan replan april.json --freeze-before 2026-05-11 --set sessions.CZ-0608-OUTLET.seats=4"
        " --set sessions.BJ-0518-OUTLET.dates=2026-05-20..2026-05-21 -o may.json",
        "may.json",
    ),
    Step(
        "**After the season.** The sites report who did not come, and who did not reach the level taught"
        " ([results.csv](../examples/disruptions/results.csv)); all others came.",
        "cadreplan record may.json results.csv --others attended -o autumn.yaml --history history.csv"
        " --limit 5",
    ),
    Step(
        "`autumn.yaml` is the roster of the next rotation, with all its comments; its horizon and sessions"
        " are yours to write. What the history tells so far:",
        "cadreplan history history.csv autumn.yaml --limit 5",
    ),
)


def section(*, solve: bool = False) -> str:
    """The replay as it stands in the page; with `solve` the plans are made again."""
    parts: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        here = Path(name) / "examples" / "spring-rotation"
        shutil.copytree(ROOT / "examples" / "spring-rotation", here)
        shutil.copytree(ROOT / "curricula", Path(name) / "curricula")
        shutil.copy(FOLDER / "results.csv", here)
        with contextlib.chdir(here):
            for step in STEPS:
                parts += _step(step, here, solve=solve)
    return "\n\n".join(parts) + "\n"


def _step(step: Step, here: Path, *, solve: bool) -> list[str]:
    if step.newcomers:
        rows = (FOLDER / "newcomers.yaml").read_text(encoding="utf-8")
        with (here / "leaders.yaml").open("a", encoding="utf-8") as table:
            table.write(rows)
    commands = []
    if step.plan:
        if solve:
            _run(step.search + _SURE)
            shutil.copy(here / step.plan, FOLDER)
        else:
            shutil.copy(FOLDER / step.plan, here)
        _run(f"cadreplan check {step.plan}")  # it keeps every rule, and is of these very files
        commands.append(_prompt(step.search))
    commands.append(_prompt(step.shown) + _run(step.shown))
    return [
        textwrap.fill(step.words, 118, break_long_words=False, break_on_hyphens=False),
        f"```console\n{''.join(commands)}```",
    ]


def _prompt(line: str) -> str:
    """A command as it is typed; a long one with its settings on lines of their own."""
    shown = line.replace(" --set", " \\\n    --set") if len(line) > 110 else line
    return f"$ {shown}\n"


def _run(line: str) -> str:
    """What a command writes to standard output."""
    out, err = io.StringIO(), io.StringIO()
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _WIDTH
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                run([*shlex.split(line)[1:], "--lang", "en"])
            except SystemExit as left:
                if left.code:
                    raise RuntimeError(f"{line}: {err.getvalue()}") from None
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before
    lines = [text.rstrip() for text in out.getvalue().strip("\n").splitlines()]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare the section; 1 if a comparison fails."""
    parser = argparse.ArgumentParser(prog="python -m docs.replay", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--solve", action="store_true", help="make the plans again")
    chosen = parser.parse_args(arguments)
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    new = f"{head}{BEGIN}\n{section(solve=chosen.solve)}\n{END}{tail}"
    if chosen.check:
        if new != page:
            print("docs/planner.md is out of date; run python -m docs.replay")
        return int(new != page)
    PAGE.write_text(new, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
