"""Generated pages: `python -m docs.generate` writes them, `--check` fails where one is out of date."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from docs import page_cli, page_format, page_params, page_rules

PAGES: dict[str, Callable[[], str]] = {
    "cli.md": page_cli.page,
    "format.md": page_format.page,
    "params.md": page_params.page,
    "rules.md": page_rules.page,
}
"""File in this folder → its text."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare all pages; 1 if a comparison fails."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(arguments).check
    folder = Path(__file__).parent
    stale = [name for name, make in PAGES.items() if not _current(folder / name, make(), write=not check)]
    if check and stale:
        print(f"out of date: {', '.join(f'docs/{name}' for name in stale)}; run python -m docs.generate")
        return 1
    return 0


def _current(path: Path, text: str, *, write: bool) -> bool:
    """Whether a file has this text; it has after writing."""
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    if found == text:
        return True
    if write:
        path.write_text(text, encoding="utf-8", newline="\n")
        return True
    sys.stdout.writelines(
        difflib.unified_diff(found.splitlines(True), text.splitlines(True), str(path), "generated", n=1)
    )
    return False


if __name__ == "__main__":
    sys.exit(main())
