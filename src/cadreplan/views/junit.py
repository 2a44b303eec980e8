"""Findings as JUnit XML, which every CI server shows as tests: a suite a file, a test a finding."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Sequence

from cadreplan.diagnostics import Diagnostic
from cadreplan.language import tr
from cadreplan.views.wording import plain


def as_junit(
    diagnostics: Sequence[Diagnostic], files: Sequence[str], *, strict: bool, command: str = "validate"
) -> str:
    """A file without findings is one test that passed; a warning is a failure only with `strict`.

    Other warnings are tests that passed, with the finding as their output.
    """
    by_file: dict[str, list[Diagnostic]] = {file: [] for file in files}
    for found in diagnostics:
        by_file.setdefault(found.file, []).append(found)
    root = ET.Element("testsuites", name=f"cadreplan {command}")
    totals: dict[str, int] = defaultdict(int)
    for file, found_in in by_file.items():
        n_tests, n_failed = _suite(root, file, found_in, strict)
        totals["tests"] += n_tests
        totals["failures"] += n_failed
    for name in ("tests", "failures", "errors"):
        root.set(name, str(totals[name]))
    root.set("time", "0")
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(root: ET.Element, file: str, found_in: list[Diagnostic], strict: bool) -> tuple[int, int]:
    failed = [found for found in found_in if found.is_error or strict]
    n_tests = max(1, len(found_in))
    suite = ET.SubElement(
        root,
        "testsuite",
        name=plain(file),
        tests=str(n_tests),
        failures=str(len(failed)),
        errors="0",
        skipped="0",
        time="0",
    )
    if not found_in:
        ET.SubElement(suite, "testcase", name=tr("no findings"), classname=plain(file), time="0")
    for found in found_in:
        place = f"{found.line}:{found.column}"
        case = ET.SubElement(
            suite, "testcase", name=f"{found.rule} at {place}", classname=plain(file), time="0"
        )
        text = plain(f"{file}:{place}: {found.severity} {found.rule}: {found.told}")
        if found.is_error or strict:
            failure = ET.SubElement(case, "failure", type=found.severity, message=plain(found.message))
            failure.text = text
        else:
            ET.SubElement(case, "system-out").text = text
    return n_tests, len(failed)
