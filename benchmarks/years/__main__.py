"""The study of five years: `python -m benchmarks.years --out FOLDER`.

    python -m benchmarks.years --leaders 200 --work 2 --seasons 4 --out small                  # small
    python -m benchmarks.years --work 10 --out years -o docs/years-study.md      # as in docs
    python -m benchmarks.years --work 10 --out years --only wait                    # a part, beside others

With `--work` in place of `--seconds` and one worker a plan is the same on any machine, however busy it is.

Every season of every policy has a folder with its roster, plan, results and history, and `measured.json` when
it is done: a run that was interrupted goes on where it ended. All policies meet the same people, changes,
sessions and absences; they part by whom their plans seat.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.years import report
from benchmarks.years.season import Measured, Policy, prepare, run

WAIT = 2000
"""Points for the square of rotations waited and one: a fifth of a skill gap of weight 1 at first."""
NORM = 100
"""Points for an hour, or a session, missing to a norm: 56 hours are worth half a skill gap of weight 1."""


def policies(wait: int, guarantee: int, norm: int) -> tuple[Policy, ...]:
    """What is compared."""
    return (
        Policy("priority", "{}", step=1),
        Policy("wait", f"{{weights: {{wait: {wait}}}}}", step=0),
        Policy("guarantee", f"{{weights: {{wait: {wait}}}, guarantee: {guarantee}}}", step=0),
        Policy("norms", f"{{weights: {{wait: {wait}, norm: {norm}}}, guarantee: {guarantee}}}", step=0),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what hasn't been run yet, and write the table and the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.years", description=__doc__)
    parser.add_argument("--leaders", type=int, default=2000)
    parser.add_argument("--seasons", type=int, default=10)
    parser.add_argument("--share", type=float, default=0.45, help="seats of a season for each leader")
    limit = parser.add_mutually_exclusive_group(required=True)
    limit.add_argument("--seconds", type=float, help="time limit of each plan")
    limit.add_argument("--work", type=float, help="work limit of each plan")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wait", type=int, default=WAIT)
    parser.add_argument("--guarantee", type=int, default=1)
    parser.add_argument("--norm", type=int, default=NORM)
    parser.add_argument("--only", action="append", help="a policy to run; others are left as they are")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs")
    parser.add_argument("-o", "--output", type=Path, help="page to write; its picture lies beside it")
    options = parser.parse_args(arguments)
    said = {key: value for key, value in vars(options).items() if key not in ("out", "output", "only")}
    _same_study(options.out, said)
    measured: dict[str, list[Measured]] = {}
    for policy in policies(options.wait, options.guarantee, options.norm):
        if options.only and policy.name not in options.only:
            continue
        measured[policy.name] = []
        for season in range(options.seasons):
            folder = options.out / policy.name / f"{season:02}"
            before = measured[policy.name][-1] if season else None
            done = folder / "measured.json"
            if done.exists():
                measured[policy.name].append(Measured(**json.loads(done.read_text(encoding="utf-8"))))
                continue
            if season == 0:
                prepare(folder, policy, options.leaders, options.seed, options.share)
            one = run(
                folder,
                season,
                policy,
                before,
                leaders=options.leaders,
                seed=options.seed,
                share=options.share,
                seconds=options.seconds,
                work=options.work,
                workers=options.workers,
                last=season == options.seasons - 1,
            )
            done.write_text(json.dumps(asdict(one)), encoding="utf-8")
            measured[policy.name].append(one)
            print(report.line(policy.name, one), flush=True)
    table = report.table(measured)
    print(table)
    if options.output is not None:
        picture = options.output.with_suffix(".svg")
        report.draw(measured, picture)
        options.output.write_text(report.page(table, picture.name, said), encoding="utf-8")
    return 0


def _same_study(folder: Path, said: dict[str, object]) -> None:
    """Refuse to go on with a study that was begun with other numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.json"
    if path.exists() and (known := json.loads(path.read_text(encoding="utf-8"))) != said:
        raise SystemExit(f"{folder} has a study with other numbers: {known}")
    path.write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
