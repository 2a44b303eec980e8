"""Ctrl-C and SIGTERM as a wish for the best plan so far instead of an end of the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType


@dataclass(slots=True)
class Interrupts:
    """How often the user asked for an end."""

    count: int = 0


@contextmanager
def counted() -> Iterator[Interrupts]:
    """Count interrupts until the block is left; outside the main thread there are none."""
    found = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield found
        return

    def count(number: int, frame: FrameType | None) -> None:
        found.count += 1

    before = {number: signal.signal(number, count) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield found
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
