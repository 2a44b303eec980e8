"""Sentences and pieces of help that break Chinese as it is written, where others break at blanks only.

A line may end behind any Chinese character, but none begins with 。 or ， and none ends with （; words and
numbers in Latin letters stay whole (after the "Requirements for Chinese Text Layout" of the W3C, 3.1).
"""

from __future__ import annotations

from rich.cells import get_character_cell_size
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text

from cadreplan.language import Language, current

NO_START = frozenset("。，、；：！？）】》」』〉”’…—～·％‰℃,.;:!?)]}%>")
"""What no line begins with."""
_INSIDE = frozenset("|,/-")
"""Behind what a word may be cut, if it must be: `lead|er` never, `leader|site` rather."""
NO_END = frozenset("（【《「『〈“‘([{<")
"""What no line ends with."""


def breaks(text: str, width: int) -> list[int]:
    """Where the lines of a text begin, but for the first, so that each has `width` cells at most.

    A word that is wider than a line is cut, behind a sign inside it if there is one; blanks at the end of a
    line don't count.
    """
    found: list[int] = []
    start = may = inside = used = 0
    for at, sign in enumerate(text):
        if at > start and _may_break(text[at - 1], sign):
            may = at
        elif at > start and text[at - 1] in _INSIDE and sign not in NO_START:
            inside = at
        size = get_character_cell_size(sign)
        if used + size > width and not sign.isspace():
            start = next((k for k in (may, inside) if k > start), at - (sign in NO_START and at > start + 1))
            if start > (found[-1] if found else 0):
                found.append(start)
            used = sum(get_character_cell_size(c) for c in text[start:at])
        used += size
    return found


def _may_break(before: str, after: str) -> bool:
    """Whether a line may end behind one sign and the next begin with the other."""
    if after.isspace() or after in NO_START or before in NO_END:
        return False
    return before.isspace() or get_character_cell_size(before) == 2 or get_character_cell_size(after) == 2


class FoldingText(Text):
    """A text that breaks as Chinese does."""

    @classmethod
    def of(cls, text: Text) -> FoldingText:
        """The same text, with its styles."""
        made = cls(text.plain, style=text.style, justify=text.justify, no_wrap=text.no_wrap, end=text.end)
        made.spans = list(text.spans)
        return made

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """The lines of the text in a column of that width."""
        lines = Lines()
        for line in self.split(allow_blank=True):
            parts = [line] if no_wrap else line.divide(breaks(line.plain, max(1, width)))
            for part in parts:
                part.rstrip_end(width)
                lines.append(part)
        if justify or self.justify:
            lines.justify(console, width, justify or self.justify or "default", overflow or "fold")
        return lines


def folded(text: Text) -> Text:
    """A sentence that breaks as the reader's language does."""
    return FoldingText.of(text) if current() is Language.ZH else text
