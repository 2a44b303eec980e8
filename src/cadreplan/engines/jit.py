"""Compiled kernels: numba with its cache in the user's cache folder.

The cache lives outside the package, so that a read-only install compiles once and not at every start. It is
kept by the digest of the kernels' sources, because numba notices a changed file but not a changed callee in
another file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba
import platformdirs
from filelock import FileLock, Timeout
from numba import types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.types import unliteral

P = ParamSpec("P")
R = TypeVar("R")


def _folder() -> Path:
    digest = sha256(os.fsencode(Path(__file__).parent))  # numba keeps what it compiles by path
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        text = source.read_bytes()
        if any(
            mark in text for mark in (b"\n@kernel", b"\n@lean", b"\n@inner", b"numba.njit", b"numba.core")
        ):
            digest.update(text)
    return platformdirs.user_cache_path("cadreplan") / "kernels" / digest.hexdigest()[:16]


_FOLDER = Path(os.environ.setdefault("NUMBA_CACHE_DIR", str(_folder())))
cast(Callable[[], None], numba.config.reload_config)()

_CACHED = _FOLDER / "complete"
"""A file that stands for: every kernel was compiled."""
_PATIENCE = 60.0
"""Seconds to wait for another process that compiles a kernel, before it is compiled here too."""

_SIGNED = (types.int8, types.int16, types.int32, types.int64)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile with numba at the first call, cached, without the interpreter's lock."""
    return _compiled(function)


def lean(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes no array, nor copies one whole into another: much less to compile.

    Nothing is counted that refers to the arrays it is given: they outlive the call.
    """
    return _compiled(function, _nrt=False)


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """As `lean`, for a function that only others so compiled call, never the interpreter."""
    return _compiled(function, _nrt=False, no_cpython_wrapper=True)


def _compiled(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    if cast(Any, numba.config).DISABLE_JIT:  # for a debugger
        return function
    njit: Any = numba.njit
    compiled = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)(function)
    template = compiled.get_call_template

    def widened(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        """How another kernel calls it: any integer has 64 bits and no known value, so it is compiled once."""
        plain = map(unliteral, args)
        return template(tuple(types.int64 if arg in _SIGNED else arg for arg in plain), kws)

    alone = compiled.compile

    def once(signature: Any) -> Any:
        """Compile where no other process is at it; else wait, and take it from the cache."""
        with global_compiler_lock, _turn(f"{function.__module__}.{function.__qualname__}"):
            return alone(signature)

    compiled.get_call_template, compiled.compile = widened, once
    return cast(Callable[P, R], compiled)


@contextmanager
def _turn(name: str) -> Iterator[None]:
    """Inside the block no other process compiles the kernel of that name, as far as possible."""
    if is_cached():
        yield
        return
    lock = FileLock(_FOLDER / f"{name}.lock", timeout=_PATIENCE)
    with suppress(OSError, Timeout):  # nowhere to write, or nobody there any more: then each for itself
        _FOLDER.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def is_compiled() -> bool:
    """Whether kernels are compiled at all: not where NUMBA_DISABLE_JIT asks for plain Python."""
    return not cast(Any, numba.config).DISABLE_JIT


def is_cached() -> bool:
    """Whether all kernels were compiled before on this machine (then a first call takes no time)."""
    return _CACHED.exists()


def mark_cached() -> None:
    """From now on all kernels count as compiled."""
    with suppress(OSError):
        _FOLDER.mkdir(parents=True, exist_ok=True)
        _CACHED.touch()
