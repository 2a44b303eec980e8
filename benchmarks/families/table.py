"""The outcomes as Markdown: the gap of every method on every family, at the end and at moments on the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from benchmarks.families.contests import METHODS, Entry
from benchmarks.families.registry import FAMILIES, FIRST_REPORTED_SEED
from benchmarks.methods import METHODS as ALL
from benchmarks.outcomes import Outcome, best_bound, distance, objective_at
from benchmarks.report import OWN, machine, percent

MOMENTS = (5, 10, 20, 30, 60, 180)
"""Seconds at which the plan in hand is looked at."""
_NO_PLAN = "no plan"
_NO_BOUND = "no bound"

Found = dict[tuple[str, str], Outcome]
"""Outcomes by contest and method."""


def section(
    entries: Sequence[Entry], outcomes: Sequence[Outcome], *, command: str, workers: int, picture: str | None
) -> str:
    """What stands between the marks of the page: machine, command, tables, picture."""
    found = {(o.case, o.method): o for o in outcomes}
    methods = [m for m in METHODS if any(o.method == m for o in outcomes)]
    lines = ["```console", f"$ {command}", "```", "", *machine(workers), *_seeds(entries), ""]
    lines += ["### At the end", "", *_ends(entries, found, methods), "", "### On the way", ""]
    lines += _moments(entries, found, methods)
    if picture is not None:
        lines += ["", f"![Gap over time]({picture})"]
    wrong = problems(entries, found)
    if wrong:
        lines += ["", "### What is wrong", "", *(f"- {what}" for what in wrong)]
    return "\n".join(lines) + "\n"


def problems(entries: Sequence[Entry], found: Found) -> list[str]:
    """Broken rules, plans above a bound, plans told of but not delivered, our engines without a plan."""
    wrong: list[str] = []
    for entry in entries:
        own = [o for (case, _), o in found.items() if case == entry.contest.id]
        bound = best_bound(own)
        for o in own:
            where = f"{entry.contest.title}, {ALL[o.method].name}"
            told = max((plan for _, plan, _ in o.trace if plan is not None), default=None)
            if o.objective is None:
                if o.method in OWN:
                    wrong.append(f"{where}: no plan ({o.note})")
                continue
            if o.violations:
                wrong.append(f"{where}: {o.violations} rules broken")
            if bound is not None and o.objective > bound:
                wrong.append(f"{where}: a plan of {o.objective:,} above a bound of {bound:,}")
            if o.method in OWN and told is not None and told > o.objective:
                wrong.append(f"{where}: told of {told:,}, delivered {o.objective:,}")
    return wrong


def _seeds(entries: Sequence[Entry]) -> list[str]:
    seeds = sorted({entry.seed for entry in entries if entry.seed is not None})
    if not seeds:
        return []
    kind = "reported" if seeds[0] >= FIRST_REPORTED_SEED else "tuning among them, not for reporting"
    held = [id_ for id_ in FAMILIES if any(e.family == id_ for e in entries) and FAMILIES[id_].held_back]
    lines = [f"- seeds: {', '.join(map(str, seeds))} ({kind})"]
    return lines + ([f"- families held back from tuning: {', '.join(held)}"] if held else [])


def _groups(entries: Sequence[Entry]) -> list[tuple[str, str, list[Entry]]]:
    """Entries of one family and size together: they differ by seed."""
    return [
        (family, size, list(group))
        for (family, size), group in groupby(entries, key=lambda entry: (entry.family, entry.size))
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * left + "---:|" * (len(head) - left)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def _ends(entries: Sequence[Entry], found: Found, methods: Sequence[str]) -> list[str]:
    """A line a family and size: limit, and the final gap of every method, the smallest in bold."""
    rows: list[list[str]] = []
    for family, size, group in _groups(entries):
        gaps = [_gap(group, found, method, None) for method in methods]
        least = min((gap for gap in gaps if isinstance(gap, float)), default=None)
        cells = [f"**{_shown(gap)}**" if gap == least else _shown(gap) for gap in gaps]
        rows.append([family, size, f"{group[0].contest.seconds:g}", *cells])
    return _table(["family", "size", "limit, s", *(ALL[m].name for m in methods)], rows, 2)


def _moments(entries: Sequence[Entry], found: Found, methods: Sequence[str]) -> list[str]:
    """A line a family, size and method: the gap at each moment before the limit and at the end."""
    rows: list[list[str]] = []
    for family, size, group in _groups(entries):
        for method in methods:
            own = [found[key] for entry in group if (key := (entry.contest.id, method)) in found]
            if not own:
                continue
            limit = group[0].contest.seconds
            gaps = [_shown(_gap(group, found, method, t)) if t < limit else "" for t in MOMENTS]
            broken = sum(o.violations for o in own)
            rows.append(
                [
                    *(family, size, ALL[method].name, *gaps, _shown(_gap(group, found, method, None))),
                    f"{max(o.seconds for o in own):.1f}",
                    f"{max(o.peak_mb for o in own):,}",
                    f"{broken} broken" if broken else "kept" if any(o.objective for o in own) else "",
                ]
            )
    head = ["family", "size", "method", *(f"{t} s" for t in MOMENTS), "end", "s in all", "peak MB", "rules"]
    return _table(head, rows, 3)


def _gap(group: Sequence[Entry], found: Found, method: str, moment: float | None) -> float | str | None:
    """The largest gap of a method over the seeds of a family and size; None: it wasn't run on all of them."""
    gaps: list[float] = []
    for entry in group:
        outcome = found.get((entry.contest.id, method))
        if outcome is None:
            return None
        bound = best_bound(o for (case, _), o in found.items() if case == entry.contest.id)
        plan = outcome.objective if moment is None else objective_at(outcome, moment)
        if plan is None:
            return _NO_PLAN
        if bound is None:
            return _NO_BOUND
        gaps.append(distance(plan, bound, entry.contest.base))
    return max(gaps)


def _shown(gap: float | str | None) -> str:
    return "" if gap is None else gap if isinstance(gap, str) else percent(gap)
