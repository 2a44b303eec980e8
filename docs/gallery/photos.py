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
_Pictures = dict[str, tuple[int, tuple[str, ...]]]
_WHOLE = ("-r", "75")
_TOP = ("-r", "130", "-x", "75", "-y", "85", "-W", "1250", "-H", "115")
_BOOKS: dict[str, _Pictures] = {
    "spring.xlsx": {"workbook-overview": (1, _WHOLE), "workbook-timetable": (2, _WHOLE)},
    "excel/mistake/season.xlsx": {"excel-people": (5, _TOP)},
}
"""Workbook → picture → the printed page that it shows, and how much of it."""


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
    for book, sheets in _BOOKS.items():
        with tempfile.TemporaryDirectory() as scratch:
            _printed(folder / book, sheets, into, Path(scratch))


def _printed(book: Path, sheets: _Pictures, into: Path, scratch: Path) -> None:
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(scratch), str(book)],
        check=True,
        capture_output=True,
    )
    for name, (number, part) in sheets.items():
        page = ["-f", str(number), "-l", str(number), *part]
        files = [str(scratch / f"{book.stem}.pdf"), str(into / name)]
        subprocess.run(["pdftoppm", "-png", "-singlefile", *page, *files], check=True)
