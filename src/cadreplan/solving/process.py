"""The solver process as its parent holds it: started once, given one job after the other, told to stop."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from cadreplan.solving.messages import STDERR, Message
from cadreplan.solving.platform import apart

_START = "import sys; sys.path[:] = sys.argv[1:];from cadreplan.solving.worker import main; main()"
"""Nothing is imported before the path is set; `-I` keeps the working folder and PYTHONPATH out until then."""
_PACKAGES = Path(__file__).parents[2]
"""Where this package lies."""


class SolverProcess:
    """A process that waits for jobs; `folder` takes what it says on standard error, and is where it works.

    `messages` has what it tells, None once it is gone.
    """

    def __init__(self, folder: Path) -> None:
        self._stderr = folder / STDERR
        self.messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, *safe_path()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=folder,  # libraries look for their settings there
                **apart(),
            )
        try:
            threading.Thread(target=_read, args=(self._process, self.messages), daemon=True).start()
        except RuntimeError:
            self.end()
            raise

    def begin(self, folder: Path) -> None:
        """Let it do the job in a folder; the message `end` comes when it has."""
        self._say(f"job {json.dumps(str(folder))}")

    def ask_to_stop(self) -> None:
        """Let it end its job soon, with what it has."""
        self._say("stop")

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._process.kill()

    def end(self) -> int:
        """End it now and wait for it; its exit code."""
        self.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)
        return code

    @property
    def lives(self) -> bool:
        """Whether it can still do something."""
        return self._process.poll() is None

    def words(self) -> str:
        """What it, or a library in it, said on standard error."""
        return self._stderr.read_text(encoding="utf-8", errors="replace").strip()

    def _say(self, line: str) -> None:
        pipe = self._process.stdin
        if pipe is not None:
            with suppress(OSError):  # it has ended already: nobody reads, and the messages say so
                pipe.write(line.encode("ascii") + b"\n")
                pipe.flush()


def safe_path() -> list[str]:
    """Where this process imports from, without what Python puts there by itself: the folder of the user.

    That is the working folder (`python -m`, `python -c`) or the folder of a script: what lies beside a roster
    must not run in the solver process.
    """
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    unsafe = {Path.cwd(), *([Path(script).resolve().parent] if script else ())}
    kept = [entry for entry in sys.path if Path(entry).is_absolute() and Path(entry).resolve() not in unsafe]
    return kept if str(_PACKAGES) in kept else [*kept, str(_PACKAGES)]


def _read(process: subprocess.Popen[bytes], messages: queue.SimpleQueue[Message | None]) -> None:
    if process.stdout is not None:
        for line in process.stdout:
            if line.endswith(b"\n"):  # a process that is killed may leave half a line
                messages.put(Message.read(line.decode("ascii")))
    messages.put(None)


def _close(pipe: IO[bytes]) -> None:
    with suppress(OSError):  # the process is gone, and with it what was to be flushed
        pipe.close()
