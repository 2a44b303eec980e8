"""The smallest season there is: one skill, one module, one site, one branch, one offering."""

from __future__ import annotations

from cadreplan.instance import (
    Ability,
    Branch,
    Instance,
    Leader,
    Module,
    Offering,
    Policy,
    Room,
    Session,
    Site,
    Skill,
    SkillGap,
)
from tests.strategies import START


def one_skill(
    *sessions: Session,
    leaders: int = 4,
    heads: int = 1,
    max_away: int | None = None,
    rooms: int | None = None,
    max_runs: int = 1,
    policy: Policy | None = None,
) -> Instance:
    """Leaders of one branch who each lack one skill, and these sessions at one site; rooms have 9 seats."""
    gaps = (SkillGap(0, 1, 1),)
    held = None if rooms is None else tuple(Room(f"R{r}", 9) for r in range(rooms))
    return Instance(
        title="one skill",
        start=START,
        n_days=10,
        abilities=(Ability("A", "A"),),
        skills=(Skill("K", "K", 0, 1),),
        modules=(Module("M", "M", 4, "lecture", "lecture", True, ((0, 1),)),),
        roles=(),
        sites=(Site("P", "P", "base", rooms=held),),
        branches=(Branch("B", "B", None, max_away=max_away),),
        sessions=sessions,
        offerings=(Offering("O", max_runs),),
        lecturers=(),
        leaders=tuple(Leader(f"L{i}", "", 0, gaps=gaps, headcount=heads) for i in range(leaders)),
        policy=policy or Policy(),
    )
