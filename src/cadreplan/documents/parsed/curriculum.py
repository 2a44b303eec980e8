"""A curriculum as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cadreplan.documents.rows import Table
from cadreplan.documents.schema.curriculum import (
    AbilitySpec,
    ModuleSpec,
    NormSpec,
    RoleSpec,
    SkillSpec,
    StandardsSpec,
)
from cadreplan.documents.schema.tables import OfferingSpec, SessionSpec
from cadreplan.documents.schema.types import GroupSize
from cadreplan.documents.tree import Map


@dataclass(frozen=True)
class CurriculumDocument:
    """A curriculum; what couldn't be read is empty and its tables aren't whole."""

    file: str
    tree: Map
    title: str | None
    abilities: Table[AbilitySpec]
    skills: Table[SkillSpec]
    modules: Table[ModuleSpec]
    roles: Table[RoleSpec]
    standards: StandardsSpec
    norms: Table[NormSpec] = field(default_factory=lambda: Table("norms"))

    @property
    def tables(self) -> dict[str, Table[Any]]:
        return {t.name: t for t in (self.abilities, self.skills, self.modules, self.roles, self.norms)}

    @property
    def files(self) -> frozenset[str]:
        """What its findings name as their file: in a workbook each of its sheets."""
        return frozenset((self.file, *(row.file for table in self.tables.values() for row in table.rows)))

    def group_sizes(self, spec: SessionSpec | OfferingSpec) -> tuple[GroupSize, str | None] | None:
        """People in one discussion group, and the module that says so, None where the session itself does."""
        if spec.groups is not None:
            return spec.groups, None
        for id_ in spec.modules:
            module = self.modules.spec(id_)
            if module is not None and module.groups is not None:
                return module.groups, id_
        return None
