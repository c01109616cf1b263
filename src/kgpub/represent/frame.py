"""What every page has around its own content: title, addresses in languages and formats, ways through the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from kgpub.formats import HTML, Format
from kgpub.represent.locale import own_name
from kgpub.represent.markup import NOTHING, plain
from kgpub.represent.values import Reader, is_reachable, is_web

CLASSES = "-/classes"
LINKS = "-/links"
DATA = "-/data"
SEARCH = "search"
SPARQL = "sparql"
QUERIES = "-/queries"
STATIC = "-/static/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_LONGEST_SUMMARY = 300


@dataclass(frozen=True)
class Anchor:
    """A link of the interface: its words, its address, and whether it is where the reader is."""

    text: str
    href: str
    is_current: bool = False
    language: str = ""


@dataclass(frozen=True)
class Alternate:
    """The same thing elsewhere: in another language or as data (HTML section 4.6.7.1)."""

    href: str
    hreflang: str = ""
    media_type: str = ""
    name: str = ""


@dataclass(frozen=True)
class Frame:
    """One page's surroundings, in the reader's language."""

    language: str
    title: str
    summary: str
    canonical: str
    alternates: tuple[Alternate, ...]
    switch: tuple[Anchor, ...]
    site_title: Markup
    home: str
    nav: tuple[Anchor, ...]
    search: str
    query: str
    static: str
    publisher: Markup
    licence: Markup
    contact: Markup
    is_indexed: bool = True


@dataclass(frozen=True)
class Place:
    """A page's own address in each language, and without one."""

    neutral: str
    by_language: tuple[tuple[str, str], ...]
    formats: tuple[Alternate, ...] = ()

    def of(self, language: str) -> str:
        """The address in one language."""
        return dict(self.by_language)[language]


def with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A path with more query parameters, after those it has."""
    added = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    if not added:
        return path
    return f"{path}{'&' if '?' in path else '?'}{added}"


def own_page(reader: Reader, path: str, pairs: Iterable[tuple[str, str]] = ()) -> Place:
    """The place of one of the application's pages, which take their language as ``?lang=``."""
    address = with_query(reader.iris.page(path), pairs)
    return Place(address, tuple((tag, with_query(address, [("lang", tag)])) for tag in reader.site.languages))


def document(reader: Reader, iri: str, formats: Iterable[Format]) -> Place:
    """The place of an entity's page, with the formats that its description can be had in."""
    path = reader.iris.path
    whole = [(tag, path(iri, HTML, tag).partition("#")[0]) for tag in reader.site.languages]
    data = (Alternate(path(iri, one).partition("#")[0], media_type=one.media_type, name=one.name) for one in formats)
    return Place(path(iri, HTML).partition("#")[0], tuple(whole), tuple(data))


def frame(
    reader: Reader, place: Place, title: str, summary: str = "", *, query: str = "", indexed: bool = True
) -> Frame:
    """The surroundings of a page: ``title`` is the page's own, ``summary`` says in a sentence what it shows."""
    site, say = reader.site, reader.say
    name = site.words(site.title, reader.languages)
    own = place.of(reader.language)
    heading = plain(title)
    return Frame(
        language=reader.language,
        title=f"{heading} – {plain(name.value)}" if heading else plain(name.value),
        summary=shorten(plain(summary or site.words(site.description, reader.languages).value)),
        canonical=reader.iris.canonical(own),
        alternates=_alternates(reader, place),
        switch=tuple(Anchor(own_name(tag), href, tag == reader.language, tag) for tag, href in place.by_language),
        site_title=reader.text(name),
        home=reader.iris.page("", reader.language),
        nav=tuple(
            Anchor(
                say(key),
                reader.iris.page(path, reader.language),
                place.neutral.partition("?")[0] == reader.iris.page(path),
            )
            for key, path in (("classes", CLASSES), ("sparql", SPARQL), ("saved", QUERIES), ("data", DATA))
        ),
        search=reader.iris.page(SEARCH),
        query=plain(query),
        static=reader.iris.page(STATIC),
        publisher=_publisher(reader),
        licence=licence(reader),
        contact=reader.resource(site.contact) if is_reachable(site.contact) or is_web(site.contact) else NOTHING,
        is_indexed=indexed,
    )


def shorten(text: str) -> str:
    """The text, cut at a word when it is too long for a summary."""
    if len(text) <= _LONGEST_SUMMARY:
        return text
    return text[:_LONGEST_SUMMARY].rpartition(" ")[0] + "…"


def licence(reader: Reader) -> Markup:
    """A link to the licence of the data, nothing where none is stated."""
    return reader.outside(reader.site.licence, licence_name(reader)) if is_web(reader.site.licence) else NOTHING


def licence_name(reader: Reader) -> str:
    """The licence's label, or a Creative Commons licence's usual short name, or its address."""
    known = reader.known(reader.site.licence)
    if known is not None:
        return known.value
    before, found, rest = reader.site.licence.partition("creativecommons.org/licenses/")
    if found and before in {"https://", "http://"}:
        kind, _, version = rest.strip("/").partition("/")
        return f"CC {kind.upper()} {version.partition('/')[0]}".strip()
    return reader.site.licence


def _alternates(reader: Reader, place: Place) -> tuple[Alternate, ...]:
    """The page in every language, negotiated, and as data; absolute below the configured base."""
    canonical = reader.iris.canonical
    languages = (Alternate(canonical(href), hreflang=tag) for tag, href in place.by_language)
    return (*languages, Alternate(canonical(place.neutral), hreflang="x-default"), *place.formats)


def _publisher(reader: Reader) -> Markup:
    """The publisher's name, linked to its own site where that is stated."""
    site = reader.site
    name = site.words(site.publisher, reader.languages)
    if not name.value:
        return NOTHING
    return reader.outside(site.publisher_url, name.value) if is_web(site.publisher_url) else reader.text(name)
