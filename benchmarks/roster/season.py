"""A season that is to be designed: how often offerings are held, rooms and beds for that, lecturers."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace

from benchmarks.roster import world
from benchmarks.roster.state import State
from cadreplan.instance import Lecturer, Room, Session

_KINDS = ("school-lecturer", "school-lecturer", "committee-secretary", "organization-head")
LEAST_SEATS = 8
"""Of an offering: nobody designs a season of classes of three."""


def expected_runs(state: State) -> list[float]:
    """How often each session counts when seats are shared out: a season's candidate by its chance to run."""
    if state.season is None:
        return [1.0] * len(state.sessions)
    own = Counter(session.offering for session in state.sessions)
    most = [template.max_runs or 0 for template in state.templates]
    return [
        1.0 if session.offering is None else most[session.offering] / own[session.offering]
        for session in state.sessions
    ]


def add_rooms_and_beds(state: State) -> None:
    """Two rooms or more at most sites: all confirmed sessions fit, and a candidate or two beside them."""
    random = state.random
    at_site: dict[int, list[Session]] = defaultdict(list)
    for session in state.sessions:
        at_site[session.site].append(session)
    for site in sorted(at_site):
        confirmed = [session for session in at_site[site] if not session.candidate]
        usual = max(session.seats for session in at_site[site])
        if random.random() < 0.7:
            rooms = rooms_for(confirmed)
            rooms += [max(2, round(usual * share)) for share in random.choice(((1.0,), (1.0, 0.8), (0.85,)))]
            named = tuple(Room(f"{state.sites[site].id}-{r + 1}", seats) for r, seats in enumerate(rooms))
            state.sites[site] = replace(state.sites[site], rooms=named)
        if random.random() < 0.5:
            peak = Counter[int]()
            for session in confirmed:
                peak.update(dict.fromkeys(session.days, session.seats))
            beds = max(4, round(0.9 * (max(peak.values(), default=0) + usual)))
            state.sites[site] = replace(state.sites[site], beds=beds)


def rooms_for(sessions: list[Session]) -> list[int]:
    """Seats of rooms for all sessions, the largest first, each in the first room free on its days."""
    taken: list[set[int]] = []
    seats: list[int] = []
    for session in sorted(sessions, key=lambda session: (-session.seats, session.id)):
        free = next((r for r, days in enumerate(taken) if not days & set(session.days)), None)
        if free is None:
            taken.append(set())
            seats.append(session.seats)
            free = len(taken) - 1
        taken[free] |= set(session.days)
    return seats


def add_lecturers(state: State) -> None:
    """Lecturers of the kinds that the curriculum asks for; a third of those of schools don't leave theirs."""
    if state.season is None:
        return
    random = state.random
    for t in range(state.season.lecturers):
        kind = _KINDS[t % len(_KINDS)]
        bound = kind == "school-lecturer" and random.random() < 1 / 3
        state.lecturers.append(
            Lecturer(
                id=f"T{t + 1:03}",
                name=random.choice(world.SURNAMES) + random.choice(world.GIVEN),
                kind=kind,
                max_slots=random.choice((20, 30, 40)),
                site=random.randrange(len(state.sites)) if bound else None,
            )
        )
