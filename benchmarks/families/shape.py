"""What a family of rosters is drawn from: ranges, shares and choices, each with its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Span = tuple[int, int]
"""Least and most, both included; a draw is uniform."""
Share = tuple[float, float]
"""Least and most of a share or a factor; a draw is uniform."""

NEVER: Share = (0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A kind of roster. Every roster draws its own values from the ranges, and from these what is in it.

    Shares are drawn once a roster unless something else is said.
    """

    # --- time
    weeks: Span
    """Weeks of the horizon."""

    # --- branches
    depth: Span
    """Levels below the root, the outlets among them."""
    outlet: Span
    """Leaders of an outlet; drawn for each, small ones more often (evenly by magnitude)."""
    away: Span
    """People of an outlet who may be away on one day, drawn for each."""
    away_share: Share = NEVER
    """The same as a share of the outlet; the larger number holds."""
    away_above: Share | None = None
    """Share of the people below a branch between root and outlets; None: unlimited."""
    country: bool = True
    """Whether the first level is spread over the whole country, or lies within one province."""

    # --- what is taught
    skills: Span = (16, 16)
    modules: Span = (26, 26)
    teaches: tuple[int, ...] = (1, 1, 2, 2, 3)
    """Skills a module teaches; one of these numbers."""
    module_hours: tuple[int, ...] = (8, 16, 16, 24, 40)
    """Hours of a module, 8 a day; one of these."""
    chain: int = 0
    """Most modules that must have been completed one before another, ahead of a module."""
    chained: Share = NEVER
    """Modules with a prerequisite."""

    # --- people
    roles: Span = (5, 5)
    needs: Span = (9, 9)
    """Skills a role needs."""
    levels_held: tuple[int, ...] = (0, 0, 1, 1, 2, 2, 3)
    """Level held of a skill that the role needs; one of these."""
    completed: tuple[int, ...] = (0, 0, 1)
    """Modules a leader has completed; one of these numbers."""
    absences: tuple[int, ...] = (0, 0, 1, 2)
    """Stretches of up to twelve days on which a leader can't go; one of these numbers."""
    shifts: Span = (0, 0)
    """A leader can't go in one week out of so many, always in turn; 0: no shifts."""
    several: Share = NEVER
    """Rows that stand for two to five people."""
    wishes: Share = NEVER
    """Leaders with wishes for some sessions and a site."""
    own_limits: Share = NEVER
    """Leaders with limits of their own."""
    priorities: tuple[int, ...] = (1, 1, 1, 2)
    """Priority of all leaders of a first-level branch; one of these."""

    # --- sessions
    tightness: Share = (0.85, 1.15)
    """Seats over seats wanted, candidates included; wanted is a session for every 1.7 skill gaps."""
    seats: Span = (4, 1000)
    """Seats of a session are kept within this."""
    longest: int = 5
    """Most working days of a session."""
    second_module: Share = (0.3, 0.5)
    """Sessions of one or two days that have a second module as well."""
    candidates: Share = NEVER
    """Sessions that are candidates."""
    costs: tuple[int, ...] = (5000, 20000, 40000)
    """Cost of a candidate; one of these."""
    offerings: Span | None = None
    """Offerings, whose candidates come on top of the sessions."""
    offered: Share | None = None
    """Candidates of offerings for each session of the size asked for, in place of any session."""
    offering_sites: Span = (3, 3)
    max_runs: tuple[int | None, ...] = (3,)
    quotas: Share = NEVER
    """Sessions with quotas for branches of the first level."""
    quota_each: Share = (0.1, 0.3)
    """Seats a quota leaves to a branch, as a share of the session's, drawn for each."""
    branch_audience: Share = NEVER
    """Sessions for some branches of the first level only."""
    role_audience: Share = NEVER
    """Sessions for some roles only."""

    # --- places
    sites: Span = (7, 7)
    """Sites for everybody."""
    regional: Share = NEVER
    """Sessions held at a site of a first-level branch, of which each has one then."""
    beds: Share = NEVER
    """Sites whose beds are limited."""
    beds_of_peak: Share = (0.7, 1.0)
    """Beds as a share of the seats on the fullest day, drawn for each site."""
    rooms: Share = NEVER
    """Sites whose rooms are limited: those that confirmed sessions need, and some more."""
    rooms_more: Span = (0, 1)
    """Rooms beyond those for confirmed sessions, drawn for each site."""
    lecturers: Span = (0, 0)

    # --- policy
    max_sessions: int | None = 4
    max_days: int | None = 12
    max_trips: int | None = 3
    transfer_days: int = 1
    stay_gap: int = 2
    core_share: str | None = None
    """As a fraction, like 1/4; None: no standard."""
    min_methods: int = 0
    min_hours: int = 0
    """Study hours wanted of every leader; each one missing costs 50 points."""


def span(random: Random, of: Span) -> int:
    """A whole number of a range."""
    return random.randint(*of)


def share(random: Random, of: Share) -> float:
    """A share of a range; nothing is drawn from a range of one value."""
    return of[0] if of[0] == of[1] else random.uniform(*of)
