"""Rules that hold while a file is read, before anything is known of what it says; `documents` finds them."""

from __future__ import annotations

import inspect

from cadreplan.diagnostics import Severity
from cadreplan.rules.base import Rule

_MANUALS = {
    "unreadable-file": """
        a file that a roster names can't be read

        There is no such file, it is a folder, or reading it isn't allowed. Paths are relative to the file
        that names them.

        Wrong:

            leaders: peple.csv

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary}
        """,
    "foreign-file": """
        a file that a roster names is no document of this program

        A curriculum says `kind: curriculum`, a table has a column or field that it may have. Of a file that
        doesn't, nothing is shown: a roster of somebody else could name any file of your machine.

        Wrong:

            curriculum: /etc/passwd

        Right:

            curriculum: curriculum.yaml
        """,
    "configuration": """
        a configuration says something that isn't understood

        `cadreplan.toml`, or `[tool.cadreplan]` in `pyproject.toml`, has the keys `files`, `exclude`,
        `select`, `ignore`, `severity`, `per-file-ignores` and `lang`. Any other is probably misspelt, and
        rules are named by their ids.

        Wrong:

            [tool.cadreplan]
            exlude = ["drafts"]

        Right:

            [tool.cadreplan]
            exclude = ["drafts"]
        """,
    "outside-folder": """
        a roster names a file outside the folder of `--confine`

        Where rosters of others are checked, as in a pull request, the folder of the repository is named with
        `--confine`, and nothing else on the machine is read.
        """,
    "too-large": """
        a file is larger than 64 MiB, or has more than 5,000,000 values

        No roster is. The file is probably another one than was meant.
        """,
    "too-many-findings": """
        a document has more than 20,000 findings

        Reading stops there. Something is wrong with all of its rows; fix that, and validate again.
        """,
    "encoding": """
        a file isn't text in an encoding that is read

        YAML is UTF-8, with or without a byte-order mark. CSV may also be GB18030 (which covers GBK), or
        UTF-16. Save the file as UTF-8, or name its encoding with `--encoding`.
        """,
    "syntax": """
        a file can't be read as YAML, or as JSON for a plan

        Reading stops at the place shown; what is before it on the line, or just above, is usually the cause.

        Wrong:

            title: "Spring rotation

        Right:

            title: "Spring rotation"
        """,
    "several-documents": """
        a file has more than one YAML document

        Only the first would be read. Every document is a file of its own.

        Wrong:

            title: Spring rotation
            ---
            title: Autumn rotation

        Right:

            title: Spring rotation
        """,
    "yaml-tag": """
        a value has a YAML tag

        The type of every value comes from its field, so that a tag can only contradict it.

        Wrong:

            title: !!str Spring rotation

        Right:

            title: Spring rotation
        """,
    "merge-key": """
        a map uses the merge key `<<`

        Write the entries out, or use an alias for a whole value.

        Wrong:

            leaders:
              - {id: L1, branch: HQ, role: secretary, skills: &held {meetings: 1}}
              - {id: L2, branch: HQ, role: secretary, skills: {<<: *held}}

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary, skills: &held {meetings: 1}}
              - {id: L2, branch: HQ, role: secretary, skills: *held}
        """,
    "alias-expansion": """
        aliases stand for more than 1,000,000 nodes

        A few lines of aliases of aliases can stand for more data than any machine holds.
        """,
    "too-deep": """
        lists and maps are nested deeper than 64 levels

        No document has more than ten. A bracket is probably never closed.
        """,
    "duplicate-key": """
        a map has the same key twice, or a table the same column

        Only one of the two could count.

        Wrong:

            title: Spring rotation
            title: Autumn rotation

        Right:

            title: Spring rotation
        """,
    "unknown-key": """
        a map has a key, or a table a column, that isn't read

        Nothing is passed over silently: a misspelt key would lose what is behind it. In a flat table only a
        header that is close to that of a field is an error; any other is warned of (`extra-column`).

        Wrong:

            leaders:
              - {id: L1, branch: HQ, rol: secretary}

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary}
        """,
    "missing-key": """
        a required key is missing or has nothing behind it

        In a flat table: a cell that has to be filled in is empty, or there is no such column, which is said
        once for all rows.

        Wrong:

            leaders:
              - {id: L1, role: secretary}

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary}
        """,
    "wrong-type": """
        a text, a list or a map stands where another of the three belongs

        Wrong:

            leaders:
              - {id: L1, branch: HQ, role: secretary, completed: M-LAW}

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary, completed: [M-LAW]}
        """,
    "wrong-value": """
        a value isn't what its field takes

        Whole numbers are digits only: neither 1.0 nor 1_000 nor yes. A day has to exist, and is written
        YYYY-MM-DD; a range is YYYY-MM-DD..YYYY-MM-DD and doesn't end before it starts. An id has 1 to 64
        letters, digits or _ . - @ # and doesn't begin with . or -.

        Flat tables take what can only mean one thing in other habits too: 2026年3月9日, 6人, the name of a
        role for its id. In YAML `validate --fix` rewrites it so.

        Wrong:

            horizon: 2026-02-30..2026-06-26

        Right:

            horizon: 2026-02-28..2026-06-26
        """,
    "table-format": """
        a table is in a file of a format that isn't read

        Tables are `.yaml`, `.csv` or `.xlsx` files, or lists in the roster itself.

        Wrong:

            leaders: people.docx

        Right:

            leaders:
              - {id: L1, branch: HQ, role: secretary}
        """,
    "table-header": """
        the first row of a table doesn't name its columns

        A table begins with a row of field names or their Chinese labels, one for each column in use. A title
        may stand above it, and the header may have two rows: groups, or merged cells, above the columns.
        """,
    "table-sheet": """
        a workbook has no sheet of the name given, or several and none is named

        A sheet is named behind a `#`: `leaders: people.xlsx#人员`. Without it the only one that isn't hidden
        is taken, or the one called as its table is in English or Chinese: leaders 人员, branches 支部,
        sites 地点, sessions 班次, offerings 备选, lecturers 师资.

        A workbook that is a whole season has a sheet policy 政策, too, and those of its curriculum: abilities
        能力, skills 技能, modules 课程, roles 岗位. Each is there once, and none is called almost like one.
        """,
    "table-size": """
        a table has more rows or columns than any

        A table has 200,000 rows and 256 columns at most. In a workbook a single value in the last row or
        column, often a blank typed by mistake, would make a program that trusts it run out of memory.
        """,
    "table-merged": """
        cells of a row are merged across columns

        It isn't clear which column the value belongs to. Cells merged downwards are read as if each of them
        had the value; a merged title above the header is passed over.
        """,
    "table-formula": """
        a cell has a formula instead of a value

        What it shows was computed when the workbook was last saved, perhaps from files that have changed
        since. Copy the cells and paste them as values.
        """,
    "table-cell": """
        a cell has an error, or for an id a date or a number that lost digits

        A spreadsheet makes a date of `3-1` and keeps 15 digits of a number. Format columns of ids as text
        before typing into them.
        """,
    "table-workbook": """
        a file can't be read as a workbook

        It is encrypted or of an older format, cut off, no workbook at all, or built so that it would unpack
        to far more than it seems. Open it in a spreadsheet program and save it as .xlsx.
        """,
    "table-shape": """
        a row of a table is longer than its header

        Usually a cell with the delimiter in it isn't quoted.
        """,
    "table-syntax": """
        a row can't be read as CSV

        A quote is never closed, or text follows a closing one. A cell that has the delimiter, a quote or a
        line break in it is put in quotes, and quotes in it are doubled: "say ""yes"" now".
        """,
}


def _rule(id_: str, level: Severity, text: str) -> Rule:
    title, _, manual = inspect.cleandoc(text).partition("\n")
    return Rule(id_, level, title, manual.strip())


_WARNINGS = {
    "unknown-ignore": """
        a comment ignores a rule that there isn't

        `# cadreplan: ignore[RULE]` takes ids of rules, several separated by commas. A misspelt one ignores
        nothing.

        Wrong:

            title: Spring rotation # cadreplan: ignore[same-nmae]

        Right:

            title: Spring rotation
        """,
    "unused-ignore": """
        a comment ignores a rule that finds nothing there

        The line has been corrected since, or the comment stands on another line than the finding. Left alone
        it would hide the next finding of that rule. On the line of a roster that names a table file a comment
        counts for the whole table.

        Wrong:

            title: Spring rotation # cadreplan: ignore[same-name]

        Right:

            title: Spring rotation
        """,
    "extra-column": """
        a flat table has columns that mean nothing to cadreplan

        Lists have columns for people: a running number, a phone number, a remark. They are passed over, and
        named once for each table, so that none is lost by mistake. A header that begins with `#`, as in
        `#备注`, says that its column is for people only; then there is no warning. A header close to that of
        a field is an error (`unknown-key`).

        The same holds for the sheets of a workbook that is a whole season, and the rows of its sheet policy.
        """,
    "hidden-rows": """
        rows or columns of a sheet are hidden, and read all the same

        Whoever filters a list and hands it on sees fewer people than are planned for. Show the rows again and
        take out those that aren't meant, or copy what is seen into a sheet of its own.
        """,
    "total-row": """
        a row of a flat table looks like a total, or like a line below the table

        A row that begins with 合计, 小计, 总计, 汇总 or total, that a workbook declares to be the totals of a
        table, or that only says who filled the table in. It is passed over where it lacks what every row must
        have, and read like any other where it has all of it.
        """,
    "lost-zeros": """
        ids in a workbook are numbers that seem to have lost their leading zeros

        A spreadsheet turns 0012 into 12. A column of ids in which some have a fixed number of digits and
        others are shorter numbers is likely to have lost them. Format the column as text and write the ids
        again, or choose a number format like 0000: zeros that are shown are read.
        """,
}

RULES = (
    *(_rule(id_, "error", text) for id_, text in _MANUALS.items()),
    *(_rule(id_, "warning", text) for id_, text in _WARNINGS.items()),
)
