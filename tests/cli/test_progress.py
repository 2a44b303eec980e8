"""Progress while a solve runs: plain lines, and the live view."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from rich.console import Console

from cadreplan.cli.progress import LiveView, PlainLines, trace, watching
from cadreplan.views.screen.theme import THEME
from tests.views.small import cells, drawn


@dataclass(frozen=True)
class Seen:
    """As `cadreplan.solving.Progress`."""

    seconds: float
    phase: str
    objective: int | None = None
    bound: int | None = None
    gap: float | None = None


def _console(**options: object) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, theme=THEME, width=80, **options), stream  # type: ignore[arg-type]


def test_plain_lines_come_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("cadreplan.cli.progress.time.monotonic", lambda: clock[0])
    console, stream = _console()
    lines = PlainLines(console)
    for second in range(12):
        clock[0] = float(second)
        lines(Seen(second, f"round {second}", 1000 + second, 2000, 0.123))
    assert stream.getvalue().splitlines() == [
        "   0.0 s  plan 1,000  bound 2,000  gap 12 %  round 0",
        "   5.0 s  plan 1,005  bound 2,000  gap 12 %  round 5",
        "    10 s  plan 1,010  bound 2,000  gap 12 %  round 10",
    ]


def test_nothing_new_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("cadreplan.cli.progress.time.monotonic", lambda: clock[0])
    console, stream = _console()
    lines = PlainLines(console)
    for second in (0, 10, 20):
        clock[0] = float(second)
        lines(Seen(second, "waiting"))
    assert stream.getvalue() == "   0.0 s  waiting\n"


def test_the_live_view_has_phase_plan_bound_gap_and_time() -> None:
    view = LiveView(60.0)
    assert any("starting" in line for line in drawn([view]))
    view(Seen(12.0, "dive 2", 1_000_000, 1_100_000, 0.09))
    view(Seen(24.0, "dive 3", 1_050_000, 1_100_000, 0.045))
    first, second = drawn([view])
    assert "24 s" in first
    assert "of 1:00 min" in first
    assert "dive 3" in first
    assert second.split() == ["plan", "1,050,000", "bound", "1,100,000", "gap", "4.5", "%", "█▁"]
    assert all(cells(line) <= 60 for line in drawn([view], 60))


def test_the_live_view_in_ascii() -> None:
    view = LiveView(60.0)
    view(Seen(1.0, "search", 1, 2, 0.5))
    assert all(line.isascii() for line in drawn([view], 80, "ascii"))


def test_the_trace_is_logarithmic_and_short() -> None:
    assert trace([]) == trace([0.1]) == ""
    assert trace([1.0, 0.1, 0.01, 0.001]) == "█▆▃▁"
    assert len(trace([0.1 / (k + 1) for k in range(500)])) == 24
    assert trace([0.5, 0.0]) == "█▁"


def test_a_live_view_leaves_nothing_behind() -> None:
    console, stream = _console(force_terminal=True, color_system=None)
    with watching(console, quiet=False, time_limit=None) as watch:
        assert isinstance(watch, LiveView)
        watch(Seen(1.0, "search", 1, 2, 0.5))
    assert stream.getvalue().rstrip().endswith(("\x1b[2K", "\x1b[?25h", "\x1b[1A\x1b[2K"))


def test_quiet_shows_nothing_even_on_a_terminal() -> None:
    console, stream = _console(force_terminal=True)
    with watching(console, quiet=True, time_limit=None) as watch:
        watch(Seen(1.0, "search"))
    assert stream.getvalue() == ""
