"""Public data sets become rosters that mean the same, and the stand-ins have the shape of the originals."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.peers.mip import solve
from benchmarks.public import course_allocation, workshop_tour
from benchmarks.public.optimum import optimum
from benchmarks.public.workshop_tour import ATTENDING, Family, cost
from cadreplan.solution import Solution
from cadreplan.verification.rules import check


def test_cost_of_a_day_follows_the_competition() -> None:
    family = Family("F0", (52, 38, 12, 82, 33, 75, 64, 76, 10, 28), 4)
    costs = [cost(family, day) for day in (*family.choices, 100)]
    assert costs == [0, 50, 86, 136, 236, 272, 372, 444, 544, 1440, 2236]


def test_original_file_becomes_a_roster(tmp_path: Path) -> None:
    header = ",".join(["family_id", *(f"choice_{k}" for k in range(10)), "n_people"])
    path = tmp_path / "family_data.csv"
    path.write_text(f"{header}\n0,52,38,12,82,33,75,64,76,10,28,4\n1,26,4,82,5,11,47,38,6,66,61,2\n")
    families = workshop_tour.read(path)
    instance = workshop_tour.roster(families, "two").instance
    assert [str(instance.date_of(s.days[0])) for s in instance.sessions[::99]] == ["2019-09-16", "2019-12-24"]
    for day in (52, 38, 28, 99):
        session = instance.session_by_id[f"D{day:03}"]
        report = check(instance, Solution(((session,), ())))
        assert not report.violations
        assert report.terms.gaps + report.terms.prefers == ATTENDING - cost(families[0], day)


def test_stand_in_has_the_shape_of_the_original() -> None:
    families = workshop_tour.synthetic(1)
    people = sum(family.people for family in families)
    assert len(families) == 5000
    assert 4.0 < people / 5000 < 4.4
    assert {family.people for family in families} == set(range(2, 9))
    assert all(len(set(family.choices)) == 10 for family in families)
    assert workshop_tour.synthetic(1) == families != workshop_tour.synthetic(2)


def test_proof_agrees_with_the_mip() -> None:
    families = workshop_tour.synthetic(3, 300)
    drawn = workshop_tour.roster(families, "small").instance
    proof, mip = optimum(drawn, workers=1), solve(drawn, "highs", time_limit=60)
    assert check(drawn, proof.solution).value == proof.objective == proof.bound == mip.bound


def test_proof_looks_farther_where_too_few_pairs_leave_no_solution() -> None:
    drawn = workshop_tour.roster(workshop_tour.synthetic(3, 300), "small").instance
    assert optimum(drawn, threshold=0.0, workers=1).bound == optimum(drawn, workers=1).objective


def test_proof_refuses_other_rosters() -> None:
    instance = course_allocation.roster(course_allocation.synthetic(1, people=5), "small").instance
    with pytest.raises(ValueError, match="one session a leader"):
        optimum(instance)


def test_tables_become_a_roster(tmp_path: Path) -> None:
    sections, wishes = tmp_path / "sections.csv", tmp_path / "wishes.csv"
    sections.write_text("section,course,slots,seats\nA1,A,mon,1\nA2,A,tue,1\nB1,B,mon; wed,2\nC1,C,wed,2\n")
    wishes.write_text("person,section,points\np,A1,9\np,A2,8\np,B1,7\np,C1,5\nq,A1,4\nq,B1,9\n")
    instance = course_allocation.roster(course_allocation.read(sections, wishes, 2), "tables").instance
    result = solve(instance, "highs")
    assert result.solution is not None
    assert result.bound == check(instance, result.solution).value == 8 + 7 + 9
    clash = Solution(((instance.session_by_id["A1"], instance.session_by_id["B1"]), ()))
    assert {v.rule for v in check(instance, clash).violations} == {"overlap"}
    unwished = Solution(((), (instance.session_by_id["A2"],)))
    assert {v.rule for v in check(instance, unwished).violations} == {"pins"}


def test_stand_in_for_courses_has_700_people_and_96_sections() -> None:
    data = course_allocation.synthetic(1)
    assert (len(data.wishes), len(data.sections)) == (700, 96)
    assert course_allocation.synthetic(1) == data
