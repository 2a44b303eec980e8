"""`docs/rules.md`: the manual of every input rule, from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

from cadreplan.rules.base import Rule
from cadreplan.rules.registry import RULES

_HEAD = """# Input rules

What `cadreplan validate` tests. An **error** contradicts the [format](format.md) or leaves no plan possible,
and `solve` stops on it; a **warning** is worth a look. `cadreplan rule ID` shows the same text.
"""


def page() -> str:
    """The whole page."""
    rows = [f"| [{rule.id}](#{rule.id}) | {rule.level} | {rule.title} |" for rule in RULES.values()]
    table = "\n".join(["| rule | level | found where |", "|---|---|---|", *rows])
    return "\n".join([_HEAD, table, *(_section(rule) for rule in RULES.values())])


def _section(rule: Rule) -> str:
    body = "\n".join(_fenced(rule.manual.splitlines())).strip()
    return f"\n## {rule.id}\n\n*{rule.level}*: {rule.title}\n\n{body}\n"


def _fenced(lines: list[str]) -> Iterator[str]:
    """Indented examples become fenced YAML."""
    inside, blank = False, 0
    for line in lines:
        if not line.strip():
            blank += 1
            continue
        indented = line.startswith("    ")
        if inside and not indented:
            yield "```"
            inside = False
        yield from [""] * blank
        blank = 0
        if indented and not inside:
            yield "```yaml"
            inside = True
        yield line.removeprefix("    ") if inside else line
    if inside:
        yield "```"
