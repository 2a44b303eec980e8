"""The model against brute force, and what it proves, on instances small enough to enumerate."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from cadreplan.errors import RefutedBoundError, UsageError
from cadreplan.instance import Past
from cadreplan.messages.saying import with_code
from cadreplan.plan import ProgrammeEntry
from cadreplan.programme.greedy import first_draft, ideals
from cadreplan.programme.improve import Budget, Known, improve
from cadreplan.programme.model import Programme, programme, sketches
from cadreplan.programme.problem import Problem
from cadreplan.programme.search import Search, _lowest, goals_of
from cadreplan.verification.programmes import broken, goals

from .base import Build, entry


def made(build: Build, **options: float | None) -> Programme:
    limit = options.get("time_limit")
    return programme(build.instance, build.solution, time_limit=limit, workers=1, seed=0)


def rows(build: Build, found: Programme, session: str) -> list[tuple[str, str, str, str | None]]:
    listed = found.entries[list(build.sessions).index(session)]
    return [(e.date[-2:], e.slot, e.module, e.lecturer) for e in listed]


@pytest.mark.parametrize("seed", range(6))
def test_after_a_plan_before_as_little_differs_as_can_be(seed: int) -> None:
    """The two first goals, in their order, are those of the best of all programmes."""
    build = some_build(seed)
    instance, solution = build.instance, build.solution
    ways = [way for way in every_programme(build) if next(broken(instance, way), None) is None]
    if not ways:
        pytest.skip("nothing keeps the rules")
    before = random.Random(seed).choice(ways)
    at = {
        s: {
            2 * (date.fromisoformat(h.date) - instance.start).days + (h.slot == "pm"): (
                next(m for m, x in enumerate(instance.modules) if x.id == h.module),
                next((k for k, x in enumerate(instance.lecturers) if x.id == h.lecturer), None),
            )
            for h in half_days
        }
        for s, half_days in before.items()
    }
    after = replace(instance, past=Past(at))
    found = programme(after, solution, time_limit=None, workers=1, seed=0)

    def differ(way: Mapping[int, Sequence[ProgrammeEntry]]) -> int:
        n = 0
        for s, half_days in way.items():
            was = {(h.date, h.slot, h.module, h.lecturer) for h in before[s]}
            n += sum((h.date, h.slot, h.module, h.lecturer) not in was for h in half_days)
            teams = {(h.module, h.lecturer) for h in before[s]}
            n += len({(h.module, h.lecturer) for h in half_days if h.lecturer} - teams)
        return n

    assert found.info.goals.differing == differ(found.entries)
    best = min((goals(instance, way).unstaffed, differ(way)) for way in ways)
    assert (found.info.goals.unstaffed, found.info.goals.differing) == best
    assert found.info.bound[:2] <= best


def every_programme(build: Build) -> Iterator[dict[int, tuple[ProgrammeEntry, ...]]]:
    """All ways to put modules on half days and lecturers on them, right or wrong."""
    whole = []
    for session in build.sessions.values():
        lessons = [
            build.instance.modules[m].id
            for m in session.modules
            for _ in range(build.instance.modules[m].slots)
        ]
        slots = [f"{day}{half}" for day in session.days for half in ("am", "pm")]
        ways = set()
        for order in itertools.permutations(slots, len(lessons)):
            for who in itertools.product([*build.lecturers, "-"], repeat=len(lessons)):
                ways.add(tuple(sorted(f"{t} {m} {k}" for t, m, k in zip(order, lessons, who, strict=True))))
        whole.append([tuple(entry(row) for row in way) for way in sorted(ways)])
    for parts in itertools.product(*whole):
        yield dict(enumerate(parts))


def some_build(seed: int) -> Build:
    rng = random.Random(seed)
    build = Build()
    kinds = ["tutor", "head"]
    build.module(
        "A", core=rng.random() < 0.5, kinds=rng.choice(["", "tutor", "head"]), slots=rng.choice([1, 1, 2])
    )
    build.module(
        "B",
        core=rng.random() < 0.5,
        method=rng.choice(["lecture", "seminar"]),
        requires=rng.choice(["", "A"]),
        kinds=rng.choice(["", "tutor", "head"]),
    )
    build.session("S", 0, "B" if build.modules["A"].slots == 2 else "A B")
    build.session("U", rng.choice([0, 1]), rng.choice(["A", "B"]), at=rng.choice("PQ"))
    for name in ("T", "V"):
        build.lecturer(
            name,
            rng.choice(kinds),
            available=rng.choice([None, None, ((0, 0),)]),
            max_slots=rng.choice([None, 1, 2]),
            site=rng.choice([None, None, "P"]),
        )
    return build


def best_of_all(build: Build) -> tuple[int, ...]:
    """The goals of the best programme, by enumeration."""
    instance = build.instance
    return min(
        goals(instance, way).order
        for way in every_programme(build)
        if next(broken(instance, way), None) is None
    )


@pytest.mark.parametrize("seed", range(25))
def test_the_programme_is_the_best_of_all(seed: int) -> None:
    build = some_build(seed)
    best = best_of_all(build)
    found = made(build)
    assert (found.info.status, found.info.bound, found.info.goals.order) == ("optimal", best, best)


@pytest.mark.parametrize("seed", range(25))
def test_no_bound_on_the_way_comes_after_the_best_of_all(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where hardly anything is proven: searches that end at once, parts in windows."""
    rng = random.Random(seed)
    for name, values in (("QUICK", (0.0001, 0.1)), ("WHOLE", (10, 12_000)), ("WINDOW", (20, 2500))):
        monkeypatch.setattr(f"cadreplan.programme.search.{name}", rng.choice(values))
    build = some_build(seed)
    best = best_of_all(build)
    problem = Problem.of(build.instance, build.solution)
    for sketch in sketches(problem, None, 1, seed, lambda: False):
        assert sketch.bound <= best <= goals_of(problem, sketch.draft).order


def apart() -> Build:
    """Nobody is short by the count of half days, but the lecturer can't be at both sites on one day."""
    return Build().module("M").session("S", 0, "M").session("U", 0, "M", at="Q").lecturer("T")


def crossed() -> Build:
    """One core module has to leave the morning, and is followed by no repeat there."""
    build = Build().module("X").module("Z").module("V", core=True, kinds="head")
    build.module("A", core=True, method="seminar", requires="X Z", kinds="head")
    build.session("S", (0, 1), "X Z A").session("U", 1, "V").lecturer("T", "head", modules="V A")
    return build.lecturer("W", modules="X Z")


@pytest.mark.parametrize(("build", "best"), [(apart(), (1, 0, 0, 0, 1, 0)), (crossed(), (0, 0, 1, 0, 3, 0))])
def test_bounds_of_later_goals_fall_where_earlier_ones_are_missed(
    build: Build, best: tuple[int, ...]
) -> None:
    """Fewer journeys with somebody missing, fewer repeats with a core module in an afternoon."""
    found = made(build).info
    assert (found.status, found.bound, found.goals.order) == ("optimal", best, best)


@pytest.mark.parametrize(
    ("bound", "proven", "stated"),
    [
        ((0, 0, 0, 1, 15), 5, (0, 0, 0, 1, 3, 3)),
        ((0, 0, 0, 1, 0), 3, (0, 0, 0, 1, 2, 0)),
        ((0, 3, 0, 0, 0), 1, (0, 3, 0, 1, 2, 0)),
        ((0, 0, 1, 0, 0), 2, (0, 0, 1, 0, 2, 0)),  # the repeats known are those of mornings that are kept
        ((0, 0, 0, 0, 0), 2, (0, 0, 0, 1, 2, 0)),
        ((1, 0, 0, 0, 0), 0, (1, 0, 0, 1, 0, 0)),  # the journeys known are those with everybody there
    ],
)
def test_what_is_not_proven_of_a_goal_is_not_stated_of_those_after_it(
    bound: tuple[int, ...], proven: int, stated: tuple[int, ...]
) -> None:
    build = Build().module("A", slots=3).session("S", (0, 1), "A")  # a journey weighs 4 changes
    problem = Problem.of(build.instance, build.solution)
    assert _lowest(problem, (0,), (0, 0, 0, 1, 2), bound, proven) == stated


def test_a_programme_better_than_its_bound_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T")
    monkeypatch.setattr(Search, "bound", (1, 0, 0, 0, 0, 0))
    with pytest.raises(
        RefutedBoundError, match=r"\(0, 0, 0, 0, 1, 0\) comes before the bound \(1, 0, 0, 0, 0, 0\)"
    ):
        made(build)


@pytest.mark.parametrize(
    "known", [(1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0), (0, 0, 0, 0, 2)]
)
def test_a_known_bound_that_a_draft_refutes_is_a_bug(known: Known) -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T")
    problem = Problem.of(build.instance, build.solution)
    draft = first_draft(problem, ideals(problem))
    budget = Budget(1.0, 1, 0, lambda: None, lambda: False)
    assert improve(problem, draft, problem.sessions, (0, 0, 0, 0, 1), budget).proven == 5
    with pytest.raises(RefutedBoundError):
        improve(problem, draft, problem.sessions, known, budget)


def test_core_modules_are_in_the_mornings_and_methods_alternate() -> None:
    build = Build().module("X", slots=2).module("C", slots=2, core=True, method="seminar")
    build.session("S", (0, 1), "X C").lecturer("T")
    assert [row[1:3] for row in rows(build, made(build), "S")] == [("am", "C"), ("pm", "X")] * 2


def test_of_alternatives_the_one_that_suits_comes_first() -> None:
    """X has to be in the afternoon of its lecturer's only day, so that A comes before N."""
    build = Build().module("A").module("X", kinds="head").module("N", requires="A|X", core=True)
    build.session("S", (0, 1), "A X N").lecturer("T").lecturer("H", "head", available=((1, 1),))
    found = made(build)
    assert found.info.goals.unstaffed == 0
    assert next(broken(build.instance, found.entries), None) is None
    order = [row[2] for row in rows(build, found, "S")]
    assert order.index("A") < order.index("N")


def test_nobody_unstaffed_goes_before_mornings() -> None:
    build = Build().module("C", core=True).session("S", 0, "C").session("U", 0, "C").lecturer("T")
    found = made(build)
    assert (found.info.status, found.info.goals.unstaffed, found.info.goals.afternoons) == ("optimal", 0, 1)


def test_a_lecturer_who_is_there_teaches_more_than_one_module() -> None:
    build = Build().module("A").module("B").session("S", 0, "A B").session("U", 7, "A B")
    build.lecturer("T").lecturer("V")
    found = made(build)
    assert found.info.goals.journeys == 2
    assert found.info.goals.overload == 0


def test_a_module_may_have_two_lecturers_where_one_has_no_time() -> None:
    build = (
        Build()
        .module("A", slots=2)
        .session("S", 0, "A")
        .lecturer("T", max_slots=1)
        .lecturer("V", max_slots=1)
    )
    found = made(build)
    assert (found.info.goals.unstaffed, found.info.goals.changes) == (0, 1)


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (
            Build().module("M", kinds="head").session("S", 0, "M").lecturer("T"),
            "no-kind: nobody on the roster may teach M; add a head for M",
        ),
        (
            Build().module("M").session("S", 0, "M", at="Q").lecturer("T", site="P"),
            "site: T may teach M at other sites only; let one come to Q",
        ),
        (
            Build().module("M").session("S", 0, "M").lecturer("T", available=((3, 5),)),
            "unavailable: T is not available on 2026-03-02; T on that day would do",
        ),
        (
            Build().module("M").session("S", 0, "M").lecturer("T", max_slots=0),
            "load: T has no half day left; one more for T would do",
        ),
        (
            Build().module("M", slots=2).session("S", 0, "M").session("U", 0, "M").lecturer("T", site="P"),
            "busy: T teaches elsewhere on 2026-03-02",
        ),
    ],
)
def test_nobody_has_a_reason_and_a_remedy(build: Build, reason: str) -> None:
    found = [e for listed in made(build).entries.values() for e in listed if e.lecturer is None]
    assert found
    assert all(with_code(e.reason).startswith(reason) for e in found)


def test_candidates_that_do_not_run_have_no_programme() -> None:
    build = Build().module("M").session("S", 0, "M", candidate=True).lecturer("T")
    idle = type(build.solution)((), frozenset())
    assert programme(build.instance, idle, time_limit=1, workers=1, seed=0).entries == {}
    assert list(made(build).entries) == [0]


def test_no_time_still_gives_a_programme() -> None:
    build = Build().module("C", core=True).session("S", 0, "C").session("U", 0, "C").lecturer("T")
    found = made(build, time_limit=0.0)
    assert next(broken(build.instance, found.entries), None) is None
    assert [len(listed) for listed in found.entries.values()] == [1, 1]
    assert found.info.bound <= best_of_all(build) == (0, 0, 1, 0, 2, 0)


def test_a_wish_to_stop_is_heard() -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T").lecturer("V")
    found = programme(
        build.instance, build.solution, time_limit=None, workers=1, seed=0, should_stop=lambda: True
    )
    assert len(found.entries[0]) == 1


def test_modules_that_the_days_do_not_hold_are_told() -> None:
    build = Build().module("M", slots=3).session("S", 0, "M").lecturer("T")
    with pytest.raises(UsageError, match="session S has 2 half days, its modules fill 3"):
        made(build)


def test_no_lecturers_at_all_leave_every_half_day_unstaffed() -> None:
    build = Build().module("M", slots=2).session("S", 0, "M")
    found = made(build)
    assert (found.info.goals.unstaffed, found.info.status) == (2, "optimal")


def test_the_same_input_gives_the_same_programme() -> None:
    build = some_build(3).session("W", (1, 2), "A B").session("X", (2, 3), "B A", at="Q").lecturer("Z")
    assert made(build) == made(build)


def test_a_long_season_in_windows_keeps_all_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    build = Build().module("A", core=True).module("B", requires="A").module("C", slots=2, kinds="head")
    for n in range(12):
        build.session(f"S{n:02}", (n, n + 1), "A B C" if n % 2 else "C A", at="PQ"[n % 3 == 0])
    build.lecturer("T", "head", max_slots=9).lecturer("V", site="P").lecturer("W", "head", site="Q")
    with monkeypatch.context() as patience:
        patience.setattr("cadreplan.programme.search.QUICK", 10.0)
        best = made(build).info
    assert best.status == "optimal"
    monkeypatch.setattr("cadreplan.programme.search.WHOLE", 10)
    monkeypatch.setattr("cadreplan.programme.search.WINDOW", 60)
    found = made(build)
    assert next(broken(build.instance, found.entries), None) is None
    assert found.info.bound <= best.goals.order <= found.info.goals.order
