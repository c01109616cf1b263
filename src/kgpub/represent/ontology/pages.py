"""The documentation as complete pages, each the fullest that is not too large."""

from collections.abc import Sequence

from kgpub.ontology.model import Line, OntologyTerm, Shape
from kgpub.represent.html import MOST_BYTES, filled
from kgpub.represent.ontology.drawing import diagram_view
from kgpub.represent.ontology.listing import LONGEST_LINE, ontology_view
from kgpub.represent.ontology.places import DIAGRAM, MOST_WHOLE, Known, teller
from kgpub.represent.ontology.shapes import ShapeView, shape_page_view, shape_view, shapes_view
from kgpub.represent.ontology.terms import TermView, term_page_view, term_view
from kgpub.represent.phrases import Teller
from kgpub.represent.values import Reader

Concerning = Sequence[tuple[Shape, int]]
"""Shapes that are about a term, each with the place of the part that is, or -1 for the whole."""
Told = tuple[OntologyTerm, Concerning, int]
"""A term, the shapes that are about it, and how many more there are."""
_LINES = (LONGEST_LINE, 110, 80, 50, 0)
"""Characters of each definition in a list: the first number that makes no page too large; with 0 there are none."""
_FULLEST = 200
_MEASURES = (_FULLEST, 60, 20, 5, 1, 0)
"""Property shapes of one shape that a page shows: the first number that makes no page too large."""


def ontology_page(reader: Reader, known: Known, lines: Sequence[Line], terms: Sequence[Told], page: int) -> str:
    """The page of all terms: told in full where ``terms`` are few, else listed with or without their definitions."""
    text = ""
    if terms and len(terms) <= MOST_WHOLE:
        telling = teller(reader, known, is_whole=True)
        told = [
            term_view(telling, known, one, shape_views(telling, concerning, _FULLEST), more=more)
            for one, concerning, more in terms
        ]
        text = _listed(reader, known, lines, told, page=page, longest=LONGEST_LINE)
    for longest in _LINES:
        if text and len(text.encode()) <= MOST_BYTES:
            break
        text = _listed(reader, known, lines, (), page=page, longest=longest)
    return text


def _listed(
    reader: Reader, known: Known, lines: Sequence[Line], told: Sequence[TermView], *, page: int, longest: int
) -> str:
    href = reader.iris.page(f"{DIAGRAM}.svg", reader.language)
    telling = teller(reader, known, is_whole=bool(told))
    drawn = diagram_view(telling, known.overview.diagram, href) if page == 1 else None
    view = ontology_view(reader, known, lines, told, page=page, longest=longest, diagram=drawn)
    return filled("ontology", view, reader.language)


def term_page(
    reader: Reader, known: Known, one: OntologyTerm, concerning: Concerning, *, more: int, above: Sequence[str]
) -> str:
    """The page of one term with the shapes that are about it."""
    telling, text = teller(reader, known), ""
    for most in _MEASURES:
        shapes = shape_views(telling, concerning, most)
        told = term_view(telling, known, one, shapes, more=more, above=above)
        text = filled("ontology_term", term_page_view(reader, told), reader.language)
        if len(text.encode()) <= MOST_BYTES:
            break
    return text


def shape_views(telling: Teller, concerning: Concerning, most: int) -> list[ShapeView]:
    """The shapes about a term, the parts of one together."""
    by_anchor: dict[str, tuple[Shape, list[int]]] = {}
    for shape, part in concerning:
        by_anchor.setdefault(shape.anchor, (shape, []))[1].append(part)
    return [
        shape_view(telling, shape, None if any(part < 0 for part in parts) else parts, most)
        for shape, parts in by_anchor.values()
    ]


def shapes_page(reader: Reader, known: Known, shapes: Sequence[Shape], page: int) -> str:
    """A page of the list of all shapes."""
    return filled("shapes", shapes_view(reader, known, shapes, page), reader.language)


def shape_page(reader: Reader, known: Known, shape: Shape) -> str:
    """The page of one shape."""
    text = ""
    for most in _MEASURES:
        text = filled("shapes", shape_page_view(reader, known, shape, most), reader.language)
        if len(text.encode()) <= MOST_BYTES:
            break
    return text
