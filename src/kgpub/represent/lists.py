"""The pages that lead to entities as views: a list's page, and what lists have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kgpub.formats import JSON_LD, N_QUADS, TRIG, TURTLE
from kgpub.iris import short_name
from kgpub.making.dumps import CHECKSUMS, Dump
from kgpub.model import Counted, Hit, Listing, pick
from kgpub.represent.apart import apart, noted
from kgpub.represent.frame import CLASSES, TYPE, Anchor, Frame, Place, frame, with_query
from kgpub.represent.locale import DATE
from kgpub.represent.markup import NOTHING, anchor, element
from kgpub.represent.values import Reader
from kgpub.represent.ways import browse_href, members_href

DUMP = "-/dump"
_PACKINGS = ("gzip", "zstd", "")
"""The whole graph as a file, below the mount, before the format's extension."""

_NEIGHBOURS = 1


@dataclass(frozen=True)
class ClassView:
    """A class with its number of members: a link to their list, and one to the class's own page."""

    link: Markup
    about: Markup
    count: str


@dataclass(frozen=True)
class Paging:
    """The way through a list's pages; a gap in ``pages`` is None."""

    here: str
    pages: tuple[Anchor | None, ...]
    previous: str
    next: str


@dataclass(frozen=True)
class Row:
    """One row of a list: a link, a line about it, what it is, and why it was found."""

    link: Markup
    line: Markup = NOTHING
    types: tuple[Markup, ...] = ()
    matched: Markup = NOTHING


@dataclass(frozen=True)
class ListingView:
    """One page of a list."""

    frame: Frame
    path: tuple[Anchor, ...]
    heading: Markup
    relation: Markup
    about: Anchor
    count: str
    rows: tuple[Row, ...]
    paging: "Paging | None"
    below: Anchor | None = None


def listing_view(listing: Listing, predicate: str, reader: Reader, path: str) -> ListingView:
    """The view of a list's page: a class's members, or what points to a hub by a property."""
    say, is_class, notes = reader.say, predicate == TYPE, apart(reader, listing.members)
    name = reader.name(listing.iri)
    relation = NOTHING if is_class else reader.backwards(predicate)
    title = name.value if is_class else f"{name.value} ← {reader.name(predicate).value}"
    numbered = [("page", str(listing.page))] if listing.page > 1 else []
    addresses = ((tag, with_query(path, [("lang", tag), *numbered])) for tag in reader.site.languages)
    crumbs = [home_anchor(reader)]
    if is_class:
        crumbs.append(Anchor(say("classes"), reader.iris.page(CLASSES, reader.language)))
    else:
        crumbs.append(Anchor(name.value, reader.href(listing.iri), language=reader.lang(name.language) or ""))
    return ListingView(
        frame=frame(reader, Place(with_query(path, numbered), tuple(addresses)), title),
        path=tuple(crumbs),
        heading=reader.text(name),
        relation=relation,
        about=Anchor(say("list.about" if is_class else "list.hub"), reader.href(listing.iri)),
        count=say("list.count", count=say.count(listing.count)),
        rows=tuple(_row(reader, listing, member, notes) for member in listing.members),
        paging=paging(reader, path, [], listing.page, listing.pages),
        below=_below(reader, listing) if is_class else None,
    )


def _below(reader: Reader, listing: Listing) -> Anchor | None:
    """The way from the members that are stated to be of a class to the longer list with those of its subclasses."""
    if listing.members_below in (0, listing.count):
        return None
    text = reader.say("list.below", count=reader.say.count(listing.members_below))
    return Anchor(text, browse_href(reader, listing.iri))


def hit_row(reader: Reader, hit: Hit) -> Row:
    """A hit by its label, or by the text that matched where no label is at hand."""
    known = reader.known(hit.iri)
    matched = hit.matched if hit.matched.value and (known is None or hit.matched.value != known.value) else None
    if known is None and matched is not None:
        link = anchor(reader.href(hit.iri), matched.value, reader.lang(matched.language))
        return Row(link, types=reader.links(hit.types))
    return Row(
        reader.link(hit.iri), types=reader.links(hit.types), matched=reader.text(matched) if matched else NOTHING
    )


def paging(reader: Reader, path: str, pairs: Iterable[tuple[str, str]], page: int, pages: int) -> Paging | None:
    """The way from one page of a list to the others; None when there is only one."""
    if pages <= 1:
        return None
    fixed = [*pairs, ("lang", reader.language)]

    def href(number: int) -> str:
        return with_query(path, [*fixed, *([("page", str(number))] if number > 1 else [])])

    say = reader.say
    anchors: list[Anchor | None] = []
    last = 0
    for number in sorted({1, pages, *range(max(1, page - _NEIGHBOURS), min(pages, page + _NEIGHBOURS) + 1)}):
        anchors += [None] if number > last + 1 else []
        anchors.append(Anchor(say.count(number), href(number), number == page))
        last = number
    return Paging(
        here=say("list.page", page=say.count(page), pages=say.count(pages)),
        pages=tuple(anchors),
        previous=href(page - 1) if page > 1 else "",
        next=href(page + 1) if page < pages else "",
    )


def class_view(reader: Reader, counted: Counted) -> ClassView:
    """A class with its count, linked to the list of its members and to its own page."""
    name = reader.name(counted.iri)
    link = anchor(members_href(reader, counted.iri, TYPE), name.value, reader.lang(name.language))
    term = reader.iris.curie(counted.iri) or short_name(counted.iri)
    about = element("a", term, {"href": reader.href(counted.iri), "class": "code", "translate": "no"})
    return ClassView(link, about, reader.say.count(counted.count))


def home_anchor(reader: Reader) -> Anchor:
    """The way home."""
    return Anchor(reader.say("home"), reader.iris.page("", reader.language))


def downloads(reader: Reader, dumps: Sequence[Dump]) -> tuple[Anchor, ...]:
    """The whole graph as files, each format in its best packing; their checksums, and the description of it all."""
    page = reader.iris.page
    best: dict[str, Dump] = {}
    for dump in sorted((one for one in dumps if one.is_large), key=lambda one: _PACKINGS.index(one.coding)):
        if dump.coding or dump.format is not N_QUADS:
            best.setdefault(dump.extension, dump)
    return (
        Anchor(N_QUADS.name, page(f"{DUMP}.{N_QUADS.extension}")),
        *(
            Anchor(_file_name(reader, best[form.extension]), page(f"{DUMP}s/{best[form.extension].name}"))
            for form in (N_QUADS, TRIG, TURTLE, JSON_LD)
            if form.extension in best
        ),
        Anchor(reader.say("dumps.checksums"), page(f"{DUMP}s/{CHECKSUMS}")),
        Anchor(reader.say("dumps.void"), page(f"-/void.{TURTLE.extension}")),
    )


def _file_name(reader: Reader, dump: Dump) -> str:
    notes = (reader.say("dumps.default") if dump.default else "", dump.coding)
    return f"{dump.format.name} ({', '.join(filter(None, notes))})" if any(notes) else dump.format.name


def moment(reader: Reader, built: str) -> Markup:
    """A moment of the manifest (ISO 8601) as a date in the reader's language."""
    said = reader.say.date(built[:10], DATE)
    return element("time", said or built, {"datetime": built})


def _row(reader: Reader, listing: Listing, member: str, notes: Mapping[str, Markup]) -> Row:
    """A member by its label, with a line that describes it."""
    described = pick(listing.descriptions.get(member, {}), reader.languages)
    return Row(noted(reader.link(member), notes, member), reader.text(described) if described else NOTHING)
