"""What the commands that search for a plan share: their options, and how times and gaps are written."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cadreplan.language import tr

_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


class EngineChoice(StrEnum):
    """The engines."""

    AUTO = "auto"
    EXACT = "exact"
    COLUMNS = "columns"


def duration(text: str) -> float:
    """Seconds from `90`, `90s`, `10m` or `1.5h`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.strip().lower())
    if found is None or found[2] not in _UNITS or float(found[1]) == 0:
        raise typer.BadParameter(tr("'{text}' is no time: write seconds, or 10m, or 1.5h", text=text))
    return float(found[1]) * _UNITS[found[2]]


def ratio(text: str) -> float:
    """A share from `0.001` or `0.1%`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text.strip())
    value = float(found[1]) / (100 if found[2] else 1) if found else -1.0
    if not 0 <= value < 1:
        raise typer.BadParameter(tr("'{text}' is no gap: write 0.001 or 0.1%", text=text))
    return value


OutputOption = Annotated[
    Path, typer.Option("-o", "--output", metavar="FILE", help="Where the plan goes; - is standard output.")
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="TIME",
        parser=duration,
        help="Stop after 90, 10m or 1.5h. No limit by default.",
    ),
]
GapOption = Annotated[
    float | None,
    typer.Option(
        "--gap", metavar="GAP", parser=ratio, help="Stop at a plan this near to the bound: 0.001 or 0.1%."
    ),
]
EngineOption = Annotated[
    EngineChoice, typer.Option("--engine", help="exact: one model, for hundreds; columns: for thousands.")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Threads; all cores by default.")
]
SeedOption = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="Seed of the search.")]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Work on a Dask cluster: tcp://host:8786, a scheduler file, or config.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="What if: put this into the roster, as in sites.yanan.beds=60; may be repeated.",
    ),
]
QuietOption = Annotated[bool, typer.Option("-q", "--quiet", help="No progress, no warnings.")]
