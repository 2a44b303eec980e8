"""What every method took for every programme, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from statistics import geometric_mean

from benchmarks.programmes.programme import Programme
from benchmarks.programmes.solve import ACCURACY, METHODS, Measured
from benchmarks.report import machine

OURS = "tree"
_NO_GAP = 1e-7


@dataclass(frozen=True)
class Compared:
    """One programme and what each method came to: figures, or in words why there are none."""

    roster: str
    part: str
    rows: int
    columns: int
    blocks: int
    nonzeros: int
    found: Mapping[str, Measured | str]


def compared(roster: str, part: str, programme: Programme, found: Mapping[str, Measured | str]) -> Compared:
    """With the size of the programme."""
    size = programme.n_rows, programme.n_columns, programme.n_blocks, int(programme.matrix.nnz)
    return Compared(roster, part, *size, found)


def section(all_: Sequence[Compared], *, command: str, limit: float) -> str:
    """What stands between the marks of the page."""
    methods = [m for m in METHODS if any(m in one.found for one in all_)]
    lines = ["```console", f"$ {command}", "```", "", *machine(1)[::2], f"- {_versions()}"]
    lines += [f"- a method gets {limit:g} s of the processor for a programme"]
    lines += ["", "### All programmes together", "", *_summary(all_, methods)]
    lines += ["", "### Programme by programme", "", *_rows(all_, methods)]
    return "\n".join(lines) + "\n"


def _versions() -> str:
    known = {d.metadata["Name"].lower() for d in metadata.distributions()}
    names = [n for n in ("highspy", "highspy-extras", "scipy") if n in known]
    return ", ".join(f"{n} {metadata.version(n)}" for n in names)


def _summary(all_: Sequence[Compared], methods: Sequence[str]) -> list[str]:
    """How often a method reached the accuracy, was the quickest of those, and its time against ours."""
    parts = list(dict.fromkeys(one.part for one in all_))
    head = ["method", f"gap within {ACCURACY:.0e}", "quickest of these", *parts, "worst gap"]
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for m in methods:
        pairs = [(one, got) for one in all_ if isinstance(got := one.found.get(m), Measured)]
        reached = sum(_gap(got) <= ACCURACY for _, got in pairs)
        quickest = sum(got is _quickest(one) for one, got in pairs)
        cells = [METHODS[m][0], f"{reached} of {sum(m in one.found for one in all_)}", str(quickest)]
        cells += [_ratio([pair for pair in pairs if pair[0].part == part]) for part in parts]
        cells.append(f"{max(_gap(got) for _, got in pairs):.0e}" if pairs else "-")
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, "", "Under the programmes: time over that of ours along the tree, geometric means."]


def _ratio(pairs: Sequence[tuple[Compared, Measured]]) -> str:
    ratios = [
        max(got.seconds, 1e-4) / max(ours.seconds, 1e-4)
        for one, got in pairs
        if isinstance(ours := one.found.get(OURS), Measured)
    ]
    return f"{geometric_mean(ratios):.2f}" if ratios else "-"


def _quickest(one: Compared) -> Measured | None:
    """Of those that reached the accuracy."""
    found = [got for got in one.found.values() if isinstance(got, Measured) and _gap(got) <= ACCURACY]
    return min(found, key=lambda got: got.seconds, default=None)


def _rows(all_: Sequence[Compared], methods: Sequence[str]) -> list[str]:
    lines = [
        "| roster | programme | rows | blocks | columns | nonzeros "
        "| method | CPU s | peak MB | iterations | against ours | gap |",
        "|---|---|---:|---:|---:|---:|---|---:|---:|---:|---:|---:|",
    ]
    for one in all_:
        size = f"{one.rows:,} | {one.blocks:,} | {one.columns:,} | {one.nonzeros:,}"
        first = f"| {one.roster} | {one.part} | {size} "
        ours = one.found.get(OURS)
        for m in methods:
            got = one.found.get(m)
            if got is None:
                continue
            cells = [METHODS[m][0], *_cells(got, ours if isinstance(ours, Measured) else None)]
            lines.append(first + "| " + " | ".join(cells) + " |")
            first = "| | | | | | "
    return lines


def _cells(got: Measured | str, ours: Measured | None) -> list[str]:
    if isinstance(got, str):
        return [got, "", "", "", ""]
    off = "-" if ours is None else f"{(got.objective - ours.objective) / max(1.0, abs(ours.objective)):+.1e}"
    figures = f"{got.seconds:.2f}", f"{got.peak_mb:.0f}", f"{got.iterations:,}"
    return [*figures, off, f"{_gap(got):.1e}"]


def _gap(got: Measured) -> float:
    """Between what its prices prove and what its point is worth; rounding aside."""
    gap = (got.bound - got.worth) / max(1.0, abs(got.bound))
    return 0.0 if abs(gap) < _NO_GAP else gap
