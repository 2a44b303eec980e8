"""Run the methods side by side and write the page and the picture.

python -m benchmarks.run --set small                       what `make bench` does
python -m benchmarks.run --set full -o docs/performance.md     what `make bench-full` does
python -m benchmarks.run --set leaders --methods columns   how time grows with the number of leaders
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import documents, exports, picture, reading, report
from benchmarks.cases import SETS, Case, Contest
from benchmarks.draw import Drawn
from benchmarks.measure import Run, run
from benchmarks.methods import METHODS, Limits, Method
from benchmarks.outcomes import Outcome
from benchmarks.roster.files import write
from benchmarks.rosters import load
from cadreplan.documents.writing import write_atomically
from cadreplan.instance import Instance

_ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 1 where a plan broke a rule or an engine of this project found none."""
    given = _parser().parse_args(arguments)
    cases = [case for case in SETS[given.set] if not given.cases or case.id in given.cases]
    given.work.mkdir(parents=True, exist_ok=True)
    store = Store(given.work, seed=given.seed, workers=given.workers)
    known = store.read() if given.resume else []
    outcomes: list[Outcome] = []
    for case in cases:
        done = [o for o in known if o.case == case.id and o.method in case.methods]
        methods = [METHODS[m] for m in case.methods if not given.methods or m in given.methods]
        missing = [m for m in methods if all(o.method != m.id for o in done)]
        if missing:
            done += run_case(case, missing, given.work, workers=given.workers, seed=given.seed)
        outcomes += sorted(done, key=lambda o: case.methods.index(o.method))
        store.write([*(o for o in known if all(o.case != one.case for one in outcomes)), *outcomes])
    given.output.parent.mkdir(parents=True, exist_ok=True)
    image = given.output.with_suffix(".svg")
    picture.draw(cases, outcomes, image)
    command = "python -m benchmarks.run " + " ".join(sys.argv[1:] if arguments is None else arguments)
    text = report.page(
        cases,
        outcomes,
        command=command,
        seed=given.seed,
        workers=given.workers,
        picture=image.name,
        reading=reading.table(given.work) if given.reading else [],
        exports=exports.table(given.work) if given.exports else [],
    )
    given.output.write_text(text, encoding="utf-8")
    print(given.output)
    return int(any(o.violations or (o.objective is None and o.method in report.OWN) for o in outcomes))


class Store:
    """The outcomes of a folder, kept from run to run with the same settings."""

    def __init__(self, work: Path, **settings: int) -> None:
        self.path = work / "outcomes.json"
        self.settings = settings

    def read(self) -> list[Outcome]:
        """What earlier runs found; nothing where there were none, with other settings, or in another form."""
        try:
            stated = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return []
        if not isinstance(stated, dict) or stated.get("settings") != self.settings:
            return []
        return [Outcome.from_json(one) for one in stated["outcomes"]]

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Keep these and nothing else."""
        stated = {"settings": self.settings, "outcomes": [outcome.to_json() for outcome in outcomes]}
        write_atomically(self.path, json.dumps(stated, indent=1).encode())


def run_case(case: Case, methods: Sequence[Method], work: Path, *, workers: int, seed: int) -> list[Outcome]:
    """Write the case's roster and run the methods on it."""
    folder = work / case.id
    roster = write_exactly(case.make(seed), folder)
    return run_methods(case, methods, roster, folder, Limits(case.seconds, workers, case.gap, seed))


def write_exactly(drawn: Drawn, folder: Path) -> Path:
    """Write a roster and see that it reads as it was drawn."""
    roster = write(drawn, folder)
    if load(roster) != drawn.instance:
        raise AssertionError(f"{roster} does not read as the instance it was written from")
    return roster


def run_methods(
    case: Contest, methods: Sequence[Method], roster: Path, folder: Path, limits: Limits
) -> list[Outcome]:
    """Run the methods one after another, verify what they found, leave plans and logs in a folder."""
    instance = load(roster)
    outcomes: list[Outcome] = []
    for method in methods:
        if method.most_leaders is not None and case.leaders > method.most_leaders:
            continue
        outcome = run_method(case, method, roster, folder, limits, instance)
        outcomes.append(outcome)
        objective = "no plan" if outcome.objective is None else f"{outcome.objective:,}"
        print(f"{case.id:>14} {method.id:>10} {objective:>15} {outcome.seconds:8.1f} s", flush=True)
    return outcomes


def run_method(
    case: Contest, method: Method, roster: Path, folder: Path, limits: Limits, instance: Instance
) -> Outcome:
    """Run one method in a process of its own and verify its result."""
    output = folder / f"{method.id}.json"
    output.unlink(missing_ok=True)
    ran = run(
        method.command(roster, output, limits),
        limit=1.5 * limits.seconds + limits.grace,
        environment={"PYTHONPATH": os.pathsep.join((str(_ROOT), os.environ.get("PYTHONPATH", "")))},
    )
    (folder / f"{method.id}.log").write_text(
        "".join(f"{seconds:.2f} {line}\n" for seconds, line in ran.lines), encoding="utf-8"
    )
    trace = tuple(
        (seconds, *progress) for seconds, line in ran.lines if (progress := method.progress(line)) is not None
    )
    if not output.exists():
        return Outcome(case.id, method.id, None, None, 0, ran.seconds, ran.peak_mb, _why(ran), trace)
    verdict = documents.verify(output, instance)
    return Outcome(
        case.id,
        method.id,
        verdict.objective,
        verdict.bound if method.proves else None,
        verdict.violations,
        ran.seconds,
        ran.peak_mb,
        _note(ran),
        trace,
    )


def _note(ran: Run) -> str:
    notes = [json.loads(line)["note"] for _, line in ran.lines if line.startswith('{"note"')]
    return "; ".join(notes)


def _why(ran: Run) -> str:
    last = ran.lines[-1][1] if ran.lines else ""
    return f"stopped at the time limit of the run: {last}" if ran.killed else f"exit {ran.returncode}: {last}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--set", choices=tuple(SETS), default="small", help="which cases (default small)")
    parser.add_argument("--cases", nargs="+", metavar="ID", help="only these of the set, as 1000x150")
    parser.add_argument("--methods", nargs="+", choices=tuple(METHODS), help="only these methods")
    parser.add_argument("--seed", type=int, default=2026, help="seed of all rosters (default 2026)")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--work", type=Path, default=Path("build/bench"), help="rosters, plans and logs")
    parser.add_argument(
        "--resume", action="store_true", help="keep what earlier runs found in --work with this seed"
    )
    parser.add_argument("--reading", action="store_true", help="time reading and validating too")
    parser.add_argument("--exports", action="store_true", help="time exports too")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/bench/performance.md"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
