"""Extras: what an installation may lack, and how to get it.

Reading, validating, checking and showing need no more than the package itself brings.
"""

from __future__ import annotations

from importlib.util import find_spec

from cadreplan.errors import UsageError
from cadreplan.language import later, tr

EXTRAS = {
    "solve": ("ortools", "numba", "numpy", "filelock", "platformdirs", "threadpoolctl"),
    "export": ("icalendar", "jinja2", "xlsxwriter"),
    "frames": ("narwhals",),
    "tui": ("textual",),
}
"""Extra → the modules that come with it."""

_WHAT = {
    "solve": later("searching for plans"),
    "export": later("writing files for people"),
    "frames": later("data frames"),
    "tui": later("browse"),
}


def need(extra: str) -> None:
    """Raise `UsageError` where a module of an extra isn't installed, with the command that installs it."""
    for module in EXTRAS[extra]:
        if find_spec(module) is None:
            raise missing(extra)


def missing(extra: str) -> UsageError:
    """What to tell whoever needs an extra that isn't installed."""
    what = tr(_WHAT[extra])
    command = f"pip install 'cadreplan[{extra}]'"
    return UsageError(tr("{what} needs an extra that isn't installed: {command}", what=what, command=command))


def extra_of(module: str) -> str | None:
    """The extra that brings a module; None for others."""
    top = module.partition(".")[0]
    return next((extra for extra, modules in EXTRAS.items() if top in modules), None)
