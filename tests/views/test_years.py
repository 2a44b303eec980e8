"""Norms, waiting and a broken promise of one leader, and what a plan does over the years, on screens."""

from __future__ import annotations

from dataclasses import replace

from cadreplan.instance import Norm
from cadreplan.instance.entities import Owed
from cadreplan.plan import Guarantee, Kept
from cadreplan.views.screen.explain import explain_screen
from cadreplan.views.screen.fairness import fairness
from cadreplan.views.screen.people import leader_screen
from cadreplan.views.season import Season
from tests.views.small import drawn, instance, plan


def _season() -> Season:
    """L1 has 12 of 40 hours with the plan; L1 and L4 waited and are promised a seat, and L4 has none."""
    problem = instance()
    changed = {
        0: {"waited": 1, "owes": (Owed(0, 40, 0, -60, 304),)},
        3: {"waited": 2},
    }
    leaders = tuple(replace(who, **changed.get(i, {})) for i, who in enumerate(problem.leaders))  # type: ignore[arg-type]
    policy = replace(problem.policy, guarantee=1)
    problem = replace(problem, leaders=leaders, policy=policy, norms=(Norm("yearly", "每年学习"),))
    return Season.of(problem, replace(plan(), guarantee=Guarantee(1, 1, 1, 5000, 9000)))


def test_a_leader_s_norms_and_waiting_are_on_their_screen() -> None:
    lines = drawn(leader_screen(_season(), 0, 80), 80)
    assert "waited 1 rotation" in lines[2]
    at = next(k for k, line in enumerate(lines) if line.startswith("Norms"))
    assert lines[at + 1].split() == ["norm", "wanted", "credited", "planned", "missing", "until"]
    assert lines[at + 2].split() == ["每年学习", "40", "0", "12", "28", "2026-12-31"]
    assert not any("promised" in line for line in lines)
    others = drawn(leader_screen(_season(), 1, 80), 80)
    assert not any("Norms" in line or "waited" in line for line in others)


def test_who_is_promised_a_seat_and_has_none_is_told_so() -> None:
    lines = drawn(leader_screen(_season(), 3, 120), 120)
    assert " promised a seat, and left out: 1 of 2 have one; proven: no plan leaves out fewer than 1" in lines


def test_after_a_replan_the_fewest_are_those_of_plans_that_move_no_more_people() -> None:
    laid = _season()
    again = Season.of(laid.instance, replace(laid.plan, kept=Kept(0, 0, 0, 0, 0)))
    lines = drawn(leader_screen(again, 3, 120), 120)
    assert any("proven if no more people move: none leaves out fewer than 1" in line for line in lines)


def test_explain_says_how_long_somebody_waited() -> None:
    laid = _season()
    assert "waited 2 rotations" in drawn(explain_screen(laid.instance, 3, (), 80, 6), 80)[2]


def test_facts_about_fairness_are_whole_on_a_narrow_screen() -> None:
    text = " ".join(" ".join(drawn(fairness(_season(), 80), 80)).split())
    assert "…" not in text
    assert "leaves out fewer" in text
    assert "is known without" in text
