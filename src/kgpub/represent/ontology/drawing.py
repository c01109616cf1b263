"""The class diagram as an SVG file: trees of classes from left to right, packed into columns; no scripts.

A class is a box with its name and its properties; a line leads to it from what it stands under. Colours follow the
reader's light or dark ground by the style sheet inside. What is drawn is bounded by ``kgpub.ontology.diagram``.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import east_asian_width

from markupsafe import Markup

from kgpub.ontology.model import Box, Diagram
from kgpub.represent.markup import element, plain, visible
from kgpub.represent.ontology.places import term_href
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader

COLUMNS = 5
"""Columns of boxes that a diagram is wide."""

_WIDTH, _GAP_X, _GAP_Y, _MARGIN = 236, 40, 16, 12
_HEAD, _LINE, _FOOT = 30, 19, 8
_MOST_ABOVE = 4
_STEP = _WIDTH + _GAP_X
_FIRST_GEORGIAN, _LAST_GEORGIAN = "\u10a0", "\u10ff"
_STYLE = """
svg { --paper: #ffffff; --wash: #f4f3ef; --ink: #1a1f22; --soft: #545d63; --edge: #858b8e; background: var(--paper); }
@media (prefers-color-scheme: dark) {
  svg { --paper: #14181a; --wash: #1d2326; --ink: #e7e9e8; --soft: #a9b2b6; --edge: #79848a; }
}
text { font: 13px system-ui, "Noto Sans", "Noto Sans Georgian", "DejaVu Sans", sans-serif; fill: var(--soft); }
.name { font-weight: 600; font-size: 14px; fill: var(--ink); }
rect { fill: var(--wash); stroke: var(--edge); }
.other rect { fill: var(--paper); stroke-dasharray: 5 3; }
path { fill: none; stroke: var(--edge); stroke-width: 1.5; }
a:hover .name, a:focus .name { text-decoration: underline; }
"""
POLICY = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"
)
"""What the drawing may do when it is opened by itself (Content Security Policy): be styled by its own sheet."""


@dataclass(frozen=True)
class BoxText:
    """A class of the diagram in words: a link, what it stands under, its properties with the first of their values."""

    link: Markup
    above: str
    attributes: tuple[str, ...]


@dataclass(frozen=True)
class DiagramView:
    """The diagram on a page: its address and size, its words, and the same as a list."""

    href: str
    alt: str
    width: int
    height: int
    left_out: str
    boxes: tuple[BoxText, ...]


@dataclass(frozen=True)
class _Placed:
    """A box with its upper left corner."""

    box: Box
    x: int
    y: int


def drawing(reader: Reader, diagram: Diagram) -> str:
    """The diagram as an SVG document in the reader's language."""
    placed = _layout(diagram)
    width, height = _size(placed)
    by_iri = {one.box.iri: one for one in placed}
    title = reader.say("ontology.diagram")
    attributes = {
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": str(width),
        "height": str(height), "lang": reader.language,
    }  # fmt: skip
    style = element("style", Markup(_STYLE))  # noqa: S704 # ours
    body = [element("title", title), style, *_lines(placed, by_iri), *(_box(reader, one) for one in placed)]
    return visible(element("svg", Markup("\n").join(body), attributes)) + "\n"


def diagram_view(telling: Teller, diagram: Diagram, href: str) -> DiagramView | None:
    """The diagram on a page; None where there are no classes."""
    if not diagram.boxes:
        return None
    say = telling.reader.say
    width, height = _size(_layout(diagram))
    left = say("ontology.diagram.left-out", count=say.count(diagram.left_out)) if diagram.left_out else ""
    alt = say("ontology.diagram.alt", count=say.count(len(diagram.boxes)))
    return DiagramView(href, alt, width, height, left, tuple(_told(telling, box) for box in diagram.boxes))


def _told(telling: Teller, box: Box) -> BoxText:
    reader = telling.reader
    said = [_attribute(reader, one.property, one.range) for one in box.attributes]
    said += [reader.say("told.more", count=reader.say.count(box.more))] if box.more else []
    above = ", ".join(plain(reader.name(iri).value) for iri in box.above)
    return BoxText(telling.named(box.iri), above, tuple(said))


def _attribute(reader: Reader, property: str, range: str) -> str:
    """A property and what its values are, on one line."""
    name = plain(reader.name(property).value)
    return f"{name}: {plain(reader.name(range).value)}" if range else name


def _height(box: Box) -> int:
    lines = len(box.attributes) + bool(box.more) + len(box.above[1:_MOST_ABOVE])
    return _HEAD + lines * _LINE + (_FOOT if lines else 0)


def _size(placed: Sequence[_Placed]) -> tuple[int, int]:
    width = max((one.x + _WIDTH for one in placed), default=0) + _MARGIN
    return width, max((one.y + _height(one.box) for one in placed), default=0) + _MARGIN


def _layout(diagram: Diagram) -> list[_Placed]:
    """Every box with its place: trees by size, each where it comes to stand highest."""
    boxes = {box.iri: box for box in diagram.boxes}
    below = _forest(boxes)
    trees = [_tree(boxes, below, root) for root in _roots(boxes, below)]
    floor = [_MARGIN] * COLUMNS
    found: list[_Placed] = []
    for tree in sorted(trees, key=lambda one: (-_span(one), -_size(one)[1], one[0].box.iri)):
        span = min(_span(tree), COLUMNS)
        column = min(range(COLUMNS - span + 1), key=lambda at: (max(floor[at : at + span]), at))
        top = max(floor[column : column + span])
        found += [_Placed(one.box, one.x + _MARGIN + column * _STEP, one.y + top) for one in tree]
        bottom = top + _size(tree)[1] - _MARGIN + 2 * _GAP_Y
        floor[column : column + span] = [bottom] * span
    return found


def _forest(boxes: Mapping[str, Box]) -> dict[str, list[str]]:
    """What stands under each box in its tree: each box once, under the first above it unless that closes a circle."""
    up: dict[str, str] = {}
    for iri, box in boxes.items():
        if box.above and iri not in _way_up(up, box.above[0]):
            up[iri] = box.above[0]
    below: dict[str, list[str]] = {}
    for iri, above in up.items():
        below.setdefault(above, []).append(iri)
    return below


def _way_up(up: Mapping[str, str], start: str) -> set[str]:
    """A box and all that it stands under."""
    found = {start}
    while start in up:
        start = up[start]
        found.add(start)
    return found


def _roots(boxes: Mapping[str, Box], below: Mapping[str, list[str]]) -> list[str]:
    under = {iri for many in below.values() for iri in many}
    return [iri for iri in boxes if iri not in under]


def _tree(boxes: Mapping[str, Box], below: Mapping[str, list[str]], root: str) -> list[_Placed]:
    """A tree with its upper left corner at nothing: what stands under a box is stacked to its right."""
    found: list[_Placed] = []
    floor = [0] * COLUMNS
    waiting = [(root, 0, 0)]
    while waiting:
        iri, depth, least = waiting.pop()
        column = min(depth, COLUMNS - 1)
        y = max(least, *floor[column:])
        found.append(_Placed(boxes[iri], column * _STEP, y))
        floor[column] = y + _height(boxes[iri]) + _GAP_Y
        waiting += [(one, depth + 1, y) for one in sorted(below.get(iri, ()), reverse=True)]
    return found


def _span(tree: Sequence[_Placed]) -> int:
    """How many columns a tree is wide."""
    return max(one.x for one in tree) // _STEP + 1


def _lines(placed: Sequence[_Placed], by_iri: Mapping[str, _Placed]) -> Iterator[Markup]:
    """A line from the right edge of what first stands above to the left edge of what stands under it."""
    for one in placed:
        for above in one.box.above[:1]:
            start = by_iri.get(above)
            if start is not None and start is not one:
                x1, y1, x2, y2 = start.x + _WIDTH, start.y + _HEAD // 2, one.x, one.y + _HEAD // 2
                middle = x2 - _GAP_X // 2
                curve = f"M{x1} {y1}C{x1 + 60} {y1} {x2 - 60} {y2} {x2} {y2}"
                yield element("path", "", {"d": f"M{x1} {y1}H{middle}V{y2}H{x2}" if x1 < x2 else curve})


def _box(reader: Reader, placed: _Placed) -> Markup:
    """A box as a link to the class's own page."""
    box, x, y = placed.box, placed.x, placed.y
    size = {"x": str(x), "y": str(y), "width": str(_WIDTH), "height": str(_height(box)), "rx": "4"}
    parts = [element("title", plain(reader.name(box.iri).value)), element("rect", "", size)]
    parts.append(_text(reader.name(box.iri).value, x, y + 20, "name"))
    said = [f"↑ {reader.name(iri).value}" for iri in box.above[1:_MOST_ABOVE]]
    said += [_attribute(reader, one.property, one.range) for one in box.attributes]
    said += [f"… {reader.say('told.more', count=reader.say.count(box.more))}"] if box.more else []
    parts += [_text(text, x, y + _HEAD + 14 + number * _LINE) for number, text in enumerate(said)]
    inside = Markup("").join(parts)
    return element("a", inside, {"href": term_href(reader, box.anchor), "class": None if box.is_own else "other"})


def _text(text: str, x: int, y: int, name: str | None = None) -> Markup:
    return element(
        "text", fitted(text, _WIDTH - 20, 1.15 if name else 1.0), {"x": str(x + 10), "y": str(y), "class": name}
    )


def fitted(text: str, width: float, scale: float = 1.0) -> str:
    """A text on one line, cut so that in letters of 13 pixels it is about as wide as ``width`` pixels."""
    text = plain(text)
    taken = 0.0
    for number, letter in enumerate(text):
        taken += scale * _advance(letter)
        if taken > width:
            return text[: max(0, number - 2)].rstrip() + "…"
    return text


def _advance(letter: str) -> float:
    """About how wide a letter of 13 pixels is."""
    if east_asian_width(letter) in "WF":
        return 13.0
    return 8.2 if _FIRST_GEORGIAN <= letter <= _LAST_GEORGIAN or letter.isupper() else 6.9
