"""All input rules, and running those that apply to a document."""

from __future__ import annotations

from cadreplan.diagnostics import Diagnostic
from cadreplan.documents.model import CurriculumDocument, RosterDocument


def check_curriculum(document: CurriculumDocument) -> list[Diagnostic]:
    """The findings of every rule about curricula."""
    return []


def check_roster(document: RosterDocument) -> list[Diagnostic]:
    """The findings of every rule about rosters; those of its curriculum are not among them."""
    return []
