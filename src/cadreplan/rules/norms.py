"""Norms: each says one thing to reach, and what a roster adds to them has an effect."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.schema.curriculum import NormSpec
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule


@rule("norm-goal", "error", "a norm doesn't say one thing to reach in one window")
def norm_goal(document: CurriculumDocument) -> Iterator[Found]:
    """A norm has neither `hours` nor `sessions`, or both; or it has both `years` and `within`.

    What was done before is written as one number a norm (`credited`), so a norm counts one thing. Write two
    norms where rules ask for two things.

    Wrong:

        norms:
          yearly: {hours: 56, sessions: 1}

    Right:

        norms:
          yearly: {hours: 56}
          once: {sessions: 1}
    """
    for row, norm in document.norms.valid():
        if norm.hours is None and norm.sessions is None:
            message = tr("found a norm without `hours` and `sessions`, expected one of them")
            yield Found(row.file, row.id_mark, message, tr("write what is wanted: hours: 56"))
        elif norm.hours is not None and norm.sessions is not None:
            message = tr("found a norm with `hours` and `sessions`, expected one of them")
            yield at(row, ("sessions",), message, tr("make two norms of it"))
        if norm.years is not None and norm.within is not None:
            message = tr("found a norm with `years` and `within`, expected one window")
            hint = tr("`years` counts calendar years, `within` days after taking the post: take one out")
            yield at(row, ("within",), message, hint)


@rule("norm-without-effect", "warning", "norms have a weight, and the curriculum has none")
def norm_without_effect(document: RosterDocument) -> Iterator[Found]:
    """`weights.norm` says what a missing hour costs, while the curriculum has no `norms`.

    Wrong:

        policy: {weights: {norm: 100}}

    Right:

        norms:
          yearly: {hours: 32}
        policy: {weights: {norm: 100}}
    """
    policy, curriculum = document.policy, document.curriculum
    if policy is None or curriculum is None or not policy.weights.norm:
        return
    if curriculum.norms.whole and not curriculum.norms.rows:
        message = tr("norm: found {points}, and the curriculum has no norms", points=policy.weights.norm)
        hint = tr("add `norms` to the curriculum")
        yield Found(document.file, document.mark("policy", "weights", "norm"), message, hint)


@rule("norm-without-since", "warning", "a deadline can't be known, for `since` is missing")
def norm_without_since(document: RosterDocument) -> Iterator[Found]:
    """A norm counts days from when somebody took their post, and a leader it is for has no `since`.

    The norm then doesn't apply to them. Said only where `weights.norm` gives norms a weight.

    Wrong:

        norms:
          newcomer: {sessions: 1, within: 183, roles: [secretary]}
        policy: {weights: {norm: 100}}
        leaders:
          - {id: L1, branch: HQ, role: secretary}

    Right:

        norms:
          newcomer: {sessions: 1, within: 183, roles: [secretary]}
        policy: {weights: {norm: 100}}
        leaders:
          - {id: L1, branch: HQ, role: secretary, since: 2026-01-05}
    """
    policy, curriculum = document.policy, document.curriculum
    if policy is None or curriculum is None or not policy.weights.norm:
        return
    timed = [(row.id, norm) for row, norm in curriculum.norms.valid() if norm.within is not None]
    for row, leader in document.leaders.valid():
        if leader.since is None:
            norm = next((id_ for id_, norm in timed if _is_for(norm, leader.role)), None)
            if norm is not None:
                message = tr("found no `since`, from which the norm {norm} counts its days", norm=shown(norm))
                yield Found(row.file, row.id_mark, message, tr("write the day on which they took the post"))


@rule("since-later", "warning", "somebody took their post after the horizon")
def since_later(document: RosterDocument) -> Iterator[Found]:
    """The day since when somebody is in their post lies behind the last day of the horizon.

    Often a year is mistyped: norms that count days from then on would not apply.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, since: 2062-01-05}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, since: 2026-01-05}
    """
    horizon = document.horizon
    if horizon is None:
        return
    for row, leader in document.leaders.valid():
        if leader.since is not None and leader.since > horizon.end:
            message = tr(
                "since: found {day}, expected {last} or before, the last day of the horizon",
                day=leader.since.isoformat(),
                last=horizon.end.isoformat(),
            )
            yield at(row, ("since",), message)


@rule("credit-for-others", "warning", "hours are credited to a norm that isn't for the leader's role")
def credit_for_others(document: RosterDocument) -> Iterator[Found]:
    """A leader's `credited` names a norm whose `roles` don't have the leader's role.

    The hours count for nothing. Usually the post has changed, or another norm was meant.

    Wrong:

        norms:
          newcomer: {sessions: 1, within: 183, roles: [secretary]}
        leaders:
          - {id: L1, branch: HQ, gaps: {meetings: 1}, credited: {newcomer: 1}}

    Right:

        norms:
          newcomer: {sessions: 1, within: 183, roles: [secretary]}
        leaders:
          - {id: L1, branch: HQ, role: secretary, credited: {newcomer: 1}}
    """
    if document.curriculum is None:
        return
    norms = document.curriculum.norms
    for row, leader in document.leaders.valid():
        for id_ in leader.credited:
            norm = norms.spec(id_)
            if norm is not None and not _is_for(norm, leader.role):
                message = tr(
                    "credited: found {norm}, a norm that isn't for this leader's role", norm=shown(id_)
                )
                yield at(row, ("credited", id_), message)


def _is_for(norm: NormSpec, role: str | None) -> bool:
    return norm.roles is None or role in norm.roles


CURRICULUM_RULES = (norm_goal,)
ROSTER_RULES = (norm_without_effect, norm_without_since, since_later, credit_for_others)
