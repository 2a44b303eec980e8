"""A terminal's screen as an SVG picture: each character in its cell, wide ones in two, no outside font."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from rich.cells import cell_len
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

THEME = TerminalTheme(
    (24, 28, 32),
    (214, 220, 226),
    [
        (24, 28, 32),
        (224, 108, 96),
        (96, 190, 140),
        (222, 186, 90),
        (104, 164, 226),
        (190, 130, 200),
        (96, 190, 206),
        (214, 220, 226),
    ],
    [
        (96, 104, 112),
        (240, 130, 118),
        (120, 214, 160),
        (238, 206, 120),
        (130, 186, 240),
        (206, 152, 214),
        (122, 210, 224),
        (240, 244, 248),
    ],
)
_CELL = 8.4
_LINE = 18
_EDGE = 14
_FONT = "Consolas,Menlo,'DejaVu Sans Mono','Noto Sans Mono CJK SC','Microsoft YaHei','PingFang SC',monospace"


def picture(lines: Sequence[Iterable[Segment]], width: int, title: str) -> str:
    """`lines` of segments on a screen of `width` cells; `title` is read out in place of the picture."""
    body: list[str] = []
    for n, line in enumerate(lines):
        body += _line(line, n)
    w, h = round(2 * _EDGE + width * _CELL), 2 * _EDGE + len(lines) * _LINE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        f'aria-label="{escape(title)}" font-family="{_FONT}" font-size="14">\n'
        f'<rect width="{w}" height="{h}" rx="8" fill="{_hex(THEME.background_color)}"/>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def _line(line: Iterable[Segment], n: int) -> Iterator[str]:
    x = 0
    top = _EDGE + n * _LINE
    for segment in line:
        text = segment.text.rstrip("\n")
        size = cell_len(text)
        style = segment.style or Style()
        front, back = _colours(style)
        if back is not None and size:
            left, wide = _EDGE + x * _CELL, size * _CELL
            yield f'<rect x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_LINE}" fill="{back}"/>'
        if text.strip():
            weight = ' font-weight="bold"' if style.bold else ""
            yield (
                f'<text y="{top + 13.5}" x="{" ".join(_places(text, x))}" fill="{front}"{weight} '
                f'xml:space="preserve">{escape(text.rstrip())}</text>'
            )
        x += size


def _places(text: str, x: int) -> Iterator[str]:
    """Where each character begins."""
    for character in text.rstrip():
        yield f"{_EDGE + x * _CELL:.1f}"
        x += cell_len(character)


def _colours(style: Style) -> tuple[str, str | None]:
    front = THEME.foreground_color if style.color is None else style.color.get_truecolor(THEME)
    back = (
        None
        if style.bgcolor is None or style.bgcolor.is_default
        else style.bgcolor.get_truecolor(THEME, foreground=False)
    )
    if style.reverse:
        front, back = back or THEME.background_color, front
    if style.dim:
        front = _mixed(front, back or THEME.background_color)
    return _hex(front), None if back is None else _hex(back)


def _mixed(front: ColorTriplet, back: ColorTriplet) -> ColorTriplet:
    return ColorTriplet(*(round(0.62 * f + 0.38 * b) for f, b in zip(front, back, strict=True)))


def _hex(colour: ColorTriplet) -> str:
    return f"#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"
