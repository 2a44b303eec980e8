"""`python -m tests.attack --seconds 3600`: all attacks in turn until the time is over, then the counts.

Exits with 1 if anything broke. The seed is printed; with the same one the same inputs are made again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from random import Random

from cadreplan.cli.init import WORKBOOK, example_files, example_workbook
from cadreplan.loading.load import load_roster
from tests.attack import forgeries, inputs, processes
from tests.attack.tally import Tally

ROOT = Path(__file__).resolve().parents[2]
ROSTER = ROOT / "examples" / "spring-rotation" / "roster.yaml"
_FIRST_SECONDS = 600
"""For the plan to begin with, on a busy machine too."""
FORGED_AT_A_TIME = 40
_TABLES = {
    "branches.csv": "id,name,parent,max_away\nHQ,总行,,3\nEAST,东城支行,HQ,1\nWEST,西城支行,HQ,2\n",
    "leaders.csv": (
        "编号,姓名,支部,岗位,技能水平,已修课程,unavailable,标签\n"
        "L1,林海燕,HQ,secretary,theory:2; ideals:2,,,性别:女\n"
        "L2,周明远,EAST,member,theory:1,T1; M1,2026-03-10..2026-03-27,性别:男\n"
        "L3,高晓峰,WEST,secretary,,,2026-04-20; 2026-04-21,\n"
    ),
}
KINDS = ("processes", "forgeries", "inputs")


def main() -> int:
    """Run the attacks; the exit code."""
    parser = argparse.ArgumentParser(prog="tests.attack")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", default=str(time.time_ns()))
    parser.add_argument("--only", nargs="+", choices=KINDS, default=KINDS, help="kinds that lack counts")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.seconds:g} seconds", flush=True)
    tally, rng = Tally(), Random(asked.seed)
    end = time.monotonic() + asked.seconds
    with processes.workshop() as folder:
        made = folder / "made.json"
        solver = processes.solve(ROSTER, made, _FIRST_SECONDS)
        _, words = solver.communicate()
        if solver.returncode:
            print(f"there is no plan to begin with: {words.decode(errors='replace')}")
            return 1
        plan = made.read_bytes()
        loaded = load_roster(ROSTER)
        documents = _documents(folder / "inputs", plan)
        step = 0
        while time.monotonic() < end:
            if "processes" in asked.only:
                attack = processes.ATTACKS[step % len(processes.ATTACKS)]
                attack(rng, ROSTER, plan, folder, tally)
            for _ in range(FORGED_AT_A_TIME if "forgeries" in asked.only else 0):
                forgeries.attack(rng, json.loads(plan), loaded, folder, tally)
            if "inputs" in asked.only:
                inputs.attack(f"{asked.seed}-{step}", documents, tally)
            step += 1
    print(tally.table())
    return 1 if tally.broken else 0


def _documents(folder: Path, plan: bytes) -> Path:
    """What is changed: the example of `init` as YAML, with a workbook, and with CSV tables; and a plan."""
    folder.mkdir()
    for name, text in example_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    tables = "\n".join(
        f"{table}: {WORKBOOK}#{table}" for table in ("sites", "branches", "sessions", "leaders")
    )
    head = "cadreplan: 1\nkind: roster\ncurriculum: curriculum.yaml\nhorizon: 2026-03-02..2026-04-24\n"
    (folder / "book-roster.yaml").write_text(f"{head}{tables}\n", encoding="utf-8")
    (folder / WORKBOOK).write_bytes(example_workbook())
    (folder / "table-roster.yaml").write_text(_with_tables(example_files()["roster.yaml"]), encoding="utf-8")
    for name, text in _TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "plan.json").write_bytes(plan)
    for path in folder.glob("*.schema.json"):
        path.unlink()
    return folder


def _with_tables(roster: str) -> str:
    """The same roster with its branches and leaders in CSV files."""
    kept, inside = [], False
    for line in roster.splitlines():
        key = line.partition(":")[0]
        if line[:1] not in ("", " ", "#", "-"):
            inside = f"{key}.csv" in _TABLES
            kept.append(f"{key}: {key}.csv" if inside else line)
        elif not inside:
            kept.append(line)
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    sys.exit(main())
