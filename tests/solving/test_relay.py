"""Engines take turns: how long the first turn lasts, and what each begins from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cadreplan.engines.columns.compile_ahead import Beside
from cadreplan.engines.interface import EngineOptions, Listener
from cadreplan.instance import Instance
from cadreplan.solving import relay
from tests.engines.recorder import Recorder
from tests.solving.small import small_instance


class Compiling(Beside):
    """Somebody who compiles until a time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(None)
        self._until = time.monotonic() + seconds

    @property
    def done(self) -> bool:
        return time.monotonic() >= self._until


@pytest.mark.parametrize(("compiling", "least", "most"), [(0.0, 0.1, 0.3), (0.5, 0.5, 0.8), (9.0, 1.0, 1.3)])
def test_the_first_turn_lasts_while_kernels_are_compiled_but_not_beyond_its_share(
    monkeypatch: pytest.MonkeyPatch, compiling: float, least: float, most: float
) -> None:
    turns: list[tuple[str, float]] = []

    @contextmanager
    def beside(workers: int) -> Iterator[Beside]:
        yield Compiling(compiling)

    def engine(name: str) -> object:
        def turn(instance: Instance, options: EngineOptions, listener: Listener) -> None:
            began = time.monotonic()
            end = began + (options.time_limit or 0.0)
            while name == "exact" and time.monotonic() < end and not listener.should_stop():
                time.sleep(0.01)
            turns.append((name, time.monotonic() - began))

        return turn

    monkeypatch.setattr(relay, "compiling_beside", beside)
    monkeypatch.setattr(relay, "exact", engine("exact"))
    monkeypatch.setattr(relay, "columns", engine("columns"))
    monkeypatch.setattr(relay, "_FIRST", 0.1)
    relay.solve(small_instance(leaders=2, seats=1), EngineOptions(time_limit=2.0, workers=2), Recorder())
    assert [name for name, _ in turns][:2] == ["exact", "columns"]
    assert least <= turns[0][1] < most
