"""`cadreplan solve`: options, output files, the summary, and what becomes of each kind of failure.

What the engines find has tests of its own; a stand-in takes their place here, for every outcome to be had.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import ContradictionError, InterruptedSolveError, NoPlanError
from cadreplan.loading.load import LoadedRoster
from cadreplan.plan import Plan
from tests.cli.base import Cli, some_plan


@dataclass(frozen=True)
class Options:
    """As `cadreplan.solving.SolveOptions`."""

    engine: str = "auto"
    time_limit: float | None = None
    gap: float = 0.001
    workers: int = 1
    seed: int = 0
    work_limit: float | None = None
    memory_limit: int | None = None
    programme: bool | None = None
    allow_unstaffed: bool = False
    price: bool = False
    scheduler: str | None = None
    params: Path | None = None


@dataclass(frozen=True)
class Seen:
    """As `cadreplan.solving.Progress`."""

    seconds: float
    phase: str
    objective: int | None
    bound: int | None
    gap: float | None


class Solver(types.ModuleType):
    """Stands in for `cadreplan.solving`; `fails` is raised instead of an answer."""

    def __init__(self) -> None:
        super().__init__("cadreplan.solving")
        self.counted = contextlib.nullcontext
        self.SolveOptions = Options
        self.scheduler_named = lambda given, engine: given
        self.params_of = lambda given: given
        self.Progress = Seen
        self.options: Options | None = None
        self.fails: BaseException | None = None
        self.progress = [Seen(0.1, "presolve", None, 1300, None), Seen(0.2, "search", 1234, 1300, 0.05)]

    def solve(self, loaded: LoadedRoster, options: Options, on_progress: Callable[[Any], None]) -> Plan:
        self.options = options
        for seen in self.progress:
            on_progress(seen)
        if self.fails is not None:
            raise self.fails
        return some_plan(loaded)

    def save(self, plan: Plan, path: Path) -> None:
        path.write_text(plan.to_json(), encoding="utf-8")


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> Solver:
    """The stand-in, in place."""
    made = Solver()
    monkeypatch.setitem(sys.modules, "cadreplan.solving", made)
    return made


@pytest.fixture
def roster(plan: Path) -> Path:
    """The example's roster, without a plan."""
    plan.unlink()
    return plan.parent / "roster.yaml"


def test_a_plan_is_written_and_summed_up(cli: Cli, solver: Solver, roster: Path) -> None:
    ran = cli("solve", "roster.yaml")
    assert ran.code == 0
    for section in (
        "春季轮训示例",
        "feasible",
        "Worth",
        "Coverage",
        "Branches",
        "Sessions",
        "Open skill gaps",
    ):
        assert section in ran.out
    assert ran.out.splitlines()[-3:] == [
        " written to plan.json",
        " cadreplan show plan.json",
        " cadreplan check plan.json",
    ]
    assert cli("check", "plan.json").code == 0


def test_the_timetable_follows_the_summary(cli: Cli, solver: Solver, roster: Path) -> None:
    assert "Timetable" not in cli("solve", "roster.yaml").out
    out = cli("solve", "roster.yaml", "--timetable").out
    assert out.index("Open skill gaps") < out.index("Timetable") < out.index("written to")


def test_options_reach_the_solver(cli: Cli, solver: Solver, roster: Path) -> None:
    words = "--engine columns --time-limit 10m --gap 0.5% --workers 3 --seed 7 --work-limit 2.5"
    more = "--no-programme --allow-unstaffed --params mine.toml"
    assert cli("solve", "roster.yaml", *words.split(), *more.split()).code == 0
    params = Path("mine.toml")
    assert solver.options == Options("columns", 600.0, 0.005, 3, 7, 2.5, None, False, True, params=params)


def test_a_price_without_a_guarantee_is_said_to_be_none(cli: Cli, solver: Solver, roster: Path) -> None:
    ran = cli("solve", "roster.yaml", "--price")
    assert ran.code == 0
    assert "--price: the policy has no `guarantee`" in ran.err
    assert "--price" not in cli("solve", "roster.yaml", "--price", "--set", "policy.guarantee=1").err
    assert "--price" not in cli("solve", "roster.yaml").err


def test_parameters_that_cannot_be_are_misuse(cli: Cli, roster: Path) -> None:
    (roster.parent / "mine.toml").write_text("[lns]\nleaders = 0\n", encoding="utf-8")
    ran = cli("solve", "roster.yaml", "--params", "mine.toml")
    assert ran.code == 2
    assert "mine.toml:2: lns.leaders: found 0, expected a whole number from 1" in ran.err


def test_options_that_are_not_given_are_the_solvers_own(cli: Cli, solver: Solver, roster: Path) -> None:
    assert cli("solve", "roster.yaml").code == 0
    assert solver.options == Options()


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90.0), ("90s", 90.0), ("1.5h", 5400.0), ("2 min", 120.0), ("0.5", 0.5)]
)
def test_times(cli: Cli, solver: Solver, roster: Path, text: str, seconds: float) -> None:
    assert cli("solve", "roster.yaml", "--time-limit", text).code == 0
    assert solver.options is not None
    assert solver.options.time_limit == seconds


@pytest.mark.parametrize(
    "words",
    [
        ("--time-limit", "soon"),
        ("--time-limit", "0"),
        ("--time-limit", "-5"),
        ("--time-limit", "3d"),
        ("--gap", "1"),
        ("--gap", "100%"),
        ("--gap", "-0.1"),
        ("--gap", "small"),
        ("--workers", "0"),
        ("--engine", "magic"),
        ("-o", "no/such/folder/plan.json"),
        ("-o", "."),
        ("-o", "roster.yaml"),
        ("-o", "curriculum.yaml"),
    ],
)
def test_impossible_options_are_refused_before_the_work(
    cli: Cli, solver: Solver, roster: Path, words: tuple[str, str]
) -> None:
    before = roster.read_bytes()
    ran = cli("solve", "roster.yaml", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert solver.options is None
    assert roster.read_bytes() == before


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (
            ContradictionError(["L1 is pinned to S1", "L1 is pinned to S2", "S1 and S2 share a day"]),
            3,
            "L1 is pinned to S2",
        ),
        (NoPlanError("no plan within 5 s"), 4, "no plan within 5 s"),
        (InterruptedSolveError("interrupted"), 130, "interrupted"),
        (KeyboardInterrupt(), 130, ""),
        (MemoryError("worker"), 2, "there is not enough memory"),
    ],
)
def test_a_failure_leaves_an_older_plan_as_it_was(
    cli: Cli, solver: Solver, roster: Path, failure: BaseException, code: int, said: str
) -> None:
    (roster.parent / "plan.json").write_text("older", encoding="utf-8")
    solver.fails = failure
    ran = cli("solve", "roster.yaml")
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert (roster.parent / "plan.json").read_text(encoding="utf-8") == "older"


def test_errors_in_the_roster_are_all_shown(cli: Cli, solver: Solver, roster: Path) -> None:
    text = roster.read_text(encoding="utf-8").replace("branch: HQ,", "branch: HX,")
    roster.write_text(text, encoding="utf-8")
    ran = cli("solve", "roster.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("unknown-reference") == 2
    assert ran.err.splitlines()[-1] == "2 errors in 1 file"
    assert solver.options is None


def test_a_plan_that_is_replaced_is_kept_beside_it(cli: Cli, solver: Solver, roster: Path) -> None:
    assert "plan.json~" not in cli("solve", "roster.yaml").err
    old = Path("plan.json").read_bytes()
    Path("plan.json").write_bytes(old + b"\n")
    ran = cli("solve", "roster.yaml")
    assert "plan.json was there already: it is replaced, and kept as plan.json~" in ran.err
    assert Path("plan.json~").read_bytes() == old + b"\n"
    assert Path("plan.json").read_bytes() == old


def test_a_plan_is_replaced_even_where_it_cannot_be_kept(cli: Cli, solver: Solver, roster: Path) -> None:
    """A name may have 255 bytes, and one with a ~ has one more."""
    output = Path("a" * 250 + ".json")
    output.write_text("older", encoding="utf-8")
    ran = cli("solve", "roster.yaml", "-q", "-o", str(output))
    assert ran.code == 0
    assert "is replaced, and can't be kept as" in ran.err
    assert read_plan(output).assignments


def test_warnings_are_shown_and_dont_stop(cli: Cli, solver: Solver, roster: Path) -> None:
    text = roster.read_text(encoding="utf-8").replace("], seats: 3}", "], seats: 3, quotas: {EAST: 9}}")
    roster.write_text(text, encoding="utf-8")
    ran = cli("solve", "roster.yaml")
    assert ran.code == 0
    assert "quota-above-seats" in ran.err
    assert cli("solve", "roster.yaml", "-q").err == ""


def test_progress_is_plain_lines_elsewhere_and_quiet_silences_it(
    cli: Cli, solver: Solver, roster: Path
) -> None:
    ran = cli("solve", "roster.yaml")
    assert ran.err == "   0.1 s  bound 1,300  presolve\n"
    assert cli("solve", "roster.yaml", "-q").err == ""


def test_the_plan_names_the_roster_from_its_own_folder(cli: Cli, solver: Solver, roster: Path) -> None:
    (roster.parent / "out").mkdir()
    assert cli("solve", "roster.yaml", "-o", "out/plan.json").code == 0
    assert read_plan(roster.parent / "out" / "plan.json").roster.path == "../roster.yaml"
    assert cli("check", "out/plan.json").code == 0


def test_a_plan_to_standard_output_leaves_it_to_the_plan(cli: Cli, solver: Solver, roster: Path) -> None:
    ran = cli("solve", "roster.yaml", "-o", "-")
    assert ran.code == 0
    (roster.parent / "piped.json").write_text(ran.out, encoding="utf-8")
    assert cli("check", "piped.json").code == 0
    assert "Coverage" in ran.err
    assert not (roster.parent / "-").exists()


@pytest.mark.parametrize(("rescued", "words"), [(True, "move it to plan.json"), (False, "the plan is lost")])
def test_a_full_disk_does_not_cost_the_plan(
    cli: Cli,
    solver: Solver,
    roster: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    rescued: bool,
    words: str,
) -> None:
    kept = solver.save

    def save(plan: Plan, path: Path) -> None:
        if not (rescued and path.parent.name.startswith("cadreplan-plan-")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        kept(plan, path)

    monkeypatch.setattr(solver, "save", save)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = cli("solve", "roster.yaml", "-q")
    assert ran.code == 2
    assert "plan.json can't be written: No space left on device" in ran.err
    assert words in ran.err
    places = list(tmp_path.glob("cadreplan-plan-*/plan.json"))
    assert len(places) == rescued
    assert all(read_plan(place).assignments for place in places)
