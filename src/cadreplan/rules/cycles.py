"""Nothing may come before itself: prerequisites of modules, parents of branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.language import tr
from cadreplan.rules.base import Found, rule


@rule("prerequisite-cycle", "error", "modules require each other in a circle")
def prerequisite_cycle(document: CurriculumDocument) -> Iterator[Found]:
    """A module requires itself, directly or through others.

    Nobody could ever attend any of them: each waits for another. Where one of several modules is enough, it
    is a circle only if each of them waits.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, requires: [M-CASE]}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
    """
    requires = {row.id: module.requires for row, module in document.modules.valid() if row.id is not None}
    for cycle in cycles(_waiting(requires)):
        row = document.modules.by_id[cycle[0]]
        position = next(k for k, entry in enumerate(requires[cycle[0]]) if cycle[1] in entry)
        message = tr(
            "requires: found the circle {circle}, expected an order of the modules", circle=" → ".join(cycle)
        )
        hint = tr("remove one of these requirements")
        yield Found(row.file, row.mark("requires", position), message, hint)


def _waiting(requires: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """For each module that nobody could ever attend, those that it waits for and that nobody could either."""
    never = set(requires)
    while True:
        fresh = {m for m in never if all(any(r not in never for r in entry) for entry in requires[m])}
        if not fresh:
            break
        never -= fresh
    return {
        m: [r for entry in requires[m] if never.issuperset(entry) for r in entry]
        for m in requires
        if m in never
    }


@rule("branch-cycle", "error", "branches are each other's parents in a circle")
def branch_cycle(document: RosterDocument) -> Iterator[Found]:
    """A branch is below itself, directly or through others.

    Every branch has to lead up to a root: one without a parent.

    Wrong:

        branches:
          - {id: HQ, parent: NORTH}
          - {id: NORTH, parent: HQ}

    Right:

        branches:
          - {id: HQ}
          - {id: NORTH, parent: HQ}
    """
    parents = {
        branch.id: (branch.parent,) if branch.parent is not None else ()
        for _, branch in document.branches.valid()
    }
    for cycle in cycles(parents):
        row = document.branches.by_id[cycle[0]]
        message = tr(
            "parent: found the circle {circle}, expected a branch that leads up to a root",
            circle=" → ".join(cycle),
        )
        yield Found(row.file, row.mark("parent"), message, tr("leave out the parent of the root"))


def cycles(edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Circles that share no node, at least one for every set of nodes that reach each other.

    Each begins and ends at its node that comes first in `edges`. A depth-first search without recursion:
    an edge back to a node on the current path closes a circle.
    """
    order = {node: i for i, node in enumerate(edges)}
    found: list[list[str]] = []
    in_circle: set[str] = set()
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack = [(start, iter(edges[start]))] if start not in done else []
        if stack:
            on_path[start] = 0
            path.append(start)
        while stack:
            node, targets = stack[-1]
            target = next(targets, None)
            if target is None:
                stack.pop()
                path.pop()
                del on_path[node]
                done.add(node)
            elif target in on_path:
                circle = path[on_path[target] :]
                if in_circle.isdisjoint(circle):
                    in_circle.update(circle)
                    first = circle.index(min(circle, key=order.__getitem__))
                    circle = circle[first:] + circle[:first]
                    found.append([*circle, circle[0]])
            elif target in edges and target not in done:
                on_path[target] = len(path)
                path.append(target)
                stack.append((target, iter(edges[target])))
    return found


CURRICULUM_RULES = (prerequisite_cycle,)
ROSTER_RULES = (branch_cycle,)
