"""Fuzz the loader: `make fuzz`, or `python -m tests.documents.fuzz_loader -max_total_time=600 -fork=2`.

Coverage-guided (atheris, libFuzzer). The first byte chooses what the others are: a roster, a curriculum, a
table in CSV or a workbook. Anything but findings is a crash: the input is written to the folder this runs in.
The seeds are the examples of the tests, so an input that once failed is kept by dropping it there.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

from tests.documents.workbooks import WITH_STRINGS_AND_STYLES, packed, sheet_xml, text_cell

with atheris.instrument_imports(include=["cadreplan"]):
    from cadreplan.errors import UsageError
    from cadreplan.loading.load import find_problems, load_roster

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
GOOD = EXAMPLES / "good"
KINDS = (
    "roster.yaml",
    "curriculum.yaml",
    "leaders.csv",
    "leaders.xlsx",
    "sheet.xml",
    "strings.xml",
    "styles.xml",
)
"""The last three are parts of a workbook, packed before they are read: no checksum hides what is in them."""
MOST_BYTES = 4096


def main() -> None:
    """Run until the time given, or the first crash."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        tables = "".join(
            line
            for line in (GOOD / "inline.yaml").read_text("utf-8").partition("leaders:")[0].splitlines(True)
        )
        rosters = {
            "roster.yaml": (GOOD / "inline.yaml").read_bytes(),
            "curriculum.yaml": (GOOD / "curriculum.yaml").read_bytes(),
            **{f"{end}.yaml": f"{tables}leaders: leaders.{end}\n".encode() for end in ("csv", "xlsx")},
        }
        for name, data in rosters.items():
            (here / name).write_bytes(data)
        corpus = here / "corpus"
        corpus.mkdir()
        for i, (kind, data) in enumerate(seeds()):
            (corpus / str(i)).write_bytes(bytes([kind]) + data)

        def one(data: bytes) -> None:
            kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
            data = data[1:]
            if kind.endswith(".xml"):
                data, kind = in_workbook(kind.removesuffix(".xml"), data), "leaders.xlsx"
            start = here / ("roster.yaml" if kind.endswith(".yaml") else f"{kind.partition('.')[2]}.yaml")
            (here / kind).write_bytes(data)
            try:
                if not any(found.is_error for found in find_problems([start])):
                    load_roster(start)
            except UsageError:
                return
            finally:
                if kind in rosters:
                    (here / kind).write_bytes(rosters[kind])

        atheris.Setup([*sys.argv, f"-max_len={MOST_BYTES}", str(corpus)], one)
        atheris.Fuzz()


def in_workbook(part: str, data: bytes) -> bytes:
    """A workbook with one part made of these bytes, and others that fit it."""
    cells = f'<c r="A2" t="s" s="1"><v>0</v></c>{text_cell("B2", "HQ")}<c r="D2" s="1"><v>46090</v></c>'
    parts: dict[str, str | bytes] = {"strings": STRINGS, "styles": STYLES, "links": WITH_STRINGS_AND_STYLES}
    sheet: str | bytes = sheet_xml(cells)
    if part == "sheet":
        sheet = data
    else:
        parts[part] = data
    return packed(sheet, **parts)


STRINGS = "<sst><si><t>L1</t></si><si><r><t>王</t></r><rPh><t>w</t></rPh></si></sst>"
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="0000"/></numFmts>'
    '<cellXfs><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)


def seeds() -> list[tuple[int, bytes]]:
    """The example files, each with the number of its kind."""
    found = []
    for file in sorted(EXAMPLES.rglob("*")):
        data = file.read_bytes() if file.is_file() else b""
        if file.suffix == ".yaml":
            found.append((1 if b"kind: curriculum" in data else 0, data))
        elif file.suffix in (".csv", ".xlsx"):
            found.append((2 if file.suffix == ".csv" else 3, data))
    merged = '<mergeCells><mergeCell ref="A2:B9"/></mergeCells>'
    found.append(
        (4, sheet_xml(text_cell("A2", "L1"), '<c r="B2"><f>A1</f><v>1.5</v></c>', after=merged).encode())
    )
    found += [(5, STRINGS.encode()), (6, STYLES.encode())]
    return [(kind, data) for kind, data in found if len(data) < MOST_BYTES * 2]


if __name__ == "__main__":
    main()
