"""A builder of small instances with lecturers, and programmes written as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import cast

from cadreplan.instance import Ability, Branch, DayRange, Instance, Lecturer, Module, Policy, Session, Site
from cadreplan.plan import ProgrammeEntry, Slot
from cadreplan.solution import Solution
from cadreplan.verification.programmes import broken

MONDAY = date(2026, 3, 2)


@dataclass
class Build:
    """Sites `P` and `Q`. Modules, sessions and lecturers are added by id; lists of ids are text with blanks.

    Days count from Monday, 2 March 2026.
    """

    modules: dict[str, Module] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    lecturers: dict[str, Lecturer] = field(default_factory=dict)

    def module(
        self,
        name: str,
        *,
        slots: int = 1,
        method: str = "lecture",
        core: bool = False,
        requires: str = "",
        kinds: str = "",
    ) -> Build:
        needed = tuple(
            tuple(list(self.modules).index(m) for m in entry.split("|")) for entry in requires.split()
        )
        self.modules[name] = Module(
            name, name, 4 * slots, "lecture", method, core, (), needed, tuple(kinds.split())
        )
        return self

    def session(
        self, name: str, days: int | tuple[int, ...], modules: str, *, at: str = "P", candidate: bool = False
    ) -> Build:
        held = tuple(list(self.modules).index(m) for m in modules.split())
        on = (days,) if isinstance(days, int) else days
        self.sessions[name] = Session(name, "PQ".index(at), held, on, seats=9, candidate=candidate)
        return self

    def lecturer(
        self,
        name: str,
        kind: str = "tutor",
        *,
        modules: str | None = None,
        available: tuple[DayRange, ...] | None = None,
        max_slots: int | None = None,
        site: str | None = None,
    ) -> Build:
        own = None if modules is None else tuple(list(self.modules).index(m) for m in modules.split())
        bound = None if site is None else "PQ".index(site)
        self.lecturers[name] = Lecturer(name, name, kind, own, available, max_slots, bound)
        return self

    @property
    def instance(self) -> Instance:
        return Instance(
            title="built",
            start=MONDAY,
            n_days=28,
            abilities=(Ability("A", "A"),),
            skills=(),
            modules=tuple(self.modules.values()),
            roles=(),
            sites=(Site("P", "P", "base"), Site("Q", "Q", "base")),
            branches=(Branch("B", "B", None),),
            sessions=tuple(self.sessions.values()),
            offerings=(),
            lecturers=tuple(self.lecturers.values()),
            leaders=(),
            policy=Policy(),
        )

    @property
    def solution(self) -> Solution:
        """Everything runs, with nobody in it."""
        return Solution((), frozenset(s for s, x in enumerate(self.sessions.values()) if x.candidate))

    def breaks(self, text: str) -> list[str]:
        """Where rules are broken by a programme given as for `entries`, each once, with the message."""
        return list(
            dict.fromkeys(
                f"{where}: {message}" for where, message in broken(self.instance, self.entries(text))
            )
        )

    def entries(self, text: str) -> dict[int, tuple[ProgrammeEntry, ...]]:
        """`S1: 0am M1 T1, 0pm M2 -; S2: ...`; `-` is nobody, with a reason, and `?` nobody without one."""
        found: dict[int, tuple[ProgrammeEntry, ...]] = dict.fromkeys(range(len(self.sessions)), ())
        for part in filter(None, (part.strip() for part in text.split(";"))):
            name, _, rows = part.partition(":")
            found[list(self.sessions).index(name)] = tuple(
                entry(row) for row in rows.split(",") if row.strip()
            )
        return found


def entry(row: str) -> ProgrammeEntry:
    """`0am M1 T1`."""
    when, module, who = row.split()
    day = (MONDAY + timedelta(days=int(when[:-2]))).isoformat()
    slot = cast("Slot", when[-2:])
    return ProgrammeEntry(
        module, day, slot, None if who in "-?" else who, "no-kind: nobody" if who == "-" else None
    )
