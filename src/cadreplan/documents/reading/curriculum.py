"""A tree, or the sheets of a workbook, to a curriculum; and what a roster may name of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from cadreplan.documents.files import Source
from cadreplan.documents.findings import Findings
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.reading.season import is_workbook, read_curriculum_sheets
from cadreplan.documents.rows import Table
from cadreplan.documents.schema.curriculum import (
    AbilitySpec,
    CurriculumSpec,
    ModuleSpec,
    NormSpec,
    RoleSpec,
    SkillSpec,
    StandardsSpec,
)
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tree import Map
from cadreplan.documents.values.names import KINDS, Names, names_in
from cadreplan.documents.values.validate import read_entries, read_fields, unknown_keys

S = TypeVar("S", bound=Spec)

_CURRICULUM_TABLES = ("abilities", "skills", "modules", "roles", "norms")


def curriculum_of(tree: Map, source: Source, findings: Findings) -> CurriculumDocument:
    """The curriculum in a tree, or in the sheets of the workbook that the tree was made from."""
    if is_workbook(source) and (found := read_curriculum_sheets(source, findings)) is not None:
        return found
    return read_curriculum(tree, source.file, findings)


def read_curriculum(tree: Map, file: str, findings: Findings) -> CurriculumDocument:
    """The curriculum in a tree."""
    unknown_keys(CurriculumSpec, file, tree, findings)
    head = [name for name in CurriculumSpec.model_fields if name not in _CURRICULUM_TABLES]
    values = read_fields(CurriculumSpec, head, file, tree, findings)

    def table(spec: type[S], name: str) -> Table[S]:
        entries = tree.get(name)
        if isinstance(entries, Map):
            return read_entries(spec, name, file, entries, findings)
        values = read_fields(CurriculumSpec, [name], file, tree, findings)
        return Table(name, whole=name in values)

    return CurriculumDocument(
        file=file,
        tree=tree,
        title=values.get("title"),
        abilities=table(AbilitySpec, "abilities"),
        skills=table(SkillSpec, "skills"),
        modules=table(ModuleSpec, "modules"),
        roles=table(RoleSpec, "roles"),
        standards=values.get("standards") or StandardsSpec(),
        norms=table(NormSpec, "norms"),
    )


def names_of_curriculum(document: CurriculumDocument) -> dict[str, Names]:
    """What a roster may name of its curriculum, by sort; kinds are those that its modules name."""
    site_kinds = {kind for _, module in document.modules.valid() for kind in module.site_kinds}
    lecturers = {kind for _, module in document.modules.valid() for kind in module.lecturers}
    return {
        "ability": names_in(document.abilities),
        "skill": names_in(document.skills),
        "module": names_in(document.modules),
        "role": names_in(document.roles),
        "norm": names_in(document.norms),
        "site kind": _kinds(site_kinds),
        "lecturer kind": _kinds(lecturers),
    }


def _kinds(known: Iterable[str]) -> Names:
    known = sorted(known)
    return Names(
        [*((kind, None) for kind in known), *((k, label) for label, k in KINDS.items() if k in known)]
    )
