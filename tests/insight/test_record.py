"""Recording a rotation: the next roster is what came of it, and its history tells how."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import pytest

from cadreplan.cli.init import example_files
from cadreplan.documents.editing.next_roster import next_files
from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.history import Fact, appended, read_history
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import read_results
from cadreplan.insight.facts import facts_of
from cadreplan.insight.history import summarise
from cadreplan.insight.record import Record, RecordRules, record
from cadreplan.instance import Instance, Leader
from cadreplan.loading.load import load_roster, read_roster_file
from cadreplan.plan import Plan
from tests.cli.base import some_plan

FORMS = ("inline", "yaml", "csv", "gb18030")


def _write(folder: Path, form: str) -> Path:
    """The example of `init`, its leaders with gaps of their own too, in one of several forms."""
    for name, text in example_files().items():
        (folder / name).write_text(text, encoding="utf-8")
    path = folder / "roster.yaml"
    text = path.read_text(encoding="utf-8")
    head, _, rest = text.partition("leaders:\n")
    rows, _, policy = rest.partition("\n# Points")
    rows += "\n  - {id: L9, name: 白, branch: EAST, role: member, gaps: {theory: {level: 1}, meetings: 3}}"
    if form == "inline":
        path.write_text(f"{head}leaders:\n{rows}\n# Points{policy}", encoding="utf-8")
        return path
    name = "leaders.yaml" if form == "yaml" else "leaders.csv"
    path.write_text(f"{head}leaders: {name}\n# Points{policy}", encoding="utf-8")
    if form == "yaml":
        (folder / name).write_text(rows, encoding="utf-8")
    else:
        encoding = "gb18030" if form == "gb18030" else "utf-8"
        (folder / name).write_text(
            "编号,姓名,支部,岗位,技能,已修,短板\n"
            "L1,林海燕,HQ,secretary,theory:2; ideals:2; admission:2,,\n"
            "L3,高晓峰,EAST,secretary,meetings:2,M1,\n"
            "L6,马骏驰,WEST,secretary,,,\n"
            "L9,白,EAST,member,,,theory:1; meetings:3\n"
            "LA,黑,WEST,member,,,theory:1\n",
            encoding=encoding,
        )
    return path


def _results(plan: Plan, instance: Instance, rng: random.Random) -> tuple[str, dict[tuple[str, str], int]]:
    """Rows of results, and for each seat that was taken the most that anything was reached to."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["人员", "班次", "结果", "等级"])
    came: dict[tuple[str, str], int] = {}
    for leader, session in plan.assignments:
        taught = max(instance.levels_taught[instance.session_by_id[session]].values())
        kind = rng.choice(["none", "缺席", "出席", "passed", "level"])
        if kind == "level":
            came[leader, session] = rng.randint(0, taught)
            writer.writerow([leader, session, "通过", came[leader, session]])
        elif kind != "none":
            writer.writerow([leader, session, kind, ""])
            if kind != "缺席":
                came[leader, session] = 100
    return out.getvalue(), came


def _expected(
    instance: Instance, leader: Leader, came: dict[tuple[str, str], int], heard: set[str], plan: Plan
) -> Leader:
    """What a leader is in the next rotation, told directly from what the rules say."""
    reached: dict[int, int] = {}
    done = set(leader.completed)
    for (id_, session), level in came.items():
        if id_ == leader.id:
            s = instance.session_by_id[session]
            done |= set(instance.sessions[s].modules)
            for skill, taught in instance.levels_taught[s].items():
                reached[skill] = max(reached.get(skill, 0), min(level, taught))
    gaps = tuple(gap for gap in leader.gaps if reached.get(gap.skill, 0) < gap.level)
    had_seat = any(id_ == leader.id and session in heard for id_, session in plan.assignments)
    waits = bool(gaps) and not had_seat
    return replace(
        leader,
        gaps=gaps,
        completed=frozenset(done),
        priority=leader.priority + 1 if waits else leader.priority,
        waited=0 if had_seat else leader.waited + 1,
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", range(4))
def test_the_recorded_roster_loads_as_exactly_what_is_expected(form: str, seed: int, tmp_path: Path) -> None:
    path = _write(tmp_path, form)
    loaded = load_roster(path)
    instance, plan = loaded.instance, some_plan(loaded)
    text, came = _results(plan, instance, random.Random(seed))
    (tmp_path / "results.csv").write_text(text, encoding="gb18030")
    heard = {row[1] for row in list(csv.reader(io.StringIO(text)))[1:]}
    findings = Findings()
    rows = read_results(tmp_path / "results.csv", findings, Known.of(instance, plan)).rows
    written = read_roster_file(path)
    found = record(instance, plan, written, rows, RecordRules(), (), findings)
    assert findings.items == []
    folder = tmp_path / "autumn"
    folder.mkdir()
    for file, data in next_files(written, found.changes, folder / "next.yaml").items():
        file.write_bytes(data)
    after = load_roster(folder / "next.yaml").instance
    leaders = tuple(_expected(instance, one, came, heard, plan) for one in instance.leaders)
    assert after.leaders == leaders
    assert replace(after, leaders=()) == replace(instance, leaders=())


def _recorded(
    folder: Path, rows: str, rules: RecordRules | None = None, past: tuple[Fact, ...] = ()
) -> tuple[Instance, Plan, Record, Findings]:
    path = _write(folder, "inline")
    loaded = load_roster(path)
    plan = some_plan(loaded)
    (folder / "results.csv").write_text(rows, encoding="utf-8")
    findings = Findings()
    read = read_results(folder / "results.csv", findings, Known.of(loaded.instance, plan)).rows
    found = record(
        loaded.instance, plan, read_roster_file(path), read, rules or RecordRules(), past, findings
    )
    return loaded.instance, plan, found, findings


def _one(found: Record, leader: str) -> tuple[int, int]:
    return next(one.priority for one in found.leaders if one.id == leader)


def test_who_waited_rises_by_a_step_up_to_the_most(tmp_path: Path) -> None:
    head = "leader,session,result\n"
    *_, found, _ = _recorded(tmp_path, head)
    assert _one(found, "L6") == (2, 3)
    assert _one(found, "L5") == (1, 2)
    *_, found, _ = _recorded(tmp_path, head, RecordRules(step=4, most=5))
    assert _one(found, "L6") == (2, 5)
    *_, found, _ = _recorded(tmp_path, head, RecordRules(step=4, most=2))
    assert _one(found, "L6") == (2, 2)


def test_who_was_absent_did_not_wait(tmp_path: Path) -> None:
    _, plan, _, _ = _recorded(tmp_path, "leader,session,result\n")
    leader, session = next(a for a in plan.assignments if a[0] == "L6")
    *_, found, _ = _recorded(tmp_path, f"leader,session,result\n{leader},{session},absent\n")
    assert _one(found, "L6") == (2, 2)


def test_who_is_served_gives_back_what_waiting_had_added(tmp_path: Path) -> None:
    _, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    rows = "leader,session\n" + "".join(f"{a},{b}\n" for a, b in plan.assignments)
    past = (
        Fact("old", "2025-06-30", "waited", "L6", before=1, after=5),
        Fact("old", "2025-06-30", "served", "L6", before=5, after=1),
        Fact("new", "2025-12-30", "waited", "L6", before=1, after=2),
    )
    *_, found, _ = _recorded(tmp_path, rows, past=past)
    assert _one(found, "L6") == (2, 1)
    *_, found, _ = _recorded(tmp_path, rows)
    assert _one(found, "L6") == (2, 2)


def test_a_seat_without_a_row_counts_as_others_says(tmp_path: Path) -> None:
    _, plan, found, _ = _recorded(tmp_path, "leader,session\n", RecordRules(others="attended"))
    assert found.assumed == len(plan.assignments)
    assert found.unheard == ()
    *_, found, _ = _recorded(tmp_path, "leader,session\n")
    assert found.assumed == 0
    assert set(found.unheard) == {session for _, session in plan.assignments}


def test_all_findings_of_results_come_at_once_with_their_places(tmp_path: Path) -> None:
    _, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    has = dict(plan.assignments)
    a, b, c = [leader for leader in has if leader != "L7"][:3]
    outside = next(s for s in ("S1", "S2", "S3", "S4", "S5") if ("L7", s) not in plan.assignments)
    *_, findings = _recorded(
        tmp_path,
        "学员,班次,结果,等级\n"
        f"{a},{has[a]},来了,\n"
        f"{a}x,{has[a]},出席,\n"
        f"{a},S9,出席,\n"
        f"L7,{outside},出席,\n"
        f"{a},{has[a]},出席,9\n"
        f"{a},{has[a]},出席,\n"
        f"{b},{has[b]},出席,cooking:1\n"
        f"{c},{has[c]},缺席,1\n",
    )
    found = [(item.line, item.column, item.rule) for item in findings.sorted()]
    assert found == [
        (2, 3, "wrong-value"),
        (3, 1, "unknown-reference"),
        (4, 2, "unknown-reference"),
        (5, 1, "wrong-value"),
        (6, 4, "wrong-value"),
        (7, 1, "duplicate-item"),
        (8, 4, "unknown-reference"),
        (9, 4, "wrong-value"),
    ]
    messages = {item.line: f"{item.message} {item.hint}" for item in findings.items}
    assert f"did you mean '{a}'?" in messages[3]
    assert "--walk-ins" in messages[5]
    assert "line 6" in messages[7]


def test_the_id_decides_and_the_name_is_checked_against_it(tmp_path: Path) -> None:
    instance, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    (a, s), (b, t) = next(
        (x, y) for x in plan.assignments for y in plan.assignments if x[0] != y[0] and x[1] != y[1]
    )
    names = {one.id: one.name for one in instance.leaders}
    spaced = " ".join(names[b])
    text = f"工号,姓名,班次,考勤\n{a},{names[b]},{s},出勤\n{b},{spaced}（东）,{t},出勤\n"
    *_, found, findings = _recorded(tmp_path, text)
    (item,) = findings.items
    assert (item.line, item.column, item.rule) == (2, 2, "wrong-value")
    assert names[a] in item.message
    assert item.hint == f"{names[b]} is {b}"
    assert {one.id for one in found.leaders if one.seats} >= {b}


def test_names_alone_are_enough_where_one_leader_has_them(tmp_path: Path) -> None:
    instance, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    leader, session = plan.assignments[0]
    name = instance.leaders[instance.leader_by_id[leader]].name
    *_, found, findings = _recorded(tmp_path, f"姓名,班次,考勤\n{name},{session},√\n某某,{session},√\n")
    assert [(item.line, item.column) for item in findings.items] == [(3, 1)]
    assert found.leaders


def test_sessions_across_are_those_in_which_people_have_seats(tmp_path: Path) -> None:
    """A module that two sessions teach heads one column: each leader has a seat in one of them."""
    instance, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    by_id = instance.session_by_id
    shared = next(
        m.name
        for k, m in enumerate(instance.modules)
        if len({s for _, s in plan.assignments if k in instance.sessions[by_id[s]].modules}) == 2
    )
    own = {
        (leader, s)
        for leader, s in plan.assignments
        if shared in [instance.modules[m].name for m in instance.sessions[by_id[s]].modules]
    }
    rows = "".join(f"{x.id},{x.name},{'√' if x.id in dict(own) else '×'}\n" for x in instance.leaders)
    *_, found, findings = _recorded(tmp_path, f"编号,姓名,{shared}\n{rows}")
    assert findings.items == []
    came = {
        (one.id, instance.sessions[seat.seat.session].id)
        for one in found.leaders
        for seat in one.seats
        if seat.seat.result == "attended"
    }
    assert came == own


def test_a_leader_without_a_seat_is_no_error_across_unless_they_came(tmp_path: Path) -> None:
    instance, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    session = plan.assignments[0][1]
    outside = next(x.id for x in instance.leaders if (x.id, session) not in plan.assignments)
    *_, findings = _recorded(tmp_path, f"编号,{session}\n{outside},否\n")
    assert findings.items == []
    *_, findings = _recorded(tmp_path, f"编号,{session}\n{outside},是\n")
    assert [(item.line, item.column, item.rule) for item in findings.items] == [(2, 1, "wrong-value")]


def test_two_columns_of_one_session_say_the_same(tmp_path: Path) -> None:
    _, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    leader, session = plan.assignments[0]
    *_, findings = _recorded(tmp_path, f"编号,{session}（一）,{session}（二）\n{leader},√,√\n")
    assert findings.items == []
    *_, findings = _recorded(tmp_path, f"编号,{session}（一）,{session}（二）\n{leader},√,×\n")
    assert [(item.line, item.column, item.rule) for item in findings.items] == [(2, 3, "duplicate-item")]


def test_walk_ins_count_where_they_may(tmp_path: Path) -> None:
    _, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    outside = next(s for s in ("S1", "S2", "S3", "S4", "S5") if ("L7", s) not in plan.assignments)
    *_, found, findings = _recorded(
        tmp_path, f"leader,session\n田雨欣,{outside}\n", RecordRules(walk_ins=True)
    )
    assert findings.items == []
    seats = next(one.seats for one in found.leaders if one.id == "L7")
    assert [(seat.seat.result, bool(seat.learnt)) for seat in seats] == [("attended", True)]


def test_results_may_be_a_yaml_list(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("- {leader: L1, session: S1, levels: {theory: 1}}\n- {leader: L2}\n", encoding="utf-8")
    findings = Findings()
    rows = read_results(path, findings).rows
    assert [(row.leader, row.result, row.levels) for row in rows] == [("L1", "attended", {"theory": 1})]
    assert [(item.line, item.rule) for item in findings.items] == [(2, "missing-key")]


def test_a_history_tells_how_long_gaps_are_open_and_what_modules_achieve(tmp_path: Path) -> None:
    instance, plan, _, _ = _recorded(tmp_path, "leader,session\n")
    path = tmp_path / "history.csv"
    expected_open: dict[tuple[str, str], int] = {}
    data = b""
    for name in ("one", "two", "three"):
        *_, found, _ = _recorded(
            tmp_path, "leader,session\n" + "".join(f"{a},{b}\n" for a, b in plan.assignments)
        )
        data = appended(data, facts_of(instance, plan, found, name))
    path.write_bytes(data)
    findings = Findings()
    told = summarise(read_history(path, findings))
    assert findings.items == []
    assert [one.name for one in told.rotations] == ["one", "two", "three"]
    for one in found.leaders:
        for gap in one.open:
            expected_open[one.id, gap.skill] = 3
    assert {(gap.leader, gap.skill): gap.rotations for gap in told.gaps} == expected_open
    assert {gap.days for gap in told.gaps} == {instance.n_days - 1}
    first = plan.assignments[0][0]
    training = next(one for one in told.trainings if one.leader == first)
    assert training.attended == 3 * sum(leader == first for leader, _ in plan.assignments)
    module = instance.modules[instance.sessions[instance.session_by_id["S1"]].modules[0]].id
    effect = next(one for one in told.effects if one.module == module)
    assert effect.people == effect.reached
    assert effect.people % 3 == 0


def test_a_history_keeps_its_encoding_and_line_ends() -> None:
    fact = Fact("春", "2026-03-02", "absent", "L1", "S1")
    old = appended(b"", [fact]).decode("utf-8-sig").replace("\n", "\r\n").encode("gb18030")
    new = appended(old.rstrip(), [fact])
    assert new == old + old.decode("gb18030").splitlines(keepends=True)[1].encode("gb18030")


def test_lines_that_are_no_facts_are_found(tmp_path: Path) -> None:
    head = appended(b"", []).decode("utf-8-sig")
    (tmp_path / "h.csv").write_text(
        head + "r,2026-03-02,atended,L1,S1,,,,,,\nr,2026/3/2,absent,L1,S1,,,,,,\nr,x\n"
        "r,2026-03-02,open,L,,,s,1,two,,\n",
        encoding="utf-8",
    )
    findings = Findings()
    assert read_history(tmp_path / "h.csv", findings) == []
    places = [(item.line, item.column, item.rule) for item in findings.items]
    assert places == [
        (2, 3, "wrong-value"),
        (3, 2, "wrong-value"),
        (4, 1, "table-shape"),
        (5, 9, "wrong-value"),
    ]
    assert "attended" in findings.items[0].hint
