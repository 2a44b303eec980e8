"""The ledger: have, planned, missing and deadlines, just inside and just outside."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from cadreplan.documents.reading.history import Fact, appended
from cadreplan.insight.ledger import Entry, Ledger, Past, Seats, by_branch, ledger
from cadreplan.loading.build import build_instance
from cadreplan.loading.load import load_roster, read_roster_file
from cadreplan.plan import PlannedSession
from tests.cli.base import Cli, some_plan
from tests.rules.base import overlaid, written

PIECE = """\
norms:
  yearly: {hours: 56, roles: [secretary]}
  five: {hours: 550, years: 5, roles: [secretary]}
  newcomer: {sessions: 1, within: 183}
horizon: 2026-03-02..2026-06-26
leaders:
"""
CREDITED = "credited: {yearly: 50, five: 540}"


def roster_of(folder: Path, *rows: str) -> Path:
    leaders = "".join(f"  - {{id: L{n}, {row}}}\n" for n, row in enumerate(rows, 1))
    return written(folder, overlaid(PIECE + leaders))


def ledger_of(folder: Path, *rows: str, past: Past | None = None, on: date | None = None) -> Ledger:
    return ledger(read_roster_file(roster_of(folder, *rows)), past, on=on)


def entry(found: Ledger, norm: str, leader: str = "L1") -> Entry:
    return next(e for e in found.entries if e.norm == norm and e.leader == leader)


SECRETARY = "branch: HQ, role: secretary"


def test_what_is_credited_is_had_and_the_rest_is_missing(tmp_path: Path) -> None:
    found = ledger_of(tmp_path, f"{SECRETARY}, {CREDITED}", f"{SECRETARY}, credited: {{yearly: 56}}")
    assert (entry(found, "yearly").have, entry(found, "yearly").missing) == (50, 6)
    assert entry(found, "five").missing == 10
    assert entry(found, "yearly").deadline == date(2026, 12, 31)
    assert entry(found, "yearly", "L2").missing == 0
    assert not [e for e in found.entries if e.norm == "newcomer"], "nothing is known of since"


@pytest.mark.parametrize(
    ("since", "deadline", "overdue", "counts"),
    [
        ("2025-08-30", "2026-03-01", True, False),
        ("2025-08-31", "2026-03-02", False, True),
        ("2025-12-25", "2026-06-26", False, True),
        ("2025-12-26", "2026-06-27", False, False),
    ],
)
def test_a_deadline_before_the_horizon_is_overdue_and_one_behind_it_does_not_count(
    since: str, deadline: str, overdue: bool, counts: bool, tmp_path: Path
) -> None:
    found = ledger_of(tmp_path, f"branch: HQ, gaps: {{review: 1}}, since: {since}")
    mine = entry(found, "newcomer")
    assert (str(mine.deadline), mine.overdue, mine.counts) == (deadline, overdue, counts)
    assert found.is_missed == (overdue or counts)


def test_the_day_that_decides_what_is_overdue_may_be_another(tmp_path: Path) -> None:
    row = "branch: HQ, gaps: {review: 1}, since: 2025-12-25"
    assert not entry(ledger_of(tmp_path, row, on=date(2026, 6, 26)), "newcomer").overdue
    assert entry(ledger_of(tmp_path, row, on=date(2026, 6, 27)), "newcomer").overdue


def test_deadlines_of_long_ago_are_listed_only_where_the_time_before_them_is_known(tmp_path: Path) -> None:
    """183 days behind 2024-08-29 are 2025-02-28, 367 days before the horizon."""

    def listed(since: str, past: Past | None = None) -> list[str]:
        found = ledger_of(tmp_path, f"branch: HQ, gaps: {{review: 1}}, since: {since}", past=past)
        return [str(e.deadline) for e in found.entries]

    assert listed("2024-08-30") == ["2025-03-01"]
    assert listed("2024-08-29") == []
    assert listed("2024-08-29", Past.of([Fact("r", "2024-08-29", "begins")])) == ["2025-02-28"]
    assert listed("2024-08-29", Past.of([Fact("r", "2024-08-30", "begins")])) == []


def facts(*hours: tuple[str, int]) -> list[Fact]:
    told = [Fact("r", "2022-01-01", "begins"), Fact("r", "2025-05-05", "attended", "L1", "S")]
    return [*told, *(Fact("r", day, "hours", "L1", f"S-{day}", after=n) for day, n in hours)]


def test_a_history_tells_what_the_roster_does_not(tmp_path: Path) -> None:
    past = Past.of(facts(("2021-12-31", 40), ("2022-01-01", 30), ("2026-01-01", 8)))
    found = ledger_of(tmp_path, f"{SECRETARY}, since: 2025-12-25", past=past)
    assert entry(found, "yearly").have == 8
    assert entry(found, "five").have == 38
    assert entry(found, "newcomer").have == 1
    found = ledger_of(tmp_path, f"{SECRETARY}, credited: {{yearly: 7, five: 99}}", past=past)
    assert (entry(found, "yearly").have, entry(found, "five").have) == (7, 99)
    assert found.differing == 1


def test_a_plan_adds_what_it_has_of_each_window(tmp_path: Path) -> None:
    path = roster_of(tmp_path, f"{SECRETARY}, {CREDITED}, since: 2025-12-25", f"{SECRETARY}, excluded: [S1]")
    document = read_roster_file(path)
    seats = Seats.of(build_instance(document), some_plan(load_roster(path)))
    found = ledger(document, seats=seats)
    assert (entry(found, "yearly").planned, entry(found, "yearly").missing) == (12, 0)
    assert entry(found, "newcomer").planned == 1
    assert entry(found, "yearly", "L2").planned == 0
    assert [w.leader for w in found.waits] == []


def test_a_module_that_a_plan_holds_twice_is_planned_once(tmp_path: Path) -> None:
    """What has begun of a plan stays, also where the roster has put a module of it into another session."""
    path = roster_of(tmp_path, SECRETARY)
    plan = some_plan(load_roster(path))
    once = PlannedSession("S0", True, site="BJ", dates=("2026-03-03",), modules=("M-LAW",))
    twice = replace(
        plan,
        frozen_before="2026-04-01",
        sessions=(once, replace(once, id="S1", dates=("2026-03-09",), modules=("M-LAW", "M-CASE"))),
        assignments=(("L1", "S0"), *plan.assignments),
    )
    document = read_roster_file(path)
    found = ledger(document, seats=Seats.of(build_instance(document), twice))
    assert entry(found, "yearly").planned == 12


def test_overdue_comes_first_then_the_nearest_deadline_and_waiting_longest_first(tmp_path: Path) -> None:
    gaps = "branch: NORTH, gaps: {review: 1}"
    rows = (f"{SECRETARY}, waited: 1", f"{gaps}, since: 2026-01-01, waited: 3", f"{gaps}, since: 2025-01-01")
    found = ledger_of(tmp_path, *rows)
    assert [e.leader for e in found.entries] == ["L3", "L2", "L1", "L1"]
    assert [(w.leader, w.waited) for w in found.waits] == [("L2", 3), ("L1", 1)]
    north = next(s for s in by_branch(found) if s.branch == "NORTH")
    assert (north.people, north.met, north.overdue, north.missing) == (2, 0, 1, 2)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(capsys)


def test_the_command_writes_all_formats(cli: Cli, tmp_path: Path) -> None:
    path = str(roster_of(tmp_path, f"{SECRETARY}, {CREDITED}, name: =林海燕", f"{SECRETARY}, waited: 2"))
    history = tmp_path / "history.csv"
    history.write_bytes(appended(b"", facts(("2026-01-05", 3))))
    text = cli("ledger", path, str(history))
    assert text.code == 0, text.err
    assert "2 norms missed" in text.out or "norms missed" in text.out
    said = json.loads(cli("ledger", path, "--format", "json").out)
    assert {one["missing"] for one in said["norms"]} == {6, 10, 56, 550}
    assert said["waiting"][0]["waited"] == 2
    table = cli("ledger", path, "--format", "csv", "--lang", "zh").out.splitlines()
    assert table[0].startswith("人员")
    assert len(table) == 5
    assert any("'=林海燕" in line for line in table)
    output = tmp_path / "ledger.xlsx"
    assert cli("ledger", path, "--format", "xlsx", "-o", str(output)).code == 0
    book = openpyxl.load_workbook(output)
    assert [sheet.max_row for sheet in book] == [5, 3, 2]


def test_strict_ends_with_one_where_somebody_misses_a_norm(cli: Cli, tmp_path: Path) -> None:
    path = str(roster_of(tmp_path, f"{SECRETARY}, credited: {{yearly: 56, five: 549}}"))
    assert cli("ledger", path).code == 0
    assert cli("ledger", path, "--strict").code == 1
    assert cli("ledger", path, "--strict", "--norm", "yearly").code == 0
    assert cli("ledger", path, "--strict", "--branch", "NORTH").code == 0
    assert cli("ledger", path, "--strict", "--branch", "HQ").code == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--norm", "yearle"), "did you mean 'yearly'?"),
        (("--branch", "NORTHE"), "did you mean 'NORTH'?"),
        (("--on", "2026-13-01"), "expected a date"),
        (("--format", "xlsx"), "name a file with -o"),
    ],
)
def test_what_cannot_be_is_said_and_how_to_mend_it(
    words: tuple[str, ...], said: str, cli: Cli, tmp_path: Path
) -> None:
    ran = cli("ledger", str(roster_of(tmp_path, SECRETARY)), *words)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize("name", ["roster.yaml", "curriculum.yaml", "history.csv"])
def test_nothing_that_is_read_is_written_over(name: str, tmp_path: Path, cli: Cli) -> None:
    roster = roster_of(tmp_path, SECRETARY)
    history = tmp_path / "history.csv"
    history.write_bytes(appended(b"", []))
    before = (tmp_path / name).read_bytes()
    ran = cli("ledger", str(roster), str(history), "--format", "json", "-o", str(tmp_path / name))
    assert ran.code == 2
    assert "is an input of this command" in ran.err
    assert (tmp_path / name).read_bytes() == before
