"""What the rules on pins and rooms call an error leaves no plan, by enumeration under the specification."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.draw import Drawn
from benchmarks.roster.files import write
from benchmarks.roster.state import OwnValues
from cadreplan.documents.files import read_source
from cadreplan.documents.findings import Findings
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.reading.document import read_document
from cadreplan.documents.reading.roster import read_roster
from cadreplan.instance import DayRange, Instance
from cadreplan.loading.build import build_instance
from cadreplan.rules.registry import check_roster
from tests.brute_force import optimum
from tests.draws import examples
from tests.strategies import instances

NO_PLAN = {
    *("pin-audience", "pin-dates", "pin-days", "pin-excluded", "pin-limits", "pin-overlap"),
    *("pin-prerequisite", "pin-seats", "room-shortage"),
}


@given(instance=instances(max_leaders=3, max_sessions=4), data=st.data())
@settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
def test_no_plan_keeps_pins_or_rooms_that_are_an_error(
    instance: Instance, data: st.DataObject, tmp_path: Path
) -> None:
    document = _document(_pinned(instance, data), tmp_path)
    wrong = {found.rule for found in check_roster(document) if found.is_error} & NO_PLAN
    assume(wrong)
    assert optimum(build_instance(document)) is None, wrong


def _pinned(instance: Instance, data: st.DataObject) -> Instance:
    """More pins than the strategy draws, and ranges that a file can hold."""
    last = instance.n_days - 1

    def clipped(ranges: tuple[DayRange, ...]) -> tuple[DayRange, ...]:
        return tuple((max(0, a), min(last, b)) for a, b in ranges if a <= last)

    leaders = []
    for leader in instance.leaders:
        n_pinned = data.draw(st.sampled_from((0, 1, 1, 2)))
        pinned = data.draw(st.permutations(range(len(instance.sessions))))[:n_pinned]
        available = None if leader.available is None else clipped(leader.available) or None
        leaders.append(
            replace(
                leader, pinned=tuple(pinned), available=available, unavailable=clipped(leader.unavailable)
            )
        )
    sessions = tuple(replace(session, offering=None) for session in instance.sessions)
    return replace(instance, leaders=tuple(leaders), sessions=sessions, offerings=())


def _document(instance: Instance, folder: Path) -> RosterDocument:
    own = tuple(
        OwnValues(home=True, max_sessions=x.max_sessions, max_days=x.max_days, max_trips=x.max_trips)
        for x in instance.leaders
    )
    held = (None,) * len(instance.leaders)
    path = write(Drawn(instance, held, own, (), len(instance.sessions)), folder)
    source, findings = read_source(str(path)), Findings()
    tree = read_document(source, findings)
    assert tree is not None
    document = read_roster(tree, source.file, findings)
    assert findings.items == []
    return document
