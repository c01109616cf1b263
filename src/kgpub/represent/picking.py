"""What to compare a thing with: others of its class, or what a search finds; each a link to the comparison."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub import selection
from kgpub.model import Labels, pick
from kgpub.represent.frame import COMPARE, Anchor, Frame, frame, own_page, with_query
from kgpub.represent.html import filled
from kgpub.represent.lists import home_anchor
from kgpub.represent.markup import NOTHING
from kgpub.represent.values import Reader
from kgpub.settings import Settings


@dataclass(frozen=True)
class Picking:
    """What is chosen so far, what somebody looks for, and what is offered; ``of`` is the class that it is all of."""

    chosen: tuple[str, ...]
    query: str
    offered: tuple[str, ...]
    of: str
    labels: Mapping[str, Labels]
    descriptions: Mapping[str, Labels]


@dataclass(frozen=True)
class Offer:
    """Something to compare with: its name, the comparison's address, a line about it."""

    name: Markup
    href: str
    line: Markup


@dataclass(frozen=True)
class PickView:
    """The page on which a comparison is put together."""

    frame: Frame
    home: Anchor
    chosen: tuple[Markup, ...]
    written: tuple[str, ...]
    query: str
    action: str
    back: str
    caption: Markup
    offers: tuple[Offer, ...]


def page(picking: Picking, site: Settings, language: str) -> str:
    """The page on which a comparison is put together."""
    return filled("compare_pick", pick_view(picking, Reader(site, language, picking.labels)), language)


def pick_view(picking: Picking, reader: Reader) -> PickView:
    """The view of the page on which a comparison is put together."""
    say, asked = reader.say, [("q", picking.query)]
    name = reader.name(picking.of) if picking.of and not picking.query else None
    place = own_page(reader, COMPARE, [*pairs(reader, picking.chosen), *asked])
    return PickView(
        frame=frame(reader, place, say("compare.choose"), say("compare.pick"), indexed=False),
        home=home_anchor(reader),
        chosen=tuple(reader.link(iri) for iri in picking.chosen),
        written=tuple(value for _, value in pairs(reader, picking.chosen)),
        query=picking.query,
        action=reader.iris.page(COMPARE),
        back=href(reader, picking.chosen) if len(picking.chosen) > 1 else "",
        caption=reader.text(name) if name else NOTHING,
        offers=tuple(_offer(reader, picking, iri) for iri in picking.offered),
    )


def pairs(reader: Reader, iris: Iterable[str]) -> list[tuple[str, str]]:
    """Things as parameters of the comparison's address."""
    return [("iri", selection.name(iri, reader.iris)) for iri in iris]


def href(reader: Reader, iris: Sequence[str]) -> str:
    """The address of a comparison in the reader's language."""
    return with_query(reader.iris.page(COMPARE), [*pairs(reader, iris), ("lang", reader.language)])


def add_href(reader: Reader, iris: Sequence[str]) -> str:
    """The address of the page on which something is added to a comparison."""
    return with_query(reader.iris.page(COMPARE), [*pairs(reader, iris), ("q", ""), ("lang", reader.language)])


def _offer(reader: Reader, picking: Picking, iri: str) -> Offer:
    described = pick(picking.descriptions.get(iri, {}), reader.languages)
    return Offer(
        name=reader.text(reader.name(iri)),
        href=href(reader, (*picking.chosen, iri)),
        line=reader.text(described) if described else NOTHING,
    )
