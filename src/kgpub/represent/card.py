"""The picture that a link preview shows of a page: what it is, what it is called, and whose site it is on.

Letters come from the site's own FiraGO, piece by piece as its style sheet cuts it; FreeType reads WOFF2 itself, and
neither Mkhedruli nor Latin needs shaping. What has no glyph there (emoji, Chinese, scripts that run to the left) is
left out rather than drawn as a box, and a name of which too little would be left is replaced by another.
"""

import math
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont

from kgpub.represent.colour import legible
from kgpub.represent.html import static_files

WIDTH, HEIGHT = 1200, 630
"""Pixels, as the Open Graph protocol's readers want them."""
LONGEST = 300
"""Characters of a name that are looked at; no more fit."""

_MARGIN = 80
_TEXT = WIDTH - 2 * _MARGIN - 60
_SIZES = ((128, 1), (92, 2), (76, 3), (62, 4), (52, 5))
"""Pixels of the letters of a name, and lines that it may then have; the first that it fits is taken."""
_LEADING = 1.22
_SMALL = 34
_ENOUGH = 0.6
"""The part of a name's letters that must be there to be drawn."""
_RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
_FACE = re.compile(r"@font-face \{[^}]*font-weight: (\d+)[^}]*url\(\"([^\"]+)\"\)[^}]*unicode-range: ([^;]+);")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
_NODES = (
    (880, 520, 34),
    (950, 300, 26),
    (1120, 395, 60),
    (1010, 110, 38),
    (1185, 40, 22),
    (830, 95, 14),
    (1190, 600, 30),
)
_TIES = ((0, 1), (1, 2), (1, 3), (3, 4), (3, 5), (2, 4), (0, 2), (2, 6), (0, 6), (1, 5))
_MARK = ((8, 8, 3.5), (8, 16, 3.5), (8, 24, 3.5), (23.5, 6.5, 4.5), (23.5, 25.5, 4.5))
_MARK_TIES = ((8, 8, 8, 24), (8, 16, 22, 7), (8, 16, 22, 25))
_FINE = 2
"""Shapes are drawn this many times larger and then made smaller, so that their edges are smooth."""

_COLOURS = 128
"""Enough for a few flat colours and the edges between them, at a third of the bytes."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Card:
    """What a picture says: the first of ``names`` that can be drawn, ``kind`` above, ``site`` below, on ``accent``."""

    names: tuple[str, ...]
    kind: str
    site: str
    accent: str


def draw(card: Card) -> bytes:
    """The picture as PNG; the same card gives the same bytes."""
    ground = _parts(legible(card.accent, "#ffffff"))
    picture = _ground(ground).copy()
    pen = ImageDraw.Draw(picture)
    soft = _mixed(ground, (255, 255, 255), 0.82)
    name, kind = chosen(card.names), cut(drawable(card.kind), 400, _SMALL, _TEXT)
    name, kind = (name, kind) if name else (kind, "")
    if kind:
        _write(pen, (_MARGIN, 76), kind, 400, _SMALL, soft)
    size, lines = fitted(name)
    top = 136 if kind else 92
    for number, line in enumerate(lines):
        _write(pen, (_MARGIN, top + round(number * size * _LEADING)), line, 600, size, (255, 255, 255))
    _write(pen, (_MARGIN + 56, 534), cut(drawable(card.site), 600, _SMALL, _TEXT - 56), 600, _SMALL, (255, 255, 255))
    made = BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(made, "PNG")
    return made.getvalue()


def chosen(names: Iterable[str]) -> str:
    """The first name of which enough can be drawn, as far as it can; ``""`` where none is such."""
    for name in names:
        text = drawable(name)
        letters = sum(not one.isspace() for one in _plain(name))
        if text and sum(not one.isspace() for one in text) >= _ENOUGH * letters:
            return text
    return ""


def drawable(text: str) -> str:
    """A text on one line without what the fonts have no glyph for; at most ``LONGEST`` characters of it."""
    known = _coverage(400)
    return " ".join("".join(one if one in known or one.isspace() else " " for one in _plain(text)).split())


def fitted(text: str) -> tuple[int, list[str]]:
    """The size at which a name fits, and its lines; what is too long for the smallest is cut."""
    for size, most in _SIZES:
        lines = wrapped(text, size)
        if len(lines) <= most:
            return size, lines
    size, most = _SIZES[-1]
    return size, [*lines[: most - 1], cut(lines[most - 1] + "…", 600, size, _TEXT)]


def wrapped(text: str, size: int) -> list[str]:
    """A name cut into lines at its spaces, and within a word that is wider than a line."""
    lines: list[str] = []
    for word in (piece for whole in text.split() for piece in _pieces(whole, size)):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width(joined, 600, size) <= _TEXT:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def cut(text: str, weight: int, size: int, most: int) -> str:
    """A text that is at most so many pixels wide, with an ellipsis where it was longer."""
    if width(text, weight, size) <= most:
        return text
    bare = text.rstrip("…")
    end = _fitting(bare, most, lambda some: width(some + "…", weight, size))
    return bare[:end].rstrip(" ,;:–—-") + "…"


def width(text: str, weight: int, size: int) -> float:
    """How many pixels wide a text is."""
    return sum(_font(name, size).getlength(run) for name, run in _runs(text, weight))


def _plain(text: str) -> str:
    """The beginning of a text, composed, without marks and controls that stand on their own."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])
    return "".join(one for one in composed if one.isspace() or unicodedata.category(one) not in _INVISIBLE)


def _pieces(word: str, size: int) -> Iterator[str]:
    """A word, in pieces that fit on a line each."""
    while width(word, 600, size) > _TEXT:
        end = _fitting(word, _TEXT, lambda some: width(some, 600, size)) or 1
        yield word[:end]
        word = word[end:]
    yield word


def _fitting(text: str, most: int, wide: Callable[[str], float]) -> int:
    """How many characters of a text are at most so many pixels wide."""
    return bisect_right(range(1, len(text) + 1), most, key=lambda end: math.ceil(wide(text[:end])))


def _runs(text: str, weight: int) -> Iterator[tuple[str, str]]:
    """A text in runs of one font file each; a space goes with what is before it."""
    known = _coverage(weight)
    names: list[str] = []
    for one in text:
        names.append(known.get(one, names[-1] if names else next(iter(known.values()))))
    for name, group in groupby(zip(names, text, strict=True), key=lambda pair: pair[0]):
        yield name, "".join(one for _, one in group)


def _write(
    pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, weight: int, size: int, colour: Colour
) -> None:
    """Write a text with its ascender at a place; runs share one baseline, since they are pieces of one font."""
    left, top = place
    for name, run in _runs(text, weight):
        font = _font(name, size)
        pen.text((left, top), run, fill=colour, font=font)
        left += font.getlength(run)


@cache
def _coverage(weight: int) -> Mapping[str, str]:
    """Which font file has a character, by the style sheet that browsers go by."""
    found: dict[str, str] = {}
    for least, name, ranges in _FACE.findall(static_files()["fonts.css"].decode()):
        if (int(least) > 400) == (weight > 400):  # noqa: PLR2004 # the sheet has a regular face and a bold one
            for first, last in _RANGE.findall(ranges):
                found |= {chr(n): name for n in range(int(first, 16), int(last or first, 16) + 1)}
    return found


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    """A piece of the font at a size; its own layout, which is the same on every machine."""
    return ImageFont.truetype(BytesIO(static_files()[name]), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4)
def _ground(colour: Colour) -> Image.Image:
    """What is behind the words: things and ties between them, and the mark beside the site's name."""
    large = Image.new("RGB", (WIDTH * _FINE, HEIGHT * _FINE), colour)
    pen = ImageDraw.Draw(large)
    faint, dim = _mixed(colour, (255, 255, 255), 0.16), _mixed(colour, (255, 255, 255), 0.1)
    for start, end in _TIES:
        pen.line([*_scaled(_NODES[start][:2]), *_scaled(_NODES[end][:2])], fill=faint, width=3 * _FINE)
    for number, node in enumerate(_NODES):
        _dot(pen, node, dim if number % 2 else faint)
    white = (255, 255, 255)
    for tie in _MARK_TIES:
        pen.line(_scaled(_on_mark(tie)), fill=white, width=round(3.2 * _FINE))
    for x, y, radius in _MARK:
        _dot(pen, (*_on_mark((x, y)), radius * 1.3), white)
    return large.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _on_mark(places: Sequence[float]) -> tuple[float, ...]:
    """Places of the mark's own drawing as places of the picture."""
    return tuple(one * 1.3 + (532 if number % 2 else _MARGIN - 6) for number, one in enumerate(places))


def _dot(pen: ImageDraw.ImageDraw, dot: Sequence[float], colour: Colour) -> None:
    x, y, radius = dot
    pen.ellipse(_scaled((x - radius, y - radius, x + radius, y + radius)), fill=colour)


def _scaled(places: Iterable[float]) -> list[float]:
    return [one * _FINE for one in places]


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    """The first colour with a part of the second in it."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _parts(colour: str) -> Colour:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
