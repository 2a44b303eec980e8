"""Who can attend what: gaps that no session reaches, and sessions that reach no gap."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from cadreplan.documents.findings import shown
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import LeaderSpec
from cadreplan.language import one_of, tr, tr_n
from cadreplan.rules.base import Found, rule, some_of
from cadreplan.rules.demand import named
from cadreplan.rules.supply import Want, supply_of


@rule("out-of-reach", "warning", "leaders can attend no session that teaches what they want")
def out_of_reach(document: RosterDocument) -> Iterator[Found]:
    """A skill is taught, but in no session that some leaders with a gap in it could attend.

    Each session that teaches it isn't open to their branch or role, falls on days on which they can't be
    away, is longer than their `max_days`, smaller than their `headcount`, or excluded. Said once for a skill,
    at the first of these leaders.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, unavailable: [2026-03-01..2026-03-31]}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, unavailable: [2026-03-16..2026-03-31]}
    """
    supply = supply_of(document)
    if supply is None:
        return
    missing: dict[Want, list[Row[LeaderSpec]]] = defaultdict(list)
    for (row, _, wants), reach in zip(supply.leaders, supply.reaches, strict=True):
        for want in wants:
            teaching = supply.teaching(want)
            if teaching and not teaching & reach:
                missing[want].append(row)
    for (skill, level), rows in missing.items():
        message = tr_n(
            "found {n} leader who wants {skill} and can attend none of the sessions that teach it"
            " ({sessions}): {leaders}",
            "found {n} leaders who want {skill} and can attend none of the sessions that teach it"
            " ({sessions}): {leaders}",
            len(rows),
            skill=named(skill, level),
            sessions=len(supply.members(supply.teaching((skill, level)))),
            leaders=some_of([row.id or "" for row in rows]),
        )
        hint = tr("look at their days, branch and role against those of the sessions")
        yield Found(rows[0].file, rows[0].id_mark, message, hint)


@rule("locked-session", "warning", "what leaders want requires a module that they can't have completed")
def locked_session(document: RosterDocument) -> Iterator[Found]:
    """Every session that would close a gap requires a module that its leaders can't complete before it.

    The module isn't in their `completed`, and in no earlier session that they could attend. Said once for a
    skill, at the first of these leaders, with the module that is missing most often.

    Wrong:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-09], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17], seats: 10}

    Right:

        modules:
          M-LAW: {teaches: {meetings: 2}, hours: 8, core: true}
          M-CASE: {teaches: {review: 1}, hours: 4, requires: [M-LAW]}
        sessions:
          - {id: S1, site: BJ, modules: [M-CASE], dates: [2026-03-19], seats: 10}
          - {id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17], seats: 10}
    """
    supply = supply_of(document)
    if supply is None or not supply.gated:
        return
    locked: dict[Want, list[Row[LeaderSpec]]] = defaultdict(list)
    missing: dict[Want, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for (row, leader, wants), reach in zip(supply.leaders, supply.reaches, strict=True):
        for want in wants:
            usable = supply.teaching(want) & reach
            if not usable or usable & ~supply.gated:
                continue
            found: Counter[tuple[str, ...]] = Counter()
            for i in supply.members(usable):
                lacks = [
                    entry
                    for entry, earlier in supply.gates[i]
                    if set(entry).isdisjoint(leader.completed) and not earlier & reach
                ]
                if not lacks:
                    break
                found.update(lacks)
            else:
                locked[want].append(row)
                missing[want].update(found)
    for (skill, level), rows in locked.items():
        [(entry, _)] = missing[skill, level].most_common(1)
        message = tr_n(
            "found {n} leader who wants {skill}, and each session that teaches it requires what they can't"
            " have completed by then, mostly {module}: {leaders}",
            "found {n} leaders who want {skill}, and each session that teaches it requires what they can't"
            " have completed by then, mostly {module}: {leaders}",
            len(rows),
            skill=named(skill, level),
            module=one_of([shown(m) for m in entry]),
            leaders=some_of([row.id or "" for row in rows]),
        )
        hint = tr(
            "hold {module} earlier or the others later, or add it to their `completed`", module=one_of(entry)
        )
        yield Found(rows[0].file, rows[0].id_mark, message, hint)


@rule("idle-session", "warning", "nobody could close a gap in a session")
def idle_session(document: RosterDocument) -> Iterator[Found]:
    """No leader who could attend a session has a gap that it closes, so that it stays empty.

    Nor has it a module that is required by a session that closes a gap of a leader who could attend both, or
    that leads up to such a one. A confirmed session runs all the same and takes a room. Of an offering this
    is said if it is so of all its candidates.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 10, branches: [NORTH]}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 10}
          - {id: S2, site: BJ, modules: [M-CASE], dates: [2026-03-16], seats: 10, branches: [HQ]}
    """
    supply = supply_of(document)
    if supply is None or not document.leaders.rows or any(r.spec is None for r in document.leaders.rows):
        return
    used = 0
    pinned = {id_ for _, leader in document.leaders.valid() for id_ in leader.pinned}
    for (_, leader, wants), wanted in zip(supply.leaders, supply.reaches, strict=True):
        # also of who wants nothing: a pin has prerequisites
        reach = supply.reach(leader) if leader.pinned else wanted
        if reach & ~used:
            used |= supply.useful(leader, wants, reach)
        if used == supply.everything:
            return
    used_rows = {id(d.row) for i, d in enumerate(supply.deliveries) if used >> i & 1 or d.id in pinned}
    said: set[int] = set()
    for delivery in supply.deliveries:
        row = delivery.row
        if id(row) not in used_rows and id(row) not in said:
            said.add(id(row))
            message = tr(
                "modules: found {modules}, which close no gap of anybody who could attend, and which nothing"
                " requires that does",
                modules=some_of(delivery.spec.modules),
            )
            hint = tr("look at its days, audience and modules")
            yield Found(row.file, row.mark("modules"), message, hint)


ROSTER_RULES = (out_of_reach, locked_session, idle_session)
