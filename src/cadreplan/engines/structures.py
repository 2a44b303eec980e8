"""Structures: many arrays under one name, handed to kernels by address.

Numba takes a named tuple apart wherever it is passed: of fifty arrays each function gets four hundred
numbers, and a kernel takes a second to compile however little it does. A structure keeps where its arrays lie
in one block of words, and a kernel reads from it what it uses. To kernels its fields are what they are to
Python.
"""

# numba declares few types
# mypy: disable-error-code="no-untyped-call, untyped-decorator, override"

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from hashlib import sha256
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import typeof, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray


class Structure:
    """Base of frozen dataclasses whose fields are arrays in C order, whole numbers, or structures again.

    Arrays may be written to, but not exchanged. What is pickled are the fields.
    """

    words: NDArray[np.int64]
    """Of each array its address and shape, of each number itself, of each structure its words, in order."""
    address: int
    """Where the words begin; they live as long as the structure does."""
    kernel_type: StructureType

    def __post_init__(self) -> None:
        """Note where everything lies; raises TypeError for a field that kernels can't read."""
        words: list[int] = []
        kinds = []
        for name, value in self._values():
            words += _words_of(name, value)
            kinds.append((name, _type_of(value)))
        block = np.array(words, np.int64)
        kernel_type = StructureType(type(self), tuple(kinds))
        self.__dict__.update(words=block, address=int(block.ctypes.data), kernel_type=kernel_type)

    def __reduce__(self) -> tuple[Callable[..., Structure], tuple[Any, ...]]:
        return type(self), tuple(value for _, value in self._values())

    def _values(self) -> Iterator[tuple[str, Any]]:
        for field in fields(cast(Any, self)):
            yield field.name, getattr(self, field.name)


def _words_of(name: str, value: object) -> list[int]:
    if isinstance(value, Structure):
        return [int(word) for word in value.words]
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise TypeError(f"{name}: expected an array in C order")
        return [int(value.ctypes.data), *value.shape]
    if isinstance(value, int | np.integer):
        return [int(value)]
    raise TypeError(f"{name}: expected an array, a whole number or a structure, found {type(value).__name__}")


def _type_of(value: object) -> types.Type:
    if isinstance(value, Structure):
        return value.kernel_type
    if isinstance(value, np.ndarray):
        found = typeof(value)
        return types.Array(found.dtype, found.ndim, "C")  # a view that may be written to, whatever it was
    return types.int64


class StructureType(types.Type):
    """The type of a structure by its class and the types of its fields, with the word each begins at."""

    def __init__(self, of: type[Structure], kinds: tuple[tuple[str, types.Type], ...]) -> None:
        digest = sha256(repr((of.__module__, of.__qualname__, kinds)).encode()).hexdigest()[:8]
        super().__init__(f"{of.__name__}_{digest}")  # short: it is a part of every symbol
        self.places: dict[str, tuple[int, types.Type]] = {}
        self.size = 0
        for name, kind in kinds:
            self.places[name] = self.size, kind
            self.size += _size(kind)


def _size(kind: types.Type) -> int:
    if isinstance(kind, StructureType):
        return kind.size
    return 1 + kind.ndim if isinstance(kind, types.Array) else 1


@register_model(StructureType)
class _Address(models.PrimitiveModel):
    def __init__(self, dmm: object, fe_type: StructureType) -> None:
        super().__init__(dmm, fe_type, ir.IntType(64).as_pointer())


@typeof_impl.register(Structure)
def _typeof(value: Structure, _: object) -> StructureType:
    return value.kernel_type


@infer_getattr
class _Fields(AttributeTemplate):
    key = StructureType

    def generic_resolve(self, of: StructureType, name: str) -> types.Type | None:
        """The type of a field; None: there is none of that name."""
        return of.places[name][1] if name in of.places else None


@unbox(StructureType)
def _unbox(_: StructureType, value: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(value, "address")
    address = c.builder.bitcast(c.pyapi.long_as_voidptr(number), ir.IntType(64).as_pointer())
    c.pyapi.decref(number)
    return NativeValue(address, is_error=c.pyapi.c_api_error())


@lower_getattr_generic(StructureType)
def _read(context: Any, builder: Any, of: StructureType, value: Any, name: str) -> Any:
    first, kind = of.places[name]
    whole = ir.IntType(64)

    def word(k: int, as_: ir.Type = whole) -> Any:
        """A word of the block; none of them ever changes."""
        at = builder.gep(value, [whole(first + k)])
        if as_ != whole:
            at = builder.bitcast(at, as_.as_pointer())
        found = builder.load(at)
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    if isinstance(kind, StructureType):
        return builder.gep(value, [whole(first)])
    if not isinstance(kind, types.Array):
        return word(0)
    array = context.make_array(kind)(context, builder)
    item = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    shape = [word(1 + k) for k in range(kind.ndim)]
    strides = [whole(item)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    populate_array(
        array,
        data=word(0, array.data.type),
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=whole(item),
        meminfo=None,
    )
    return array._getvalue()
