"""The executable specification of a programme: which rules its half days break, and how it meets its goals.

One function a rule (programme.md, "What it keeps to"). Nothing here is shared with the model that
makes programmes but the data itself. Half days are numbered through the horizon: `2 x day`, plus one
for pm. Those of frozen sessions are facts: no rule is tested on them by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from cadreplan.goals import Goals
from cadreplan.instance import Instance, Lecturer
from cadreplan.language import listed, one_of, tr
from cadreplan.messages.saying import half_day
from cadreplan.plan import ProgrammeEntry, ProgrammeInfo

Entries = Mapping[int, Sequence[ProgrammeEntry]]
"""Running session → its half days."""

_Broken = Iterator[tuple[str, str]]
"""(id of the session or lecturer, message)."""


@dataclass(frozen=True, slots=True)
class _HalfDay:
    """An entry in indices: session, module, lecturer (None: nobody), number of the half day."""

    session: int
    module: int
    lecturer: int | None
    at: int


def broken(instance: Instance, entries: Entries) -> _Broken:
    """Every broken rule of the programme of the sessions in `entries`; those that run are all of them."""
    by_session: dict[int, list[_HalfDay]] = {s: [] for s in sorted(entries)}
    for s, half_days in by_session.items():
        for entry in entries[s]:
            problem, found = _read(instance, s, entry)
            if found is not None:
                half_days.append(found)
            else:
                yield instance.sessions[s].id, problem
    for rule in (_days, _complete, _one_at_a_time, _prerequisites):
        for s, half_days in by_session.items():
            if not instance.sessions[s].frozen:
                yield from rule(instance, s, half_days)
    by_lecturer: dict[int, list[_HalfDay]] = defaultdict(list)
    for h in (h for half_days in by_session.values() for h in half_days):
        if h.lecturer is not None:
            by_lecturer[h.lecturer].append(h)
    for rule_of_one in (_kind, _available, _bound, _one_place, _free_between, _max_slots):
        for k, taught in sorted(by_lecturer.items()):
            yield from rule_of_one(instance, k, sorted(taught, key=lambda h: (h.at, h.session)))


def goals(instance: Instance, entries: Entries) -> Goals:
    """How a programme meets its goals; entries with unknown names are left out."""
    half_days = [
        found
        for s, listed in entries.items()
        for entry in listed
        if (found := _read(instance, s, entry)[1]) is not None
    ]
    loads = Counter(h.lecturer for h in half_days if h.lecturer is not None)
    teams: dict[tuple[int, int], set[int]] = defaultdict(set)
    for h in half_days:
        if h.lecturer is not None:
            teams[h.session, h.module].add(h.lecturer)
    fair = fair_load(instance, [h.session for h in half_days])
    return Goals(
        unstaffed=sum(h.lecturer is None for h in half_days),
        afternoons=sum(instance.modules[h.module].core and h.at % 2 == 1 for h in half_days),
        repeats=_repeats(instance, half_days),
        journeys=len(
            {
                (h.lecturer, h.session)
                for h in half_days
                if h.lecturer is not None and instance.lecturers[h.lecturer].site is None
            }
        ),
        overload=sum(max(0, n - fair) for n in loads.values()),
        changes=sum(len(team) - 1 for team in teams.values()),
    )


def fair_load(instance: Instance, half_days: Sequence[object]) -> int:
    """Half days of each lecturer if all taught the same number, rounded up."""
    return -(-len(half_days) // max(1, len(instance.lecturers)))


def wrong_statements(instance: Instance, entries: Entries, info: ProgrammeInfo) -> _Broken:
    """What a programme states of itself and is not so."""
    true = replace(goals(instance, entries), differing=info.goals.differing)  # that is for `after`
    if info.goals != true:
        stated = info.goals.order
        message = tr(
            "goals stated as {stated}, recomputed {true}: {goals}", stated=stated, true=true.order, goals=true
        )
        yield "programme", message
    if info.bound > info.goals.order:
        message = tr(
            "bound {bound} comes after the programme's own {own}", bound=info.bound, own=info.goals.order
        )
        yield "programme", message
    if (info.status == "optimal") != (info.bound == info.goals.order):
        message = tr(
            "{status}, with bound {bound} and goals {goals}",
            status=info.status,
            bound=info.bound,
            goals=info.goals.order,
        )
        yield "programme", message


def _read(instance: Instance, s: int, entry: ProgrammeEntry) -> tuple[str, _HalfDay | None]:
    module = next((m for m, other in enumerate(instance.modules) if other.id == entry.module), None)
    if module is None:
        return tr("lists module {module}, which the curriculum does not have", module=entry.module), None
    lecturer = next((k for k, who in enumerate(instance.lecturers) if who.id == entry.lecturer), None)
    if lecturer is None and entry.lecturer is not None:
        return tr("lists lecturer {lecturer}, whom the roster does not have", lecturer=entry.lecturer), None
    if lecturer is None and not entry.reason:
        problem = tr(
            "nobody teaches {module} on {when}, and no reason is given",
            module=entry.module,
            when=half_day(entry.date, entry.slot),
        )
        return problem, None
    try:
        day = (date.fromisoformat(entry.date) - instance.start).days
    except ValueError:
        return tr("lists {date}, which is no date", date=entry.date), None
    return "", _HalfDay(s, module, lecturer, 2 * day + (entry.slot == "pm"))


def _when(instance: Instance, at: int) -> str:
    return half_day(instance.date_of(at // 2).isoformat(), "pm" if at % 2 else "am")


# --- rules of one session -------------------------------------------------------------------------------


def _days(instance: Instance, s: int, half_days: list[_HalfDay]) -> _Broken:
    session = instance.sessions[s]
    for h in half_days:
        if h.at // 2 not in session.days:
            message = tr(
                "{module} on {when}, not one of its days",
                module=instance.modules[h.module].id,
                when=_when(instance, h.at),
            )
            yield session.id, message


def _complete(instance: Instance, s: int, half_days: list[_HalfDay]) -> _Broken:
    session = instance.sessions[s]
    filled = Counter(h.module for h in half_days)
    for m in sorted(set(filled) | set(session.modules)):
        module = instance.modules[m]
        needed = -(-module.hours // 4) if m in session.modules else 0
        if filled[m] != needed:
            message = tr(
                "{module} fills {n} half days, expected {needed}",
                module=module.id,
                n=filled[m],
                needed=needed,
            )
            yield session.id, message


def _one_at_a_time(instance: Instance, s: int, half_days: list[_HalfDay]) -> _Broken:
    for at, n in sorted(Counter(h.at for h in half_days).items()):
        if n > 1:
            yield instance.sessions[s].id, tr("{n} modules on {when}", n=n, when=_when(instance, at))


def _prerequisites(instance: Instance, s: int, half_days: list[_HalfDay]) -> _Broken:
    session = instance.sessions[s]
    for m in session.modules:
        begins = min((h.at for h in half_days if h.module == m), default=None)
        for entry in instance.modules[m].requires:
            if m in entry:
                continue
            ends = [
                max(h.at for h in half_days if h.module == r)
                for r in entry
                if any(h.module == r for h in half_days)
            ]
            if begins is not None and ends and min(ends) > begins:
                before = one_of([instance.modules[r].id for r in entry])
                after = instance.modules[m].id
                message = tr(
                    "{module} begins on {when}, before {required} ends",
                    module=after,
                    when=_when(instance, begins),
                    required=before,
                )
                yield session.id, message


# --- rules of one lecturer ------------------------------------------------------------------------------


def _later(instance: Instance, half_days: list[_HalfDay]) -> list[_HalfDay]:
    """Those that aren't of frozen sessions."""
    return [h for h in half_days if not instance.sessions[h.session].frozen]


def _kind(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    who = instance.lecturers[k]
    for m in sorted({h.module for h in _later(instance, half_days)}):
        module = instance.modules[m]
        if module.lecturers and who.kind not in module.lecturers:
            message = tr(
                "a {kind} teaches {module}, which is for {kinds}",
                kind=who.kind,
                module=module.id,
                kinds=listed(module.lecturers),
            )
            yield who.id, message
        if who.modules is not None and m not in who.modules:
            yield who.id, tr("teaches {module}, which is not one of their modules", module=module.id)


def _available(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    who = instance.lecturers[k]
    for h in _later(instance, half_days):
        if not _is_available(who, h.at // 2):
            yield who.id, tr("teaches on {when}, but is not available", when=_when(instance, h.at))


def _is_available(who: Lecturer, day: int) -> bool:
    return who.available is None or any(first <= day <= last for first, last in who.available)


def _bound(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    who = instance.lecturers[k]
    if who.site is None:
        return
    for s in sorted({h.session for h in _later(instance, half_days)}):
        session = instance.sessions[s]
        if session.site != who.site:
            site = instance.sites[who.site].id
            message = tr("is bound to {site}, but teaches in {session}", site=site, session=session.id)
            yield who.id, message


def _one_place(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    later = {h.at for h in _later(instance, half_days)}
    for at, n in sorted(Counter(h.at for h in half_days).items()):
        if n > 1 and at in later:
            message = tr("teaches {n} times on {when}", n=n, when=_when(instance, at))
            yield instance.lecturers[k].id, message


def _free_between(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    for a, b in pairwise(half_days):
        here, there = (instance.sites[instance.sessions[h.session].site].id for h in (a, b))
        if here != there and b.at - a.at == 1 and _later(instance, [a, b]):
            message = tr(
                "teaches at {here} until {until} and at {there} from {start}, no free half day between",
                here=here,
                until=_when(instance, a.at),
                there=there,
                start=_when(instance, b.at),
            )
            yield instance.lecturers[k].id, message


def _max_slots(instance: Instance, k: int, half_days: list[_HalfDay]) -> _Broken:
    who = instance.lecturers[k]
    past = len(half_days) - len(_later(instance, half_days))
    if who.max_slots is not None and len(half_days) > max(who.max_slots, past):
        message = tr("teaches {n} half days, at most {most}", n=len(half_days), most=who.max_slots)
        yield who.id, message


# --- goals ----------------------------------------------------------------------------------------------


def _repeats(instance: Instance, half_days: list[_HalfDay]) -> int:
    """Pairs of half days of a session, with nothing but a night between them, that have the same method."""
    method = {(h.session, h.at): instance.modules[h.module].method for h in half_days}
    return sum(method.get((s, at + 1)) == taught for (s, at), taught in method.items())
