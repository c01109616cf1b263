"""The home page as a view: what the graph is, how much of it there is, and the ways in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kgpub.iris import Iris
from kgpub.kept.thesaurus import Scheme
from kgpub.making.dumps import Dump
from kgpub.model import Counted, Statistics
from kgpub.represent.apart import apart, noted
from kgpub.represent.classes import told_first
from kgpub.represent.frame import CLASSES, DATA, QUERIES, SPARQL, THESAURUS, TYPE, Anchor, Frame, frame, own_page
from kgpub.represent.lists import ClassView, Row, class_view, downloads, moment
from kgpub.represent.markup import NOTHING
from kgpub.represent.schemes import scheme_rows
from kgpub.represent.values import Reader
from kgpub.represent.ways import members_href
from kgpub.settings.tables import OWL

_OTHER_CLASSES = 18
SCHEMES_SHOWN = 12
"""Thesauri that the home page names."""
_FEATURED = 8
"""Classes shown first where the settings name none."""
_PLAIN = re.compile(r"https?://[A-Za-z0-9._~:/#%+-]+")
"""An address that stands in a shell between quotation marks without meaning anything else."""


@dataclass(frozen=True)
class Figure:
    """A number with its caption."""

    value: str
    caption: str


@dataclass(frozen=True)
class Featured:
    """A class that is shown first, and its members in hundredths of the most that one of these has."""

    link: Markup
    count: str
    share: int


@dataclass(frozen=True)
class HomeView:
    """The home page."""

    frame: Frame
    lead: Markup
    figures: tuple[Figure, ...]
    featured: tuple[Featured, ...]
    others: tuple[ClassView, ...]
    classes: Anchor
    sparql: str
    saved: str
    data: str
    ontologies: str
    downloads: tuple[Anchor, ...]
    sample: str
    version: str
    built: Markup
    thesaurus: str = ""
    schemes: tuple[Row, ...] = ()
    is_thesaurus: bool = False


def home_view(
    statistics: Statistics,
    reader: Reader,
    version: str,
    built: str,
    schemes: Sequence[Scheme] = (),
    dumps: Sequence[Dump] = (),
) -> HomeView:
    """The view of the home page; ``schemes`` are the first thesauri by name."""
    site, say, iris = reader.site, reader.say, reader.iris
    counts = {counted.iri: counted.count for counted in statistics.classes}
    featured = [Counted(iri, counts[iri]) for iri in site.properties(site.featured) if iri in counts]
    classes = told_first(statistics.classes, site)
    featured = featured or classes[:_FEATURED]
    shown = {counted.iri for counted in featured}
    others = [counted for counted in classes if counted.iri not in shown][:_OTHER_CLASSES]
    notes = apart(reader, [counted.iri for counted in (*featured, *others)])
    ontology = f"{OWL}Ontology"
    words = (*site.vocabulary.schemes, *site.vocabulary.concepts)
    return HomeView(
        frame=frame(reader, own_page(reader, ""), ""),
        lead=reader.text(site.words(site.description, reader.languages)) if site.description else NOTHING,
        figures=_figures(statistics, reader),
        featured=_featured(featured, reader, notes),
        others=tuple(_class(reader, counted, notes) for counted in others),
        classes=Anchor(
            say("home.all-classes", count=say.count(len(statistics.classes))), iris.page(CLASSES, reader.language)
        ),
        sparql=iris.page(SPARQL, reader.language),
        saved=iris.page(QUERIES, reader.language),
        data=iris.page(DATA, reader.language),
        ontologies=members_href(reader, ontology, TYPE) if ontology in counts else "",
        downloads=downloads(reader, dumps),
        sample=_sample(featured, iris),
        version=version,
        built=moment(reader, built),
        thesaurus=iris.page(THESAURUS, reader.language) if {*site.properties(words)} & {*counts} else "",
        is_thesaurus=_is_thesaurus(statistics, reader),
        schemes=scheme_rows(reader, schemes) if any(one.iri for one in schemes) else (),
    )


def _is_thesaurus(statistics: Statistics, reader: Reader) -> bool:
    """Whether most things are concepts, and the settings name no classes that come first: thesauri then do."""
    concepts = reader.site.properties(reader.site.vocabulary.concepts)
    count = sum(counted.count for counted in statistics.classes if counted.iri in concepts)
    return not reader.site.featured and 2 * count >= statistics.entities


def _class(reader: Reader, counted: Counted, notes: Mapping[str, Markup]) -> ClassView:
    view = class_view(reader, counted)
    return replace(view, link=noted(view.link, notes, counted.iri))


def _featured(classes: list[Counted], reader: Reader, notes: Mapping[str, Markup]) -> tuple[Featured, ...]:
    most = max((counted.count for counted in classes), default=0) or 1
    return tuple(
        Featured(
            _class(reader, one, notes).link,
            reader.say.many("many.entities", one.count),
            max(1, round(100 * one.count / most)),
        )
        for one in classes
    )


def _sample(classes: list[Counted], iris: Iris) -> str:
    """The address of a class of the graph's own that a reader can ask for in a terminal; nothing where none is safe."""
    own = (counted.iri for counted in classes if iris.is_local(counted.iri) and _PLAIN.fullmatch(counted.iri))
    return next(own, "")


def _figures(statistics: Statistics, reader: Reader) -> tuple[Figure, ...]:
    """What there is, in numbers."""
    say = reader.say
    counts: Mapping[str, int] = {
        "count.entities": statistics.entities,
        "count.triples": statistics.triples,
        "count.classes": len(statistics.classes),
        "count.graphs": len(statistics.graphs),
    }
    return tuple(Figure(say.count(number), say(caption)) for caption, number in counts.items())
