"""Sequence numbers and cancellations: rising with every change, each cancellation once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cadreplan.views.export.events import Event, Owner
from cadreplan.views.export.revisions import Sent, revise

EVENT = Event("u", Owner("L1", "林海燕"), date(2026, 3, 2), date(2026, 3, 3), "s", "d", "l", None)
MOVED = replace(EVENT, first=date(2026, 3, 3))


def sequences(past: list[Sent], now: dict[str, Event]) -> dict[str, tuple[int, bool]]:
    return {entry.event.uid: (entry.sequence, entry.cancelled) for entry in revise(past, now)}


def test_a_first_plan_begins_at_nought() -> None:
    assert sequences([], {"u": EVENT}) == {"u": (0, False)}


def test_what_stays_keeps_its_number_and_what_moves_raises_it() -> None:
    assert sequences([Sent({"u": EVENT})], {"u": EVENT}) == {"u": (0, False)}
    assert sequences([Sent({"u": EVENT})], {"u": MOVED}) == {"u": (1, False)}
    assert sequences([Sent({"u": EVENT}), Sent({"u": MOVED})], {"u": EVENT}) == {"u": (2, False)}
    assert sequences([Sent({"u": EVENT}), Sent({"u": MOVED})], {"u": MOVED}) == {"u": (1, False)}


def test_what_is_gone_is_cancelled_once() -> None:
    assert sequences([Sent({"u": EVENT})], {}) == {"u": (1, True)}
    assert sequences([Sent({"u": EVENT}), Sent({})], {}) == {}


def test_what_comes_back_is_newer_than_its_cancellation() -> None:
    assert sequences([Sent({"u": EVENT}), Sent({})], {"u": EVENT}) == {"u": (2, False)}


def test_a_cancellation_tells_of_the_event_as_it_was_last_sent() -> None:
    (entry,) = revise([Sent({"u": EVENT}), Sent({"u": MOVED})], {})
    assert entry.event == MOVED


def test_after_a_changed_roster_every_event_counts_as_changed() -> None:
    assert sequences([Sent({"u": EVENT}, certain=False)], {"u": EVENT}) == {"u": (1, False)}
    assert sequences([Sent({"u": EVENT}), Sent({"u": EVENT}, certain=False)], {"u": EVENT}) == {
        "u": (2, False)
    }


PLANS = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from([EVENT, MOVED])), min_size=1, max_size=6
)


@given(PLANS)
def test_of_two_versions_the_later_never_has_the_lower_number(plans: list[dict[str, Event]]) -> None:
    plans = [{uid: replace(event, uid=uid) for uid, event in plan.items()} for plan in plans]
    inbox: dict[str, tuple[int, bool, Event]] = {}
    for k, plan in enumerate(plans):
        for entry in revise([Sent(p) for p in plans[:k]], plan):
            uid, new = entry.event.uid, (entry.sequence, entry.cancelled, entry.event)
            old = inbox.get(uid)
            assert old is None or new[0] > old[0] or (new == old and not entry.cancelled)
            inbox[uid] = new
        assert {uid for uid, (_, off, _) in inbox.items() if not off} == set(plan)
        assert all(inbox[uid][2] == event for uid, event in plan.items())
