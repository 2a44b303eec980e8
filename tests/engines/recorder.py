"""A listener that keeps everything it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from cadreplan.solution import Solution


@dataclass
class Recorder:
    """`after` solutions it asks to stop (None: never)."""

    solutions: list[Solution] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    after: int | None = None

    def solution(self, solution: Solution) -> None:
        self.solutions.append(solution)

    def bound(self, bound: int) -> None:
        self.bounds.append(bound)

    def phase(self, text: str) -> None:
        self.phases.append(text)

    def should_stop(self) -> bool:
        return self.after is not None and len(self.solutions) >= self.after
