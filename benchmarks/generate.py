"""Write a seeded national roster: `python -m benchmarks.generate --leaders N --sessions M -o DIR`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.draw import draw
from benchmarks.roster.files import write
from benchmarks.roster.state import Season


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one roster and say where."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("--leaders", type=int, required=True, help="rows of the roster")
    parser.add_argument("--sessions", type=int, required=True, help="sessions, candidates included")
    parser.add_argument("--offerings", type=int, help="a season to be designed: candidates come on top")
    parser.add_argument("--sites", type=int, default=3, help="places of each of the --offerings (default 3)")
    parser.add_argument("--weeks", type=int, default=17, help="with --offerings (default 17)")
    parser.add_argument("--lecturers", type=int, default=0, help="with --offerings (default none)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tightness", type=float, default=0.8, help="seats over seats wanted (default 0.8)")
    parser.add_argument("--rules", choices=("all", "core"), default="all")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write to")
    given = parser.parse_args(arguments)
    season = None
    if given.offerings is not None:
        season = Season(given.offerings, given.sites, given.weeks, given.lecturers)
    drawn = draw(
        given.leaders,
        given.sessions,
        given.seed,
        tightness=given.tightness,
        rules=given.rules,
        season=season,
    )
    print(write(drawn, given.output))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
