"""Structures in kernels: what they read, what they write to, what is refused, what is pickled."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from cadreplan.engines.jit import kernel
from cadreplan.engines.structures import Structure


@dataclass(frozen=True, eq=False)
class Inner(Structure):
    table: NDArray[np.int64]
    flags: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outer(Structure):
    first: NDArray[np.int32]
    inner: Inner
    number: int
    share: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Odd(Structure):
    word: str


@kernel
def weigh(o: Outer, inner: Inner) -> float:
    total = 0.0
    for r in range(inner.table.shape[0]):
        for k in range(inner.table.shape[1]):
            if o.inner.flags[k]:
                total += o.first[r] * inner.table[r, k] + o.number * o.share[-1]
    inner.table[0, 1] = len(o.first)
    return total


def outer() -> Outer:
    table = np.arange(6, dtype=np.int64).reshape(2, 3)
    inner = Inner(table, np.array([True, False, True]))
    return Outer(np.array([10, 1], np.int32), inner, 1 << 40, np.array([0.0, 0.5]))


def by_hand(o: Outer) -> float:
    rows, columns = np.nonzero(np.broadcast_to(o.inner.flags, o.inner.table.shape))
    worth = o.first[rows] * o.inner.table[rows, columns]
    return float(worth.sum() + len(rows) * o.number * o.share[-1])


def test_a_kernel_reads_all_fields_and_writes_to_arrays() -> None:
    one = outer()
    expected = by_hand(one)
    assert weigh(one, one.inner) == expected
    assert one.inner.table[0, 1] == 2


def test_an_exchanged_field_is_read_and_the_old_one_stays() -> None:
    one = outer()
    other = replace(one, first=np.array([3, 2], np.int32), number=7)
    assert weigh(other, other.inner) == by_hand(other)
    assert weigh(one, one.inner) == by_hand(one)


def test_a_pickled_one_lies_elsewhere_and_says_the_same() -> None:
    one = outer()
    copy = pickle.loads(pickle.dumps(one))
    assert copy.address != one.address
    copy.inner.table[1, 0] = 1000
    assert one.inner.table[1, 0] == 3
    assert weigh(copy, copy.inner) == by_hand(copy) != by_hand(one)


def test_what_is_read_only_to_python_is_of_the_same_type_to_kernels() -> None:
    one = outer()
    one.first.flags.writeable = False
    assert replace(one).kernel_type == outer().kernel_type


def test_arrays_of_gaps_and_other_values_are_refused() -> None:
    with pytest.raises(TypeError, match="flags: expected an array in C order"):
        Inner(np.zeros((2, 3), np.int64), np.zeros(6, np.bool_)[::2])
    with pytest.raises(TypeError, match="word: expected an array, a whole number or a structure, found str"):
        Odd("a")


def test_classes_with_other_fields_are_other_types() -> None:
    one = outer()
    narrow = replace(one.inner, table=one.inner.table.astype(np.int32))
    assert narrow.kernel_type != one.inner.kernel_type
    assert weigh(one, narrow) == by_hand(one)
