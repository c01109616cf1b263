"""The list of all classes as a view: what each is, how many members it has, those that only model the data last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.model import Counted, Labels, Statistics, pick
from kgpub.represent.apart import address
from kgpub.represent.frame import CLASSES, TYPE, Anchor, Frame, Place, frame, with_query
from kgpub.represent.lists import Paging, home_anchor, paging
from kgpub.represent.markup import NOTHING, anchor, element
from kgpub.represent.values import Reader
from kgpub.represent.ways import members_href
from kgpub.settings import Settings

CLASSES_SHOWN = 100
"""Classes on one page of their list."""


@dataclass(frozen=True)
class ClassRow:
    """A class: the way to its members, its term, a line about it, their number, and that in hundredths of the most."""

    link: Markup
    term: Markup
    line: Markup
    count: str
    share: int


@dataclass(frozen=True)
class ClassesView:
    """A page of the list of all classes; ``modelling`` are those that only model the data."""

    frame: Frame
    home: Anchor
    count: str
    classes: tuple[ClassRow, ...]
    modelling: tuple[ClassRow, ...]
    paging: Paging | None


def told_first(classes: Iterable[Counted], site: Settings) -> list[Counted]:
    """Classes in their order, those that only model the data after all others."""
    spaces = site.properties(site.vocabulary.modelling)
    return sorted(classes, key=lambda one: one.iri.startswith(spaces))


def classes_shown(statistics: Statistics, site: Settings, page: int) -> list[Counted]:
    """The classes on a page of their list; none beyond its end."""
    return told_first(statistics.classes, site)[(page - 1) * CLASSES_SHOWN : page * CLASSES_SHOWN]


def classes_view(statistics: Statistics, reader: Reader, page: int, descriptions: Mapping[str, Labels]) -> ClassesView:
    """The view of a page of the list of all classes; ``page`` counts from 1."""
    say, path = reader.say, reader.iris.page(CLASSES)
    numbered = [("page", str(page))] if page > 1 else []
    addresses = ((tag, with_query(path, [("lang", tag), *numbered])) for tag in reader.site.languages)
    place = Place(with_query(path, numbered), tuple(addresses))
    spaces = reader.site.properties(reader.site.vocabulary.modelling)
    shown = classes_shown(statistics, reader.site, page)
    most = max((one.count for one in statistics.classes), default=0) or 1
    rows = {one.iri: _row(reader, one, most, descriptions) for one in shown}
    return ClassesView(
        frame=frame(reader, place, say("classes"), say("classes.lead")),
        home=home_anchor(reader),
        count=say("list.count", count=say.count(len(statistics.classes))),
        classes=tuple(row for iri, row in rows.items() if not iri.startswith(spaces)),
        modelling=tuple(row for iri, row in rows.items() if iri.startswith(spaces)),
        paging=paging(reader, path, [], page, -(-len(statistics.classes) // CLASSES_SHOWN)),
    )


def _row(reader: Reader, counted: Counted, most: int, descriptions: Mapping[str, Labels]) -> ClassRow:
    iri, name = counted.iri, reader.name(counted.iri)
    described = pick(descriptions.get(iri, {}), reader.languages)
    term = reader.iris.curie(iri) or address(reader, iri)
    return ClassRow(
        link=anchor(members_href(reader, iri, TYPE), name.value, reader.lang(name.language)),
        term=element("a", term, {"href": reader.href(iri), "class": "code", "translate": "no", "dir": "ltr"}),
        line=reader.text(described) if described else NOTHING,
        count=reader.say.count(counted.count),
        share=max(1, round(100 * counted.count / most)),
    )
