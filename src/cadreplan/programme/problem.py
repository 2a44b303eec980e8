"""What a programme is made for: running sessions, their half days, and who may teach what there.

Half days are numbered through the horizon: `2 x day`, plus one for pm. A draft maps each session to its
filled half days, each to its module and lecturer. What is frozen of a plan before takes its lecturers' time,
and is nothing to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cadreplan.errors import UsageError
from cadreplan.instance import Instance, Lesson
from cadreplan.language import tr
from cadreplan.solution import Solution

Draft = dict[int, dict[int, Lesson]]
"""Session → half day → lesson."""


@dataclass(frozen=True)
class Problem:
    """`sessions` run, by first day. `slots[s]` are the half days of a session, `teachers[s][m]` the lecturers
    who may teach module m there on at least one of its days. `fair` is the fair load of a lecturer. `fixed`
    are the half days of frozen sessions, `before` those of the others in the plan before.
    """

    instance: Instance
    sessions: tuple[int, ...]
    slots: Mapping[int, tuple[int, ...]]
    teachers: Mapping[int, Mapping[int, tuple[int, ...]]]
    available: tuple[frozenset[int] | None, ...]
    fair: int
    fixed: Mapping[int, Mapping[int, Lesson]] = field(default_factory=dict)
    before: Mapping[int, Mapping[int, Lesson]] = field(default_factory=dict)

    @classmethod
    def of(cls, instance: Instance, solution: Solution, held: Collection[int] | None = None) -> Problem:
        """The problem of the sessions `held` in a solution; None: of all that run.

        Raises `UsageError` where a session's days don't hold its modules.
        """
        running = [
            s
            for s in range(len(instance.sessions))
            if solution.runs(instance, s) and (held is None or s in held) and not instance.sessions[s].frozen
        ]
        lessons = {} if instance.past is None else instance.past.lessons
        fixed = {s: of for s, of in lessons.items() if instance.sessions[s].frozen}
        running.sort(key=lambda s: (instance.sessions[s].first_day, s))
        for s in running:
            session = instance.sessions[s]
            needed = sum(instance.modules[m].slots for m in session.modules)
            if needed > 2 * len(session.days):
                raise UsageError(
                    tr(
                        "session {session} has {n} half days, its modules fill {needed}",
                        session=session.id,
                        n=2 * len(session.days),
                        needed=needed,
                    )
                )
        total = sum(instance.modules[m].slots for s in running for m in instance.sessions[s].modules)
        total += sum(map(len, fixed.values()))
        available = tuple(
            None
            if who.available is None
            else frozenset(day for first, last in who.available for day in range(first, last + 1))
            for who in instance.lecturers
        )
        return cls(
            instance,
            tuple(running),
            {s: tuple(2 * d + half for d in instance.sessions[s].days for half in (0, 1)) for s in running},
            {s: _teachers(instance, s, available) for s in running},
            available,
            -(-total // max(1, len(instance.lecturers))),
            fixed,
            {s: lessons[s] for s in running if s in lessons},
        )

    def only(self, sessions: Iterable[int]) -> Problem:
        """The problem of some of these sessions alone; the fair load stays."""
        wanted = set(sessions)
        return replace(self, sessions=tuple(s for s in self.sessions if s in wanted))

    def is_available(self, lecturer: int, slot: int) -> bool:
        days = self.available[lecturer]
        return days is None or slot // 2 in days

    def site(self, session: int) -> int:
        return self.instance.sessions[session].site

    def lessons(self, session: int) -> list[tuple[int, int]]:
        """(module, half days it fills) of a session."""
        return [(m, self.instance.modules[m].slots) for m in self.instance.sessions[session].modules]

    def parts(self) -> list[tuple[int, ...]]:
        """Groups of sessions that share no lecturer with each other, each by first day."""
        parent = {s: s for s in self.sessions}

        def root(s: int) -> int:
            while parent[s] != s:
                parent[s] = parent[parent[s]]
                s = parent[s]
            return s

        first: dict[int, int] = {}
        for s in self.sessions:
            for k in sorted({k for teachers in self.teachers[s].values() for k in teachers}):
                parent[root(s)] = root(first.setdefault(k, s))
        groups: dict[int, list[int]] = defaultdict(list)
        for s in self.sessions:
            groups[root(s)].append(s)
        return [tuple(group) for group in groups.values()]


class Occupancy:
    """Who teaches where and when: lecturer → half day → site."""

    def __init__(self, problem: Problem, draft: Draft, sessions: Iterable[int]) -> None:
        self._problem = problem
        self.at: list[dict[int, int]] = [{} for _ in problem.instance.lecturers]
        for of in (problem.fixed, {s: draft.get(s, {}) for s in sessions}):
            for s, held in of.items():
                for slot, (_, k) in held.items():
                    if k is not None:
                        self.at[k][slot] = problem.site(s)

    def load(self, lecturer: int) -> int:
        return len(self.at[lecturer])

    def left(self, lecturer: int) -> int | None:
        """Half days a lecturer may still teach; None: no limit."""
        most = self._problem.instance.lecturers[lecturer].max_slots
        return None if most is None else most - self.load(lecturer)

    def can_be(self, lecturer: int, site: int, slot: int) -> bool:
        """Whether a lecturer is available and free there, max_slots aside."""
        at = self.at[lecturer]
        return (
            self._problem.is_available(lecturer, slot)
            and slot not in at
            and at.get(slot - 1, site) == site
            and at.get(slot + 1, site) == site
        )

    def take(self, lecturer: int, site: int, slots: Sequence[int]) -> None:
        for slot in slots:
            self.at[lecturer][slot] = site


def _teachers(
    instance: Instance, s: int, available: Sequence[frozenset[int] | None]
) -> dict[int, tuple[int, ...]]:
    session = instance.sessions[s]
    return {
        m: tuple(
            k
            for k, who in enumerate(instance.lecturers)
            if may_teach(instance, k, m)
            and who.site in (None, session.site)
            and ((days := available[k]) is None or not days.isdisjoint(session.days))
        )
        for m in session.modules
    }


def may_teach(instance: Instance, lecturer: int, module: int) -> bool:
    """Whether a lecturer's kind and own list have a module, place and time aside."""
    who, what = instance.lecturers[lecturer], instance.modules[module]
    return (not what.lecturers or who.kind in what.lecturers) and (
        who.modules is None or module in who.modules
    )
