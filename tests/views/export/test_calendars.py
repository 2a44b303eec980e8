"""Calendars, parsed back by another library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import vobject

from cadreplan.language import Language, using
from cadreplan.plan import Plan
from cadreplan.views.export.calendars import Hours, calendars, file_names
from cadreplan.views.export.events import By, events
from cadreplan.views.export.revisions import Sent, revise
from cadreplan.views.season import Season
from cadreplan.views.wording import plain
from tests.views.export.base import HOSTILE, PROGRAMME, hostile, season, taught, with_programme
from tests.views.small import instance, plan


def made(what: Season, by: By = By.LEADER, past: tuple[Season, ...] = ()) -> dict[str, bytes]:
    sent = [Sent(events(old, by)) for old in past]
    return calendars(revise(sent, events(what, by)), what.instance.start, Hours())


def parsed(data: bytes) -> list[dict[str, Any]]:
    calendar = vobject.readOne(data.decode())
    return [{name: found[0].value for name, found in e.contents.items()} for e in calendar.vevent_list]


def with_assignments(*pairs: tuple[str, str]) -> Season:
    changed: Plan = replace(plan(), assignments=pairs)
    return Season.of(instance(), changed)


def test_a_leader_has_an_event_for_each_run_of_days() -> None:
    files = made(season())
    assert sorted(files) == ["L1.ics", "L2.ics", "L3.ics"]  # L4 stays at home
    first, second = parsed(files["L3.ics"])
    assert first["summary"] == second["summary"] == "常州分校: 民主评议实务"
    assert first["location"] == "常州分校"
    assert "closes: 民主评议" in first["description"]
    assert f"journey: 03-06 – 03-09, {season().km(2):,} km" in first["description"]
    assert [e["dtstart"].date().isoformat() for e in (first, second)] == ["2026-03-06", "2026-03-09"]


def test_times_are_those_of_china() -> None:
    begin, end = (parsed(made(season())["L1.ics"])[0][key] for key in ("dtstart", "dtend"))
    assert begin.utcoffset() == timedelta(hours=8)
    assert begin.astimezone(UTC) == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    text = made(season())["L1.ics"].decode()
    assert "DTSTART;TZID=Asia/Shanghai:20260302T083000" in text
    assert "BEGIN:VTIMEZONE" in text


def test_other_hours() -> None:
    files = calendars(
        revise([], events(season(), By.LEADER)),
        season().instance.start,
        Hours(time(9), time(11, 45), time(13), time(16)),
    )
    assert "T090000" in files["L1.ics"].decode()
    assert "T160000" in files["L1.ics"].decode()


def test_a_site_is_told_who_comes() -> None:
    with using(Language.ZH):
        files = made(season(), By.SITE)
    assert sorted(files) == ["BJ.ics", "CZ.ics"]
    first = parsed(files["BJ.ics"])[0]
    assert first["summary"] == "S1 总行党校 (3)"
    assert first["location"] == "总行党校 A101"
    assert "东部分行: 高晓峰 ×2" in first["description"]
    assert "苏州支行: 林海燕" in first["description"]
    assert [e["summary"] for e in parsed(files["BJ.ics"])] == [
        "S1 总行党校 (3)",
        "S2 总行党校 (1)",
        "S5 总行党校 (0)",
    ]


def test_a_branch_sees_its_own_people_and_those_below_it() -> None:
    files = made(season(), By.BRANCH)
    assert sorted(files) == ["EAST-1.ics", "EAST.ics", "HQ.ics", "WEST.ics"]
    assert "高晓峰" in parsed(files["EAST.ics"])[0]["description"]
    assert "高晓峰" not in parsed(files["EAST-1.ics"])[0]["description"]
    assert len(parsed(files["HQ.ics"])) == 4


def test_a_lecturer_has_an_event_for_each_half_day() -> None:
    files = made(taught(), By.LECTURER)
    assert sorted(files) == ["K1.ics", "K2.ics"]  # K3 teaches nothing
    first, second = parsed(files["K1.ics"])
    assert first["summary"] == second["summary"] == "理论概论 (总行党校)"
    assert first["location"] == "总行党校 A101"
    assert "S1  03-02 – 03-03" in first["description"]
    assert "people 3" in first["description"]
    assert "Tue 03-03 pm  理论概论, 陈思远" in first["description"]
    times = [(e["dtstart"].astimezone(UTC), e["dtend"].astimezone(UTC)) for e in (first, second)]
    assert times == [
        (datetime(2026, 3, 2, 0, 30, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)),
        (datetime(2026, 3, 3, 6, tzinfo=UTC), datetime(2026, 3, 3, 9, 30, tzinfo=UTC)),
    ]


def test_a_half_day_that_moves_or_changes_hands_is_told_to_those_it_concerns() -> None:
    moved = {
        **PROGRAMME,
        "S1": (PROGRAMME["S1"][0], replace(PROGRAMME["S1"][1], slot="am")),
        "S5": (replace(PROGRAMME["S5"][0], lecturer="K1"),),
    }
    new = taught(with_programme(plan(), moved))
    files = made(new, By.LECTURER, past=(taught(),))
    told = {(e["sequence"], e["status"], e["dtstart"].strftime("%d%H")) for e in parsed(files["K1.ics"])}
    # both half days of S1 tell of each other; S5 is new
    assert told == {("1", "CONFIRMED", "0208"), ("1", "CONFIRMED", "0308"), ("0", "CONFIRMED", "2014")}
    told = {(e["sequence"], e["status"], e["dtstart"].strftime("%d%H")) for e in parsed(files["K2.ics"])}
    assert told == {("0", "CONFIRMED", "0408"), ("1", "CANCELLED", "2014")}
    again = made(new, By.LECTURER, past=(taught(), new))
    assert {e["status"] for e in parsed(again["K2.ics"])} == {"CONFIRMED"}
    old = {e["uid"] for data in made(taught(), By.LECTURER).values() for e in parsed(data)}
    assert old < {e["uid"] for data in files.values() for e in parsed(data)}


def test_a_session_has_the_half_days_of_its_days() -> None:
    event = parsed(made(taught())["L1.ics"])[0]
    assert "Mon 03-02 am  理论概论, 陈思远\nTue 03-03 pm  理论概论, 陈思远\n" in event["description"]
    first, second = parsed(made(taught(), By.SITE)["CZ.ics"])
    assert "Fri 03-06 am  民主评议实务, nobody" in first["description"]
    assert "am  " not in second["description"]
    assert "Mon 03-02 am  理论概论, 陈思远" in parsed(made(taught(), By.BRANCH)["HQ.ics"])[0]["description"]


def test_identities_last_and_numbers_rise() -> None:
    moved = with_assignments(("L1", "S1"), ("L3", "S3"), ("L4", "S5"))
    old = {e["uid"]: e for data in made(season()).values() for e in parsed(data)}
    new = {e["uid"]: e for data in made(moved, past=(season(),)).values() for e in parsed(data)}
    assert old.keys() <= new.keys()
    off = {e["summary"] for e in new.values() if e["status"] == "CANCELLED"}
    assert off == {"总行党校: 三会一课规范", "总行党校: 理论概论"}  # L1 leaves S2, L2 leaves S1
    for uid, event in new.items():
        was = old.get(uid)
        changed = was is not None and (was["description"], was["status"]) != (
            event["description"],
            event["status"],
        )
        assert int(event["sequence"]) == int(changed)


def test_somebody_who_now_stays_at_home_gets_the_cancellations_once() -> None:
    nobody = with_assignments()
    files = made(nobody, past=(season(),))
    assert {e["status"] for data in files.values() for e in parsed(data)} == {"CANCELLED"}
    assert sorted(files) == ["L1.ics", "L2.ics", "L3.ics"]
    assert made(nobody, past=(season(), nobody)) == {}


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert made(season()) == made(season())


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("by", By)
def test_names_cannot_break_out_of_their_property(name: str, by: By) -> None:
    whole, safe = made(hostile(name), by), made(taught(), by)
    assert whole.keys() == safe.keys()
    for file, data in whole.items():
        assert all(len(line) <= 75 for line in data.split(b"\r\n"))
        found = parsed(data)
        assert len(found) == len(parsed(safe[file]))
        assert all(e.keys() == f.keys() for e, f in zip(found, parsed(safe[file]), strict=True))
        assert all(plain(name) in e["location"] for e in found)


def test_file_names_differ_on_every_system() -> None:
    assert file_names(["a", "A", "con", "COM1.x", "王" * 100]) == {
        "a": "a",
        "A": "A-2",
        "con": "_con",
        "COM1.x": "_COM1.x",
        "王" * 100: "王" * 66,
    }
