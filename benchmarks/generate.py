"""Write a seeded national roster: `python -m benchmarks.generate --leaders N --sessions M -o DIR`."""

from __future__ import annotations

from benchmarks.draw import Rules
from benchmarks.draw import draw as draw_all
from cadreplan.instance import Instance


def draw(leaders: int, sessions: int, seed: int, *, tightness: float = 0.8, rules: Rules = "all") -> Instance:
    """The instance of `benchmarks.draw.draw`, in memory, as the loader would read it from the files."""
    return draw_all(leaders, sessions, seed, tightness=tightness, rules=rules).instance
