"""An instance small enough to read: one site, one module, one session a week."""

from __future__ import annotations

from datetime import date

from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Policy,
    Role,
    Session,
    Site,
    Skill,
    SkillGap,
)


def small_instance(*, leaders: int, seats: int, sessions: int = 1) -> Instance:
    """`leaders` who all lack the one skill that each of the `sessions` teaches."""
    return Instance(
        title="small",
        start=date(2026, 3, 2),
        n_days=28,
        abilities=(Ability("duty", "履职能力"),),
        skills=(Skill("K", "三会一课", 0, 1),),
        modules=(Module("M", "组织生活", 8, "lecture", "lecture", False, ((0, 1),)),),
        roles=(Role("R", "支部书记", ((0, 1),)),),
        sites=(Site("P", "常州", "party-school"),),
        branches=(Branch("B", "分行", None),),
        sessions=tuple(Session(f"S{k}", 0, (0,), (7 * k + 1,), seats) for k in range(sessions)),
        offerings=(),
        lecturers=(),
        leaders=tuple(Leader(f"L{i}", f"学员{i}", 0, 0, (SkillGap(0, 1, 1),)) for i in range(leaders)),
        policy=Policy(),
    )
