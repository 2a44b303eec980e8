"""The reader's language: texts are English in the code, and the catalogues in `locale/` hold the others.

Every text that people read goes through `tr` (or `tr_n`, where a number decides the form), with its values
named: `tr("{session} has no seat left", session=name)`. Tables of texts are marked with `later` and said with
`tr` when they are shown. Texts that machines read (ids, codes, keys) stay as they are.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path

DOMAIN = "cadreplan"
CATALOGUES = Path(__file__).with_name("locale")


class Language(StrEnum):
    """The languages that people are spoken to in."""

    EN = "en"
    ZH = "zh"


_everywhere = Language.EN
_here: ContextVar[Language | None] = ContextVar("language", default=None)
"""A language for one block or task; new threads don't inherit it, so that `use` speaks for all of them."""


def of_locale(environment: Mapping[str, str]) -> Language:
    """The language that the environment asks for, Chinese or else English; the first variable set counts."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return Language.ZH if value.lower().startswith("zh") else Language.EN
    return Language.EN


def current() -> Language:
    """The language that texts are said in now; English until `use` says otherwise."""
    return _here.get() or _everywhere


def use(language: Language) -> None:
    """Say texts in this language from now on, in every thread of the process."""
    global _everywhere  # noqa: PLW0603 (one choice for one process)
    _everywhere = language


@contextmanager
def using(language: Language) -> Iterator[None]:
    """Say texts in this language inside the block."""
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def later(text: str) -> str:
    """`text` itself, marked as one that `tr` says when it is shown."""
    return text


def later_n(one: str, many: str) -> tuple[str, str]:
    """Both forms themselves, marked as ones that `tr_n` says when they are shown."""
    return one, many


def tr(text: str, /, **values: object) -> str:
    """`text` in the current language, its `{names}` filled in as `str.format` does."""
    said = _catalogue(current()).gettext(text)
    return said.format(**values) if values else said


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """`one` or `many` in the current language, as `n` asks for.

    `{n}` is the number, `{n:,}` the same in groups of three.
    """
    said = _catalogue(current()).ngettext(one, many, n)
    return said.format(n=n, **values)


def listed(names: Iterable[str]) -> str:
    """Names side by side, as the current language writes them."""
    return ("、" if current() is Language.ZH else ", ").join(names)


def one_of(texts: Sequence[str]) -> str:
    """`a, b or c`."""
    if len(texts) == 1:
        return texts[0]
    return tr("{some} or {last}", some=listed(texts[:-1]), last=texts[-1])


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    if language is Language.EN:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, CATALOGUES, languages=[language.value], fallback=True)
