"""All families, and what is for tuning and what for reporting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.draw import Drawn
from benchmarks.draw import draw as draw_generated
from benchmarks.families import shapes
from benchmarks.families.drawing import draw as draw_shape
from benchmarks.families.shape import Shape
from benchmarks.public import course_allocation, workshop_tour

FIRST_REPORTED_SEED = 1000
"""Seeds below are for tuning; what is reported is drawn from this one on."""


@dataclass(frozen=True)
class Family:
    """`draw` takes leaders, sessions and a seed.

    A family with `held_back` is for reporting alone: no parameter of an engine was chosen by looking at it.
    `base` is added to a plan's worth, for so many leaders, before gaps are compared.
    """

    id: str
    title: str
    draw: Callable[[int, int, int], Drawn]
    held_back: bool = False
    base: Callable[[int], int] = lambda leaders: 0


def _courses(leaders: int, sessions: int, seed: int) -> Drawn:
    """The public course allocation: three sections a course."""
    data = course_allocation.synthetic(seed, people=leaders, courses=max(1, round(sessions / 3)))
    return course_allocation.roster(data, f"Synthetic courses {leaders} x {sessions}, seed {seed}")


def _tour(leaders: int, sessions: int, seed: int) -> Drawn:
    """The public workshop tour: its 100 days whatever `sessions` says, as full as the original."""
    families = workshop_tour.synthetic(seed, leaders)
    title = f"Synthetic workshop tour of {leaders}, seed {seed}"
    return workshop_tour.roster(families, title, people=workshop_tour.people_a_day(leaders))


def _of_shape(id_: str, title: str, shape: Shape, *, held_back: bool = False) -> Family:
    return Family(id_, title, partial(draw_shape, id_, shape), held_back)


FAMILIES = {
    family.id: family
    for family in (
        Family("generated", "the generator of the other benchmarks", draw_generated),
        _of_shape("national", "outlets of 25 in a whole country", shapes.NATIONAL),
        _of_shape("national-full", "the same with offerings, rooms and lecturers", shapes.NATIONAL_FULL),
        _of_shape("province", "outlets of eight, quotas by city, chains", shapes.PROVINCE),
        _of_shape("factories", "short courses in scarce rooms, shifts", shapes.FACTORIES),
        _of_shape("open", "all sessions candidates of offerings", shapes.OPEN),
        Family("courses", "public course allocation", _courses),
        Family(
            "tour",
            "public workshop tour",
            _tour,
            base=lambda leaders: -leaders * workshop_tour.ATTENDING,
        ),
        _of_shape("year", "a year of long courses, few seats, deep tree", shapes.YEAR, held_back=True),
        _of_shape("month", "a month of single days, headcounts, wishes", shapes.MONTH, held_back=True),
        _of_shape("mixed", "everything, from the widest ranges", shapes.MIXED, held_back=True),
    )
}
