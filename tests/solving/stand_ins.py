"""Engines that misbehave, for the supervisor: each finds one plan, and then comes to its own end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.errors import ContradictionError, RefutedBoundError
from cadreplan.instance import Instance
from cadreplan.solution import Solution
from cadreplan.verification.rules import check

BOUND = 10**9
"""What every stand-in states, far above any plan."""


def one_step(instance: Instance, start: Solution) -> Solution:
    """`start` with one assignment more that is worth something."""
    worth = check(instance, start).value
    for i in range(len(instance.leaders)):
        for s in range(len(instance.sessions)):
            chosen = [*start.chosen]
            chosen[i] = tuple(sorted({*chosen[i], s}))
            wider = Solution(tuple(chosen), start.running, start.rooms)
            report = check(instance, wider)
            if report.ok and report.value > worth:
                return wider
    raise AssertionError("nothing to add")


def _engine(then: Callable[[Listener], None]) -> Callable[[Instance, EngineOptions, Listener], None]:
    def solve(instance: Instance, options: EngineOptions, listener: Listener) -> None:
        assert options.start is not None
        listener.bound(BOUND)
        listener.solution(one_step(instance, options.start))
        listener.phase("found one")
        then(listener)

    return solve


def _sleep(listener: Listener) -> None:
    while True:
        time.sleep(60)


def _wait(listener: Listener) -> None:
    while not listener.should_stop():
        time.sleep(0.02)


def _return(listener: Listener) -> None:
    pass


def _kill(listener: Listener) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _eat(listener: Listener) -> None:
    eaten = []
    while True:
        eaten.append(bytearray(16 << 20))


def _break(listener: Listener) -> None:
    raise ZeroDivisionError("a bug")


def _say_nonsense(listener: Listener) -> None:
    listener.bound(-(10**9))


def careless(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """Sends everybody everywhere, and then finds a plan."""
    assert options.start is not None
    everywhere = tuple(range(len(instance.sessions)))
    listener.solution(Solution(tuple(everywhere for _ in instance.leaders), options.start.running))
    listener.solution(one_step(instance, options.start))


stubborn = _engine(_sleep)
obedient = _engine(_wait)
resigned = _engine(_return)
killed = _engine(_kill)
hungry = _engine(_eat)
broken = _engine(_break)
lying = _engine(_say_nonsense)


def nearly_sure(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    """Finds a plan, states a bound an eighth of the promises missed above it, and searches on."""
    assert options.start is not None
    report = check(instance, options.start)
    listener.solution(options.start)
    listener.bound(report.value + report.charge // 8)
    _wait(listener)


def despairing(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    raise ContradictionError(["nothing fits"])


def refuted(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    raise RefutedBoundError("two is less than one")


def dies_at_once(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    _kill(listener)


def fails_at_once(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    _break(listener)


def eats_at_once(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    _eat(listener)


def finds_nothing(instance: Instance, options: EngineOptions, listener: Listener) -> None:
    listener.phase("found one")
    _wait(listener)
