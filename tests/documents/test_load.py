"""Files to an instance."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cadreplan.errors import InputError, UsageError
from cadreplan.instance import Instance, Room, SkillGap, Weights
from cadreplan.loading.load import LoadedRoster, find_problems, load_roster
from cadreplan.rules.registry import DEMAND_RULES
from tests.rules.base import CURRICULUM, ROSTER, overlaid, rules_of, written

ROOT = Path(__file__).resolve().parents[2]

MODULES = """\
modules:
  M-LAW: {name: 支部工作法, teaches: {meetings: 2, review: 1}, hours: 9, core: true,
          lecturers: [school-lecturer]}
  M-CASE: {teaches: {review: 2}, hours: 4, form: exchange, method: seminar, requires: [M-LAW]}
"""


def loaded(folder: Path, piece: str = "") -> LoadedRoster:
    return load_roster(written(folder, overlaid(piece)))


def instance(folder: Path, piece: str = "") -> Instance:
    return loaded(folder, piece).instance


def test_curriculum(tmp_path: Path) -> None:
    built = instance(tmp_path, MODULES)
    assert [(a.id, a.name) for a in built.abilities] == [("duty", "履职能力")]
    assert [(s.id, s.ability, s.weight) for s in built.skills] == [("meetings", 0, 2), ("review", 0, 1)]
    law, case = built.modules
    assert (law.name, law.hours, law.slots, law.core, law.teaches) == (
        "支部工作法",
        9,
        3,
        True,
        ((0, 2), (1, 1)),
    )
    assert (law.form, law.method, law.lecturers) == ("lecture", "lecture", ("school-lecturer",))
    assert (case.name, case.form, case.method, case.requires) == ("M-CASE", "exchange", "seminar", ((0,),))
    assert built.roles[0].needs == ((0, 2), (1, 1))


def test_horizon_and_defaults(tmp_path: Path) -> None:
    built = instance(tmp_path)
    assert (built.title, built.start, built.n_days) == ("春季轮训", date(2026, 3, 2), 117)
    assert built.policy.weights == Weights()
    assert (built.policy.transfer_days, built.policy.stay_gap, built.policy.min_hours) == (0, 2, 0)
    assert (built.policy.core_share, built.policy.min_methods) == (None, 0)
    [leader] = built.leaders
    assert (leader.priority, leader.headcount, leader.available, leader.unavailable) == (1, 1, None, ())
    assert (leader.max_sessions, leader.max_days, leader.max_trips) == (None, None, None)


def test_policy(tmp_path: Path) -> None:
    policy = (
        "policy: {max_sessions: 3, max_days: 6, max_trips: 2, transfer_days: 1, stay_gap: 0, min_hours: 8,\n"
        "  core_share: 0.3, min_methods: 2,\n"
        "  weights: {gap: 5, km: 4, day: 3, hour: 2, open: 1, underfill: 0}}\n"
    )
    leaders = "leaders:\n  - {id: L1, branch: HQ, max_days: 9}\n  - {id: L2, branch: HQ, max_trips: 0}\n"
    built = instance(tmp_path, policy + leaders)
    assert built.policy.core_share == Fraction(3, 10)
    assert built.policy.weights == Weights(5, 4, 3, 2, 1, 0)
    assert (built.policy.transfer_days, built.policy.stay_gap, built.policy.min_hours) == (1, 0, 8)
    limits = [(leader.max_sessions, leader.max_days, leader.max_trips) for leader in built.leaders]
    assert limits == [(3, 9, 2), (3, 6, 0)]


def test_sites(tmp_path: Path) -> None:
    sites = (
        "  - {id: BJ, rooms: [{id: 明德厅, seats: 12}]}\n  - {id: YA, rooms: []}\n  - {id: JGS, beds: 0}\n"
    )
    built = instance(tmp_path, f"sites:\n{sites}sessions: []\n")
    assert [site.rooms for site in built.sites] == [(Room("明德厅", 12),), (), None]
    assert [(site.beds, site.kind, site.location) for site in built.sites] == [(None, "", None)] * 2 + [
        (0, "", None)
    ]


def test_branches_have_their_lineage(tmp_path: Path) -> None:
    branches = (
        "branches:\n  - {id: CITY, parent: NORTH, max_away: 0}\n"
        "  - {id: HQ, location: [39.9, 116.4]}\n  - {id: NORTH, parent: HQ}\n"
    )
    built = instance(tmp_path, branches)
    assert [(b.parent, line, b.max_away) for b, line in zip(built.branches, built.lineages, strict=True)] == [
        (2, (0, 2, 1), 0),
        (None, (1,), None),
        (1, (2, 1), None),
    ]
    assert built.leaders[0].location == (39.9, 116.4)


def test_sessions_count_days_from_the_horizon(tmp_path: Path) -> None:
    sessions = """\
sessions:
  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-12, 2026-03-09..2026-03-10, 2026-03-10], seats: 10}
  - {id: S2, site: BJ, modules: [M-CASE], start: 2026-03-01, end: 2026-03-02, seats: 5, min_seats: 2, cost: 7,
     status: candidate, branches: [NORTH], roles: [secretary], quotas: {NORTH: 1, HQ: 2}}
"""
    first, second = instance(tmp_path, sessions).sessions
    assert (first.days, first.candidate) == ((7, 8, 10), False)
    assert (first.branches, first.roles, first.quotas) == (None, None, ())
    assert (second.days, second.candidate, second.cost, second.min_seats) == ((-1, 0), True, 7, 2)
    assert (second.branches, second.roles, second.quotas) == ((1,), (0,), ((1, 1), (0, 2)))


def test_offerings_expand_to_candidates(tmp_path: Path) -> None:
    piece = """\
calendar: CN
sites:
  - {id: BJ}
  - {id: YA, closed: [2026-05-11]}
offerings:
  - id: O1
    sites: [YA, BJ]
    modules: [M-LAW]
    days: 2
    starts: {every: friday, from: 2026-04-24, to: 2026-05-08}
    seats: 20
    min_seats: 5
    cost: 300
    max_runs: 1
    branches: [NORTH]
    roles: [secretary]
    quotas: {NORTH: 3}
"""
    built = instance(tmp_path, piece)
    candidates = built.sessions[1:]
    # Friday 1 May is a holiday; 8 May goes on on Saturday the 9th, which is made up.
    assert [(c.id, c.site, c.days) for c in candidates] == [
        ("O1@YA@2026-04-24", 1, (53, 56)),
        ("O1@YA@2026-05-08", 1, (67, 68)),
        ("O1@BJ@2026-04-24", 0, (53, 56)),
        ("O1@BJ@2026-05-08", 0, (67, 68)),
    ]
    assert all(c.candidate and c.offering == 0 for c in candidates)
    assert {(c.seats, c.min_seats, c.cost, c.branches, c.roles, c.quotas) for c in candidates} == {
        (20, 5, 300, (1,), (0,), ((1, 3),))
    }
    assert [(o.id, o.max_runs) for o in built.offerings] == [("O1", 1)]


def test_skill_gaps_from_role_and_skills(tmp_path: Path) -> None:
    leaders = """\
leaders:
  - {id: L1, branch: HQ, role: secretary}
  - {id: L2, branch: HQ, role: secretary, skills: {meetings: 1, review: 1}}
  - {id: L3, branch: HQ, role: secretary, skills: {meetings: 3, review: 1}}
  - {id: L4, branch: HQ}
  - {id: L5, branch: HQ, role: secretary, gaps: {review: 9, meetings: {level: 3}}}
  - {id: L6, branch: HQ, role: secretary, gaps: {}}
  - {id: L7, branch: HQ, gaps: {meetings: {level: 2, weight: 0}, review: {}}}
"""
    gaps = [leader.gaps for leader in instance(tmp_path, leaders).leaders]
    assert gaps == [
        (SkillGap(0, 2, 2), SkillGap(1, 1, 1)),
        (SkillGap(0, 2, 2),),
        (),
        (),
        (SkillGap(1, 1, 9), SkillGap(0, 3, 2)),
        (),
        (SkillGap(0, 2, 0), SkillGap(1, 1, 1)),
    ]


def test_leader(tmp_path: Path) -> None:
    leaders = """\
leaders:
  - {id: L1, name: 王磊, branch: NORTH, role: secretary, completed: [M-CASE], location: [45.8, 126.5],
     available: [2026-02-28..2026-03-20], unavailable: [2026-03-12, {start: 2026-03-16, end: 2026-03-17}],
     priority: 3, headcount: 4, prefers: {S1: 50, BJ: -20}, pinned: [S1]}
  - {id: L2, branch: NORTH, excluded: [S1]}
"""
    first, second = instance(tmp_path, leaders).leaders
    assert (first.name, first.branch, first.role, first.completed) == ("王磊", 1, 0, {1})
    assert (first.location, first.available, first.unavailable) == (
        (45.8, 126.5),
        ((-2, 18),),
        ((10, 10), (14, 15)),
    )
    assert (first.priority, first.headcount, first.pinned, first.excluded) == (3, 4, (0,), ())
    assert (first.prefers_sessions, first.prefers_sites) == (((0, 50),), ((0, -20),))
    assert (second.name, second.role, second.location, second.excluded) == ("L2", None, None, (0,))


def test_lecturers(tmp_path: Path) -> None:
    lecturers = (
        "lecturers:\n  - {id: T1, kind: school-lecturer}\n"
        "  - {id: T2, name: 李娜, kind: k, modules: [M-CASE], available: [2026-03-02],\n"
        "     max_slots: 4, site: BJ}\n"
    )
    first, second = instance(tmp_path, lecturers).lecturers
    assert (first.name, first.modules, first.available, first.max_slots, first.site) == (
        "T1",
        None,
        None,
        None,
        None,
    )
    assert (second.name, second.modules, second.available) == ("李娜", (1,), ((0, 0),))
    assert (second.max_slots, second.site) == (4, 0)


TABLES = {
    "sites.csv": "编号,类型,坐标,床位,rooms\nBJ,party-school,39.9; 116.41,40,R1:30\n",
    "branches.csv": "编号,姓名,上级,最多离岗\nHQ,总行,,5\nNORTH,北方分行,HQ,\n",
    "sessions.csv": (
        "编号,地点,课程,开始,结束,名额,最低人数,状态\n"
        "S1,BJ,M-LAW; M-CASE,2026-03-09,2026-03-10,10,2,candidate\n"
    ),
    "leaders.csv": (
        "编号,姓名,支部,岗位,技能,已修,不可用,优先级,人数\n"
        "L1,王磊,HQ,secretary,meetings:1,M-LAW,2026-04-01,2,3\n"
    ),
}
INLINE = """\
sites:
  - {id: BJ, kind: party-school, location: [39.9, 116.41], beds: 40, rooms: [{id: R1, seats: 30}]}
branches:
  - {id: HQ, name: 总行, max_away: 5}
  - {id: NORTH, name: 北方分行, parent: HQ}
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10, min_seats: 2,
     status: candidate}
leaders:
  - {id: L1, name: 王磊, branch: HQ, role: secretary, skills: {meetings: 1}, completed: [M-LAW],
     unavailable: [2026-04-01], priority: 2, headcount: 3}
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_in_csv_are_the_same_as_inline(encoding: str, tmp_path: Path) -> None:
    files = overlaid("".join(f"{name.removesuffix('.csv')}: {name}\n" for name in TABLES))
    files |= {name: text.encode(encoding) for name, text in TABLES.items()}
    roster = written(tmp_path, files)
    assert load_roster(roster).instance == instance(tmp_path, INLINE)


def test_tables_in_yaml_are_the_same_as_inline(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    rows = INLINE.partition("leaders:\n")[2]
    (tmp_path / "people" / "leaders.yaml").write_text(rows, encoding="utf-8")
    piece = INLINE.partition("leaders:\n")[0] + "leaders: people/leaders.yaml\n"
    assert instance(tmp_path, piece) == instance(tmp_path, INLINE)


def test_encoding_overrules_what_is_detected(tmp_path: Path) -> None:
    files = overlaid("leaders: leaders.csv\n") | {
        "leaders.csv": "id,name,branch\nL1,王磊,HQ\n".encode("big5")
    }
    roster = written(tmp_path, files)
    assert load_roster(roster, encoding="big5").instance.leaders[0].name == "王磊"


def test_hashes_are_of_the_bytes_of_every_file(tmp_path: Path) -> None:
    files = overlaid("leaders: ./people/../leaders.csv\n") | {
        "leaders.csv": "id,branch,role\nL1,HQ,secretary\n"
    }
    (tmp_path / "people").mkdir()
    roster = written(tmp_path, files)
    found = load_roster(roster)
    sha256 = {name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in files}
    assert found.sha256 == sha256["roster.yaml"]
    assert found.files == {name: sha256[name] for name in ("curriculum.yaml", "leaders.csv")}
    assert found.warnings == ()


def test_all_findings_of_all_files_at_once(tmp_path: Path) -> None:
    files = overlaid(
        "sites: sites.csv\nleaders: leaders.yaml\nbranches: gone.csv\npolicy: {max_day: 3}\n"
        "roles:\n  secretary: {needs: {meeting: 2}}\n"
    )
    files |= {
        "sites.csv": "id,beds\nBJ,many\n",
        "leaders.yaml": "- {id: L1, branch: HQ, role: secretary, priority: high}\n- {id: L1, branch: HQ}\n",
    }
    with pytest.raises(InputError) as error:
        load_roster(written(tmp_path, files))
    found = [(Path(d.file).name, d.line, d.column, d.rule) for d in error.value.diagnostics]
    assert found == [
        ("curriculum.yaml", 13, 23, "unknown-reference"),
        ("leaders.yaml", 1, 51, "wrong-value"),
        ("leaders.yaml", 2, 8, "duplicate-id"),
        ("roster.yaml", 11, 11, "unreadable-file"),
        ("roster.yaml", 12, 10, "unknown-key"),
        ("sites.csv", 2, 2, "wrong-value"),
    ]


def test_warnings_do_not_stop_a_roster(tmp_path: Path) -> None:
    piece = (
        "sessions:\n  - {id: S1, site: BJ, modules: [M-LAW], dates: [2026-06-26..2026-06-29], seats: 10}\n"
    )
    found = loaded(tmp_path, piece)
    assert set(rules_of(list(found.warnings))) == {"outside-horizon", "seat-shortage"}
    assert found.instance.sessions[0].days == (116, 117, 118, 119)


def test_documents_are_told_apart_by_their_kind(tmp_path: Path) -> None:
    roster = written(tmp_path, {"curriculum.yaml": CURRICULUM, "roster.yaml": ROSTER})
    curriculum = tmp_path / "curriculum.yaml"
    assert find_problems([roster, curriculum]) == []
    with pytest.raises(InputError) as error:
        load_roster(curriculum)
    assert rules_of(list(error.value.diagnostics)) == ["wrong-value"]


def test_same_finding_in_two_documents_is_shown_once(tmp_path: Path) -> None:
    files = overlaid("roles:\n  secretary: {needs: {x: 1}}\n")
    roster = written(tmp_path, files)
    assert rules_of(find_problems([roster, tmp_path / "curriculum.yaml", roster])) == ["unknown-reference"]


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("", "missing-key"),
        ("kind:\n", "missing-key"),
        ("kind: rooster\n", "wrong-value"),
        ("kind: plan\n", "wrong-value"),
    ],
)
def test_unknown_kind(kind: str, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(f"cadreplan: 1\n{kind}", encoding="utf-8")
    assert rules_of(find_problems([file])) == [rule]


def test_document_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    for call in (load_roster, lambda path: find_problems([path])):
        with pytest.raises(UsageError, match="No such file"):
            call(tmp_path / "gone.yaml")
        with pytest.raises(UsageError):
            call(tmp_path)


def test_referenced_file_must_be_a_file(tmp_path: Path) -> None:
    for path in (".", "/dev/zero", "gone.csv"):
        found = find_problems(
            [written(tmp_path, overlaid(f"leaders: {path}\n".replace(": .\n", ": ./.csv\n")))]
        )
        assert rules_of(found)[0] in ("unreadable-file", "table-format")
    (tmp_path / "folder.csv").mkdir()
    found = find_problems([written(tmp_path, overlaid("leaders: folder.csv\n"))])
    assert rules_of(found) == ["unreadable-file"]


def test_loading_imports_no_solver() -> None:
    code = (
        "import sys; from pathlib import Path; from cadreplan.loading.load import load_roster;"
        f"load_roster(Path({str(ROOT / 'examples/province/roster.yaml')!r}));"
        "print([m for m in ('ortools', 'numba', 'numpy', 'pandas', 'typer', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "roster", sorted((ROOT / "examples").glob("*/roster.yaml")), ids=lambda p: p.parent.name
)
def test_bundled_examples_lack_nothing_but_seats(roster: Path) -> None:
    """Both are short of seats on purpose: that is what a plan is for."""
    assert {d.rule for d in find_problems([roster])} <= {rule.id for rule in DEMAND_RULES}


def test_an_error_stops_but_warnings_that_a_comment_ignores_stay_out(tmp_path: Path) -> None:
    piece = "leaders: leaders.csv # cadreplan: ignore[extra-column, unknown-reference]\n"
    files = overlaid(piece) | {"leaders.csv": "id,branch,role,phone\nL1,HQ,nobody,1\n"}
    with pytest.raises(InputError) as raised:
        load_roster(written(tmp_path, files))
    assert "unknown-reference" in rules_of(list(raised.value.diagnostics))
    assert "extra-column" not in rules_of(list(raised.value.diagnostics))
