"""The outcomes as a page of Markdown: machine, versions, commands, one table a case, who is better where."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from benchmarks.cases import Case
from benchmarks.methods import METHODS
from benchmarks.outcomes import Outcome, best_bound, best_objective, distance, seconds_to

_PACKAGES = ("cadreplan", "ortools", "numba", "numpy")
OWN = ("columns", "exact")
"""The engines of this project."""
_HEAD = (
    "method",
    "worth",
    "below best bound",
    "own gap",
    "s to 1 %",
    "s to 0.1 %",
    "s in all",
    "peak MB",
    "rules",
)
_NEGLIGIBLE = 1e-6
"""Relative differences below this are ties."""


def page(
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    *,
    command: str,
    seed: int,
    workers: int,
    picture: str,
    reading: Sequence[str] = (),
    exports: Sequence[str] = (),
) -> str:
    """The whole page; `picture` is its path relative to the page, `reading` and `exports` are tables."""
    lines = ["# Performance", "", "Written by the benchmark itself; run it again with:", ""]
    lines += [
        "```console",
        f"$ {command}",
        "```",
        "",
        *machine(workers),
        f"- seed of all rosters: {seed}",
        f"- written on {datetime.now(UTC).date()}; engines may have changed since",
        "",
    ]
    lines += _LEGEND
    lines += ["", f"![Gap over time]({picture})", ""]
    lines += ["Seasons designed by today's rule and by cadreplan: [seasons.md](seasons.md).", ""]
    for case in cases:
        lines += [f"## {case.title}", "", *_case(case, [o for o in outcomes if o.case == case.id]), ""]
    lines += ["## Where another method is better than `columns`", ""]
    lines += _better(cases, outcomes)
    if reading:
        lines += [
            "",
            "## Reading and validating",
            "",
            "Whole commands, the best of three runs, 600 sessions.",
            "",
        ]
        lines += reading
    if exports:
        lines += [
            "",
            "## Exports",
            "",
            "Whole commands, reading the plan and its roster included, the quicker of two runs. Seconds",
            "depend on who else uses the machine and its disk; those of the processor do so less.",
            "",
            *exports,
        ]
    return "\n".join(lines) + "\n"


_LEGEND = (
    "Every method gets the same roster, the same time limit and its own process; time is that of the whole",
    "command, with loading, building the model, solving and writing. Every plan is recomputed and checked by",
    "`cadreplan.check`: *rules* says whether all hard rules hold. *Below best bound* compares the plan with",
    "the lowest bound that any method proved, *own gap* with the method's own bound. *s to 1 %* is when the",
    "method first told of a plan within 1 % of the best bound. Memory is the peak sum over all its processes",
    "(PSS).",
)


def machine(workers: int) -> list[str]:
    """Processor, memory, versions, as a Markdown list."""
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
    return [
        f"- machine: {_processor()}, {len(os.sched_getaffinity(0))} cores, {_memory_gib()} GiB",
        f"- workers: {workers}, where a method can use several",
        f"- {platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}",
        "- HiGHS and SCIP are those bundled with OR-Tools",
    ]


def _case(case: Case, outcomes: Sequence[Outcome]) -> list[str]:
    bound, best = best_bound(outcomes), best_objective(outcomes)
    lines = [f"Time limit {case.seconds:g} s, to stop at a gap of {100 * case.gap:g} %.", ""]
    lines += ["| " + " | ".join(_HEAD) + " |", "|---|" + "---:|" * (len(_HEAD) - 1)]
    lines += ["| " + " | ".join(_row(case, outcome, bound, best)) + " |" for outcome in outcomes]
    notes = [f"- {METHODS[o.method].name}: {o.note}" for o in outcomes if o.note]
    return [*lines, "", *notes] if notes else lines


def _row(case: Case, outcome: Outcome, bound: int | None, best: int | None) -> list[str]:
    name = METHODS[outcome.method].name
    if outcome.objective is None:
        return [
            name,
            "no plan",
            *["" for _ in _HEAD[2:6]],
            f"{outcome.seconds:.1f}",
            f"{outcome.peak_mb:,}",
            "",
        ]
    shown = outcome.objective + case.base
    strong = "**" if outcome.objective == best and not outcome.violations else ""
    below = "" if bound is None else percent(distance(outcome.objective, bound, case.base))
    own = "" if outcome.bound is None else percent(distance(outcome.objective, outcome.bound, case.base))
    times = [
        "" if bound is None else _seconds(seconds_to(outcome, target, bound, case.base))
        for target in (0.01, 0.001)
    ]
    rules = "kept" if not outcome.violations else f"{outcome.violations} broken"
    return [
        *(name, f"{strong}{shown:,}{strong}", below, own, *times),
        *(f"{outcome.seconds:.1f}", f"{outcome.peak_mb:,}", rules),
    ]


def _better(cases: Sequence[Case], outcomes: Sequence[Outcome]) -> list[str]:
    if not any(o.method == "columns" for o in outcomes):
        return ["`columns` was not run."]
    lines: list[str] = []
    for case in cases:
        own = next((o for o in outcomes if (o.case, o.method) == (case.id, "columns")), None)
        peers = [o for o in outcomes if o.case == case.id and o.method not in ("columns", "proof")]
        if own is None:
            continue
        for peer in peers:
            lines += [
                f"- {case.title}: {METHODS[peer.method].name} {how}" for how in _advantages(case, peer, own)
            ]
    return lines or ["Nowhere on this run."]


def _advantages(case: Case, peer: Outcome, own: Outcome) -> list[str]:
    """How a peer beats us: a better plan, a smaller proven gap, or the same plan and proof in less time."""
    if peer.objective is None or peer.violations:
        return []
    if own.objective is None or own.violations:
        return ["has a plan, columns has none."]
    found: list[str] = []
    scale = max(1, abs(own.objective + case.base))
    ahead = (peer.objective - own.objective) / scale
    if ahead > _NEGLIGIBLE:
        found.append(f"has the better plan, by {percent(ahead)}.")
    if peer.bound is None:
        return found
    proven = distance(peer.objective, peer.bound, case.base)
    gap = float("inf") if own.bound is None else distance(own.objective, own.bound, case.base)
    if proven < gap - _NEGLIGIBLE:
        found.append(f"proves a smaller gap, {percent(proven)} against {percent(gap)}.")
    elif ahead > -_NEGLIGIBLE and proven <= gap + _NEGLIGIBLE and peer.seconds < own.seconds:
        found.append(f"is as good in less time, {peer.seconds:.1f} s against {own.seconds:.1f} s.")
    return found


def percent(gap: float) -> str:
    """A gap in percent with two significant digits, as `0.013 %`."""
    value = 100 * gap
    if value == 0:
        return "0 %"
    return f"{value:.1f} %" if abs(value) >= 1 else f"{value:.2g} %"


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.1f}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].split())
    return platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
