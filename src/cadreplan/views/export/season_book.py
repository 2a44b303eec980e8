"""A season as one workbook to fill in, which is read as the roster that it is (`documents.season`).

Headers, explanations and sheets are in the reader's language. Lists to choose from are made of the
workbook's own ids and names, and grow with its sheets.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from cadreplan.documents.findings import cell_name
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.season_head import CURRICULUM, HeadField, head_fields, label_of
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.curriculum import FLAT_SPECS
from cadreplan.documents.tree import Map, Seq, Tree
from cadreplan.documents.values.labels import GUIDE_SHEETS, HEAD_SHEET
from cadreplan.language import Language, current, tr
from cadreplan.views.export.season_columns import (
    TABLES,
    SheetColumn,
    cell_text,
    columns_of,
    example_of,
    in_cells,
    sheet_of,
    value_of,
)
from cadreplan.views.export.sheet import fit_height

_LAST_ROW = 5000
"""Rows that have drop-down lists and formats."""
_LIST_ROWS = 300
"""Rows of a sheet whose ids and names are offered at least; twice as many as it has where it has more."""
_LISTED = {"branch": "branches", "site": "sites", "role": "roles", "ability": "abilities"}
"""What a cell may be the id or name of, and the table that has those."""
_WIDE, _WIDEST = 48, 70
"""Widths in characters of what fields mean: in the sheet that explains all, and beside settings."""
_CREATED = datetime(2026, 1, 1)
"""The same input makes the same bytes."""
_MOST_INPUT, _MOST_TITLE = 255, 32
"""Characters of the message beside a cell, and of its title, that spreadsheets show."""
_FONT = {"en": "Calibri", "zh": "Microsoft YaHei"}
_COMMENT = {"x_scale": 1.6, "y_scale": 0.9, "font_size": 9, "author": "cadreplan"}


def season_book(roster: RosterDocument) -> bytes:
    """The workbook with all that a roster, which has its curriculum and no errors, says."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": roster.title or "", "created": _CREATED})
    book.formats[0].set_font_name(_FONT[current().value])
    _Writer(book, roster).write()
    book.close()
    return stream.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, roster: RosterDocument) -> None:
        self._book, self._roster = book, roster
        taught = roster.curriculum.tables if roster.curriculum else {}
        self._rows: dict[str, Sequence[Row[Any]]] = {
            name: table.rows for name, table in (roster.tables | roster.lists | taught).items()
        }
        self._cells = {
            table: [_cells(table, row, columns_of(table)) for row in self._rows.get(table, ())]
            for table in TABLES
        }
        self._head = self._format(bold=True, bg_color="#2f5d73", font_color="#ffffff", text_wrap=True)
        self._quiet = self._format(font_color="#5a5f69", text_wrap=True)
        self._formats = {
            "text": self._format(num_format="@"),
            "whole": self._format(num_format="0", align="right", indent=1),
            "setting": self._format(num_format="0", align="left"),
            "date": self._format(num_format="yyyy-mm-dd", align="left"),
        }

    def write(self) -> None:
        """All sheets, in the order in which they are filled in."""
        guide, lists = (pair[current() is Language.ZH] for pair in GUIDE_SHEETS)
        self._guide(self._sheet(guide))
        before, after = list(TABLES), [name for name in TABLES if name in FLAT_SPECS]
        for table in before[: len(before) - len(after)]:
            self._table(table, lists)
        self._policy(self._sheet(HEAD_SHEET[current() is Language.ZH]))
        for table in after:
            self._table(table, lists)
        self._lists(self._sheet(lists))

    def _format(self, **how: Any) -> Any:
        return self._book.add_format({"font_name": _FONT[current().value], "valign": "top", **how})

    def _sheet(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _guide(self, sheet: Any) -> None:
        """What to do, and what every column is for."""
        lines = (
            tr("This workbook is a whole season: fill in its sheets and save it. Its people are invented."),
            tr("Check it: {command}", command="cadreplan validate season.xlsx"),
            tr("Plan it: {command}", command="cadreplan solve season.xlsx -o plan.json"),
            tr("A star marks what must be filled in. Other cells may stay empty."),
            tr("Several things in one cell: a; b. One thing for each of several: theory:2; meetings:1."),
            tr("Days: 2026-03-09, 2026/3/9 or 2026年3月9日. A range: 2026-03-02..2026-03-06."),
            tr("Where an id is wanted, the name will do if only one thing is called so."),
            tr("Columns and sheets of your own may be added: they are passed over, with one warning."),
        )
        sheet.set_column(0, 1, 14, self._format())
        sheet.set_column(2, 2, 6, self._format())
        sheet.set_column(3, 4, _WIDE, self._format(text_wrap=True))
        for row, line in enumerate(lines):
            sheet.merge_range(row, 0, row, 4, line, self._format(align="left"))
        top = len(lines) + 1
        heads = (tr("sheet"), tr("column"), tr("needed"), tr("what to write"), tr("example"))
        for at, text in enumerate(heads):
            sheet.write_string(top, at, text, self._head)
        for table in TABLES:
            for at, column in enumerate(columns_of(table)):
                top += 1
                example = example_of(column, (cells[at] for cells in self._cells[table]))
                needed = tr("yes") if column.required else ""
                texts = (sheet_of(table), column.label, needed, column.meaning, example)
                for k, text in enumerate(texts):
                    sheet.write_string(top, k, text)
                fit_height(sheet, top, [(column.meaning, _WIDE), (example, _WIDE)])
        sheet.repeat_rows(len(lines) + 1)

    def _table(self, table: str, lists: str) -> None:
        columns = columns_of(table)
        sheet = self._sheet(sheet_of(table))
        for at, column in enumerate(columns):
            how = self._formats[column.kind]
            texts = [cells[at] for cells in self._cells[table]]
            sheet.set_column(at, at, _width(column.label, texts), how)
            sheet.write_string(0, at, column.label + "*" * column.required, self._head)
            sheet.write_comment(0, at, _said(column, example_of(column, texts)), _COMMENT)
            sheet.data_validation(1, at, _LAST_ROW, at, self._rule(column, lists))
            for row, text in enumerate(texts, 1):
                self._value(sheet, row, at, column.kind, text)
        sheet.freeze_panes(1, 2)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(1, len(self._cells[table])), len(columns) - 1)

    def _value(self, sheet: Any, row: int, at: int, kind: str, text: str) -> None:
        how = self._formats[kind]
        if kind in ("whole", "setting") and text.lstrip("-").isdecimal():
            sheet.write_number(row, at, int(text), how)
        elif kind == "date" and text:
            sheet.write_datetime(row, at, datetime.fromisoformat(text), how)
        elif text:
            sheet.write_string(row, at, text, how)

    def _policy(self, sheet: Any) -> None:
        """The settings: a name, a value, what it means and what counts without it."""
        is_chinese = current() is Language.ZH
        sheet.set_column(0, 0, 22, self._format(bold=True))
        sheet.set_column(1, 1, 28, self._formats["text"])
        sheet.set_column(2, 2, _WIDEST, self._quiet)
        for at, text in enumerate((tr("setting"), tr("value"), tr("what the setting means"))):
            sheet.write_string(0, at, text, self._head)
        here = [(name, field) for name, field in head_fields().items() if name != "curriculum"]
        for row, (name, field) in enumerate(here, 1):
            annotation = field.spec.model_fields[field.spec.keys[field.key]].annotation
            kind, choices = value_of(field.key, annotation)
            is_required = field.spec.model_fields[field.spec.keys[field.key]].is_required()
            label = label_of(name) if is_chinese else name
            meaning = in_cells(tr(field.description) + _default(field), field.key)
            column = SheetColumn(field.key, label, is_required, meaning, kind, choices)
            sheet.write_string(row, 0, label + "*" * is_required)
            self._value(sheet, row, 1, "setting" if kind == "whole" else kind, self._setting(field))
            sheet.write_string(row, 2, meaning, self._quiet)
            fit_height(sheet, row, [(meaning, _WIDEST)])
            sheet.data_validation(row, 1, row, 1, self._rule(column, ""))
        sheet.freeze_panes(1, 1)

    def _setting(self, field: HeadField) -> str:
        """What a document says of a setting, as a cell has it."""
        document = self._roster.curriculum if field.document == CURRICULUM else self._roster
        node: Tree = document.tree if document else None
        path = field.path
        if path == ("calendar",) and isinstance(node, Map) and isinstance(node.get("calendar"), Map):
            path = ("calendar", "country")
        for step in path:
            node = node.get(step) if isinstance(node, Map) else None
        if field.key == "horizon" and isinstance(node, Map):
            return f"{node['start']}..{node['end']}"
        return "" if node is None else cell_text(field.key, node)

    def _rule(self, column: SheetColumn, lists: str) -> dict[str, Any]:
        """What a spreadsheet offers and checks while a cell is filled in; it warns, `validate` judges."""
        hint = {"input_title": column.label[:_MOST_TITLE], "input_message": column.meaning[:_MOST_INPUT]}
        warns = {"error_type": "warning"}
        if column.choices:
            return hint | warns | {"validate": "list", "source": list(column.choices)}
        if column.sort in _LISTED:
            return hint | warns | {"validate": "list", "source": self._source(column.sort, lists)}
        if column.kind == "whole":
            message = {"error_message": tr("expected a whole number")}
            least = {"validate": "integer", "criteria": ">=", "value": 0}
            return hint | warns | message | least
        if column.kind == "date":
            message = {"error_message": tr("expected a date")}
            return hint | warns | message | {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        return hint | {"validate": "any"}

    def _source(self, sort: str, lists: str) -> str:
        """The part of a list that has something in it."""
        letter = cell_name(1, list(_LISTED).index(sort) + 1)[:-1]
        n_ids = _count(_LISTED[sort])
        return f"=OFFSET('{lists}'!${letter}$2,0,0,MAX(1,2*{n_ids}),1)"

    def _lists(self, sheet: Any) -> None:
        """Names, then ids of what may be chosen, taken from the sheets that have them; nobody looks at it."""
        sheet.hide()
        sheet.set_column(0, len(_LISTED) - 1, 20, self._format())
        for at, table in enumerate(_LISTED.values()):
            sheet.write_string(0, at, sheet_of(table), self._head)
            rows = [(cells[0], cells[1]) for cells in self._cells[table]]
            values = [name or id_ for id_, name in rows] + [id_ for id_, _ in rows]
            n_ids, ids, names = _count(table), _range(table, "A"), _range(table, "B")
            for row in range(1, max(2 * _LIST_ROWS, 4 * len(rows)) + 1):
                name = f'IF(INDEX({names},{row})="",INDEX({ids},{row}),INDEX({names},{row}))'
                other = f'IF({row}<=2*{n_ids},INDEX({ids},{row}-{n_ids}),"")'
                shown = values[row - 1] if row <= len(values) else ""
                sheet.write_formula(row, at, f"=IF({row}<={n_ids},{name},{other})", None, shown)
        sheet.freeze_panes(1, 0)


def _range(table: str, letter: str) -> str:
    return f"'{sheet_of(table)}'!${letter}$2:${letter}${_LAST_ROW + 1}"


def _count(table: str) -> str:
    return f"COUNTA({_range(table, 'A')})"


def _cells(table: str, row: Row[Any], columns: Sequence[SheetColumn]) -> list[str]:
    """The cells of a row; a session of days in a row is written with its first and last one."""
    texts = {column.key: cell_text(column.key, row.tree.get(column.key)) for column in columns}
    if "id" in texts:
        texts["id"] = row.id or ""
    if table == "sessions" and texts.get("dates") and isinstance(row.tree.get("dates"), Seq):
        first, _, last = texts["dates"].partition("..")
        if ";" not in texts["dates"]:
            texts |= {"dates": "", "start": first, "end": last or first}
    return [texts[column.key] for column in columns]


def _said(column: SheetColumn, example: str) -> str:
    parts = [column.meaning, tr("For example: {example}", example=example) if example else ""]
    return "\n".join(filter(None, parts))


def _default(field: HeadField) -> str:
    """What counts where nothing is written, if that can be said in a cell."""
    default = field.default
    if isinstance(default, bool) or not isinstance(default, int | str) or "default" in field.description:
        return ""
    return tr(" (default: {value})", value=default)


def _width(label: str, texts: Sequence[str]) -> float:
    longest = max((len(text.encode("gb18030")) for text in (label + " *", *texts[:200])), default=0)
    return float(min(36, max(9, longest + 2)))
