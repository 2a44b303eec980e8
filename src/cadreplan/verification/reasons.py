"""What a plan says of its open skill gaps, held against the roster and the plan.

What two sessions together would bring, and whether another one would get the leader farther, is not
recomputed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cadreplan.instance import Instance, SkillGap
from cadreplan.language import tr
from cadreplan.messages import Message
from cadreplan.messages.saying import say
from cadreplan.plan import OpenGap, Plan
from cadreplan.solution import Solution
from cadreplan.verification.layout import Layout
from cadreplan.verification.obstacles import TRUE, WHATEVER_ELSE, Case, Taught

REASON_OF: Mapping[str, str] = {
    **dict.fromkeys(("no-session", "too-low"), "no-session"),
    **dict.fromkeys(("begun", "excluded", "other-branches", "no-role", "other-roles"), "audience"),
    **dict.fromkeys(("held-outside", "held-while-away", "held-at-other-times"), "dates"),
    **dict.fromkeys(("stays-outside", "stays-while-away", "stays-at-other-times"), "dates"),
    "requires": "prerequisite",
    **dict.fromkeys(("repeats", "meets", "too-close", "could-be-added", "both-could-be-added"), "traded"),
    **dict.fromkeys(("sessions-used-up", "days-used-up", "trips-used-up"), "limits"),
    **dict.fromkeys(("core-share", "methods"), "standards"),
    "not-opened": "candidate",
    **dict.fromkeys(("seats-taken", "room-taken", "quota-taken"), "seats"),
    "beds-taken": "beds",
    "branch-away": "branch",
    **dict.fromkeys(("apart-in-class", "apart-on-day"), "tie"),
    "mix-forbids": "mix",
    **dict.fromkeys(("costs-as-much", "costs-more", "both-bring"), "not-worth"),
}
"""Code of what a reason rests on → the reason."""
_ALONE = frozenset(("no-session", "too-low", "could-be-added"))
"""Codes that say nothing of other sessions."""
_BESIDE = frozenset(("lacking", "needed", "others"))


def wrong_reasons(instance: Instance, plan: Plan, solution: Solution) -> tuple[list[tuple[str, str]], int]:
    """What is wrong with reasons, as ids of leaders and messages; and how many were recomputed as a whole.

    Sentences of plans of version 1 are taken as they stand, and so is all of a plan with a past, of which
    other limits hold. Of skill gaps that aren't open nothing is said here.
    """
    if any(session.frozen for session in instance.sessions):
        return [], 0
    state, taught = Layout(instance, solution), Taught(instance)
    wrong: list[tuple[str, str]] = []
    right = 0
    gaps = {
        (leader.id, instance.skills[gap.skill].id): (i, gap)
        for i, leader in enumerate(instance.leaders)
        for gap in leader.gaps
    }
    for entry in plan.open_gaps:
        found = gaps.get((entry.leader, entry.skill))
        if found is None or not isinstance(entry.detail, Message):
            continue
        i, gap = found
        if not taught.closers(gap).isdisjoint(solution.chosen[i]):
            continue
        broken = list(_wrong(state, taught, i, gap, entry, entry.detail))
        wrong += [(entry.leader, tr("{skill}: {problem}", skill=entry.skill, problem=one)) for one in broken]
        right += not broken and entry.detail.code in TRUE and _is_by_itself(entry.detail)
    return wrong, right


def _wrong(
    state: Layout, taught: Taught, i: int, gap: SkillGap, entry: OpenGap, told: Message
) -> Iterator[str]:
    if REASON_OF[told.code] != entry.reason:
        yield tr("the reason is {reason}, but {code} is told", reason=entry.reason, code=told.code)
    unknown = _unknown(state.instance, told)
    if unknown:
        yield tr("{id} is told of, which the roster doesn't have", id=unknown)
        return
    closers = taught.closers(gap)
    lacking = told.get("lacking")
    first = lacking if isinstance(lacking, Message) else told
    closing = first.get("session")
    if closing is not None and state.instance.session_by_id[str(closing)] not in closers:
        yield tr("{session} doesn't close it", session=closing)
    others, true = told.get("others") or 0, 0 if told.code in _ALONE else max(0, len(closers) - 1)
    if others != true:
        yield _stated("others", others, true)
    if isinstance(lacking, Message):
        yield from _untrue(Case(state, taught, i, gap, lacking))
        if told.get("session") != lacking["session"] and not _leads_up(state.instance, told, lacking):
            yield tr(
                "{session} doesn't lead up to {other}", session=told["session"], other=lacking["session"]
            )
    if _is_by_itself(told) or told.code in WHATEVER_ELSE:
        yield from _untrue(Case(state, taught, i, gap, told))


def _is_by_itself(told: Message) -> bool:
    """Whether it is told of what the leader attends now, and not of an earlier session beside."""
    lacking = told.get("lacking")
    return not isinstance(lacking, Message) or told.get("session") not in (None, lacking["session"])


def _leads_up(instance: Instance, told: Message, lacking: Message) -> bool:
    """Whether the session that is told of comes first and has what is lacking."""
    earlier, after = (
        instance.sessions[instance.session_by_id[str(one["session"])]] for one in (told, lacking)
    )
    held, entries = {instance.modules[m].id for m in earlier.modules}, lacking["modules"]
    assert isinstance(entries, tuple)
    return earlier.last_day < after.first_day and not any(held.isdisjoint(entry) for entry in entries)


def _unknown(instance: Instance, told: Message) -> str:
    """A session that is told of and isn't there."""
    inner = told.get("lacking")
    messages = (told, inner) if isinstance(inner, Message) else (told,)
    names = (one.get(name) for one in messages for name in ("session", "other", "earlier"))
    return next((str(name) for name in names if name and name not in instance.session_by_id), "")


def _untrue(case: Case) -> Iterator[str]:
    if case.told.code not in TRUE:
        return
    true = TRUE[case.told.code](case)
    if true is None:
        bare = Message(case.told.code, tuple((k, v) for k, v in case.told.figures if k not in _BESIDE))
        yield tr("it isn't so: {told}", told=say(bare))
        return
    for name, value in true.items():
        if (stated := case.told.get(name)) != value:
            yield _stated(name, stated, value)
    if "needed" not in true and (stated := case.told.get("needed")) is not None:
        yield _stated("needed", stated, case.leader.headcount)


def _stated(name: str, stated: object, true: object) -> str:
    return tr(
        "{figure} stated as {stated}, recomputed {true}",
        figure=name,
        stated=_shown(stated),
        true=_shown(true),
    )


def _shown(value: object) -> object:
    return "-" if value is None else value
