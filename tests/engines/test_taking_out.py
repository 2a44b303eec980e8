"""Plans that break ties and `mix` are mended by taking people out, and by nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.draw import draw as draw_roster
from benchmarks.roster.state import Season
from cadreplan.engines.taking_out import mend
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.rules import check
from tests.draws import examples
from tests.strategies import cohorts, with_cohorts

_MENDED_TOO = {"candidate"}
"""Rules besides ties and `mix` that a plan to be mended may break: a candidate closes whose people left."""


def _filled(instance: Instance, rng: Random) -> Solution | None:
    """People in sessions as they come, nobody tied and nothing to be mixed; None where there is no plan."""
    loose = replace(instance, mix=(), ties=())
    plan = bare_solution(loose)
    if plan is None:
        return None
    for s in rng.sample(range(len(instance.sessions)), len(instance.sessions)):
        if instance.sessions[s].candidate and s not in plan.running:
            rooms = range(len(instance.sites[instance.sessions[s].site].rooms or ())) or (None,)
            opened = (
                Solution(plan.chosen, plan.running | {s}, plan.rooms | ({} if r is None else {s: r}))
                for r in rooms
            )
            plan = next((one for one in opened if _fits(loose, one)), plan)
        for i in rng.sample(range(len(plan.chosen)), len(plan.chosen)):
            own = tuple(sorted({*plan.chosen[i], s}))
            fuller = replace(plan, chosen=(*plan.chosen[:i], own, *plan.chosen[i + 1 :]))
            plan = fuller if _fits(loose, fuller) else plan
    return plan


def _fits(instance: Instance, plan: Solution) -> bool:
    return {violation.rule for violation in check(instance, plan).violations} <= _MENDED_TOO


@st.composite
def rosters(draw: st.DrawFn) -> Instance:
    """A drawn roster small enough to be filled pair by pair, with ties and `mix`."""
    season = Season(2, 1, 4) if draw(st.booleans()) else None
    return with_cohorts(draw, draw_roster(16, 6, draw(st.integers(0, 40)), season=season).instance)


def test_a_mended_plan_keeps_all_rules_and_holds_nothing_new() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=examples(400), deadline=None, suppress_health_check=list(HealthCheck))
    @given(cohorts(max_leaders=8, max_sessions=6) | rosters(), st.randoms(use_true_random=False))
    def hold(instance: Instance, rng: Random) -> None:
        before = _filled(instance, rng)
        if before is None:
            return
        after = mend(instance, before)
        broken = {violation.rule for violation in check(instance, before).violations}
        seen.update(broken)
        if after is None:  # only pins, and what has begun, can't be taken back
            assert any(one.pinned for one in instance.leaders) or any(s.frozen for s in instance.sessions)
            return
        assert check(instance, after).ok
        assert all(set(own) <= set(was) for own, was in zip(after.chosen, before.chosen, strict=True))
        assert after.running <= before.running
        assert (after == before) == (not broken)

    hold()
    assert min(seen["ties"], seen["mix"], seen["candidate"]) > 3, seen
