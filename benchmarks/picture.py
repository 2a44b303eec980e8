"""Gap over time, one line a method, one panel a case, as an SVG file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from benchmarks.cases import Contest
from benchmarks.methods import METHODS
from benchmarks.outcomes import Outcome, best_bound, distance

_COLOURS = {
    "columns": "#c1272d",
    "exact": "#e08214",
    "highs": "#2166ac",
    "scip": "#67a9cf",
    "first-come": "#777777",
    "priority": "#333333",
    "proof": "#1b7837",
}
_FLOOR = 1e-6
"""Gaps below this are drawn at it: a logarithmic axis has no zero."""


def draw(cases: Sequence[Contest], outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the picture; the same outcomes give the same bytes."""
    mpl.rcParams["svg.hashsalt"] = "cadreplan"
    columns = min(2, len(cases))
    rows = -(-len(cases) // columns)
    figure = Figure(figsize=(6.2 * columns, 4.0 * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    for panel, case in zip(axes.flat, cases, strict=False):
        _panel(panel, case, [o for o in outcomes if o.case == case.id])
    for panel in axes.flat[len(cases) :]:
        panel.set_axis_off()
    figure.savefig(path, format="svg", metadata={"Date": None})


def _panel(panel: Axes, case: Contest, outcomes: Sequence[Outcome]) -> None:
    bound = best_bound(outcomes)
    panel.set_title(case.title, fontsize=10)
    panel.set_xscale("log")
    panel.set_yscale("log")
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    panel.set_xlabel("seconds")
    panel.set_ylabel("plan below the best bound, %")
    panel.grid(visible=True, which="major", alpha=0.3)
    if bound is None:
        return
    for outcome in outcomes:
        points = curve(outcome, bound, case.base)
        if not points:
            continue
        times, gaps = zip(*points, strict=True)
        colour, name = _COLOURS[outcome.method], METHODS[outcome.method].name
        panel.plot(times, gaps, drawstyle="steps-post", color=colour, label=name, linewidth=1.8)
        panel.plot(times[-1], gaps[-1], marker="o", color=colour, markersize=5)
    panel.legend(fontsize=8)


def curve(outcome: Outcome, bound: int, base: int) -> list[tuple[float, float]]:
    """(seconds, gap in percent) each time the plan got better, and at the end."""
    points: list[tuple[float, float]] = []
    best: int | None = None
    for seconds, objective, _ in outcome.trace:
        if objective is not None and (best is None or objective > best):
            best = objective
            points.append((max(seconds, 0.05), _percent(objective, bound, base)))
    if outcome.objective is not None:
        points.append((max(outcome.seconds, 0.05), _percent(outcome.objective, bound, base)))
    return points


def _percent(objective: int, bound: int, base: int) -> float:
    return 100 * max(_FLOOR, distance(objective, bound, base))
