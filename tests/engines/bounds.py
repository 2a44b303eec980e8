"""Hold the `columns` engine against enumeration: `python -m tests.engines.bounds --draws 2000 --seed 1`.

Random small instances with every rule in play; each bound, plan and contradiction is compared with the proven
optimum. Prints what was found and ends with 1 where anything was wrong.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from hypothesis import HealthCheck, Phase, given, seed, settings

from cadreplan.engines.columns.params import Params, PartialParams
from cadreplan.engines.columns.solve import solve as design
from cadreplan.engines.columns.solve import solve_all as solve
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError, NoPlanError
from cadreplan.instance import Instance
from cadreplan.plan import Plan
from cadreplan.solving.options import SolveOptions
from cadreplan.solving.promises import promised
from cadreplan.solving.run import solve as solve_whole
from cadreplan.solving.session import Session
from cadreplan.verification.plans import check_plan
from cadreplan.verification.report import Report
from cadreplan.verification.rules import check
from tests.brute_force import optimum
from tests.engines.recorder import Recorder
from tests.strategies import cohorts, instances

_PARTS = Params(partial=PartialParams(many=1, repeats=0, first=2))
"""Parts of the candidates, however few there are."""


def crowded(instance: Instance) -> Instance:
    """The instance with every session but the first a candidate that needs somebody."""
    sessions = (
        replace(s, candidate=True, min_seats=max(1, s.min_seats)) if k else s
        for k, s in enumerate(instance.sessions)
    )
    return replace(instance, sessions=tuple(sessions))


def verdict(instance: Instance, workers: int, *, seasons: bool = False) -> str:
    """What became of one instance; what is wrong begins with WRONG."""
    if seasons:
        instance = crowded(instance)
    proven = optimum(instance)
    recorder = Recorder()
    options = EngineOptions(work_limit=0.5, workers=workers)
    try:
        if seasons:
            design(instance, replace(options, params=_PARTS), recorder)
        elif instance.mix or instance.ties:
            design(instance, options, recorder)
        else:
            solve(instance, options, recorder)
    except ContradictionError:
        return "contradiction proven" if proven is None else "WRONG: contradiction, but there is a plan"
    reports = [check(instance, solution) for solution in recorder.solutions]
    if not all(report.ok for report in reports):
        return "WRONG: a plan breaks rules"
    if proven is None:
        return "WRONG: a plan where there is none" if reports else "no plan, not proven"
    if min(recorder.bounds) < proven[0]:
        return "WRONG: a bound below the optimum"
    if not reports:
        return "no plan found"
    closed = "proven" if min(recorder.bounds) == proven[0] else "not proven"
    return f"optimum, {closed}" if reports[-1].terms.total == proven[0] else "below the optimum"


def verdict_of_guarantee(instance: Instance, engine: Literal["columns", "exact"], session: Session) -> str:
    """What became of an instance whose policy promises a seat to whoever waited once or more."""
    instance = replace(instance, policy=replace(instance.policy, guarantee=1))
    promises = promised(instance)
    assert promises is not None
    proven = optimum(promises.instance)
    options = SolveOptions(engine=engine, work_limit=0.5, workers=1, gap=0.0, price=True, programme=False)
    try:
        plan = solve_whole(instance, options, session=session)
    except ContradictionError:
        return "contradiction proven" if proven is None else "WRONG: contradiction, but there is a plan"
    except NoPlanError:
        return "no plan found"
    if proven is None or not check_plan(instance, plan).ok:
        return "WRONG: a plan that breaks rules, or where there is none"
    return _of_plan(plan, check(promises.instance, proven[1]), optimum_of(instance))


def _of_plan(plan: Plan, best: Report, free: int) -> str:
    """A plan beside the `best` one, and beside what the best is worth that is `free` of promises."""
    stated = plan.guarantee
    assert stated is not None
    assert stated.without_bound is not None
    assert best.left_out is not None
    wrong = {
        "WRONG: fewer left out than proven possible": stated.left_out < best.left_out,
        "WRONG: no fewer left out, it says, but there are": stated.least > best.left_out,
        "WRONG: a bound below the optimum": plan.solver.bound < best.terms.total,
        "WRONG: a bound without the guarantee below the optimum": stated.without_bound < free,
    }
    for what, is_so in wrong.items():
        if is_so:
            return what
    kept = "all promises kept" if best.left_out == 0 else "some left out"
    if stated.left_out > best.left_out:
        return f"{kept}: more left out than need be"
    if plan.solver.objective < best.terms.total:
        return f"{kept}: below the optimum"
    return f"{kept}: optimum, {'proven' if plan.solver.status == 'optimal' else 'not proven'}"


def optimum_of(instance: Instance) -> int:
    """The most that any plan is worth, by enumeration; there is one."""
    proven = optimum(instance)
    assert proven is not None
    return proven[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, compare, count."""
    parser = argparse.ArgumentParser(prog="python -m tests.engines.bounds", description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--leaders", type=int, default=5, help="at most")
    parser.add_argument("--sessions", type=int, default=6, help="at most")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seasons", action="store_true", help="candidates only, designed from parts of two")
    parser.add_argument("--cohorts", action="store_true", help="with tags, mix and ties")
    parser.add_argument(
        "--guarantee", choices=("columns", "exact"), help="with a guarantee, as whole solves by this engine"
    )
    chosen = parser.parse_args(arguments)
    drawn = cohorts if chosen.cohorts else instances
    counts: Counter[str] = Counter()

    @seed(chosen.seed)
    @settings(
        max_examples=chosen.draws,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn(max_leaders=chosen.leaders, max_sessions=chosen.sessions))
    def compare(instance: Instance) -> None:
        if chosen.guarantee:
            counts[verdict_of_guarantee(instance, chosen.guarantee, session)] += 1
        else:
            counts[verdict(instance, chosen.workers, seasons=chosen.seasons)] += 1

    with Session() as session:
        compare()
    for what, n in sorted(counts.items()):
        print(f"{n:6d}  {what}")
    return 1 if any(what.startswith("WRONG") for what in counts) else 0


if __name__ == "__main__":
    raise SystemExit(main())
