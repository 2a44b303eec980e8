"""Make or compare the gallery: `python -m docs.gallery.make` writes, `--check` fails where it is out of date.

`--solve` makes the plan again first. Pictures of pages and of the workbook are made by `--photos`, which
needs Chromium, LibreOffice and pdftoppm; they are not compared.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console, RenderableType

from cadreplan.cli.inputs import open_plan
from cadreplan.language import Language, using
from cadreplan.views.csv_files import csv_files
from cadreplan.views.export.calendars import Hours, calendars
from cadreplan.views.export.events import By, events
from cadreplan.views.export.page import pages
from cadreplan.views.export.revisions import revise
from cadreplan.views.export.tables import all_tables
from cadreplan.views.export.workbook import workbook
from cadreplan.views.screen.people import leader_screen, session_screen
from cadreplan.views.screen.pictures import pictures
from cadreplan.views.screen.season import season_screen
from cadreplan.views.screen.summary import summary
from cadreplan.views.screen.theme import THEME
from cadreplan.views.season import Season
from cadreplan.views.tui.app import Browser
from docs.gallery import planner
from docs.gallery.terminal import picture

FOLDER = Path(__file__).parent
ROSTER = FOLDER.parents[1] / "examples" / "spring-rotation" / "roster.yaml"
PLAN = FOLDER / "plan.json"
_WIDTH = 110
_SESSION, _LEADER = "BJ-0413-MEET2", "L12"


def files() -> dict[str, bytes]:
    """Path in this folder → content, of everything that a plan alone determines."""
    opened = open_plan(PLAN, None, None)
    if opened.differences or not planner.is_current():
        raise SystemExit("the gallery's plans are out of date: python -m docs.gallery.make --solve")
    season = Season.of(opened.loaded.instance, opened.plan)
    with using(Language.ZH):
        made = {"spring.xlsx": workbook(season)} | pages(season, "spring.zh.html")
        made |= {f"tables/{name}": data for name, data in csv_files(all_tables(season)).items()}
        for folder, by in (("calendars", By.SITE), ("calendars/lecturers", By.LECTURER)):
            found = calendars(revise([], events(season, by)), season.instance.start, Hours())
            made |= {f"{folder}/{name}": data for name, data in found.items()}
    made |= pages(season, "spring.en.html")
    made |= {f"screens/{name}.svg": text.encode() for name, text in screens(season)}
    made |= {f"excel/{name}.svg": text.encode() for name, text in planner.screens()}
    return made


def screens(season: Season) -> Iterable[tuple[str, str]]:
    """Name → picture of a command's screen."""
    instance = season.instance
    shown: dict[str, Iterable[RenderableType]] = {
        "solve": summary(season, _WIDTH),
        "show": season_screen(season, _WIDTH, 12),
        "show-session": session_screen(season, instance.session_by_id[_SESSION], _WIDTH, 60),
        "show-leader": leader_screen(season, instance.leader_by_id[_LEADER], _WIDTH),
        "show-pictures": pictures(season, _WIDTH, 60),
    }
    for name, parts in shown.items():
        console = Console(
            file=io.StringIO(),
            theme=THEME,
            width=_WIDTH,
            force_terminal=True,
            color_system="truecolor",
            highlight=False,
        )
        lines = [line for part in parts for line in console.render_lines(part, pad=False)]
        yield name, picture(lines, _WIDTH, f"cadreplan {name.replace('-', ' --', 1)}")
    with using(Language.ZH):
        browsed = asyncio.run(_browse(season))
    yield "browse", browsed


async def _browse(season: Season) -> str:
    size = (_WIDTH, 32)
    async with Browser(season).run_test(size=size) as pilot:
        await pilot.press("3", *["down"] * 11)
        await pilot.pause(0.2)
        # what the screen looks like isn't public; Textual's own picture has fonts from elsewhere
        strips = pilot.app.screen._compositor.render_strips()
        return picture([list(strip) for strip in strips], _WIDTH, "cadreplan browse")


def same(path: Path, data: bytes) -> bool:
    """Whether a file has this content; in workbooks, whether all parts have, however they are compressed."""
    if not path.exists():
        return False
    found = path.read_bytes()
    return planner.parts(found) == planner.parts(data) if path.suffix == ".xlsx" else found == data


def _solve() -> None:
    options = ["--gap", "0", "--workers", "1", "--seed", "1", "--programme", "--quiet", "-o", str(PLAN)]
    subprocess.run(
        [sys.executable, "-m", "cadreplan", "solve", str(ROSTER), *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    planner.solve()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare; 1 if a comparison fails."""
    parser = argparse.ArgumentParser(prog="python -m docs.gallery.make", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--solve", action="store_true", help="make the plan again first")
    parser.add_argument("--photos", action="store_true", help="also photograph pages and workbook")
    given = parser.parse_args(arguments)
    if given.solve:
        _solve()
    made = files()
    if given.check:
        stale = [name for name, data in made.items() if not same(FOLDER / name, data)]
        if stale:
            print(f"out of date: {', '.join(stale)}; run python -m docs.gallery.make")
        return int(bool(stale))
    for name, data in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not same(path, data):
            path.write_bytes(data)
    if given.photos:
        from docs.gallery.photos import photos  # noqa: PLC0415 (needs what making and comparing don't)

        photos(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
