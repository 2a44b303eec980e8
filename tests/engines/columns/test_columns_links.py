"""Links between leaders and candidates: plans stay what they are, bounds come down."""

from __future__ import annotations

from contextlib import closing, suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.check import check
from cadreplan.engines.candidates import only
from cadreplan.engines.columns import season
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.jit import Crew
from cadreplan.engines.columns.links import linked
from cadreplan.engines.columns.part import Part, share_budget
from cadreplan.engines.columns.rows import build_rows
from cadreplan.engines.exact.engine import solve as solve_exactly
from cadreplan.engines.interface import EngineOptions
from cadreplan.errors import ContradictionError
from cadreplan.instance import (
    Branch,
    Instance,
    Leader,
    Module,
    Offering,
    Policy,
    Session,
    Site,
    Skill,
    SkillGap,
    Weights,
)
from cadreplan.solution import Solution
from tests.engines.recorder import Recorder
from tests.strategies import START, instances


class _Kept:
    best: Solution | None = None


@pytest.fixture(scope="module")
def instance() -> Instance:
    return draw(60, 20, 3, season=Season(4, 2, 6)).instance


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(instances(max_leaders=5, max_sessions=6))
def test_the_best_plan_is_a_plan_with_links_and_worth_the_same(instance: Instance) -> None:
    recorder = Recorder()
    with suppress(ContradictionError):
        solve_exactly(instance, EngineOptions(), recorder)
    for plan in recorder.solutions[-1:]:
        with_links = check(linked(instance), plan)
        assert with_links.ok
        assert with_links.terms == check(instance, plan).terms


def test_a_leader_has_a_link_to_every_candidate_they_can_attend(instance: Instance) -> None:
    rows = build_rows(linked(instance))
    first = len(instance.branches)
    links = rows.quota_branch >= first
    assert links.any()
    assert (rows.linked[rows.quota0 : rows.bed0][links]).all()
    of = set(zip(rows.quota_branch[links] - first, rows.quota_session[links], strict=True))
    candidates = {s for s, session in enumerate(instance.sessions) if session.candidate}
    assert {s for _, s in of} <= candidates
    recorder = Recorder()
    season.solve(instance, EngineOptions(work_limit=0.5, gap=0.05), recorder, many=1, first=20)
    attended = {
        (i, s) for i, chosen in enumerate(recorder.solutions[-1].chosen) for s in chosen if s in candidates
    }
    assert attended
    assert attended <= of


def test_a_candidate_that_does_not_run_has_no_quota_either(instance: Instance) -> None:
    rows = build_rows(linked(instance))
    shut = np.zeros(len(rows.cfg_points))
    first_ways = rows.block_ptr[:-1]
    shut[first_ways[rows.cfg_size[first_ways] == -2]] = 1
    assert (rows.rhs - rows.use_of(shut))[rows.linked].max() == 0
    runs = np.zeros(len(rows.cfg_points))
    runs[rows.block_ptr[1:] - 1] = 1
    left = (rows.rhs - rows.use_of(runs))[rows.quota0 : rows.bed0]
    first = len(instance.branches)
    links = rows.quota_branch >= first
    heads = [instance.leaders[int(b) - first].headcount for b in rows.quota_branch[links]]
    assert left[links].tolist() == heads


def test_links_bring_the_bound_down_to_the_optimum() -> None:
    """Four gaps of 10,000 points, and a class of twenty for 30,000: a fifth of it would be worth 34,000."""
    instance = _one_skill(4, Session("A", 0, (0,), (0,), seats=20, candidate=True, cost=30_000))
    assert _bound(instance, links=False) == pytest.approx(34_000, abs=100)
    assert _bound(instance, links=True) == pytest.approx(10_000, abs=100)


def test_a_run_more_is_not_to_be_had_for_less_than_a_full_class() -> None:
    """Forty gaps of 10,000 points, classes of twenty, one run: a second would be worth 200,000."""
    classes = (Session(id_, 0, (0,), (0,), seats=20, candidate=True, offering=0) for id_ in "AB")
    instance = _one_skill(40, *classes)
    assert _bound(instance, links=True) == pytest.approx(200_000, abs=1_000)


def _one_skill(n: int, *sessions: Session) -> Instance:
    """So many leaders who each lack one skill, worth 10,000 points, which these sessions teach."""
    gaps = (SkillGap(0, 1, 1),)
    return Instance(
        title="one skill",
        start=START,
        n_days=10,
        abilities=(),
        skills=(Skill("K", "K", 0, 1),),
        modules=(Module("M", "M", 4, "lecture", "lecture", True, ((0, 1),)),),
        roles=(),
        sites=(Site("P", "P", "base"),),
        branches=(Branch("B", "B", None, (0,)),),
        sessions=sessions,
        offerings=(Offering("O", 1),),
        lecturers=(),
        leaders=tuple(Leader(f"L{i}", "", 0, gaps=gaps) for i in range(n)),
        policy=Policy(weights=Weights(gap=10_000, km=0, day=0, open=1)),
    )


def _bound(instance: Instance, *, links: bool) -> int:
    whole = Budget(EngineOptions(), Recorder())
    reduced = only(linked(instance), iter(range(len(instance.sessions))))
    with closing(Crew(1)) as crew:
        part = Part(reduced, share_budget(whole, reduced, _Kept()), crew, np.random.default_rng(1))
        part.outline(None, links=links)
    return part.bound
