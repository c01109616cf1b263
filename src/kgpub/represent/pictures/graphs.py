"""The neighbourhood as a picture: the entity in the middle, what it is tied to on both sides, by property.

Rows of even height keep every name legible and the picture the same each time. What lies behind a thing stands
indented below it; further ties are arcs. The list beside it says the same in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from markupsafe import Markup

from kgpub.nearby.around import Branch, Near, Surroundings, Way
from kgpub.represent.frame import with_query
from kgpub.represent.markup import NOTHING, element
from kgpub.represent.pictures import words
from kgpub.represent.values import Reader

NEIGHBOURS = "-/neighbours"
"""The page of a neighbourhood, below the mount; ``iri`` is in the middle, each ``open`` is looked into."""

_WIDTH = 1040.0
_MIDDLE = _WIDTH / 2
_ROW = 25.0
_TOP = 14.0
_GAP = 12.0
_STEM = 150.0
"""From the middle to the things of one side."""
_INDENT = 26.0
_TITLE = 190.0
_DRAWN = 24
"""Arcs that are drawn; the list has all."""


@dataclass(frozen=True)
class NearView:
    """A thing one step away in the list: what lies behind it, and the way to see more or less of that."""

    link: Markup
    leaves: tuple[Markup, ...]
    more: str
    href: str
    is_open: bool


@dataclass(frozen=True)
class BranchView:
    """The things that one property ties to the entity, in the list."""

    title: Markup
    nears: tuple[NearView, ...]
    more: str
    href: str


@dataclass(frozen=True)
class GraphView:
    """The picture and the list of a neighbourhood."""

    hint: str
    picture: Markup
    branches: tuple[BranchView, ...]
    ties: tuple[Markup, ...]
    count: str


@dataclass(frozen=True)
class Opened:
    """A neighbourhood that a reader has looked into: where, and which of its things are open."""

    iri: str
    things: tuple[str, ...] = ()

    def href(self, reader: Reader, things: Sequence[str] | None = None) -> str:
        """The address of the page with these things open."""
        opened = self.things if things is None else things
        return neighbours_href(reader, self.iri, opened)

    def toggled(self, reader: Reader, iri: str) -> str:
        """The address of the page with one thing more open, or one less."""
        without = [thing for thing in self.things if thing != iri]
        return self.href(reader, without if iri in self.things else [*self.things, iri])


def neighbours_href(reader: Reader, iri: str, opened: Sequence[str] = ()) -> str:
    """The address of the page of a neighbourhood with these things open."""
    return with_query(reader.iris.page(NEIGHBOURS, reader.language), asked(iri, opened))


def asked(iri: str, opened: Sequence[str]) -> list[tuple[str, str]]:
    """The parameters of a neighbourhood's address."""
    return [("iri", iri), *(("open", thing) for thing in opened)]


def graph(found: Surroundings, reader: Reader, things: tuple[str, ...] = ()) -> GraphView | None:
    """The neighbourhood of an entity with these things open; None where it has no neighbours."""
    if not found.branches:
        return None
    opened = Opened(found.iri, things)
    can_open = any(near.more for branch in found.branches for near in branch.nears)
    return GraphView(
        hint=reader.say("pictures.graph.hint.open" if can_open else "pictures.graph.hint"),
        picture=_Drawing(found, reader, opened).picture(),
        branches=tuple(_listed(branch, found, reader, opened) for branch in found.branches),
        ties=tuple(_tie_in_words(one.subject, one.predicate, one.object, reader) for one in found.ties),
        count=reader.say.count(len(found.ties)),
    )


def _tie_in_words(subject: str, predicate: str, object: str, reader: Reader) -> Markup:
    return Markup(" – ").join((reader.link(subject), element("i", reader.name(predicate).value), reader.link(object)))


def _listed(branch: Branch, found: Surroundings, reader: Reader, opened: Opened) -> BranchView:
    """A branch in the list."""
    nears = tuple(
        NearView(
            link=reader.link(near.iri),
            leaves=tuple(
                element("span", words.tie(reader, found.inverse, leaf.way), {"class": "way"})
                + " "
                + reader.link(leaf.iri)
                for leaf in near.leaves
            ),
            more=_more(near.more, reader),
            href=opened.toggled(reader, near.iri) if near.more or near.iri in opened.things else "",
            is_open=near.iri in opened.things,
        )
        for near in branch.nears
    )
    title = element("span", words.tie(reader, found.inverse, branch.way))
    return BranchView(title, nears, _more(branch.more, reader), _list_href(branch.way, found.iri, reader))


def _more(number: int, reader: Reader) -> str:
    return reader.say("pictures.graph.more", count=reader.say.count(number)) if number else ""


def _list_href(way: Way, iri: str, reader: Reader) -> str:
    """The way to all of a branch: the list of what points here, else the entity's own page."""
    if not way.is_backward:
        return reader.href(iri)
    return with_query(reader.iris.page("-/links", reader.language), [("iri", iri), ("property", way.predicate)])


@dataclass(frozen=True)
class _Node:
    """Where a thing is drawn, on which side, and its number in the picture."""

    iri: str
    number: int
    x: float
    y: float
    side: int


@dataclass
class _Drawing:
    """A picture while it is being drawn; ``nodes`` are the things that have a place."""

    found: Surroundings
    reader: Reader
    opened: Opened
    nodes: dict[str, _Node] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def picture(self) -> Markup:
        """The whole picture."""
        sides = _balanced(self.found.branches)
        heights = {side: sum(_height(branch) for branch in branches) for side, branches in sides.items()}
        high = max(*heights.values(), _ROW * 4) + 2 * _TOP
        marks: list[Markup] = []
        stems: list[Markup] = []
        for side, branches in sides.items():
            y = (high - heights[side]) / 2
            for branch in branches:
                stems.append(self._stem(branch, side, y, high / 2))
                marks += self._branch(branch, side, y)
                y += _height(branch)
        parts = [*stems, *self._arcs(), self._centre(high / 2), *marks]
        label = self.reader.say("pictures.graph.of", name=words.name_of(self.reader, self.found.iri))
        left = 0.0 if sides[-1] else _MIDDLE - _TITLE / 2 - 20
        wide = (_WIDTH if sides[1] else _MIDDLE + _TITLE / 2 + 20) - left
        size = {"viewBox": f"{left:g} 0 {wide:g} {high:g}", "width": f"{wide:g}", "height": f"{high:g}"}
        return element("svg", Markup("").join(parts), {"class": "net", "role": "group", "aria-label": label, **size})

    def _branch(self, branch: Branch, side: int, top: float) -> Iterator[Markup]:
        """A branch: its name, its things, and what lies behind each."""
        x = _MIDDLE + side * _STEM
        y = top + _ROW / 2
        name = words.cut(words.tie(self.reader, self.found.inverse, branch.way), _room(x, side), 12.5)
        yield element("text", name, {"class": "tie-name", **_place(x, y, side)})
        for near in branch.nears:
            y += _ROW
            yield self._near(near, x, y, side)
            for leaf in near.leaves:
                y += _ROW
                yield self._leaf(leaf.iri, leaf.way, x + side * _INDENT, y, side)
        if branch.more:
            y += _ROW
            more = element("text", "+ " + _more(branch.more, self.reader), _place(x, y, side))
            yield element("a", more, {"class": "rest", "href": _list_href(branch.way, self.found.iri, self.reader)})

    def _near(self, near: Near, x: float, y: float, side: int) -> Markup:
        """A thing one step away: its name leads to its page, its dot opens or closes what lies behind it."""
        node = self._put(near.iri, x, y, side)
        name = words.name_of(self.reader, near.iri)
        dot = _dot(node, 8 if near.more else 6)
        if near.more or near.iri in self.opened.things:
            dot = self._opener(near, node, name)
        behind = "".join(
            f"M{x:g} {y + 9:g}V{y + (n + 1) * _ROW:g}h{side * (_INDENT - 6):g}" for n in range(len(near.leaves))
        )
        twig = element("path", "", {"class": "twig", "d": behind}) if behind else NOTHING
        return twig + _group(node, "near", dot + self._name(node, name, 14, 16))

    def _leaf(self, iri: str, way: Way, x: float, y: float, side: int) -> Markup:
        """A thing two steps away."""
        node = self._put(iri, x, y, side)
        title = element(
            "title", f"{words.tie(self.reader, self.found.inverse, way)}: {words.name_of(self.reader, iri)}"
        )
        return _group(node, "leaf", _dot(node, 4) + self._name(node, words.name_of(self.reader, iri), 9, 13, title))

    def _put(self, iri: str, x: float, y: float, side: int) -> _Node:
        return self.nodes.setdefault(iri, _Node(iri, next(self.numbers), x, y, side))

    def _opener(self, near: Near, node: _Node, name: str) -> Markup:
        """The dot of a thing that has more behind it than is shown, as the way to see it."""
        is_open = near.iri in self.opened.things
        key = "pictures.graph.close" if is_open else "pictures.graph.open"
        label = self.reader.say(key, name=name, **({} if is_open else {"count": self.reader.say.count(near.more)}))
        x, y = node.x, node.y
        sign = f"M{x - 4:g} {y:g}h8" + ("" if is_open else f"M{x:g} {y - 4:g}v8")
        parts = element("title", label) + _dot(node, 8) + element("path", "", {"class": "sign", "d": sign})
        return element(
            "a", parts, {"class": "opener", "rel": "nofollow", "href": self.opened.toggled(self.reader, near.iri)}
        )

    def _name(self, node: _Node, name: str, gap: float, size: float, title: Markup = NOTHING) -> Markup:
        """A thing's name beside its dot, linked to its page."""
        x = node.x + node.side * gap
        size = min(size, 14)
        shown = words.cut(name, _room(x, node.side), size)
        title = title or (element("title", name) if shown != name else NOTHING)
        text = element("text", shown, {"class": "name", **_place(x, node.y, node.side)})
        return element("a", title + text, {"href": self.reader.href(node.iri)})

    def _centre(self, y: float) -> Markup:
        """The entity itself, in the middle."""
        name = words.name_of(self.reader, self.found.iri)
        parts = _wrapped(name, _TITLE, 15)
        high = len(parts) * 20 + 16
        wide = max(words.width_of(part, 15) for part in parts) + 28
        box = {
            "x": f"{_MIDDLE - wide / 2:g}",
            "y": f"{y - high / 2:g}",
            "width": f"{wide:g}",
            "height": f"{high:g}",
            "rx": "6",
        }
        first = y - (len(parts) - 1) * 10 + 5.5
        spans = [
            element("text", part, {"x": f"{_MIDDLE:g}", "y": f"{first + n * 20:g}", "text-anchor": "middle"})
            for n, part in enumerate(parts)
        ]
        return element("g", element("rect", "", box) + Markup("").join(spans), {"class": "centre", "data-n": "0"})

    def _stem(self, branch: Branch, side: int, top: float, middle: float) -> Markup:
        """The curve from the middle to a branch, and the line along its things; arrows say which way it points."""
        x, y = _MIDDLE + side * _STEM, top + _ROW / 2
        near_end, bend = x - side * 16, _MIDDLE + side * (_STEM * 0.72)
        curve = f"M{_MIDDLE:g} {middle:g}C{bend:g} {middle:g} {bend:g} {y:g} {near_end:g} {y:g}"
        spine, row = "", y
        for near in branch.nears:
            row += _ROW
            spine += f"M{near_end:g} {y:g}V{row:g}h{side * 7:g}"
            row += len(near.leaves) * _ROW
        tip = near_end + side * 8
        head = f"M{tip - side * 8:g} {y - 4:g}L{tip:g} {y:g}L{tip - side * 8:g} {y + 4:g}"
        if branch.way.is_backward:
            head = f"M{tip:g} {y - 4:g}L{tip - side * 8:g} {y:g}L{tip:g} {y + 4:g}"
        return element("path", "", {"class": "stem", "d": curve + spine}) + element(
            "path", "", {"class": "head", "d": head}
        )

    def _arcs(self) -> Iterator[Markup]:
        """Ties among the things that are drawn: an arc along a side, a curve from one side to the other."""
        for number, one in enumerate(self.found.ties[:_DRAWN]):
            start, end = self.nodes.get(one.subject), self.nodes.get(one.object)
            if start is None or end is None or start is end:
                continue
            reach = _bow(start, end)
            curve = (
                f"M{start.x:g} {start.y:g}C{start.x - start.side * reach:g} {start.y:g}"
                f" {end.x - end.side * reach:g} {end.y:g} {end.x:g} {end.y:g}"
            )
            ends = {"data-a": str(start.number), "data-b": str(end.number), "data-tie": str(number)}
            yield element("path", "", {"class": "arc", "d": curve, **ends})


def _bow(start: _Node, end: _Node) -> float:
    """How far a tie swings towards the middle."""
    return min(24 + abs(start.y - end.y) * 0.22, 110) if start.side == end.side else 130


def _balanced(branches: Sequence[Branch]) -> Mapping[int, list[Branch]]:
    """Branches on two sides, -1 and 1: what points here on the left, unless the picture would be higher."""
    left = [branch for branch in branches if branch.way.is_backward]
    right = [branch for branch in branches if not branch.way.is_backward]
    sides = {-1: left, 1: right}
    for longer, shorter in ((-1, 1), (1, -1)):
        for branch in sorted(sides[longer], key=_height):
            rest = sum(map(_height, sides[longer])) - _height(branch)
            if max(rest, sum(map(_height, sides[shorter])) + _height(branch)) < rest + _height(branch):
                sides[longer].remove(branch)
                sides[shorter].append(branch)
    return sides


def _height(branch: Branch) -> float:
    """How high a branch is."""
    rows = 1 + len(branch.nears) + sum(len(near.leaves) for near in branch.nears) + bool(branch.more)
    return rows * _ROW + _GAP


def _room(x: float, side: int) -> float:
    """The pixels from a place to the edge of its side."""
    return (_WIDTH - x if side > 0 else x) - 4


def _place(x: float, y: float, side: int) -> dict[str, str | None]:
    """Where a text begins, or ends where it stands on the left."""
    return {"x": f"{x:g}", "y": f"{y + 4.5:g}", "text-anchor": None if side > 0 else "end"}


def _dot(node: _Node, radius: float) -> Markup:
    return element("circle", "", {"class": "dot", "cx": f"{node.x:g}", "cy": f"{node.y:g}", "r": f"{radius:g}"})


def _group(node: _Node, kind: str, parts: Markup) -> Markup:
    return element("g", parts, {"class": kind, "data-n": str(node.number)})


def _wrapped(name: str, most: float, size: float) -> list[str]:
    """A name in at most three lines of so many pixels, the last one cut."""
    rows: list[str] = []
    for word in name.split(" "):
        if rows and words.width_of(f"{rows[-1]} {word}", size) <= most:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    kept = rows if len(rows) <= 3 else [*rows[:2], " ".join(rows[2:])]  # noqa: PLR2004 # lines
    return [words.cut(row, most, size) for row in kept]
