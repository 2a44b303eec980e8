"""Lots that work at a time: what each is asked, and what the client makes of what they bring (see `lots`)."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cadreplan.engines.columns.compiled.arrays import I32, I64
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.lots import Moved, Task, in_waves, part_of, rows_of, shares
from cadreplan.engines.columns.pricing.pricer import Pricer
from cadreplan.engines.columns.pricing.remote import as_bytes
from cadreplan.engines.columns.pricing.shards import Work

Exchange = Callable[[Draft, I32, I32], int]
"""Gives leaders columns in place of theirs, and says how many could have them."""


class Waves:
    """Has the leaders of one instance placed in lots."""

    def __init__(self, pricer: Pricer, exchange: Exchange, seed: int) -> None:
        lots = pricer.shards.lots
        assert lots is not None
        self._pricer, self._lots, self._exchange, self._seed = pricer, lots, exchange, seed
        self._turns = 0
        rows, branch = pricer.rows, pricer.compiled.leaders.branch
        self._rows_of = [rows_of(rows, branch[own]) for own in lots.who]
        """By lot, the rows that concern its leaders."""
        self._hard = np.asarray(rows.rhs < UNLIMITED // 2, np.bool_)
        """Rows of which nobody may use what another does: limits, and people beyond a session's minimum."""
        self._hard[rows.tallies.first :] &= rows.tallies.unit == 0

    def place(
        self,
        draft: Draft,
        order: I32,
        work: Work,
        task: Task,
        *,
        at_once: bool = False,
        stop: Callable[[], bool] | None = None,
    ) -> int:
        """Place leaders by `work` of their lots, all lots `at_once` or some at a time; how many moved."""
        turn = np.full(self._pricer.n, -1, np.int32)
        turn[order] = np.arange(len(order), dtype=np.int32)
        own: dict[int, I32] = {}
        for k, everybody in enumerate(self._lots.who):
            at = np.flatnonzero(turn[everybody] >= 0)
            if len(at):
                own[k] = at[np.argsort(turn[everybody[at]])].astype(np.int32)
        moved, side_by_side = 0, self._pricer.params.cluster.side_by_side
        for wave in in_waves(list(own), len(own) if at_once else side_by_side):
            if stop is not None and stop():
                break
            moved += self.wave(draft, {k: own[k] for k in wave}, work, task)[0]
        return moved

    def wave(self, draft: Draft, own: dict[int, I32], work: Work, task: Task) -> tuple[int, float]:
        """What `work` makes of lots at a time, of leaders at the places `own` in each, in this order: how
        many moved, and the work that it took."""
        lots = self._lots
        self._turns += 1
        task = replace(task, people=draft.people, seed=self._seed)
        who = {k: lots.who[k][at] for k, at in own.items()}
        share = shares(
            draft.left,
            self._hard,
            [self._rows_of[k] for k in own],
            [self._people(some) for some in who.values()],
            self._pricer.rows,
            np.random.default_rng([self._seed, self._turns]),
        )
        parts = {
            k: part_of(at, lots.places(draft.column[who[k]]), mine)
            for (k, at), mine in zip(own.items(), share, strict=True)
        }
        answers = lots.ask(work, as_bytes(task), parts)
        found: dict[int, Moved] = {k: pickle.loads(answers[k]) for k in own}
        lots.learn({k: one.content for k, one in found.items()})
        moved = 0
        for k, one in found.items():
            movers = who[k][one.who]
            moved += self._exchange(draft, movers, lots.numbers(movers, one.columns))
        return moved, sum(one.work for one in found.values())

    def _people(self, who: I32) -> I64:
        """How many these leaders are by branch, lower ones included, and in the last place in all."""
        rows, leaders = self._pricer.rows, self._pricer.compiled.leaders
        people = np.zeros(len(rows.parent) + 1, np.int64)
        np.add.at(people, leaders.branch[who], leaders.heads[who])
        people[-1] = people.sum()
        for b in rows.order[::-1]:
            if rows.parent[b] >= 0:
                people[rows.parent[b]] += people[b]
        return people
