"""Counting what was tried and what broke."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """`tried` and `broken` by kind of attack; `words` tell how to see each failure again."""

    tried: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)

    def count(self, kind: str, problem: str = "", times: int = 1) -> None:
        """Note that something was tried, and what was wrong with the outcome, if anything."""
        self.tried[kind] += times
        if problem:
            self.broken[kind] += 1
            self.words.append(f"{kind}: {problem}")

    def table(self) -> str:
        """A line for each kind, then the failures."""
        width = max(map(len, self.tried), default=0)
        lines = [
            f"{k:{width}}  {n:>8,} tried  {self.broken[k]:>4,} broken" for k, n in sorted(self.tried.items())
        ]
        return "\n".join([*lines, *self.words])
