"""A headless Chromium, and pages of a small and of a large plan on disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cadreplan.language import Language, using
from cadreplan.plan import OpenGap
from cadreplan.views.export.page import pages
from cadreplan.views.season import Season
from tests.views.export.base import HOSTILE, hostile, taught
from tests.views.small import instance, plan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LEADERS = 20_000
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; CHROMIUM names another one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail("no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM=PATH")
    options = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox to give
    from playwright.sync_api import sync_playwright  # not among what the other tests need

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=options)
        yield chromium
        chromium.close()


@dataclass
class Shown:
    """A page in a window, and all that it asked for and complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def show(browser: Browser) -> Iterator[object]:
    """Opens a file: `show(path, width=1280, dark=False, script=True)`."""
    contexts = []

    def opened(path: Path, width: int = 1280, *, dark: bool = False, script: bool = True) -> Shown:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        shown = Shown(context.new_page())
        shown.page.on("request", lambda request: shown.asked.append(request.url))
        shown.page.on("console", lambda message: shown.said.append(message.text))
        shown.page.on("pageerror", lambda error: shown.said.append(str(error)))
        shown.page.goto(path.as_uri())
        return shown

    yield opened
    for context in contexts:
        context.close()


def written(folder: Path, what: Season, language: Language = Language.EN, whole: int = 1000) -> Path:
    """The main page of an export on disk."""
    with using(language):
        made = pages(what, "plan.html", whole)
    for name, data in made.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / "plan.html"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with everything on it."""
    return written(tmp_path_factory.mktemp("small"), taught())


@pytest.fixture(scope="session")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same plan in parts."""
    return written(tmp_path_factory.mktemp("split"), taught(), Language.ZH, whole=0)


@pytest.fixture(scope="session", params=[name for name in HOSTILE if "<" in name or '"' in name])
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page on which everything is called like an attack."""
    return written(tmp_path_factory.mktemp("attacked"), hostile(request.param))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 leaders: the small season with many more people at its sessions."""
    problem, made = instance(), plan()
    leaders = tuple(
        replace(problem.leaders[i % 3], id=f"P{i:05}", name=f"林海{i:05}", headcount=1)
        for i in range(LEADERS)
    )
    sessions = tuple(replace(session, seats=LEADERS) for session in problem.sessions)
    pairs = tuple((leader.id, ("S1", "S1", "S3")[i % 3]) for i, leader in enumerate(leaders))
    gaps = tuple(
        OpenGap(leader.id, "meetings", "seats", "no seat") for i, leader in enumerate(leaders) if i % 3 == 2
    )
    many = replace(problem, leaders=leaders, sessions=sessions)
    return written(
        tmp_path_factory.mktemp("large"), Season.of(many, replace(made, assignments=pairs, open_gaps=gaps))
    )
