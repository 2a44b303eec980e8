"""The part of a page that a benchmark writes: what stands between two marks; the rest is written by hand."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

from cadreplan.documents.writing import write_atomically

BEGIN, END = "<!-- written by the benchmark: begin -->", "<!-- written by the benchmark: end -->"


def put(text: str, page: Path, title: str) -> None:
    """Write `text` between the marks of a page; make a page of that title where there is none.

    Raises `ValueError` where a page lacks the marks.
    """
    around = around_marks(page)
    before, after = (f"# {title}\n\n", "\n") if around is None else around
    write_atomically(page, f"{before}{BEGIN}\n{text}{END}{after}".encode())


def around_marks(page: Path) -> tuple[str, str] | None:
    """What stands before and after the marks of a page; None where there is no page yet.

    Raises `ValueError` where a page lacks the marks: better before an hour of measuring than after it.
    """
    if not page.exists():
        return None
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: no lines '{BEGIN}' and '{END}' to write between")
    return before, after


def page_to_write(text: str) -> Path:
    """For `argparse`: a page that can be written to."""
    page = Path(text)
    try:
        around_marks(page)
    except (OSError, ValueError) as error:
        raise ArgumentTypeError(str(error)) from None
    return page
