"""What a rotation leaves for the next ones: days of levels, credited hours, rotations waited."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cadreplan.documents.findings import Findings
from cadreplan.documents.reading.history import Fact
from cadreplan.documents.results.columns import Known
from cadreplan.documents.results.reader import read_results
from cadreplan.documents.schema.curriculum import NormSpec
from cadreplan.documents.schema.types import DateRange
from cadreplan.insight.credit import Credit, Studied, amount, credit, done_in, studied
from cadreplan.insight.facts import facts_of
from cadreplan.insight.record import LeaderRecord, Record, RecordRules, record
from cadreplan.instance import Instance
from cadreplan.loading.load import load_roster, read_roster_file
from cadreplan.plan import Plan
from tests.cli.base import some_plan
from tests.rules.base import overlaid, written

PIECE = """\
skills:
  meetings: {name: 三会一课, ability: duty, weight: 2, valid: 24}
  review: {name: 民主评议, ability: duty}
norms:
  yearly: {hours: 56, roles: [secretary]}
  five: {hours: 550, years: 5}
  newcomer: {sessions: 1, within: 183}
horizon: 2026-10-05..2027-01-29
sessions:
  - {id: S1, site: BJ, modules: [M-LAW, M-CASE], dates: [2026-12-30..2027-01-01], seats: 10}
leaders:
"""
LEADERS = (
    "{id: L1, branch: HQ, role: secretary}",
    "{id: L2, branch: HQ, role: secretary, skills: {meetings: 2, review: 0}, earned: {meetings: 2025-03-01},"
    " pinned: [S1]}",
    "{id: L3, branch: HQ, role: secretary, skills: {meetings: 2}, since: 2026-08-01, credited: {yearly: 8}}",
    "{id: L4, branch: HQ, gaps: {review: 1}, excluded: [S1], waited: 2}",
    "{id: L5, branch: HQ, role: secretary, skills: {meetings: 3, review: 1}, earned: {meetings: 2020-01-01},"
    " waited: 1}",
)

RULES = RecordRules(walk_ins=True)


def recorded(
    folder: Path, results: str, rules: RecordRules | None = None, past: tuple[Fact, ...] = ()
) -> tuple[Instance, Plan, Record, Findings]:
    """A rotation with one session of twelve hours over the end of a year."""
    rows = "".join(f"  - {row}\n" for row in LEADERS)
    path = written(folder, overlaid(PIECE + rows))
    loaded = load_roster(path)
    plan = some_plan(loaded)
    (folder / "results.csv").write_text(results, encoding="utf-8")
    findings = Findings()
    read = read_results(folder / "results.csv", findings, Known.of(loaded.instance, plan)).rows
    roster = read_roster_file(path)
    found = record(loaded.instance, plan, roster, read, rules or RULES, past, findings)
    return loaded.instance, plan, found, findings


def one(found: Record, leader: str) -> LeaderRecord:
    return next(record for record in found.leaders if record.id == leader)


HEAD = "leader,session,result,missed\n"
ALL = HEAD + "".join(f"L{n},S1,attended,\n" for n in (1, 2, 3, 5))


def test_levels_get_the_day_on_which_they_were_earned(tmp_path: Path) -> None:
    *_, found, _ = recorded(tmp_path, ALL)
    assert one(found, "L1").change.skills == {"meetings": 2, "review": 1}
    assert one(found, "L1").change.earned == {"meetings": "2027-01-01", "review": "2027-01-01"}


def test_a_dated_level_is_renewed_and_one_held_for_ever_stays_so(tmp_path: Path) -> None:
    *_, found, _ = recorded(tmp_path, ALL)
    assert one(found, "L2").change.earned == {"meetings": "2027-01-01", "review": "2027-01-01"}
    assert one(found, "L3").change.earned == {"review": "2027-01-01"}


def test_what_has_lapsed_is_held_at_the_level_reached_now(tmp_path: Path) -> None:
    *_, found, _ = recorded(tmp_path, ALL)
    change = one(found, "L5").change
    assert change.skills == {"meetings": 2}
    assert change.earned == {"meetings": "2027-01-01"}
    assert [(gap.skill, gap.held) for gap in one(found, "L5").closed] == [("meetings", 0)]


@pytest.mark.parametrize(("missed", "result"), [(0, "attended"), (1, "attended"), (2, "unfinished")])
def test_who_misses_more_than_a_seventh_has_not_completed(missed: int, result: str, tmp_path: Path) -> None:
    """The session has twelve hours: a seventh of them is 1.7."""
    *_, found, findings = recorded(tmp_path, f"{HEAD}L1,S1,attended,{missed}\n")
    assert not findings.items
    seat = one(found, "L1").seats[0]
    assert seat.seat.result == result
    is_done = result == "attended"
    assert bool(one(found, "L1").change.skills) == is_done
    assert bool(one(found, "L1").change.completed) == is_done
    assert sum(x.hours for x in seat.studied) == (12 - missed if is_done else 0)
    assert one(found, "L1").waited == (0, 0)


def test_the_share_that_is_forgiven_is_a_setting(tmp_path: Path) -> None:
    for share, result in ((Fraction(1, 4), "passed"), (Fraction(1, 5), "unfinished")):
        rules = RecordRules(walk_ins=True, absence=share)
        *_, found, _ = recorded(tmp_path, f"{HEAD}L1,S1,passed,3\n", rules)
        assert one(found, "L1").seats[0].seat.result == result


def test_nobody_misses_more_hours_than_there_are(tmp_path: Path) -> None:
    *_, findings = recorded(tmp_path, f"{HEAD}L1,S1,attended,12\nL2,S1,attended,13\n")
    assert [(f.line, f.column, f.rule) for f in findings.items] == [(3, 4, "wrong-value")]
    assert "expected 12 at most" in findings.items[0].message


@pytest.mark.parametrize(("missed", "hours"), [(0, (7, 5)), (1, (6, 5)), (12, (0, 0))])
def test_hours_are_split_at_the_end_of_the_year(missed: int, hours: tuple[int, int], tmp_path: Path) -> None:
    instance, *_ = recorded(tmp_path, HEAD)
    found = studied(instance, 0, {0, 1}, missed)
    assert [(x.day.isoformat(), x.hours) for x in found] == [
        ("2026-12-31", hours[0]),
        ("2027-01-01", hours[1]),
    ]
    assert [x.is_end for x in found] == [False, True]


def test_norms_are_credited_in_the_years_of_their_windows(tmp_path: Path) -> None:
    *_, found, _ = recorded(tmp_path, ALL)
    assert one(found, "L1").change.credited == {"yearly": 5, "five": 12}, "this window is 2027"
    assert one(found, "L3").change.credited == {"yearly": 13, "five": 12, "newcomer": 1}
    assert one(found, "L4").change.credited == {}


def test_everybody_without_a_seat_has_waited_once_more(tmp_path: Path) -> None:
    *_, found, _ = recorded(tmp_path, ALL)
    assert {x.id: x.waited for x in found.leaders} == {
        "L1": (0, 0), "L2": (0, 0), "L3": (0, 0), "L4": (2, 3), "L5": (1, 0),
    }  # fmt: skip
    assert one(found, "L4").change.waited == 3
    assert one(found, "L1").change.waited is None


def test_pins_and_wishes_for_sessions_that_are_over_are_forgotten(tmp_path: Path) -> None:
    spring = RecordRules(following=DateRange(date(2027, 3, 1), date(2027, 6, 30)), walk_ins=True)
    *_, found, _ = recorded(tmp_path, ALL, spring)
    assert one(found, "L2").change.emptied == ("pinned",)
    assert one(found, "L4").change.emptied == ("excluded",)
    *_, found, _ = recorded(tmp_path, ALL)
    assert one(found, "L2").change.emptied == ()


def test_a_history_has_the_hours_of_each_year(tmp_path: Path) -> None:
    instance, plan, found, _ = recorded(tmp_path, ALL)
    facts = facts_of(instance, plan, found, "autumn")
    mine = [f for f in facts if f.fact == "hours" and f.leader == "L1"]
    assert [(f.date, f.before, f.after) for f in mine] == [("2026-12-31", 1, 7), ("2027-01-01", None, 5)]
    assert done_in(facts)["L1"] == list(one(found, "L1").seats[0].studied)


YEAR = NormSpec.model_validate({"hours": "56"})
FIVE = NormSpec.model_validate({"hours": "550", "years": "5"})
AUTUMN = DateRange(date(2026, 9, 1), date(2026, 12, 18))
SPRING = DateRange(date(2027, 3, 1), date(2027, 6, 30))
NEW = (Studied("S9", date(2026, 10, 9), 10, True),)


def _credit(
    norm: NormSpec, credited: int, before: list[Studied] | None, following: DateRange
) -> Credit | None:
    return credit("n", norm, None, credited, NEW, before, AUTUMN, following)


def test_credit_adds_up_within_a_window_and_begins_anew_behind_it() -> None:
    assert _credit(YEAR, 8, None, AUTUMN) == Credit("n", 18)
    assert _credit(YEAR, 8, None, SPRING) == Credit("n", 0)


def test_credit_loses_the_years_that_a_history_knows_to_lie_before_the_window() -> None:
    old = [Studied("S1", date(2022, 12, 31), 7, True), Studied("S2", date(2023, 1, 1), 9, True)]
    assert _credit(FIVE, 40, old, SPRING) == Credit("n", 40 - 7 + 10)
    assert _credit(FIVE, 40, old, AUTUMN) == Credit("n", 50)
    assert _credit(FIVE, 40, None, SPRING) == Credit("n", 50, is_old=True)


def test_sessions_count_once_however_many_years_they_touch() -> None:
    norm = NormSpec.model_validate({"sessions": "1"})
    done = [Studied("S", date(2026, 12, 31), 4, False), Studied("S", date(2027, 1, 1), 4, True)]
    years = [DateRange(date(y, 1, 1), date(y, 12, 31)) for y in (2026, 2027)]
    assert [amount(norm, done, year) for year in years] == [0, 1]
