"""Finding what a reader names, and what is said where nothing has the name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadreplan.errors import UsageError
from cadreplan.views.export.events import Owner
from cadreplan.views.find import find
from cadreplan.views.naming import with_id
from tests.views.small import instance

LEADERS = instance().leaders


@pytest.mark.parametrize("text", ["L3", "l3", "周明远", " 周明远 ", "明远"])
def test_by_id_by_name_and_by_part_of_a_name(text: str) -> None:
    assert find(LEADERS, text, "leader") == 2


def test_an_id_goes_before_a_name() -> None:
    swapped = (replace(LEADERS[0], name="L2"), LEADERS[1])
    assert find(swapped, "L2", "leader") == 1


def test_several_of_a_name_are_listed() -> None:
    twins = (*LEADERS, replace(LEADERS[0], id="L9"))
    with pytest.raises(UsageError, match="2 leaders are called '林海燕': L1 林海燕, L9 林海燕"):
        find(twins, "林海燕", "leader")


def test_the_nearest_is_suggested() -> None:
    with pytest.raises(
        UsageError, match=r"there is no branch 'EAST1'; did you mean EAST-1 苏州支行, EAST 东部分行, "
    ):
        find(instance().branches, "EAST1", "branch")


def test_where_nothing_is_near_some_are_named() -> None:
    with pytest.raises(UsageError, match="there are L1 林海燕, L2 高晓峰, L3 周明远, L4 马骏驰"):
        find(LEADERS, "zzz", "leader")
    many = tuple(replace(LEADERS[0], id=f"P{k}", name=f"P{k}") for k in range(9))
    with pytest.raises(UsageError, match="P0, P1, P2, P3, P4 and 4 more"):
        find(many, "zzz", "leader")


def test_an_empty_name_finds_nothing() -> None:
    with pytest.raises(UsageError, match="there is no leader ''"):
        find(LEADERS, "", "leader")
    with pytest.raises(UsageError, match="no leader at all"):
        find((), "L1", "leader")


def test_a_name_that_is_the_id_is_said_once() -> None:
    assert with_id(Owner("N", "North")) == "North N"
    assert with_id(Owner("K6", "K6")) == "K6"
    assert with_id(Owner("K6", "")) == "K6"
