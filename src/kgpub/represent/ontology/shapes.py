"""Shapes in words: the list of all, one in full, and what of one is about a term."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from markupsafe import Markup, escape

from kgpub.model import Text, pick
from kgpub.ontology.model import Phrase, Shape
from kgpub.represent.frame import ONTOLOGY, Anchor, Frame, Place, frame, own_page
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.markup import anchor, element
from kgpub.represent.ontology.places import (
    PER_PAGE,
    SHAPES,
    FileView,
    Known,
    alternates,
    cut,
    file_views,
    shape_href,
    teller,
)
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader
from kgpub.settings.tables import SH

_LONGEST_NAME = 120
_SEVERITIES = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}


@dataclass(frozen=True)
class RuleView:
    """What holds for one path of a shape."""

    path: Markup
    rules: tuple[Markup, ...]
    severity: str
    word: str
    is_off: bool


@dataclass(frozen=True)
class ShapeView:
    """A shape: a link to it, whom it is about, its rules, and how many it has where not all are shown."""

    id: str
    link: Markup
    targets: tuple[Markup, ...]
    rules: tuple[RuleView, ...]
    is_off: bool
    more: str = ""
    is_titled: bool = True


@dataclass(frozen=True)
class ShapesView:
    """The page of all shapes, or of one; ``up`` leads from the one to all."""

    frame: Frame
    home: Anchor
    up: Anchor | None
    heading: Markup
    shapes: tuple[ShapeView, ...]
    files: tuple[FileView, ...]
    paging: Paging | None
    ontology: str


def shape_view(telling: Teller, shape: Shape, parts: Sequence[int] | None = None, most: int = 200) -> ShapeView:
    """A shape, or only those of its property shapes that have these places; at most so many are shown."""
    reader = telling.reader
    say = reader.say
    name = pick(shape.labels, reader.languages)
    rules = [] if parts is not None else [_rule(telling, shape, shape.path)] if shape.rules or shape.path else []
    chosen = shape.properties if parts is None else [shape.properties[place] for place in parts]
    rules += [_rule(telling, inner, inner.path) for inner in chosen[: max(0, most)]]
    text = name or (reader.name(shape.iri) if shape.iri else Text(say("shapes.unnamed"), reader.language))
    link = anchor(shape_href(reader, shape.anchor), cut(text.value, _LONGEST_NAME), reader.lang(text.language))
    left = len(chosen) - min(len(chosen), most)
    return ShapeView(
        id="",
        link=link,
        targets=tuple(telling.say(one) for one in shape.targets) or (escape(say("told.target.none")),),
        rules=tuple(rules),
        is_off=shape.is_off,
        more=say("shapes.more", count=say.count(left)) if left else "",
    )


def _rule(telling: Teller, shape: Shape, path: Phrase | None) -> RuleView:
    say = telling.reader.say
    kind = _SEVERITIES.get(shape.severity, "")
    said = tuple(telling.say(one) for one in shape.rules) or (escape(say("shapes.no-rules")),)
    name = pick(shape.labels, telling.reader.languages)
    shown = telling.say(path) if path else element("span", say("shapes.itself"))
    if path and name and path.key != "term":
        shown = telling.reader.text(name) + Markup(" (") + shown + Markup(")")
    word = say(f"severity.{kind}") if kind else telling.reader.name(shape.severity).value
    return RuleView(shown, said, kind, word, shape.is_off)


def shapes_view(reader: Reader, known: Known, shapes: Sequence[Shape], page: int = 1) -> ShapesView:
    """The view of a page of the list of all shapes: names and whom they are about."""
    say, telling = reader.say, teller(reader, known)
    number = -(-known.overview.shapes // PER_PAGE)
    place = own_page(reader, SHAPES, [("page", str(page))] if page > 1 else [])
    place = Place(place.neutral, place.by_language, tuple(alternates(reader, "shapes", known.overview.files)))
    return ShapesView(
        frame=frame(reader, place, say("shapes"), say("shapes.lead")),
        home=home_anchor(reader),
        up=None,
        heading=escape(say("shapes")),
        shapes=tuple(_listed(telling, one) for one in shapes),
        files=tuple(one for one in file_views(reader, known.overview.files) if "/shapes." in one.href),
        paging=paging(reader, reader.iris.page(SHAPES), [], page, number) if number > 1 else None,
        ontology=reader.iris.page(ONTOLOGY, reader.language),
    )


def _listed(telling: Teller, shape: Shape) -> ShapeView:
    """A shape in the list of all: without its rules, but with their number."""
    bare = shape_view(telling, replace(shape, properties=(), rules=(), path=None))
    say = telling.reader.say
    count = say("shapes.rules.count", count=say.count(len(shape.rules) + len(shape.properties)))
    return replace(bare, id=shape.anchor, targets=bare.targets[:5], more=count)


def shape_page_view(reader: Reader, known: Known, shape: Shape, most: int) -> ShapesView:
    """The page of one shape, with at most so many of its property shapes."""
    told = replace(shape_view(teller(reader, known), shape, most=most), is_titled=False)
    name = pick(shape.labels, reader.languages)
    heading = name or (reader.name(shape.iri) if shape.iri else Text(reader.say("shapes.unnamed"), reader.language))
    title = f"{reader.say('shapes')}: {heading.value}"
    place = own_page(reader, f"{SHAPES}/{quote(shape.anchor, safe='')}")
    up = Anchor(reader.say("shapes"), reader.iris.page(SHAPES, reader.language))
    files = tuple(one for one in file_views(reader, known.overview.files) if "/shapes." in one.href)
    around = frame(reader, place, title)
    return ShapesView(
        around, home_anchor(reader), up, reader.text(heading), (told,), files, None,
        reader.iris.page(ONTOLOGY, reader.language),
    )  # fmt: skip
