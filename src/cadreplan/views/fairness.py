"""What a plan does over the years: norms met, who waited and is left out again, how evenly branches fare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cadreplan.instance import Leader
from cadreplan.language import listed, tr, tr_n
from cadreplan.plan import Guarantee
from cadreplan.views.naming import with_id
from cadreplan.views.season import Season
from cadreplan.views.summary import first_level_rows
from cadreplan.views.wording import number, printable, share

_NAMED = 3


@dataclass(frozen=True, slots=True)
class NormRow:
    """A norm over all leaders it applies to: how many meet it with the plan, and what the others lack."""

    id: str
    name: str
    source: str
    by_hours: bool
    people: int
    met: int
    missing: int


@dataclass(frozen=True, slots=True)
class OwedRow:
    """A norm of one leader; days count from the horizon's first."""

    leader: int
    norm: str
    wanted: int
    credited: int
    planned: int
    missing: int
    last: int


@dataclass(frozen=True, slots=True)
class EnvyRow:
    """Somebody left out who could take a seat of somebody who waited less, all rules kept."""

    leader: str
    waited: int
    session: str
    other: str
    other_waited: int


def owed_rows(season: Season, leaders: Iterable[int] | None = None) -> list[OwedRow]:
    """Every norm of these leaders; None: of all, in the roster's order."""
    instance, rows = season.instance, []
    for i in range(len(instance.leaders)) if leaders is None else leaders:
        for owed in instance.leaders[i].owes:
            planned = instance.attended(owed, season.solution.chosen[i])
            missing = max(0, owed.missing - planned)
            norm = instance.norms[owed.norm]
            rows.append(OwedRow(i, norm.name, owed.wanted, owed.credited, planned, missing, owed.last))
    return rows


def norm_rows(season: Season) -> list[NormRow]:
    """The norms that apply to anybody, in the curriculum's order."""
    instance = season.instance
    people, met, missing = ([0] * len(instance.norms) for _ in range(3))
    for i, leader in enumerate(instance.leaders):
        for owed in leader.owes:
            short = max(0, owed.missing - instance.attended(owed, season.solution.chosen[i]))
            people[owed.norm] += 1
            met[owed.norm] += not short
            missing[owed.norm] += short
    return [
        NormRow(norm.id, norm.name, norm.source, not norm.counts_sessions, people[n], met[n], missing[n])
        for n, norm in enumerate(instance.norms)
        if people[n]
    ]


def tells_of_waiting(season: Season) -> bool:
    """Whether the roster says who waited, or the policy cares."""
    policy = season.instance.policy
    waited = any(leader.waited for leader in season.instance.leaders)
    return waited or policy.guarantee is not None or bool(policy.weights.wait)


def fairness_facts(season: Season) -> list[tuple[str, str]]:
    """What was promised, who is left out again, who waits longest, and how evenly branches fare."""
    if not tells_of_waiting(season):
        return []
    facts = [] if season.plan.guarantee is None else _guarantee(season, season.plan.guarantee)
    leaders, out = season.instance.leaders, season.left_out
    again = [i for i in out if leaders[i].waited]
    facts.append(
        (
            tr("left out twice in a row or more"),
            tr("{part:,} of {all:,} left out", part=len(again), all=len(out)),
        )
    )
    if out:
        longest = leaders[out[0]].waited
        names = [with_id(leaders[i]) for i in out if leaders[i].waited == longest]
        more = len(names) - _NAMED
        who = listed([*map(printable, names[:_NAMED]), *([tr("{n:,} more", n=more)] if more > 0 else [])])
        rotations = tr_n("{n:,} rotation", "{n:,} rotations", longest + 1)
        facts.append(
            (tr("longest wait, with this plan"), tr("{rotations}: {who}", rotations=rotations, who=who))
        )
    rows = [row for row in first_level_rows(season) if row.total]
    if len(rows) > 1:
        low, high = rows[0], rows[-1]
        points = 100 * high.closed / high.total - 100 * low.closed / low.total
        text = tr(
            "{low} to {high}, a spread of {points:.0f} percentage points",
            low=share(low.closed, low.total),
            high=share(high.closed, high.total),
            points=points,
        )
        facts.append((tr("skill gaps closed, by branch"), text))
    envies = season.envies
    people = len({envy.leader for envy in envies.pairs})
    pairs = tr_n("{n:,} pair", "{n:,} pairs", len(envies.pairs))
    if envies.whole:
        text = tr("{pairs}, {people:,} of those left out", pairs=pairs, people=people)
    else:
        text = tr("at least {pairs}, {people:,} of those left out", pairs=pairs, people=people)
    facts.append((tr("justified envy"), text))
    return facts


def waited_text(leader: Leader) -> str:
    """For how long somebody has had no seat, in a few words."""
    return tr_n("waited {n:,} rotation", "waited {n:,} rotations", leader.waited)


def broken_promise(season: Season, leader: int) -> str | None:
    """What the plan states of the guarantee, where this leader is promised a seat and has none."""
    stated = season.plan.guarantee
    if stated is None or season.solution.chosen[leader] or leader not in _promised(season, stated):
        return None
    return tr("promised a seat, and left out: {state}", state=_kept(season, stated))


def _promised(season: Season, stated: Guarantee) -> list[int]:
    leaders = enumerate(season.instance.leaders)
    return [i for i, who in leaders if who.waited >= stated.waited and who.gaps and not who.left]


def _kept(season: Season, stated: Guarantee) -> str:
    waiting = _promised(season, stated)
    seated = sum(bool(season.solution.chosen[i]) for i in waiting)
    if not stated.left_out:
        return tr("all {n:,} have one", n=len(waiting))
    if stated.proven and season.plan.kept is not None:
        return tr(
            "{seated:,} of {all:,} have one; proven if no more people move: none leaves out fewer than {n:,}",
            seated=seated,
            all=len(waiting),
            n=stated.least,
        )
    if stated.proven:
        return tr(
            "{seated:,} of {all:,} have one; proven: no plan leaves out fewer than {n:,}",
            seated=seated,
            all=len(waiting),
            n=stated.least,
        )
    return tr(
        "{seated:,} of {all:,} have one; {n:,} are left out, proven is {least:,} at least",
        seated=seated,
        all=len(waiting),
        n=stated.left_out,
        least=stated.least,
    )


def guarantee_fact(season: Season, stated: Guarantee) -> tuple[str, str]:
    """Who is promised a seat, and how many of them have one."""
    label = tr_n(
        "guaranteed a seat: waited {n:,} rotation or more",
        "guaranteed a seat: waited {n:,} rotations or more",
        stated.waited,
    )
    return label, _kept(season, stated)


def _guarantee(season: Season, stated: Guarantee) -> list[tuple[str, str]]:
    facts = [guarantee_fact(season, stated)]
    price = price_of(season)
    if price is not None:
        facts.append((tr("price of the guarantee"), price))
    return facts


def price_of(season: Season) -> str | None:
    """What the best plan without the guarantee is worth more, as far as proven; None where nothing is."""
    stated, solver = season.plan.guarantee, season.plan.solver
    if stated is None or stated.without_bound is None:
        return None
    without = max(solver.objective, solver.objective if stated.without is None else stated.without)
    least, most = max(0, without - solver.bound), stated.without_bound - solver.objective
    if least == most:
        return tr("{n:,} points: {without:,} without it", n=least, without=without)
    return tr(
        "{least:,} to {most:,} points: a plan worth {without:,} is known without it",
        least=least,
        most=most,
        without=without,
    )


def envy_rows(season: Season) -> list[EnvyRow]:
    """Pairs of justified envy, those who waited longest first."""
    instance = season.instance

    def said(i: int) -> str:
        return printable(with_id(instance.leaders[i]))

    return [
        EnvyRow(
            said(envy.leader),
            instance.leaders[envy.leader].waited,
            instance.sessions[envy.session].id,
            said(envy.other),
            instance.leaders[envy.other].waited,
        )
        for envy in season.envies.pairs
    ]


def norm_text(row: NormRow) -> str:
    """How a norm is met, in a few words."""
    if row.by_hours:
        lack = tr_n("{n:,} hour missing", "{n:,} hours missing", row.missing)
    else:
        lack = tr_n("{n:,} session missing", "{n:,} sessions missing", row.missing)
    met = tr("{met} of {people:,} meet it", met=number(row.met), people=row.people)
    return met if not row.missing else tr("{met}, {lack}", met=met, lack=lack)
