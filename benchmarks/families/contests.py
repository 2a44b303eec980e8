"""Which rosters are compared: those drawn from families, and those made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.cases import Contest
from benchmarks.families.registry import FAMILIES, FIRST_REPORTED_SEED
from benchmarks.rosters import load
from benchmarks.run import write_exactly

METHODS = ("columns", "exact", "highs", "priority", "first-come")
_NAME = "roster.yaml"


@dataclass(frozen=True)
class Size:
    """How large a roster is to be, and how long every method gets for it."""

    leaders: int
    sessions: int
    seconds: float

    @property
    def id(self) -> str:
        return f"{self.leaders}x{self.sessions}"


@dataclass(frozen=True)
class Entry:
    """A roster to be compared on; `prepare` takes its folder and gives the roster's path."""

    contest: Contest
    family: str
    size: str
    prepare: Callable[[Path], Path]
    seed: int | None = None

    @property
    def use(self) -> str:
        """What the roster is for."""
        if self.seed is None:
            return "made elsewhere"
        if self.seed < FIRST_REPORTED_SEED:
            return "tuning"
        return "held back" if FAMILIES[self.family].held_back else "reported"


def drawn(families: Sequence[str], sizes: Sequence[Size], seeds: Sequence[int], gap: float) -> list[Entry]:
    """Every family in every size from every seed."""
    return [_drawn(family, size, seed, gap) for family in families for size in sizes for seed in seeds]


def _drawn(id_: str, size: Size, seed: int, gap: float) -> Entry:
    family = FAMILIES[id_]
    contest = Contest(
        f"{id_}-{size.id}-seed{seed}-{size.seconds:g}s",
        f"{family.title}, {size.leaders:,} x {size.sessions:,}, seed {seed}",
        size.leaders,
        size.seconds,
        gap,
        METHODS,
        family.base(size.leaders),
    )
    return Entry(contest, id_, size.id, partial(_written, id_, size, seed), seed)


def _written(family: str, size: Size, seed: int, folder: Path) -> Path:
    """Draw a roster into a folder."""
    return write_exactly(FAMILIES[family].draw(size.leaders, size.sessions, seed), folder)


def elsewhere(paths: Sequence[Path], sizes: Sequence[Size], gap: float) -> list[Entry]:
    """Rosters made elsewhere: files, folders with a `roster.yaml`, or folders of such folders.

    The time limit is that of the smallest of `sizes` that has as many leaders, or of the largest.
    """
    return [_elsewhere(path, sizes, gap) for given in paths for path in _rosters(given)]


def _rosters(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif (path / _NAME).is_file():
        yield path / _NAME
    else:
        found = sorted(path.glob(f"*/{_NAME}"))
        if not found:
            raise FileNotFoundError(f"{path}: neither a roster, nor a folder with {_NAME} in it or below it")
        yield from found


def _elsewhere(path: Path, sizes: Sequence[Size], gap: float) -> Entry:
    instance = load(path)
    leaders, sessions = len(instance.leaders), len(instance.sessions)
    by_size = sorted(sizes, key=lambda size: size.leaders)
    seconds = next((size.seconds for size in by_size if size.leaders >= leaders), by_size[-1].seconds)
    size = Size(leaders, sessions, seconds)
    name = path.resolve().parent.name if path.name == _NAME else path.stem
    contest = Contest(
        f"{name}-{size.id}-{seconds:g}s",
        f"{name}, {leaders:,} x {sessions:,}",
        leaders,
        seconds,
        gap,
        METHODS,
    )
    return Entry(contest, name, size.id, partial(_there, path.resolve()))


def _there(roster: Path, _: Path) -> Path:
    """A roster that needs no folder."""
    return roster
