"""Running the command line in this process or another, and a plan to run it on."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from cadreplan.cli.main import run
from cadreplan.instance import Instance
from cadreplan.loading.load import LoadedRoster, load_roster
from cadreplan.plan import OpenGap, Plan, PlannedSession, RosterRef, SolverInfo, relative_gap
from cadreplan.solution import Solution
from cadreplan.verification.report import Report
from cadreplan.verification.rules import check


@dataclass(frozen=True)
class Ran:
    """What a run left: exit code and both streams."""

    code: int
    out: str
    err: str


class Cli:
    """The command line in this process, in a folder of its own, on a console of 100 cells without colour."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Ran:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            run(arguments)
        streams = self._capsys.readouterr()
        return Ran(int(left.value.code or 0), streams.out, streams.err)


def apart(
    *arguments: str, folder: Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """The command line in a process of its own, as bytes."""
    return subprocess.run(
        [sys.executable, "-m", "cadreplan", *arguments],
        cwd=folder,
        input=stdin,
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )


def some_plan(loaded: LoadedRoster) -> Plan:
    """A plan that keeps all rules: every leader takes what still fits."""
    instance = loaded.instance
    chosen: list[tuple[int, ...]] = [() for _ in instance.leaders]
    rooms = _rooms(instance)
    for i in range(len(instance.leaders)):
        for s, session in enumerate(instance.sessions):
            wider = [*chosen]
            wider[i] = (*chosen[i], s)
            if not session.candidate and check(instance, Solution(tuple(wider), frozenset(), rooms)).ok:
                chosen = wider
    decided = Solution(tuple(chosen), frozenset(), rooms)
    return _document(loaded, decided, check(instance, decided))


def _rooms(instance: Instance) -> dict[int, int]:
    return {
        s: max(range(len(rooms)), key=lambda r: rooms[r].seats)
        for s, session in enumerate(instance.sessions)
        if (rooms := instance.sites[session.site].rooms) and not session.candidate
    }


def _document(loaded: LoadedRoster, decided: Solution, report: Report) -> Plan:
    instance, worth = loaded.instance, report.terms.total
    open_gaps = [
        OpenGap(
            leader.id, instance.skills[gap.skill].id, "seats", "no session that teaches it has a seat left"
        )
        for leader, chosen in zip(instance.leaders, decided.chosen, strict=True)
        for gap in leader.gaps
        if not any(instance.levels_taught[s].get(gap.skill, -1) >= gap.level for s in chosen)
    ]
    sessions = []
    for s, session in enumerate(instance.sessions):
        rooms = instance.sites[session.site].rooms
        room = rooms[decided.rooms[s]].id if rooms and s in decided.rooms else None
        sessions.append(PlannedSession(session.id, decided.runs(instance, s), room))
    return Plan(
        RosterRef(loaded.path.name, loaded.sha256, dict(loaded.files)),
        SolverInfo("exact", "feasible", worth, worth + 100, relative_gap(worth, worth + 100), 1.5, 0, 1, "0"),
        report.terms,
        tuple(
            sorted(
                (instance.leaders[i].id, instance.sessions[s].id)
                for i, chosen in enumerate(decided.chosen)
                for s in chosen
            )
        ),
        tuple(sorted(sessions, key=lambda entry: entry.id)),
        tuple(open_gaps),
    )


def example(folder: Path) -> Path:
    """The example of `init` in `folder` with a plan; the path of the plan."""
    from cadreplan.cli.init import example_files

    for name, text in example_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    plan = some_plan(load_roster(folder / "roster.yaml"))
    path = folder / "plan.json"
    path.write_text(plan.to_json(), encoding="utf-8")
    return path
