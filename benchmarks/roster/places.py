"""Branches on three levels and the places sessions are held at."""

from __future__ import annotations

from benchmarks.roster import world
from benchmarks.roster.state import State
from cadreplan.instance import Branch, Location, Site


def add_branches(state: State) -> None:
    """Head office, provincial branches, city branches of about 25 leaders."""
    state.branches = [Branch("HQ", "总行", None, world.PROVINCES[0][2])]
    sizes = state.province_weights
    for (id_, name, capital), size in zip(world.PROVINCES, sizes, strict=False):
        state.province_branches.append(len(state.branches))
        state.branches.append(Branch(id_, f"{name}分行", 0, capital))
        people = state.n_leaders * size / sum(sizes)
        state.cities.append([])
        for c in range(max(2, round(people / 25))):
            b = len(state.branches)
            state.cities[-1].append(b)
            place = near(state, capital, 1.6)
            state.branches.append(
                Branch(f"{id_}-{c + 1:02}", f"{name}{c + 1:02}支行", state.province_branches[-1], place)
            )


def near(state: State, place: Location, degrees: float) -> Location:
    """A place at most so many degrees off in latitude and in longitude."""
    lat, lon = place
    return (
        round(lat + state.random.uniform(-degrees, degrees), 2),
        round(lon + state.random.uniform(-degrees, degrees), 2),
    )


def add_sites(state: State) -> None:
    """Main schools, bases, and one school for every province; some are closed for a week."""
    state.sites = [
        Site(id_, name, kind, at) for id_, name, kind, at in world.NATIONAL_SITES[: state.n_national]
    ]
    for id_, name, at in world.PROVINCES[: state.n_provinces]:
        state.sites.append(Site(f"school-{id_.lower()}", f"{name}分行党校", "branch-school", at))
    if state.all:
        for s in range(1, len(state.sites), 5):
            first = 7 * state.random.randrange(4, 14)
            state.closed[s] = ((first, first + 4),)
