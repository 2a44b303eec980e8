"""All input rules, and running those that apply to a document."""

from __future__ import annotations

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.rules import (
    cohorts,
    curriculum,
    cycles,
    days,
    demand,
    ids,
    levels,
    nearness,
    norms,
    offerings,
    people,
    pin_limits,
    pins,
    places,
    points,
    reach,
    reading,
    references,
    roster,
    sessions,
    sites,
    tags,
)
from cadreplan.rules.base import DocumentRule, Rule

CURRICULUM_RULES: tuple[DocumentRule[CurriculumDocument], ...] = (
    *references.CURRICULUM_RULES,
    *ids.CURRICULUM_RULES,
    *cycles.CURRICULUM_RULES,
    *curriculum.CURRICULUM_RULES,
    *norms.CURRICULUM_RULES,
)
ROSTER_RULES: tuple[DocumentRule[RosterDocument], ...] = (
    *references.ROSTER_RULES,
    *ids.ROSTER_RULES,
    *cycles.ROSTER_RULES,
    *roster.ROSTER_RULES,
    *sessions.ROSTER_RULES,
    *sites.ROSTER_RULES,
    *offerings.ROSTER_RULES,
    *days.ROSTER_RULES,
    *places.ROSTER_RULES,
    *nearness.ROSTER_RULES,
    *people.ROSTER_RULES,
    *tags.ROSTER_RULES,
    *cohorts.ROSTER_RULES,
    *norms.ROSTER_RULES,
    *levels.ROSTER_RULES,
    *pins.ROSTER_RULES,
    *pin_limits.ROSTER_RULES,
    *points.ROSTER_RULES,
)
WHOLE_RULES: tuple[DocumentRule[CurriculumDocument], ...] = curriculum.WHOLE_RULES
"""Rules that say what a curriculum lacks; they judge one without errors only."""
DEMAND_RULES: tuple[DocumentRule[RosterDocument], ...] = (
    *people.WHOLE_RULES,
    *levels.WHOLE_RULES,
    *demand.ROSTER_RULES,
    *reach.ROSTER_RULES,
)
"""Rules that count people and seats; they judge a roster without errors only."""

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted(
        (*reading.RULES, *CURRICULUM_RULES, *WHOLE_RULES, *ROSTER_RULES, *DEMAND_RULES),
        key=lambda rule: rule.id,
    )
}
"""Every rule by its id; one that applies to both kinds of document is listed once."""

LATE_RULES = frozenset(rule.id for rule in WHOLE_RULES) | frozenset(rule.id for rule in DEMAND_RULES)
"""Rules that judge documents without errors only."""
ROSTER_ONLY_RULES = (
    frozenset(rule.id for rule in (*ROSTER_RULES, *DEMAND_RULES))
    - frozenset(rule.id for rule in CURRICULUM_RULES)
    - frozenset(rule.id for rule in WHOLE_RULES)
)
"""Rules that a curriculum by itself can't break."""


def check_curriculum(document: CurriculumDocument) -> list[Diagnostic]:
    """The findings of every rule about curricula."""
    return [found for rule in CURRICULUM_RULES for found in rule.check(document)]


def check_whole(document: CurriculumDocument) -> list[Diagnostic]:
    """What a curriculum lacks as a whole; for one in which nothing is an error."""
    return [found for rule in WHOLE_RULES for found in rule.check(document)]


def check_roster(document: RosterDocument) -> list[Diagnostic]:
    """The findings of every rule about rosters; those of its curriculum are not among them."""
    return [found for rule in ROSTER_RULES for found in rule.check(document)]


def check_demand(document: RosterDocument) -> list[Diagnostic]:
    """What can't be closed whatever the plan; for a roster in which nothing else is an error."""
    return [found for rule in DEMAND_RULES for found in rule.check(document)]
