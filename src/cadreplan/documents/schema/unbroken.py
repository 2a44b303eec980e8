"""Pydantic without interrupts.

One that comes inside a parser of ours would be taken for a wrong value, and one while a class is made is
swallowed by pydantic's core and leaves a class that refuses what is right. So Ctrl-C waits for either.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

T = TypeVar("T")


@contextmanager
def held() -> Iterator[None]:
    """An interrupt comes after the block; in other threads than the main one there are none.

    It is the handler that waits: a signal that only this thread blocks would be taken by another one, and
    handled here all the same.
    """
    before = signal.getsignal(signal.SIGINT)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            before(*came[0])


def unbroken(validate: Callable[[object], T], value: object) -> T:
    """What `validate` makes of a value."""
    with held():
        return validate(value)


class UnbrokenMeta(ModelMetaclass):
    """Makes classes of pydantic without interrupts."""

    def __new__(mcs, *args: Any, **kwargs: Any) -> type:
        with held():
            return super().__new__(mcs, *args, **kwargs)
