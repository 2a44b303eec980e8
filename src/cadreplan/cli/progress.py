"""Progress of a solve on standard error: live on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from cadreplan.language import tr
from cadreplan.views.screen.theme import meter
from cadreplan.views.wording import gap, number, seconds

if TYPE_CHECKING:
    from cadreplan.solving import Progress

_EVERY = 5.0
_TRACE = 24
_STEPS = "▁▂▃▄▅▆▇█"


class Watch(Protocol):
    """Takes progress while the solve runs."""

    def __call__(self, progress: Progress) -> None: ...


@contextmanager
def watching(console: Console, *, quiet: bool, time_limit: float | None) -> Iterator[Watch]:
    """Show progress until the block is left; a live view leaves nothing behind."""
    if quiet:
        yield lambda progress: None
    elif console.is_interactive:
        view = LiveView(time_limit)
        with Live(view, console=console, transient=True, refresh_per_second=8):
            yield view
    else:
        yield PlainLines(console)


class PlainLines:
    """A line at the first sign, then at most one every few seconds; numbers as `plan 1,234  bound 1,300`."""

    def __init__(self, console: Console, every: float = _EVERY) -> None:
        self._console = console
        self._every = every
        self._next = -math.inf
        self._last = ""

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        text = _facts(progress)
        if now < self._next or text == self._last:
            return
        self._next, self._last = now + self._every, text
        self._console.file.write(f"{seconds(progress.seconds):>8}  {text}\n")
        self._console.file.flush()


def _facts(progress: Progress) -> str:
    parts = []
    if progress.objective is not None:
        parts.append(tr("plan {points:,}", points=progress.objective))
    if progress.bound is not None:
        parts.append(tr("bound {points:,}", points=progress.bound))
    if progress.gap is not None:
        parts.append(tr("gap {gap}", gap=gap(progress.gap)))
    return "  ".join([*parts, progress.phase])


class LiveView:
    """The latest progress, redrawn a few times a second with the clock running on."""

    def __init__(self, time_limit: float | None) -> None:
        self._limit = time_limit
        self._latest: Progress | None = None
        self._at = time.monotonic()
        self._gaps: list[float] = []
        self._spinner: Spinner | None = None

    def __call__(self, progress: Progress) -> None:
        self._latest, self._at = progress, time.monotonic()
        if progress.gap is not None and (not self._gaps or progress.gap != self._gaps[-1]):
            self._gaps.append(progress.gap)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        latest = self._latest
        now = time.monotonic()
        elapsed = (latest.seconds if latest else 0.0) + now - self._at
        if self._spinner is None:
            self._spinner = Spinner("line" if options.ascii_only else "dots")
        frame = self._spinner.render(now)
        head = Text(" ").append_text(frame if isinstance(frame, Text) else Text("*"))
        head.append(f" {seconds(elapsed, tenths=False)}")
        if self._limit and not options.ascii_only:
            done, track = meter(elapsed, self._limit, 12)
            head.append(" ").append(done, style="id").append(track, style="track")
            limit = tr("of {time}", time=seconds(self._limit, tenths=False))
            head.append(f" {limit}", style="quiet")
        yield head.append(f"  {latest.phase if latest else tr('starting')}", style="id")
        if latest is None:
            return
        line = Text("   ")
        for name, value in ((tr("plan"), latest.objective), (tr("bound"), latest.bound)):
            line.append(f"{name} ", style="quiet").append("-" if value is None else number(value)).append(
                "   "
            )
        line.append(tr("gap") + " ", style="quiet").append(gap(latest.gap), style="bold")
        if not options.ascii_only:
            line.append(f"  {trace(self._gaps)}", style="good")
        yield line


def trace(gaps: list[float]) -> str:
    """How the gap fell, a step for each of the latest values, on a logarithmic scale."""
    levels = [math.log10(max(g, 1e-6)) for g in gaps[-_TRACE:]]
    if len(levels) < 2:
        return ""
    low, high = min(levels), max(levels)
    span = (high - low) or 1.0
    return "".join(_STEPS[round((level - low) / span * (len(_STEPS) - 1))] for level in levels)
