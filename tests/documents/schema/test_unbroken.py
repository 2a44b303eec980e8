"""An interrupt while a document is read is none of its faults."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadreplan.documents.schema import types
from cadreplan.documents.schema.unbroken import unbroken
from cadreplan.loading.load import load_roster

ROSTER = Path(__file__).parents[3] / "examples" / "spring-rotation" / "roster.yaml"


@pytest.fixture(autouse=True)
def usual_handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupt_inside_a_parser_comes_after_it() -> None:
    seen = []

    def parse(value: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        seen.append(value)
        return value

    with pytest.raises(KeyboardInterrupt):
        unbroken(parse, 7)
    assert seen == [7]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_that_another_thread_takes_comes_after_it_too() -> None:
    seen, over = [], threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()

    def parse(value: object) -> object:
        signal.pthread_kill(other.ident or 0, signal.SIGINT)
        time.sleep(0.05)
        seen.append(value)
        return value

    try:
        with pytest.raises(KeyboardInterrupt):
            unbroken(parse, 7)
    finally:
        over.set()
        other.join()
    assert seen == [7]


def test_an_interrupt_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    assert unbroken(lambda value: os.kill(os.getpid(), signal.SIGINT) or value, 7) == 7


def test_an_interrupt_while_a_share_is_read_ends_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pydantic takes whatever is raised under a custom error for a wrong value."""
    read = types.Fraction

    def interrupted(text: str) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return read(text)

    monkeypatch.setattr(types, "Fraction", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load_roster(ROSTER)
