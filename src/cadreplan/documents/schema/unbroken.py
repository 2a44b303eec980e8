"""Pydantic without interrupts.

One that comes inside a parser of ours would be taken for a wrong value, and one while a class is made is
swallowed by pydantic's core and leaves a class that refuses what is right. So signals that end a command wait
for either (not on Windows).
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

T = TypeVar("T")

_ENDING = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


@contextmanager
def held() -> Iterator[None]:
    """Signals come after the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def unbroken(validate: Callable[[object], T], value: object) -> T:
    """What `validate` makes of a value."""
    with held():
        return validate(value)


class UnbrokenMeta(ModelMetaclass):
    """Makes classes of pydantic without interrupts."""

    def __new__(mcs, *args: Any, **kwargs: Any) -> type:
        with held():
            return super().__new__(mcs, *args, **kwargs)
