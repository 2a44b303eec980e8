"""The maximally diverse grouping problem: its public format, instances of two kinds, a plain descent.

A file holds `n g ss|ds lo hi lo hi …` (sizes of each group; with `ss` all are n / g), then a line `i j d` for
each pair, numbered from 0. RanInt instances have whole distances drawn from 0 to 100; Geo instances have n
points with coordinates from 0 to 10 in 2 to 21 dimensions and the distances between them (Gallego, Laguna,
Martí and Duarte, Journal of the Operational Research Society 64, 2013). What is maximised is the sum of
distances within groups.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cadreplan.grouping.problem import Problem
from cadreplan.grouping.search import Search

SCALE = 10_000
"""Distances that aren't whole are counted in such parts of one."""

_USUAL = {120: (12, 8, 16), 240: (20, 6, 18), 480: (24, 12, 32), 960: (40, 18, 32)}
"""People → their number in a group where all are equal, and from to where they differ."""

_IN_TIME = 0.9
"""Of the time that is left, for the last annealing: the descent after it takes the rest."""


@dataclass(frozen=True)
class Diverse:
    """An instance: groups' sizes, and distances in units of 1 / `scale`."""

    name: str
    sizes: tuple[tuple[int, int], ...]
    far: np.ndarray
    scale: int = 1

    @property
    def problem(self) -> Problem:
        least, most = (pick(size[k] for size in self.sizes) for k, pick in ((0, min), (1, max)))
        return Problem((1,) * len(self.far), least, most, far=self.far, each=self.sizes)


def read(path: Path) -> Diverse:
    """The instance in a file. Raises `ValueError` where it isn't in the format."""
    lines = path.read_text().split("\n")
    n, g, kind, *sizes = lines[0].split()
    if kind not in ("ss", "ds") or len(sizes) != 2 * int(g):
        raise ValueError(f"{path}:1: found {lines[0][:60]!r}, expected n g ss|ds and g pairs of sizes")
    far = np.zeros((int(n), int(n)))
    for number, line in enumerate(lines[1:], 2):
        if line.strip():
            parts = line.split()
            if len(parts) != 3:
                raise ValueError(f"{path}:{number}: found {line[:60]!r}, expected i j d")
            i, j = int(parts[0]), int(parts[1])
            far[i, j] = far[j, i] = float(parts[2])
    pairs = tuple((int(sizes[2 * k]), int(sizes[2 * k + 1])) for k in range(int(g)))
    return _scaled(path.stem, pairs, far)


def write(instance: Diverse, path: Path) -> None:
    """Write an instance in the public format."""
    kind = "ss" if all(least == most for least, most in instance.sizes) else "ds"
    n = len(instance.far)
    head = [str(n), str(len(instance.sizes)), kind, *(str(size) for pair in instance.sizes for size in pair)]
    far = instance.far / instance.scale
    rows = [f"{i} {j} {far[i, j]:.10g}" for i in range(n) for j in range(i + 1, n)]
    path.write_text("\n".join((" ".join(head), *rows)) + "\n")


def drawn(kind: str, n: int, *, equal: bool, seed: int) -> Diverse:
    """A RanInt- or Geo-like instance of 120, 240, 480 or 960."""
    size, least, most = _USUAL[n]
    groups = n // size
    sizes = ((size, size),) * groups if equal else ((least, most),) * groups
    random = np.random.default_rng(seed)
    name = f"{kind}_n{n}_{'ss' if equal else 'ds'}_{seed:02d}"
    if kind == "RanInt":
        upper = np.triu(random.integers(0, 101, (n, n)), 1)
        return Diverse(name, sizes, (upper + upper.T).astype(np.int64))
    points = random.uniform(0, 10, (n, int(random.integers(2, 22))))
    far = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    return _scaled(name, sizes, far)


def _scaled(name: str, sizes: tuple[tuple[int, int], ...], far: np.ndarray) -> Diverse:
    if np.array_equal(far, np.rint(far)):
        return Diverse(name, sizes, np.rint(far).astype(np.int64))
    return Diverse(name, sizes, np.rint(far * SCALE).astype(np.int64), SCALE)


def searched(instance: Diverse, seconds: float, seed: int) -> float:
    """What cadreplan's search finds within so many seconds."""
    search = Search(instance.problem, seed)
    end = time.monotonic() + seconds
    search.descend()
    _improve(search, end)
    return search.far / instance.scale


def _improve(search: Search, end: float) -> None:
    """Anneal until a moment of the monotonic clock, each time twice as long, the last time to its end."""
    steps, pace = 1000 * search.problem.n, 0.0
    while not search.is_proven and search.problem.k > 1:
        left = end - time.monotonic()
        if pace and left * pace < 3 * steps:
            steps = int(_IN_TIME * left * pace)
        if left <= 0 or steps < search.problem.n:
            return
        begun = time.monotonic()
        search.improve(steps)
        pace, steps = steps / max(1e-9, time.monotonic() - begun), 2 * steps


def descended(instance: Diverse, seconds: float, seed: int) -> float:
    """What swap descents from random divisions find: each takes swaps that help until none does."""
    random = np.random.default_rng(seed)
    n, sizes = len(instance.far), _filled(instance)
    best, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        at = np.repeat(np.arange(len(sizes)), sizes)[random.permutation(n)]
        inside = np.zeros((len(sizes), n), dtype=np.int64)
        np.add.at(inside, at, instance.far)
        better = True
        while better and time.monotonic() < end:
            better = False
            for i in random.permutation(n):
                # i into the group of every j, and j back
                gain = inside[at, i] - inside[at[i], i] + inside[at[i]] - inside[at, np.arange(n)]
                gain -= 2 * instance.far[i]
                gain[at == at[i]] = 0
                j = int(gain.argmax())
                if gain[j] > 0:
                    change = instance.far[i] - instance.far[j]
                    inside[at[i]] -= change
                    inside[at[j]] += change
                    at[i], at[j] = at[j], at[i]
                    better = True
        best = max(best, int(sum(inside[at[i], i] for i in range(n))) // 2)
    return best / instance.scale


def _filled(instance: Diverse) -> list[int]:
    """Sizes that hold everybody, as equal as they may be."""
    sizes = [least for least, _ in instance.sizes]
    while sum(sizes) < len(instance.far):
        k = min((k for k, (_, most) in enumerate(instance.sizes) if sizes[k] < most), key=lambda k: sizes[k])
        sizes[k] += 1
    return sizes
