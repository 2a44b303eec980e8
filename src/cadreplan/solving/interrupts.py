"""Ctrl-C and what else asks a program to end, as a wish for the best plan so far."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from cadreplan.solving.platform import ENDING_SIGNALS


@dataclass(slots=True)
class Interrupts:
    """How often the user asked for an end."""

    count: int = 0


_active: list[Interrupts] = []
"""The count of the outermost block, while there is one."""


@contextmanager
def counted() -> Iterator[Interrupts]:
    """Count interrupts until the outermost of such blocks is left; outside the main thread there are none.

    A signal that is ignored (`nohup`) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield Interrupts()
        return
    if _active:
        yield _active[0]
        return
    found = Interrupts()

    def count(number: int, frame: FrameType | None) -> None:
        found.count += 1

    before = {n: signal.getsignal(n) for n in ENDING_SIGNALS if signal.getsignal(n) is not signal.SIG_IGN}
    _active.append(found)
    try:
        for number in before:
            signal.signal(number, count)
        yield found
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _active.clear()
