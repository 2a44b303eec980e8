"""A code and its figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Something told, in no language: `figures` are pairs of a name and its value, by name.

    Two are equal where they tell the same; `cadreplan.messages.figures.FIGURES` says what each name holds.
    """

    code: str
    figures: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, code: str, /, **figures: object) -> Message:
        """The message with these figures; one that is None is left out."""
        return cls(code, tuple(sorted((k, v) for k, v in figures.items() if v is not None)))

    def having(self, **figures: object) -> Message:
        """The same with more figures."""
        return Message.of(self.code, **{**dict(self.figures), **figures})

    def __getitem__(self, name: str) -> object:
        """A figure; raises `KeyError` where it has none of that name."""
        return dict(self.figures)[name]

    def get(self, name: str) -> object:
        """A figure, or None."""
        return dict(self.figures).get(name)


Said = Message | str
"""A message, or a sentence that a plan of version 1 has."""
