"""Who is to be trained: branch, role, skill gaps, modules completed."""

from __future__ import annotations

from benchmarks.roster import world
from benchmarks.roster.state import Person, State
from cadreplan.instance import Role, SkillGap


def add_people(state: State) -> None:
    """Most leaders are in city branches, some in provincial ones, a few at head office."""
    choose = state.random.choices
    for _ in range(state.n_leaders):
        p = choose(range(state.n_provinces), state.province_weights)[0]
        level = choose((0, 1, 2), (3, 12, 85))[0]
        branch = (0, state.province_branches[p], state.random.choice(state.cities[p]))[level]
        role = state.random.randrange(len(state.roles))
        gaps, held = _skill_gaps(state, state.roles[role])
        completed: frozenset[int] = _completed(state) if state.all else frozenset()
        headcount = choose((1, 2, 3), (95, 4, 1))[0] if state.all else 1
        state.people.append(Person(branch, p, role, gaps, held, headcount, completed))


def _skill_gaps(state: State, role: Role) -> tuple[tuple[SkillGap, ...], tuple[tuple[int, int], ...] | None]:
    """Two to six skill gaps among the role's needs; one leader in twenty has them written out."""
    random = state.random
    k = random.choices((2, 3, 4, 5, 6), (3, 5, 5, 4, 2))[0]
    if state.all and random.random() < 0.05:
        skills = sorted(random.sample(range(len(world.SKILLS)), k))
        return tuple(SkillGap(s, 1, random.randint(1, 4)) for s in skills), None
    missing = set(random.sample(range(len(role.needs)), k))
    held: list[tuple[int, int]] = []
    gaps: list[SkillGap] = []
    for j, (skill, need) in enumerate(role.needs):
        if j in missing:
            level = random.randrange(need)
            gaps.append(SkillGap(skill, need, world.SKILLS[skill].weight))
        else:
            level = random.randint(need, 3)
        if level:
            held.append((skill, level))
    return tuple(gaps), tuple(held)


def _completed(state: State) -> frozenset[int]:
    basics = [m for m in range(len(state.modules)) if not state.modules[m].requires]
    return frozenset(state.random.sample(basics, state.random.choices((0, 1, 2, 4), (5, 2, 2, 1))[0]))
