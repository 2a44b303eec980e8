"""`docs/params.md`: the parameters of the `columns` engine, from the classes that hold them."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterator
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from cadreplan.engines.columns.choices import cut_strengthening
from cadreplan.engines.columns.compiled import arrays, scale
from cadreplan.engines.columns.heuristics import greedy_insertion
from cadreplan.engines.columns.master import assembly_tree, interior_point, multifrontal, pool
from cadreplan.engines.columns.params import Params
from cadreplan.engines.columns.params.parameter import About, Group, described
from cadreplan.engines.columns.pricing import search, stays, table_shape, timing

_HEAD = """# Parameters of the columns engine

For experts. `cadreplan solve ROSTER --params FILE.toml` and `cadreplan.solve(..., params="FILE.toml")` take
other values than these; a map like `params={"lns": {"leaders": 120}}` does as well. No value makes a plan or
a bound wrong: they say where time goes, and when something is good enough. What each part of the engine does
is in [columns.md](columns.md).

```toml
[pricing]
heuristic_nodes = 500

[lns]
leaders = 120
most_leaders = 2000
```

What a file doesn't name has its default. An unknown name, a value of another type or out of its range is an
error, with line and key. The plan says nothing of parameters: keep the file with it.

*Accuracy* is relative to the bound. A *unit of price* is what a quarter of the best skill gap is worth. A
*deterministic second* is CP-SAT's count of its own work. Where a value comes from `by hand`, nobody has
measured it against others: begin there.
"""

_CONSTANTS: tuple[tuple[object, str], ...] = (
    (arrays, "MAX_SESSIONS"),
    (scale, "SCALE"),
    (stays, "MAX_STAYS"),
    (stays, "MAX_BITS"),
    (stays, "FOLLOWED"),
    (stays, "MOST_CLOSED"),
    (timing, "_COUNTED"),
    (table_shape, "TABLE_BITS"),
    (table_shape, "SMALL"),
    (table_shape, "MIDDLING"),
    (table_shape, "LARGE"),
    (table_shape, "HUGE"),
    (table_shape, "_MODULES"),
    (table_shape, "_LONG"),
    (search, "_FEW"),
    (search, "_ENOUGH"),
    (search, "_PLENTY"),
    (pool, "PLACES"),
    (cut_strengthening, "_MOST"),
    (greedy_insertion, "_STEP"),
    (interior_point, "_MAX_ITERATIONS"),
    (assembly_tree, "_WORTHWHILE"),
    (multifrontal, "_AT_ONCE"),
)
"""What kernels are compiled with, or arrays made by; their modules say what they are."""

_FIXED = """## What is no parameter

Kernels are compiled with these, or arrays have this size. They are changed in the source, where each is
explained, and everything is then compiled again.

| constant | value | where |
|---|---:|---|
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for one in fields(Params):
        group = type(getattr(Params(), one.name))
        parts.append(f"## {one.name}\n\n{inspect.getdoc(group)}\n\n" + "\n".join(_table(group)) + "\n")
    return "\n".join(parts) + "\n" + _FIXED + "\n".join(_constants()) + "\n"


def _table(group: type[Group]) -> Iterator[str]:
    yield "| key | default | unit | may be | what it is | where from |"
    yield "|---|---:|---|---|---|---|"
    for one, about in described(group):
        source = _source(about.source)
        cells = (f"`{one.name}`", _value(one), about.unit, _range(about), about.meaning, source)
        yield f"| {' | '.join(cells)} |"


def _value(one: Field[Any]) -> str:
    return f"{one.default:,}" if isinstance(one.default, int) else f"{one.default:g}"


def _source(text: str) -> str:
    """Where a value is from, pages and decisions as links."""
    text = re.sub(r"docs/(\w+\.md)", r"[\1](\1)", text)
    return re.sub(r"decision (\d+)", lambda found: f"[{found[0]}]({_decision(int(found[1]))})", text)


def _decision(number: int) -> str:
    [page] = (Path(__file__).parent / "decisions").glob(f"{number:04}-*.md")
    return f"decisions/{page.name}"


def _range(about: About) -> str:
    return f"from {about.least:g}" if math.isinf(about.most) else f"{about.least:g} to {about.most:g}"


def _constants() -> Iterator[str]:
    for module, name in _CONSTANTS:
        place = str(module.__name__).removeprefix("cadreplan.engines.columns.")
        yield f"| `{name}` | {getattr(module, name):,} | `{place}` |"
