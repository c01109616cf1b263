"""Search at its addresses: a page for people, JSON for programs, suggestions, and what browsers want to know."""

import json
from collections.abc import Iterable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import NoSuchPage
from kgpub.formats import HTML, JSON, OPENSEARCH, SUGGESTIONS, Format, choose
from kgpub.kept.index import DESCRIPTION
from kgpub.model import Hit, Labels
from kgpub.represent import html
from kgpub.represent.frame import COMPLETIONS, OPENSEARCH_PAGE, SEARCH, SUGGEST
from kgpub.represent.searching import (
    HITS,
    Searched,
    completions_json,
    named,
    opensearch,
    search_json,
    suggestions_json,
)
from kgpub.represent.values import Reader
from kgpub.searching.search import QUERY_LENGTH
from kgpub.web.respond import PRIVATE, PUBLIC, Served, page_number, reader, respond, served

_MOST_CLASSES = 12
"""Classes by which what is found can be narrowed down."""
_NEVER_INDEXED = {"X-Robots-Tag": "noindex, nofollow"}


async def search(request: Request) -> Response:
    """Find things by what they are called and what is said of them (``?q=…&class=…&page=…``); any text is a query.

    ``class`` is an IRI or a CURIE. Raises ``BadIri`` for one that is neither, ``NoSuchPage`` beyond the last page.
    """
    now = served(request)
    format = choose(request.headers.get("accept"), (HTML, JSON))
    who = reader(request, now.site)
    found = _search(request, now, who.language)
    labels = _labels(now, named(found))
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": who.language, **_NEVER_INDEXED}
    if format is JSON:
        said = search_json(found, Reader(now.site, who.language, labels))
        return _json(said, JSON, headers)
    return respond(html.search(found, labels, now.site, who.language).encode(), HTML, cache=PRIVATE, headers=headers)


def _search(request: Request, now: Served, language: str) -> Searched:
    """A page of answers to what the request asks, with their descriptions and the counts of classes."""
    query, number = _query(request), page_number(request)
    written = request.query_params.get("class", "").strip()
    within = now.site.iris.expand(written) if written else ""
    index = now.snapshot.search
    answers = index.look(
        query, languages=_languages(now, language), type=within or None, limit=HITS, offset=(number - 1) * HITS
    )
    hits = answers.hits
    if number > 1 and not hits:
        raise NoSuchPage(f"There is no page {number} of these answers.")
    descriptions = now.snapshot.index.labels((hit.iri for hit in hits), DESCRIPTION)
    deprecated = now.snapshot.index.deprecated(hit.iri for hit in hits)
    schemes = _schemes(now, hits)
    classes = answers.classes(_MOST_CLASSES)
    return Searched(query, hits, answers.total, number, within, written, classes, descriptions, deprecated, schemes)


async def suggest(request: Request) -> Response:
    """Suggest names for what somebody is typing (``?q=…&lang=…``), at most eight, the best first."""
    return _suggested(request, JSON)


async def completions(request: Request) -> Response:
    """Suggest names in the form that browsers want (OpenSearch Suggestions 1.1)."""
    return _suggested(request, SUGGESTIONS)


def _suggested(request: Request, format: Format) -> Response:
    """The suggestions for ``?q=`` in one of their two forms."""
    now = served(request)
    choose(request.headers.get("accept"), (format,) if format is JSON else (format, JSON))
    who, query = reader(request, now.site), _query(request)
    hits = now.snapshot.search.suggest(query, _languages(now, who.language))
    schemes = _schemes(now, hits)
    told = Reader(now.site, who.language, _labels(now, (*_shown(hits), *schemes.values())))
    said = suggestions_json(query, hits, told, schemes) if format is JSON else completions_json(query, hits, told)
    headers = {"Content-Language": who.language, "Vary": "Accept, Accept-Language", **_NEVER_INDEXED}
    return _json(said, format, headers)


def _schemes(now: Served, hits: Iterable[Hit]) -> dict[str, str]:
    """A thesaurus that each hit belongs to, if any."""
    found = ((hit.iri, now.snapshot.index.thesaurus.schemes_of(hit.iri)) for hit in hits)
    return {iri: of[0] for iri, of in found if of and of[0]}


async def description(request: Request) -> Response:
    """Describe search to browsers, which can then add it to their own (OpenSearch 1.1)."""
    now = served(request)
    who = reader(request, now.site)
    headers = {"Content-Language": who.language} | ({} if who.fixed else {"Vary": "Accept-Language"})
    body = opensearch(Reader(now.site, who.language, {})).encode()
    return respond(body, OPENSEARCH, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def router(mount: str) -> APIRouter:
    """The routes of search under the site's mount."""
    routes = APIRouter()
    table = {
        SEARCH: search,
        SUGGEST: suggest,
        COMPLETIONS: completions,
        OPENSEARCH_PAGE: description,
    }
    for path, endpoint in table.items():
        routes.add_api_route(f"{mount}{path}", endpoint, methods=["GET"], response_model=None)
    return routes


def _query(request: Request) -> str:
    """What was asked; more than counts is not carried along."""
    return request.query_params.get("q", "")[:QUERY_LENGTH]


def _languages(now: Served, language: str) -> tuple[str, ...]:
    return (language, *(tag for tag in now.site.languages if tag != language))


def _labels(now: Served, iris: Iterable[str]) -> dict[str, Labels]:
    return dict(now.snapshot.index.labels(iris))


def _shown(hits: Iterable[Hit]) -> list[str]:
    """The things that suggestions name: each hit, and the first of its types."""
    return [iri for hit in hits for iri in (hit.iri, *hit.types[:1])]


def _json(value: object, format: Format, headers: dict[str, str]) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return respond(body, format, cache=PRIVATE, headers=headers)
