"""Writes the locks beside it: every package that this project needs, with the hashes of all its files.

    make lock                        after a change of the dependencies; versions in the locks stay
    make lock LOCK=--upgrade         the newest versions

`run.txt` is what the command needs, `test.txt` that and what `make test` needs; `browser.txt`, `coverage.txt`
and `fuzz.txt` are what comes on top of it. They name no place to get packages from: pip knows one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
RUN = ("solve", "tui")
TEST = (*RUN, "test", "bench")
EXTRA = {name: (*TEST, name) for name in ("browser", "coverage", "fuzz")}


def main(options: list[str]) -> None:
    """Compile all locks; `options` go to uv."""
    _compile("test", TEST, options)
    locked = _packages(FOLDER / "test.txt")
    for name, extras in EXTRA.items():
        path = FOLDER / f"{name}.txt"
        path.write_text((FOLDER / "test.txt").read_text() + (path.read_text() if path.exists() else ""))
        _compile(name, extras, options)
        path.write_text("".join(text for key, text in _packages(path).items() if key not in locked))
    (FOLDER / "run.txt").write_text((FOLDER / "test.txt").read_text())
    _compile("run", RUN, options)


def _compile(name: str, extras: tuple[str, ...], options: list[str]) -> None:
    wanted = [word for extra in extras for word in ("--extra", extra)]
    line = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "locks/build.in", *wanted]
    line += ["--python-version", "3.11", "--python-platform", "x86_64-unknown-linux-gnu", *options]
    line += ["--generate-hashes", "--quiet"]
    line += ["--no-emit-index-url", "--no-header", "--no-annotate", "-o", f"locks/{name}.txt"]
    subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _packages(path: Path) -> dict[str, str]:
    """Name of each package → its lines, in the order of the file."""
    found: dict[str, str] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if not line.startswith(" "):
            name = line.partition("==")[0]
        found[name] = found.get(name, "") + line
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
