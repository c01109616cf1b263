"""Saved queries over HTTP: the gallery, a page each, and their answers at an address per format.

``/-/queries/NAME`` is the page, ``/-/queries/NAME.csv?country=…`` the answer, ``/-/queries/NAME.rq`` the query with the
given values. The site's files are read once for each time that settings are loaded, never per request.
"""

from itertools import chain, islice

from fastapi import APIRouter
from pyoxigraph import DefaultGraph, NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kgpub import saved
from kgpub.engine import DatasetClause, Engine, Pattern
from kgpub.errors import AddressTooLong, KgpubError, NoSuchPage, NotAcceptable, TooLong
from kgpub.formats import HTML, JSON, SPARQL_QUERY, Format, choose
from kgpub.represent.frame import QUERIES, TYPE
from kgpub.represent.html import json_text
from kgpub.represent.openapi import openapi_paths
from kgpub.represent.saved import Asked, formats, gallery_page, listed, query_page
from kgpub.saved import SavedQuery, Values
from kgpub.settings.tables import RDFS
from kgpub.web.asking import ask, send
from kgpub.web.examples import gallery
from kgpub.web.operation import Operation, decoded
from kgpub.web.respond import PRIVATE, PUBLIC, Reader, Served, reader, respond, served
from kgpub.web.table import table

__all__ = ["gallery", "openapi_paths", "router"]

MEMBERS = 200
"""Most things of a class that a form offers; more are searched for."""

_CLASSES = 100
_LANG = "lang"

Given = tuple[tuple[str, str], ...]


async def index(request: Request) -> Response:
    """List the saved queries: a page for people, JSON for machines."""
    now = served(request)
    is_json = request.url.path.endswith(f".{JSON.extension}")
    format = JSON if is_json else choose(request.headers.get("accept"), (HTML, JSON))
    if format is JSON:
        body = json_text(listed(gallery(now.site), now.site.iris))
        return respond(body.encode(), JSON, cache=PUBLIC if is_json else PRIVATE, headers={"Vary": "Accept"})
    who = reader(request, now.site)
    return _page(gallery_page(gallery(now.site), now.site, who.language), who)


async def query(request: Request) -> Response:
    """Show a saved query, or send its answer or its text, by the ending of the address."""
    now = served(request)
    name, dot, extension = request.path_params["file"].partition(".")
    found = gallery(now.site).named(name)
    if found is None:
        raise NoSuchPage(f"There is no saved query “{name}”.")
    given = tuple(decoded(request.scope["query_string"]))
    if dot:
        return await _data(request, found, extension, given)
    choose(request.headers.get("accept"), (HTML,))
    who = reader(request, now.site)
    asked = tuple(pair for pair in given if pair[0] != _LANG)
    return await run_in_threadpool(_query_page, now, who, await _asked(request, now, found, asked))


def router(mount: str) -> APIRouter:
    """The routes of the saved queries under the site's mount."""
    routes = APIRouter()
    table = {QUERIES: index, f"{QUERIES}.{JSON.extension}": index, f"{QUERIES}/{{file}}": query}
    for path, endpoint in table.items():
        routes.add_api_route(f"{mount}{path}", endpoint, methods=["GET"], response_model=None, include_in_schema=False)
    return routes


async def _data(request: Request, query: SavedQuery, extension: str, given: Given) -> Response:
    """The answer in the format of an ending, or the query's own text."""
    site = served(request).site
    values = query.values(given, site.iris)
    if extension == SPARQL_QUERY.extension:
        text = saved.standalone(query.bound(values) if given else query.text, site)
        return respond(text.encode(), SPARQL_QUERY, headers=_headers(query, SPARQL_QUERY))
    format = _format(query, extension)
    try:
        stream = await ask(request, query.bound(values), format.media_type)
    except TooLong as error:
        raise AddressTooLong(error.detail) from error
    return await send(request, stream, {**_headers(query, format), "Cache-Control": PUBLIC})


def _headers(query: SavedQuery, format: Format) -> dict[str, str]:
    return {
        "X-Robots-Tag": "noindex",
        "Content-Disposition": f'inline; filename="{query.name}.{format.extension}"',
    }


def _format(query: SavedQuery, extension: str) -> Format:
    """The format of an ending (``json``, ``xml``: what fits); raises ``NoSuchPage`` or ``NotAcceptable``."""
    offered = formats(query.kind)
    names = {one.extension: one for one in offered}
    for one in reversed(offered):
        names |= {alias.rpartition("/")[2]: one for alias in one.aliases if alias.rpartition("/")[2] in {"json", "xml"}}
    if extension in names:
        return names[extension]
    reason = f"The query “{query.name}” answers with {query.kind.value}, which can be had as: {', '.join(names)}."
    if any(extension == one.extension for kind in saved.Kind for one in formats(kind)):
        raise NotAcceptable(reason, tuple(one.media_type for one in offered))
    raise NoSuchPage(f"“{extension}” is no format. {reason}")


def _query_page(now: Served, who: Reader, asked: Asked) -> Response:
    """The page of a query with the beginning of its answer, or with the refusal of what was given and its status."""
    query, engine = asked.query, now.snapshot.engine
    members = {one.name: found for one in query.parameters if one.of and (found := _members(engine, one.of))}
    terms = (
        *chain.from_iterable(asked.values.values()),
        *chain.from_iterable((*one.choices, one.default) for one in query.parameters),
    )
    named = {term.value for term in terms if isinstance(term, NamedNode)}
    named |= {iri for one in query.parameters for iri in (one.of, *members.get(one.name, ())) if iri}
    labels = now.snapshot.index.labels(sorted(named))
    body = query_page(asked, gallery(now.site), members, labels, now.site, who.language)
    return _page(body, who, asked.error, is_plain=not asked.given)


async def _asked(request: Request, now: Served, query: SavedQuery, given: Given) -> Asked:
    """A query with what was given, and the beginning of its answer if it needs no more than that."""
    values: Values = query.defaults
    try:
        values = query.values(given, now.site.iris)
        if query.missing(values):
            return Asked(query, given, values)
        found = (await table(request, now, Operation(query.bound(values), DatasetClause(), None))).table
    except KgpubError as error:
        refusal = AddressTooLong(error.detail) if isinstance(error, TooLong) else error
        return Asked(query, given, values, error=refusal)
    return Asked(query, given, values, found)


def _members(engine: Engine, of: str) -> tuple[str, ...]:
    """The things of a class and of the classes below it; none where there are more than a form can offer."""
    classes = {of}
    waiting = [of]
    while waiting and len(classes) < _CLASSES:
        above = Pattern(predicate=NamedNode(RDFS + "subClassOf"), object=NamedNode(waiting.pop()), graph=DefaultGraph())
        below = {quad.subject.value for quad in engine.quads(above, _CLASSES) if isinstance(quad.subject, NamedNode)}
        waiting += sorted(below - classes)
        classes |= below
    found: set[str] = set()
    for one in sorted(classes):
        typed = Pattern(predicate=NamedNode(TYPE), object=NamedNode(one), graph=DefaultGraph())
        quads = islice(engine.quads(typed, MEMBERS + 1), MEMBERS + 1)
        found |= {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        if len(found) > MEMBERS:
            return ()
    return tuple(sorted(found))


def _page(body: str, who: Reader, error: KgpubError | None = None, *, is_plain: bool = True) -> Response:
    """A page in the reader's language; one with values, and a refusal, is for nobody else."""
    headers = {"Content-Language": who.language}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    if error is not None:
        headers |= {"Content-Type": HTML.content_type, "Cache-Control": "no-store"}
        return Response(body, error.status, headers=headers)
    cache = PUBLIC if who.fixed and is_plain else PRIVATE
    return respond(body.encode(), HTML, cache=cache, headers=headers)
