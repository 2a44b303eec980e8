"""Columns of one part of a season in another: the same sessions and journeys, whatever their numbers."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from benchmarks.draw import draw
from benchmarks.roster.state import Season
from cadreplan.engines.candidates import only
from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.partial.column_transfer import transferred
from cadreplan.engines.columns.partial.restricted_budget import Best, share_budget
from cadreplan.engines.columns.partial.restricted_instance import RestrictedInstance
from cadreplan.engines.columns.partial.variable_bounds import with_variable_bounds
from cadreplan.engines.columns.pricing.completion_bounds import NOTHING
from cadreplan.engines.columns.thread_pool import ThreadPool
from cadreplan.engines.interface import EngineOptions
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from tests.engines.recorder import Recorder


class Keeper(Best):
    best: Solution | None = None


def _part(
    instance: Instance, kept: list[int], threads: ThreadPool
) -> tuple[RestrictedInstance, tuple[int, ...]]:
    reduced = only(instance, iter(kept))
    budget = share_budget(Budget(EngineOptions(work_limit=5.0), Recorder()), reduced, Keeper())
    return RestrictedInstance(reduced, budget, threads, np.random.default_rng(1)), reduced.kept


def _plan(
    part: RestrictedInstance, kept: tuple[int, ...], column: np.ndarray
) -> tuple[list[int], list[tuple[int, int]]]:
    stays, sessions, trips = part.workspace.pricer.stays, [], []
    for j in column[column >= 0]:
        sessions += [kept[s] for s in stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]]]
        for q in range(stays.trip_ptr[j], stays.trip_ptr[j + 1]):
            trips.append((int(stays.trip_first[q]), int(stays.trip_last[q])))
    return sorted(sessions), sorted(trips)


def test_columns_of_a_part_are_the_same_plans_in_another() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    some = [s for s, session in enumerate(instance.sessions) if not session.candidate or s % 3]
    others = [s for s, session in enumerate(instance.sessions) if not session.candidate or s % 2]
    with closing(ThreadPool(1)) as threads:
        part, kept = _part(instance, some, threads)
        part.outline(None, rough=True)
        into, there = _part(with_variable_bounds(instance), others, threads)
        columns = transferred(part, kept, into.pricer, there)
    arrived = 0
    for i in range(part.n):
        for k in range(part.workspace.pool.column.shape[1]):
            if columns[i, k, 0] == NOTHING:
                continue
            assert k < part.workspace.pool.size[i]
            before = _plan(part, kept, part.workspace.pool.column[i, k])
            assert _plan(into, there, columns[i, k]) == before
            arrived += len(before[0]) > 0
    assert arrived > part.n


def test_the_best_columns_arrive_where_their_sessions_are() -> None:
    instance = draw(60, 20, 3, season=Season(4, 2, 6)).instance
    everything = list(range(len(instance.sessions)))
    with closing(ThreadPool(1)) as threads:
        part, kept = _part(instance, everything, threads)
        part.outline(None, rough=True)
        into, there = _part(instance, everything, threads)
        columns = transferred(part, kept, into.pricer, there)
    assert (columns[:, :, 0] != NOTHING).any(axis=1).all()
    assert part.result is not None
    least = part.result.upper
    worth = np.max(
        [
            into.pricer.worth(columns[:, k], part.result.prices) * (columns[:, k, 0] != NOTHING)
            - (1 << 60) * (columns[:, k, 0] == NOTHING)
            for k in range(columns.shape[1])
        ],
        axis=0,
    )
    assert (worth >= least - 1024).mean() > 0.9
