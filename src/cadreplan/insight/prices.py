"""What one more unit of everything that is limited is worth in a plan: the prices of its linear programme.

The programme is that of column generation, with what runs, and where, held as the plan has it: what leaders
who may be split between several sets of sessions could be worth together. Its prices say what one more seat,
bed or absence would bring if everybody moved as it needs, and are a guess for whole leaders. One thing holds
for certain, whatever the prices (Dantzig and Wolfe, 1960): with n <= UNITS units more of something, no
plan with these sessions and rooms is worth more than `ceiling` + n x its price. For that, leaders may in the
programme also attend what is too small for them by up to that many.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass, replace

from cadreplan.engines.columns.plan_prices import prices_around
from cadreplan.errors import RefutedBoundError, UsageError
from cadreplan.insight.plan_state import PlanState
from cadreplan.instance import Instance
from cadreplan.language import tr
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

UNITS = 5
"""The most units more that prices speak for."""


@dataclass(frozen=True)
class Prices:
    """Points for one more head: of seats by session, of seats by session and branch with a quota, of beds by
    site and day, of absences by branch and day; what is worth nothing is left out.

    `worth` is the plan's, `ceiling` bounds every plan with the same running sessions in the same rooms.
    """

    seats: dict[int, float]
    quotas: dict[tuple[int, int], float]
    beds: dict[tuple[int, int], float]
    away: dict[tuple[int, int], float]
    worth: int
    ceiling: int

    def of_site(self, site: int) -> float:
        """One bed more, on all days."""
        return sum(price for (p, _), price in self.beds.items() if p == site)

    def of_branch(self, branch: int) -> float:
        """One person more away, on all days."""
        return sum(price for (b, _), price in self.away.items() if b == branch)

    def by_day(self) -> dict[int, float]:
        """One bed more at every site, and one absence more in every branch, on a day."""
        found: dict[int, float] = defaultdict(float)
        for table in (self.beds, self.away):
            for (_, day), price in table.items():
                found[day] += price
        return dict(found)


def prices_of(state: PlanState, *, workers: int = 1) -> Prices:
    """The prices of a plan that keeps all rules; `workers` don't change them.

    Raises UsageError where weights are negative or a leader has more skill gaps than column generation takes,
    and RefutedBoundError where the plan is above what its prices prove.
    """
    weights = state.instance.policy.weights
    if min(astuple(weights)) < 0:
        raise UsageError(tr("prices need weights of at least 0"))
    held, plan, kept = _held(state)
    found = prices_around(held, _wider(held), plan, workers)
    worth, here = check(state.instance, state.solution()).value, check(held, plan).value
    if found.bound < here:
        raise RefutedBoundError(
            tr(
                "internal error: a plan worth {worth} points is above the bound of {bound} that its"
                " prices prove; please report it with the roster",
                worth=here,
                bound=found.bound,
            )
        )
    return Prices(
        {kept[s]: price for s, price in found.seats.items()},
        {(kept[s], b): price for (s, b), price in found.quotas.items()},
        found.beds,
        found.away,
        worth,
        found.bound + worth - here,
    )


def _held(state: PlanState) -> tuple[Instance, Solution, list[int]]:
    """The instance where only who attends what is to be chosen, the plan, and what sessions were."""
    instance = state.instance
    kept = [s for s in range(len(instance.sessions)) if state.runs(s)]
    new = {s: k for k, s in enumerate(kept)}
    sessions = tuple(
        replace(
            instance.sessions[s],
            seats=state.capacity[s],
            min_seats=0 if instance.sessions[s].candidate else instance.sessions[s].min_seats,
            candidate=False,
            cost=0,
            offering=None,
        )
        for s in kept
    )
    leaders = tuple(leader.renumbered(new) for leader in instance.leaders)
    sites = tuple(replace(site, rooms=None) for site in instance.sites)
    chosen = tuple(tuple(new[s] for s in own) for own in state.chosen)
    held = replace(instance, sessions=sessions, leaders=leaders, sites=sites, offerings=(), mix=(), ties=())
    return held, Solution(chosen), kept


def _wider(held: Instance) -> Instance:
    """With as many units more of everything, which tells who could attend what then."""
    sessions = tuple(
        replace(x, seats=x.seats + UNITS, quotas=tuple((b, most + UNITS) for b, most in x.quotas))
        for x in held.sessions
    )
    sites = tuple(x if x.beds is None else replace(x, beds=x.beds + UNITS) for x in held.sites)
    branches = tuple(
        x if x.max_away is None else replace(x, max_away=x.max_away + UNITS) for x in held.branches
    )
    return replace(held, sessions=sessions, sites=sites, branches=branches)
