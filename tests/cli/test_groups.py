"""Discussion groups as they are typed: solved, made again, compared."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cadreplan.documents.reading.plan import read_plan
from cadreplan.plan import Plan
from tests.cli.base import Cli

_CURRICULUM = """\
cadreplan: 1
kind: curriculum
abilities: {duty: {name: Duty}}
skills:
  cases: {ability: duty}
  rules: {ability: duty}
modules:
  CASES: {teaches: {cases: 1}, hours: 8, form: exchange, groups: 3..4}
  RULES: {teaches: {rules: 1}, hours: 8}
roles:
  secretary: {needs: {cases: 1, rules: 1}}
"""
_ROSTER = """\
cadreplan: 1
kind: roster
title: Groups
curriculum: curriculum.yaml
horizon: 2026-03-02..2026-06-26
sites: [{id: P}]
branches: [{id: HQ}, {id: N, parent: HQ}, {id: E, parent: HQ}, {id: W, parent: HQ}]
sessions:
  - {id: S1, site: P, modules: [CASES], dates: [2026-03-09..2026-03-10], seats: 12}
  - {id: S2, site: P, modules: [RULES], dates: [2026-04-13..2026-04-14], seats: 12, groups: 3..4}
leaders: people.csv
policy: {groups: {gender: 1, "branch:1": 2}}
mix: [{tag: gender, value: f, each: group, alone: false}]
ties: [{leaders: [L01, L05], kind: together, each: group}]
"""


@pytest.fixture
def groups(cli: Cli) -> Plan:
    """A plan of twelve people in two sessions, each divided into three groups."""
    rows = [f"L{k:02},{'NEW'[k % 3]},secretary,{'fm'[k % 2]}" for k in range(1, 13)]
    Path("curriculum.yaml").write_text(_CURRICULUM, encoding="utf-8")
    Path("roster.yaml").write_text(_ROSTER, encoding="utf-8")
    Path("people.csv").write_text("\n".join(["id,branch,role,tags.gender", *rows]) + "\n", encoding="utf-8")
    ran = cli("solve", "roster.yaml", "-q", "-o", "old.json")
    assert ran.code == 0, ran.err
    return read_plan(Path("old.json"))


def _seats(plan: Plan, session: str) -> dict[str, int]:
    """By leader the number of the group."""
    (entry,) = (entry for entry in plan.sessions if entry.id == session)
    return {leader: g for g, group in enumerate(entry.groups) for leader in group}


def test_sizes_are_those_of_the_session_or_of_its_module_and_ties_are_kept(cli: Cli, groups: Plan) -> None:
    for session in ("S1", "S2"):
        seats = _seats(groups, session)
        assert [list(seats.values()).count(g) for g in range(3)] == [4, 4, 4]
        assert seats["L01"] == seats["L05"]
    assert groups.grouping is not None
    assert groups.grouping.status == "optimal"
    shown = cli("show", "old.json", "--session", "S1")
    assert "3 groups · proven: none mix better" in shown.out


def test_who_stays_keeps_the_group_where_somebody_else_takes_the_seat(cli: Cli, groups: Plan) -> None:
    Path("people.csv").write_text(
        Path("people.csv").read_text(encoding="utf-8") + "L13,N,secretary,f\n", encoding="utf-8"
    )
    gone = "leaders.L02.unavailable=2026-04-01..2026-06-26"
    ran = cli("replan", "old.json", "-q", "--freeze-before", "2026-04-01", "--set", gone, "-o", "new.json")
    assert ran.code == 0, ran.err
    assert "0 people in other groups" in ran.out
    new = read_plan(Path("new.json"))
    before, after = _seats(groups, "S2"), _seats(new, "S2")
    assert set(after) == set(before) - {"L02"} | {"L13"}
    assert all(after[leader] == g for leader, g in before.items() if leader != "L02")
    assert cli("check", "new.json").code == 0


def test_a_session_that_has_begun_keeps_its_groups_with_those_who_have_left_since(
    cli: Cli, groups: Plan
) -> None:
    rows = Path("people.csv").read_text(encoding="utf-8").splitlines()
    Path("people.csv").write_text("\n".join(row for row in rows if "L02" not in row) + "\n", encoding="utf-8")
    text = Path("roster.yaml").read_text(encoding="utf-8")
    Path("roster.yaml").write_text(text.replace("{gender: 1,", "{gender: 9,"), encoding="utf-8")
    ran = cli("replan", "old.json", "-q", "--freeze-before", "2026-04-01", "-o", "new.json")
    assert ran.code == 0, ran.err
    assert _seats(read_plan(Path("new.json")), "S1") == _seats(groups, "S1")
    assert cli("check", "new.json", "--after", "old.json").code == 0


def test_as_few_as_can_be_change_their_group_and_diff_tells_who(cli: Cli, groups: Plan) -> None:
    """Eight people make two groups: those of the third have to move, and nobody else."""
    ran = cli("replan", "old.json", "-q", "--set", "sessions.S2.seats=8", "-o", "new.json")
    assert ran.code == 0, ran.err
    new = read_plan(Path("new.json"))
    before, after = _seats(groups, "S2"), _seats(new, "S2")
    assert (len(before), len(after)) == (12, 8)
    sitting = [sum(before[leader] == g for leader in after) for g in range(3)]
    moved = {
        (s, leader): (_seats(groups, s)[leader] + 1, g + 1)
        for s in ("S1", "S2")
        for leader, g in _seats(new, s).items()
        if _seats(groups, s)[leader] != g
    }
    assert len(moved) >= 8 - sum(sorted(sitting)[1:]) > 0
    assert "proven: as few as can be" in ran.out
    ending = "leader in another group" if len(moved) == 1 else "leaders in other groups"
    told = cli("diff", "old.json", "new.json")
    assert f"{len(moved)} {ending}" in told.out
    lines = told.out.splitlines()
    for (session, leader), (old, now) in moved.items():
        assert any(line.split()[:2] == [session, leader] and f"{old} → {now}" in line for line in lines)
    document = json.loads(cli("diff", "old.json", "new.json", "--format", "json").out)
    assert {
        (row["session"], row["leader"]): (row["before"], row["after"]) for row in document["groups"]
    } == moved
    table = csv.DictReader(io.StringIO(cli("diff", "old.json", "new.json", "--format", "csv").out))
    assert sorted((row["leader"], row["gets"]) for row in table if row["change"] == "group") == sorted(
        (leader, f"{session}: {now}") for (session, leader), (_, now) in moved.items()
    )
    assert "人换组" in cli("diff", "old.json", "new.json", "--lang", "zh").out
