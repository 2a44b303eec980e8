"""What a history tells: how long skill gaps have been open, who was trained, what modules achieve."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date

from cadreplan.documents.reading.history import Fact
from cadreplan.instance import Instance


def strangers(facts: Sequence[Fact], ids: Collection[str]) -> list[str]:
    """Leaders of the last rotation who aren't among `ids`: they have left, or their ids were changed."""
    last = facts[-1].rotation if facts else ""
    there = {fact.leader for fact in facts if fact.rotation == last and fact.leader}
    return sorted(there.difference(ids))


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation that was recorded, with the seats that people came to and those they didn't."""

    name: str
    first: date
    last: date
    attended: int
    absent: int
    unfinished: int
    closed: int
    open: int


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A skill gap that is open after the last rotation.

    `rotations` are those in a row at whose end it was open, `since` is the first day of the first of them and
    `days` are counted from there to the last day of the last rotation. A skill gap of the roster that no
    rotation knew has none of them.
    """

    leader: str
    skill: str
    held: int
    level: int
    rotations: int
    since: date | None
    days: int


@dataclass(slots=True)
class Training:
    """What a leader had: seats completed, not finished and missed, study hours, modules, skills raised;
    rotations since the last seat.
    """

    leader: str
    attended: int = 0
    absent: int = 0
    unfinished: int = 0
    hours: int = 0
    modules: int = 0
    raised: int = 0
    rotations: int = 0
    last: str = ""
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a module achieved: attendances, those of them that reached all its levels, and those that raised a
    skill.
    """

    module: str
    people: int
    reached: int
    raised: int
    missed: tuple[str, ...]
    """Those who didn't reach its levels, in the order of the file."""


@dataclass(frozen=True, slots=True)
class History:
    """Skill gaps open longest first, leaders trained least first, modules with the least share first."""

    rotations: tuple[Rotation, ...]
    gaps: tuple[OpenGap, ...]
    trainings: tuple[Training, ...]
    effects: tuple[Effect, ...]

    def to_json(self) -> str:
        """Everything, for machines, with ids; dates as YYYY-MM-DD."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n"


@dataclass(slots=True)
class _Reading:
    gaps: dict[tuple[str, str], OpenGap] = field(default_factory=dict)
    trainings: dict[str, Training] = field(default_factory=dict)
    effects: dict[str, dict[tuple[str, str], list[bool]]] = field(default_factory=dict)
    rotations: list[Rotation] = field(default_factory=list)


def summarise(facts: Sequence[Fact], instance: Instance | None = None) -> History:
    """What a history tells. With the roster as it is now, open skill gaps are those of the roster."""
    reading = _Reading()
    start = 0
    for at, fact in enumerate(facts):
        if fact.fact == "ends":
            _rotation(reading, facts[start : at + 1])
            start = at + 1
    gaps = reading.gaps
    if instance is not None:
        gaps = _of_roster(gaps, instance)
    last = reading.rotations[-1].last if reading.rotations else None
    found = [
        replace(gap, days=(last - gap.since).days if last is not None and gap.since is not None else 0)
        for gap in gaps.values()
    ]
    effects = [
        Effect(
            module,
            len(people),
            sum(all_reached for all_reached, _ in people.values()),
            sum(any_raised for _, any_raised in people.values()),
            tuple(dict.fromkeys(leader for (leader, _), (ok, _) in people.items() if not ok)),
        )
        for module, people in reading.effects.items()
    ]
    return History(
        tuple(reading.rotations),
        tuple(sorted(found, key=lambda gap: (-gap.days, -gap.rotations, gap.leader, gap.skill))),
        tuple(sorted(reading.trainings.values(), key=lambda t: (t.attended, -t.waited, t.leader))),
        tuple(sorted(effects, key=lambda effect: (effect.reached / effect.people, effect.module))),
    )


def _rotation(reading: _Reading, facts: Sequence[Fact]) -> None:
    """Read the facts of one rotation, from `begins` to `ends`."""
    first, last = date.fromisoformat(facts[0].date), date.fromisoformat(facts[-1].date)
    counts = dict.fromkeys(("attended", "passed", "absent", "unfinished", "closed", "open"), 0)
    still: dict[tuple[str, str], OpenGap] = {}
    present: set[str] = set()
    waiting: set[str] = set()
    trainings = reading.trainings
    for fact in facts:
        kind = fact.fact
        if kind in counts:
            counts[kind] += 1
        if not fact.leader:
            continue
        training = trainings.get(fact.leader)
        if training is None:
            training = trainings[fact.leader] = Training(fact.leader)
        if kind == "open":
            key = (fact.leader, fact.skill)
            known = reading.gaps.get(key)
            since, n = (known.since, known.rotations) if known else (first, 0)
            still[key] = OpenGap(fact.leader, fact.skill, fact.before or 0, fact.after or 0, n + 1, since, 0)
            waiting.add(fact.leader)
        elif kind in ("attended", "passed"):
            training.attended += 1
            training.last = max(training.last, fact.date)
            present.add(fact.leader)
        elif kind == "absent":
            training.absent += 1
        elif kind == "unfinished":
            training.unfinished += 1
            present.add(fact.leader)
        elif kind == "hours":
            training.hours += fact.after or 0
        elif kind == "reached":
            _effect(reading.effects, fact, training)
    for leader in present:
        trainings[leader].rotations += 1
        trainings[leader].waited = 0
    for leader in waiting - present:
        trainings[leader].waited += 1
    reading.gaps = still
    n_attended = counts["attended"] + counts["passed"]
    reading.rotations.append(
        Rotation(
            facts[0].rotation,
            first,
            last,
            n_attended,
            counts["absent"],
            counts["unfinished"],
            counts["closed"],
            counts["open"],
        )
    )


def _effect(effects: dict[str, dict[tuple[str, str], list[bool]]], fact: Fact, training: Training) -> None:
    """Count a skill that somebody was taught; each attendance of a module counts once."""
    people = effects.setdefault(fact.module, {})
    after, taught = fact.after or 0, fact.taught or 0
    seen = people.get((fact.leader, f"{fact.rotation}/{fact.session}"))
    raised = after > (fact.before or 0)
    if seen is None:
        training.modules += 1
        people[fact.leader, f"{fact.rotation}/{fact.session}"] = [after >= taught, raised]
    else:
        seen[0] = seen[0] and after >= taught
        seen[1] = seen[1] or raised
    training.raised += raised


def _of_roster(gaps: Mapping[tuple[str, str], OpenGap], instance: Instance) -> dict[tuple[str, str], OpenGap]:
    """The skill gaps of a roster, with what the history knows of them."""
    found = {}
    for leader in instance.leaders:
        for gap in leader.gaps:
            key = (leader.id, instance.skills[gap.skill].id)
            new = OpenGap(*key, 0, gap.level, 0, None, 0)
            found[key] = replace(gaps[key], level=gap.level) if key in gaps else new
    return found


def only(history: History, leaders: Collection[str], modules: Collection[str]) -> History:
    """What a history tells of some leaders and modules; of all where none are named."""
    gaps, trainings, effects = history.gaps, history.trainings, history.effects
    if leaders:
        gaps = tuple(gap for gap in gaps if gap.leader in leaders)
        trainings = tuple(training for training in trainings if training.leader in leaders)
    if modules:
        effects = tuple(effect for effect in effects if effect.module in modules)
    return History(history.rotations, gaps, trainings, effects)
