"""The words, numbers and dates of every view, in one place and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cadreplan import language
from cadreplan.instance import Lapsed
from cadreplan.language import Language, later, tr, tr_n

TERMS = {
    "gaps": later("skill gaps closed"),
    "prefers": later("wishes met"),
    "km": later("travel"),
    "days": later("days away"),
    "open": later("sessions opened"),
    "underfill": later("people below a minimum"),
    "hours": later("study hours missing"),
    "norm": later("hours and sessions missing to norms"),
    "wait": later("those with a skill gap and no session"),
    "mix": later("people too few or too many in classes"),
}
"""What each term of the objective pays or charges for."""

REASONS = {
    "no-session": later("no session teaches it to the level needed"),
    "audience": later("what teaches it is for other branches or posts"),
    "dates": later("the leader may not be away on those days"),
    "prerequisite": later("another module has to come first"),
    "limits": later("the leader's sessions, days or trips are used up"),
    "standards": later("the leader's core share or methods would fall short"),
    "seats": later("no seat is left"),
    "beds": later("no bed is left"),
    "branch": later("too many of the branch would be away"),
    "tie": later("somebody the leader is kept apart from is there or away"),
    "mix": later("the class would have too few or too many of some"),
    "candidate": later("the session that teaches it is not opened"),
    "not-worth": later("the journey costs more than it closes"),
    "traded": later("another closing was preferred"),
}
"""What each reason code of an open skill gap means."""

ENDINGS = {
    "proven": later("proven optimal"),
    "gap": later("the gap asked for is reached"),
    "default-gap": later("ended within the default gap of 0.1 %; --gap asks for another"),
    "time-limit": later("the time limit was reached"),
    "work-limit": later("the work limit was reached"),
    "exhausted": later("nothing more to try"),
    "interrupted": later("interrupted: the best plan until then"),
    "solver-killed": later("the solver process was killed: the best plan until then"),
    "out-of-memory": later("the solver process ran out of memory: the best plan until then"),
    "solver-failed": later("the solver process failed: the best plan until then"),
    "cluster-lost": later("the cluster was lost: the best plan until then"),
}
"""What each code of why a search ended means."""

RULES = {
    "roster": later("the plan belongs to the roster as it is now"),
    "frozen": later("what began before the freeze is as in the plan before"),
    "reference": later("every id in the plan is in the roster, once"),
    "seats": later("no more people than seats, none above a quota"),
    "candidate": later("a candidate that runs reaches its minimum, and no offering runs too often"),
    "rooms": later("one room for each running session, large enough, never twice"),
    "beds": later("no more people at a site than beds"),
    "branch": later("no more people of a branch away than it can spare"),
    "useful": later("every assigned session closes a skill gap"),
    "repeat": later("nobody attends a module twice"),
    "overlap": later("no shared days, and free days between sites"),
    "dates": later("every day away lies within the days allowed"),
    "audience": later("sessions are attended by those they are open to"),
    "prerequisite": later("required modules come first"),
    "limits": later("sessions, days and trips stay within their limits"),
    "standards": later("enough core hours and teaching methods"),
    "pins": later("pinned sessions are assigned, excluded ones are not"),
    "ties": later("who is to be apart is, on each day and in each class"),
    "mix": later("every class that somebody attends has the mix it must have"),
    "programme": later("every half day has its module, and a lecturer who may and can teach it"),
    "groups": later("everybody who attends sits in one discussion group, and there are as many as needed"),
    "statement": later("what the plan states of itself is true"),
}
"""What each rule of a plan asks for, in the order in which violations are shown."""

KINDS = {
    "party-school": later("party-school"),
    "branch-school": later("branch-school"),
    "enterprise-university": later("enterprise-university"),
    "education-base": later("education-base"),
    "practice-base": later("practice-base"),
    "committee-secretary": later("committee-secretary"),
    "discipline-secretary": later("discipline-secretary"),
    "organization-head": later("organization-head"),
    "congress-delegate": later("congress-delegate"),
    "university-lecturer": later("university-lecturer"),
    "school-lecturer": later("school-lecturer"),
}
"""The usual kinds of sites and of lecturers; others are said as the data has them."""

FORMS = {
    "lecture": later("form: lecture"),
    "tutorial": later("form: tutorial"),
    "exchange": later("form: exchange"),
}
METHODS = {
    "lecture": later("method: lecture"),
    "seminar": later("method: seminar"),
    "experiential": later("method: experiential"),
    "simulation": later("method: simulation"),
}
"""Forms and methods of modules; one word may be both, so that texts to translate say which."""

FILLS = {
    "full": later("full"),
    "most": later("half full or more"),
    "some": later("less than half full"),
    "low": later("below minimum"),
    "empty": later("empty"),
    "closed": later("not opened"),
}
"""How full a session is, the fullest first."""

_SEVERITIES = {"error": later("error"), "warning": later("warning")}
_SLOTS = {"am": later("am"), "pm": later("pm")}
WEEKDAYS = (later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def with_people(name: str, people: int) -> str:
    """The name, with the number of people where a row has more than one."""
    return f"{name} ×{people}" if people > 1 else name


_STEERING = frozenset("\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029")
"""Spaces, for Python, that move the cursor of some terminals."""


def printable(text: str) -> str:
    """`text` with a question mark for every character that would steer a terminal rather than show.

    Everything that goes to a terminal passes here (`cli.console`), so that no file name, option or plan can
    steer it; spaces of other kinds become plain ones.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == "\n" else " " if c.isspace() and c not in _STEERING else "?"
        for c in text
    )


def made_with(settings: Sequence[str]) -> str:
    """That a plan is a what-if, with what was put into its roster; empty for a plan of the roster itself."""
    if not settings:
        return ""
    return tr("a what-if, made with {settings}", settings=" ".join(f"--set {plain(s)}" for s in settings))


def plain(text: str) -> str:
    """`text` on one line without anything that steers rather than shows: the form in which exports hold data.

    Tabs and line breaks become spaces; other control and format characters, lone surrogates among them, a
    question mark.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else "?" for c in text)


def number(value: int) -> str:
    """Digits in groups of three: `-1,234`."""
    return f"{value:,}"


def percent(text: str) -> str:
    """`88 %`, as the language writes it."""
    return tr("{number} %", number=text)


def share(part: int, whole: int) -> str:
    """Whole per cent, never rounded up to 100 nor down to 0: `88 %`; nothing to share is a dash."""
    if whole == 0:
        return "-"
    found = round(100 * part / whole)
    if part < whole:
        found = min(found, 99)
    return percent(str(max(found, 1) if part > 0 else found))


def gap(value: float | None) -> str:
    """A relative gap with two significant digits: `0.39 %`, `12 %`; a dash where it isn't known."""
    if value is None:
        return "-"
    found = 100 * value
    if found <= 0:
        return percent("0")
    if found < 0.001:
        return percent("< 0.001")
    return percent(f"{found:.2g}" if found < 10 else f"{found:.0f}")


def seconds(value: float, *, tenths: bool = True) -> str:
    """`4.2 s`, `57 s`, `2:05 min`, `1:02:05 h`."""
    if value < 10 and tenths:
        return tr("{seconds} s", seconds=f"{value:.1f}")
    whole = round(value)
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    minutes, left = divmod(whole, 60)
    if minutes < 60:
        return tr("{minutes}:{seconds:02} min", minutes=minutes, seconds=left)
    hours, minutes = divmod(minutes, 60)
    return tr("{hours}:{minutes:02}:{seconds:02} h", hours=hours, minutes=minutes, seconds=left)


def first_of(names: Sequence[str], most: int = 5, between: str = "") -> str:
    """The first names side by side, and how many more there are; `between` them where they have commas."""
    shown = between.join(names[:most]) if between else language.listed(names[:most])
    more = len(names) - most
    return tr("{names} and {n:,} more", names=shown, n=more) if more > 0 else shown


def counted(errors: int, warnings: int) -> str:
    """`2 errors and 1 warning`; what there is none of is left out."""
    parts = [tr_n("{n:,} error", "{n:,} errors", errors)] if errors else []
    parts += [tr_n("{n:,} warning", "{n:,} warnings", warnings)] if warnings else []
    return tr(" and ").join(parts)


def lapse_text(lapsed: Lapsed) -> str:
    """What level was held, and until when."""
    return tr(
        "level {level} was earned on {earned}, lasts {months} months (`valid`) and counted to {last}",
        level=lapsed.level,
        earned=lapsed.earned.isoformat(),
        months=lapsed.months,
        last=lapsed.last.isoformat(),
    )


def severity(level: str) -> str:
    """`error` or `warning` as people read it."""
    return tr(_SEVERITIES[level])


def slot_name(slot: str) -> str:
    """A half day as people say it."""
    return tr(_SLOTS[slot]) if slot in _SLOTS else slot


def kind(text: str) -> str:
    """A kind of site or lecturer as people say it; one of the data's own stays as it is."""
    return tr(KINDS[text]) if text in KINDS else text


def form(text: str) -> str:
    """The form of a module as people say it."""
    return tr(FORMS[text]).rpartition(": ")[2] if text in FORMS else text


def method(text: str) -> str:
    """The method of a module as people say it."""
    return tr(METHODS[text]).rpartition(": ")[2] if text in METHODS else text


def reason(code: str) -> str:
    """What a reason code of an open skill gap means; without a code the plan doesn't say."""
    if not code:
        return tr("the plan doesn't say why")
    return tr(REASONS[code]) if code in REASONS else code


def ending(code: str) -> str:
    """What a code of why a search ended means."""
    return tr(ENDINGS[code]) if code in ENDINGS else code


def month(day: date) -> str:
    """`Mar`, `3月`."""
    return f"{day.month}月" if language.current() is Language.ZH else _MONTHS[day.month - 1]


def week_label(monday: date) -> str:
    """`W10`, `第10周`."""
    return tr("W{number:02}", number=monday.isocalendar().week)


def period(first: date, last: date) -> str:
    """Two days with their years: `2026-03-02 – 2026-06-26`, `2026年3月2日–6月26日`."""
    if language.current() is Language.ZH:
        return _chinese_span(first, last, years=True)
    return f"{first} – {last}"


def _chinese(day: date, *, years: bool) -> str:
    return (f"{day.year}年" if years else "") + f"{day.month}月{day.day}日"


def _chinese_span(first: date, last: date, *, years: bool) -> str:
    """The second day says only what differs from the first."""
    if first == last:
        return _chinese(first, years=years)
    if first.year != last.year:
        second = _chinese(last, years=years)
    else:
        second = f"{last.day}日" if first.month == last.month else f"{last.month}月{last.day}日"
    return f"{_chinese(first, years=years)}–{second}"


@dataclass(frozen=True, slots=True)
class Dates:
    """Days of one horizon as text: month and day, with the year only where the horizon has more than one."""

    start: date
    years: bool

    def date(self, day: int) -> date:
        """The date of a day number."""
        return self.start + timedelta(days=day)

    def day(self, day: int) -> str:
        """`03-02`, `3月2日`."""
        if language.current() is Language.ZH:
            return _chinese(self.date(day), years=self.years)
        return self.date(day).strftime("%Y-%m-%d" if self.years else "%m-%d")

    def numeric(self, day: int) -> str:
        """`03-02` in every language, where room is scarce."""
        return f"{self.date(day):%m-%d}"

    def weekday(self, day: int) -> str:
        """`Mon 03-02`, `3月2日周一`."""
        name = tr(WEEKDAYS[self.date(day).weekday()])
        return f"{self.day(day)}{name}" if language.current() is Language.ZH else f"{name} {self.day(day)}"

    def span(self, first: int, last: int) -> str:
        """`03-02 – 03-05`, `3月2日–5日`, or one day alone."""
        if language.current() is Language.ZH:
            return _chinese_span(self.date(first), self.date(last), years=self.years)
        return self.day(first) if first == last else f"{self.day(first)} – {self.day(last)}"

    def weekday_span(self, first: int, last: int) -> str:
        """`Mon 03-02 – Thu 03-05`, `3月2日周一–3月5日周四`, or one day alone."""
        if first == last:
            return self.weekday(first)
        dash = "–" if language.current() is Language.ZH else " – "
        return f"{self.weekday(first)}{dash}{self.weekday(last)}"

    def spans(self, days: Iterable[int]) -> str:
        """Runs of days in a row, side by side: `03-02 – 03-03, 03-06`."""
        return language.listed(self.span(first, last) for first, last in runs(days))


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Maximal runs of consecutive days, each as (first, last)."""
    found: list[tuple[int, int]] = []
    for day in sorted(set(days)):
        if found and day == found[-1][1] + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
