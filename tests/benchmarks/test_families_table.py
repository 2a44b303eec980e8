"""The command on families compares what it says, resumes, and tells what is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from benchmarks.cases import Contest
from benchmarks.families import table
from benchmarks.families.__main__ import main
from benchmarks.families.contests import Entry, Size, drawn, elsewhere
from benchmarks.families.registry import FAMILIES
from benchmarks.methods import Limits, Method
from benchmarks.outcomes import Outcome, objective_at
from benchmarks.roster.files import write

SIZE = Size(60, 20, 60.0)
ROOT = Path(__file__).parents[2]


def _entry(family: str = "national", seed: int = 1001) -> Entry:
    return drawn([family], [SIZE], [seed], 0.0)[0]


def _outcome(entry: Entry, method: str, objective: int | None, bound: int | None = None) -> Outcome:
    trace = () if objective is None else ((4.0, objective - 100, bound), (12.0, objective, bound))
    return Outcome(entry.contest.id, method, objective, bound, 0, 40.0, 100, "", trace)


def _section(entries: Sequence[Entry], outcomes: Sequence[Outcome]) -> str:
    return table.section(entries, outcomes, command="it", workers=1, picture=None)


def test_the_plan_in_hand_is_the_best_told_until_then() -> None:
    outcome = _outcome(_entry(), "columns", 1000)
    assert [objective_at(outcome, t) for t in (3, 4, 11, 12, 39, 40)] == [None, 900, 900, 1000, 1000, 1000]
    assert objective_at(replace(outcome, objective=1100), 40) == 1100


def test_gaps_at_moments_are_those_to_the_best_bound_of_all() -> None:
    entry = _entry()
    outcomes = [_outcome(entry, "columns", 900, 1200), _outcome(entry, "highs", 800, 1000)]
    line = next(line for line in _section([entry], outcomes).splitlines() if "cadreplan, columns | 2" in line)
    assert "| 20.0 % | 20.0 % | 10.0 % | 10.0 % |  |  | 10.0 % | 40.0 | 100 | kept |" in line


def test_of_several_seeds_the_largest_gap_is_shown() -> None:
    entries = [_entry(seed=1001), _entry(seed=1002)]
    outcomes = [_outcome(entries[0], "exact", 990, 1000), _outcome(entries[1], "exact", 900, 1000)]
    text = _section(entries, outcomes)
    assert "| national | 60x20 | 60 | **10.0 %** |" in text
    assert "seeds: 1001, 1002 (reported)" in text


def test_a_tour_is_compared_by_what_is_lost() -> None:
    entry = _entry("tour")
    everybody = -entry.contest.base
    assert everybody == 60 * 4000
    outcomes = [_outcome(entry, "columns", everybody - 1100, everybody - 1000)]
    assert "**10.0 %**" in _section([entry], outcomes)


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, None),
        ({"violations": 2}, "2 rules broken"),
        ({"objective": 1001}, "a plan of 1,001 above a bound of 1,000"),
        ({"objective": 950}, "told of 990, delivered 950"),
        ({"objective": None, "note": "exit 3"}, "no plan (exit 3)"),
    ],
)
def test_what_is_wrong_is_told(changed: dict[str, Any], wrong: str | None) -> None:
    entry = _entry()
    text = _section([entry], [replace(_outcome(entry, "columns", 990, 1000), **changed)])
    assert ("### What is wrong" in text) == (wrong is not None)
    assert wrong is None or wrong in text


@pytest.mark.parametrize(
    ("family", "seed", "use"),
    [("national", 999, "tuning"), ("national", 1000, "reported"), ("year", 1000, "held back")],
)
def test_seeds_and_families_have_their_use(family: str, seed: int, use: str) -> None:
    assert _entry(family, seed).use == use


def test_rosters_made_elsewhere_join_with_the_limit_of_their_size(tmp_path: Path) -> None:
    for name, leaders in (("a", 30), ("b", 90)):
        write(FAMILIES["month"].draw(leaders, 20, 1), tmp_path / name)
    sizes = [Size(60, 20, 7.0), Size(20, 20, 5.0)]
    one, two = elsewhere([tmp_path], sizes, 0.0)
    assert (one.contest.id, two.contest.id) == ("a-30x20-7s", "b-90x20-7s")
    assert one.prepare(tmp_path) == (tmp_path / "a" / "roster.yaml").resolve()
    assert [e.family for e in elsewhere([tmp_path / "a", tmp_path / "b" / "roster.yaml"], sizes, 0.0)] == [
        "a",
        "b",
    ]
    with pytest.raises(FileNotFoundError, match="neither a roster"):
        elsewhere([tmp_path / "c"], sizes, 0.0)


def test_the_command_runs_checks_and_resumes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [
        "--families",
        "courses",
        "--sizes",
        "30x9",
        "--limits",
        "20",
        "--workers",
        "1",
        "--pictured",
        "courses",
    ]
    command += [
        "--work",
        str(tmp_path / "work"),
        "-o",
        str(tmp_path / "page.md"),
        "--methods",
        "highs",
        "priority",
    ]
    assert main(command) == 0
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert page.count("| kept |") == 2
    assert (tmp_path / "page.svg").exists()
    ran: list[str] = []

    def found(
        contest: Contest, methods: Sequence[Method], roster: Path, folder: Path, limits: Limits
    ) -> list[Outcome]:
        ran.extend(method.id for method in methods)
        return [Outcome(contest.id, method.id, 1, None, 0, 1.0, 1) for method in methods]

    monkeypatch.setattr("benchmarks.families.measuring.run_methods", found)
    assert main([*command, "first-come", "--resume"]) == 0
    assert ran == ["first-come"]
    assert (tmp_path / "page.md").read_text(encoding="utf-8").count("| kept |") == 3


def test_the_command_measures_on_a_cluster(tmp_path: Path) -> None:
    """As a command, whose own module workers know by no name."""
    page = tmp_path / "page.md"
    given = ["--families", "courses", "--sizes", "30x9", "--limits", "20", "--methods", "priority"]
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as one:
        line = [sys.executable, "-m", "benchmarks.families", *given, "--pictured", "--seeds", "1"]
        line += ["--work", str(tmp_path), "-o", str(page), "--scheduler", one.scheduler_address]
        ran = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert page.read_text(encoding="utf-8").count("| kept |") == 1


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--families", "courses", "--sizes", "30x9", "-o", str(tmp_path / "page.md")]
    with pytest.raises(SystemExit):
        main([*command, "--work", str(tmp_path), "--scheduler", "nonsense"])
    assert "argument --scheduler: no scheduler answers at nonsense" in capsys.readouterr().err


def test_only_drawing_writes_a_roster(tmp_path: Path) -> None:
    command = ["--draw", "year", "--sizes", "40x10", "-o", str(tmp_path)]
    assert main([*command, "--seeds", "1"]) == 0
    assert (tmp_path / "roster.yaml").exists()
    assert main([*command, "--seeds", "1", "2"]) == 0
    assert (tmp_path / "year-40x10-seed2" / "roster.yaml").exists()


@pytest.mark.parametrize("arguments", [["--sizes", "60"], ["--limits", "1", "2"], ["--families"]])
def test_misuse_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
