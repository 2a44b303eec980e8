"""Mix, ties and groups: what is asked of classes and discussion groups can be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cadreplan.documents.parsed.roster import RosterDocument, is_derived
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.tables import OfferingSpec, SessionSpec
from cadreplan.language import tr
from cadreplan.rules.base import Found, at, rule


@rule("mix-shape", "error", "an entry of mix asks for nothing, or for what can't be")
def mix_shape(document: RosterDocument) -> Iterator[Found]:
    """An entry of `mix` has none of `at_least`, `at_most` and `alone: false`, or two that don't go together.

    `alone: false` is for groups: who sits in a class of fifty is seldom alone. `hard: true` is for classes:
    groups are made after the plan, as good as they can be, and never break it. Where both `at_least` and
    `at_most` are people, or both are shares, the first can't be more than the second.

    Wrong:

        mix:
          - {tag: branch, each: group, at_most: 2, hard: true}

    Right:

        mix:
          - {tag: branch, each: group, at_most: 2}
    """
    for row, mix in document.mix.valid():
        least, most = mix.at_least, mix.at_most
        if least is None and most is None and mix.alone:
            message = tr("found no `at_least`, `at_most` or `alone: false`, expected one of them")
            yield Found(row.file, row.tree.mark, message)
        if mix.each == "class" and not mix.alone:
            message = tr("alone: found false for a class, expected it for a group only")
            yield at(row, ("alone",), message, tr("write each: group, or at_least: 2"))
        if mix.each == "group" and mix.hard:
            message = tr("hard: found true for a group, expected it for a class only")
            yield at(row, ("hard",), message, tr("take it out: groups are kept as good as they can be"))
        if least and most and least.is_share == most.is_share and least.n > most.n:
            message = tr(
                "at_least: found {least}, more than `at_most`, {most}",
                least=row.tree.get("at_least"),
                most=row.tree.get("at_most"),
            )
            yield at(row, ("at_least",), message)


@rule("tie-shape", "error", "a tie asks for what isn't kept")
def tie_shape(document: RosterDocument) -> Iterator[Found]:
    """A tie of `together` is for discussion groups: those of a day or a class are `apart` only.

    Who is together in a group has to be in the same class. To send two to the same sessions, pin them.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary}
          - {id: L2, branch: HQ, role: secretary}
        ties:
          - {leaders: [L1, L2], kind: together, each: class}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary}
          - {id: L2, branch: HQ, role: secretary}
        ties:
          - {leaders: [L1, L2], kind: together, each: group}
    """
    for row, tie in document.ties.valid():
        if tie.kind == "together" and tie.each != "group":
            message = tr("kind: found together for each {each}, expected apart", each=tie.each)
            yield at(row, ("kind",), message, tr("write each: group, or kind: apart"))


@rule("group-sizes", "warning", "no class of a session can be divided into groups of the sizes asked for")
def group_sizes(document: RosterDocument) -> Iterator[Found]:
    """Whoever comes, some group of a session has fewer people than `groups` asks for.

    There are as few groups as hold everybody, people / largest size, and the people have to be enough for
    the smallest size in each: 10 people make two groups of 5, but none of 8 to 9. A session that has no
    `groups` itself takes those of the first of its modules that has them.

    Wrong:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 15, min_seats: 10,
             groups: 8..9}

    Right:

        sessions:
          - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 15, min_seats: 10,
             groups: 5..9}
    """
    tables: tuple[tuple[Row[SessionSpec] | Row[OfferingSpec], SessionSpec | OfferingSpec], ...]
    tables = (*document.sessions.valid(), *document.offerings.valid())
    for row, spec in tables:
        found = document.curriculum.group_sizes(spec) if document.curriculum else None
        if found is None:
            continue
        (least, most), module = found
        fewest = max(1, spec.min_seats)
        if (
            not any(-(-n // most) * least <= n for n in range(fewest, spec.seats + 1))
            and fewest <= spec.seats
        ):
            message = tr(
                "groups: found {sizes}, while no number of people from {fewest} to {seats} makes such groups",
                sizes=f"{least}..{most}" if module else row.tree.get("groups"),
                fewest=fewest,
                seats=spec.seats,
            )
            hint = tr("make the smallest size smaller, or the largest larger")
            if module:
                hint = tr("module {module} says so: write others in `groups` of the session", module=module)
            yield at(row, ("groups",), message, hint)


@rule("mix-without-effect", "warning", "mix has no weight, or a weight has no mix")
def mix_without_effect(document: RosterDocument) -> Iterator[Found]:
    """An entry of `mix` for classes isn't `hard` while `weights.mix` is 0, or the weight is for no entry.

    Neither does anything alone.

    Wrong:

        mix:
          - {tag: branch, each: class, at_most: 4}

    Right:

        mix:
          - {tag: branch, each: class, at_most: 4}
        policy: {weights: {mix: 200}}
    """
    policy = document.policy
    if policy is None or not document.mix.whole:
        return
    soft = [row for row, mix in document.mix.valid() if mix.each == "class" and not mix.hard]
    if soft and not policy.weights.mix:
        message = tr("found an entry that isn't hard while `weights.mix` is 0: it counts for nothing")
        yield Found(soft[0].file, soft[0].tree.mark, message, tr("set weights: {mix: ...}, or hard: true"))
    elif policy.weights.mix and not soft and all(row.spec is not None for row in document.mix.rows):
        message = tr("mix: found points, while no entry of `mix` is for classes and not hard")
        mark = document.mark("policy", "weights", "mix")
        yield Found(document.file, mark, message)


@rule("tie-pins", "error", "pins bring together who is tied apart")
def tie_pins(document: RosterDocument) -> Iterator[Found]:
    """Two leaders of an `apart` tie are pinned to one session, or, where it is for days, to the same day.

    No plan can keep both the pins and the tie.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary, pinned: [S1]}
        ties:
          - {leaders: [L1, L2], kind: apart, each: day}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, pinned: [S1]}
          - {id: L2, branch: HQ, role: secretary}
        ties:
          - {leaders: [L1, L2], kind: apart, each: day}
    """
    deliveries = document.delivery_by_id
    for row, tie in document.ties.valid():
        if tie.kind != "apart" or tie.each == "group":
            continue
        there: dict[str | int, tuple[str, str]] = {}
        for id_ in dict.fromkeys(tie.leaders):
            leader = document.leaders.spec(id_)
            for session in leader.pinned if leader else ():
                delivery = deliveries.get(session)
                if delivery is None:
                    continue
                keys: tuple[str | int, ...] = delivery.days if tie.each == "day" else (session,)
                clash = next((there[k] for k in keys if k in there and there[k][0] != id_), None)
                if clash is not None:
                    message = tr(
                        "leaders: found {one} pinned to {session} and {other} to {at}, while they are apart"
                        " each {each}",
                        one=id_,
                        session=session,
                        other=clash[0],
                        at=clash[1],
                        each=tie.each,
                    )
                    yield at(row, ("leaders",), message, tr("take out a pin, or the tie"))
                    break
                there.update((k, (id_, session)) for k in keys)


@rule("mix-reach", "warning", "too few people have what a class should have")
def mix_reach(document: RosterDocument) -> Iterator[Found]:
    """Fewer people who may attend a session have a value than `mix` wants of the session when it is full.

    Where the entry is hard, the session can't be filled, or not be held at all; else it always costs points.
    Or they are enough for each session, but not for all confirmed ones, as each may attend `max_sessions`.

    Wrong:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
          - {id: L2, branch: HQ, role: secretary, tags: {gender: m}}
        mix:
          - {tag: gender, value: f, each: class, at_least: 20%, hard: true}

    Right:

        leaders:
          - {id: L1, branch: HQ, role: secretary, tags: {gender: f}}
          - {id: L2, branch: HQ, role: secretary, tags: {gender: m}}
        mix:
          - {tag: gender, value: f, each: class, at_least: 10%, hard: true}
    """
    if not document.leaders.whole or not document.deliveries_whole:
        return
    for row, mix in document.mix.valid():
        least = mix.at_least
        if least is None or mix.each != "class" or mix.value is None or is_derived(mix.tag):
            continue
        people: Counter[tuple[str, str | None]] = Counter()
        for _, leader in document.leaders.valid():
            if leader.tags.get(mix.tag) == mix.value:
                people[leader.branch, leader.role] += leader.headcount
        lines = {branch: set(document.lineage(branch)) for branch, _ in people}
        if not people:
            continue  # nobody has it: a finding of its own
        short, seats_of_all, visits = [], 0, _visits(document, mix.tag, mix.value)
        for delivery in document.deliveries:
            spec = delivery.spec
            if mix.sessions is not None and not {delivery.id, spec.id} & set(mix.sessions):
                continue
            wanted = -(-least.n * spec.seats // 100) if least.is_share else least.n
            able = sum(
                n
                for (branch, role), n in people.items()
                if (spec.branches is None or lines[branch] & set(spec.branches))
                and (spec.roles is None or role in spec.roles)
            )
            if able < wanted:
                short.append((delivery.id, spec.seats, wanted, able))
            if isinstance(spec, SessionSpec) and spec.status == "confirmed":
                seats_of_all += spec.seats
        if short:
            id_, seats, wanted, able = short[0]
            message = tr(
                "at_least: found {least}, {wanted} people in the {seats} seats of {session}, while {able} who"
                " may attend it have {tag} {value} ({n} such sessions)",
                least=row.tree.get("at_least"),
                wanted=wanted,
                seats=seats,
                session=id_,
                able=able,
                tag=mix.tag,
                value=mix.value,
                n=len(short),
            )
            yield at(row, ("at_least",), message, tr("ask for fewer, or name the sessions it is for"))
        elif least.is_share and visits is not None and 100 * visits < least.n * seats_of_all:
            message = tr(
                "at_least: found {least} of the {seats} seats of all confirmed sessions, while people with"
                " {tag} {value} may take {visits} seats together",
                least=row.tree.get("at_least"),
                seats=seats_of_all,
                tag=mix.tag,
                value=mix.value,
                visits=visits,
            )
            yield at(row, ("at_least",), message, tr("ask for fewer, or name the sessions it is for"))


def _visits(document: RosterDocument, tag: str, value: str) -> int | None:
    """Seats that people with a value may take by `max_sessions`; None where somebody has no such limit."""
    total = 0
    usual = None if document.policy is None else document.policy.max_sessions
    for _, leader in document.leaders.valid():
        if leader.tags.get(tag) == value:
            most = usual if leader.max_sessions is None else leader.max_sessions
            if most is None:
                return None
            total += leader.headcount * most
    return total


ROSTER_RULES = (
    mix_shape,
    tie_shape,
    mix_without_effect,
    mix_reach,
    group_sizes,
    tie_pins,
)
