"""A CP-SAT model of some sessions with the lecturers of all others staying where they are.

The goals are taken one after the other: what is reached of one is kept while the next is improved, the last
two together (journeys and load count more than any number of changes of lecturer). A goal that is at its
bound already is not searched for again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from ortools.sat.python import cp_model

from cadreplan.errors import RefutedBoundError
from cadreplan.language import tr
from cadreplan.programme.problem import Draft, Occupancy, Problem

Known = tuple[int, int, int, int, int]
"""Lower bounds of unstaffed, differing, afternoons, repeats, and of journeys and overload where those before
are met."""

_LAST = 4
"""The last level: journeys, load and changes."""


FIRST = 10
"""Times the work of another goal may be put into the first one, where somebody is missing."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may take: `work` in deterministic seconds of CP-SAT a goal, `seconds` on the clock."""

    work: float
    workers: int
    seed: int
    seconds: Callable[[], float | None]
    should_stop: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Improved:
    """A draft of the sessions; `proven` of the first goals can't be better where those before are kept."""

    draft: Draft
    proven: int
    bound: tuple[int, ...]


def improve(
    problem: Problem,
    draft: Draft,
    sessions: Sequence[int],
    known: Known,
    budget: Budget,
    *,
    only_lecturers: bool = False,
) -> Improved:
    """The best programme found for `sessions`; `known` are lower bounds of the first five goals for them.

    With `only_lecturers` every module stays on its half days; then nothing is proven of other programmes.
    """
    model = _Model(problem, draft, sessions, only_lecturers)
    model.hint({s: draft[s] for s in sessions})
    best = {s: draft[s] for s in sessions}
    bound: list[int] = []
    lower = [*known[:_LAST], known[_LAST] * model.weight]
    for level in (0, 1, _LAST) if only_lecturers else range(_LAST + 1):
        reached = model.value(level, best)
        lowest = lower[level]
        if reached > lowest:
            found, proven_now = model.minimise(level, budget)
            lowest = max(lowest, proven_now)
            if found is not None and model.value(level, found) <= reached:
                best = found
                reached = model.value(level, best)
                model.hint(best)
        held_against((lowest,), (reached,))
        bound.append(lowest)
        model.keep(level, reached)
        if level == 0 and reached > known[0]:
            lower[_LAST] = 0  # somebody who isn't there doesn't travel
        if level == 2 and reached > known[2]:
            lower[3] = 0  # fewer methods repeat where core may lie in more afternoons
    proven = 0
    for level in range(0 if only_lecturers else _LAST + 1):
        if bound[level] < model.value(level, best):
            break
        proven += 1
    return Improved(best, proven, tuple(bound))


def held_against(bound: tuple[int, ...], reached: tuple[int, ...]) -> None:
    """Raise where goals come before a lower bound: what proved it is wrong."""
    if reached < bound:
        raise RefutedBoundError(
            tr(
                "internal error: a programme with goals {reached} comes before the bound {bound} that was"
                " stated as proven; please report it with the roster",
                reached=reached,
                bound=bound,
            )
        )


def least_of(problem: Problem, draft: Draft, budget: Budget) -> int:
    """A proven lower bound on the half days without a lecturer of a problem's sessions, nobody else there."""
    model = _Model(problem, draft, problem.sessions, only_lecturers=False)
    model.hint(draft)
    return model.minimise(0, budget)[1]


class _Model:
    def __init__(self, problem: Problem, draft: Draft, sessions: Sequence[int], only_lecturers: bool) -> None:
        self._problem = problem
        self._fixed = draft if only_lecturers else None
        self._cp = cp_model.CpModel()
        self._sessions = sessions
        inside = set(sessions)
        self._taken = Occupancy(problem, draft, (s for s in problem.sessions if s not in inside))
        self._held: dict[tuple[int, int, int], cp_model.IntVar] = {}
        """Session, module, half day."""
        self._taught: dict[tuple[int, int, int, int], cp_model.IntVar] = {}
        """Session, module, half day, lecturer."""
        self._nobody: dict[tuple[int, int, int], cp_model.IntVar] = {}
        for s in sessions:
            self._add_lessons(s)
            if not only_lecturers:
                self._add_prerequisites(s)
        self._add_places()
        self._repeats = [] if only_lecturers else self._add_repeats()
        self._members: dict[tuple[int, int, int], cp_model.IntVar] = {}
        """Session, module, lecturer."""
        self._teams, self._pairs = self._add_teams()
        self.weight = 1 + sum(n for s in sessions for _, n in problem.lessons(s))
        """Of a journey against changes of lecturer, which never are as many."""
        self._overload = self._add_loads()
        self._goals = self._add_goals()

    # --- variables and rules

    def _add_lessons(self, s: int) -> None:
        """A module fills its half days, one at a time, each with a lecturer or nobody."""
        cp, problem = self._cp, self._problem
        for m, n in problem.lessons(s):
            places = self._places(s, m)
            for t in places:
                held = self._held[s, m, t] = cp.new_bool_var("")
                nobody = self._nobody[s, m, t] = cp.new_bool_var("")
                teaching = []
                for k in problem.teachers[s][m]:
                    if self._taken.can_be(k, problem.site(s), t):
                        var = self._taught[s, m, t, k] = cp.new_bool_var("")
                        teaching.append(var)
                cp.add_exactly_one([*teaching, nobody, held.negated()])
            cp.add(sum(self._held[s, m, t] for t in places) == n)
        for t in problem.slots[s]:
            cp.add_at_most_one(
                [self._held[s, m, t] for m, _ in problem.lessons(s) if (s, m, t) in self._held]
            )

    def _places(self, s: int, m: int) -> Sequence[int]:
        """The half days that a module may fill."""
        if self._fixed is None:
            return self._problem.slots[s]
        return [t for t, (held, _) in sorted(self._fixed[s].items()) if held == m]

    def _add_prerequisites(self, s: int) -> None:
        """Where a module is held, those it requires have ended: all their half days lie before."""
        instance, slots = self._problem.instance, self._problem.slots[s]
        modules = instance.sessions[s].modules
        for m in modules:
            for entry in instance.within(m, modules):
                # of several one is enough: the one that is taken is before
                taken = [self._cp.new_bool_var(f"taken[{s},{m},{r}]") for r in entry if len(entry) > 1]
                if taken:
                    self._cp.add_bool_or(taken)
                for k, r in enumerate(entry):
                    unless = [~taken[k]] if taken else []
                    for i, t in enumerate(slots):
                        for later in slots[i:]:
                            held = [~self._held[s, m, t], ~self._held[s, r, later]]
                            self._cp.add_bool_or([*held, *unless])

    def _add_places(self) -> None:
        """A lecturer is at one place at a time, with a free half day between sites."""
        at: dict[tuple[int, int], dict[int, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for (s, _, t, k), var in self._taught.items():
            at[k, t][self._problem.site(s)].append(var)
        for (k, t), by_site in at.items():
            here = [var for site in sorted(by_site) for var in by_site[site]]
            self._cp.add_at_most_one(here)
            after = at.get((k, t + 1))
            if after is None:
                continue
            for site in sorted(by_site):
                elsewhere = [var for other in sorted(after) if other != site for var in after[other]]
                if elsewhere:
                    self._cp.add_at_most_one([*by_site[site], *elsewhere])

    def _add_repeats(self) -> list[cp_model.IntVar]:
        """One variable for each half day whose method is that of the one before."""
        cp, problem = self._cp, self._problem
        repeats = []
        for s in self._sessions:
            by_method: dict[str, list[int]] = defaultdict(list)
            for m, _ in problem.lessons(s):
                by_method[problem.instance.modules[m].method].append(m)
            slots = set(problem.slots[s])
            for t in problem.slots[s]:
                if t + 1 not in slots:
                    continue
                var = cp.new_bool_var("")
                for modules in by_method.values():
                    first = sum(self._held[s, m, t] for m in modules)
                    then = sum(self._held[s, m, t + 1] for m in modules)
                    cp.add(first + then <= 1 + var)
                repeats.append(var)
        return repeats

    def _add_teams(self) -> tuple[list[cp_model.IntVar], list[cp_model.IntVar]]:
        """(lecturers of a module of a session beyond its first, journeys)."""
        cp, problem = self._cp, self._problem
        of_team: dict[tuple[int, int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (s, m, _, k), var in self._taught.items():
            of_team[s, m, k].append(var)
        members: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        journeys: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
        for (s, m, k), taught in of_team.items():
            member = self._members[s, m, k] = cp.new_bool_var("")
            for var in taught:
                cp.add_implication(var, member)
            # implied, but tells the relaxation that a module has a whole lecturer, not a few shares
            cp.add(sum(taught) <= problem.instance.modules[m].slots * member)
            members[s, m].append(member)
            if problem.instance.lecturers[k].site is None:
                journeys[s, k].append(member)
        changes = []
        for (_, m), team in members.items():
            most = min(len(team), problem.instance.modules[m].slots) - 1
            if most > 0:
                more = cp.new_int_var(0, most, "")
                cp.add(sum(team) <= 1 + more)
                changes.append(more)
        coming = []
        for of_modules in journeys.values():
            if len(of_modules) == 1:
                coming.append(of_modules[0])
                continue
            comes = cp.new_bool_var("")
            for member in of_modules:
                cp.add_implication(member, comes)
            coming.append(comes)
        return changes, coming

    def _add_loads(self) -> list[cp_model.IntVar]:
        """Nobody teaches more than they may; what is above the fair load has a variable."""
        cp, problem = self._cp, self._problem
        taught: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for (_, _, _, k), var in self._taught.items():
            taught[k].append(var)
        overload = []
        for k, own in sorted(taught.items()):
            left = self._taken.left(k)
            if left is not None and left < len(own):
                cp.add(sum(own) <= max(0, left))
            already = self._taken.load(k)
            # what others' sessions put above the fair load is no matter of these sessions
            spare = max(0, problem.fair - already)
            if len(own) > spare:
                over = cp.new_int_var(0, len(own), "")
                cp.add(sum(own) <= spare + over)
                overload.append(over)
        return overload

    def _add_goals(self) -> list[cp_model.LinearExprT]:
        core = [m for m, module in enumerate(self._problem.instance.modules) if module.core]
        return [
            sum(self._nobody.values()),
            sum(self._differing()),
            sum(var for (_, m, t), var in self._held.items() if m in core and t % 2 == 1),
            sum(self._repeats),
            self.weight * (sum(self._pairs) + sum(self._overload)) + sum(self._teams),
        ]

    def _differing(self) -> list[cp_model.IntVar]:
        """A variable for each half day, and each lecturer of a module, that isn't one of the plan before."""
        before = self._problem.before
        found = [
            var for (s, m, t, k), var in self._taught.items() if s in before and before[s].get(t) != (m, k)
        ]
        found += [
            var for (s, m, t), var in self._nobody.items() if s in before and before[s].get(t) != (m, None)
        ]
        teams = {s: set(before[s].values()) for s in self._sessions if s in before}
        found += [var for (s, m, k), var in self._members.items() if s in teams and (m, k) not in teams[s]]
        return found

    # --- search

    def minimise(self, level: int, budget: Budget) -> tuple[Draft | None, int]:
        """(the best found, if any; a proven lower bound) of one goal, those before it kept."""
        if budget.should_stop():
            return None, 0
        solver = cp_model.CpSolver()
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = budget.workers
        solver.parameters.random_seed = budget.seed
        solver.parameters.max_deterministic_time = budget.work * (FIRST if level == 0 else 1)
        solver.parameters.linearization_level = 2 if level == 0 else 1
        seconds = budget.seconds()
        if seconds is not None:
            if seconds <= 0.05:
                return None, 0
            solver.parameters.max_time_in_seconds = seconds
        self._cp.minimize(self._goals[level])
        status = solver.solve(self._cp, _Stop(budget.should_stop))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, 0
        return self._read(solver), max(0, ceil(solver.best_objective_bound - 1e-6))

    def keep(self, level: int, most: int) -> None:
        """What is reached of a goal stays."""
        self._cp.add(self._goals[level] <= most)

    def hint(self, draft: Draft) -> None:
        """Begin from a draft of the sessions."""
        self._cp.proto.solution_hint.vars.clear()
        self._cp.proto.solution_hint.values.clear()
        for (s, m, t), var in self._held.items():
            self._cp.add_hint(var, draft[s].get(t, (None, None))[0] == m)
        for (s, m, t), var in self._nobody.items():
            self._cp.add_hint(var, draft[s].get(t) == (m, None))
        for (s, m, t, k), var in self._taught.items():
            self._cp.add_hint(var, draft[s].get(t) == (m, k))

    def _read(self, solver: cp_model.CpSolver) -> Draft:
        found: Draft = {s: {} for s in self._sessions}
        for (s, m, t), var in self._nobody.items():
            if solver.boolean_value(var):
                found[s][t] = (m, None)
        for (s, m, t, k), var in self._taught.items():
            if solver.boolean_value(var):
                found[s][t] = (m, k)
        return found

    # --- what a draft is worth here

    def value(self, level: int, draft: Draft) -> int:
        """A goal's value; the last one as the model weighs it."""
        problem = self._problem
        modules = problem.instance.modules
        lessons = [(s, t, m, k) for s in self._sessions for t, (m, k) in draft[s].items()]
        if level == 0:
            return sum(k is None for *_, k in lessons)
        if level == 1:
            return differing(problem, {s: draft[s] for s in self._sessions})
        if level == 2:
            return sum(modules[m].core and t % 2 == 1 for _, t, m, _ in lessons)
        if level == 3:
            method = {(s, t): modules[m].method for s, t, m, _ in lessons}
            return sum(method.get((s, t + 1)) == taught for (s, t), taught in method.items())
        loads: dict[int, int] = defaultdict(int)
        for *_, k in lessons:
            if k is not None:
                loads[k] += 1
        over = sum(max(0, n - max(0, problem.fair - self._taken.load(k))) for k, n in loads.items())
        lecturers = problem.instance.lecturers
        journeys = {(s, k) for s, _, _, k in lessons if k is not None and lecturers[k].site is None}
        teams = {(s, m, k) for s, _, m, k in lessons if k is not None}
        changes = len(teams) - len({(s, m) for s, m, _ in teams})
        return self.weight * (len(journeys) + over) + changes


def differing(problem: Problem, draft: Draft) -> int:
    """Half days, and lecturers of a module of a session, that aren't those of the plan before."""
    found = 0
    for s, held in draft.items():
        before = problem.before.get(s)
        if before is not None:
            found += sum(before.get(t) != lesson for t, lesson in held.items())
            found += len({(m, k) for m, k in held.values() if k is not None} - set(before.values()))
    return found


class _Stop(cp_model.CpSolverSolutionCallback):
    """Ends a search at its next solution where that is wished."""

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        super().__init__()
        self._should_stop = should_stop

    def on_solution_callback(self) -> None:
        if self._should_stop():
            self.stop_search()
