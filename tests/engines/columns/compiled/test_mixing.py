"""The states in which a plan's methods are mixed so far, beside the standard itself."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest

from cadreplan.engines.columns.compiled.mixing import Mixing, mixing_of

_SESSIONS = [(1, 1, False), (2, 1, False), (4, 2, False), (3, 2, False), (1, 2, True), (8, 1, True)]
"""(methods as a bit set, modules, frozen) of sessions."""


def _mixing(least: int, sessions: list[tuple[int, int, bool]] = _SESSIONS) -> Mixing:
    methods, modules, frozen = zip(*sessions, strict=True)
    return mixing_of(np.array(methods), np.array(modules), np.array(frozen), least)


def _keeps(chosen: tuple[int, ...], least: int) -> bool:
    """The standard as format.md has it: asked of plans with something to come, and of several modules."""
    methods = modules = 0
    for s in chosen:
        methods |= _SESSIONS[s][0]
        modules += _SESSIONS[s][1]
    to_come = any(not _SESSIONS[s][2] for s in chosen)
    return not to_come or methods.bit_count() >= min(least, modules)


@pytest.mark.parametrize("least", [1, 2, 3, 4])
def test_the_last_state_of_any_sessions_says_whether_they_keep_the_standard(least: int) -> None:
    mixing = _mixing(least)
    for n in range(5):
        for chosen in combinations_with_replacement(range(len(_SESSIONS)), n):
            state = 0
            for s in chosen:
                state = int(mixing.after[state, mixing.kind[s]])
            assert mixing.kept[state] == _keeps(chosen, least)


def test_states_are_few_and_there_is_one_where_nothing_can_go_wrong() -> None:
    one_each = [(1 << k, 1, False) for k in range(4)]
    assert len(_mixing(1, one_each).kept) == 1
    assert len(_mixing(2, one_each).kept) == 10  # none, one method with one or more modules, enough
    assert _mixing(2, one_each).methods.tolist().count(-1) == 1
