"""Files are whole or not there, one or many."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cadreplan.documents.writing import try_out, write_all, write_atomically


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_atomically(path, b"1")
    write_atomically(path, b"2")
    assert path.read_bytes() == b"2"
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_usual_rights_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a"
    mask = os.umask(0o027)
    try:
        write_atomically(path, b"1")
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        write_atomically(path, b"2")
        assert path.stat().st_mode & 0o777 == 0o604
    finally:
        os.umask(mask)


def test_where_one_of_many_fails_nothing_is_replaced_or_left(tmp_path: Path) -> None:
    old = tmp_path / "a"
    old.write_bytes(b"old")
    with pytest.raises(FileNotFoundError):
        write_all({old: b"new", tmp_path / "nowhere" / "b": b"new"})
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def test_an_interrupted_write_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    old = tmp_path / "a"
    old.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all({old: b"new", tmp_path / "b": b"new"})
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that takes no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_interrupt_as_soon_as_the_part_is_there_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(path: Path, flags: int, mode: int) -> int:
        os.close(os_open(path, flags, mode))
        raise KeyboardInterrupt

    os_open = os.open
    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "plan.json", b"new")
    with pytest.raises(KeyboardInterrupt):
        try_out(tmp_path / "plan.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [100, 100_000])
def test_a_file_that_does_not_fit_is_named_and_not_there(tmp_path: Path, size: int) -> None:
    path = tmp_path / "计划.json"
    with _files_of_at_most(10), pytest.raises(OSError, match="计划") as refused:
        write_atomically(path, b"x" * size)
    assert refused.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


def test_an_old_file_stays_where_another_of_the_same_write_does_not_fit(tmp_path: Path) -> None:
    old, other = tmp_path / "next.yaml", tmp_path / "history.csv"
    old.write_bytes(b"old")
    with _files_of_at_most(10), pytest.raises(OSError, match="history"):
        write_all({old: b"new", other: b"x" * 100})
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


def _in_use(times: int, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let a file be open elsewhere for so many tries, as Windows tells it; the pauses that are made."""
    pauses: list[float] = []
    replace, left = Path.replace, [times]

    def held(self: Path, target: Path) -> Path:
        if left[0] > 0:
            left[0] -= 1
            error = PermissionError(13, "The process cannot access the file")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("cadreplan.documents.writing.time.sleep", pauses.append)
    return pauses


def test_a_file_that_is_looked_at_for_a_moment_is_replaced_a_moment_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b"old")
    pauses = _in_use(4, monkeypatch)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert len(pauses) == 4


def test_a_file_that_a_spreadsheet_program_holds_stays_and_the_message_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "人员.xlsx"
    path.write_bytes(b"old")
    _in_use(5, monkeypatch)
    with pytest.raises(PermissionError, match="another program has it open: close it there") as raised:
        write_atomically(path, b"new")
    assert raised.value.filename == str(path)
    assert path.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_refusal_that_is_no_open_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = _in_use(0, monkeypatch)

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError, match="Permission denied"):
        write_atomically(tmp_path / "plan.json", b"new")
    assert pauses == []
