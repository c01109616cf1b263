"""What every page has around its own content: title, addresses in languages and formats, ways through the site."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from kgpub.formats import HTML, Format
from kgpub.iris import quoted
from kgpub.overrides import Overrides
from kgpub.profiles import DESCRIPTION, PROFILE, Profile
from kgpub.represent.logo import Logo, logo
from kgpub.represent.markup import NOTHING, escaped, plain, word
from kgpub.represent.tongues import own_name
from kgpub.represent.values import Reader, is_reachable, is_web
from kgpub.settings.tables import Words

CLASSES = "-/classes"
LINKS = "-/links"
DATA = "-/data"
SEARCH = "search"
SUGGEST = "-/suggest"
COMPLETIONS = "-/completions"
OPENSEARCH_PAGE = "-/opensearch.xml"
SPARQL = "sparql"
QUERIES = "-/queries"
ACCESSIBILITY = "-/accessibility"
PRIVACY = "-/privacy"
STATIC = "-/static/"
ONTOLOGY = "-/ontology"
THESAURUS = "-/thesaurus"
CONCEPTS = f"{THESAURUS}/concepts"
REPORT = "-/report"
QR = "-/qr.svg"
CARD = "-/card.png"
CITE = "-/cite"
VALUES = "-/values"
BROWSE = "-/browse"
COMPARE = "-/compare"
DOCUMENT = "-/document"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_FOOT = (("ontology", ONTOLOGY), ("accessibility", ACCESSIBILITY), ("privacy", PRIVACY))
_LONGEST_SUMMARY = 300
_LATIN = ("firago-latin-400.woff2", "firago-latin-600.woff2")
_GEORGIAN = ("firago-georgian-400.woff2", "firago-georgian-600.woff2")


class Anchor(NamedTuple):
    """A link of the interface: its words, its address, and whether it is where the reader is."""

    text: str
    href: str
    is_current: bool = False
    language: str = ""


class Alternate(NamedTuple):
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
    site_name: Markup
    """The title for where no element may stand."""
    home: str
    nav: tuple[Anchor, ...]
    search: str
    suggest: str
    opensearch: str
    query: str
    static: str
    publisher: Markup
    licence: Markup
    contact: Markup
    overrides: Overrides
    logo: Logo | None
    fonts: tuple[str, ...]
    foot: tuple[Anchor, ...]
    footer: Markup
    as_of: str
    """Where the page about the data is, which says how old counts are, if the data is asked of an endpoint."""
    quotes_licence: Markup
    is_indexed: bool = True
    report: str = ""
    image: str = ""
    is_card: bool = False


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
    added = "&".join([f"{quoted(name)}={quoted(value)}" for name, value in pairs])
    if not added:
        return path
    return f"{path}{'&' if '?' in path else '?'}{added}"


def address(path: str, profile: Profile, more: Iterable[tuple[str, str]] = ()) -> str:
    """An address of a thing or of its document, with a profile fixed; the default one needs no mention."""
    before, mark, fragment = path.partition("#")
    named = () if profile is DESCRIPTION else ((PROFILE, profile.token),)
    return with_query(before, (*named, *more)) + mark + fragment


def own_page(reader: Reader, path: str, pairs: Iterable[tuple[str, str]] = ()) -> Place:
    """The place of one of the application's pages, which take their language as ``?lang=``."""
    address = with_query(reader.iris.page(path), pairs)
    return Place(address, tuple((tag, with_query(address, [("lang", tag)])) for tag in reader.site.languages))


def document(reader: Reader, iri: str, formats: Iterable[Format], *, retired: bool = False) -> Place:
    """The place of an entity's page, with the formats that its description can be had in.

    What is ``retired`` has its statements elsewhere than at its own address.
    """
    path = reader.iris.about if retired else reader.iris.path
    whole = [(tag, path(iri, HTML, tag).partition("#")[0]) for tag in reader.site.languages]
    data = [
        Alternate(escaped(path(iri, one).partition("#")[0]), media_type=word(one.media_type), name=word(one.name))
        for one in formats
    ]
    return Place(path(iri, HTML).partition("#")[0], tuple(whole), tuple(data))


def frame(
    reader: Reader,
    place: Place,
    title: str,
    summary: str = "",
    *,
    query: str = "",
    indexed: bool = True,
    about: str = "",
) -> Frame:
    """The surroundings of a page: ``title`` is the page's own, ``summary`` says in a sentence what it shows.

    ``about`` is the IRI of the thing that the page describes, where it describes one.
    """
    site = reader.site
    of_site = _of_site(reader)
    heading, name, bare = plain(title), of_site.title, escaped(place.neutral.partition("?")[0])
    return replace(
        of_site,
        title=escaped(f"{heading} – {name}" if heading else name),
        summary=escaped(shorten(plain(summary) or of_site.summary)),
        canonical=escaped(reader.iris.canonical(place.of(reader.language))),
        alternates=_alternates(reader, place),
        switch=tuple(
            [
                Anchor(word(own_name(tag)), escaped(href), tag == reader.language, word(tag))
                for tag, href in place.by_language
            ]
        ),
        nav=_with_current(of_site.nav, bare),
        foot=_with_current(of_site.foot, bare),
        licence=reader.once("licence", site.licence, lambda: licence(reader)),
        contact=reader.once("contact", site.contact, lambda: _contact(reader)),
        query=plain(query),
        is_indexed=indexed,
        report=escaped(report_href(reader, about or reader.iris.canonical(place.neutral))),
        image=escaped(_card_href(reader, about) if about or not site.image else site.image),
        is_card=bool(about) or not site.image,
    )


def _card_href(reader: Reader, about: str) -> str:
    """The absolute address of the picture for link previews: of the thing that a page is about, or of the site."""
    pairs = [("iri", about)] if about else []
    return reader.iris.canonical(with_query(reader.iris.page(CARD), [*pairs, ("lang", reader.language)]))


def _of_site(reader: Reader) -> Frame:
    """What is around every page of the site in a language: title and summary are the site's, no address is given."""
    key = ("frame", reader.language)
    found: Frame | None = reader.site.alike.get(key)
    if found is None:
        found = reader.site.alike[key] = _framed(reader)
    return found


def _framed(reader: Reader) -> Frame:
    site, say = reader.site, reader.say
    name = site.words(site.title, reader.languages)
    pages = ((say("classes"), CLASSES), (say("sparql"), SPARQL), (say("saved"), QUERIES), (say("data"), DATA))
    return Frame(
        language=word(reader.language),
        title=plain(name.value),
        summary=plain(site.words(site.description, reader.languages).value),
        canonical="",
        alternates=(),
        switch=(),
        site_title=reader.text(name),
        site_name=escaped(reader.text(name).striptags()),
        home=escaped(reader.iris.page("", reader.language)),
        nav=_anchors(reader, pages),
        search=escaped(reader.iris.page(SEARCH)),
        suggest=escaped(reader.iris.page(SUGGEST, reader.language)),
        opensearch=escaped(reader.iris.page(OPENSEARCH_PAGE, reader.language)),
        query="",
        static=escaped(reader.iris.page(STATIC)),
        publisher=_publisher(reader),
        licence=NOTHING,
        contact=NOTHING,
        overrides=site.overrides,
        logo=logo(site.logo, site.overrides),
        fonts=tuple(map(word, (*_GEORGIAN, *_LATIN) if say.spoken == "ka" else (*_LATIN, _GEORGIAN[0]))),
        foot=_anchors(reader, ((say(key), path) for key, path in _FOOT)),
        footer=_words(reader, site.footer),
        as_of=reader.iris.page(DATA, reader.language) if site.engine else "",
        quotes_licence=_words(reader, site.quotes_licence),
    )


def _contact(reader: Reader) -> Markup:
    """A link to who answers for the site, nothing where nobody is named."""
    contact = reader.site.contact
    return reader.resource(contact) if is_reachable(contact) or is_web(contact) else NOTHING


def report_href(reader: Reader, iri: str, statement: str = "") -> str:
    """The address at which an error about a thing, or one statement about it, is reported; empty where none is told."""
    if not reader.site.reports_to:
        return ""
    pairs = [("iri", iri), ("statement", statement)]
    return with_query(reader.iris.page(REPORT, reader.language), [(name, value) for name, value in pairs if value])


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
    languages = [Alternate(escaped(canonical(href)), hreflang=word(tag)) for tag, href in place.by_language]
    return (*languages, Alternate(escaped(canonical(place.neutral)), hreflang=word("x-default")), *place.formats)


def _anchors(reader: Reader, named: Iterable[tuple[str, str]]) -> tuple[Anchor, ...]:
    """Links to pages of the application in the reader's language, out of their words and paths."""
    return tuple(Anchor(escaped(text), escaped(reader.iris.page(path, reader.language))) for text, path in named)


def _with_current(anchors: tuple[Anchor, ...], bare: str) -> tuple[Anchor, ...]:
    """The links with the one marked that leads to the page at this address without a query."""
    if not any(one.href.startswith(bare) for one in anchors):
        return anchors
    return tuple(one._replace(is_current=one.href.partition("?")[0] == bare) for one in anchors)


def _words(reader: Reader, value: Words) -> Markup:
    """A text of the settings, nothing where it is empty."""
    text = reader.site.words(value, reader.languages)
    return reader.text(text) if text.value else NOTHING


def _publisher(reader: Reader) -> Markup:
    """The publisher's name, linked to its own site where that is stated."""
    site = reader.site
    name = site.words(site.publisher, reader.languages)
    if not name.value:
        return NOTHING
    return reader.outside(site.publisher_url, name.value) if is_web(site.publisher_url) else reader.text(name)
