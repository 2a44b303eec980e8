"""What an input rule is: an id, a level, a title, a manual and, where it looks at documents, a function.

A rule is written as a generator of `Found`; its docstring is its manual and has a `Wrong:` and a `Right:`
example, each a piece of a document that the tests lay over a small valid one.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from cadreplan.diagnostics import Diagnostic, Severity
from cadreplan.documents.parsed.curriculum import CurriculumDocument
from cadreplan.documents.parsed.roster import RosterDocument
from cadreplan.documents.rows import Row
from cadreplan.documents.schema.spec import Spec
from cadreplan.documents.tree import Mark, line_and_column
from cadreplan.language import listed, tr

D = TypeVar("D", CurriculumDocument, RosterDocument)


class Found(NamedTuple):
    """One finding of a rule: where, what was found and expected, how to fix it."""

    file: str
    mark: Mark
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What people read about a rule. An error contradicts the format, or no plan can exist."""

    id: str
    level: Severity
    title: str
    manual: str


@dataclass(frozen=True, slots=True)
class DocumentRule(Rule, Generic[D]):
    """A rule with the function that finds where a document breaks it."""

    find: Callable[[D], Iterator[Found]]

    def check(self, document: D) -> list[Diagnostic]:
        """The findings of this rule in a document."""
        return [
            Diagnostic(file, *line_and_column(mark), self.level, self.id, message, hint)
            for file, mark, message, hint in self.find(document)
        ]


_Find = Callable[[D], Iterator[Found]]


def rule(id_: str, level: Severity, title: str) -> Callable[[_Find[D]], DocumentRule[D]]:
    """Make a rule of a function; its docstring becomes the manual."""

    def make(find: Callable[[D], Iterator[Found]]) -> DocumentRule[D]:
        return DocumentRule(id_, level, title, inspect.getdoc(find) or "", find)

    return make


def at(row: Row[Spec], path: tuple[str | int, ...], message: str, hint: str = "") -> Found:
    """A finding at a value of a row."""
    return Found(row.file, row.mark(*path), message, hint)


def some_of(ids: Sequence[str]) -> str:
    """The first five of some ids, and how many more there are."""
    few = listed(ids[:5])
    return few if len(ids) <= 5 else tr("{ids} and {n} more", ids=few, n=len(ids) - 5)
