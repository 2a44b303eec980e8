"""Messages in plans: written as codes with figures, read again, and findings where they are wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadreplan.documents.reading.plan import read_plan
from cadreplan.errors import InputError
from cadreplan.messages import Message
from cadreplan.messages.texts import ENGINES, HALF_DAYS, OBSTACLES
from cadreplan.plan import OpenGap, PlannedSession, ProgrammeEntry
from tests.documents.reading.test_plan import PLAN, written
from tests.draws import examples
from tests.messages.drawn import messages

FULL = Message.of("seats-taken", session="S1", seats=3, taken=3, others=1)
NOBODY = Message.of("no-kind", module="M", kinds=())
HALF_DAY = ProgrammeEntry("M", "2026-03-09", "am", None, NOBODY)
TOLD = replace(
    PLAN,
    solver=replace(PLAN.solver, why=Message.of("few-pairs", pairs=40, most=30000)),
    sessions=(PlannedSession("S1", True, None, (HALF_DAY,)),),
    open_gaps=(OpenGap("L1", "meetings", "seats", FULL), OpenGap("L2", "meetings", "seats", "an old one")),
)


def test_a_plan_holds_codes_and_figures(tmp_path: Path) -> None:
    data = json.loads(TOLD.to_json())
    assert data["cadreplan"] == 2
    assert data["solver"]["why"] == {"code": "few-pairs", "most": 30000, "pairs": 40}
    gap = data["open_gaps"][0]
    assert list(gap) == ["leader", "skill", "reason", "detail"]
    assert gap["reason"] == "seats"
    assert gap["detail"] == {"code": "seats-taken", "others": 1, "seats": 3, "session": "S1", "taken": 3}
    assert data["sessions"][0]["programme"][0]["reason"] == {"code": "no-kind", "kinds": [], "module": "M"}
    assert read_plan(written(tmp_path, TOLD.to_json())) == TOLD


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages(ENGINES), messages(HALF_DAYS), st.lists(messages(OBSTACLES), max_size=4))
def test_every_plan_is_read_as_it_was_written(
    tmp_path: Path, why: Message, nobody: Message, details: list[Message]
) -> None:
    plan = replace(
        TOLD,
        solver=replace(TOLD.solver, why=why),
        sessions=(PlannedSession("S1", True, None, (replace(HALF_DAY, reason=nobody),)),),
        open_gaps=tuple(OpenGap(f"L{n}", "meetings", "seats", told) for n, told in enumerate(details)),
    )
    text = plan.to_json()
    again = read_plan(written(tmp_path, text))
    assert again == plan
    assert again.to_json() == text


def _gap(data: dict[str, Any]) -> dict[str, Any]:
    return data["open_gaps"][0]["detail"]


@pytest.mark.parametrize(
    ("forge", "where", "what"),
    [
        (lambda data: _gap(data).update(code="full"), '"code": "full"', "expected the code of a message"),
        (lambda data: _gap(data).update(code="few-pairs"), '"few-pairs", "others"', "found 'few-pairs'"),
        (lambda data: _gap(data).update(seats="three"), '"three"', "seats: found 'three'"),
        (lambda data: _gap(data).update(seats=-3), "-3", "0 or more"),
        (lambda data: _gap(data).update(session="\x1b[31m"), '"\\u001b[31m"', "session: found"),
        (lambda data: _gap(data).update(bribe=9), "9}", "'bribe'"),
        (lambda data: _gap(data).pop("seats"), '{"code": "seats-taken"', "the figure seats is missing"),
        (lambda data: _gap(data).pop("code"), '{"others"', "the key 'code' is missing"),
        (lambda data: _gap(data).update(code=5), '5, "others"', "code: found"),
        (lambda data: data["open_gaps"][0].update(detail=[1]), "[1]", "expected a message"),
        (lambda data: data["solver"].update(why={"code": "seats-taken"}), '"seats-taken"}}', "the code"),
        (lambda data: data["solver"]["why"].update(pairs=None), "null", "pairs: found None"),
        (
            lambda data: data["sessions"][0]["programme"][0]["reason"].update(kinds="dean"),
            '"dean"',
            "a list of ids",
        ),
    ],
)
def test_what_is_forged_is_a_finding_with_its_place(
    tmp_path: Path, forge: Any, where: str, what: str
) -> None:
    data = json.loads(TOLD.to_json())
    forge(data)
    text = json.dumps(data)
    with pytest.raises(InputError) as error:
        read_plan(written(tmp_path, text))
    (found,) = error.value.diagnostics
    assert what in found.message
    assert "\x1b" not in found.message
    at = text.index(where)
    assert at <= found.column - 1 <= at + len(where)
