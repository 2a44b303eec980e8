"""How well methods are mixed so far: the states that a plan goes through, session by session.

Of a plan with more than one module `min_methods` asks for several methods. Whether a set of sessions keeps
that shows only when it is complete; what matters of those chosen so far is which methods they have, whether
their modules are few, and whether any of them is still to come. Once the methods are enough, nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cadreplan.engines.structures import Structure

_ENOUGH = (-1, 0, True)


@dataclass(frozen=True, eq=False)
class Mixing(Structure):
    """States of a plan, the first that of no session; of one that is always enough there is one alone.

    `kind` is that of each session, `after[state, kind]` the state with one such session more, `methods` by
    state a bit set (-1: enough of them), `kept` whether a plan in that state keeps the standard.
    """

    kind: NDArray[np.int32]
    after: NDArray[np.int32]
    methods: NDArray[np.int64]
    kept: NDArray[np.bool_]


def mixing_of(
    methods: NDArray[np.int64], n_modules: NDArray[np.int64], frozen: NDArray[np.bool_], min_methods: int
) -> Mixing:
    """The states for sessions with these sets of methods and numbers of modules."""
    sessions = list(zip(methods.tolist(), n_modules.tolist(), frozen.tolist(), strict=True))
    kinds = {session: k for k, session in enumerate(dict.fromkeys(sessions))}
    states = {(0, 0, False): 0}
    after: list[list[int]] = []
    for state in (found := [*states]):
        row = []
        for kind in kinds:
            following = _with(state, kind, min_methods)
            if following not in states:
                states[following] = len(states)
                found.append(following)
            row.append(states[following])
        after.append(row)
    kept = np.array([_is_kept(state, min_methods) for state in states], np.bool_)
    if kept.all():
        return Mixing(
            np.zeros(len(sessions), np.int32), np.zeros((1, 1), np.int32), np.array([-1]), np.array([True])
        )
    return Mixing(
        np.array([kinds[session] for session in sessions], np.int32),
        np.array(after, np.int32),
        np.array([held for held, _, _ in states], np.int64),
        kept,
    )


def _with(state: tuple[int, int, bool], kind: tuple[int, int, bool], least: int) -> tuple[int, int, bool]:
    """(methods, modules as far as they matter, whether any is to come) with one session more."""
    (held, modules, later), (more, n, frozen) = state, kind
    held |= more
    if state == _ENOUGH or held.bit_count() >= least:
        return _ENOUGH
    return held, min(least, modules + n), later or not frozen


def _is_kept(state: tuple[int, int, bool], least: int) -> bool:
    held, modules, later = state
    return state == _ENOUGH or not later or held.bit_count() >= min(least, modules)
