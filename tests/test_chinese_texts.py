"""In Chinese nothing is said half in English: findings, violations, reasons, remedies, progress.

That no text lacks its Chinese is for the catalogue's own test; here are the texts as they are put together.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.documents.reading.plan import read_plan
from cadreplan.documents.schema.json_schema import Kind, json_schema
from cadreplan.engines.choose import choose
from cadreplan.errors import ContradictionError, InputError, UsageError
from cadreplan.insight.explain import explain
from cadreplan.insight.fixes import fixes
from cadreplan.insight.improve import improve
from cadreplan.insight.obstacles import obstacles
from cadreplan.insight.plan_state import PlanState
from cadreplan.insight.reasons import open_gaps
from cadreplan.insight.replan import prepare, reasons
from cadreplan.instance import Instance
from cadreplan.language import Language, using
from cadreplan.loading.load import find_problems, load_roster
from cadreplan.messages import Message
from cadreplan.messages.saying import say
from cadreplan.plan import Plan
from cadreplan.programme.problem import Draft, Occupancy, Problem
from cadreplan.programme.reasons import reason as why_nobody
from cadreplan.rules.registry import RULES as INPUT_RULES
from cadreplan.solution import Solution
from cadreplan.solving import Progress, SolveOptions, solve
from cadreplan.solving.simple import bare_solution
from cadreplan.verification.plans import check_plan
from cadreplan.verification.programmes import broken
from cadreplan.verification.rules import RULES, check
from tests.documents.test_examples import files
from tests.insight.plans import document
from tests.programme.base import Build
from tests.rules.base import of_rule, problems_of
from tests.rules.test_manual import WITHOUT_EXAMPLE, example
from tests.solving.small import small_instance

ROSTER = Path(__file__).resolve().parents[1] / "examples" / "spring-rotation" / "roster.yaml"
_QUOTED = re.compile(r"'[^']*'|`[^`]*`|\"[^\"]*\"|\[[^\]]*\]|\{[^}]*\}|(?:/[\w.-]+)+")
_SENTENCE = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+\b")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def assert_chinese(texts: Iterable[str]) -> None:
    said = [text for text in texts if text]
    assert said
    bare = {text: _QUOTED.sub("", text) for text in said}
    assert [text for text, rest in bare.items() if _SENTENCE.search(rest) or not _CHINESE.search(rest)] == []


@pytest.fixture(scope="module")
def instance() -> Instance:
    """The example without pins and standards, which nobody could meet one session at a time."""
    found = load_roster(ROSTER).instance
    leaders = tuple(replace(leader, pinned=()) for leader in found.leaders)
    return replace(found, leaders=leaders, policy=replace(found.policy, core_share=None, min_methods=0))


@pytest.fixture(scope="module")
def solution(instance: Instance) -> Solution:
    empty = bare_solution(instance)
    assert empty is not None
    return improve(instance, empty)


@pytest.fixture(scope="module")
def plan(instance: Instance, solution: Solution) -> Plan:
    return document(instance, solution)


@pytest.mark.parametrize("id_", sorted(INPUT_RULES.keys() - WITHOUT_EXAMPLE))
def test_findings_of_a_rule(id_: str, tmp_path: Path) -> None:
    with using(Language.ZH):
        found = of_rule(problems_of(tmp_path, example(INPUT_RULES[id_].manual, "Wrong"), whole=True), id_)
    assert_chinese(text for d in found for text in (d.message, d.hint))


@pytest.mark.parametrize("file", files("bad"), ids=lambda file: file.stem)
def test_findings_of_a_wrong_document(file: Path) -> None:
    with using(Language.ZH):
        found = find_problems([file])
    assert_chinese(text for d in found for text in (d.message, d.hint))


def test_findings_of_a_wrong_plan(plan: Plan, tmp_path: Path) -> None:
    text = plan.to_json()
    damages = {
        "json": (text[:-20], 1),
        "twice": (text.replace('"kind"', '"kind": "plan", "kind"', 1), 1),
        "types": (
            text.replace('"cadreplan": 1', '"cadreplan": "1"', 1)
            .replace('"status": "feasible"', '"status": "good"', 1)
            .replace('"seed": 0', '"seed": 0.5', 1)
            .replace('"workers": 1', '"workers": 0', 1)
            .replace('"runs": true', '"runs": "yes"', 1)
            .replace('"sha256": "', '"sha256": "no ', 1),
            4,
        ),
    }
    for name, (damaged, least) in damages.items():
        path = tmp_path / f"{name}.json"
        path.write_text(damaged, encoding="utf-8")
        with using(Language.ZH), pytest.raises(InputError) as raised:
            read_plan(path)
        assert len(raised.value.diagnostics) >= least
        assert_chinese([d.message for d in raised.value.diagnostics] + [str(raised.value)])


@pytest.mark.parametrize(
    "setting", ["sites", "sides.P.beds=1", "sites.P.bets=1", "sites.nowhere.beds=1", "sites.P.beds=many"]
)
def test_settings_that_cannot_be(setting: str, tmp_path: Path) -> None:
    roster = tmp_path / "roster.yaml"
    roster.write_text(
        "cadreplan: 1\nkind: roster\ncurriculum: c.yaml\nhorizon: 2026-03-02\n"
        "sites: [{id: P}]\nbranches: []\nleaders: []\n",
        encoding="utf-8",
    )
    with using(Language.ZH), pytest.raises(UsageError) as raised:
        load_roster(roster, settings=[setting])
    assert_chinese([str(raised.value).partition(": ")[2]])


def test_violations(instance: Instance) -> None:
    draw = random.Random(2026)
    n = len(instance.sessions)
    crowded = Solution(
        tuple(tuple(sorted(draw.sample(range(n), 6))) for _ in instance.leaders),
        frozenset(s for s in range(n) if instance.sessions[s].candidate and s % 2),
        {},
    )
    everybody = tuple(range(len(instance.leaders)))
    tight = replace(
        instance,
        policy=replace(instance.policy, min_methods=9, transfer_days=20),
        ties=(Tie(everybody, "apart", "day"), Tie(everybody, "apart", "class")),
        mix=(Mix("role", "class", at_least=Amount(1000, False), hard=True),),
    )
    with using(Language.ZH):
        found = check(tight, crowded).violations
    assert {v.rule for v in found} >= set(RULES) - {"pins", "rooms", "branch"}
    assert_chinese(v.message for v in found)


def test_violations_of_statements(instance: Instance, plan: Plan) -> None:
    (leader, session), *rest = plan.assignments
    wrong = replace(
        plan,
        assignments=(("nobody", session), (leader, "nowhere"), (leader, session), (leader, session), *rest),
        sessions=(replace(plan.sessions[0], room="attic"), plan.sessions[1], *plan.sessions[1:-1]),
        open_gaps=plan.open_gaps[1:],
        solver=replace(plan.solver, objective=plan.solver.objective + 1, gap=0.5),
        terms=replace(plan.terms, km=0),
    )
    with using(Language.ZH):
        found = check_plan(instance, wrong).violations
    assert {v.rule for v in found} >= {"reference", "statement"}
    assert_chinese(v.message for v in found)


def test_violations_of_a_programme() -> None:
    build = Build().module("M", slots=2, kinds="dean").module("N", requires="M").session("S", (0, 1), "M N")
    build.session("T", 0, "M", at="Q").lecturer("T1", available=((1, 1),), max_slots=1, site="P")
    entries = build.entries("S: 0am N T1, 0am M T1, 5pm M T1; T: 0pm M T1")
    with using(Language.ZH):
        assert_chinese(message for _, message in broken(build.instance, entries))


def _unstaffed() -> list[Message]:
    """The reasons of half days that nobody can teach, one for each."""
    build = Build().module("M", kinds="dean").module("N", kinds="tutor").module("O", kinds="monk")
    build.session("A", 0, "M").session("B", 0, "N").session("C", 1, "N").session("D", 2, "O", at="Q")
    build.lecturer("T1", "tutor", available=((0, 0),), max_slots=0).lecturer("T2", "monk", site="P")
    instance = build.instance
    solution = Solution((), frozenset(), {})
    problem = Problem.of(instance, solution)
    draft: Draft = {
        s: {problem.slots[s][0]: (instance.sessions[s].modules[0], None)} for s in problem.sessions
    }
    taken = Occupancy(problem, draft, problem.sessions)
    return [
        why_nobody(problem, taken, s, m, slot)
        for s, half_days in draft.items()
        for slot, (m, _) in half_days.items()
    ]


def test_why_nobody_teaches() -> None:
    told = _unstaffed()
    assert sorted(message.code for message in told) == ["load", "no-kind", "site", "unavailable"]
    with using(Language.ZH):
        assert_chinese(map(say, told))


def test_reasons_of_open_skill_gaps(instance: Instance, solution: Solution) -> None:
    found = open_gaps(instance, solution)
    with using(Language.ZH):
        assert open_gaps(instance, solution) == found
        assert_chinese(say(g.detail) for g in found)


def test_obstacles_and_remedies(instance: Instance, solution: Solution) -> None:
    state = PlanState(instance, solution)
    texts = set()
    with using(Language.ZH):
        for i in range(len(instance.leaders)):
            for g in state.open_positions(i):
                found = explain(state, i, g, lambda changed, start: (start, False), tried=0)
                texts |= {say(h.obstacle.told) for way in found.ways for h in way.hurdles}
                texts |= {text for way in found.ways for text in _remedies(state, i, way.session)}
    assert len(texts) > 100
    assert_chinese(texts)


def _remedies(state: PlanState, i: int, s: int) -> list[str]:
    return [say(fix.told) for o in obstacles(state, i, s) for fix in fixes(state, i, s, [o]) or ()]


def test_why_assignments_are_given_up(instance: Instance, plan: Plan) -> None:
    gone = replace(instance, leaders=instance.leaders[5:], sessions=instance.sessions[:-3])
    small = replace(gone, sessions=tuple(replace(s, seats=max(1, s.seats // 3)) for s in gone.sessions))
    with using(Language.ZH):
        assert_chinese(map(say, prepare(small, plan).dropped.values()))
        full = prepare(instance, plan)
        emptied = replace(plan, assignments=plan.assignments[3:])
        assert_chinese(map(say, reasons(full, plan, emptied).values()))


def test_a_plan_is_the_same_in_every_language_and_progress_is_not() -> None:
    small = small_instance(leaders=4, seats=2, sessions=1)
    options = SolveOptions(workers=1, time_limit=30)
    english = solve(small, options)
    phases: list[Progress] = []
    with using(Language.ZH):
        chinese = solve(small, options, phases.append)
    assert replace(chinese, solver=replace(chinese.solver, seconds=english.solver.seconds)) == english
    told = say(english.open_gaps[0].detail)
    assert "requires" in told or "seat" in told
    assert_chinese(p.phase for p in phases)


def test_contradictions() -> None:
    small = small_instance(leaders=2, seats=1)
    pinned = replace(small, leaders=tuple(replace(leader, pinned=(0,)) for leader in small.leaders))
    with using(Language.ZH), pytest.raises(ContradictionError) as raised:
        solve(pinned, SolveOptions(workers=1, time_limit=30))
    assert_chinese([str(raised.value), *raised.value.facts])


def test_why_an_engine_was_taken() -> None:
    small = small_instance(leaders=2, seats=1)
    with using(Language.ZH):
        assert_chinese(say(choose(small, wanted)[1]) for wanted in ("auto", "exact"))


def test_a_detector_that_detects() -> None:
    with pytest.raises(AssertionError):
        assert_chinese(["能力 leads nowhere 应为"])
    with pytest.raises(AssertionError):
        assert_chinese(["M-LAW"])
    assert_chinese(["应为 'three meetings' 或 `min seats`"])


@pytest.mark.parametrize("kind", get_args(Kind))
def test_schemas(kind: Kind) -> None:
    with using(Language.ZH):
        text = json.dumps(json_schema(kind), ensure_ascii=False)
    assert_chinese(re.findall(r'"description": "((?:[^"\\]|\\.)*)"', text))
