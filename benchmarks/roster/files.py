"""A drawn roster in the data format: `curriculum.yaml`, `roster.yaml` and three tables in CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from benchmarks.draw import Drawn
from benchmarks.roster.state import OfferingTemplate
from cadreplan.instance import DayRange, Instance, Leader, Lecturer, Location

FILES = ("curriculum.yaml", "roster.yaml", "branches.csv", "sessions.csv", "leaders.csv")


def write(drawn: Drawn, directory: Path) -> Path:
    """Write all files into `directory` (made if need be) and return the path of the roster."""
    directory.mkdir(parents=True, exist_ok=True)
    texts = (
        _curriculum(drawn.instance),
        _roster(drawn),
        _table(_BRANCH_COLUMNS, _branches(drawn.instance)),
        _table(_SESSION_COLUMNS, _sessions(drawn)),
        _table(_LEADER_COLUMNS, _leaders(drawn)),
    )
    for name, text in zip(FILES, texts, strict=True):
        (directory / name).write_text(text, encoding="utf-8", newline="\n")
    return directory / "roster.yaml"


_BRANCH_COLUMNS = ("id", "name", "parent", "location", "max_away")
_SESSION_COLUMNS = (
    *("id", "site", "modules", "dates", "seats", "min_seats", "status", "cost"),
    *("branches", "roles", "quotas"),
)
_LEADER_COLUMNS = (
    *("id", "name", "branch", "role", "skills", "gaps", "completed", "location", "available", "unavailable"),
    *("priority", "headcount", "max_sessions", "max_days", "max_trips", "prefers", "pinned", "excluded"),
)

_Row = dict[str, object]


def _table(columns: tuple[str, ...], rows: Iterable[_Row]) -> str:
    """A CSV table; columns that are empty in every row are left out, as are values of None."""
    filled = list(rows)
    used = [c for c in columns if not filled or any(row.get(c) not in (None, "") for row in filled)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(used)
    writer.writerows(["" if (v := row.get(c)) is None else v for c in used] for row in filled)
    return text.getvalue()


def _flow(value: object) -> str:
    """YAML flow style that JSON is a part of."""
    return json.dumps(value, ensure_ascii=False)


def _mapping(key: str, rows: Iterable[tuple[str, _Row]]) -> Iterator[str]:
    yield f"{key}:"
    for id_, row in rows:
        yield f"  {id_}: {_flow(row)}"


def _curriculum(instance: Instance) -> str:
    skill_ids = [skill.id for skill in instance.skills]
    lines = ["cadreplan: 1", "kind: curriculum", f"title: {_flow(instance.title)}"]
    lines += _mapping("abilities", ((a.id, {"name": a.name}) for a in instance.abilities))
    lines += _mapping(
        "skills",
        (
            (k.id, {"name": k.name, "ability": instance.abilities[k.ability].id, "weight": k.weight})
            for k in instance.skills
        ),
    )
    modules: list[tuple[str, _Row]] = []
    for m in instance.modules:
        row: _Row = {"name": m.name, "teaches": {skill_ids[k]: level for k, level in m.teaches}}
        row |= {"hours": m.hours, "form": m.form, "method": m.method, "core": m.core}
        if m.requires:
            entries = [[instance.modules[r].id for r in entry] for entry in m.requires]
            row["requires"] = [entry[0] if len(entry) == 1 else entry for entry in entries]
        if m.lecturers:
            row["lecturers"] = list(m.lecturers)
        modules.append((m.id, row))
    lines += _mapping("modules", modules)
    lines += _mapping(
        "roles",
        (
            (r.id, {"name": r.name, "needs": {skill_ids[k]: level for k, level in r.needs}})
            for r in instance.roles
        ),
    )
    return "\n".join(lines) + "\n"


def _roster(drawn: Drawn) -> str:
    instance = drawn.instance
    horizon = f"{instance.date_of(0)}..{instance.date_of(instance.n_days - 1)}"
    lines = ["cadreplan: 1", "kind: roster", f"title: {_flow(instance.title)}", "curriculum: curriculum.yaml"]
    lines += [f"horizon: {horizon}", "calendar: none", "sites:"]
    for s, site in enumerate(instance.sites):
        row: _Row = {"id": site.id, "name": site.name, "kind": site.kind}
        if site.location is not None:
            row["location"] = list(site.location)
        if site.beds is not None:
            row["beds"] = site.beds
        if site.rooms is not None:
            row["rooms"] = [{"id": room.id, "seats": room.seats} for room in site.rooms]
        if s in drawn.closed:
            row["closed"] = [_range(instance, r) for r in drawn.closed[s]]
        lines.append(f"- {_flow(row)}")
    lines += ["branches: branches.csv", "sessions: sessions.csv"]
    if drawn.offerings:
        lines += ["offerings:", *(f"- {_flow(_offering(instance, t))}" for t in drawn.offerings)]
    if instance.lecturers:
        lines += ["lecturers:", *(f"- {_flow(_lecturer(instance, t))}" for t in instance.lecturers)]
    lines += ["leaders: leaders.csv", f"policy: {_flow(_policy(drawn))}"]
    return "\n".join(lines) + "\n"


def _policy(drawn: Drawn) -> _Row:
    policy = drawn.instance.policy
    limits = zip(("max_sessions", "max_days", "max_trips"), drawn.limits, strict=True)
    row: _Row = {name: most for name, most in limits if most is not None}
    row |= {"transfer_days": policy.transfer_days, "stay_gap": policy.stay_gap}
    if policy.core_share is not None:
        row["core_share"] = float(policy.core_share)
    if policy.min_methods:
        row["min_methods"] = policy.min_methods
    if policy.min_hours:
        row["min_hours"] = policy.min_hours
    return row | {"weights": asdict(policy.weights)}


def _offering(instance: Instance, t: OfferingTemplate) -> _Row:
    row: _Row = {"id": t.id, "sites": [instance.sites[s].id for s in t.sites]}
    row |= {"modules": [instance.modules[m].id for m in t.modules], "days": t.days}
    if t.every is None:
        row["starts"] = [str(instance.date_of(day)) for day in t.starts]
    else:
        first, last = (str(instance.date_of(day)) for day in t.every)
        row["starts"] = {"every": "monday", "from": first, "to": last}
    row |= {"seats": t.seats, "min_seats": t.min_seats, "cost": t.cost}
    if t.max_runs is not None:
        row["max_runs"] = t.max_runs
    if t.branches is not None:
        row["branches"] = [instance.branches[b].id for b in t.branches]
    if t.roles is not None:
        row["roles"] = [instance.roles[r].id for r in t.roles]
    if t.quotas:
        row["quotas"] = {instance.branches[b].id: n for b, n in t.quotas}
    return row


def _lecturer(instance: Instance, t: Lecturer) -> _Row:
    row: _Row = {"id": t.id, "name": t.name, "kind": t.kind}
    if t.max_slots is not None:
        row["max_slots"] = t.max_slots
    if t.available is not None:
        row["available"] = [_range(instance, r) for r in t.available]
    return row if t.site is None else row | {"site": instance.sites[t.site].id}


def _branches(instance: Instance) -> Iterator[_Row]:
    for branch in instance.branches:
        yield {
            "id": branch.id,
            "name": branch.name,
            "parent": None if branch.parent is None else instance.branches[branch.parent].id,
            "location": _place(branch.location),
            "max_away": branch.max_away,
        }


def _sessions(drawn: Drawn) -> Iterator[_Row]:
    instance = drawn.instance
    for session in instance.sessions[: drawn.explicit]:
        yield {
            "id": session.id,
            "site": instance.sites[session.site].id,
            "modules": _list(instance.modules[m].id for m in session.modules),
            "dates": _list(_range(instance, r) for r in _runs(session.days)),
            "seats": session.seats,
            "min_seats": session.min_seats or None,
            "status": "candidate" if session.candidate else None,
            "cost": session.cost or None,
            "branches": _list(instance.branches[b].id for b in session.branches or ()),
            "roles": _list(instance.roles[r].id for r in session.roles or ()),
            "quotas": _map((instance.branches[b].id, n) for b, n in session.quotas),
        }


def _leaders(drawn: Drawn) -> Iterator[_Row]:
    instance, dates = drawn.instance, _Dates(drawn.instance)
    for leader, held, own in zip(instance.leaders, drawn.held, drawn.own, strict=True):
        yield {
            "id": leader.id,
            "name": leader.name,
            "branch": instance.branches[leader.branch].id,
            "role": None if leader.role is None else instance.roles[leader.role].id,
            "skills": _map((instance.skills[k].id, level) for k, level in held or ()),
            "gaps": None
            if held is not None
            else _map((instance.skills[g.skill].id, g.weight) for g in leader.gaps),
            "completed": _list(instance.modules[m].id for m in sorted(leader.completed)),
            "location": _place(leader.location) if own.home else None,
            "available": _list(dates.range(r) for r in leader.available or ()),
            "unavailable": _list(dates.range(r) for r in leader.unavailable),
            "priority": leader.priority if leader.priority != 1 else None,
            "headcount": leader.headcount if leader.headcount != 1 else None,
            "max_sessions": own.max_sessions,
            "max_days": own.max_days,
            "max_trips": own.max_trips,
            "prefers": _map(_wishes(instance, leader)),
            "pinned": _list(instance.sessions[s].id for s in leader.pinned),
            "excluded": _list(instance.sessions[s].id for s in leader.excluded),
        }


def _wishes(instance: Instance, leader: Leader) -> Iterator[tuple[str, int]]:
    yield from ((instance.sessions[s].id, points) for s, points in leader.prefers_sessions)
    yield from ((instance.sites[s].id, points) for s, points in leader.prefers_sites)


class _Dates:
    """Dates of the horizon as text, made once: a roster of 50,000 has them a hundred thousand times."""

    def __init__(self, instance: Instance) -> None:
        self._text = [str(instance.date_of(day)) for day in range(instance.n_days)]

    def range(self, r: DayRange) -> str:
        return f"{self._text[r[0]]}..{self._text[r[1]]}"


def _runs(days: tuple[int, ...]) -> list[DayRange]:
    """Maximal runs of consecutive days."""
    runs: list[DayRange] = []
    for day in days:
        if runs and day == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _range(instance: Instance, r: DayRange) -> str:
    first, last = (date.isoformat(instance.start + timedelta(days=day)) for day in r)
    return first if first == last else f"{first}..{last}"


def _list(values: Iterable[str]) -> str:
    return "; ".join(values)


def _map(pairs: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{key}:{value}" for key, value in pairs)


def _place(location: Location | None) -> str | None:
    return None if location is None else f"{location[0]}; {location[1]}"
