"""All input rules, and running those that apply to a document."""

from __future__ import annotations

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.model import CurriculumDocument, RosterDocument
from cadreplan.rules import cycles, ids, offerings, pins, points, reading, references, roster, sessions, sites
from cadreplan.rules.base import DocumentRule, Rule

CURRICULUM_RULES: tuple[DocumentRule[CurriculumDocument], ...] = (
    *references.CURRICULUM_RULES,
    *ids.CURRICULUM_RULES,
    *cycles.CURRICULUM_RULES,
)
ROSTER_RULES: tuple[DocumentRule[RosterDocument], ...] = (
    *references.ROSTER_RULES,
    *ids.ROSTER_RULES,
    *cycles.ROSTER_RULES,
    *roster.ROSTER_RULES,
    *sessions.ROSTER_RULES,
    *sites.ROSTER_RULES,
    *offerings.ROSTER_RULES,
    *pins.ROSTER_RULES,
    *points.ROSTER_RULES,
)
RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in sorted((*reading.RULES, *CURRICULUM_RULES, *ROSTER_RULES), key=lambda rule: rule.id)
}
"""Every rule by its id; one that applies to both kinds of document is listed once."""


def check_curriculum(document: CurriculumDocument) -> list[Diagnostic]:
    """The findings of every rule about curricula."""
    return [found for rule in CURRICULUM_RULES for found in rule.check(document)]


def check_roster(document: RosterDocument) -> list[Diagnostic]:
    """The findings of every rule about rosters; those of its curriculum are not among them."""
    return [found for rule in ROSTER_RULES for found in rule.check(document)]
