"""The words of exported files in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cadreplan.language import Language, of_locale, tr, using
from cadreplan.views import wording
from cadreplan.views.wording import WEEKDAYS, runs

__all__ = ["Language", "Words", "of_locale", "plain"]


@dataclass(frozen=True, slots=True)
class Words:
    """Says English texts in one language; each has to be in `CHINESE`, so that none stays untranslated."""

    language: Language

    def __call__(self, text: str, /, **values: str | int) -> str:
        """`text` in this language with its `{names}` filled in; numbers get thousands separators."""
        shown = {name: f"{v:,}" if isinstance(v, int) else v for name, v in values.items()}
        with using(self.language):
            return tr(text, **shown)

    def kind(self, text: str) -> str:
        """A kind as people say it; one of the data's own stays as it is."""
        with using(self.language):
            return wording.kind(text)

    def reason(self, code: str) -> str:
        """What a reason code of an open skill gap means; without a code the plan doesn't say."""
        with using(self.language):
            return wording.reason(code)

    def list(self, names: Iterable[str]) -> str:
        """Names side by side."""
        return ("、" if self.language is Language.ZH else ", ").join(names)

    def day(self, day: date) -> str:
        """`Mon 03-02`, `3月2日周一`."""
        weekday = self(WEEKDAYS[day.weekday()])
        if self.language is Language.ZH:
            return f"{day.month}月{day.day}日{weekday}"
        return f"{weekday} {day:%m-%d}"

    def span(self, first: date, last: date) -> str:
        """Two days with a dash between, or one alone; without weekdays: `03-02 – 03-05`, `3月2日–5日`."""
        if self.language is Language.EN:
            return f"{first:%m-%d}" if first == last else f"{first:%m-%d} – {last:%m-%d}"
        begun = f"{first.month}月{first.day}日"
        if first == last:
            return begun
        return f"{begun}–{last.day}日" if first.month == last.month else f"{begun}–{last.month}月{last.day}日"

    def spans(self, start: date, days: Iterable[int]) -> str:
        """Runs of days, counted from `start`, in a row."""
        first = start.toordinal()
        return self.list(
            self.span(date.fromordinal(first + a), date.fromordinal(first + b)) for a, b in runs(days)
        )

    def week(self, monday: date) -> str:
        """`W10`, `第10周`."""
        with using(self.language):
            return wording.week_label(monday)


def plain(text: str) -> str:
    """`text` on one line without anything that steers rather than shows: the form in which exports hold data.

    Tabs and line breaks become spaces; other control and format characters, lone surrogates among them, a
    question mark.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)
