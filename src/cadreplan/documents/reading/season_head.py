"""The sheet of a season's workbook that has what is no table: days, calendar, policy, standards.

Each row is a setting: its name or label, its value, and whatever else people want to know. It becomes the
same trees that a roster and a curriculum in YAML give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadreplan.documents.findings import Findings, Fix, Headed, Nearest, shown
from cadreplan.documents.schema.curriculum import ENTRY_SPECS, CurriculumSpec
from cadreplan.documents.schema.roster import CalendarSpec, RosterSpec
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tables.odd_cells import OddCells
from cadreplan.documents.tables.reader import read_cell
from cadreplan.documents.tree import START, Map, Mark, Tree, mark_of
from cadreplan.documents.values.labels import CURRICULUM_SHEETS, HEAD_LABELS, HEAD_SHEET, LIST_SHEETS, SHEETS
from cadreplan.documents.values.plain import Known, plain_cell
from cadreplan.documents.workbook.sheet import ErrorText, Formula, Sheet
from cadreplan.language import listed, tr

ROSTER, CURRICULUM = "roster", "curriculum"
_VALUE_HEADERS = frozenset(("value", "值", "取值", "数值", "内容"))
"""What the column of values may be headed by."""
_SAYS_ITSELF = ("cadreplan", "kind")
"""What a document in YAML says of itself, and a workbook by its sheets."""


@dataclass(frozen=True, slots=True)
class HeadField:
    """A setting: its document, where it stands there, and the spec that says what it takes."""

    document: str
    path: tuple[str, ...]
    spec: type[Spec]

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def description(self) -> str:
        return self.spec.model_fields[self.spec.keys[self.key]].description or ""

    @property
    def default(self) -> Any:
        """What counts where nothing is written; None where that is no limit, or there is none."""
        field = self.spec.model_fields[self.spec.keys[self.key]]
        return None if field.is_required() else field.get_default(call_default_factory=True)


@dataclass(frozen=True, slots=True)
class Head:
    """What is no table of a roster and of its curriculum, as YAML would give it."""

    roster: Map
    curriculum: Map


def head_fields() -> dict[str, HeadField]:
    """Every setting by its name, in the order in which documents have them."""
    found = dict(_fields(RosterSpec, ROSTER, {*SHEETS, *LIST_SHEETS, "policy"}, ""))
    found |= _fields(CalendarSpec, ROSTER, {"country"}, "calendar.", ("calendar",))
    policy = RosterSpec.model_fields["policy"].annotation
    assert isinstance(policy, type)
    assert issubclass(policy, Spec)
    found |= _fields(policy, ROSTER, set(), "", ("policy",))
    curriculum = dict(_fields(CurriculumSpec, CURRICULUM, set(ENTRY_SPECS), ""))
    return found | {
        f"curriculum.{name}" if name in CurriculumSpec.keys else name: field
        for name, field in curriculum.items()
    }


def _fields(
    spec: type[Spec], document: str, without: set[str], prefix: str, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, HeadField]]:
    """The settings of a spec; those of a spec in it are named `outer.inner`."""
    for key, name in spec.keys.items():
        inner = spec.model_fields[name].annotation
        if key in without or (not path and key in _SAYS_ITSELF):
            continue
        if isinstance(inner, type) and issubclass(inner, Spec):
            yield from _fields(inner, document, set(), f"{prefix}{key}.", (*path, key))
        else:
            yield f"{prefix}{key}", HeadField(document, (*path, key), spec)


def label_of(name: str) -> str:
    """What a setting is called in Chinese."""
    return next((label for label, known in HEAD_LABELS.items() if known == name), name)


def read_head(sheet: Sheet, file: str, findings: Findings) -> Head:
    """The settings of a sheet; `file` stands for it in findings."""
    fields = head_fields()
    names = _names(fields)
    values: dict[str, dict[tuple[str, ...], tuple[Tree, Mark]]] = {ROSTER: {}, CURRICULUM: {}}
    written: dict[str, tuple[int, str]] = {}
    passed: list[tuple[int, str]] = []
    for number, cells in sheet.rows:
        title, value = _two(cells)
        name = names.get(_plain(title).casefold())
        if name in written:
            message = tr("found the row {row} again, expected it once", row=shown(title))
            findings.error(file, mark_of(number, 1), "duplicate-key", message)
        elif name is not None:
            written[name] = (number, _plain(title))
            field, mark = fields[name], mark_of(number, 2)
            read = _read(field, value, _plain(title), mark, file, findings)
            if read is not None:
                values[field.document][field.path] = (read, mark)
        elif value and title and value.casefold() not in _VALUE_HEADERS:
            passed.append((number, title))
    _judge(passed, [name for name in names if names[name] not in written], file, findings)
    is_chinese = any(title in HEAD_LABELS for _, title in written.values())
    _note(file, fields, written, findings, is_chinese=is_chinese or sheet.name == HEAD_SHEET[1])
    return Head(_built(values[ROSTER]), _built(values[CURRICULUM]))


def rows_of(sheet: Sheet) -> dict[str, int]:
    """The row in which each setting stands that a sheet has, its value there or not."""
    names = _names(head_fields())
    found: dict[str, int] = {}
    for number, cells in sheet.rows:
        if (name := names.get(_plain(_two(cells)[0]).casefold())) is not None:
            found.setdefault(name, number)
    return found


def _names(fields: Mapping[str, HeadField]) -> dict[str, str]:
    """What a setting may be called, in small letters, and its name."""
    names = {name.casefold(): name for name in fields} | {
        f"policy.{name}".casefold(): name for name, field in fields.items() if field.path[0] == "policy"
    }
    return names | {label.casefold(): name for label, name in HEAD_LABELS.items() if name in fields}


def _two(cells: Sequence[str]) -> tuple[str, str]:
    """The name of a setting and its value, the latter with what its cell is."""
    title = cells[0].strip() if cells else ""
    value = cells[1] if len(cells) > 1 else ""
    return title, value if type(value) is not str else value.strip()


def _plain(title: str) -> str:
    """The name of a setting without the star of what must be filled in and without spaces."""
    return "".join(title.split()).rstrip("*＊").replace(":", "：")


def _read(field: HeadField, value: str, title: str, mark: Mark, file: str, findings: Findings) -> Tree:
    """The value of a setting; None where there is none."""
    if type(value) is not str:
        OddCells(["", title], file, findings).see(value, 1, mark)
    text = str(value).strip()
    plain = plain_cell(field.spec, field.key, Known())(text) if text else ""
    if plain != text and not isinstance(value, Formula | ErrorText):
        findings.fixes.append(Fix(file, mark >> 32, 2, text, plain))
    return read_cell(plain, field.spec, field.key, file, findings, mark) if plain else None


def _built(values: Mapping[tuple[str, ...], tuple[Tree, Mark]]) -> Map:
    """Values where they stand in a document. A calendar alone is a word, and one with own days a map."""
    tree = Map(START)
    has_days = any(path[0] == "calendar" and len(path) > 1 for path in values)
    for path, (value, mark) in values.items():
        steps = ("calendar", "country") if path == ("calendar",) and has_days else path
        node = tree
        for step in steps[:-1]:
            inner = node.get(step)
            if not isinstance(inner, Map):
                inner = Map(mark)
                node.add(step, inner, mark, mark)
            node = inner
        node.add(steps[-1], value, mark, mark)
    return tree


def _judge(passed: Sequence[tuple[int, str]], left: Sequence[str], file: str, findings: Findings) -> None:
    """A row that seems to be a setting misspelt is an error; others are warned of, once."""
    nearest, extra = Nearest(left), []
    for number, title in passed:
        if hint := nearest.hint(_plain(title)):
            message = tr("found the row {row}, which is no setting", row=shown(title))
            findings.error(file, mark_of(number, 1), "unknown-key", message, hint)
        else:
            extra.append((number, title))
    if extra:
        rows = listed([*(shown(title) for _, title in extra[:8]), *(["..."] if len(extra) > 8 else [])])
        message = tr("found rows that are passed over: {rows}", rows=rows)
        findings.warning(file, mark_of(extra[0][0], 1), "extra-column", message)


def _note(
    file: str,
    fields: Mapping[str, HeadField],
    written: Mapping[str, tuple[int, str]],
    findings: Findings,
    *,
    is_chinese: bool,
) -> None:
    """Note what the settings are called here, for findings about them."""
    keys: dict[str, tuple[int, str]] = {}
    for name, place in written.items():
        keys.setdefault(fields[name].key, place)
    titles = {name: label_of(name) if is_chinese else name for name in fields}
    tables = SHEETS | CURRICULUM_SHEETS
    titles |= {name: label if is_chinese else name for name, label in tables.items()}
    findings.headers[file] = Headed(1, keys, titles, in_rows=True)
