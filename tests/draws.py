"""How many instances a property test draws: a share of what it asks for, or all of it.

`make test` draws a quarter, the same in every run, so that a change is judged by itself. The profile of
Hypothesis says otherwise: `HYPOTHESIS_PROFILE=thorough` draws all, the same in every run as well;
`HYPOTHESIS_PROFILE=default` draws all, others each time, to look for what nobody has seen.
"""

from __future__ import annotations

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "steady")
_USUAL, _LEAST, _SHARE = 100, 10, 4


def examples(most: int) -> int:
    """Of `most` instances, as many as the profile draws; ten at least, or all of fewer."""
    return max(min(most, _LEAST), most // _SHARE) if PROFILE == "steady" else most


def use_profile() -> None:
    """Draw as the environment asks; raises `hypothesis.errors.InvalidArgument` for an unknown profile."""
    settings.register_profile("steady", derandomize=True, max_examples=examples(_USUAL))
    settings.register_profile("thorough", derandomize=True, max_examples=_USUAL)
    settings.load_profile(PROFILE)
