"""Why skill gaps of a leader stay open: each session that would close one, and what stands in its way."""

from __future__ import annotations

from cadreplan.insight.obstacles import Obstacle, Step, first_obstacle
from cadreplan.language import listed, tr
from cadreplan.views.season import Season
from cadreplan.views.tui.listings import Column, Kind, Listing, made


def why(season: Season, leader: int) -> Listing:
    """The sessions that teach what the leader still lacks, those first that the leader gets closest to.

    A session is listed with the skills that it would close and the first obstacle; where there is none, the
    plan would be worth more with it.
    """
    state, instance = season.state, season.instance
    who = instance.leaders[leader]
    lacking = set(state.open_positions(leader))
    found: list[tuple[int, list[int], Obstacle | None]] = []
    for s in range(len(instance.sessions)):
        closing = [g for g in state.closed(who, s) if g in lacking]
        if closing:
            found.append((s, closing, first_obstacle(state, leader, s)))
    found.sort(key=lambda each: (-_reach(each[2]), instance.sessions[each[0]].first_day, each[0]))
    columns = (
        Column(tr("session")),
        Column(tr("dates")),
        Column(tr("site")),
        Column(tr("closes")),
        Column(tr("what stands in the way")),
    )
    rows = (
        (
            s,
            season.names.handle(s),
            season.dates.spans(instance.sessions[s].days),
            instance.sites[instance.sessions[s].site].name,
            listed(instance.skills[who.gaps[g].skill].name for g in closing),
            tr("nothing: it could be added")
            if obstacle is None
            else f"{obstacle.code}: {season.said(obstacle.told)}",
        )
        for s, closing, obstacle in found
    )
    return made(Kind.SESSIONS, f"{who.name}: {tr('still open, and why')}", columns, rows)


def _reach(obstacle: Obstacle | None) -> Step:
    return Step.NONE if obstacle is None else obstacle.step
