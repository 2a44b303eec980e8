"""Random classes: one session with groups, attended by all, with tags, ties, wishes and groups of before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

from hypothesis import strategies as st

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.goals import GroupGoals
from cadreplan.grouping.classes import classes_of
from cadreplan.grouping.problem import Problem, goals_of
from cadreplan.instance import Instance, Past
from cadreplan.solution import Solution
from tests.check.base import Build

TAGS = {"gender": ("f", "m"), "band": ("a", "b", "c")}


@dataclass(frozen=True)
class Drawn:
    """An instance with one session `S`, and the solution in which everybody attends it."""

    instance: Instance
    solution: Solution

    @property
    def problem(self) -> Problem:
        (one,) = classes_of(self.instance, self.solution)
        return one.problem


def drawn(instance: Instance) -> Drawn:
    return Drawn(instance, Solution(tuple((0,) for _ in instance.leaders)))


@st.composite
def classes(draw: st.DrawFn, *, most: int = 8, plain: bool = False) -> Drawn:
    """Small enough to try every division; `plain` ones have rows of one and no plan before."""
    n = draw(st.integers(2, most))
    build = Build().branch("X", parent="B").branch("Y", parent="B").session("S", 1)
    for k in range(n):
        build.leader(
            f"L{k}",
            branch=draw(st.sampled_from("BXY")),
            role=draw(st.sampled_from((None, "R", "Q"))),
            headcount=1 if plain else draw(st.sampled_from((1, 1, 1, 1, 2, 3))),
        )
    leaders = tuple(replace(leader, tags=tuple(draw(_tags()).items())) for leader in build.instance.leaders)
    low = draw(st.integers(1, 4))
    session = replace(build.instance.sessions[0], groups=(low, draw(st.integers(max(2, low), 5))))
    some = st.sets(st.integers(0, n - 1), min_size=2, max_size=min(n, 4)).map(lambda of: tuple(sorted(of)))
    names = st.sampled_from(("gender", "band", "branch", "branch:1", "role"))
    instance = replace(
        build.instance,
        sessions=(session,),
        leaders=leaders,
        mix=tuple(draw(st.lists(_mixes(), max_size=3))),
        ties=tuple(
            Tie(of, draw(st.sampled_from(("apart", "together"))), "group")
            for of in draw(st.lists(some, max_size=2))
        ),
        met=tuple(draw(st.lists(some, max_size=2))),
        policy=replace(
            build.instance.policy,
            groups=tuple(draw(st.dictionaries(names, st.integers(1, 3), max_size=3)).items()),
        ),
    )
    if not plain and draw(st.booleans()):
        at = draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
        groups = tuple(tuple(i for i in range(n) if at[i] == g) for g in range(4))
        instance = replace(instance, past=Past(groups={0: groups}))
    return drawn(instance)


@st.composite
def _tags(draw: st.DrawFn) -> dict[str, str]:
    return {tag: draw(st.sampled_from(of)) for tag, of in TAGS.items() if draw(st.integers(0, 5))}


@st.composite
def _mixes(draw: st.DrawFn) -> Mix:
    tag = draw(st.sampled_from(("gender", "gender", "band", "branch:1", "role")))
    amounts = (
        st.none()
        | st.builds(Amount, st.integers(0, 3))
        | st.builds(Amount, st.sampled_from((20, 50, 75)), st.just(True))
    )
    return Mix(
        tag=tag,
        each="group",
        value=draw(st.none() | st.sampled_from(TAGS.get(tag, ("X", "R", "nobody")))),
        at_least=draw(amounts),
        at_most=draw(amounts),
        alone=draw(st.booleans()),
    )


def best_of(problem: Problem) -> GroupGoals:
    """The best goals of all divisions, tried one after the other."""
    return min(
        (goals_of(problem, at) for at in product(range(problem.k), repeat=problem.n)),
        key=lambda goals: goals.order,
    )
