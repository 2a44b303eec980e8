"""Pydantic without interrupts: one that comes inside a parser of ours would be taken for a wrong value."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_HELD = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


def unbroken(validate: Callable[[object], T], value: object) -> T:
    """What `validate` makes of a value; signals that end a command come after it (not on Windows)."""
    if not hasattr(signal, "pthread_sigmask"):
        return validate(value)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        return validate(value)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
