"""Tables as data frames of whichever library the reader uses, through narwhals, which needs neither."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from cadreplan.errors import UsageError
from cadreplan.extras import need
from cadreplan.language import tr
from cadreplan.messages.saying import say, with_code

if TYPE_CHECKING:
    from cadreplan.plan import Plan

Backend = Literal["pandas", "polars"]
"""Libraries that frames are made for."""

_BACKENDS: tuple[Backend, ...] = ("pandas", "polars")


def plan_frames(plan: Plan, backend: Backend | None = None) -> dict[str, Any]:
    """The lists of a plan as frames: `assignments`, `sessions`, `open_gaps`, `half_days`, `people`.

    An assignment says where and when it is; days are ISO dates. `backend` is `pandas` or `polars`, None for
    the first of them that is installed. Raises `UsageError` where it isn't.
    """
    sessions = {entry.id: entry for entry in plan.sessions}
    people = {one.id: one for one in plan.people}
    heads = {one.id: one.headcount for one in plan.people}
    seats_taken: dict[str, int] = {}
    for leader, session in plan.assignments:
        seats_taken[session] = seats_taken.get(session, 0) + heads.get(leader, 1)
    tables: dict[str, tuple[Sequence[str], Iterable[Sequence[object]]]] = {
        "assignments": (
            ("leader", "name", "branch", "session", "site", "first_day", "last_day", "days"),
            (
                (
                    leader,
                    people[leader].name if leader in people else None,
                    people[leader].branch if leader in people else None,
                    session,
                    sessions[session].site if session in sessions else None,
                    *_days(sessions[session].dates if session in sessions else ()),
                )
                for leader, session in plan.assignments
            ),
        ),
        "sessions": (
            ("session", "runs", "site", "room", "first_day", "last_day", "days", "modules", "people"),
            (
                (
                    entry.id,
                    entry.runs,
                    entry.site or None,
                    entry.room,
                    *_days(entry.dates),
                    "; ".join(entry.modules),
                    seats_taken.get(entry.id, 0),
                )
                for entry in plan.sessions
            ),
        ),
        "open_gaps": (
            ("leader", "skill", "reason", "detail"),
            ((gap.leader, gap.skill, gap.reason, say(gap.detail)) for gap in plan.open_gaps),
        ),
        "half_days": (
            ("session", "date", "slot", "module", "lecturer", "reason"),
            (
                (entry.id, half.date, half.slot, half.module, half.lecturer, with_code(half.reason) or None)
                for entry in plan.sessions
                for half in entry.programme
            ),
        ),
        "people": (
            ("leader", "name", "branch", "headcount"),
            ((one.id, one.name, one.branch, one.headcount) for one in plan.people),
        ),
    }
    library = _library(backend)
    return {name: _frame(columns, rows, library) for name, (columns, rows) in tables.items()}


def _days(dates: Sequence[str]) -> tuple[str | None, str | None, int | None]:
    return (dates[0], dates[-1], len(dates)) if dates else (None, None, None)


def _library(backend: str | None) -> Backend:
    need("frames")
    for name in _BACKENDS:
        if backend in (None, name) and find_spec(name) is not None:
            return name
    if backend in (None, *_BACKENDS):
        wanted = backend or "pandas"
        raise UsageError(tr("{library} isn't installed: pip install {library}", library=wanted))
    raise UsageError(tr("backend: found {found}, expected pandas or polars", found=f"{backend!r:.60}"))


def _frame(columns: Sequence[str], rows: Iterable[Sequence[object]], backend: Backend) -> Any:
    import narwhals as nw  # noqa: PLC0415 (an extra)

    by_row = list(rows)
    data = {name: [row[k] for row in by_row] for k, name in enumerate(columns)}
    counts = ("days", "people", "headcount")
    schema = {
        name: nw.Boolean() if name == "runs" else nw.Int64() if name in counts else nw.String()
        for name in columns
    }
    if backend == "pandas":  # whole numbers with gaps in them would be floats, and an empty column nothing
        schema = {name: kind for name, kind in schema.items() if None not in data[name]} if by_row else schema
    return nw.from_dict(
        data, schema=schema if len(schema) == len(columns) else None, backend=backend
    ).to_native()


def frame_rows(frame: object) -> tuple[list[str], list[Sequence[object]]] | None:
    """Column names and rows of a data frame; None for what is none.

    Raises `UsageError` where narwhals isn't installed and `frame` looks like one.
    """
    if isinstance(frame, str | list | tuple | Mapping) or not hasattr(type(frame), "columns"):
        return None
    need("frames")
    import narwhals as nw  # noqa: PLC0415 (an extra)

    wrapped = nw.from_native(frame, pass_through=True)
    if isinstance(wrapped, nw.LazyFrame):
        wrapped = wrapped.collect()
    if not isinstance(wrapped, nw.DataFrame):
        return None
    return [str(name) for name in wrapped.columns], [tuple(row) for row in wrapped.iter_rows()]
