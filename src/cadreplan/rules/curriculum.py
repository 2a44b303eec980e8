"""A curriculum as a whole: what is taught against what is needed, and standards that can be met."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.tree import mark_at
from cadreplan.language import listed, tr
from cadreplan.rules.base import Found, rule

_LONG_HOURS = 40
"""Ten half days: a working week."""


@rule("unteachable-skill", "warning", "a skill is taught by no module, or not to the level needed")
def unteachable_skill(document: CurriculumDocument) -> Iterator[Found]:
    """A role needs a skill that no module teaches, or none to the level needed; or nobody teaches it at all.

    A leader in that role can never close the gap, whatever sessions are held. A skill that neither a module
    teaches nor a role needs is probably named otherwise where it was meant.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 1}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4}
        roles:
          secretary: {needs: {meetings: 2, review: 1}}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4}
        roles:
          secretary: {needs: {meetings: 2, review: 1}}
    """
    best: dict[str, int] = {}
    for _, module in document.modules.valid():
        for skill, level in module.teaches.items():
            best[skill] = max(level, best.get(skill, level))
    for row, role in document.roles.valid():
        for skill, level in role.needs.items():
            taught = best.get(skill, 0)
            if taught < level and skill in document.skills.by_id:
                values = {"skill": shown(skill), "level": level, "taught": taught}
                if taught:
                    message = tr(
                        "needs: found {skill} to level {level}, a skill taught to level {taught} at most",
                        **values,
                    )
                else:
                    message = tr(
                        "needs: found {skill} to level {level}, a skill taught by no module", **values
                    )
                hint = tr("add a module, or lower the level")
                yield Found(row.file, row.mark("needs", skill), message, hint)
    needed = {skill for _, role in document.roles.valid() for skill in role.needs}
    for skill_row in document.skills.rows:
        if skill_row.id not in best and skill_row.id not in needed:
            message = tr(
                "found the skill {skill}, which no module teaches and no role needs",
                skill=shown(skill_row.id),
            )
            yield Found(skill_row.file, skill_row.id_mark, message, tr("add a module, or take it out"))


@rule("unneeded-module", "warning", "a module teaches nothing that a role needs")
def unneeded_module(document: CurriculumDocument) -> Iterator[Found]:
    """No role needs any skill that a module teaches, and no module that is needed requires it.

    Its seats can close no gap that comes from a role. Nothing is said of a curriculum without roles: there
    the leaders' own `gaps` say what is needed.

    Wrong:

        roles:
          secretary: {needs: {meetings: 2}}

    Right:

        roles:
          secretary: {needs: {meetings: 2, review: 1}}
    """
    if not document.roles.rows:
        return
    needed = {skill for _, role in document.roles.valid() for skill in role.needs}
    modules = {row.id or "": module for row, module in document.modules.valid()}
    useful = [id_ for id_, module in modules.items() if not needed.isdisjoint(module.teaches)]
    kept = set(useful)
    while useful:
        for id_ in chain.from_iterable(modules[useful.pop()].requires):
            if id_ in modules and id_ not in kept:
                kept.add(id_)
                useful.append(id_)
    for row, module in document.modules.valid():
        if row.id not in kept:
            taught = listed(module.teaches) or tr("nothing")
            message = tr("teaches: found {skills}, expected a skill that a role needs", skills=taught)
            hint = tr("add it to the `needs` of a role, or take the module out")
            yield Found(row.file, row.mark("teaches"), message, hint)


@rule("orphan-ability", "warning", "no skill belongs to an ability")
def orphan_ability(document: CurriculumDocument) -> Iterator[Found]:
    """An ability that no skill names: reports would have an empty group.

    Wrong:

        abilities:
          duty: {name: 履职能力}
          innovation: {name: 创新能力}

    Right:

        abilities:
          duty: {name: 履职能力}
    """
    used = {skill.ability for _, skill in document.skills.valid()}
    for row in document.abilities.rows:
        if row.id not in used:
            message = tr(
                "found the ability {ability}, expected a skill that belongs to it", ability=shown(row.id)
            )
            hint = tr("name it as the `ability` of a skill, or take it out")
            yield Found(row.file, row.id_mark, message, hint)


@rule("duplicate-name", "warning", "two entries of a table have the same name")
def duplicate_name(document: CurriculumDocument) -> Iterator[Found]:
    """Two abilities, skills, modules or roles have the same name under different ids.

    On screens and in reports nobody could tell them apart; often one is a copy that was to be changed.

    Wrong:

        skills:
          meetings: {name: 三会一课, ability: duty, weight: 2}
          review: {name: 三会一课, ability: duty}

    Right:

        skills:
          meetings: {name: 三会一课, ability: duty, weight: 2}
          review: {name: 民主评议, ability: duty}
    """
    for table in document.tables.values():
        first: dict[str, str | None] = {}
        for row in table.rows:
            name = row.tree.get("name")
            if not isinstance(name, str):
                continue
            if name in first:
                message = tr(
                    "name: found {name} again, expected a name that no other of {table} has",
                    name=shown(name),
                    table=table.name,
                )
                hint = tr("{other} has it too", other=shown(first[name]))
                yield Found(row.file, row.mark("name"), message, hint)
            first.setdefault(name, row.id)


@rule("module-hours", "warning", "a module is longer than a working week")
def module_hours(document: CurriculumDocument) -> Iterator[Found]:
    """A module has more than 40 hours: more than ten half days, which no session of a week holds.

    Hours are study hours, not minutes: 4 fill half a day. What takes weeks is better cut into modules that
    require each other.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 48}
          M-CASE: {teaches: {review: 1}, hours: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-20], seats: 10}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 40}
          M-CASE: {teaches: {review: 1}, hours: 4}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-20], seats: 10}
    """
    for row, module in document.modules.valid():
        if module.hours > _LONG_HOURS:
            message = tr(
                "hours: found {hours}, expected {most} at most, a working week",
                hours=module.hours,
                most=_LONG_HOURS,
            )
            hint = tr("hours are study hours: 4 fill half a day")
            yield Found(row.file, row.mark("hours"), message, hint)


@rule("unmeetable-standards", "warning", "no session of two modules can meet the standards")
def unmeetable_standards(document: CurriculumDocument) -> Iterator[Found]:
    """The `standards` ask for more than any choice of modules gives.

    `core_share` asks for more core hours than any two modules have together, or `min_methods` for two or more
    teaching methods while all modules have the same.

    Wrong:

        standards: {min_methods: 2}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4, method: lecture}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}

    Right:

        standards: {min_methods: 2}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4, method: simulation}
        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-11], seats: 10}
    """
    modules = [module for _, module in document.modules.valid()]
    if len(modules) < 2:
        return
    share, methods = document.standards.core_share, document.standards.min_methods
    if share and (best := _best_share([(m.hours, m.core) for m in modules])) < float(share):
        message = tr(
            "core_share: found {share:g}, and no two modules together have more than {best:.0%} of their"
            " hours as core",
            share=float(share),
            best=best,
        )
        yield Found(
            document.file,
            mark_at(document.tree, ("standards", "core_share")),
            message,
            tr("mark core modules with `core: true`"),
        )
    used = {module.method for module in modules}
    if methods is not None and methods > 1 and len(used) == 1:
        message = tr(
            "min_methods: found {n}, and the method of every module is {method}",
            n=methods,
            method=modules[0].method,
        )
        mark = mark_at(document.tree, ("standards", "min_methods"))
        yield Found(document.file, mark, message, tr("lower it, or use another `method`"))


def _best_share(modules: list[tuple[int, bool]]) -> float:
    """The largest share of core hours that two modules have together."""
    core = sorted(hours for hours, is_core in modules if is_core)
    rest = [hours for hours, is_core in modules if not is_core]
    if len(core) > 1:
        return 1.0
    return core[0] / (core[0] + min(rest)) if core else 0.0


CURRICULUM_RULES = (duplicate_name, module_hours)
WHOLE_RULES = (unteachable_skill, unneeded_module, orphan_ability, unmeetable_standards)
