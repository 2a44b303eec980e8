"""Tags, mix and ties as they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadreplan.cohorts import Amount, Mix, Tie
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster
from cadreplan.tags import value_of, values_of

from .base import of_rule, overlaid, pointed, problems_of, rules_of, written

TWO = """\
leaders:
  - {id: L1, branch: NORTH, role: secretary, tags: {gender: f, band: 36-45}}
  - {id: L2, branch: HQ, role: secretary, tags: {gender: m}}
"""
SOFT = "policy: {weights: {mix: 100}}\n"


def mix(entry: str) -> str:
    return f"{TWO}{SOFT}mix:\n  - {{{entry}}}\n"


def tie(entry: str) -> str:
    return f"{TWO}ties:\n  - {{{entry}}}\n"


def loaded(folder: Path, piece: str, **tables: str) -> Instance:
    files = overlaid(piece) | {f"{name}.csv": text for name, text in tables.items()}
    return load_roster(written(folder, files)).instance


def test_mix_and_ties_reach_the_instance(tmp_path: Path) -> None:
    piece = (
        TWO
        + """\
offerings:
  - {id: O1, sites: [BJ], modules: [M-LAW], days: 2, starts: [2026-03-16, 2026-03-23], seats: 10}
policy: {weights: {mix: 70}}
mix:
  - {tag: gender, value: f, each: class, at_least: 20%, sessions: [O1, S1]}
  - {tag: "branch:1", each: class, at_most: 4, hard: true}
  - {tag: band, each: group, alone: false}
ties:
  - {leaders: [L2, L1], kind: apart, each: day}
  - {leaders: [L1, L2], kind: together, each: group}
"""
    )
    instance = loaded(tmp_path, piece)
    assert instance.policy.weights.mix == 70
    assert [leader.tags for leader in instance.leaders] == [
        (("gender", "f"), ("band", "36-45")),
        (("gender", "m"),),
    ]
    assert instance.mix == (
        Mix("gender", "class", "f", at_least=Amount(20, True), sessions=(0, 1, 2)),
        Mix("branch:1", "class", at_most=Amount(4), hard=True),
        Mix("band", "group", alone=False),
    )
    assert instance.ties == (Tie((0, 1), "apart", "day"), Tie((0, 1), "together", "group"))


def test_without_them_nothing_is_wanted(tmp_path: Path) -> None:
    instance = loaded(tmp_path, "")
    assert (instance.mix, instance.ties, instance.policy.weights.mix) == ((), (), 0)


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        ("gender", ("f", "m")),
        ("band", ("36-45", None)),
        ("role", ("secretary", "secretary")),
        ("branch", ("NORTH", "HQ")),
        ("branch:0", ("HQ", "HQ")),
        ("branch:1", ("NORTH", None)),
        ("branch:2", (None, None)),
        ("post", (None, None)),
    ],
)
def test_values_of_tags(tag: str, values: tuple[str | None, ...], tmp_path: Path) -> None:
    instance = loaded(tmp_path, TWO)
    assert tuple(value_of(instance, leader, tag) for leader in instance.leaders) == values
    assert values_of(instance, tag) == tuple(sorted({v for v in values if v is not None}))


@pytest.mark.parametrize(
    ("header", "row", "tags"),
    [
        ("id,branch,role,tags", "L1,HQ,secretary,gender:f; band:36-45", {"gender": "f", "band": "36-45"}),
        ("id,branch,role,tags.gender,tags.band", "L1,HQ,secretary,f,05", {"gender": "f", "band": "05"}),
        (
            "编号,支部,岗位,标签.性别,标签：年龄段",
            "L1,HQ,secretary,女,36-45",
            {"性别": "女", "年龄段": "36-45"},
        ),
        ("编号,支部,岗位,标签", "L1,HQ,支部书记,性别：女；年龄段：青年", {"性别": "女", "年龄段": "青年"}),
        ("id,branch,role,tags,tags.band", "L1,HQ,secretary,gender:f,36-45", {"gender": "f", "band": "36-45"}),
        ("id,branch,role,tags.gender,tags.band", "L1,HQ,secretary,-,无", {}),
        ("id,branch,role,tags.gender (f/m)", "L1,HQ,secretary,f", {"gender": "f"}),
    ],
)
def test_tags_in_flat_tables(header: str, row: str, tags: dict[str, str], tmp_path: Path) -> None:
    text = f"{header}\n{row}\n"
    assert problems_of(tmp_path, "leaders: leaders.csv\n", leaders=text) == []
    instance = loaded(tmp_path, "leaders: leaders.csv\n", leaders=text)
    assert dict(instance.leaders[0].tags) == tags


def test_a_tag_twice_in_a_row_is_an_error(tmp_path: Path) -> None:
    text = "id,branch,role,tags,tags.gender\nL1,HQ,secretary,gender:f,m\n"
    [found] = problems_of(tmp_path, "leaders: leaders.csv\n", leaders=text)
    assert (found.rule, found.line, found.column) == ("duplicate-key", 2, 5)
    assert found.message.startswith("tags.gender: ")


def test_a_value_that_is_no_word_is_an_error(tmp_path: Path) -> None:
    text = "id,branch,role,标签.性别\nL1,HQ,secretary,女 性\n"
    [found] = problems_of(tmp_path, "leaders: leaders.csv\n", leaders=text)
    assert (found.rule, found.line, found.column) == ("wrong-value", 2, 4)


def test_a_misspelt_column_of_a_tag_is_found(tmp_path: Path) -> None:
    piece = f"leaders: leaders.csv\n{SOFT}mix:\n  - {{tag: gender, value: f, each: class, at_least: 1}}\n"
    text = "id,branch,role,tags.gendr\nL1,HQ,secretary,f\nL2,HQ,secretary,m\n"
    found = problems_of(tmp_path, piece, leaders=text)
    [misspelt] = of_rule(found, "misspelt-tag")
    assert (misspelt.severity, misspelt.line, misspelt.column) == ("error", 2, 4)
    assert misspelt.hint == "did you mean 'gender'?"
    both = "id,branch,role,tags.gendr,tags.gender\nL1,HQ,secretary,f,f\n"
    assert problems_of(tmp_path, piece, leaders=both) == []
    other = "id,branch,role,tags.band,tags.gender\nL1,HQ,secretary,f,f\n"
    assert problems_of(tmp_path, piece, leaders=other) == []


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        ("tag: gender, value: f, each: class, at_least: 1", []),
        ("tag: gender, value: f, each: class, at_least: 0%, at_most: 100%", []),
        ("tag: gender, value: f, each: class, at_least: 2, at_most: 2", []),
        ("tag: gender, value: f, each: class, at_least: 3, at_most: 50%", []),
        ("tag: gender, value: f, each: class, at_least: 3, at_most: 2", ["mix-shape"]),
        ("tag: gender, value: f, each: class, at_least: 30 %, at_most: 29%", ["mix-shape"]),
        ("tag: gender, value: f, each: class, at_least: 101%", ["wrong-value"]),
        ("tag: gender, value: f, each: class, at_least: 0.2", ["wrong-value"]),
        ("tag: gender, value: f, each: class, at_least: -1", ["wrong-value"]),
        ("tag: gender, value: f, each: class", ["mix-shape"]),
        ("tag: gender, each: class, at_most: 3, alone: false", ["mix-shape"]),
        ("tag: gender, each: day, at_most: 3", ["wrong-value"]),
        ("tag: gender, each: class, at_mots: 3", ["unknown-key"]),
        ("each: class, at_most: 3", ["missing-key"]),
        ("tag: 'branch:', each: class, at_most: 3", ["wrong-value"]),
        ("tag: 'branch:1', each: class, at_most: 3", []),
        ("tag: 'branch:7', each: class, at_most: 3", ["tag-nobody-has"]),
        ("tag: branch, value: HQ, each: class, at_most: 3", []),
        ("tag: branch, value: SOUTH, each: class, at_most: 3", ["tag-nobody-has"]),
        ("tag: role, value: secretary, each: class, at_most: 3", []),
        ("tag: post, each: class, at_most: 3", ["tag-nobody-has"]),
        ("tag: gender, value: F, each: class, at_least: 1", ["tag-nobody-has"]),
        ("tag: gender, each: class, at_most: 3, sessions: [S1]", []),
        ("tag: gender, each: class, at_most: 3, sessions: [S1, S1]", ["duplicate-item"]),
        ("tag: gender, each: class, at_most: 3, sessions: [S2]", ["unknown-reference"]),
    ],
)
def test_mix_entries(entry: str, rules: list[str], tmp_path: Path) -> None:
    found = problems_of(tmp_path, mix(entry))
    assert [d.rule for d in found if d.rule not in ("mix-without-effect", "mix-reach")] == rules


@pytest.mark.parametrize(
    ("least", "n_found"), [("1", 0), ("2", 1), ("10%", 0), ("11%", 1), ("20%, sessions: [S1]", 1), ("0%", 0)]
)
def test_too_few_people_for_a_mix(least: str, n_found: int, tmp_path: Path) -> None:
    """One woman, and ten seats in S1."""
    found = problems_of(tmp_path, mix(f"tag: gender, value: f, each: class, at_least: {least}"))
    assert rules_of(found) == ["mix-reach"] * n_found


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        ("leaders: [L1, L2], kind: apart, each: day", []),
        ("leaders: [L1, L2], kind: apart, each: class", []),
        ("leaders: [L1, L2], kind: together, each: group", []),
        ("leaders: [L1, L2], kind: together, each: day", ["tie-shape"]),
        ("leaders: [L1, L2], kind: together, each: class", ["tie-shape"]),
        ("leaders: [L1, L3], kind: apart, each: day", ["unknown-reference"]),
        ("leaders: [L1], kind: apart, each: day", ["wrong-type"]),
        ("leaders: [L1, L1], kind: apart, each: day", ["duplicate-item"]),
        ("leaders: [L1, L2], kind: apart, each: week", ["wrong-value"]),
        ("leaders: [L1, L2], each: day", ["missing-key"]),
    ],
)
def test_ties(entry: str, rules: list[str], tmp_path: Path) -> None:
    assert rules_of(problems_of(tmp_path, tie(entry))) == rules


def test_an_unknown_leader_of_a_tie_is_pointed_at(tmp_path: Path) -> None:
    [found] = problems_of(tmp_path, tie("leaders: [L1, l2], kind: apart, each: day"))
    assert pointed(found).startswith("l2]")
    assert found.hint == "write L2"


def test_mix_and_ties_are_lists(tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"{TWO}mix: {{tag: gender}}\nties: [L1, L2]\n")
    assert rules_of(found) == ["wrong-type", "wrong-type", "wrong-type"]


@pytest.mark.parametrize(
    ("weights", "entry", "n_found"),
    [
        ("{}", "tag: branch, each: class, at_most: 4", 1),
        ("{mix: 5}", "tag: branch, each: class, at_most: 4", 0),
        ("{}", "tag: branch, each: class, at_most: 4, hard: true", 0),
        ("{mix: 5}", "tag: branch, each: class, at_most: 4, hard: true", 1),
        ("{}", "tag: branch, each: group, at_most: 4", 0),
        ("{mix: 5}", "tag: branch, each: group, at_most: 4", 1),
    ],
)
def test_mix_without_effect(weights: str, entry: str, n_found: int, tmp_path: Path) -> None:
    piece = f"{TWO}policy: {{weights: {weights}}}\nmix:\n  - {{{entry}}}\n"
    assert rules_of(problems_of(tmp_path, piece)) == ["mix-without-effect"] * n_found


@pytest.mark.parametrize(
    ("each", "other", "n_found"),
    [("day", "S1", 1), ("class", "S1", 1), ("day", "S2", 1), ("class", "S2", 0), ("day", "S3", 0)],
)
def test_pins_of_leaders_who_are_apart(each: str, other: str, n_found: int, tmp_path: Path) -> None:
    piece = f"""\
sessions:
  - {{id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 10}}
  - {{id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-10..2026-03-11], seats: 10}}
  - {{id: S3, site: BJ, modules: [M-LAW], dates: [2026-03-11..2026-03-12], seats: 10}}
leaders:
  - {{id: L1, branch: HQ, role: secretary, pinned: [S1]}}
  - {{id: L2, branch: HQ, role: secretary, pinned: [{other}]}}
ties:
  - {{leaders: [L1, L2], kind: apart, each: {each}}}
"""
    assert rules_of(problems_of(tmp_path, piece)) == ["tie-pins"] * n_found


@pytest.mark.parametrize(("sessions", "n_found"), [(2, 1), (3, 0)])
def test_too_few_people_for_all_seats(sessions: int, n_found: int, tmp_path: Path) -> None:
    """Two women for a tenth of the 50 seats of two sessions, who may attend so many sessions each."""
    piece = f"""\
leaders:
  - {{id: L1, branch: HQ, role: secretary, headcount: 2, tags: {{gender: f}}}}
sessions:
  - {{id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: 20}}
  - {{id: S2, site: BJ, modules: [M-LAW], dates: [2026-03-11..2026-03-12], seats: 20}}
  - {{id: S3, site: BJ, modules: [M-LAW], dates: [2026-03-16..2026-03-17], seats: 10}}
policy: {{max_sessions: {sessions}, weights: {{mix: 100}}}}
mix:
  - {{tag: gender, value: f, each: class, at_least: 10%}}
"""
    found = [d for d in problems_of(tmp_path, piece) if d.rule == "mix-reach"]
    assert len(found) == n_found


@pytest.mark.parametrize(
    ("seats", "least", "groups", "n_found"),
    [
        (15, 10, "8..9", 1),
        (16, 10, "8..9", 0),
        (15, 9, "8..9", 0),
        (15, 10, "5..9", 0),
        (7, 0, "8..12", 1),
        (8, 0, "8..12", 0),
        (5, 5, "3", 1),
        (6, 5, "3", 0),
    ],
)
def test_sizes_into_which_no_class_can_be_divided(
    seats: int, least: int, groups: str, n_found: int, tmp_path: Path
) -> None:
    piece = f"""\
sessions:
  - {{id: S1, site: BJ, modules: [M-LAW], dates: [2026-03-09..2026-03-10], seats: {seats}, min_seats: {least},
     groups: {groups}}}
"""
    found = problems_of(tmp_path, piece)
    assert [d.rule for d in found].count("group-sizes") == n_found


@pytest.mark.parametrize(("own", "n_found"), [("", 1), (", groups: 5..9", 0)])
def test_sizes_that_a_module_has_are_of_sessions_without_their_own(
    own: str, n_found: int, tmp_path: Path
) -> None:
    piece = f"""\
modules:
  M-LAW: {{teaches: {{meetings: 2}}, hours: 8, core: true}}
  M-CASE: {{teaches: {{review: 1}}, hours: 4, groups: 8..9}}
sessions:
  - {{id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-03-09..2026-03-10], seats: 15,
     min_seats: 10{own}}}
"""
    found = [d for d in problems_of(tmp_path, piece) if d.rule == "group-sizes"]
    assert len(found) == n_found
    assert all("module M-CASE says so" in d.hint for d in found)


@pytest.mark.parametrize(
    ("tag", "rules"),
    [
        ("gender", []),
        ("branch", []),
        ("role", []),
        ("'branch:1'", []),
        ("'branch:7'", ["tag-nobody-has"]),
        ("post", ["tag-nobody-has"]),
        ("gendre", ["misspelt-tag", "tag-nobody-has"]),
    ],
)
def test_tags_that_groups_mix(tag: str, rules: list[str], tmp_path: Path) -> None:
    found = problems_of(tmp_path, f"{TWO}policy: {{groups: {{{tag}: 1}}}}\n")
    assert sorted({d.rule for d in found}) == rules
