"""What `diff` shows: who moves, which sessions change, and the worth by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.diff import Difference, LeaderChange, LeaderKind, SessionChange, SessionKind
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.wording import TERMS, count, listed, number, printable

_LEADERS: dict[LeaderKind, tuple[str, str]] = {
    "moved": ("Moved", "give a session up and get another"),
    "gained": ("Gained", "get a session and give none up"),
    "lost": ("Lost", "give a session up and get no other"),
    "unmoved": ("Unmoved", "keep their sessions; other skill gaps are open, as the roster has changed"),
}
_SESSIONS: dict[SessionKind, str] = {
    "opened": "opened",
    "closed": "closed",
    "refilled": "refilled",
    "moved": "in another room",
}


def diff_screen(
    old: str, new: str, difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """The totals first, then people, sessions and points."""
    yield Text(f"\n{printable(old)} → {printable(new)}", style="heading")
    if difference.same:
        yield Text(" nobody moves and no session changes", style="quiet")
        return
    leaders = Counter(change.kind for change in difference.leaders)
    held = Counter(change.kind for change in difference.sessions)
    people = [count(n, f"leader {kind}", f"leaders {kind}") for kind in _LEADERS if (n := leaders[kind])]
    sessions = [
        count(n, f"session {word}", f"sessions {word}")
        for kind, word in _SESSIONS.items()
        if (n := held[kind])
    ]
    kept = count(difference.kept, "assignment kept", "assignments kept")
    yield flow([*people, *sessions, kept, f"{difference.worth:+,} points"], width)
    yield from _people(difference, names, width, limit)
    yield from _session_table(difference, width, limit)
    yield from _worth(difference, width)


def _people(
    difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    for kind, (title, meaning) in _LEADERS.items():
        changes = [change for change in difference.leaders if change.kind == kind]
        if not changes:
            continue
        yield heading(title, [number(len(changes)), meaning], width)
        columns = (
            Column("leader"),
            Column("name", rank=2),
            Column("gives up", flexible=True, least=8),
            Column("gets", flexible=True, least=8),
            Column("skill gaps", rank=1, flexible=True),
        )
        yield fitted(columns, [_leader_row(change, names) for change in changes[:limit]], width)
        if len(changes) > limit:
            yield more(len(changes) - limit, "leaders", "--limit N or --format json")


def _leader_row(change: LeaderChange, names: Mapping[str, str]) -> list[Cell]:
    gaps = [f"+ {skill}" for skill in change.no_longer_open] + [f"- {skill}" for skill in change.newly_open]
    return [
        Text(printable(change.leader), style="id"),
        printable(names.get(change.leader, "")),
        Text(_list(change.given_up), style="poor"),
        Text(_list(change.got), style="good"),
        printable(", ".join(gaps)),
    ]


def _session_table(difference: Difference, width: int, limit: int) -> Iterator[RenderableType]:
    if not difference.sessions:
        return
    yield heading("Sessions", [number(len(difference.sessions)), "- leave, + come"], width)
    order = list(_SESSIONS)
    changes = sorted(difference.sessions, key=lambda change: (order.index(change.kind), change.session))
    columns = (
        Column("session", flexible=True),
        Column("change"),
        Column("entries", right=True),
        Column("room", rank=2),
        Column("leave", rank=1, flexible=True, least=8),
        Column("come", rank=1, flexible=True, least=8),
    )
    yield fitted(columns, [_session_row(change) for change in changes[:limit]], width)
    if len(changes) > limit:
        yield more(len(changes) - limit, "sessions", "--limit N or --format json")


def _session_row(change: SessionChange) -> list[Cell]:
    style = {"opened": "good", "closed": "poor"}.get(change.kind, "")
    before, after = change.room_before or "-", change.room_after or "-"
    return [
        Text(printable(change.session), style="id"),
        Text(_SESSIONS[change.kind], style=style),
        f"{change.before} → {change.after}",
        printable(f"{before} → {after}") if before != after and change.kind in ("refilled", "moved") else "",
        Text(f"-{len(change.leave)}  {_list(change.leave)}" if change.leave else "", style="poor"),
        Text(f"+{len(change.come)}  {_list(change.come)}" if change.come else "", style="good"),
    ]


def _list(ids: Sequence[str]) -> str:
    return printable(listed(ids))


def _worth(difference: Difference, width: int) -> Iterator[RenderableType]:
    yield heading("Worth", ["points"], width)
    rows = [(TERMS[term], before, after) for term, before, after in difference.by_term()]
    rows.append(("worth", difference.old_terms.total, difference.new_terms.total))
    cells: list[list[Cell]] = [
        [
            Text(label, style="bold" if k + 1 == len(rows) else ""),
            number(before),
            number(after),
            Text(
                f"{after - before:+,}" if after != before else "", style="good" if after > before else "poor"
            ),
        ]
        for k, (label, before, after) in enumerate(rows)
    ]
    columns = (
        Column(),
        Column("old", rank=1, right=True),
        Column("new", rank=1, right=True),
        Column("difference", right=True),
    )
    yield fitted(columns, cells, width)
