"""The hints that the code can give, as they stand in it: no hint goes untried by being forgotten."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import cadreplan

_PLACE = {
    "error": 4,
    "warning": 4,
    "Diagnostic": 6,
    "at": 3,
    "Found": 3,
    "_at_tag": 3,
    "PackageError": 1,
    "_StopError": 3,
}
"""Function or class → which of its arguments is the hint."""
_LAST = "_error"
"""Methods of which the last argument may be the hint; their messages have names of their own."""


def hints_in(package: str) -> set[str]:
    """The English texts of all hints in the modules of a package below `cadreplan`."""
    folder = Path(cadreplan.__file__).parent / package
    return {
        hint for path in folder.rglob("*.py") for hint in _hints(ast.parse(path.read_text(encoding="utf-8")))
    }


def _hints(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args):
                if len(args) > _PLACE.get(name, len(args)):
                    yield from _texts(args[_PLACE[name]])
                elif name == _LAST:
                    yield from _texts(args[-1])
            case ast.Assign(targets=[target], value=value):
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                if any("hint" in (getattr(one, "id", ""), getattr(one, "attr", "")) for one in names):
                    yield from _texts(value)
            case ast.FunctionDef(name=name) if "hint" in name or name == "suggested":
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield from _texts(inner.value)


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id="tr" | "later"), args=[ast.Constant(value=str() as text), *_]):
                yield text
