"""The bundled curriculum and rosters: without any finding, and as rich as the documentation says."""

from __future__ import annotations

import csv
import re
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest

from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.schema.curriculum import ModuleSpec
from cadreplan.instance import Instance
from cadreplan.loading.load import find_problems, load_roster, read_roster_file
from cadreplan.rules.registry import DEMAND_RULES

ROOT = Path(__file__).resolve().parents[1]
CURRICULUM = ROOT / "curricula" / "grassroots-leaders.yaml"
SPRING = ROOT / "examples" / "spring-rotation"
PROVINCE = ROOT / "examples" / "province"
DOCUMENTS = sorted([*ROOT.glob("curricula/*.yaml"), *ROOT.glob("examples/*/roster.yaml")])

THEORY = {
    "THEORY-1",
    "THEORY-2",
    "THEORY-3",
    "CLASSICS-1",
    "CLASSICS-2",
    "STANCE",
    "ACTION",
    "CONGRESS",
    "IDEALS",
}
LECTURER_KINDS = {
    "committee-secretary",
    "discipline-secretary",
    "organization-head",
    "congress-delegate",
    "university-lecturer",
    "school-lecturer",
}


@pytest.fixture(scope="module")
def curriculum() -> CurriculumDocument:
    document = read_roster_file(SPRING / "roster.yaml").curriculum
    assert document is not None
    assert Path(document.file) == CURRICULUM
    return document


@pytest.fixture(scope="module")
def modules(curriculum: CurriculumDocument) -> dict[str, ModuleSpec]:
    return {row.id: spec for row, spec in curriculum.modules.valid() if row.id is not None}


@pytest.fixture(scope="module")
def spring() -> Instance:
    return load_roster(SPRING / "roster.yaml").instance


@pytest.fixture(scope="module")
def province() -> Instance:
    return load_roster(PROVINCE / "roster.yaml").instance


# --- every file -----------------------------------------------------------------------------------------


def test_every_bundled_document_is_known_here() -> None:
    assert {CURRICULUM, SPRING / "roster.yaml", PROVINCE / "roster.yaml"} <= set(DOCUMENTS)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_bundled_document_has_no_findings_but_that_seats_are_short(path: Path) -> None:
    short = {rule.id for rule in DEMAND_RULES}
    assert [found for found in find_problems([path]) if found.rule not in short] == []


@pytest.mark.parametrize("folder", [SPRING, PROVINCE], ids=lambda path: path.name)
def test_an_example_says_what_it_shows(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    for file in sorted(folder.iterdir()):
        assert file.name == "README.md" or file.name in text


@pytest.mark.parametrize("path", sorted([CURRICULUM, *SPRING.glob("*.yaml")]), ids=lambda path: path.name)
def test_rows_fit_on_a_screen(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert max(map(_columns, lines)) <= 160


def _columns(line: str) -> int:
    """Width on a terminal: a Chinese character takes two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


# --- curriculum -----------------------------------------------------------------------------------------


def test_the_curriculum_has_the_four_abilities_and_enough_skills_modules_and_roles(
    curriculum: CurriculumDocument,
) -> None:
    assert [row.id for row in curriculum.abilities.rows] == ["political", "duty", "innovation", "development"]
    assert len(curriculum.skills.rows) >= 18
    assert len(curriculum.modules.rows) >= 26
    assert len(curriculum.roles.rows) >= 5


def test_every_ability_is_built_by_some_module(
    curriculum: CurriculumDocument, modules: dict[str, ModuleSpec]
) -> None:
    ability_of = {row.id: spec.ability for row, spec in curriculum.skills.valid()}
    built = {ability_of[skill] for module in modules.values() for skill in module.teaches}
    assert built == {row.id for row in curriculum.abilities.rows}


def test_every_need_of_a_role_is_taught_by_some_module(
    curriculum: CurriculumDocument, modules: dict[str, ModuleSpec]
) -> None:
    taught: dict[str, int] = {}
    for module in modules.values():
        for skill, level in module.teaches.items():
            taught[skill] = max(level, taught.get(skill, 0))
    for row, role in curriculum.roles.valid():
        for skill, level in role.needs.items():
            assert taught.get(skill, 0) >= level, f"{row.id} needs {skill} at {level}"


def test_every_skill_is_needed_by_some_role(curriculum: CurriculumDocument) -> None:
    needed = {skill for _, role in curriculum.roles.valid() for skill in role.needs}
    assert needed == {row.id for row in curriculum.skills.rows}


def test_modules_use_every_form_every_method_and_every_kind_of_lecturer(
    modules: dict[str, ModuleSpec],
) -> None:
    assert {m.form for m in modules.values()} == {"lecture", "tutorial", "exchange"}
    assert {m.method for m in modules.values()} == {"lecture", "seminar", "experiential", "simulation"}
    assert {kind for m in modules.values() for kind in m.lecturers} == LECTURER_KINDS
    assert all(m.lecturers for m in modules.values())


def test_modules_of_exchange_are_taught_in_groups(modules: dict[str, ModuleSpec]) -> None:
    assert all((module.groups is not None) == (module.form == "exchange") for module in modules.values())


def test_theory_is_core_and_modules_build_on_each_other(modules: dict[str, ModuleSpec]) -> None:
    assert all(modules[m].core for m in THEORY)
    assert sum(1 for m in modules.values() if m.requires) >= 5


def test_learning_on_site_is_bound_to_the_bases(modules: dict[str, ModuleSpec]) -> None:
    for base in ("JINGGANGSHAN", "YANAN", "XIBAIPO"):
        assert modules[base].site_kinds == ("education-base",)
        assert modules[base].method == "experiential"


def test_names_are_chinese_and_ids_are_not(curriculum: CurriculumDocument) -> None:
    for table in curriculum.tables.values():
        for row, spec in table.valid():
            assert row.id is not None
            assert row.id.isascii()
            assert spec.name is not None
            assert re.search(r"[一-鿿]", spec.name)


def test_the_standards_are_on(curriculum: CurriculumDocument) -> None:
    assert curriculum.standards.core_share
    assert curriculum.standards.min_methods == 2


def test_norms_name_their_source_and_are_for_posts_that_there_are(curriculum: CurriculumDocument) -> None:
    norms = {row.id: spec for row, spec in curriculum.norms.valid()}
    assert set(norms) == {"yearly", "newcomer"}
    assert all(norm.source and re.search(r"《?20\d\d", norm.source) for norm in norms.values())
    assert (norms["yearly"].hours, norms["yearly"].years, norms["yearly"].roles) == (56, None, None)
    newcomer = norms["newcomer"]
    assert (newcomer.sessions, newcomer.within) == (1, 183)
    assert newcomer.roles is not None
    assert {row.id for row, _ in curriculum.roles.valid()} - set(newcomer.roles) == {"organisation-member"}


# --- spring rotation ------------------------------------------------------------------------------------


def test_the_spring_rotation_has_the_size_it_promises(spring: Instance) -> None:
    assert 75 <= len(spring.leaders) <= 85
    assert 40 <= len(spring.sessions) <= 50
    assert spring.n_days >= 115
    assert max(len(line) for line in spring.lineages) == 3
    assert sum(branch.parent is None for branch in spring.branches) == 1


def test_the_spring_rotation_goes_to_schools_a_university_and_the_bases(spring: Instance) -> None:
    kinds = sorted(site.kind for site in spring.sites)
    assert kinds == [
        *("branch-school", "branch-school"),
        *("education-base", "education-base", "education-base"),
        *("enterprise-university", "party-school"),
    ]
    assert all(site.location for site in spring.sites)
    assert any(site.rooms for site in spring.sites)
    assert any(site.beds for site in spring.sites)


def test_the_spring_rotation_uses_the_means_a_planner_has(spring: Instance) -> None:
    leaders, sessions, policy = spring.leaders, spring.sessions, spring.policy
    assert sum(session.candidate for session in sessions) >= 4
    assert all(session.cost and session.min_seats for session in sessions if session.candidate)
    assert any(session.quotas for session in sessions)
    assert any(session.branches for session in sessions)
    assert any(session.roles for session in sessions)
    assert any(leader.pinned for leader in leaders)
    assert any(leader.excluded for leader in leaders)
    assert any(leader.prefers_sites for leader in leaders)
    assert any(leader.prefers_sessions for leader in leaders)
    assert any(leader.headcount > 1 for leader in leaders)
    assert any(leader.unavailable for leader in leaders)
    assert any(leader.available for leader in leaders)
    assert any(leader.completed for leader in leaders)
    assert {leader.priority for leader in leaders} == {1, 2, 3}
    assert all((policy.core_share, policy.min_methods, policy.min_hours, policy.transfer_days))


def test_the_spring_rotation_says_who_trains_together(spring: Instance) -> None:
    assert all({tag for tag, _ in leader.tags} == {"性别", "任职"} for leader in spring.leaders)
    assert {(mix.tag, mix.each) for mix in spring.mix} == {("性别", "class"), ("任职", "group")}
    assert {(tie.kind, tie.each) for tie in spring.ties} == {("apart", "day"), ("together", "group")}
    assert {tag for tag, _ in spring.policy.groups} == {"branch:1", "role", "性别", "任职"}
    exchange = {m for m, module in enumerate(spring.modules) if module.form == "exchange"}
    divided = [session for session in spring.sessions if session.groups is not None]
    assert divided == [session for session in spring.sessions if exchange & set(session.modules)]
    assert len(divided) >= 15


def test_sessions_last_one_to_five_days_and_one_pauses_over_a_weekend(spring: Instance) -> None:
    assert all(1 <= len(session.days) <= 5 for session in spring.sessions)
    assert any(b - a > 1 for session in spring.sessions for a, b in pairwise(session.days))


def test_some_sessions_of_the_spring_rotation_have_more_takers_than_seats(spring: Instance) -> None:
    def takers(s: int) -> int:
        taught = spring.levels_taught[s]
        return sum(any(taught.get(g.skill, 0) >= g.level for g in leader.gaps) for leader in spring.leaders)

    crowded = [s for s, session in enumerate(spring.sessions) if takers(s) > 3 * session.seats]
    assert len(crowded) >= 10


def test_each_module_of_the_spring_rotation_has_a_lecturer(spring: Instance) -> None:
    for session in spring.sessions:
        for m in session.modules:
            assert any(
                lecturer.kind in spring.modules[m].lecturers
                and (lecturer.modules is None or m in lecturer.modules)
                and lecturer.site in (None, session.site)
                and (lecturer.available is None or any(a <= session.first_day for a, _ in lecturer.available))
                for lecturer in spring.lecturers
            ), f"nobody teaches {spring.modules[m].id} in {session.id}"


# --- province -------------------------------------------------------------------------------------------


def test_the_province_has_the_size_it_promises(province: Instance) -> None:
    assert 290 <= len(province.leaders) <= 310
    assert 75 <= len(province.sessions) <= 85
    assert sum(session.candidate for session in province.sessions) >= 4


def test_the_tables_of_the_province_are_csv_and_the_leaders_are_headed_in_chinese() -> None:
    headers = {}
    for path in sorted(PROVINCE.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            headers[path.name] = next(csv.reader(file))
    assert set(headers) == {"branches.csv", "leaders.csv", "sessions.csv", "sites.csv"}
    assert not any(label.isascii() for label in headers["leaders.csv"])


def test_names_of_people_are_distinct_and_chinese(spring: Instance, province: Instance) -> None:
    for instance in (spring, province):
        names = [leader.name for leader in instance.leaders]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[一-鿿]{2,4}", name) for name in names)
