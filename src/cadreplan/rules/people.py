"""Leaders and policy: rows that nothing can be done for, and settings that do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule


@rule("leader-without-goal", "warning", "a leader has neither a role nor gaps")
def leader_without_goal(document: RosterDocument) -> Iterator[Found]:
    """A leader has no `role`, no `gaps` and no `pinned` session.

    Nothing says what they should learn, so that no plan sends them anywhere. Rows copied from a list of staff
    often lack the post.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, name: 王磊}

    Right:

        leaders:
          - {id: L1, branch: HQ, name: 王磊, role: secretary}
    """
    for row, leader in document.leaders.valid():
        if leader.role is None and leader.gaps is None and not leader.pinned:
            message = tr("found a leader without `role`, `gaps` or `pinned`, expected one of them")
            yield Found(row.file, row.id_mark, message, tr("give the role, or take the row out"))


@rule("gap-not-weighed", "warning", "a skill gap is worth nothing")
def gap_not_weighed(document: RosterDocument) -> Iterator[Found]:
    """A leader's `priority` is 0 while they have gaps, so that closing them earns nothing.

    They would only be sent where something else pays for it. To leave somebody out, take the row out or
    exclude sessions.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, priority: 0}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, priority: 1}
    """
    for row, leader in document.leaders.valid():
        if leader.priority == 0 and (leader.role is not None or leader.gaps):
            message = tr("priority: found 0, so that closing this leader's gaps earns nothing")
            yield at(row, ("priority",), message)


@rule("hours-without-effect", "warning", "wanted study hours have no weight, or a weight has no hours")
def hours_without_effect(document: RosterDocument) -> Iterator[Found]:
    """The policy has `min_hours` and `weights.hour` is 0, or the reverse: neither does anything alone.

    Wrong:

        policy: {min_hours: 8}

    Right:

        policy: {min_hours: 8, weights: {hour: 20}}
    """
    policy = document.policy
    if policy is None:
        return
    if policy.min_hours and not policy.weights.hour:
        message = tr(
            "min_hours: found {hours}, while `weights.hour` is 0: hours earn nothing", hours=policy.min_hours
        )
        hint = tr("set weights: {hour: ...}")
        yield Found(document.file, document.mark("policy", "min_hours"), message, hint)
    elif policy.weights.hour and not policy.min_hours:
        message = tr(
            "hour: found {points}, while `min_hours` is 0: no hours are wanted", points=policy.weights.hour
        )
        mark = document.mark("policy", "weights", "hour")
        yield Found(document.file, mark, message, tr("set min_hours"))


@rule("unmeetable-policy", "warning", "nobody can meet the policy's standards")
def unmeetable_policy(document: RosterDocument) -> Iterator[Found]:
    """The policy asks every leader for core hours, and no module is `core`.

    A leader who attends anything has to keep `core_share`; without a core module nobody could attend at all.

    Wrong:

        policy: {core_share: 0.5}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8}
          M-CASE: {teaches: {review: 1}, hours: 4}

    Right:

        policy: {core_share: 0.5}
        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4}
    """
    policy, curriculum = document.policy, document.curriculum
    if policy is None or curriculum is None or not policy.core_share:
        return
    modules = [row.spec for row in curriculum.modules.rows]
    if modules and not any(module is None or module.core for module in modules):
        message = tr(
            "core_share: found {share:g}, and no module of the curriculum is core",
            share=float(policy.core_share),
        )
        hint = tr("mark core modules with `core: true`")
        yield Found(document.file, document.mark("policy", "core_share"), message, hint)


ROSTER_RULES = (gap_not_weighed, hours_without_effect, unmeetable_policy)
WHOLE_RULES = (leader_without_goal,)
