"""All points of a roster together stay in the range that every solver counts exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.schema.roster import PolicySpec
from cadreplan.documents.schema.tables import GapSpec, LeaderSpec
from cadreplan.language import tr
from cadreplan.rules.base import Found, rule

MOST_POINTS = 2**53
_LONGEST_TRIP_KM = 40031
"""Twice half the circumference of the Earth, rounded up."""


@rule("points-overflow", "error", "the points of the roster are too many to be counted exactly")
def points_overflow(document: RosterDocument) -> Iterator[Found]:
    """The sum of everything a plan could win and lose is 2^53 points or more.

    Beyond that, numbers are no longer exact, and no bound could be trusted. Weights, priorities, preferences
    and costs only matter relative to each other: divide them all by the same number.

    Wrong:

        policy:
          weights: {gap: 1000000000000}
        leaders:
          - {id: L1, branch: HQ, role: secretary, priority: 1000000}

    Right:

        policy:
          weights: {gap: 1000}
        leaders:
          - {id: L1, branch: HQ, role: secretary, priority: 10}
    """
    if document.policy is None:
        return
    terms = _terms(document, document.policy)
    total = sum(terms.values())
    if total >= MOST_POINTS:
        largest = max(terms, key=lambda term: terms[term])
        path = {"prefers": ("leaders",)}.get(largest, ("policy", "weights", largest))
        message = tr(
            "found up to {total:.2e} points in a plan, expected fewer than {most:.2e} (2^53); most come from"
            " {term}",
            total=total,
            most=MOST_POINTS,
            term=shown(largest),
        )
        hint = tr("divide all points by the same number")
        yield Found(document.file, document.mark(*path), message, hint)


def _terms(document: RosterDocument, policy: PolicySpec) -> dict[str, int]:
    """The largest size that each term of the objective can have."""
    weights = policy.weights
    n_days = document.horizon.n_days if document.horizon else 0
    leaders = [leader for _, leader in document.leaders.valid()]
    sessions_at = Counter(delivery.site for delivery in document.deliveries)
    trips = n_days if policy.local_km else min(n_days, len(document.deliveries))  # from home, one a day
    gap_weight = _GapWeight(document.curriculum)
    return {
        "gap": weights.gap * sum(leader.priority * gap_weight.of(leader) for leader in leaders),
        "prefers": sum(
            abs(points) * max(1, sessions_at[id_])
            for leader in leaders
            for id_, points in leader.prefers.items()
        ),
        "km": weights.km * trips * _LONGEST_TRIP_KM * len(leaders),
        "day": weights.day * n_days * len(leaders),
        "open": weights.open * sum(delivery.spec.cost for delivery in document.deliveries),
        "underfill": weights.underfill * sum(d.spec.min_seats for d in document.deliveries),
        "hour": weights.hour * policy.min_hours * len(leaders),
        "mix": weights.mix * _most_lacking(document),
        "norm": weights.norm * len(leaders) * _norms(document.curriculum),
        "wait": weights.wait * sum((leader.waited + 1) ** 2 for leader in leaders),
    }


def _norms(curriculum: CurriculumDocument | None) -> int:
    """Hours and sessions that all norms want of somebody."""
    norms = curriculum.norms.valid() if curriculum else ()
    return sum((norm.hours or 0) + (norm.sessions or 0) for _, norm in norms)


def _most_lacking(document: RosterDocument) -> int:
    """People whom all classes together can have too few or too many of."""
    total = 0
    seats = [delivery.spec.seats for delivery in document.deliveries]
    for _, mix in document.mix.valid():
        if mix.each == "class" and not mix.hard:
            values = 1 if mix.value is not None else len(document.leaders.rows)
            least = mix.at_least.n if mix.at_least is not None and not mix.at_least.is_share else 0
            total += sum(values * max(least, n) + n for n in seats)
    return total


class _GapWeight:
    """The weight of all skill gaps that a leader can have."""

    def __init__(self, curriculum: CurriculumDocument | None) -> None:
        skills = curriculum.skills.valid() if curriculum else ()
        self._weights = {row.id: skill.weight for row, skill in skills}
        roles = curriculum.roles.valid() if curriculum else ()
        self._of_role = {row.id: sum(self._weights.get(id_, 0) for id_ in role.needs) for row, role in roles}

    def of(self, leader: LeaderSpec) -> int:
        if leader.gaps is None:
            return self._of_role.get(leader.role, 0)
        total = 0
        for id_, gap in leader.gaps.items():
            weight = gap.weight if isinstance(gap, GapSpec) else gap
            total += self._weights.get(id_, 0) if weight is None else weight
        return total


ROSTER_RULES = (points_overflow,)
