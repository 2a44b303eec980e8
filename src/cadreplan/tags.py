"""The values of tags that leaders have: their own, and those that their branch and role tell."""

from __future__ import annotations

from cadreplan.instance import Instance, Leader

_BRANCH = "branch:"


def value_of(instance: Instance, leader: Leader, tag: str) -> str | None:
    """The value of a tag that a leader has; None where there is none.

    `branch:N` is the ancestor N below the root (0: the root itself); a branch that is higher has none.
    """
    if tag == "role":
        return None if leader.role is None else instance.roles[leader.role].id
    if tag == "branch":
        return instance.branches[leader.branch].id
    if tag.startswith(_BRANCH):
        lineage, below = instance.lineages[leader.branch], int(tag.removeprefix(_BRANCH))
        return instance.branches[lineage[-1 - below]].id if below < len(lineage) else None
    return next((value for own, value in leader.tags if own == tag), None)


def values_of(instance: Instance, tag: str) -> tuple[str, ...]:
    """All values of a tag that leaders of the roster have, sorted."""
    found = {value_of(instance, leader, tag) for leader in instance.leaders}
    return tuple(sorted(value for value in found if value is not None))
