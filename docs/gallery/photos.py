"""Photographs of the gallery's pages in Chromium, and of its workbook as LibreOffice prints it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

_PAGES = (
    ("page-wide", "spring.zh.html", 1280, 1500, "light"),
    ("page-dark", "spring.en.html", 900, 1500, "dark"),
    ("page-phone", "spring.zh.html", 375, 1500, "light"),
)
_SHEETS = {"workbook-overview": 1, "workbook-timetable": 2}
_DOTS_PER_INCH = 75


def photos(folder: Path) -> None:
    """Write `photos/*.png`."""
    into = folder / "photos"
    into.mkdir(exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, page, width, height, scheme in _PAGES:
            window = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            window.goto((folder / page).resolve().as_uri())
            window.screenshot(path=into / f"{name}.png")
        browser.close()
    with tempfile.TemporaryDirectory() as scratch:
        book = folder / "spring.xlsx"
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "pdf", "--outdir", scratch, str(book)],
            check=True,
            capture_output=True,
        )
        for name, number in _SHEETS.items():
            page = ["-f", str(number), "-l", str(number), "-r", str(_DOTS_PER_INCH)]
            files = [str(Path(scratch) / "spring.pdf"), str(into / name)]
            subprocess.run(["pdftoppm", "-png", "-singlefile", *page, *files], check=True)
