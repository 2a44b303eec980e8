"""Plans side by side as rows, JSON and CSV: a row a figure, a column a plan."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from cadreplan.insight.compare import Figures
from cadreplan.language import tr
from cadreplan.plan import SELDOM
from cadreplan.views.csv_files import harmless
from cadreplan.views.wording import TERMS, reason


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of all plans. `better` is 1 where more is better, -1 where less is, 0 where neither."""

    key: str
    label: str
    values: tuple[int | float | str | None, ...]
    better: int = 0


def rows_of(figures: Sequence[Figures]) -> list[FigureRow]:
    """All figures, the worth first; reasons that no plan has are left out."""

    def row(
        key: str, label: str, value: Callable[[Figures], int | float | str | None], better: int = 0
    ) -> FigureRow:
        return FigureRow(key, label, tuple(value(f) for f in figures), better)

    terms = [
        FigureRow(f"terms.{t}", tr(label), tuple(f.terms[t] for f in figures), 1)
        for t, label in TERMS.items()
        if t not in SELDOM or any(f.terms[t] for f in figures)
    ]
    reasons = [
        FigureRow(
            f"open.{r}", tr("open: {why}", why=reason(r)), tuple(f.open_by_reason.get(r, 0) for f in figures)
        )
        for r in sorted({code for f in figures for code in f.open_by_reason})
    ]
    return [
        row("objective", tr("worth"), lambda f: f.objective, 1),
        row("bound", tr("bound"), lambda f: f.bound),
        row("gap", tr("gap"), lambda f: f.gap, -1),
        *terms,
        row("leaders", tr("leaders trained"), lambda f: f.leaders, 1),
        row("assignments", tr("assignments"), lambda f: f.assignments),
        row("sessions", tr("sessions held"), lambda f: f.sessions),
        row("moved", tr("leaders with other sessions than in the first"), lambda f: f.moved, -1),
        row("open_gaps", tr("open skill gaps"), lambda f: f.open_gaps, -1),
        *reasons,
        *_programme(row),
        row("engine", tr("engine"), lambda f: f.engine),
        *(
            [row("settings", tr("put in with --set"), lambda f: f.settings)]
            if any(f.settings for f in figures)
            else []
        ),
        row("seconds", tr("seconds"), lambda f: f.seconds),
    ]


def _programme(row: Callable[..., FigureRow]) -> list[FigureRow]:
    """What is taught and when; of what no plan has there is no row."""
    rows = [
        row("half_days", tr("half days"), lambda f: f.half_days),
        row("unstaffed", tr("half days without a lecturer"), lambda f: f.unstaffed, -1),
        row("resting", tr("skill gaps closed by these alone"), lambda f: f.resting, -1),
        row("lecturers", tr("lecturers who teach"), lambda f: f.lecturers),
        row(
            "half_days_moved",
            tr("half days with other modules or lecturers than in the first"),
            lambda f: f.half_days_moved,
            -1,
        ),
    ]
    moved = row(
        "rescheduled",
        tr("sessions on other days or in other places than in the first"),
        lambda f: f.rescheduled,
        -1,
    )
    known = [one for one in rows if any(value is not None for value in one.values)]
    return [*([moved] if any(moved.values) else []), *known]


def as_json(names: Sequence[str], figures: Sequence[Figures], *, same_roster: bool) -> str:
    """All figures of all plans."""
    plans = [{"plan": name, **asdict(f)} for name, f in zip(names, figures, strict=True)]
    return json.dumps({"same_roster": same_roster, "plans": plans}, ensure_ascii=False, indent=1) + "\n"


def as_csv(names: Sequence[str], figures: Sequence[Figures]) -> str:
    """A row a figure, a column a plan."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["figure", *(harmless(name) for name in names)])
    for row in rows_of(figures):
        writer.writerow(
            [
                row.key,
                *(harmless(v) if isinstance(v, str) else "" if v is None else v for v in row.values),
            ]
        )
    return stream.getvalue()
