"""Reading a roster as every user of the library does, for peers and for the runner."""

from __future__ import annotations

from pathlib import Path

from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster


def load(path: Path) -> Instance:
    """The instance of a roster file."""
    return load_roster(path).instance
