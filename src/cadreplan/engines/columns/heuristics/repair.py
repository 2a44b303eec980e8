"""From a draft to a plan that keeps all rules: pins, candidates' minimum, single leaders improved."""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.budget import Budget
from cadreplan.engines.columns.compiled.arrays import I32, Bools
from cadreplan.engines.columns.compiled.lists import inside
from cadreplan.engines.columns.compiled.rows import UNLIMITED
from cadreplan.engines.columns.compiled.tallies import LEAVE
from cadreplan.engines.columns.heuristics.draft import Draft
from cadreplan.engines.columns.heuristics.placing import Placer
from cadreplan.instance import Instance
from cadreplan.solution import Solution

_PIN_ROUNDS = 20
"""Times that others leave for pinned leaders who found no place."""
_POLISH_ROUNDS = 4
"""Times that all leaders of a fresh draft are placed again, if anybody moves."""


class Repair:
    """Finishes drafts; holds the one being worked on, its worth in points and its rooms."""

    def __init__(self, instance: Instance, placer: Placer, budget: Budget, rng: np.random.Generator) -> None:
        self.instance, self.placer, self.budget, self.rng = instance, placer, budget, rng
        self.pricer, self.rows = placer.pricer, placer.pricer.rows
        self.candidate = np.array([s.candidate for s in instance.sessions], np.bool_)
        self.minimum = np.array([s.min_seats for s in instance.sessions], np.int64)
        self.pinned_to = {s for leader in instance.leaders for s in leader.pinned}
        self._has_pins = self.pricer.stays.n_pins > 0
        self._promise = np.array([leader.promise for leader in instance.leaders], np.int64)
        self._zero = np.zeros(self.rows.n)
        of_running = np.array([tally.run > 0 for tally in instance.tallies], np.bool_)
        self._of_running = of_running[self.rows.tallies.tally]
        self.draft: Draft | None = None
        self.worth = 0
        self.rooms: dict[int, int] = {}

    def empty(self, chosen: I32) -> Draft:
        """A draft in which nobody goes anywhere, with these choices."""
        underfill = self.instance.policy.weights.underfill
        return self.placer.empty(chosen, self.minimum, underfill, self.candidate)

    def order(self) -> I32:
        """All leaders in random order, those with pins first."""
        return self._pinned_first(self.rng.permutation(self.pricer.n).astype(np.int32))

    def _pinned_first(self, who: I32) -> I32:
        """These leaders, those with pins first."""
        pins = self._has_pins[who]
        return np.concatenate((who[pins], who[~pins]))

    def finish(self, draft: Draft, rooms: dict[int, int], *, fresh: bool) -> bool:
        """Repair, improve leader by leader, report if it is the best plan so far; whether it is better.

        The draft is worked on from now on if it is not worse than the one worked on before. A `fresh` one
        still lacks all mending.
        """
        rooms = dict(rooms)
        if fresh:
            self._place_pinned(draft)
            self._close_candidates(draft, rooms)
        for _ in range(_POLISH_ROUNDS if fresh else 0):
            moved = self.placer.replace(draft, self.order(), self._zero, stop=self.budget.stop)
            if not moved or self.budget.stop():
                break
        self._close_candidates(draft, rooms)
        if fresh and (self._has_pins & (draft.column[:, 0] < 0)).any():  # they attended what has closed
            self._place_pinned(draft)
            self._close_candidates(draft, rooms)
        if self._leave_for_mix(draft):
            self._close_candidates(draft, rooms)
        if not self._valid(draft):
            return False
        objective = self.placer.objective(draft)
        better = self.draft is None or objective > self.worth
        if better or objective == self.worth:
            self.draft, self.rooms, self.worth = draft, rooms, objective
        if self.budget.best_objective is None or objective > self.budget.best_objective:
            charge = int(self._promise[draft.column[:, 0] < 0].sum())
            self.budget.solution(self._solution(draft, rooms), objective, charge)
        return better

    def _place_pinned(self, draft: Draft) -> None:
        """Make room for pinned leaders who found none: others leave, and come back where they can."""
        for _ in range(_PIN_ROUNDS):
            missing = np.flatnonzero(self._has_pins & (draft.column[:, 0] < 0)).astype(np.int32)
            if not len(missing):
                return
            out = set(self.rng.permutation(self.pricer.n)[: self.pricer.n // 10].tolist())
            wanted = np.zeros(self.rows.n_sessions, np.bool_)
            wanted[[s for i in missing for s in self.instance.leaders[int(i)].pinned]] = True
            out.update(self.holders(draft, wanted).tolist())
            others = np.array(sorted(out - set(missing.tolist())), np.int32)
            self.placer.take(draft, others)
            self.placer.replace(draft, missing, self._zero)
            pinned = self._has_pins[others]
            self.placer.replace_here(draft, others[pinned], self._zero)
            self.placer.replace(draft, others[~pinned], self._zero)

    def _leave_for_mix(self, draft: Draft) -> bool:
        """Where a class may not be as it is, those leave of whom there are too many; whether anybody did."""
        tallies = self.rows.tallies
        hard = np.flatnonzero((tallies.unit > 0) & (tallies.price >= LEAVE))
        branch = self.pricer.compiled.leaders.branch
        left = False
        for _ in range(len(self._promise)):
            broken = hard[draft.left[tallies.first + hard] < 0]
            some = np.zeros(0, np.int32)
            for k in broken:
                s = int(tallies.session[k])
                members, weight = tallies.members[tallies.tally[k]]
                there = self._holders(draft, s)
                some = there[np.isin(branch[there], members[weight > 0])]
                some = np.array([i for i in some if s not in self.instance.leaders[i].pinned], np.int32)
                if len(some):
                    break
            if not len(some):
                break
            left = True
            one = self.rng.choice(some, 1)
            self.placer.take(draft, one)
            self.placer.replace(draft, one, self._zero)
        return left

    def _close_candidates(self, draft: Draft, rooms: dict[int, int]) -> None:
        """Candidates short of their minimum do not run, nor do empty ones that cost something.

        Nor do those in which too few have what they should have.
        """
        rows, tallies = self.rows, self.rows.tallies
        short = (draft.left[tallies.first :] < 0) & (tallies.price >= LEAVE) & self._of_running
        lacking = set(tallies.session[short].tolist())
        for b in rows.choices:
            k, s = int(draft.chosen[b]), int(rows.block_session[b])
            if not draft.running[s] or not self.candidate[s] or s in self.pinned_to:
                continue
            if draft.people[s] >= max(1, self.minimum[s]) and s not in lacking:
                continue
            holders = self._holders(draft, s)
            self.placer.take(draft, holders)
            lo, hi = rows.mode_ptr[k], rows.mode_ptr[k + 1]
            np.add.at(draft.left, rows.mode_row[lo:hi], rows.mode_coef[lo:hi])
            draft.chosen[b] = rows.block_ptr[b]
            draft.running[s] = False
            draft.reward[s] = 0
            rooms.pop(s, None)
            self.placer.replace(draft, self._pinned_first(holders), self._zero)

    def _holders(self, draft: Draft, session: int) -> I32:
        sessions = np.zeros(self.rows.n_sessions, np.bool_)
        sessions[session] = True
        return self.holders(draft, sessions)

    def holders(self, draft: Draft, sessions: Bools) -> I32:
        """Leaders with a stay that has one of the sessions."""
        stays = self.pricer.stays
        who, place = np.nonzero(draft.column >= 0)
        held = draft.column[who, place]
        size = stays.sess_ptr[held + 1] - stays.sess_ptr[held]
        has = sessions[stays.sess[inside(stays.sess_ptr[held], size)]]
        return np.unique(np.repeat(who, size)[has]).astype(np.int32)

    def _valid(self, draft: Draft) -> bool:
        rows, m = self.rows, self.rows.n_sessions
        limited = rows.rhs < UNLIMITED // 2
        limited[m : 2 * m] = False
        tallies = rows.tallies
        limited[tallies.first :][(tallies.unit > 0) & (tallies.price < LEAVE)] = False
        if (draft.left[limited] < 0).any():
            return False
        if (draft.people < self.minimum)[self.candidate & draft.running].any():
            return False
        return not (self._has_pins & (draft.column[:, 0] < 0)).any()

    def _solution(self, draft: Draft, rooms: dict[int, int]) -> Solution:
        stays = self.pricer.stays
        chosen = []
        for column in draft.column:
            sessions: list[int] = []
            for j in column[column >= 0]:
                sessions += stays.sess[stays.sess_ptr[j] : stays.sess_ptr[j + 1]].tolist()
            chosen.append(tuple(sorted(sessions)))
        running = frozenset(int(s) for s in np.flatnonzero(self.candidate & draft.running))
        return Solution(tuple(chosen), running, dict(sorted(rooms.items())))
