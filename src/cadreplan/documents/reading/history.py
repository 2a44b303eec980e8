"""The history of rotations: a table that only grows, a line for each fact, for people as well as programs.

Facts of one rotation stand between a line `begins` and a line `ends`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cadreplan.documents.files import UnreadableError, read_source
from cadreplan.documents.findings import Findings, Nearest, shown
from cadreplan.documents.tables.reader import decode, encoding_of
from cadreplan.documents.tree import START, mark_of
from cadreplan.documents.values.days import suggested
from cadreplan.errors import UsageError
from cadreplan.language import listed, tr

COLUMNS = (
    "rotation", "date", "fact", "leader", "session", "module", "skill", "from", "to", "taught", "plan"
)  # fmt: skip
FACTS = (
    "begins", "attended", "passed", "unfinished", "absent", "grouped", "hours", "reached", "closed", "open",
    "waited", "served", "ends",
)  # fmt: skip
"""`unfinished`: too much of a session was missed. `grouped`: sat in the discussion group whose number is in
`to`. `hours`: study hours of a session in a calendar year, on the last of its days in that; where it goes on
in the next year, with a 1 before. `reached`: a skill from the level held before to the level after, by a
module that teaches it to `taught`. `closed`, `open`: a skill gap, from the level held to the level needed.
`waited`, `served`: a priority."""

_WORDS = frozenset(FACTS)
_NUMBERS = range(7, 10)


class Fact(NamedTuple):
    """One line; what a fact doesn't have is empty or None."""

    rotation: str
    date: str
    fact: str
    leader: str = ""
    session: str = ""
    module: str = ""
    skill: str = ""
    before: int | None = None
    after: int | None = None
    taught: int | None = None
    plan: str = ""


def read_history(path: Path, findings: Findings) -> list[Fact]:
    """All facts of a file; what can't be read is a finding. Raises `UsageError` without the file."""
    return list(each_fact(path, findings))


def each_fact(path: Path, findings: Findings, kinds: Collection[str] = FACTS) -> Iterator[Fact]:
    """The facts of some kinds of a file one after another, as `read_history`: none is kept.

    All lines are read and judged.
    """
    try:
        source = read_source(str(path))
    except UnreadableError as error:
        raise UsageError(str(error)) from None
    text = decode(source.data, source.file, findings)
    del source
    if text is not None:
        yield from facts_in(text, str(path), findings, frozenset(kinds))


def is_history(text: str) -> bool:
    """Whether a text begins as a history does."""
    first = text.lstrip("\ufeff").splitlines()[:1]
    return not first or first[0].split(",") == list(COLUMNS)


def sat_together(facts: Iterable[Fact], before: str) -> list[tuple[str, ...]]:
    """The leaders of each discussion group of rotations that a history tells of, until a day (ISO)."""
    groups: dict[tuple[str, str, int | None], dict[str, None]] = {}
    for fact in facts:
        if fact.fact == "grouped" and fact.date < before:
            groups.setdefault((fact.rotation, fact.session, fact.after), {})[fact.leader] = None
    return [tuple(leaders) for leaders in groups.values() if len(leaders) > 1]


def appended(old: bytes, facts: Iterable[Fact]) -> bytes:
    """The bytes of a file with more facts behind those it has, in its encoding and with its line ends."""
    if not old.strip():
        return "\ufeff".encode() + (_csv([COLUMNS]) + _csv(facts)).encode()
    name = encoding_of(old)
    text = old.decode(name)
    newline = "\r\n" if "\r\n" in text else "\n"
    between = "" if text.endswith("\n") else newline
    return old + (between + _csv(facts).replace("\n", newline)).encode(name)


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def facts_in(text: str, file: str, findings: Findings, kinds: frozenset[str] = _WORDS) -> Iterator[Fact]:
    """The facts of a file's text, one by one; what can't be read is a finding."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    days: set[str] = set()
    known: dict[str, int | None] = {"": None}
    number = ends = 0  # lines on which a row begins and ends
    try:
        for row in reader:
            number, ends = ends + 1, reader.line_num
            if number == 1:
                if tuple(row) != COLUMNS:
                    message = tr(
                        "found {found}, expected the columns of a history: {columns}",
                        found=shown(",".join(row)),
                        columns=listed(COLUMNS),
                    )
                    findings.error(file, START, "table-header", message)
                    return
            elif len(row) == len(COLUMNS) and row[1] in days and row[2] in _WORDS:
                rotation, day, what, leader, session, module, skill, before, after, taught, plan = row
                if before in known and after in known and taught in known:
                    if what not in kinds:
                        continue
                    numbers = known[before], known[after], known[taught]
                    yield Fact(rotation, day, what, leader, session, module, skill, *numbers, plan)
                elif (fact := _fact(row, number, file, days, findings)) is not None:
                    known.update(zip(row[7:10], (fact.before, fact.after, fact.taught), strict=True))
                    if what in kinds:
                        yield fact
            elif row and (fact := _fact(row, number, file, days, findings)) and fact.fact in kinds:
                yield fact
    except csv.Error as error:
        message = tr("this row can't be read as CSV: {why}", why=tr(str(error)))
        findings.error(file, mark_of(ends + 1, 1), "table-syntax", message)
    if number == 0:
        message = tr("found an empty table, expected a row of column headers")
        findings.error(file, START, "table-header", message)


def _fact(row: list[str], number: int, file: str, days: set[str], findings: Findings) -> Fact | None:
    if len(row) != len(COLUMNS):
        message = tr("found {n} cells, expected {m}", n=len(row), m=len(COLUMNS))
        findings.error(file, mark_of(number, 1), "table-shape", message)
        return None
    if row[1] not in days:
        try:
            days.add(date.fromisoformat(row[1]).isoformat())
        except ValueError:
            message = tr("found {value}, expected a date as YYYY-MM-DD", value=shown(row[1]))
            findings.error(file, mark_of(number, 2), "wrong-value", message, suggested(row[1]))
            return None
    if row[2] not in FACTS:
        message = tr("found {value}, expected one of {facts}", value=shown(row[2]), facts=listed(FACTS))
        findings.error(file, mark_of(number, 3), "wrong-value", message, Nearest(FACTS).hint(row[2]))
        return None
    numbers: list[int | None] = []
    for at in _NUMBERS:
        if row[at] and not (row[at].isascii() and row[at].isdecimal()):
            message = tr("found {value}, expected a whole number, 0 or more", value=shown(row[at]))
            findings.error(file, mark_of(number, at + 1), "wrong-value", message)
            return None
        numbers.append(int(row[at]) if row[at] else None)
    before, after, taught = numbers
    return Fact(row[0], row[1], row[2], row[3], row[4], row[5], row[6], before, after, taught, row[10])
