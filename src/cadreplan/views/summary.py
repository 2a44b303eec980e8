"""What a plan achieves: worth by term, coverage, sessions and their fill, open skill gaps by reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from cadreplan.instance import Leader
from cadreplan.language import tr, tr_n
from cadreplan.views.season import Season
from cadreplan.views.wording import FILLS, REASONS, TERMS, printable


@dataclass(frozen=True, slots=True)
class WorthRow:
    """One term of the objective: how much of what, and the points it adds or costs."""

    term: str
    label: str
    amount: str
    points: int


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """Skill gaps closed of those there are."""

    id: str
    name: str
    closed: int
    total: int


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch of the first level with all below it: people, skill gaps, days away and kilometres."""

    id: str
    name: str
    people: int
    closed: int
    total: int
    days: int
    km: int


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its place, days and people; `session` is its index, `name` what people call it."""

    session: int
    id: str
    name: str
    site: str
    first: int
    days: tuple[int, ...]
    modules: tuple[str, ...]
    people: int
    seats: int
    min_seats: int
    runs: bool
    candidate: bool
    room: str | None


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Open skill gaps of one reason; `leader`, `skill` and `detail` tell of one of them."""

    reason: str
    meaning: str
    count: int
    leader: str
    skill: str
    detail: str


def worth_rows(season: Season) -> list[WorthRow]:
    """The terms in the plan's order; those that are neither wanted nor charged are left out."""
    instance, terms = season.instance, season.plan.terms
    closed, total = closed_of_all(season)
    weights = instance.policy.weights
    km = sum(season.km(i) for i in range(len(instance.leaders)))
    days = sum(season.days_away(i) for i in range(len(instance.leaders)))
    opened = len(season.solution.running)
    candidates = sum(session.candidate for session in instance.sessions)
    missing = sum(
        max(0, session.min_seats - season.people[s])
        for s, session in enumerate(instance.sessions)
        if not session.candidate
    )
    rows = [
        ("gaps", tr("{part:,} of {all:,}", part=closed, all=total), terms.gaps, True),
        ("prefers", "", terms.prefers, terms.prefers != 0),
        ("km", tr("{km:,} km", km=km), terms.km, bool(weights.km)),
        ("days", tr_n("{n:,} day", "{n:,} days", days), terms.days, bool(weights.day)),
        ("open", tr("{part:,} of {all:,}", part=opened, all=candidates), terms.open, candidates > 0),
        (
            "underfill",
            tr_n("{n:,} person", "{n:,} people", missing),
            terms.underfill,
            terms.underfill != 0 or missing > 0,
        ),
        (
            "hours",
            tr_n("{n:,} hour", "{n:,} hours", _missing_hours(season)),
            terms.hours,
            instance.policy.min_hours > 0,
        ),
        ("norm", "", terms.norm, bool(weights.norm)),
        (
            "wait",
            tr_n(
                "{n:,} leader",
                "{n:,} leaders",
                sum(map(_is_left_out, instance.leaders, season.solution.chosen)),
            ),
            terms.wait,
            bool(weights.wait),
        ),
        (
            "mix",
            _people(terms.mix, weights.mix),
            terms.mix,
            bool(weights.mix) and any(m.each == "class" and not m.hard for m in instance.mix),
        ),
    ]
    return [WorthRow(term, tr(TERMS[term]), amount, points) for term, amount, points, shown in rows if shown]


def _people(points: int, weight: int) -> str:
    n = -points // weight if weight else 0
    return tr_n("{n:,} person", "{n:,} people", n)


def closed_of_all(season: Season) -> tuple[int, int]:
    """Skill gaps closed, and all of them."""
    total = sum(len(leader.gaps) for leader in season.instance.leaders)
    return sum(len(closings) for closings in season.closings), total


def _is_left_out(leader: Leader, chosen: tuple[int, ...]) -> bool:
    return bool(leader.gaps) and not chosen and not leader.left


def _missing_hours(season: Season) -> int:
    instance, missing = season.instance, 0
    for leader, chosen in zip(instance.leaders, season.solution.chosen, strict=True):
        if leader.left:
            continue
        modules = {m for s in chosen for m in instance.sessions[s].modules}
        missing += max(0, instance.policy.min_hours - sum(instance.modules[m].hours for m in modules))
    return missing


def coverage_by_ability(season: Season) -> list[CoverageRow]:
    """In the curriculum's order; abilities that nobody lacks are left out."""
    instance = season.instance
    closed: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for leader, closings in zip(instance.leaders, season.closings, strict=True):
        for g, gap in enumerate(leader.gaps):
            ability = instance.skills[gap.skill].ability
            total[ability] += 1
            closed[ability] += g in closings
    return [
        CoverageRow(ability.id, ability.name, closed[a], total[a])
        for a, ability in enumerate(instance.abilities)
        if total[a]
    ]


def first_level_rows(season: Season) -> list[BranchRow]:
    """Branches of the first level with leaders, the least covered first."""
    instance = season.instance
    sums: dict[int, list[int]] = defaultdict(lambda: [0] * 5)
    for i, leader in enumerate(instance.leaders):
        mine = (
            leader.headcount,
            len(season.closings[i]),
            len(leader.gaps),
            season.days_away(i),
            season.km(i),
        )
        row = sums[season.first_level[leader.branch]]
        row[:] = [a + b for a, b in zip(row, mine, strict=True)]
    rows = [BranchRow(instance.branches[b].id, instance.branches[b].name, *row) for b, row in sums.items()]
    return sorted(rows, key=lambda row: (row.closed / row.total if row.total else 1.0, -row.total, row.id))


def session_rows(season: Season) -> list[SessionRow]:
    """All sessions, by first day, then site and id."""
    instance = season.instance
    rows = [
        SessionRow(
            s,
            session.id,
            season.name(s),
            instance.sites[session.site].name,
            session.first_day,
            session.days,
            tuple(season.module_names(s)),
            season.people[s],
            session.seats,
            session.min_seats,
            season.runs(s),
            session.candidate,
            season.room(s),
        )
        for s, session in enumerate(instance.sessions)
    ]
    return sorted(rows, key=lambda row: (row.first, row.site, row.id))


def emptiest_first(rows: list[SessionRow]) -> list[SessionRow]:
    """Sessions that run: those below their minimum, then by seats taken."""
    running = [row for row in rows if row.runs]
    return sorted(
        running, key=lambda row: (row.people >= row.min_seats, row.people / max(1, row.seats), row.first)
    )


def fill_counts(rows: list[SessionRow]) -> list[tuple[str, int]]:
    """How many sessions are full, well filled, and so on; kinds of which there are none are left out."""
    counts: Counter[str] = Counter()
    for row in rows:
        if not row.runs:
            counts["closed"] += 1
        elif row.people == 0:
            counts["empty"] += 1
        elif row.people < row.min_seats:
            counts["low"] += 1
        elif row.people >= row.seats:
            counts["full"] += 1
        elif 2 * row.people >= row.seats:
            counts["most"] += 1
        else:
            counts["some"] += 1
    return [(text, counts[kind]) for kind, text in FILLS.items() if counts[kind]]


def reason_rows(season: Season) -> list[ReasonRow]:
    """Open skill gaps by reason, the most frequent first, each with the heaviest of them as the example."""
    instance = season.instance
    names = {skill.id: skill.name for skill in instance.skills}
    weights = {
        (leader.id, instance.skills[gap.skill].id): leader.priority * gap.weight
        for leader in instance.leaders
        for gap in leader.gaps
    }
    by_reason = defaultdict(list)
    for entry in season.plan.open_gaps:
        by_reason[entry.reason].append(entry)
    rows = []
    for reason, entries in by_reason.items():
        example = min(entries, key=lambda e: (-weights.get((e.leader, e.skill), 0), e.leader, e.skill))
        i = instance.leader_by_id.get(example.leader)
        rows.append(
            ReasonRow(
                printable(reason),
                tr(REASONS[reason]) if reason in REASONS else "",
                len(entries),
                printable(example.leader) if i is None else instance.leaders[i].name,
                names.get(example.skill) or printable(example.skill),
                season.said(example.detail),
            )
        )
    return sorted(rows, key=lambda row: (-row.count, row.reason))
