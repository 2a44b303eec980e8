"""How many instances a property test draws, how many cases a test of many processes tries: some, or all.

`make test` takes a quarter of the instances and a third of the cases, the same in every run, so that a change
is judged by itself. The profile of Hypothesis says otherwise: `HYPOTHESIS_PROFILE=thorough` takes all, the
same in every run as well; `HYPOTHESIS_PROFILE=default` draws others each time, to look for what nobody has
seen.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

Case = TypeVar("Case")

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "steady")
_USUAL, _LEAST, _SHARE = 100, 10, 4


def examples(most: int) -> int:
    """Of `most` instances, as many as the profile draws; ten at least, or all of fewer."""
    return max(min(most, _LEAST), most // _SHARE) if PROFILE == "steady" else most


def cases(every: Sequence[Case]) -> Sequence[Case]:
    """Of the cases of a test that takes long for each, those that the profile tries: first, fourth, …"""
    return every[::3] if PROFILE == "steady" else every


def use_profile() -> None:
    """Draw as the environment asks; raises `hypothesis.errors.InvalidArgument` for an unknown profile."""
    settings.register_profile("steady", derandomize=True, max_examples=examples(_USUAL))
    settings.register_profile("thorough", derandomize=True, max_examples=_USUAL)
    settings.load_profile(PROFILE)
