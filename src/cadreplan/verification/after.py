"""Whether a plan made again keeps what was frozen, and changes of the rest what it says it changes.

Reads the two plans alone; the plan before says of itself where and when its sessions are held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from cadreplan.language import listed, tr
from cadreplan.past import begun
from cadreplan.plan import Plan, PlannedSession, ProgrammeEntry
from cadreplan.verification.report import Violation

HalfDay = tuple[str, str, str, str | None]


def broken(before: Plan, after: Plan) -> Iterator[Violation]:
    """Every way in which `after` doesn't keep what it states to be frozen of `before`."""
    if before.frozen_before is not None and (after.frozen_before or "") < before.frozen_before:
        message = tr(
            "what began before {day} was frozen in the plan before, and isn't any more",
            day=before.frozen_before,
        )
        yield Violation("frozen", "frozen_before", message)
    day = max(before.frozen_before or "", after.frozen_before or "") or None
    held = begun(before, day)
    now = {entry.id: entry for entry in after.sessions if entry.runs}
    had, has = _attendance(before), _attendance(after)
    for entry in held:
        if entry.id not in now:
            yield Violation(
                "frozen", entry.id, tr("had begun before {day}, and doesn't run any more", day=day)
            )
            continue
        yield from _facts(entry, now[entry.id])
    ids = {entry.id for entry in held} | {entry.id for entry in begun(after, day)}
    for id_ in sorted(ids):
        gone, come = sorted(had[id_] - has[id_]), sorted(has[id_] - had[id_])
        if gone:
            yield Violation("frozen", id_, tr("{people} attended, and don't any more", people=listed(gone)))
        if come:
            yield Violation("frozen", id_, tr("{people} did not attend, and do now", people=listed(come)))
    yield from _changes(before, after)


def changes(before: Plan, after: Plan) -> tuple[int, int, int]:
    """(half days, lecturers, rooms) that are other ones in sessions of both plans, as `Kept` counts them."""
    frozen = {entry.id for entry in begun(after, after.frozen_before)}
    old = {entry.id: entry for entry in before.sessions if entry.runs and entry.id not in frozen}
    half_days = lecturers = rooms = 0
    for entry in after.sessions:
        if not entry.runs or entry.id not in old:
            continue
        was = old[entry.id]
        rooms += was.room != entry.room
        if was.programme and entry.programme:
            half_days += len(_half_days(entry.programme) - _half_days(was.programme))
            lecturers += len(_teams(entry.programme) - _teams(was.programme))
    return half_days, lecturers, rooms


def regrouped(before: Plan, after: Plan) -> int:
    """People who keep a session and are in another of its discussion groups; frozen sessions have none."""
    frozen = {entry.id for entry in begun(after, after.frozen_before)}
    heads = {one.id: one.headcount for one in after.people}
    old = {entry.id: _seats(entry) for entry in before.sessions}
    return sum(
        heads.get(leader, 1)
        for entry in after.sessions
        if entry.id not in frozen
        for leader, number in _seats(entry).items()
        if old.get(entry.id, {}).get(leader, number) != number
    )


def _seats(entry: PlannedSession) -> dict[str, int]:
    return {leader: number for number, group in enumerate(entry.groups) for leader in group}


def _half_days(programme: tuple[ProgrammeEntry, ...]) -> set[HalfDay]:
    return {(h.module, h.date, h.slot, h.lecturer) for h in programme}


def _teams(programme: tuple[ProgrammeEntry, ...]) -> set[tuple[str, str]]:
    return {(h.module, h.lecturer) for h in programme if h.lecturer is not None}


def _attendance(plan: Plan) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for leader, session in plan.assignments:
        found[session].add(leader)
    return found


def _facts(was: PlannedSession, now: PlannedSession) -> Iterator[Violation]:
    """What of a session that had begun is not as it was."""
    pairs = (
        (tr("site"), was.site, now.site),
        (tr("room"), was.room or "-", now.room or "-"),
        (tr("days"), listed(was.dates), listed(now.dates)),
        (tr("modules"), listed(was.modules), listed(now.modules)),
    )
    for what, one, other in pairs:
        if one != other:
            message = tr("{what} was {before}, and is {after}", what=what, before=one, after=other)
            yield Violation("frozen", was.id, message)
    if was.groups != now.groups:
        yield Violation("frozen", was.id, tr("discussion groups are others than before"))
    if _half_days(was.programme) != _half_days(now.programme):
        lost = sorted(
            f"{h[1]} {h[2]} {h[0]} {h[3] or '-'}"
            for h in _half_days(was.programme) ^ _half_days(now.programme)
        )
        message = tr("half days differ: {half_days}", half_days=listed(lost[:4]))
        yield Violation("frozen", was.id, message)


def _changes(before: Plan, after: Plan) -> Iterator[Violation]:
    """What is stated to change beyond the past, counted again."""
    if after.kept is None:
        return
    found = changes(before, after)
    stated = after.kept.half_days, after.kept.lecturers, after.kept.rooms
    if found != stated:
        message = tr(
            "{stated} half days, lecturers and rooms are stated to change, counted {found}",
            stated=listed(map(str, stated)),
            found=listed(map(str, found)),
        )
        yield Violation("statement", "kept", message)
    if after.grouping is not None and (people := regrouped(before, after)) != after.kept.people:
        message = tr(
            "{stated} people are stated to change their group, counted {found}",
            stated=after.kept.people,
            found=people,
        )
        yield Violation("statement", "kept", message)
