"""Saving a plan so that no half of it is ever seen."""

from __future__ import annotations

import os
from pathlib import Path

from cadreplan.documents.writing import write_atomically
from cadreplan.plan import Plan


def save(plan: Plan, path: str | os.PathLike[str]) -> None:
    """Write a plan as JSON; an older file of that name stays until the new one is complete."""
    write_atomically(Path(path), plan.to_json().encode())
