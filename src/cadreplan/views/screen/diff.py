"""What `diff` shows: who moves, which sessions change and how, who teaches then, and the worth by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from cadreplan.insight.diff import (
    Difference,
    LeaderChange,
    LeaderKind,
    LecturerChange,
    SessionChange,
    SessionKind,
)
from cadreplan.language import later, listed, tr, tr_n
from cadreplan.views.diff import days_of, half_day_of
from cadreplan.views.screen.theme import Cell, Column, fitted, flow, heading, more
from cadreplan.views.wording import TERMS, first_of, number, printable

_LEADERS: dict[LeaderKind, tuple[str, str]] = {
    "moved": (later("Moved"), later("give a session up and get another")),
    "gained": (later("Gained"), later("get a session and give none up")),
    "lost": (later("Lost"), later("give a session up and get no other")),
    "rescheduled": (
        later("Rescheduled"),
        later("keep their sessions, which are held on other days or in another place"),
    ),
    "unmoved": (
        later("Unmoved"),
        later("keep their sessions; other skill gaps are open, as the roster has changed"),
    ),
}
_SESSIONS: dict[SessionKind, str] = {
    "opened": later("opened"),
    "closed": later("no longer held"),
    "rescheduled": later("moved"),
    "refilled": later("refilled"),
    "moved": later("in another room"),
    "taught": later("other half days"),
}


def _leaders(kind: LeaderKind, n: int) -> str:
    match kind:
        case "moved":
            return tr_n("{n:,} leader moved", "{n:,} leaders moved", n)
        case "gained":
            return tr_n("{n:,} leader gained", "{n:,} leaders gained", n)
        case "lost":
            return tr_n("{n:,} leader lost", "{n:,} leaders lost", n)
        case "rescheduled":
            return tr_n("{n:,} leader rescheduled", "{n:,} leaders rescheduled", n)
        case "unmoved":
            return tr_n("{n:,} leader unmoved", "{n:,} leaders unmoved", n)


def _sessions(kind: SessionKind, n: int) -> str:
    match kind:
        case "opened":
            return tr_n("{n:,} session opened", "{n:,} sessions opened", n)
        case "closed":
            return tr_n("{n:,} session closed", "{n:,} sessions closed", n)
        case "rescheduled":
            return tr_n(
                "{n:,} session on other days or elsewhere", "{n:,} sessions on other days or elsewhere", n
            )
        case "taught":
            return tr_n("{n:,} session with other half days", "{n:,} sessions with other half days", n)
        case "refilled":
            return tr_n("{n:,} session refilled", "{n:,} sessions refilled", n)
        case "moved":
            return tr_n("{n:,} session in another room", "{n:,} sessions in another room", n)


def diff_screen(
    old: str, new: str, difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """The totals first, then people, sessions and points."""
    yield Text(f"\n{printable(old)} → {printable(new)}", style="heading")
    if difference.same:
        yield Text(" " + tr("nobody moves and no session or half day changes"), style="quiet")
        return
    leaders = Counter(change.kind for change in difference.leaders)
    held = Counter(change.kind for change in difference.sessions)
    people = [_leaders(kind, n) for kind in _LEADERS if (n := leaders[kind])]
    sessions = [_sessions(kind, n) for kind in _SESSIONS if (n := held[kind])]
    kept = tr_n("{n:,} assignment kept", "{n:,} assignments kept", difference.kept)
    n = len(difference.lecturers)
    teaching = (
        [tr_n("{n:,} lecturer with other half days", "{n:,} lecturers with other half days", n)] if n else []
    )
    n = len(difference.groups)
    groups = [tr_n("{n:,} leader in another group", "{n:,} leaders in other groups", n)] if n else []
    facts = [*people, *sessions, *groups, *teaching, *_nobody(difference)]
    yield flow([*facts, kept, tr("{n:+,} points", n=difference.worth)], width)
    yield from _people(difference, names, width, limit)
    yield from _session_table(difference, width, limit)
    yield from moves(difference, width, limit)
    yield from groups_table(difference, names, width, limit)
    yield from teaching_table(difference, names, width, limit)
    yield from _worth(difference, width)


def _nobody(difference: Difference) -> list[str]:
    before, after = difference.unstaffed
    if before == after:
        return []
    text = tr_n("{n:,} half day without a lecturer", "{n:,} half days without a lecturer", after)
    return [tr("{what} ({before} before)", what=text, before=before)]


def moves(difference: Difference, width: int, limit: int) -> Iterator[RenderableType]:
    """Sessions that both plans hold, but on other days, at another site or in another room."""
    changes = [c for c in difference.sessions if c.kind not in ("opened", "closed") and _moves(c)]
    if not changes:
        return
    yield heading(tr("Moved sessions"), [number(len(changes)), tr("whoever attends has to be told")], width)
    cells: list[list[Cell]] = [
        [
            Text(printable(c.session), style="id"),
            _arrow(days_of(c.dates_before), days_of(c.dates_after)),
            _arrow(c.site_before, c.site_after),
            _arrow(c.room_before or "-", c.room_after or "-"),
            number(c.after),
        ]
        for c in changes[:limit]
    ]
    columns = (
        Column(tr("session"), flexible=True, least=8),
        Column(tr("days"), flexible=True, least=12),
        Column(tr("site"), flexible=True),
        Column(tr("room"), rank=1),
        Column(tr("entries"), rank=2, right=True),
    )
    yield fitted(columns, cells, width)
    if len(changes) > limit:
        yield more(tr_n("{n:,} more session", "{n:,} more sessions", len(changes) - limit))


def _moves(change: SessionChange) -> bool:
    return change.kind == "rescheduled" or change.room_before != change.room_after


def _arrow(before: str, after: str) -> str:
    return printable(f"{before} → {after}" if before != after else "")


def groups_table(
    difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """Who keeps a session and sits in another discussion group there."""
    changes = difference.groups
    if not changes:
        return
    yield heading(tr("Other groups"), [number(len(changes)), tr("in sessions that they keep")], width)
    cells: list[list[Cell]] = [
        [
            Text(printable(change.session), style="id"),
            Text(printable(change.leader), style="id"),
            printable(names.get(change.leader, "")),
            f"{change.before} → {change.after}",
        ]
        for change in changes[:limit]
    ]
    columns = (
        Column(tr("session"), flexible=True, least=8),
        Column(tr("leader")),
        Column(tr("name"), rank=2),
        Column(tr("group"), right=True),
    )
    yield fitted(columns, cells, width)
    if len(changes) > limit:
        yield more(tr_n("{n:,} more leader", "{n:,} more leaders", len(changes) - limit))


def teaching_table(
    difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    """Lecturers with other half days than before."""
    changes = difference.lecturers
    if not changes:
        return
    yield heading(tr("Lecturers"), [number(len(changes)), tr("half days given up and got")], width)
    columns = (
        Column(tr("lecturer")),
        Column(tr("name"), rank=2),
        Column(tr("gives up"), flexible=True, least=8),
        Column(tr("gets"), flexible=True, least=8),
    )
    yield fitted(columns, [_lecturer_row(change, names) for change in changes[:limit]], width)
    if len(changes) > limit:
        yield more(tr_n("{n:,} more lecturer", "{n:,} more lecturers", len(changes) - limit))


def _lecturer_row(change: LecturerChange, names: Mapping[str, str]) -> list[Cell]:
    return [
        Text(printable(change.lecturer), style="id"),
        printable(names.get(change.lecturer, "")),
        Text(_list([half_day_of(h) for h in change.given_up]), style="poor"),
        Text(_list([half_day_of(h) for h in change.got]), style="good"),
    ]


def _people(
    difference: Difference, names: Mapping[str, str], width: int, limit: int
) -> Iterator[RenderableType]:
    for kind, (title, meaning) in _LEADERS.items():
        changes = [change for change in difference.leaders if change.kind == kind]
        if not changes:
            continue
        yield heading(tr(title), [number(len(changes)), tr(meaning)], width)
        columns = (
            Column(tr("leader")),
            Column(tr("name"), rank=2),
            Column(tr("gives up"), flexible=True, least=8),
            Column(tr("gets"), flexible=True, least=8),
            Column(tr("moved sessions"), flexible=True, least=8),
            Column(tr("skill gaps"), rank=1, flexible=True),
        )
        yield fitted(columns, [_leader_row(change, names) for change in changes[:limit]], width)
        if len(changes) > limit:
            yield more(tr_n("{n:,} more leader", "{n:,} more leaders", len(changes) - limit))


def _leader_row(change: LeaderChange, names: Mapping[str, str]) -> list[Cell]:
    gaps = [f"+ {skill}" for skill in change.no_longer_open] + [f"- {skill}" for skill in change.newly_open]
    return [
        Text(printable(change.leader), style="id"),
        printable(names.get(change.leader, "")),
        Text(_list(change.given_up), style="poor"),
        Text(_list(change.got), style="good"),
        _list(change.rescheduled),
        printable(listed(gaps)),
    ]


def _session_table(difference: Difference, width: int, limit: int) -> Iterator[RenderableType]:
    if not difference.sessions:
        return
    yield heading(tr("Sessions"), [number(len(difference.sessions)), tr("- leave, + come")], width)
    order = list(_SESSIONS)
    changes = sorted(difference.sessions, key=lambda change: (order.index(change.kind), change.session))
    columns = (
        Column(tr("session"), flexible=True),
        Column(tr("change")),
        Column(tr("entries"), right=True),
        Column(tr("room"), rank=2),
        Column(tr("leave"), rank=1, flexible=True, least=8),
        Column(tr("come"), rank=1, flexible=True, least=8),
    )
    yield fitted(columns, [_session_row(change) for change in changes[:limit]], width)
    if len(changes) > limit:
        yield more(tr_n("{n:,} more session", "{n:,} more sessions", len(changes) - limit))


def _session_row(change: SessionChange) -> list[Cell]:
    style = {"opened": "good", "closed": "poor"}.get(change.kind, "")
    before, after = change.room_before or "-", change.room_after or "-"
    return [
        Text(printable(change.session), style="id"),
        Text(tr(_SESSIONS[change.kind]), style=style),
        f"{change.before} → {change.after}",
        printable(f"{before} → {after}") if before != after and change.kind in ("refilled", "moved") else "",
        Text(f"-{len(change.leave)}  {_list(change.leave)}" if change.leave else "", style="poor"),
        Text(f"+{len(change.come)}  {_list(change.come)}" if change.come else "", style="good"),
    ]


def _list(ids: Sequence[str]) -> str:
    return printable(first_of(ids))


def _worth(difference: Difference, width: int) -> Iterator[RenderableType]:
    yield heading(tr("Worth"), [tr("points")], width)
    rows = [(tr(TERMS[term]), before, after) for term, before, after in difference.by_term()]
    rows.append((tr("worth"), difference.old_terms.total, difference.new_terms.total))
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
        Column(tr("old"), rank=1, right=True),
        Column(tr("new"), rank=1, right=True),
        Column(tr("difference"), right=True),
    )
    yield fitted(columns, cells, width)
