"""The header of a flat table: which row it is, and what each of its columns holds.

A column is a field of the row, by its name, its label or another usual header; the level of a skill, in a
table of leaders; or nothing that is read. One that seems to be misspelt is an error, others are warned of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from cadreplan.documents.findings import Findings, Headed, Nearest, shown
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.schema.types import is_id
from cadreplan.documents.tree import mark_of
from cadreplan.documents.values.labels import ALIASES, LABELS
from cadreplan.documents.values.names import Names
from cadreplan.documents.values.plain import narrow
from cadreplan.documents.workbook.sheet import MAX_COLUMNS
from cadreplan.language import listed, tr

CellRow = tuple[int, Sequence[str]]
"""The line of a row in its file, or its number in a sheet, from 1, and the texts of its cells."""

TAGS = "tags"
"""The field of leaders whose entries may have a column each: `tags.gender`."""
NOT_READ = "#"
"""First character of the header of a column that is for people only."""
HEADER_WITHIN = 20
"""Rows in which a header is looked for below a title."""
_LONGEST = 200
"""Characters of a header that is a field with a remark; a longer one is something else."""
_TAG = re.compile(rf"(?:{TAGS}?|标签)[.:/](.+)", re.IGNORECASE)
_SKILL = re.compile(
    r"(?:(?:技能|skills?)[.:/：])?(.+?)(?:(?:现有)?(?:等级|级别|水平)|_?level)?", re.IGNORECASE
)
"""What heads a column of levels: a skill, with a word or two that say no more."""
_A_NAME, _LIKE = 3, 0.75
"""Characters of a skill that is looked for in a header, and how like a header is to one that it misspells."""
_REMARK = re.compile(r"(?:[*＊]|[(（][^()（）]*[)）])+$")


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is the name of a field, `skill` the id of a skill whose level the column holds, `tag` the tag
    whose value it holds; none of them where the column isn't read. `header` is what people call it.
    """

    header: str
    field: str = ""
    skill: str = ""
    tag: str = ""

    @property
    def what(self) -> str:
        """What the column holds; empty where it isn't read."""
        return self.field or self.skill or (f"{TAGS}.{self.tag}" if self.tag else "")


def header_of(
    rows: Iterable[CellRow], spec: type[Spec], skills: Names | None = None
) -> tuple[int, list[Column], Iterator[CellRow]] | None:
    """The number of the header's last row, its columns and the rows below it; None for an empty table.

    The header is the first row with something in it; but if nothing in that row is known, as in a title, the
    first of the next rows in which two or more cells, and half of those in use, are. It may have two rows:
    the upper one has groups, or columns whose cells are merged downwards.
    """
    skills = skills or Names()
    numbered = iter(rows)
    looked_at: list[CellRow] = []
    found: CellRow | None = None
    for row in numbered:
        used = [cell for cell in row[1] if cell.strip()]
        if not used and not looked_at:
            continue
        looked_at.append(row)
        n_known = sum(_is_known(cell, spec, skills) for cell in used)
        is_first = len(looked_at) == 1 and any(_field(cell, spec) in spec.keys for cell in used)
        if is_first or (n_known >= 2 and 2 * n_known >= len(used)):
            found = row
            break
        if len(looked_at) == HEADER_WITHIN:
            break
    if not looked_at:
        return None
    below: Iterator[CellRow] = numbered
    if found is None:
        found, below = looked_at[0], chain(looked_at[1:], numbered)
    number, cells = found
    second = next(below, None)
    if second is not None:
        if _goes_on(cells, second[1], spec, skills):
            number, cells = second[0], _joined(cells, second[1])
        else:
            below = chain((second,), below)
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return number, _columns(cells, spec, skills), below


def is_missing(columns: Sequence[Column], spec: type[Spec]) -> bool:
    """Whether what was taken for a header is a row of values: nothing is known, and little nearly so."""
    used = [column.header for column in columns if column.header]
    if not used or any(column.what or column.header.startswith(NOT_READ) for column in columns):
        return False
    nearest = Nearest([*spec.keys, *(label for label, name in LABELS.items() if name in spec.keys)])
    return 2 * sum(nearest.hint(_plain(text)) != "" for text in used) < len(used)


def is_header(cells: Sequence[str], headers: Sequence[str]) -> bool:
    """Whether a row has the headers of a table once more, as where tables were copied below each other."""
    if not cells or not headers or cells[0].strip()[:1] != headers[0][:1]:
        return False
    texts = [_plain(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts == [_plain(header) for header in headers] and bool(texts)


def _goes_on(upper: Sequence[str], lower: Sequence[str], spec: type[Spec], skills: Names) -> bool:
    """Whether a row is the second of a header: all in it is a header, and says more than the row above."""
    above = [*upper, *[""] * (len(lower) - len(upper))]
    pairs = [(a.strip(), b.strip()) for a, b in zip(above, lower, strict=False) if b.strip()]
    new = [b for a, b in pairs if a != b]
    return bool(new) and all(_is_known(text, spec, skills) for text in new)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    padded = [[*cells, *[""] * (width - len(cells))] for cells in (upper, lower)]
    return [below if below.strip() else above for above, below in zip(*padded, strict=True)]


def _is_known(header: str, spec: type[Spec], skills: Names) -> bool:
    text = _plain(header)
    if _field(header, spec) in spec.keys or _aliased(text, spec) or _tag(text, spec):
        return True
    return spec is LeaderSpec and _skill(text, skills) is not None


def _plain(header: str) -> str:
    """A star, which marks what must be filled in, and a remark in parentheses aren't part of a header."""
    text = "".join(header.split())
    return _REMARK.sub("", text) if len(text) <= _LONGEST else text


def _field(header: str, spec: type[Spec]) -> str:
    """The field that a header names by its name or label; what else it says."""
    text = _plain(header)
    name = LABELS.get(text, text)
    return name if name in spec.keys or name.lower() not in spec.keys else name.lower()


def _tag(text: str, spec: type[Spec]) -> str:
    """The tag whose values a column holds, as in `tags.gender`; empty where it holds none."""
    found = _TAG.fullmatch(narrow(text)) if spec is LeaderSpec else None
    return found[1] if found and is_id(found[1]) else ""


def _skill(text: str, skills: Names) -> str | None:
    """The id of the skill whose level a column holds, as in `三会一课` or `技能：三会一课等级`."""
    found = _SKILL.fullmatch(text)
    return skills.id_of(text) or (skills.id_of(found[1]) if found else None)


def _like_skill(text: str, skills: Names | None) -> str:
    """What to say of a header that is nearly that of a skill, or has one in it: its levels would be lost."""
    names = [] if skills is None else [name for both in skills for name in both if name]
    inside = [name for name in names if len(name) >= _A_NAME and name in text]
    near = max(inside, key=len) if inside else Nearest(names).closest(text, _LIKE)
    if near is None:
        return ""
    return tr(
        "did you mean {name}? A {mark} before it says that it is for people only",
        name=shown(near),
        mark=NOT_READ,
    )


def _aliased(text: str, spec: type[Spec]) -> str:
    return next((name for name in ALIASES.get(text.lower(), ()) if name in spec.keys), "")


def _columns(cells: Sequence[str], spec: type[Spec], skills: Names) -> list[Column]:
    own = [_field(cell, spec) for cell in cells]
    columns = []
    for cell, name in zip(cells, own, strict=True):
        text = _plain(cell)
        other = _aliased(text, spec)
        if cell.strip().startswith(NOT_READ) or not text:
            columns.append(Column(cell.strip()))
        elif name in spec.keys:
            columns.append(Column(text, name))
        elif tag := _tag(text, spec):
            columns.append(Column(text, tag=tag))
        elif other and other not in own:
            columns.append(Column(text, other))
        elif spec is LeaderSpec and (skill := _skill(text, skills)) is not None:
            columns.append(Column(text, "", skill))
        else:
            columns.append(Column(cell.strip()))
    return columns


def judged(
    columns: Sequence[Column],
    number: int,
    spec: type[Spec],
    file: str,
    findings: Findings,
    skills: Names | None = None,
) -> list[Column]:
    """The columns, those that can't be read without a field and with a finding; the header is noted."""
    if len(columns) > MAX_COLUMNS:
        message = tr("found {n:,} columns, expected {most} at most", n=len(columns), most=MAX_COLUMNS)
        findings.error(file, mark_of(number, MAX_COLUMNS + 1), "table-size", message)
        columns = columns[:MAX_COLUMNS]
    held = {column.field for column in columns}
    labels = {name: label for label, name in reversed(LABELS.items()) if name in spec.keys}
    chinese = any(column.header in LABELS for column in columns)
    there = [labels.get(name, name) if chinese else name for name in spec.keys]
    missing = [name for name in spec.keys if name not in held]
    nearest = Nearest([*missing, *(label for label, name in LABELS.items() if name in missing)])
    kept: list[Column] = []
    extra: list[tuple[int, str]] = []
    seen: set[str] = set()
    for at, column in enumerate(columns, 1):
        what = column.what
        mark = mark_of(number, at)
        if what and what in seen:
            message = tr("found the column {column} again, expected it once", column=shown(column.header))
            findings.error(file, mark, "duplicate-key", message)
            column = Column(column.header)  # noqa: PLW2901
        elif column.header and not what and not column.header.startswith(NOT_READ):
            text = _plain(column.header)
            if hint := nearest.hint(text):
                message = tr(
                    "found the column {column}, expected one of: {columns}",
                    column=shown(column.header),
                    columns=listed(there),
                )
                findings.error(file, mark, "unknown-key", message, hint)
            elif hint := _like_skill(text, skills):
                message = tr("found the column {column}, which is no skill", column=shown(column.header))
                findings.error(file, mark, "unknown-key", message, hint)
            else:
                extra.append((at, column.header))
        seen.add(what)
        kept.append(column)
    if extra:
        names = listed([*(shown(name) for _, name in extra[:8]), *(["..."] if len(extra) > 8 else [])])
        message = tr("found columns that are passed over: {columns}", columns=names)
        hint = tr("a {mark} before a header says that it is for people only", mark=NOT_READ)
        findings.warning(file, mark_of(number, extra[0][0]), "extra-column", message, hint)
    fields = {
        c.field or c.what: (at, c.header) for at, c in reversed([*enumerate(kept, 1)]) if c.field or c.tag
    }
    findings.headers[file] = Headed(
        number, fields, {n: labels.get(n, n) if chinese else n for n in spec.keys}
    )
    return kept
