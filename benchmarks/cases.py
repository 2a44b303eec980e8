"""The rosters the methods are compared on, and the sets of them that the make targets run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.draw import Drawn, Rules, draw
from benchmarks.public import course_allocation, workshop_tour

EVERYONE = ("columns", "exact", "highs", "scip", "first-come", "priority")


@dataclass(frozen=True)
class Contest:
    """A roster that methods are compared on: `seconds` is the time limit, `gap` the relative gap to stop at.

    `base` is added to a plan's worth before gaps are compared: the workshop tour is about what is lost
    against everybody's first choice, not about the points that everybody gets for coming.
    """

    id: str
    title: str
    leaders: int
    seconds: float
    gap: float = 0.0
    methods: tuple[str, ...] = EVERYONE
    base: int = 0


@dataclass(frozen=True)
class Case(Contest):
    """A contest on a roster that `make` draws from a seed."""

    make: Callable[[int], Drawn] = field(kw_only=True)


def national(leaders: int, sessions: int, seconds: float, *, gap: float = 1e-4, rules: Rules = "all") -> Case:
    """A national roster of the generator."""
    suffix = "" if rules == "all" else f", {rules} rules"
    return Case(
        f"{leaders}x{sessions}" + ("" if rules == "all" else f"-{rules}"),
        f"{leaders:,} leaders x {sessions:,} sessions{suffix}",
        leaders,
        seconds,
        gap,
        make=lambda seed: draw(leaders, sessions, seed, rules=rules),
    )


COURSES = Case(
    "courses",
    "synthetic course allocation, 700 people x 96 sections",
    700,
    60,
    make=lambda seed: course_allocation.roster(
        course_allocation.synthetic(seed), f"Synthetic courses {seed}"
    ),
)
TOUR = Case(
    "tour",
    "synthetic workshop tour, 5,000 families x 100 days",
    5000,
    180,
    make=lambda seed: workshop_tour.roster(workshop_tour.synthetic(seed), f"Synthetic workshop tour {seed}"),
    methods=(*EVERYONE, "proof"),
    base=-5000 * workshop_tour.ATTENDING,
)

_SMALL = (national(300, 80, 60, gap=0.0), national(1000, 150, 60, gap=0.0), COURSES)

SETS: dict[str, tuple[Case, ...]] = {
    "smoke": (national(60, 30, 10, gap=0.0),),
    "small": _SMALL,
    "full": (
        *_SMALL,
        national(5000, 300, 180),
        TOUR,
        national(20000, 600, 600, gap=1e-3),
        national(50000, 1000, 1800, gap=5e-3),
    ),
    "core": (
        national(300, 80, 60, gap=0.0, rules="core"),
        national(1000, 150, 60, gap=0.0, rules="core"),
        national(5000, 300, 180, rules="core"),
    ),
    "leaders": tuple(national(n, 300, 900, gap=2e-3) for n in (2500, 5000, 10000, 20000)),
    "sessions": tuple(national(5000, n, 900, gap=2e-3) for n in (150, 300, 600, 1200)),
}
"""`leaders` and `sessions` show how time grows: to a gap of 0.2 %, with one of the two fixed."""
