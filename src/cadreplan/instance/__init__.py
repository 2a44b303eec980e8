"""The frozen, solver-ready problem: one complete instance in integers and indices, without any I/O.

Everything that the check and the engines read is here.
"""

from cadreplan.instance.entities import (
    Ability,
    Branch,
    DayRange,
    Lapsed,
    Leader,
    Lecturer,
    Lesson,
    Limit,
    Location,
    Module,
    Norm,
    Offering,
    Owed,
    Past,
    Policy,
    Role,
    Room,
    Session,
    Site,
    Skill,
    SkillGap,
    Tally,
    Weights,
)
from cadreplan.instance.problem import Instance

__all__ = [
    "Ability",
    "Branch",
    "DayRange",
    "Instance",
    "Lapsed",
    "Leader",
    "Lecturer",
    "Lesson",
    "Limit",
    "Location",
    "Module",
    "Norm",
    "Offering",
    "Owed",
    "Past",
    "Policy",
    "Role",
    "Room",
    "Session",
    "Site",
    "Skill",
    "SkillGap",
    "Tally",
    "Weights",
]
