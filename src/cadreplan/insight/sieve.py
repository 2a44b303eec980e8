"""How far every leader gets with every session, for many at once: an upper limit, quickly.

All rules that depend on a leader's own days and modules one by one, and on what is left of seats, beds and
absences, are weighed on arrays of leaders x sessions. What depends on how trips join is left to
`cadreplan.insight.obstacles`, which has the last word.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cadreplan.insight.grid import LATER, Bools, Grid, Rows
from cadreplan.insight.obstacles import Step
from cadreplan.insight.plan_state import PlanState, Studies
from cadreplan.instance import SkillGap
from cadreplan.trips import journeys

_EXACT = 2.0**52
"""Below this, whole numbers are exact in floating point."""


class Sieve:
    """Upper limits on how far leaders get with sessions (`reach`) and on what that brings (`promises`).

    Rests on a `PlanState` and follows it: each call answers for the plan as it is then. Unless `seated`,
    seats and rooms are taken for endless; quotas are not.
    """

    def __init__(self, state: PlanState, *, seated: bool = True) -> None:
        self._state, self._seated = state, seated
        self._instance = state.instance
        self._sessions = self._instance.sessions
        self._grid = Grid(self._instance)
        studies = [state.studies((s,)) for s in range(len(self._sessions))]
        self._hours, self._core, self._n_modules, self._methods = _columns(studies)
        self._soft = np.array([state.together.most_charge(s) for s in range(len(self._sessions))])
        self._closed = np.array([not state.runs(s) for s in range(len(self._sessions))], dtype=np.bool_)
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is left of seats, beds and absences; until then it may only become less."""
        state = self._state
        self._seats = np.array(state.capacity) - np.array(state.people)
        if not self._seated:
            self._seats = np.full_like(self._seats, LATER)
        self._quotas_left = np.array(
            [
                quota - state.quota[s, branch]
                for s, session in enumerate(self._sessions)
                for branch, quota in session.quotas
            ],
            dtype=np.int64,
        )
        least = [0 if session.candidate else session.min_seats for session in self._sessions]
        self._short = np.maximum(np.array(least) - np.array(state.people), 0)
        self._beds = self._beds_left()
        self._absences = self._absences_left()

    def closers(self, gap: SkillGap) -> Rows:
        """Sessions that close a skill gap, ascending."""
        return self._grid.taught(gap)[1]

    def _useful(self, rows: Rows) -> Bools:
        """Whether a session closes any skill gap of a leader: rows x sessions."""
        found = np.zeros((len(rows), len(self._sessions)), dtype=np.bool_)
        for r, i in enumerate(rows):
            for gap in self._instance.leaders[i].gaps:
                found[r] |= self._grid.taught(gap)[0]
        return found

    def promises(self, rows: Rows) -> NDArray[np.float64]:
        """No less than what adding a session would bring, 0 where it is certain to break a rule.

        Rows x sessions, in points; exact below 2^52.
        """
        return self._worth(rows, _Own(self._state, self._grid, rows))

    def elsewhere(self, pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """The same for leaders without a session that they have: pairs of them x sessions.

        What the session itself leaves free on its days is not counted as full, nor is it offered.
        """
        rows = np.array([i for i, _ in pairs], dtype=np.intp)
        left = [tuple(t for t in self._state.chosen[i] if t != s) for i, s in pairs]
        own = _Own(self._state, self._grid, rows, left)
        worth = self._worth(rows, own)
        worth[np.arange(len(pairs)), [s for _, s in pairs]] = 0
        return worth

    def _worth(self, rows: Rows, own: _Own) -> NDArray[np.float64]:
        passing = self._useful(rows) & (self._reach(rows, own) == Step.NONE)
        return np.where(passing, self._limits(rows, own), 0.0)

    def reach(self, rows: Rows) -> NDArray[np.int8]:
        """The first `Step` that is certain to stop a leader, or one before it does: rows x sessions.

        `Step.NONE` where only what is not looked at here could.
        """
        return self._reach(rows, _Own(self._state, self._grid, rows))

    def barred(self, rows: Rows) -> NDArray[np.int8]:
        """How far leaders get whatever they attend, and whatever is full: rows x sessions.

        `Step.AUDIENCE`, `Step.DATES` for the session's own days, or `Step.NONE`.
        """
        return self._grid.own_reach[rows]

    def _reach(self, rows: Rows, own: _Own) -> NDArray[np.int8]:
        heads = self._grid.heads[rows]
        reach = np.full((len(rows), len(self._sessions)), int(Step.NONE), dtype=np.int8)
        idle: Bools = own.away @ self._grid.on.T > 0
        known: Bools = own.counted @ self._grid.on.T > 0
        reach[(heads[:, None] > self._absences[self._grid.branch[rows]]) & ~known] = Step.BRANCH
        reach[(heads[:, None] > self._beds) & ~known & ~self._grid.local[rows][:, self._grid.site]] = (
            Step.BEDS
        )
        reach[heads[:, None] > self._seats] = Step.SEATS
        r_idx, k_idx = np.nonzero(self._grid.within[:, rows].T & (heads[:, None] > self._quotas_left))
        reach[r_idx, self._grid.quotas[0][k_idx]] = Step.SEATS
        reach[:, self._closed] = Step.CANDIDATE
        reach[self._below_standards(own)] = Step.STANDARDS
        reach[self._beyond_limits(rows, own, idle)] = Step.LIMITS
        for r, chosen in enumerate(own.chosen):
            if chosen:
                reach[r, self._grid.clash[list(chosen)].any(axis=0)] = Step.TRADED
        for s, entry, first_day in self._grid.required:
            reach[own.had[:, entry].min(axis=1) >= first_day, s] = Step.PREREQUISITE
        return np.minimum(reach, self._grid.own_reach[rows])

    def _limits(self, rows: Rows, own: _Own) -> NDArray[np.float64]:
        """Each site visited is charged for one trip, and only attended days are charged.

        Ways from home are charged every day.
        """
        instance, weights = self._instance, self._instance.policy.weights
        brings = np.zeros((len(rows), len(self._sessions)))
        for r, i in enumerate(rows):
            leader = instance.leaders[i]
            for g in own.opened[r]:
                brings[r] += (
                    float(weights.gap * leader.priority * leader.gaps[g].weight)
                    * self._grid.taught(leader.gaps[g])[0]
                )
            for s, points in leader.prefers_sessions:
                brings[r, s] += points
            for site, points in leader.prefers_sites:
                brings[r, self._grid.site == site] += points
        brings += float(weights.underfill) * np.minimum(self._short, self._grid.heads[rows][:, None])
        brings += float(weights.mix) * np.outer(self._grid.heads[rows], self._soft)
        missing = np.maximum(0, instance.policy.min_hours - own.hours)[:, None]
        brings += float(weights.hour) * np.minimum(missing, self._hours)
        for r, i in enumerate(rows):
            leader = instance.leaders[i]
            for owed in leader.owes if weights.norm else ():
                short = self._state.missing_to(owed, own.chosen[r])
                if short:
                    brings[r] += float(weights.norm) * np.minimum(short, instance.counted(owed))
            if not own.chosen[r]:
                brings[r] += instance.price_of_idleness(leader)
        km = self._grid.km[rows]
        new_km = np.where(own.visited, 0, km)[:, self._grid.site]
        new_km *= np.where(self._grid.local[rows][:, self._grid.site], self._grid.n_days, 1)
        idle = own.n_away - own.n_attended
        again = own.km - (own.visited * km).sum(axis=1)
        brings -= float(weights.km) * (new_km - again[:, None])
        brings -= float(weights.day) * (self._grid.n_days - idle[:, None])
        size = np.abs(brings) + float(weights.km) * (km.max(axis=1, initial=0) + own.km)[:, None]
        return brings + np.where(size < _EXACT, 0.0, 1e-9 * size)

    def _beyond_limits(self, rows: Rows, own: _Own, idle: Bools) -> Bools:
        leaders = [self._instance.leaders[i] for i in rows]
        sessions, days, trips = (
            np.array([LATER if most is None else most for most in column])
            for column in (
                (leader.max_sessions for leader in leaders),
                (leader.max_days for leader in leaders),
                (leader.max_trips for leader in leaders),
            )
        )
        away = np.where(idle, own.n_attended[:, None], own.n_away[:, None]) + self._grid.n_days
        beyond: Bools = away > days[:, None]
        beyond |= (own.n_sessions >= sessions)[:, None]
        known = own.visited | self._grid.local[rows]
        beyond |= ~known[:, self._grid.site] & (own.n_trips >= trips)[:, None]
        return beyond

    def _below_standards(self, own: _Own) -> Bools:
        policy = self._instance.policy
        below = np.zeros((len(own.hours), len(self._sessions)), dtype=np.bool_)
        if policy.core_share is not None and policy.core_share.denominator < LATER:  # products fit 64 bits
            hours, core = own.hours[:, None] + self._hours, own.core[:, None] + self._core
            below |= core * policy.core_share.denominator < policy.core_share.numerator * hours
        if policy.min_methods:
            methods = np.bitwise_count(own.methods[:, None] | self._methods)
            modules = own.n_modules[:, None] + self._n_modules
            below |= methods < np.minimum(policy.min_methods, modules)
        return below

    def _beds_left(self) -> NDArray[np.int64]:
        """Beds left on the fullest day of each session."""
        left = np.full(len(self._sessions), LATER)
        for s, session in enumerate(self._sessions):
            beds = self._instance.sites[session.site].beds
            if beds is not None:
                left[s] = beds - max(self._state.in_beds[session.site, day] for day in session.days)
        return left

    def _absences_left(self) -> NDArray[np.int64]:
        """People of a branch who could still go to a session, as far as absences are limited."""
        branches = self._instance.branches
        days = np.full((len(branches), self._grid.width), LATER)
        for b, branch in enumerate(branches):
            if branch.max_away is not None:
                days[b] = branch.max_away
        for (b, day), people in self._state.away.items():
            if 0 <= day - self._grid.origin < self._grid.width:
                days[b, day - self._grid.origin] -= people
        whole = np.array([days[list(line)].min(axis=0) for line in self._instance.lineages])
        attended = [self._grid.on[s] > 0 for s in range(len(self._sessions))]
        return np.array([whole[:, on].min(axis=1) for on in attended]).reshape(-1, len(branches)).T


class _Own:
    """What some leaders have in a plan, or would have with sessions `chosen`, a row each.

    Trips, kilometres and sites visited are those of journeys, not of ways from home. `counted` are the days
    away of the plan, which its beds and absences count already.
    """

    def __init__(
        self,
        state: PlanState,
        grid: Grid,
        rows: Rows,
        chosen: Sequence[tuple[int, ...]] | None = None,
    ) -> None:
        instance, n = state.instance, len(rows)
        self.chosen = [state.chosen[i] for i in rows] if chosen is None else list(chosen)
        self.opened = [
            state.open_positions(i) if chosen is None else state.open_with(i, own)
            for i, own in zip(rows, self.chosen, strict=True)
        ]
        self.hours, self.core, self.n_modules, self.methods = _columns(
            [state.studies(c) for c in self.chosen]
        )
        self.n_sessions = np.array([len(chosen) for chosen in self.chosen])
        self.n_attended = np.zeros(n, dtype=np.int64)
        self.n_away = np.zeros(n, dtype=np.int64)
        self.n_trips = np.zeros(n, dtype=np.int64)
        self.km = np.zeros(n)
        self.visited = np.zeros((n, len(instance.sites)), dtype=np.bool_)
        self.away = np.zeros((n, grid.width), dtype=np.float32)
        self.had = np.full((n, len(instance.modules)), LATER)
        for r, i in enumerate(rows):
            leader = instance.leaders[i]
            trips = state.trips[i] if chosen is None else state.trips_with(i, self.chosen[r])
            if leader.completed:
                self.had[r, list(leader.completed)] = -LATER
            self.n_trips[r] = journeys(trips)
            for s in self.chosen[r]:
                session = instance.sessions[s]
                self.n_attended[r] += len(session.days)
                for m in session.modules:
                    self.had[r, m] = min(self.had[r, m], session.last_day)
            for trip in trips:
                self.n_away[r] += len(trip.days)
                self.away[r, [day - grid.origin for day in trip.days]] = 1
                if not trip.at_home:
                    self.km[r] += instance.trip_km(leader, trip.site)
                    self.visited[r, trip.site] = True
        self.counted = self.away
        if chosen is not None:
            self.counted = np.zeros_like(self.away)
            for r, i in enumerate(rows):
                for trip in state.trips[i]:
                    self.counted[r, [day - grid.origin for day in trip.days]] = 1


def _columns(studies: Sequence[Studies]) -> tuple[NDArray[np.int64], ...]:
    table = np.array(studies, dtype=np.int64).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2], table[:, 3]
