"""Search as a view, as JSON and as an OpenSearch description: what was found, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType

from markupsafe import Markup, escape

from kgpub.formats import HTML, JSON, OPENSEARCH, SUGGESTIONS
from kgpub.model import Counted, Hit, Labels, Text, pick
from kgpub.represent.apart import apart, noted
from kgpub.represent.classes import told_first
from kgpub.represent.frame import COMPLETIONS, OPENSEARCH_PAGE, SEARCH, Frame, frame, own_page, with_query
from kgpub.represent.lists import Paging, paging
from kgpub.represent.markup import NOTHING, element, plain, visible
from kgpub.represent.values import Reader

HITS = 20
"""Hits on one page of a search."""

_REASONS = {
    "label": "search.reason.label",
    "alternative": "search.reason.alternative",
    "description": "search.reason.description",
    "similar": "search.reason.similar",
}
_SHORT_NAME = 16
_LONG_NAME = 48
_DESCRIPTION = 1024


@dataclass(frozen=True)
class Searched:
    """What was asked and what was found: one page of hits, and how many things of which class there are in all.

    ``within`` is the class that the answers are limited to, as an IRI, and ``written`` as the address has it;
    ``schemes`` are the thesauri that hits belong to.
    """

    query: str
    hits: Sequence[Hit]
    count: int
    page: int = 1
    within: str = ""
    written: str = ""
    classes: Sequence[Counted] = ()
    descriptions: Mapping[str, Labels] | None = None
    deprecated: frozenset[str] = frozenset()
    schemes: Mapping[str, str] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages the hits fill."""
        return -(-self.count // HITS)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that say what was asked, without language and page."""
        return [("q", self.query), *([("class", self.written or self.within)] if self.within else [])]


@dataclass(frozen=True)
class Found:
    """A hit on the page: a link, what it is, a line about it, and why it was found, in a word and in the text."""

    link: Markup
    types: tuple[Markup, ...]
    line: Markup
    reason: str
    matched: Markup


@dataclass(frozen=True)
class Choice:
    """A class that the answers can be limited to."""

    link: Markup
    count: str


@dataclass(frozen=True)
class SearchView:
    """One page of search answers."""

    frame: Frame
    query: str
    within: str
    limit: Markup
    unlimited: str
    count: str
    rows: tuple[Found, ...]
    choices: tuple[Choice, ...]
    paging: Paging | None


def search_view(searched: Searched, reader: Reader) -> SearchView:
    """The view of a page of search answers."""
    say, query = reader.say, searched.query
    title = say("search.title", query=plain(query)) if query else say("search")
    numbered = [("page", str(searched.page))] if searched.page > 1 else []
    kinds = {hit.iri: hit.types for hit in searched.hits}
    notes = apart(reader, list(kinds), kinds, searched.schemes)
    return SearchView(
        frame=frame(reader, own_page(reader, SEARCH, [*searched.pairs, *numbered]), title, query=query, indexed=False),
        query=query,
        within=searched.written or searched.within,
        limit=reader.text(reader.name(searched.within)) if searched.within else NOTHING,
        unlimited=_href(reader, query, ""),
        count=say("search.count", count=say.count(searched.count)),
        rows=tuple(_found(reader, hit, searched.descriptions or {}, notes) for hit in searched.hits),
        choices=_choices(searched, reader),
        paging=paging(reader, reader.iris.page(SEARCH), searched.pairs, searched.page, searched.pages),
    )


def search_json(searched: Searched, reader: Reader) -> dict[str, object]:
    """A page of search answers for programs."""
    return {
        "query": searched.query,
        "class": searched.within or None,
        "count": searched.count,
        "page": searched.page,
        "pages": searched.pages,
        "classes": [
            {"iri": one.iri, "labels": reader.labels.get(one.iri, {}), "count": one.count} for one in searched.classes
        ],
        "hits": [_hit(reader, hit, (searched.descriptions or {}).get(hit.iri, {})) for hit in searched.hits],
    }


def suggestions_json(
    query: str, hits: Sequence[Hit], reader: Reader, schemes: Mapping[str, str] = MappingProxyType({})
) -> dict[str, object]:
    """Names that somebody may be in the middle of typing, for the search box; ``schemes`` are thesauri of the hits."""
    kinds = {hit.iri: hit.types for hit in hits}
    notes = apart(reader, list(kinds), kinds, schemes)
    return {"query": query, "suggestions": [_suggestion(reader, hit, notes) for hit in hits]}


def completions_json(query: str, hits: Sequence[Hit], reader: Reader) -> list[object]:
    """The same as browsers want it (OpenSearch Suggestions 1.1): the query, names, what they are, addresses."""
    canonical = reader.iris.canonical
    return [
        query,
        [reader.name(hit.iri).value for hit in hits],
        [_type(reader, hit).value for hit in hits],
        [canonical(reader.href(hit.iri)) for hit in hits],
    ]


def opensearch(reader: Reader) -> str:
    """The description of search by which a browser adds it to its own (OpenSearch 1.1, Draft 6)."""
    site, iris, language = reader.site, reader.iris, reader.language
    name = plain(site.words(site.title, reader.languages).value)
    about = plain(site.words(site.description, reader.languages).value) or name
    asked = iris.canonical(iris.page(SEARCH)) + "?q={searchTerms}&lang=" + language
    completed = iris.canonical(iris.page(COMPLETIONS)) + "?q={searchTerms}&lang=" + language
    itself = iris.canonical(iris.page(OPENSEARCH_PAGE, language))
    urls = (
        ("results", HTML, asked),
        ("results", JSON, asked),
        ("suggestions", SUGGESTIONS, completed),
        ("self", OPENSEARCH, itself),
    )
    lines = [
        _tag("ShortName", _cut(name, _SHORT_NAME)),
        _tag("LongName", _cut(name, _LONG_NAME)),
        _tag("Description", _cut(about, _DESCRIPTION)),
        *(Markup('<Url rel="{}" type="{}" template="{}"/>').format(rel, one.media_type, url) for rel, one, url in urls),
        _tag("Language", language),
        _tag("InputEncoding", "UTF-8"),
        _tag("OutputEncoding", "UTF-8"),
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">'
    )
    return visible("\n".join((head, *lines, "</OpenSearchDescription>", "")))


def named(searched: Searched) -> list[str]:
    """Every IRI whose label a page of answers shows."""
    hits = chain.from_iterable((hit.iri, *hit.types) for hit in searched.hits)
    return [
        *hits,
        *searched.schemes.values(),
        *(one.iri for one in searched.classes),
        *([searched.within] if searched.within else []),
    ]


def _tag(name: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(name), text)  # noqa: S704 # names of ours


def _cut(text: str, most: int) -> str:
    """The text in at most so many characters, cut at a word where it can be."""
    if len(text) <= most:
        return text
    return (text[: most + 1].rpartition(" ")[0] or text[:most]).rstrip(" ,;:–—-")


def _href(reader: Reader, query: str, within: str) -> str:
    """The address of the answers to a query among the things of a class, or all."""
    pairs = [("q", query), *([("class", within)] if within else []), ("lang", reader.language)]
    return with_query(reader.iris.page(SEARCH), pairs)


def _choices(searched: Searched, reader: Reader) -> tuple[Choice, ...]:
    """The classes of what was found; the one that the answers are limited to is marked, and is always among them."""
    counted = told_first(searched.classes, reader.site)
    if searched.within and searched.within not in {one.iri for one in counted}:
        counted.append(Counted(searched.within, searched.count))
    return tuple(_choice(reader, searched, one) for one in counted if one.count)


def _choice(reader: Reader, searched: Searched, one: Counted) -> Choice:
    """A link that limits the answers to a class."""
    name = reader.name(one.iri)
    attributes = {
        "href": _href(reader, searched.query, reader.iris.curie(one.iri) or one.iri),
        "lang": reader.lang(name.language),
        "dir": "auto",
        "aria-current": "true" if one.iri == searched.within else None,
    }
    return Choice(element("a", name.value, attributes), reader.say.count(one.count))


def _found(reader: Reader, hit: Hit, descriptions: Mapping[str, Labels], notes: Mapping[str, Markup]) -> Found:
    """A hit by its label, with what matched marked where it stands."""
    known, matched = reader.known(hit.iri), hit.matched
    shown = known or (matched if hit.reason != "description" and matched.value else None)
    is_shown = shown == matched
    marks = hit.marks if is_shown else ()
    link = _link(reader, hit.iri, shown, marks) if shown else reader.link(hit.iri)
    about = pick(descriptions.get(hit.iri, {}), reader.languages) if hit.reason != "description" else None
    is_told = hit.reason == "similar" or (not is_shown and matched.value != "")
    return Found(
        link=noted(link, notes, hit.iri),
        types=reader.links(hit.types),
        line=reader.text(about) if about else NOTHING,
        reason=reader.say(_REASONS[hit.reason]) if is_told else "",
        matched=NOTHING if is_shown else _marked(reader, "span", matched, hit.marks, {}),
    )


def _link(reader: Reader, iri: str, text: Text, marks: Sequence[tuple[int, int]]) -> Markup:
    """A link to a thing's page, with what matched of its name marked."""
    return _marked(reader, "a", text, marks, {"href": reader.href(iri)}) + reader.mark(iri)


def _marked(
    reader: Reader, name: str, text: Text, marks: Sequence[tuple[int, int]], attributes: Mapping[str, str]
) -> Markup:
    """A text in an element of its own, with runs of its characters marked; nothing for no text."""
    if not text.value:
        return NOTHING
    pieces, last = [], 0
    for start, end in marks:
        pieces += [escape(text.value[last:start]), element("mark", text.value[start:end])]
        last = end
    content = Markup("").join([*pieces, escape(text.value[last:])])
    return element(name, content, {**attributes, "lang": reader.lang(text.language), "dir": "auto"})


def _hit(reader: Reader, hit: Hit, descriptions: Labels) -> dict[str, object]:
    """A hit for programs."""
    return {
        "iri": hit.iri,
        "labels": reader.labels.get(hit.iri, {}),
        "descriptions": descriptions,
        "types": list(hit.types),
        "reason": hit.reason,
        "matched": hit.matched.value,
        "language": hit.matched.language,
        "marks": hit.marks,
        "page": reader.iris.path(hit.iri),
    }


def _suggestion(reader: Reader, hit: Hit, notes: Mapping[str, Markup]) -> dict[str, object]:
    """A suggestion: its name, what it is, what tells it from others, the text that matched if another, its page."""
    name, type, matched = reader.known(hit.iri) or hit.matched, _type(reader, hit), hit.matched
    other = {} if matched == name else {"matched": matched.value, "matched_language": matched.language}
    return {
        "iri": hit.iri,
        "label": name.value,
        "language": name.language,
        "type": type.value,
        "type_language": type.language,
        "reason": hit.reason,
        "marks": hit.marks,
        "page": reader.href(hit.iri),
        **({"note": notes[hit.iri].striptags()} if hit.iri in notes else {}),
        **other,
    }


def _type(reader: Reader, hit: Hit) -> Text:
    """What a hit is, in a word."""
    return reader.name(hit.types[0]) if hit.types else Text("")
