"""The verdict on a plan."""

from __future__ import annotations

from dataclasses import dataclass

from cadreplan.goals import GroupGoals
from cadreplan.language import tr
from cadreplan.notebook import MOST_ROWS, table
from cadreplan.plan import Terms


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: `where` is the id of the leader, session, site or branch; `message` has the numbers."""

    rule: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on a plan: all violations, in rule order, and the recomputed terms.

    `left_out` are those left out whom the policy's guarantee speaks of, None where it has none; `charge` is
    what the leaders' `promise` takes off.
    """

    violations: tuple[Violation, ...]
    terms: Terms
    groups: GroupGoals | None = None
    """What no discussion groups of these people can be better than, proven here; of a plan document only."""
    left_out: int | None = None
    charge: int = 0
    reasons: int = 0
    """Open skill gaps of a plan document whose reason is recomputed here."""

    @property
    def ok(self) -> bool:
        return not self.violations

    @property
    def value(self) -> int:
        """What engines maximise: the worth less the charge."""
        return self.terms.total - self.charge

    def _repr_html_(self) -> str:
        """What a notebook shows: the verdict, and the first violations."""
        verdict = tr("right") if self.ok else tr("wrong")
        rows = [(v.rule, v.where, v.message) for v in self.violations[:MOST_ROWS]]
        if len(self.violations) > MOST_ROWS:
            rows.append(("…", "", tr("{n} more", n=len(self.violations) - MOST_ROWS)))
        return table(f"{verdict}: {tr('worth')} {self.terms.total:,}", rows)
