"""Exceptions: misuse, bad input that stops a command, and answers that are no plan.

Findings in input files are values (`cadreplan.diagnostics`), not exceptions; `InputError` only carries them
out of a call that cannot go on without valid data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cadreplan.language import tr

if TYPE_CHECKING:
    from cadreplan.diagnostics import Diagnostic


class CadreplanError(Exception):
    """Base of all exceptions of this package; `exit_code` is what the command line returns for it."""

    exit_code = 2


class UsageError(CadreplanError):
    """The call itself is wrong: an unreadable file, an impossible option, an unknown id."""


_SHOWN = 5
"""Findings that an exception says itself."""


class InputError(CadreplanError):
    """The documents have errors; `diagnostics` lists all of them."""

    exit_code = 1

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(tr("{n} finding(s) in the input", n=len(diagnostics)))
        self.diagnostics = tuple(diagnostics)

    def __reduce__(self) -> tuple[type[InputError], tuple[object, ...]]:
        return type(self), (self.diagnostics,)

    def __str__(self) -> str:
        """The first errors, a line each, so that a traceback or a notebook says what is wrong."""
        wrong = [one for one in self.diagnostics if one.is_error]
        lines = [f"{one.file}:{one.line}:{one.column}: {one.rule}: {one.told}" for one in wrong[:_SHOWN]]
        more = ["..."] if len(wrong) > _SHOWN else []
        return "\n".join([str(self.args[0]), *lines, *more])


class ContradictionError(CadreplanError):
    """No plan exists, and that is proven; `facts` is a smallest set of statements that cannot all hold."""

    exit_code = 3

    def __init__(self, facts: Sequence[str]) -> None:
        super().__init__(tr("no plan can satisfy all of: {facts}", facts="; ".join(facts)))
        self.facts = tuple(facts)

    def __reduce__(self) -> tuple[type[ContradictionError], tuple[object, ...]]:
        return type(self), (self.facts,)


class RefutedBoundError(CadreplanError):
    """Something is better than a bound that was stated as proven: an error of the program, no answer."""


class ClusterLostError(CadreplanError):
    """The scheduler of a cluster does not answer any more, or its workers die of what they are asked."""


class NoPlanError(CadreplanError):
    """The limit was reached before any plan was found."""

    exit_code = 4


class InterruptedSolveError(CadreplanError):
    """The solve was interrupted before there was a plan."""

    exit_code = 130
