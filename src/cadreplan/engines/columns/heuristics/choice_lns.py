"""Large neighbourhood search over choices: some candidates chosen again, judged by linear programmes alone.

Once it is settled what runs, a dive over leaders comes near the linear programme of that choice, if prices
have settled for it. So a choice is as good as its programme, and choices can be compared without placing
anybody: all leaders are free in each neighbourhood, and only candidates stay as they are. Without the columns
that use what does not run these programmes are small. Which candidates hang together differs from season to
season, so neighbourhoods are rather of the kind that lately brought most for its work (adaptive large
neighbourhood search: Ropke and Pisinger, Transportation Science 40, 2006).
"""

from __future__ import annotations

import numpy as np

from cadreplan.engines.columns.choices.modes import ChosenModes, ModeModel
from cadreplan.engines.columns.compiled.arrays import F64, I32, Bools
from cadreplan.engines.columns.heuristics.candidate_diving import choose_again
from cadreplan.engines.columns.heuristics.diving import dive
from cadreplan.engines.columns.heuristics.draft import residual
from cadreplan.engines.columns.heuristics.repair import Repair
from cadreplan.engines.columns.master.column_generation import generate_columns
from cadreplan.engines.columns.master.restricted_master import RestrictedMaster
from cadreplan.engines.columns.turns import Effort
from cadreplan.language import tr

_DAYS = 7
"""Days of a week."""
_ROUNDS, _WARM = 3, 0.02
"""Rounds in which prices settle before leaders are placed by a choice, and where its programme begins."""
_KINDS = (
    ("offerings", 1),
    ("offerings", 2),
    ("offerings", 4),
    ("weeks", 1),
    ("weeks", 2),
    ("sites", 1),
    ("sites", 2),
)
"""Kinds of neighbourhoods: what its candidates have in common, and how much of it."""


class ChoiceLns:
    """Begins from the choice of the plan in hand; `idle` are the neighbourhoods since one was better."""

    def __init__(self, master: RestrictedMaster, mode_model: ModeModel, repair: Repair, prices: F64) -> None:
        self.master, self.mode_model, self.repair, self.prices = master, mode_model, repair, prices
        self.params, self.rows, self.rng = master.params, master.pricer.rows, repair.rng
        self.everybody: I32 = np.arange(master.pricer.n, dtype=np.int32)
        self.idle = 0
        self._efforts = [Effort(self.params.turns.memory) for _ in _KINDS]
        self._chosen: ChosenModes | None = None
        self._running: Bools = np.zeros(self.rows.n_blocks, np.bool_)
        self._worth = self._dived = 0.0
        sessions = repair.instance.sessions
        candidate = [b for b in self.rows.choices if sessions[int(self.rows.block_session[b])].candidate]
        self.blocks: I32 = np.array(candidate, np.int32)
        held = [sessions[int(self.rows.block_session[b])] for b in candidate]
        self._day = np.array([session.first_day for session in held], np.int64)
        self._site = np.array([session.site for session in held], np.int64)
        self._offering = np.array([-1 if s.offering is None else s.offering for s in held], np.int64)

    def improve(self) -> bool:
        """Choose some candidates again, and place leaders once choices are better by enough.

        Whether the plan is better.
        """
        repair, params = self.repair, self.params.lns
        if repair.draft is None or not len(self.blocks):
            return False
        if self._chosen is None:
            self._begin(repair.draft.chosen)
        effort, some = self._neighbourhood()
        free = np.zeros(self.rows.n_blocks, np.bool_)
        free[some] = True
        work, worth = repair.budget.work, self._worth
        self._again(free)
        effort.spent(repair.budget.work - work, self._worth - worth)
        more = self._worth - self._dived
        if more > params.choice_dive * abs(self._dived) or (self.idle >= params.choice_idle and more > 0):
            return self._place()
        return False

    def _begin(self, chosen: I32) -> None:
        chosen = np.asarray(chosen[chosen >= 0], np.int32)
        self._chosen = ChosenModes(chosen, self.repair.rooms)
        self._running = self.rows.running(chosen)
        self._worth = self._dived = float(self.repair.worth)  # its programme may by now be far above
        self._again(np.zeros(self.rows.n_blocks, np.bool_))

    def _again(self, free: Bools) -> None:
        """Choose the candidates `free` again, and take what is better."""
        floor = self._worth + self.params.lns.choice_gain * abs(self._worth)
        budget = self.repair.budget
        budget.phase(tr("choosing {n} candidates again, with all leaders", n=int(free.sum())))
        found = choose_again(
            self.master,
            self.mode_model,
            self.everybody,
            self._running,
            free,
            self.prices,
            budget,
            floor=floor,
        )
        self.idle += 1
        if found is not None:
            self._chosen, self._worth = found.chosen_modes, found.worth
            self._running = self.rows.running(found.chosen_modes.chosen)
            self.idle = 0

    def _neighbourhood(self) -> tuple[Effort, I32]:
        """Candidates of the kind that lately brought most, or of any; and whom to tell what came of it."""
        rng, params = self.rng, self.params.lns
        rate = np.array([effort.rate for effort in self._efforts])
        best = np.flatnonzero(rate == rate.max())
        any_kind = rng.random() < params.choice_explore
        kind = int(rng.integers(len(rate)) if any_kind else rng.choice(best))
        how, n = _KINDS[kind]
        return self._efforts[kind], self.blocks[self._some(how, n)]

    def _some(self, how: str, n: int) -> Bools:
        """Which candidates are of n offerings, at n sites, or of n times `choice_weeks`, drawn at random."""
        rng = self.rng
        if how == "weeks":
            days = n * _DAYS * self.params.lns.choice_weeks
            first = int(rng.choice(self._day)) - int(rng.integers(days // 2))
            return (self._day >= first) & (self._day < first + days)
        of = self._offering if how == "offerings" else self._site
        there = np.unique(of)
        return np.isin(of, rng.choice(there, min(n, len(there)), replace=False))

    def _place(self) -> bool:
        """Place all leaders by the best choice; whether that gives a better plan."""
        repair, chosen_modes = self.repair, self._chosen
        assert chosen_modes is not None
        self._dived = self._worth
        draft, accuracy = repair.empty(chosen_modes.chosen), self.params.diving.accuracy
        self.master.fix(self.everybody, residual(draft, self.rows.rhs), lean=True)
        settled = generate_columns(
            self.master,
            self.prices,
            repair.budget,
            rounds=_ROUNDS,
            accuracy=accuracy,
            warm=_WARM,
            exact=False,
        )
        draft = dive(
            self.master,
            repair.placer,
            draft,
            self.everybody,
            settled.prices,
            repair.budget,
            accuracy=accuracy,
            rounds=self.params.diving.rounds,
        )
        return repair.finish(draft, chosen_modes.rooms, fresh=True)
