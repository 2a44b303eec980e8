"""Choices searched by linear programmes: lean programmes are worth the same, and what is chosen is better."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.candidates import only
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.choices.modes import ChosenModes
from cadreplan.engines.columns.heuristics import choice_lns
from cadreplan.engines.columns.heuristics.candidate_diving import (
    CandidateDive,
    choose_again,
    dive_for_candidates,
)
from cadreplan.engines.columns.heuristics.choice_lns import ChoiceLns
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.pool import add_columns
from cadreplan.engines.columns.params import LnsParams, Params
from cadreplan.engines.columns.partial import restricted_instance as part
from cadreplan.engines.columns.partial.restricted_budget import share_budget
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.verification.rules import check
from tests.engines.recorder import Recorder


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def season(recorder: Recorder) -> part.RestrictedInstance:
    """A season of 60 leaders with all its candidates, outlined."""
    return _outlined(recorder)


def _outlined(recorder: Recorder, params: Params | None = None) -> part.RestrictedInstance:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    reduced = only(instance, iter(range(len(instance.sessions))))
    options = EngineOptions(gap=0.0, params=params)
    budget = share_budget(Budget(options, recorder), reduced, SimpleNamespace(best=None))
    whole = part.RestrictedInstance(reduced, budget, ThreadPool(1), np.random.default_rng(1))
    whole.outline(None, variable_bounds=False)
    return whole


def test_a_lean_programme_is_worth_as_much_and_uses_nothing_that_is_full(
    season: part.RestrictedInstance,
) -> None:
    rows, master = season.rows, season.master
    closed = np.flatnonzero(~rows.runs | ~rows.of_candidates).astype(np.int32)
    rhs = rows.rhs.astype(np.float64)
    found = {}
    for lean in (False, True):
        master.fix(season.all, rhs, closed, lean=lean)
        found[lean] = generate_columns(
            master, season.prices, season.budget, rounds=60, accuracy=1e-6, warm=0.01, exact=True
        )
    candidates = [s for s, session in enumerate(season.instance.sessions) if session.candidate]
    assert found[True].value == pytest.approx(found[False].value, rel=1e-5)
    assert len(found[True].fractional.matrix.points) < len(found[False].fractional.matrix.points)
    assert (found[True].fractional.use[candidates] == 0).all()


def test_the_same_choice_is_worth_the_same_and_a_free_one_no_less(season: part.RestrictedInstance) -> None:
    rows = season.rows
    season.design()
    draft = season.repair.draft
    assert draft is not None
    running = rows.running(np.asarray(draft.chosen[draft.chosen >= 0], np.int32))
    nobody, everybody = np.zeros(rows.n_blocks, np.bool_), np.ones(rows.n_blocks, np.bool_)

    def chosen(free: np.ndarray, floor: float = -np.inf):
        return choose_again(
            season.master,
            season.mode_model,
            season.all,
            running,
            free,
            season.prices,
            season.budget,
            floor=floor,
        )

    same = chosen(nobody)
    assert same is not None
    assert (rows.running(same.chosen_modes.chosen) == running).all()
    assert same.worth >= season.repair.worth * (1 - 1e-3)
    assert chosen(nobody, floor=same.worth * 1.01) is None
    better = chosen(everybody, floor=same.worth)
    assert better is None or better.worth > same.worth


def test_a_poor_choice_becomes_better(recorder: Recorder, season: part.RestrictedInstance) -> None:
    """Begun from a plan without any candidates, those that are worth it are opened."""
    season.first_plan()
    season.repair.draft = None
    rows = season.rows
    modes = season.mode_model.heaviest(np.where(rows.closed, 2.0, rows.mode_cap / (1.0 + rows.mode_cap)))
    assert modes is not None
    season.repair.worth = 0
    season.workspace.place(modes, season.prices)
    before = season.repair.worth
    assert season.repair.draft is not None
    assert not (season.repair.draft.running & season.repair.candidate).any()
    choices = ChoiceLns(season.master, season.mode_model, season.repair, season.prices)
    assert [choices.improve() for _ in range(30)].count(True)
    assert season.repair.worth > before
    assert (season.repair.draft.running & season.repair.candidate).any()
    assert all(check(season.instance, plan).ok for plan in recorder.solutions)


def test_once_choices_are_exhausted_candidates_are_chosen_again_with_some_leaders(recorder: Recorder) -> None:
    """Turn by turn: choices, all holders of some candidates and others, leaders alone."""
    season = _outlined(recorder, Params(lns=LnsParams(idle=0, candidate_leaders=30)))
    season.first_plan()
    worth = [season.repair.worth]
    for _ in range(12):
        better = season.improve()
        worth.append(season.repair.worth)
        assert better == (worth[-1] > worth[-2])
    assert worth == sorted(worth)
    assert worth[-1] > worth[0]
    assert sum(phase.startswith("choosing again: ") for phase in recorder.phases) >= 2
    assert all(check(season.instance, plan).ok for plan in recorder.solutions)
    assert max(check(season.instance, plan).value for plan in recorder.solutions) == worth[-1]


def test_going_nowhere_is_possible_however_many_columns_come(season: part.RestrictedInstance) -> None:
    """The first column of a leader is never given up: all others may use what is full."""
    pool, pricer, all_ = season.workspace.pool, season.pricer, season.all
    assert (pool.column[:, 0] == -1).all()
    rng = np.random.default_rng(7)
    for _ in range(12):
        prices = np.where(rng.random(season.rows.n) < 0.5, 0.0, 1e4 * rng.random(season.rows.n))
        pool.score[:, 0] = -1e30
        found = pricer.price(prices, wanted=12, subset=all_).found
        add_columns(pool, all_, found, pricer.compiled, pricer.stays, pricer.threads)
    assert pool.size.max() == pool.column.shape[1], "some have more columns than places"
    assert (pool.column[:, 0] == -1).all()


def test_a_dive_ends_at_the_step_after_which_closing_is_worth_most(season: part.RestrictedInstance) -> None:
    """Candidates that nobody needs, opened last, are not among those that run in the end."""

    def dive() -> CandidateDive:
        one = CandidateDive(
            season.master, season.mode_model, season.all, season.prices, season.budget, exact=False, rounds=4
        )
        one.take(one.settle())
        return one

    plain = dive()
    plain.open_all(0.5, 0, lambda: np.inf)
    plain.close()
    assert (plain.opened != plain.barred)[plain.candidate].all()
    forced = dive()
    forced.open_all(0.5, 0, lambda: np.inf)
    needless = np.flatnonzero(forced.candidate & ~forced.opened)[:6]
    forced.opened[needless] = True
    after = forced.settle()
    assert after.fractional.point.primal < plain.worth
    forced.take(after)
    forced.close()
    assert forced.worth == pytest.approx(plain.worth, rel=1e-3)
    assert not forced.opened[needless].any()
    nothing = dive()
    nothing.open_all(0.5, 0, lambda: np.inf)
    nothing.close(floor=plain.worth * 1.5)
    assert nothing.worth == plain.worth * 1.5


def test_a_dive_that_tries_on_its_way_ends_where_it_promises_no_more(
    season: part.RestrictedInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    dive = CandidateDive(
        season.master, season.mode_model, season.all, season.prices, season.budget, exact=False, rounds=4
    )
    dive.take(dive.settle())
    tried: list[np.ndarray] = []
    closing = dive._try_closing

    def better_than_any_promise(opened: np.ndarray) -> bool:
        before = dive.opened.copy(), dive.barred.copy()
        found = closing(opened)
        assert np.array_equal(before, (dive.opened, dive.barred))
        assert dive._closed is not None
        dive._closed = replace(dive._closed, worth=np.inf)
        tried.append(opened.copy())
        return found

    monkeypatch.setattr(dive, "_try_closing", better_than_any_promise)
    dive.params = replace(dive.params, candidate_little=1.0, candidate_enough=0.0)
    dive.open_all(0.5, 0, lambda: np.inf, trying=True)
    dive.close()
    assert len(tried) == 1
    assert np.array_equal(dive.opened, tried[0])
    assert (dive.opened != dive.barred)[dive.candidate].all()


def test_a_step_that_seems_to_lose_is_seen_again_with_the_limits_that_entered(
    season: part.RestrictedInstance,
) -> None:
    """The worth before was too high, as limits that it violates were not in."""

    def dive() -> CandidateDive:
        one = CandidateDive(
            season.master, season.mode_model, season.all, season.prices, season.budget, exact=False, rounds=4
        )
        one.take(one.settle())
        return one

    plain, misled = dive(), dive()
    before = plain.worth
    plain.open_all(0.5, 1, lambda: np.inf, steps=1)
    loss, error = max(0.0, before - plain.worth), abs(before)
    misled.worth += error
    misled.open_all(0.5, 1, lambda: loss + error / 2, trying=True, steps=1)
    assert np.array_equal(misled.opened, plain.opened)
    assert misled.opened.sum() > 1
    assert misled.worth == pytest.approx(plain.worth, rel=2e-2)


def test_a_choice_is_rounded_after_the_first_step_and_the_dive_goes_on_as_before(
    season: part.RestrictedInstance,
) -> None:
    told: list[tuple[ChosenModes, np.ndarray]] = []
    dive_for_candidates(
        season.master,
        season.mode_model,
        season.weight,
        season.prices,
        season.budget,
        quick=True,
        first=lambda modes, prices: told.append((modes, prices)),
    )
    assert len(told) == 1
    before = season.repair.worth
    season.workspace.place(*told[0])
    assert season.repair.draft is not None
    assert season.repair.worth > before
    dive = CandidateDive(
        season.master, season.mode_model, season.all, season.prices, season.budget, exact=False, rounds=4
    )
    dive.take(dive.settle())
    dive.open_all(0.5, 0, lambda: np.inf, steps=1)
    state = dive.opened.copy(), dive.barred.copy()
    rounded = dive.rounded()
    assert rounded is not None
    assert np.array_equal(state, (dive.opened, dive.barred))
    runs = season.rows.running(rounded.chosen) & dive.candidate
    assert runs[dive.opened].all()
    assert runs.sum() > dive.opened.sum()


def test_neighbourhoods_are_of_the_kind_that_brings_most_and_now_and_then_of_any(
    season: part.RestrictedInstance,
) -> None:
    season.design()
    choices = ChoiceLns(season.master, season.mode_model, season.repair, season.prices)
    candidates = set(choices.blocks.tolist())
    for effort in choices._efforts:
        effort.spent(1.0, 0.0)
    choices._efforts[3].spent(1.0, 50.0)
    drawn = [choices._neighbourhood() for _ in range(300)]
    by_kind = [sum(effort is kind for effort, _ in drawn) for kind in choices._efforts]
    assert min(by_kind) > 0
    assert by_kind[3] > sum(by_kind) / 2
    assert all(set(some.tolist()) <= candidates for _, some in drawn)


def test_a_plan_far_below_its_choice_is_made_anew_before_any_choice_is_better(
    season: part.RestrictedInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    season.design()
    repair = season.repair
    assert repair.draft is not None
    good = repair.worth
    repair.draft = repair.empty(np.asarray(repair.draft.chosen[repair.draft.chosen >= 0], np.int32))
    repair.worth = good // 2
    choices = ChoiceLns(season.master, season.mode_model, repair, season.prices)
    monkeypatch.setattr(
        choices, "_neighbourhood", lambda: (choices._efforts[0], np.zeros(0, np.int32))
    )  # nothing to choose
    assert choices.improve()
    assert repair.worth >= good * (1 - 5e-3)
    assert not choices.improve()


def test_where_rooms_are_never_found_nothing_is_better_and_nothing_breaks(
    season: part.RestrictedInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    season.design()
    choices = ChoiceLns(season.master, season.mode_model, season.repair, season.prices)
    monkeypatch.setattr(choice_lns, "choose_again", lambda *args, **kwargs: None)
    assert not any(choices.improve() for _ in range(12))
    assert all(effort.rate in (0.0, np.inf) for effort in choices._efforts)
