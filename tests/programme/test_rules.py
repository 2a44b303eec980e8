"""Each rule of a programme: one just inside, one just outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.goals import Goals
from cadreplan.instance import Leader
from cadreplan.plan import Plan, PlannedSession, ProgrammeInfo, RosterRef, SolverInfo, Terms
from cadreplan.verification.plans import check_plan
from cadreplan.verification.programmes import goals, wrong_statements

from .base import Build


def two_places() -> Build:
    build = Build().module("M").session("S", 0, "M").session("U", (0, 1), "M", at="Q")
    return build.lecturer("T")


def test_half_days_lie_on_the_sessions_days() -> None:
    build = Build().module("M").session("S", (0, 2), "M").lecturer("T")
    assert build.breaks("S: 2am M T") == []
    assert build.breaks("S: 1am M T") == ["S: M on 2026-03-03 am, not one of its days"]


@pytest.mark.parametrize(("hours", "slots"), [(4, 1), (5, 2), (8, 2), (9, 3)])
def test_a_module_fills_a_half_day_for_every_four_hours_begun(hours: int, slots: int) -> None:
    build = Build().module("M").session("S", (0, 1), "M").lecturer("T")
    build.modules["M"] = replace(build.modules["M"], hours=hours)
    half_days = [f"{day}{slot} M T" for day in (0, 1) for slot in ("am", "pm")]
    assert build.breaks("S: " + ", ".join(half_days[:slots])) == []
    assert build.breaks("S: " + ", ".join(half_days[: slots - 1])) == [
        f"S: M fills {slots - 1} half days, expected {slots}"
    ]


def test_only_the_sessions_modules_are_taught() -> None:
    build = Build().module("M").module("N").session("S", 0, "M").lecturer("T")
    assert build.breaks("S: 0am M T, 0pm N T") == ["S: N fills 1 half days, expected 0"]


def test_one_module_at_a_time() -> None:
    build = Build().module("M").module("N").session("S", 0, "M N").lecturer("T").lecturer("V")
    assert build.breaks("S: 0am M T, 0pm N V") == []
    assert build.breaks("S: 0am M T, 0am N V") == ["S: 2 modules on 2026-03-02 am"]


def test_required_modules_end_before_others_begin() -> None:
    build = Build().module("M", slots=2).module("N", requires="M").session("S", (0, 1), "M N").lecturer("T")
    assert build.breaks("S: 0am M T, 0pm M T, 1am N T") == []
    assert build.breaks("S: 0am M T, 0pm N T, 1am M T") == ["S: N begins on 2026-03-02 pm, before M ends"]


def test_of_alternatives_in_a_session_one_ends_before() -> None:
    build = Build().module("A").module("X").module("N", requires="A|X").lecturer("T")
    build.session("S", (0, 1), "A X N")
    assert build.breaks("S: 0am X T, 0pm N T, 1am A T") == []
    assert build.breaks("S: 0am N T, 0pm X T, 1am A T") == [
        "S: N begins on 2026-03-02 am, before A or X ends"
    ]


def test_what_is_required_of_earlier_sessions_is_no_matter_here() -> None:
    build = Build().module("M").module("N", requires="M").session("S", 0, "N").lecturer("T")
    assert build.breaks("S: 0am N T") == []


def test_lecturers_are_of_an_allowed_kind() -> None:
    build = Build().module("M", kinds="tutor head").module("N").session("S", 0, "M N")
    build.lecturer("T", "head").lecturer("V", "guest")
    assert build.breaks("S: 0am M T, 0pm N V") == []
    assert build.breaks("S: 0am M V, 0pm N V") == ["V: a guest teaches M, which is for tutor, head"]


def test_lecturers_teach_what_they_list() -> None:
    build = Build().module("M").module("N").session("S", 0, "M N").lecturer("T", modules="M").lecturer("V")
    assert build.breaks("S: 0am M T, 0pm N V") == []
    assert build.breaks("S: 0am M T, 0pm N T") == ["T: teaches N, which is not one of their modules"]


def test_an_own_list_does_not_widen_the_kinds() -> None:
    build = Build().module("M", kinds="head").session("S", 0, "M").lecturer("T", modules="M")
    assert build.breaks("S: 0am M T") == ["T: a tutor teaches M, which is for head"]


def test_lecturers_are_available() -> None:
    build = Build().module("M").session("S", (0, 1), "M").lecturer("T", available=((1, 1), (5, 9)))
    assert build.breaks("S: 1am M T") == []
    assert build.breaks("S: 0pm M T") == ["T: teaches on 2026-03-02 pm, but is not available"]


def test_lecturers_bound_to_a_site_teach_there() -> None:
    build = Build().module("M").session("S", 0, "M").session("U", 1, "M", at="Q").lecturer("T", site="P")
    assert build.breaks("S: 0am M T; U: 1am M -") == []
    assert build.breaks("S: 0am M -; U: 1am M T") == ["T: is bound to P, but teaches in U"]


def test_lecturers_are_at_one_place_at_a_time() -> None:
    build = Build().module("M").session("S", 0, "M").session("U", 0, "M").lecturer("T")
    assert build.breaks("S: 0am M T; U: 0pm M T") == []
    assert build.breaks("S: 0am M T; U: 0am M T") == ["T: teaches 2 times on 2026-03-02 am"]


@pytest.mark.parametrize(("first", "then"), [("0am", "0pm"), ("0pm", "1am")])
def test_a_half_day_is_free_between_sites(first: str, then: str) -> None:
    assert two_places().breaks("S: 0am M T; U: 1am M T") == []
    [found] = two_places().breaks(f"S: {first} M T; U: {then} M T")
    assert found.endswith("no free half day between")


def test_no_half_day_is_free_within_a_site() -> None:
    build = Build().module("M").session("S", 0, "M").session("U", 1, "M").lecturer("T")
    assert build.breaks("S: 0pm M T; U: 1am M T") == []


def test_lecturers_teach_no_more_than_they_may() -> None:
    build = Build().module("M", slots=2).session("S", 0, "M").lecturer("T", max_slots=2)
    assert build.breaks("S: 0am M T, 0pm M T") == []
    build.lecturer("T", max_slots=1)
    assert build.breaks("S: 0am M T, 0pm M T") == ["T: teaches 2 half days, at most 1"]


def test_nobody_needs_a_reason() -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T")
    assert build.breaks("S: 0am M -") == []
    assert build.breaks("S: 0am M ?")[0] == "S: nobody teaches M on 2026-03-02 am, and no reason is given"


def test_unknown_names_are_told() -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T")
    assert build.breaks("S: 0am X T")[0] == "S: lists module X, which the curriculum does not have"
    assert build.breaks("S: 0am M X")[0] == "S: lists lecturer X, whom the roster does not have"


def test_goals_count_what_a_programme_should_have_little_of() -> None:
    build = Build().module("M", slots=2, core=True).module("N", method="seminar").module("O", core=True)
    build.session("S", (0, 1), "M N").session("U", (4, 7), "O")
    build.lecturer("T").lecturer("V", site="P").lecturer("W")
    found = build.entries("S: 0am M T, 0pm M V, 1am N -; U: 4pm O T")
    # 4 half days of 3 lecturers: 2 each are fair
    assert goals(build.instance, found) == Goals(
        unstaffed=1, afternoons=2, repeats=1, journeys=2, overload=0, changes=1
    )
    found = build.entries("S: 0am M T, 0pm N T, 1am M T; U: 4am O W")
    assert goals(build.instance, found) == Goals(journeys=2, overload=1)


def test_what_a_programme_states_is_compared() -> None:
    build = Build().module("M").session("S", 0, "M").lecturer("T", site="P")
    found = build.entries("S: 0am M T")

    def wrong(info: ProgrammeInfo) -> list[str]:
        return [message.split(" ")[0] for _, message in wrong_statements(build.instance, found, info)]

    assert wrong(ProgrammeInfo("optimal", Goals(), (0, 0, 0, 0, 0, 0))) == []
    assert wrong(ProgrammeInfo("optimal", Goals(changes=1), (0, 0, 0, 0, 0, 1))) == ["goals"]
    assert wrong(ProgrammeInfo("feasible", Goals(), (0, 0, 0, 0, 0, 0))) == ["feasible,"]
    assert wrong(ProgrammeInfo("feasible", Goals(), (0, 0, 1, 0, 0, 0))) == ["bound"]


def test_a_plan_with_a_programme_has_one_for_all_that_runs() -> None:
    build = Build().module("M").session("S", 0, "M").session("C", 1, "M", candidate=True)
    build.lecturer("T", site="P")
    half_days = build.entries("S: 0am M T; C: 1am M T")
    plan = Plan(
        RosterRef("roster.yaml", "a" * 64),
        SolverInfo("exact", "optimal", 0, 0, 0.0, 0.0, 0, 1, "0"),
        Terms(),
        (),
        (PlannedSession("C", False), PlannedSession("S", True, None, half_days[0])),
        (),
        ProgrammeInfo("optimal", Goals(), (0, 0, 0, 0, 0, 0)),
    )

    def rules(plan: Plan) -> list[str]:
        return [f"{v.rule} {v.where}" for v in check_plan(build.instance, plan).violations]

    assert rules(plan) == []
    assert rules(replace(plan, programme=None)) == ["statement programme"]
    nobody_taught = replace(plan, sessions=(plan.sessions[0], PlannedSession("S", True)))
    assert rules(nobody_taught) == []  # nobody is there
    branch_of_one = replace(build.instance, leaders=(Leader("L", "L", 0, pinned=(0,)),))
    attended = replace(nobody_taught, assignments=(("L", "S"),))
    assert [v.message for v in check_plan(branch_of_one, attended).violations if v.rule == "programme"] == [
        "M fills 0 half days, expected 1"
    ]
    opened = PlannedSession("C", False, None, half_days[1])
    assert rules(replace(plan, sessions=(opened, plan.sessions[1]))) == ["programme C"]
    without = (PlannedSession("C", False), PlannedSession("S", True))
    assert rules(replace(plan, sessions=without, programme=None)) == []
