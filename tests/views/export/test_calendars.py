"""Calendars, parsed back by another library."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest
import vobject

from cadreplan.language import Language, using
from cadreplan.origin import lineage_of
from cadreplan.plan import Plan
from cadreplan.views.export.calendars import Hours, Organizer, calendars, file_names
from cadreplan.views.export.events import By, Owner, events
from cadreplan.views.export.revisions import Entry, Sent, revise
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
    (stays,), (off,) = parsed(files["K2.ics"]), parsed(files["K2-cancelled-1.ics"])
    assert (stays["sequence"], stays["status"], stays["dtstart"].day) == ("0", "CONFIRMED", 4)
    assert (off["sequence"], off["status"], off["dtstart"].day) == ("1", "CANCELLED", 20)
    again = made(new, By.LECTURER, past=(taught(), new))
    assert sorted(again) == ["K1.ics", "K2.ics"]
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
    assert sorted(files) == [
        "L1-cancelled-1.ics",
        "L1-cancelled-2.ics",
        "L2-cancelled-1.ics",
        "L3-cancelled-1.ics",
        "L3-cancelled-2.ics",
    ]
    assert made(nobody, past=(season(), nobody)) == {}


@pytest.mark.parametrize("by", By)
def test_what_is_held_is_published_and_each_cancellation_is_a_file(by: By) -> None:
    """RFC 5546: METHOD holds for a file, and the events of one that cancels are all the same (3.2.5)."""
    new = taught(with_programme(with_assignments(("L1", "S1"), ("L4", "S5")).plan, {}))
    for data in made(new, by, past=(taught(),)).values():
        text = data.decode()
        off = {e["status"] == "CANCELLED" for e in parsed(data)}
        assert len(off) == 1
        assert ("METHOD:CANCEL" in text, "METHOD:PUBLISH" in text) == (off == {True}, off == {False})
        assert off == {False} or len(parsed(data)) == 1


def test_two_programmes_never_share_an_identity() -> None:
    """The same people, session ids and first day; another title, other dates, or another place of one."""
    first = taught().instance
    later = replace(first.sessions[0], days=tuple(day + 7 for day in first.sessions[0].days))
    others = (
        replace(first, title="英语班"),
        replace(first, sessions=(later, *first.sessions[1:])),
        replace(first, sessions=(replace(first.sessions[0], site=1), *first.sessions[1:])),
        replace(first, leaders=(replace(first.leaders[0], name="陆一鸣"), *first.leaders[1:])),
    )
    for by in By:
        made = [
            set(events(Season.of(one, replace(taught().plan, lineage=lineage_of(one))), by))
            for one in (first, *others)
        ]
        assert all(made)
        assert sum(map(len, made)) == len(set.union(*made))


def test_identities_last_where_the_horizon_and_what_people_may_do_change() -> None:
    first = taught().instance
    moved = replace(
        first,
        start=first.start - timedelta(days=3),
        n_days=first.n_days + 10,
        sessions=tuple(replace(s, days=tuple(d + 3 for d in s.days), seats=9) for s in first.sessions),
        leaders=tuple(replace(x, priority=3, max_days=2, gaps=()) for x in first.leaders),
    )
    assert lineage_of(moved) == lineage_of(first)
    for by in By:
        old, new = (
            events(Season.of(one, replace(taught().plan, lineage=lineage_of(first))), by).keys()
            for one in (first, moved)
        )
        assert old == new


def test_a_plan_without_a_lineage_keeps_the_identities_it_was_sent_with() -> None:
    (found,) = parsed(made(season())["L2.ics"])
    key = "2026-03-02\nleader\nL2\nS1\n0"
    assert found["uid"] == str(uuid5(UUID("8f0c1c0e-5a53-5d0e-9d3e-0d6f2b7a4c19"), key))


def test_the_organizer_is_named_in_every_event() -> None:
    entries = revise([Sent(events(season(), By.LEADER))], events(with_assignments(), By.LEADER))
    files = calendars(entries, season().instance.start, Hours(), Organizer("培训, 部", "t@example.org"))
    for data in files.values():
        assert 'ORGANIZER;CN="培训, 部":mailto:t@example.org' in data.decode().replace("\r\n ", "")


def test_the_name_of_a_cancellation_is_nobody_elses() -> None:
    event = next(iter(events(season(), By.LEADER).values()))
    twin = replace(event, owner=Owner("l1-cancelled-1", "x"), uid="y")
    files = calendars([Entry(event, 1, True), Entry(twin, 0)], season().instance.start, Hours())
    assert sorted(files) == ["_L1-cancelled-1.ics", "l1-cancelled-1.ics"]


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
