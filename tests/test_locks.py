"""The locks hold what the project needs, hash by hash, and name no place to get it from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_EXTRAS = _PROJECT["optional-dependencies"]
_HEAD = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.]+) \\\n")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?\n")


def _locked(name: str) -> dict[str, str]:
    """Package → version; every line of the lock is one of two kinds, and every package has a hash."""
    found: dict[str, str] = {}
    hashed = True
    for line in (ROOT / "locks" / f"{name}.txt").read_text(encoding="utf-8").splitlines(keepends=True):
        if head := _HEAD.fullmatch(line):
            assert hashed, line
            found[canonicalize_name(head[1])], hashed = head[2], False
        else:
            assert _HASH.fullmatch(line), line
            hashed = True
    assert hashed
    return found


def _all_of(extra: str) -> list[Requirement]:
    """What an extra needs, with the extras of this project that it names."""
    own = [Requirement(line) for line in _EXTRAS[extra]]
    inner = [name for one in own if one.name == _PROJECT["name"] for name in sorted(one.extras)]
    return [one for one in own if one.name != _PROJECT["name"]] + [r for name in inner for r in _all_of(name)]


@pytest.mark.parametrize(
    ("locks", "extras"),
    [
        (["run"], ["solve", "tui"]),
        (["test"], ["tui", "test", "bench"]),
        (["test", "browser"], ["browser"]),
        (["test", "coverage"], ["coverage"]),
        (["test", "fuzz"], ["fuzz"]),
    ],
)
def test_what_is_needed_is_locked(locks: list[str], extras: list[str]) -> None:
    locked = {name: version for lock in locks for name, version in _locked(lock).items()}
    wanted = [Requirement(line) for line in _PROJECT["dependencies"]]
    wanted += [requirement for extra in extras for requirement in _all_of(extra)]
    for requirement in wanted:
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_one_version_of_a_package_in_all_locks() -> None:
    test = _locked("test")
    assert all(test[name] == version for name, version in _locked("run").items())
    assert not test.keys() & {name for lock in ("browser", "coverage", "fuzz") for name in _locked(lock)}
