"""Messages of every code, with figures that its sentence takes."""

from __future__ import annotations

from collections.abc import Collection

from hypothesis import strategies as st

from cadreplan.messages import Message
from cadreplan.messages.figures import FIGURES, Kind
from cadreplan.messages.texts import ACCOUNT, BESIDE, RAISED, figures_of

IDS = st.text("aZ9王_.@-", min_size=1, max_size=12)
TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
POINTS = st.integers(-(10**6), 10**6)
DAYS = st.dates().map(lambda day: day.isoformat())


def _points(known: Collection[str]) -> st.SearchStrategy[tuple[tuple[str, int], ...]]:
    return st.sets(st.sampled_from(sorted(known))).flatmap(
        lambda some: st.tuples(*(st.tuples(st.just(term), POINTS) for term in known if term in some))
    )


def _many(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=6).map(tuple)


OF_KIND: dict[Kind, st.SearchStrategy[object]] = {
    Kind.ID: IDS,
    Kind.IDS: _many(IDS),
    Kind.ENTRIES: _many(st.lists(IDS, min_size=1, max_size=3).map(tuple)),
    Kind.DAY: DAYS,
    Kind.DAYS: _many(DAYS),
    Kind.SPAN: st.one_of(DAYS, st.tuples(DAYS, DAYS).map("..".join)),
    Kind.HALF_DAY: st.tuples(DAYS, st.sampled_from(("am", "pm"))).map(" ".join),
    Kind.COUNT: st.integers(0, 10**6),
    Kind.POINTS: POINTS,
    Kind.SHARE: st.floats(0, 1000),
    Kind.TEXT: TEXTS,
    Kind.TEXTS: _many(TEXTS),
    Kind.ACCOUNT: _points(ACCOUNT),
    Kind.RAISED: _points(RAISED),
}


@st.composite
def messages(draw: st.DrawFn, codes: Collection[str], *, inside: bool = False) -> Message:
    """A message of one of the codes; one `inside` another rests on nothing itself."""
    code = draw(st.sampled_from(sorted(codes)))
    beside = sorted(BESIDE.get(code, frozenset()) - ({"lacking"} if inside else set()))
    names = [*figures_of(code), *(draw(st.sets(st.sampled_from(beside))) if beside else ())]
    figures = {name: draw(_figure(name)) for name in sorted(names)}
    return Message.of(code, **figures)


def _figure(name: str) -> st.SearchStrategy[object]:
    kind = FIGURES[name][0]
    return messages(("requires",), inside=True) if kind is Kind.MESSAGE else OF_KIND[kind]
