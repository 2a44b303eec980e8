"""The columns of a table of results: one row for a seat, or people down and sessions across."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.results.words import (
    ASIDES,
    MEANINGS,
    bare,
    meaning_of,
    modules_as_called,
    plain_title,
)
from cadreplan.documents.tables.header import NOT_READ, CellRow
from cadreplan.documents.tree import mark_of
from cadreplan.instance import Instance
from cadreplan.language import Language, tr, using
from cadreplan.plan import Plan

HEADER_WITHIN = 20
"""Rows in which a header is looked for below a title."""

_LIKE = 0.75
"""How much a title has to be like a known one to pass for a slip of the pen: 所需等级 isn't 等级."""

DOT = " · "
"""Between the parts of what a session is called that has no name of its own."""
_BETWEEN_NAMES = ("、", ", ")
"""Between modules in that, in Chinese and in English."""

_DAY = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


@dataclass(frozen=True)
class Known:
    """What a table may name: ids of leaders, and the sessions of a plan by all that may stand for them."""

    leaders: frozenset[str] = frozenset()
    sessions: frozenset[str] = frozenset()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Id or name of a module, or an ISO date → the sessions that are held of it or on it."""
    year: int | None = None
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Modules and place, as in `理论概论 · 市党校` → the sessions that exports call so, and their day."""

    @classmethod
    def of(cls, instance: Instance, plan: Plan) -> Known:
        """What tables about a plan may name."""
        others: defaultdict[str, set[str]] = defaultdict(set)
        called: defaultdict[str, set[str]] = defaultdict(set)
        for entry in plan.sessions:
            if entry.runs and entry.id in instance.session_by_id:
                session = instance.sessions[instance.session_by_id[entry.id]]
                for m in session.modules:
                    for text in (instance.modules[m].id, instance.modules[m].name):
                        others[plain_title(text)].add(entry.id)
                names, site = (
                    [instance.modules[m].name for m in session.modules],
                    instance.sites[session.site],
                )
                told = {between.join(names) for between in _BETWEEN_NAMES}
                for language in Language:
                    with using(language):
                        told.add(modules_as_called(names))
                for text in told:
                    called[plain_title(f"{text}{DOT}{site.name}")].add(entry.id)
                for day in session.days:
                    others[instance.date_of(day).isoformat()].add(entry.id)
        return cls(
            frozenset(instance.leader_by_id),
            frozenset(instance.session_by_id),
            {text: tuple(sorted(found)) for text, found in others.items()},
            instance.start.year,
            {text: tuple(sorted(found)) for text, found in called.items()},
        )

    def sessions_of(self, text: str) -> tuple[str, ...]:
        """The sessions that a text may mean: one by its id, several by a module or a day; none if unknown."""
        text = text.strip()
        short = bare(text)
        for id_ in (text, short, short.partition(" ")[0]):
            if id_ in self.sessions:
                return (id_,)
        return (
            self.others.get(plain_title(text)) or self.others.get(self._day(text)) or self._called(text) or ()
        )

    def _called(self, text: str) -> tuple[str, ...]:
        """The sessions that exports call so: modules, place and first day, the offering behind them."""
        what, _, when = text.rpartition(DOT)
        day, _, offering = when.partition("(")
        first = self.others.get(self._day(day.strip()), ())
        found = (id_ for id_ in self.called.get(plain_title(what), ()) if id_ in first)
        return tuple(id_ for id_ in found if not offering or id_.startswith(f"{offering.rstrip(')')}@"))

    def _day(self, text: str) -> str:
        found = _DAY.fullmatch(text)
        if found is None or self.year is None:
            return ""
        for year in (int(found[1]),) if found[1] else (self.year, self.year + 1):
            try:
                day = date(year, int(found[2]), int(found[3])).isoformat()
            except ValueError:
                continue
            if day in self.others:
                return day
        return ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where what stands, columns from 0: `across` are those headed by sessions, `passed` those passed over.

    `session` is None where all rows are of the sessions `whole`, or there are sessions across.
    """

    header: int
    id: int | None
    name: int | None
    session: int | None
    result: int | None
    levels: int | None
    missed: int | None
    across: tuple[tuple[int, str], ...]
    whole: str
    passed: tuple[str, ...]

    @property
    def has_marks(self) -> bool:
        """Whether it says who came and who didn't."""
        return self.result is not None or bool(self.across)


def columns_of(
    rows: Sequence[CellRow], title: str, known: Known, file: str, findings: Findings
) -> Columns | None:
    """The columns of a table; None, with a finding, where no row can be its header.

    `title` is the name of the sheet or file, which may be that of the session it is about.
    """
    for number, cells in rows[:HEADER_WITHIN]:
        meanings = [None if cell.strip().startswith(NOT_READ) else meaning_of(cell) for cell in cells]
        who = {"id", "leader", "name"} & set(meanings)
        if who and (len({*meanings} - {None}) > 1 or _across(cells, meanings, known)):
            return _columns(rows, number, cells, meanings, title, known, file, findings)
    if rows:
        number, cells = rows[0]
        message = tr("found no row of column headers that says who it is about, and which session")
        hint = tr(
            "head the columns 编号, 班次, 考勤 (leader, session, result), or one with each session's id"
        )
        column = next((k for k, cell in enumerate(cells, 1) if cell.strip()), 1)
        findings.error(file, mark_of(number, column), "table-header", message, hint)
    else:
        message = tr("found an empty table, expected a row of column headers")
        findings.error(file, mark_of(1, 1), "table-header", message)
    return None


def is_nearly_marked(rows: Sequence[CellRow]) -> bool:
    """Whether a table says who and which session, and has a column of marks but for a slip in its title."""
    nearest = Nearest(MEANINGS)
    for _, cells in rows[:HEADER_WITHIN]:
        meanings = {meaning_of(cell) for cell in cells}
        if meanings & {"id", "leader", "name"} and "session" in meanings and "result" not in meanings:
            near = (nearest.closest(plain_title(cell), _LIKE) for cell in cells if meaning_of(cell) is None)
            return any(MEANINGS[title] == "result" for title in near if title is not None)
    return False


def _columns(
    rows: Sequence[CellRow],
    number: int,
    cells: Sequence[str],
    meanings: Sequence[str | None],
    title: str,
    known: Known,
    file: str,
    findings: Findings,
) -> Columns | None:
    body = [row for row in rows if row[0] > number]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, meaning in enumerate(meanings):
        if meaning is not None:
            places[meaning].append(at)
    id_ = _who(places["id"] + places["leader"], body, known.leaders, places["name"])
    names = [at for at in places["name"] if at != id_]
    name = names[0] if names else None
    session = places["session"][0] if places["session"] else None
    across = () if session is not None else tuple(_across(cells, meanings, known))
    whole = ""
    if session is None and not across:
        above = (cell for at, row in rows if at < number for cell in row if cell.strip())
        whole = next((text for text in (title, *above) if known.sessions_of(text)), "")
    result = places["result"][0] if places["result"] and not across else None
    levels = places["levels"][0] if places["levels"] else None
    missed = places["missed"][0] if places["missed"] and not across else None
    used = {id_, name, session, result, levels, missed, *places["note"], *(at for at, _ in across)}
    passed, unclear = [], []
    lacking = {
        m
        for m, at in (("session", session), ("result", result), ("levels", levels))
        if at is None and not (m == "session" and whole) and not across
    }
    nearest = Nearest(MEANINGS)
    for at, cell in enumerate(cells):
        text = cell.strip()
        if at in used or not text or text.startswith(NOT_READ):
            continue
        near = nearest.closest(plain_title(text), _LIKE)
        if meanings[at] is None and near is not None and MEANINGS[near] in lacking:
            unclear.append((at, text, near))
        elif plain_title(text) not in ASIDES:
            passed.append(text)
    for at, text, near in unclear:
        message = tr("found the column {column}, which is not known", column=shown(text))
        findings.error(
            file,
            mark_of(number, at + 1),
            "unknown-key",
            message,
            tr("did you mean {name}?", name=shown(near)),
        )
    if session is None and not across and not whole and not unclear:
        message = tr("found nothing that says of which session these rows are")
        hint = tr("add a column 班次 (session), or head a column with each session's id")
        findings.error(file, mark_of(number, 1), "table-header", message, hint)
    if unclear or (session is None and not across and not whole):
        return None
    return Columns(number, id_, name, session, result, levels, missed, across, whole, tuple(passed))


def _across(cells: Sequence[str], meanings: Sequence[str | None], known: Known) -> Iterable[tuple[int, str]]:
    """The columns that are headed by a session."""
    return [
        (at, cell.strip())
        for at, cell in enumerate(cells)
        if meanings[at] is None and known.sessions_of(cell)
    ]


def _who(
    candidates: Sequence[int], body: Sequence[CellRow], leaders: frozenset[str], names: Sequence[int]
) -> int | None:
    """The column of ids: of several the one with most of them.

    None where what is headed as ids has none, and names stand beside: it numbers the rows, then.
    """
    if not candidates:
        return None

    def count(at: int, ids: frozenset[str]) -> int:
        return sum(at < len(cells) and cells[at].strip() in ids for _, cells in body)

    best = max(candidates, key=lambda at: count(at, leaders))
    without_zeros = frozenset(id_.lstrip("0") for id_ in leaders)
    if names and body and not count(best, leaders) and not count(best, without_zeros):
        return None
    return best
