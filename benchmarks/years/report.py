"""What the study found: a table, a picture and the page with both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.years.season import Measured

Runs = Mapping[str, Sequence[Measured]]
_COLOURS = {"priority": "#777777", "wait": "#2166ac", "guarantee": "#c1272d", "norms": "#e08214"}
_NAMES = {
    "priority": "priority, a step for who waited",
    "wait": "`weights.wait`",
    "guarantee": "`guarantee` with `weights.wait`",
    "norms": "both with `weights.norm`",
}


def line(policy: str, one: Measured) -> str:
    """One season while the study runs."""
    return (
        f"{policy} {one.season:2}: {one.with_gaps} with gaps, {one.seats} seats, {one.left_out} left out,"
        f" {one.again} again, longest {one.longest}, {one.closed} closed, gap {100 * one.bound_gap:.2f} %"
    )


def table(runs: Runs) -> str:
    """All seasons together, a column for each policy."""
    worth = {name: sum(one.worth for one in run) for name, run in runs.items()}
    most = max(worth.values(), default=0)
    rows: list[tuple[str, dict[str, str]]] = [
        ("left out, a season", {n: _mean([x.left_out for x in r]) for n, r in runs.items()}),
        ("of them left out the season before too", {n: _mean([x.again for x in r]) for n, r in runs.items()}),
        (
            "longest wait, seasons in a row",
            {n: str(max((x.longest for x in r), default=0)) for n, r in runs.items()},
        ),
        ("skill gaps closed", {n: f"{sum(x.closed for x in r):,}" for n, r in runs.items()}),
        ("skill gaps open at the end", {n: f"{r[-1].still_open:,}" for n, r in runs.items() if r}),
        ("worth of the plans, priority 1", {n: f"{w:,}" for n, w in worth.items()}),
        ("worth given up", {n: f"{100 * (most - w) / max(1, most):.2f} %" for n, w in worth.items()}),
        (
            "largest gap to the bound",
            {n: f"{100 * max(x.bound_gap for x in r):.2f} %" for n, r in runs.items() if r},
        ),
    ]
    norms = sorted({norm for run in runs.values() for one in run for norm in one.asked})
    for norm in norms:
        rows.append((f"norm {norm} met, where due", {n: _share(r, norm) for n, r in runs.items()}))
    lines = ["| | " + " | ".join(_NAMES[name] for name in runs) + " |", "|---" * (len(runs) + 1) + "|"]
    lines += [
        f"| {what} | " + " | ".join(cells.get(name, "") for name in runs) + " |" for what, cells in rows
    ]
    return "\n".join(lines) + "\n"


def _mean(values: Sequence[int]) -> str:
    return f"{sum(values) / max(1, len(values)):,.1f}"


def _share(run: Sequence[Measured], norm: str) -> str:
    met, asked = Counter[str](), Counter[str]()
    for one in run:
        met.update(one.met)
        asked.update(one.asked)
    return f"{100 * met[norm] / asked[norm]:.1f} % of {asked[norm]:,}" if asked[norm] else "-"


def draw(runs: Runs, path: Path) -> None:
    """Left out, left out again and the longest wait by season, as an SVG file; same numbers, same bytes."""
    mpl.rcParams["svg.hashsalt"] = "cadreplan"
    figure = Figure(figsize=(11, 3.4), layout="constrained")
    panels = figure.subplots(1, 3)
    what = (
        ("left out", "left_out"),
        ("left out twice in a row", "again"),
        ("longest wait, seasons", "longest"),
    )
    for panel, (title, key) in zip(panels, what, strict=True):
        for name, run in runs.items():
            values = [getattr(one, key) for one in run]
            panel.plot(range(1, len(values) + 1), values, marker="o", color=_COLOURS[name], label=name)
        panel.set_title(title, fontsize=10)
        panel.set_xlabel("season")
        panel.set_ylim(bottom=0)
        panel.grid(visible=True, alpha=0.3)
    panels[0].legend(fontsize=8)
    figure.savefig(path, format="svg", metadata={"Date": None})


def page(found: str, picture: str, said: Mapping[str, object]) -> str:
    """The page in docs."""
    numbers = ", ".join(f"{key} {value}" for key, value in said.items())
    return f"""# Five years of rotations under three policies

{said["leaders"]} invented leaders, two seasons a year; people join, leave and change posts, skills lapse, a
few don't come or miss too much. Every policy meets the same people, changes, sessions and absences. Made by
`python -m benchmarks.years` ({numbers}); every plan goes through `record --next`, as a planner's would.

{found}
![Left out by season]({picture})

*Left out* is who has skill gaps and no seat. *Worth* counts skill gaps closed and days, with every priority 1
and nothing for waiting; *given up* is what is missing to the policy with most.
"""
