"""Who trains together, recounted for the check alone: ties, and what `mix` wants of classes.

Engines and reasons have counts of their own, `cadreplan.tags` among them; the import contract keeps them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cadreplan.cohorts import Mix
from cadreplan.instance import Instance, Leader
from cadreplan.language import listed, tr
from cadreplan.verification.layout import Layout


@dataclass(frozen=True, slots=True)
class Count:
    """`people` with the `value` of an entry's tag, of those who are `there` in a class."""

    value: str
    people: int
    there: int


def ties(state: Layout) -> Iterator[tuple[str, str]]:
    """On each day at most one of an `apart, day` tie is away; at most one of an `apart, class` tie attends a
    session. `where` is the id of the first leader of the tie who is there."""
    for tie in state.instance.ties:
        if tie.kind != "apart" or tie.each == "group":
            continue
        if tie.each == "day":
            yield from _apart_on_days(state, tie.leaders)
        else:
            yield from _apart_in_classes(state, tie.leaders)


def _apart_on_days(state: Layout, leaders: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    days: Counter[int] = Counter()
    past: Counter[int] = Counter()
    for i in leaders:
        days.update({day for trip in state.trips[i] for day in trip.days})
        past.update({day for trip in state.past[i] for day in trip.days})
    for day, n in sorted(days.items()):
        if n > max(1, past[day]):
            away = [i for i in leaders if any(day in trip.days for trip in state.trips[i])]
            message = tr(
                "{leaders} are away on {day}, at most one of them may be",
                leaders=listed(state.instance.leaders[i].id for i in away),
                day=state.day_text(day),
            )
            yield state.instance.leaders[away[0]].id, message


def _apart_in_classes(state: Layout, leaders: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    for s in sorted(state.cohort):
        there = [i for i in leaders if i in state.cohort[s]]
        if len(there) > 1 and not state.is_frozen(s):
            message = tr(
                "{leaders} attend {session}, at most one of them may",
                leaders=listed(state.instance.leaders[i].id for i in there),
                session=state.instance.sessions[s].id,
            )
            yield state.instance.leaders[there[0]].id, message


def mix(state: Layout) -> Iterator[tuple[str, str]]:
    """Hard entries hold in every session that somebody attends."""
    for entry in of_classes(state.instance, hard=True):
        for s in _attended(state, entry):
            if state.is_frozen(s):
                continue
            for count in counts(state, entry, s):
                shown = {"people": count.people, "there": count.there, "tag": entry.tag, "value": count.value}
                session = state.instance.sessions[s].id
                if entry.at_least is not None and missing(entry, count):
                    least = _amount(*entry.at_least)
                    message = tr(
                        "{people} of {there} people have {tag} {value}, at least {least} needed",
                        least=least,
                        **shown,
                    )
                    yield session, message
                if entry.at_most is not None and beyond(entry, count):
                    most = _amount(*entry.at_most)
                    message = tr(
                        "{people} of {there} people have {tag} {value}, at most {most} allowed",
                        most=most,
                        **shown,
                    )
                    yield session, message


def lacking(state: Layout) -> int:
    """People whom attended sessions have too few or too many of, by the entries that aren't hard."""
    return sum(
        missing(entry, count) + beyond(entry, count)
        for entry in of_classes(state.instance, hard=False)
        for s in _attended(state, entry)
        for count in counts(state, entry, s)
    )


def counts(state: Layout, entry: Mix, s: int) -> list[Count]:
    """The people that an entry counts in a session, by value."""
    instance = state.instance
    if entry.value is None:
        values = {
            value for one in instance.leaders if (value := _value(instance, one, entry.tag)) is not None
        }
    else:
        values = {entry.value}
    held: Counter[str | None] = Counter()
    for i in state.cohort[s]:
        held[_value(instance, instance.leaders[i], entry.tag)] += instance.leaders[i].headcount
    return [Count(value, held[value], held.total()) for value in sorted(values)]


def with_one_more(state: Layout, entry: Mix, s: int, i: int) -> list[Count]:
    """`counts` if leader i attended the session as well."""
    leader = state.instance.leaders[i]
    value, heads = _value(state.instance, leader, entry.tag), leader.headcount
    return [
        Count(count.value, count.people + (heads if count.value == value else 0), count.there + heads)
        for count in counts(state, entry, s)
    ]


def lacking_with(state: Layout, s: int, i: int) -> int:
    """By how many people more `lacking` would be if leader i attended session s as well."""
    return sum(
        sum(missing(entry, count) + beyond(entry, count) for count in with_one_more(state, entry, s, i))
        - sum(
            missing(entry, count) + beyond(entry, count) for count in counts(state, entry, s) if count.there
        )
        for entry in of_classes(state.instance, hard=False)
        if is_for(entry, s)
    )


def missing(entry: Mix, count: Count) -> int:
    """People missing to `at_least`, whose share of those there is rounded up."""
    if entry.at_least is None:
        return 0
    n, is_share = entry.at_least
    least = -(-n * count.there // 100) if is_share else n
    return max(0, least - count.people)


def beyond(entry: Mix, count: Count) -> int:
    """People beyond `at_most`, whose share of those there is rounded down."""
    if entry.at_most is None:
        return 0
    n, is_share = entry.at_most
    most = n * count.there // 100 if is_share else n
    return max(0, count.people - most)


def of_classes(instance: Instance, *, hard: bool) -> list[Mix]:
    return [entry for entry in instance.mix if entry.each == "class" and entry.hard == hard]


def _attended(state: Layout, entry: Mix) -> list[int]:
    """The sessions that somebody attends and an entry is for."""
    return [s for s in sorted(state.cohort) if state.cohort[s] and is_for(entry, s)]


def is_for(entry: Mix, s: int) -> bool:
    return entry.sessions is None or s in entry.sessions


def _value(instance: Instance, leader: Leader, tag: str) -> str | None:
    """The value that a leader has of a tag: of their own tags, or by branch and role."""
    if tag == "branch":
        return instance.branches[leader.branch].id
    if tag == "role":
        return instance.roles[leader.role].id if leader.role is not None else None
    if tag.startswith("branch:"):
        from_root = [instance.branches[b].id for b in reversed(instance.lineages[leader.branch])]
        below = int(tag.partition(":")[2])
        return from_root[below] if below < len(from_root) else None
    return dict(leader.tags).get(tag)


def _amount(n: int, is_share: bool) -> str:
    return f"{n}%" if is_share else str(n)
