"""What systems do differently with processes: the one place where solving asks which of them this is.

| | Linux | macOS | Windows |
|---|---|---|---|
| asked to end | SIGINT, SIGTERM, SIGHUP | the same | SIGINT, SIGBREAK (Ctrl-C, Ctrl-Break) |
| Ctrl-C reaches the parent only | a session of its own | the same | a process group of its own |
| told to stop | a line on standard input | the same | the same |
| ended | SIGKILL | SIGKILL | TerminateProcess |
| memory limited | RLIMIT_AS | refused | refused |
| first to go when memory is short | oom_score_adj | by size | by size |
| cores | those this process may use | all | all |
| a folder is in use | flock | flock | a locked byte |

Everything here works where a module of the others (`resource`, `fcntl`, `msvcrt`) is missing.
"""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO


def _module(name: str) -> Any:
    """A module that some systems don't have; its types differ by system, too."""
    try:
        return import_module(name)
    except ImportError:
        return None


_resource, _fcntl, _msvcrt = map(_module, ("resource", "fcntl", "msvcrt"))

ENDING_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)
"""Signals by which a user or a system asks a program to end, those that there are."""

_CRASHES_FROM = 0x8000_0000
"""Exit codes of Windows for a process that the system ended, as 0xC0000005 for a forbidden access."""
_TERMINATED = 1
"""The exit code that `Popen.kill` gives a process on Windows; ours end with 0 whatever comes."""


def apart() -> dict[str, Any]:
    """Arguments of `Popen` with which Ctrl-C on the terminal doesn't reach the process."""
    if os.name == "nt":
        flags = ("CREATE_NEW_PROCESS_GROUP", "CREATE_NO_WINDOW")
        return {"creationflags": sum(getattr(subprocess, name, 0) for name in flags)}
    return {"start_new_session": True}


def was_killed(code: int) -> bool:
    """Whether an exit code is that of a process which others ended, or which crashed."""
    if os.name == "nt":
        return code >= _CRASHES_FROM or code == _TERMINATED
    return code < 0


def can_limit_memory() -> bool:
    """Whether `limit_memory` does anything."""
    return _resource is not None and sys.platform != "darwin"  # which takes the limit, and ignores it


def limit_memory(most: int | None) -> None:
    """Let this process address at most that many bytes from now on; None: as many as it could at first."""
    if can_limit_memory():
        hard = _resource.getrlimit(_resource.RLIMIT_AS)[1]
        _resource.setrlimit(_resource.RLIMIT_AS, (hard if most is None else most, hard))


def be_first_to_go() -> None:
    """Ask the system to end this process first when memory is short, where it can be asked."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_mine(status: os.stat_result) -> bool:
    """Whether a folder belongs to this user; a temporary folder of Windows is its user's own."""
    return stat.S_ISDIR(status.st_mode) and (not hasattr(os, "geteuid") or status.st_uid == os.geteuid())


def lock(file: BinaryIO) -> None:
    """Hold an open file while it is open and this process lives; raises `OSError` where another does."""
    if _fcntl is not None:
        _fcntl.flock(file, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    elif _msvcrt is not None:
        file.seek(0)
        _msvcrt.locking(file.fileno(), _msvcrt.LK_NBLCK, 1)
