"""Inputs made to take time, memory or the program down: each is a finding, soon."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.api import check, save
from cadreplan.cli.inputs import open_plan
from cadreplan.documents import files
from cadreplan.documents.findings import MOST_FINDINGS, Findings
from cadreplan.documents.reading.plan import read_plan
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.documents.tables.reader import decode, read_csv
from cadreplan.documents.values.days import spans
from cadreplan.documents.values.hints import day_hint, list_hint, number_hint
from cadreplan.documents.values.plain import _one_of, _pairs
from cadreplan.documents.yaml.comments import _ignored
from cadreplan.documents.yaml.reader import parse
from cadreplan.errors import InputError, UsageError
from cadreplan.loading.load import find_problems
from cadreplan.views.naming import SessionNames
from tests.cli.base import Cli, apart, example
from tests.rules.base import overlaid, written
from tests.solving.small import small_instance

_LONG = 50_000


def _header(text: str) -> None:
    read_csv(text + ",b\n", LeaderSpec, "t.csv", Findings())


@pytest.mark.parametrize(
    ("read", "unit"),
    [
        *((_header, unit) for unit in ("*", "(", "()", "(a)", "＊", "（", "a ")),
        *((_ignored, unit) for unit in (" #", "#", " # cadreplan: ignore[", " cadreplan:")),
        *(
            (lambda text: day_hint(text, None), unit)
            for unit in ("2026", "2026 ", "2026-", "1", "2026-1 ", "2026年", "至", "、")
        ),
        *((number_hint, unit) for unit in ("1", "1,", "人", "-")),
        *((list_hint, unit) for unit in ("a,", "2026-", "、")),
        *((lambda text: spans(f"2026-03-09{text}x"), unit) for unit in (" ", "\t", "至 ", "1")),
        *((lambda text: _one_of(f"M1{text}M2", None), unit) for unit in (" ", " or", "|", "或")),
        *((lambda text: _pairs(f"k:1,{text}x", None, str), unit) for unit in (" ", "a", "branch:1 ", "、")),
        *(
            (SessionNames(small_instance(leaders=1, seats=1)).named, unit)
            for unit in ("a@", "@", "a@2026-03-09", "中")
        ),
        *(
            (lambda text: parse(f"a: {text}", "f", Findings()), unit)
            for unit in ("[", "{", "a: ", "&a ", "*")
        ),
    ],
)
def test_what_is_repeated_takes_no_more_time_than_it_is_long(
    read: Callable[[str], object], unit: str
) -> None:
    started = time.process_time()
    read(unit * _LONG)
    assert time.process_time() - started < 1.0


def test_a_number_format_of_megabytes_is_read_in_no_time(tmp_path: Path) -> None:
    from cadreplan.documents.workbook.book import _LONGEST_FORMAT, _NOT_SHOWN

    started = time.process_time()
    _NOT_SHOWN.sub("", "["[:1] * _LONGEST_FORMAT)
    assert time.process_time() - started < 0.1


def test_reading_stops_at_many_findings(tmp_path: Path) -> None:
    path = tmp_path / "roster.yaml"
    keys = "".join(f"k{n}: 1\n" for n in range(MOST_FINDINGS + 5_000))
    path.write_text(f"cadreplan: 1\nkind: roster\n{keys}")
    other = tmp_path / "curriculum.yaml"
    other.write_text("cadreplan: 1\nkind: curriculum\nnonsense: 1\n")
    found = find_problems([path, other])
    assert sum(item.rule == "unknown-key" and item.file == str(path) for item in found) == MOST_FINDINGS
    assert [item.rule for item in found].count("too-many-findings") == 1
    assert any(item.file == str(other) for item in found), "other documents are read all the same"


def test_a_pipe_as_the_roster_of_a_plan_is_not_waited_for(tmp_path: Path) -> None:
    plan = example(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    text = plan.read_text()
    for place in ("pipe", "/dev/zero", "."):
        plan.write_text(text.replace('"path": "roster.yaml"', f'"path": "{place}"'))
        with pytest.raises(UsageError, match="name it with --roster"):
            open_plan(plan, None, None)
    ran = apart("replan", "plan.json", folder=tmp_path)
    assert ran.returncode == 2


def test_no_more_is_read_than_is_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    found = find_problems(["/dev/zero"])
    assert [item.rule for item in found] == ["too-large"]


def test_zeros_are_no_table() -> None:
    findings = Findings()
    assert decode(b"\0" * 1000, "t.csv", findings) is None
    assert [item.rule for item in findings.items] == ["encoding"]


@pytest.mark.parametrize("name", ["zlib", "hex", "rot13", "bz2", "nonsense", "a\0b", "\udc80", "undefined"])
def test_an_encoding_that_is_none_is_a_message(name: str) -> None:
    findings = Findings()
    try:
        assert decode(b"id\n", "t.csv", findings, name) is None
    except UsageError as error:
        assert "unknown encoding" in str(error)  # noqa: PT017 (one of two ways to say it)
    else:
        assert findings.has_errors


def test_a_workbook_in_an_encoding_that_nobody_knows_is_a_finding(tmp_path: Path) -> None:
    from cadreplan.documents.workbook.package import Package, PackageError

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<?xml version='1.0' encoding='no-such-thing'?><workbook/>")
    with pytest.raises(PackageError, match="broken"):
        Package(data.getvalue()).read("xl/workbook.xml", lambda name, attributes: None)
    with pytest.raises(PackageError, match="found no xl/other"):
        Package(data.getvalue()).read("xl/other.xml", lambda name, attributes: None)


def test_half_a_character_in_a_plan_is_a_finding(tmp_path: Path) -> None:
    plan = example(tmp_path)
    plan.write_text(plan.read_text().replace('"engine": "exact"', '"engine": "\\ud800"'))
    with pytest.raises(InputError) as refused:
        read_plan(plan)
    assert "half a character" in refused.value.diagnostics[0].message


def test_a_plan_of_more_values_than_memory_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cadreplan.documents.reading.plan._MOST_SIGNS", 1000)
    path = tmp_path / "plan.json"
    path.write_text("[" + "{}," * 1000 + "{}]")
    with pytest.raises(InputError) as refused:
        read_plan(path)
    assert [item.rule for item in refused.value.diagnostics] == ["too-large"]


def test_a_folder_whose_name_is_no_text_has_a_plan_all_the_same(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    folder.mkdir()
    example(folder)
    line = ("solve", str(folder / "roster.yaml"), "-q", "-o", "new.json", "--workers", "1")
    ran = apart(*line, folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert apart("check", "new.json", "--roster", line[1], folder=tmp_path).returncode == 0


@pytest.mark.parametrize("field", ["engine", "version", "ended", "why"])
def test_a_forged_statement_breaks_no_screen(
    tmp_path: Path, field: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = example(tmp_path)
    data = json.loads(path.read_text())
    data["solver"][field] = "9" * 5000 + "\x1b[31m{x}%s"
    path.write_text(json.dumps(data))
    plan = str(path)
    for line in (("show", plan), ("check", plan), ("diff", plan, plan), ("export", plan, "--to", "html")):
        ran = Cli(capsys)(*line)
        assert ran.code in (0, 1), ran.err
        assert "internal error" not in ran.err
        assert "\x1b" not in ran.out + ran.err


def test_a_pattern_too_long_for_a_name_finds_no_file(tmp_path: Path) -> None:
    path = written(tmp_path, overlaid(f"branches: {'*' * 300}.csv\n"))
    assert [(d.rule, d.line) for d in find_problems([path]) if d.severity == "error"] != []


def test_a_path_too_long_for_a_name_leads_to_no_roster(tmp_path: Path) -> None:
    plan = read_plan(example(tmp_path))
    far = replace(plan, roster=replace(plan.roster, path="b" * 300))
    with pytest.raises(UsageError, match="name it"):
        check(far)
    save(far, tmp_path / "far.json")
    assert read_plan(tmp_path / "far.json").roster.path == "b" * 300
