"""What people call a session: its id, if somebody gave it that; else its modules, place and first day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from cadreplan import language
from cadreplan.documents.results.words import modules_as_called
from cadreplan.instance import Instance
from cadreplan.language import Language
from cadreplan.messages.message import Message, Said
from cadreplan.views.find import Named
from cadreplan.views.wording import Dates

_WORD = re.compile(r"[\w.@#-]+")
_DATED = re.compile(r"@\d{4}-\d{2}-\d{2}")
"""What the id of a candidate ends with."""


class SessionNames:
    """Names of the sessions of one instance, in the language spoken when they are asked for."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._made: dict[Language, dict[int, str]] = {}

    @cached_property
    def dates(self) -> Dates:
        """How days are written in this season."""
        instance = self._instance
        last = instance.date_of(instance.n_days - 1)
        return Dates(instance.start, years=last.year != instance.start.year)

    def name(self, session: int) -> str:
        """Its id; of a candidate of an offering, whose id is made by a machine, its modules, place and first
        day: `理论概论 · 市党校 · 3月9日`.
        """
        return self._names.get(session) or self._instance.sessions[session].id

    def short(self, session: int) -> str:
        """The same where place and day are told beside it."""
        if self._instance.sessions[session].offering is not None:
            return self._modules(session)
        return self._instance.sessions[session].id

    def handle(self, session: int) -> str:
        """The id where modules, place and day are told beside it: that of the offering for its candidates."""
        offering = self._instance.sessions[session].offering
        given = self._instance.sessions[session] if offering is None else self._instance.offerings[offering]
        return given.id

    def named(self, text: str) -> str:
        """A sentence with names for the ids of candidates that it has in it."""
        return _WORD.sub(lambda found: self._called(found[0]), text) if "@" in text else text

    def callings(self, held: Callable[[int], bool]) -> list[Calling]:
        """All sessions with what they may be called; those that are `held` by their offering, too."""
        return [
            Calling(session.id, self.name(s), self.handle(s) if held(s) else session.id)
            for s, session in enumerate(self._instance.sessions)
        ]

    def _called(self, word: str) -> str:
        """A word with a name for the id that it begins with: in Chinese no blank comes behind one."""
        end = max((found.end() for found in _DATED.finditer(word)), default=0)
        s = self._instance.session_by_id.get(word[:end])
        return word if s is None else self.name(s) + word[end:]

    def _modules(self, session: int) -> str:
        modules = self._instance.sessions[session].modules
        return modules_as_called([self._instance.modules[m].name for m in modules])

    @property
    def _names(self) -> dict[int, str]:
        spoken = language.current()
        if spoken not in self._made:
            self._made[spoken] = self._make()
        return self._made[spoken]

    def _make(self) -> dict[int, str]:
        """The names of candidates of offerings; the offering tells apart what would be called the same."""
        sessions = self._instance.sessions
        made = {
            s: " · ".join(
                (
                    self._modules(s),
                    self._instance.sites[session.site].name,
                    self.dates.day(session.first_day),
                )
            )
            for s, session in enumerate(sessions)
            if session.offering is not None
        }
        times = Counter(made.values())
        return {s: name if times[name] == 1 else f"{name} ({self.handle(s)})" for s, name in made.items()}


def with_id(thing: Named) -> str:
    """`周明远 L2`: name and id, or the id alone where it is the name, too."""
    return thing.id if thing.name in ("", thing.id) else f"{thing.name} {thing.id}"


_CALLED = {
    "module": "modules",
    "modules": "modules",
    "site": "sites",
    "branch": "branches",
    "role": "roles",
}
"""Figure of a message that holds ids → what of an instance they are ids of."""


def by_name(told: Said | None, instance: Instance) -> Said | None:
    """A message with the names of modules, sites, branches and posts in place of their ids."""
    if not isinstance(told, Message):
        return told
    figures = {}
    for figure, value in told.figures:
        if figure in _CALLED:
            names = {thing.id: thing.name for thing in getattr(instance, _CALLED[figure])}
            figures[figure] = _called(value, names)
        else:
            figures[figure] = by_name(value, instance) if isinstance(value, Message) else value
    return Message.of(told.code, **figures)


def _called(value: object, names: Mapping[str, str]) -> object:
    """An id, or a list of ids at any depth, by name; what has none stays."""
    if isinstance(value, str):
        return names.get(value) or value
    return tuple(_called(one, names) for one in value) if isinstance(value, tuple | list) else value


def named_in(instances: Iterable[Instance]) -> Callable[[str], str]:
    """What puts names in for ids of candidates of any of the instances."""
    names = [SessionNames(instance).named for instance in instances]

    def named(text: str) -> str:
        for name in names:
            text = name(text)
        return text

    return named if names else str


@dataclass(frozen=True, slots=True)
class Calling:
    """A session as it is looked for: by its id, its name, or its offering where that has one run only."""

    id: str
    name: str
    handle: str
