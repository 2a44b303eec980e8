"""The part of a page that a benchmark writes: what stands between two marks; the rest is written by hand."""

from __future__ import annotations

from pathlib import Path

from cadreplan.documents.writing import write_atomically

BEGIN, END = "<!-- written by the benchmark: begin -->", "<!-- written by the benchmark: end -->"


def put(text: str, page: Path, title: str) -> None:
    """Write `text` between the marks of a page; make a page of that title where there is none.

    Raises `ValueError` where a page lacks the marks.
    """
    if not page.exists():
        write_atomically(page, f"# {title}\n\n{BEGIN}\n{text}{END}\n".encode())
        return
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: no lines '{BEGIN}' and '{END}' to write between")
    write_atomically(page, f"{before}{BEGIN}\n{text}{END}{after}".encode())
