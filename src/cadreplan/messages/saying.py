"""Messages in the reader's language: for views and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cadreplan.language import listed, one_of, tr, tr_n
from cadreplan.messages.figures import FIGURES, Kind
from cadreplan.messages.message import Message, Said
from cadreplan.messages.texts import ACCOUNT, RAISED, SENTENCES, Plural

_DAYS = 4
"""Days shown of a list of them."""


def say(told: Said | None) -> str:
    """A message in the reader's language, a sentence of an older plan as it is; empty for none."""
    if not isinstance(told, Message):
        return told or ""
    sentence, figures = SENTENCES[told.code], dict(told.figures)
    shown = {name: _SHOWN.get(FIGURES[name][0], _as_is)(value) for name, value in figures.items()}
    if "lecturers" in figures:
        shown["lecturers"] = _some(figures["lecturers"], figures.get("able"))  # type: ignore[arg-type]
    if "kinds" in figures:
        shown["kinds"] = tr(" or ").join(figures["kinds"]) or tr("lecturer")  # type: ignore[arg-type]
    if isinstance(sentence, Plural):
        text = tr_n(sentence.one, sentence.many, figures[sentence.by], **shown)  # type: ignore[arg-type]
    else:
        text = tr(sentence, **shown)
    return _with_what_is_beside(text, figures)


def with_code(told: Said | None) -> str:
    """`code: sentence`, as reasons of half days are shown; a sentence of an older plan begins so already."""
    return f"{told.code}: {say(told)}" if isinstance(told, Message) else told or ""


def _with_what_is_beside(text: str, figures: Mapping[str, Any]) -> str:
    if "needed" in figures:
        text = tr("{problem}, {n} needed", problem=text, n=figures["needed"])
    if "beyond" in figures:
        text = tr("{opened}, one run more of {offering}", opened=text, offering=figures["beyond"])
    if "lacking" in figures:
        text = tr("{reason}; {obstacle}", reason=say(figures["lacking"]), obstacle=text)
    if "failure" in figures:
        text = f"{text}; {figures['failure']}"
    if others := figures.get("others"):
        text = tr_n(
            "{reason}; the other that teaches it gets no farther",
            "{reason}; the {n} others that teach it get no farther",
            others,
            reason=text,
        )
    return text


def _some(names: Sequence[str], n: int | None) -> str:
    """The first names, and how many more there are."""
    more = 0 if n is None else n - len(names)
    return tr("{names} and {n} more", names=listed(names), n=more) if more > 0 else listed(names)


def _as_is(value: object) -> object:
    return value


def _account(points: Sequence[tuple[str, int]]) -> str:
    terms = listed(tr(ACCOUNT[term], points=value) for term, value in points if value)
    return tr("{terms} (points)", terms=terms) if terms else tr("nothing (points)")


def half_day(day: str, slot: str) -> str:
    """A half day as it is named in a message."""
    return tr("{day} pm", day=day) if slot == "pm" else tr("{day} am", day=day)


def _raised(by: Sequence[tuple[str, int]]) -> str:
    parts = [tr_n(RAISED[limit].one, RAISED[limit].many, n, by=n) for limit, n in by if n]
    said = parts[0] if parts else tr("nothing")
    for part in parts[1:]:
        said = tr("{some} and {last}", some=said, last=part)
    return said


def _span(value: str) -> str:
    first, dots, last = value.partition("..")
    return tr("{first} to {last}", first=first, last=last) if dots else first


_SHOWN: Mapping[Kind, Callable[[Any], object]] = {
    Kind.IDS: listed,
    Kind.ENTRIES: lambda entries: listed(map(one_of, entries)),
    Kind.TEXTS: listed,
    Kind.DAYS: lambda days: listed([*days[:_DAYS], *(["..."] if len(days) > _DAYS else [])]),
    Kind.SPAN: _span,
    Kind.ACCOUNT: _account,
    Kind.RAISED: _raised,
    Kind.HALF_DAY: lambda value: half_day(*value.split()),
}
"""How figures are shown that are neither a number nor a text."""
