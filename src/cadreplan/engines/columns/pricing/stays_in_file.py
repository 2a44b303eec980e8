"""Stays in a file that is mapped into memory: what a shard takes of memory is what is looked at just now.

Of many leaders with hundreds of sessions stays take more memory than workers have, and each pass looks at
all of them, one shard after the other. In a file they are kept in what memory the system has to spare, and
read from disk beyond that. Where the system allows it the file has no name, and ends with the process however
that ends.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from dataclasses import fields, replace

import numpy as np

from cadreplan.engines.columns.pricing.stays import Stays, Timing

_LINE = 64
"""Arrays begin at multiples of so many bytes."""


class MappedStays:
    """`stays` as given, but in a file in the folder for temporary ones. Raises OSError without room there."""

    def __init__(self, stays: Stays) -> None:
        size = sum(_room(array) for array in _arrays(stays).values())
        size += sum(_room(array) for array in _arrays(stays.timing).values())
        with tempfile.TemporaryFile() as file:
            if hasattr(os, "posix_fallocate"):  # else a full disk would end the process in the middle of it
                os.posix_fallocate(file.fileno(), 0, max(1, size))
            else:
                file.truncate(max(1, size))
            self._map = mmap.mmap(file.fileno(), max(1, size))
        self._end = 0
        timing = replace(stays.timing, **self._moved(stays.timing))
        self.stays: Stays = replace(stays, timing=timing, **self._moved(stays))

    def rest(self) -> None:
        """Nobody looks at the stays for a while: give their memory back."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _moved(self, of: Stays | Timing) -> dict[str, np.ndarray]:
        """The arrays of a structure in the file."""
        moved = {}
        for name, array in _arrays(of).items():
            there = np.frombuffer(self._map, array.dtype, array.size, self._end).reshape(array.shape)
            there[...] = array
            moved[name] = there
            self._end += _room(array)
        return moved


def _arrays(of: Stays | Timing) -> dict[str, np.ndarray]:
    found = {field.name: getattr(of, field.name) for field in fields(of)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def _room(array: np.ndarray) -> int:
    """Bytes that an array takes in the file."""
    return -(-array.nbytes // _LINE) * _LINE
