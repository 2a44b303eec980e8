"""The runner measures, verifies and reports what really happened."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import documents, picture, report
from benchmarks.cases import SETS, Case
from benchmarks.draw import draw
from benchmarks.measure import run
from benchmarks.methods import METHODS, Limits, Method, cadreplan_progress, peer_progress
from benchmarks.outcomes import Outcome, best_bound, best_objective, distance, seconds_to
from benchmarks.peers.simple import by_priority
from benchmarks.run import Store, main
from cadreplan.verification.rules import check

CASE: Case = SETS["smoke"][0]


def _outcome(
    method: str, objective: int | None, bound: int | None, seconds: float = 5.0, violations: int = 0
) -> Outcome:
    trace = () if objective is None else ((1.0, objective - 50, bound), (2.0, objective, bound))
    return Outcome(CASE.id, method, objective, bound, violations, seconds, 100, "", trace)


def test_memory_counts_descendants() -> None:
    child = "import time; block = bytearray(80 * 2**20); time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ran = run([sys.executable, "-c", parent], limit=30)
    assert ran.returncode == 0
    assert not ran.killed
    assert 80 < ran.peak_mb < 200
    assert ran.seconds >= 1


def test_lines_come_with_their_time() -> None:
    code = "import sys, time; print('a', flush=True); time.sleep(0.5); print('b', file=sys.stderr)"
    ran = run([sys.executable, "-c", code], limit=30)
    assert [text for _, text in ran.lines] == ["a", "b"]
    assert ran.lines[1][0] - ran.lines[0][0] > 0.3


def test_a_run_over_its_limit_is_ended_with_its_children() -> None:
    child = "import time; time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ran = run([sys.executable, "-c", parent], limit=0.5)
    assert ran.killed
    assert ran.returncode != 0
    assert ran.seconds < 10


def test_written_solutions_are_verified(tmp_path: Path) -> None:
    instance = draw(300, 80, 5).instance
    solution = by_priority(instance)
    assert solution.running
    assert solution.rooms
    path = tmp_path / "result.json"
    documents.write(path, instance, solution, 123)
    expected = check(instance, solution).terms.total
    assert documents.verify(path, instance) == documents.Verdict(expected, 123, 0)


def test_broken_rules_are_counted(tmp_path: Path) -> None:
    instance = draw(60, 30, 5).instance
    path = tmp_path / "result.json"
    documents.write(path, instance, by_priority(instance), None)
    document = json.loads(path.read_text())
    crowded = instance.sessions[0].id
    document["assignments"] = [{"leader": leader.id, "session": crowded} for leader in instance.leaders]
    path.write_text(json.dumps(document))
    assert documents.verify(path, instance).violations > 0


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_commands_name_roster_output_and_limits(method: Method) -> None:
    command = method.command(Path("r.yaml"), Path("p.json"), Limits(60.0, 2, 1e-4, 7))
    assert command[0] == sys.executable
    assert {"r.yaml", "p.json", "--time-limit", "60", "--workers", "2", "--gap", "0.0001"} <= set(command)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  12.3 s  columns: diving  plan 1,234,567  bound 1,240,000  gap 0.44 %", (1234567, 1240000)),
        ("plan: -5, bound: 17", (-5, 17)),
        ("no plan yet, bound 17", (None, 17)),
        ("wrote plan.json in 3 s", None),
    ],
)
def test_cadreplan_progress(line: str, expected: tuple[int | None, int | None] | None) -> None:
    assert cadreplan_progress(line) == expected


def test_peer_progress() -> None:
    assert peer_progress('{"objective": 5, "bound": null}') == (5, None)
    assert peer_progress('{"note": "x"}') is None
    assert peer_progress("Running HiGHS") is None


def test_best_ignores_plans_that_break_rules() -> None:
    outcomes = [
        _outcome("columns", 90, 110),
        _outcome("highs", 95, 105),
        _outcome("scip", 200, None, violations=3),
    ]
    assert best_bound(outcomes) == 105
    assert best_objective(outcomes) == 95


def test_distance_is_relative_to_the_shifted_bound() -> None:
    assert distance(99, 100) == pytest.approx(0.01)
    assert distance(99_990, 100_000, -99_000) == pytest.approx(0.01)


def test_seconds_to_a_gap_come_from_the_trace() -> None:
    outcome = _outcome("columns", 1000, 1001)
    assert seconds_to(outcome, 0.1, 1001) == 1.0
    assert seconds_to(outcome, 0.01, 1001) == 2.0
    assert seconds_to(outcome, 1e-6, 1001) is None
    assert seconds_to(replace(outcome, trace=()), 0.01, 1001) == 5.0


def test_page_says_where_a_peer_is_better() -> None:
    own = _outcome("columns", 100_000, 100_100)
    page = report.page(
        [CASE],
        [
            own,
            _outcome("highs", 100_090, 100_100),
            _outcome("scip", 99_000, 100_050),
            _outcome("priority", None, None),
        ],
        command="python -m benchmarks.run",
        seed=1,
        workers=2,
        picture="p.svg",
    )
    assert "HiGHS has the better plan, by 0.09 %." in page
    assert "HiGHS proves a smaller gap, 0.01 % against 0.1 %." in page
    assert "SCIP has the better plan" not in page
    assert "**100,090**" in page
    assert "no plan" in page


def test_page_says_who_is_as_good_in_less_time() -> None:
    outcomes = [_outcome("columns", 100, 100, 5.0), _outcome("exact", 100, 100, 2.0)]
    page = report.page([CASE], outcomes, command="c", seed=1, workers=2, picture="p.svg")
    assert "exact is as good in less time, 2.0 s against 5.0 s." in page
    tied = [_outcome("columns", 100, 100, 2.0), _outcome("exact", 100, 100, 5.0)]
    assert "Nowhere on this run." in report.page([CASE], tied, command="c", seed=1, workers=2, picture="p")


def test_curve_only_rises_when_the_plan_does() -> None:
    trace = ((1.0, 500, 1000), (2.0, 400, 1000), (3.0, 900, 1000))
    outcome = replace(_outcome("highs", 990, 1000, 9.0), trace=trace)
    curve = picture.curve(outcome, 1000, 0)
    assert [seconds for seconds, _ in curve] == [1.0, 3.0, 9.0]
    assert [gap for _, gap in curve] == pytest.approx([50, 10, 1])


def test_picture_has_one_line_a_method_and_same_bytes(tmp_path: Path) -> None:
    outcomes = [_outcome("columns", 990, 1000), _outcome("highs", 900, 1000), _outcome("priority", 800, None)]
    for name in ("a.svg", "b.svg"):
        picture.draw([CASE], outcomes, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.svg").stat().st_size > 5000


def test_outcomes_survive_json() -> None:
    outcome = _outcome("columns", 990, 1000)
    assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


def test_a_run_is_resumed_with_the_same_seed_only(tmp_path: Path) -> None:
    store = Store(tmp_path, seed=1, workers=2)
    assert store.read() == []
    store.write([_outcome("columns", 990, 1000)])
    assert store.read() == [_outcome("columns", 990, 1000)]
    assert Store(tmp_path, seed=2, workers=2).read() == []
    for other in ("", "[]", "{}"):
        store.path.write_text(other, encoding="utf-8")
        assert store.read() == []


def test_what_is_known_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def found(case: Case, methods: Sequence[Method], *_: object, **__: object) -> list[Outcome]:
        ran.extend(method.id for method in methods)
        return [_outcome(method.id, 990, 1000) for method in methods]

    monkeypatch.setattr("benchmarks.run.run_case", found)
    command = ["--set", "smoke", "--resume", "--work", str(tmp_path), "-o", str(tmp_path / "page.md")]
    assert main([*command, "--methods", "columns", "priority"]) == 0
    assert main([*command, "--methods", "columns", "scip", "priority"]) == 0
    assert ran == ["columns", "priority", "scip"]
    table = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert table.index("columns |") < table.index("SCIP |") < table.index("greedy")


@pytest.mark.parametrize(("without_plan", "code"), [("scip", 0), ("columns", 1)])
def test_a_peer_without_a_plan_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_plan: str, code: int
) -> None:
    outcomes = [_outcome(m, None if m == without_plan else 990, None) for m in ("columns", "scip")]
    monkeypatch.setattr("benchmarks.run.run_case", lambda *_, **__: outcomes)
    command = ["--set", "smoke", "--methods", "columns", "scip"]
    assert main([*command, "--work", str(tmp_path), "-o", str(tmp_path / "page.md")]) == code
