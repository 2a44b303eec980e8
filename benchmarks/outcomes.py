"""What came out of one method on one case, and how far it is from the best that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """`objective` is None without a plan, `violations` counts broken rules; `seconds` is the whole command.

    `trace` has (seconds, objective, bound) as the method told them while running, None where unknown.
    """

    case: str
    method: str
    objective: int | None
    bound: int | None
    violations: int
    seconds: float
    peak_mb: int
    note: str = ""
    trace: Sequence[tuple[float, int | None, int | None]] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stated: dict[str, Any]) -> Outcome:
        trace = [(seconds, objective, bound) for seconds, objective, bound in stated["trace"]]
        return cls(**{**stated, "trace": tuple(trace)})


def best_bound(outcomes: Iterable[Outcome]) -> int | None:
    """The lowest bound that any method proved; None where none did."""
    return min((o.bound for o in outcomes if o.bound is not None), default=None)


def best_objective(outcomes: Iterable[Outcome]) -> int | None:
    """The best plan that keeps all rules; None where there is none."""
    return max((o.objective for o in outcomes if o.objective is not None and not o.violations), default=None)


def distance(objective: int, bound: int, base: int = 0) -> float:
    """(bound - objective) / |bound|, both shifted by `base`."""
    return (bound - objective) / max(1, abs(bound + base))


def seconds_to(outcome: Outcome, target: float, bound: int, base: int = 0) -> float | None:
    """When the method had a plan within `target` of `bound`: by its trace, else at its end, else None."""
    for seconds, objective, _ in outcome.trace:
        if objective is not None and distance(objective, bound, base) <= target:
            return seconds
    if outcome.objective is not None and distance(outcome.objective, bound, base) <= target:
        return outcome.seconds
    return None


def objective_at(outcome: Outcome, seconds: float) -> int | None:
    """The best plan in hand at a moment: by what was told until then, or the last one; None: none yet."""
    if outcome.seconds <= seconds:
        return outcome.objective
    told = (objective for then, objective, _ in outcome.trace if then <= seconds and objective is not None)
    return max(told, default=None)
