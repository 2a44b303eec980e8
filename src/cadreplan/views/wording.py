"""The words, numbers and dates of every view, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

TERMS = {
    "gaps": "skill gaps closed",
    "prefers": "wishes met",
    "km": "travel",
    "days": "days away",
    "open": "sessions opened",
    "underfill": "people below a minimum",
    "hours": "study hours missing",
}
"""What each term of the objective pays or charges for."""

REASONS = {
    "no-session": "no session teaches it to the level needed",
    "audience": "what teaches it is for other branches or posts",
    "dates": "the leader may not be away on those days",
    "prerequisite": "another module has to come first",
    "limits": "the leader's sessions, days or trips are used up",
    "standards": "the leader's core share or methods would fall short",
    "seats": "no seat is left",
    "beds": "no bed is left",
    "branch": "too many of the branch would be away",
    "candidate": "the session that teaches it is not opened",
    "not-worth": "the journey costs more than it closes",
    "traded": "another closing was preferred",
}
"""What each reason code of an open skill gap means."""

ENDINGS = {
    "proven": "proven optimal",
    "gap": "the gap asked for is reached",
    "time-limit": "the time limit was reached",
    "work-limit": "the work limit was reached",
    "exhausted": "nothing more to try",
    "interrupted": "interrupted: the best plan until then",
    "solver-killed": "the solver process was killed: the best plan until then",
    "out-of-memory": "the solver process ran out of memory: the best plan until then",
    "solver-failed": "the solver process failed: the best plan until then",
}
"""What each code of why a search ended means."""

RULES = {
    "roster": "the plan belongs to the roster as it is now",
    "reference": "every id in the plan is in the roster, once",
    "seats": "no more people than seats, none above a quota",
    "candidate": "a candidate that runs reaches its minimum, and no offering runs too often",
    "rooms": "one room for each running session, large enough, never twice",
    "beds": "no more people at a site than beds",
    "branch": "no more people of a branch away than it can spare",
    "useful": "every assigned session closes a skill gap",
    "repeat": "nobody attends a module twice",
    "overlap": "no shared days, and free days between sites",
    "dates": "every day away lies within the days allowed",
    "audience": "sessions are attended by those they are open to",
    "prerequisite": "required modules come first",
    "limits": "sessions, days and trips stay within their limits",
    "standards": "enough core hours and teaching methods",
    "pins": "pinned sessions are assigned, excluded ones are not",
    "programme": "every half day has its module, and a lecturer who may and can teach it",
    "statement": "what the plan states of itself is true",
}
"""What each rule of a plan asks for, in the order in which violations are shown."""

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def printable(text: str) -> str:
    """`text` with a question mark for every character that would steer a terminal rather than show."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)


def number(value: int) -> str:
    """Digits in groups of three: `-1,234`."""
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Whole per cent, never rounded up to 100 nor down to 0: `88 %`; nothing to share is a dash."""
    if whole == 0:
        return "-"
    percent = round(100 * part / whole)
    if part < whole:
        percent = min(percent, 99)
    return f"{max(percent, 1) if part > 0 else percent} %"


def gap(value: float | None) -> str:
    """A relative gap with two significant digits: `0.39 %`, `12 %`; a dash where it isn't known."""
    if value is None:
        return "-"
    percent = 100 * value
    if percent <= 0:
        return "0 %"
    if percent < 0.001:
        return "< 0.001 %"
    return f"{percent:.2g} %" if percent < 10 else f"{percent:.0f} %"


def seconds(value: float, *, tenths: bool = True) -> str:
    """`4.2 s`, `57 s`, `2:05 min`, `1:02:05 h`."""
    if value < 10 and tenths:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{left:02} min"
    return f"{minutes // 60}:{minutes % 60:02}:{left:02} h"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 session`, `2 sessions`; `many` where adding an s is wrong."""
    return f"{number(n)} {one if n == 1 else many or one + 's'}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """The first names joined by commas, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of one horizon as text: month and day, with the year only where the horizon has more than one."""

    start: date
    years: bool

    def date(self, day: int) -> date:
        """The date of a day number."""
        return self.start + timedelta(days=day)

    def day(self, day: int) -> str:
        """`03-02`."""
        return self.date(day).strftime("%Y-%m-%d" if self.years else "%m-%d")

    def weekday(self, day: int) -> str:
        """`Mon 03-02`."""
        return f"{_WEEKDAYS[self.date(day).weekday()]} {self.day(day)}"

    def span(self, first: int, last: int) -> str:
        """`03-02 – 03-05`, or one day alone."""
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def weekday_span(self, first: int, last: int) -> str:
        """`Mon 03-02 – Thu 03-05`, or one day alone."""
        return self.weekday(first) if first == last else f"{self.weekday(first)} – {self.weekday(last)}"

    def spans(self, days: Iterable[int]) -> str:
        """Runs of days in a row, joined by commas: `03-02 – 03-03, 03-06`."""
        return ", ".join(self.span(first, last) for first, last in runs(days))


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Maximal runs of consecutive days, each as (first, last)."""
    found: list[tuple[int, int]] = []
    for day in sorted(set(days)):
        if found and day == found[-1][1] + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
