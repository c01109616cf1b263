"""``/-/browse``: a class narrowed down by facets, a page for people; as CSV, JSON-LD or Turtle for programs.

Parameters: ``class`` and any number of ``f`` (see ``kgpub.selection``), ``page``, ``lang``; what else an address
carries means nothing and is passed over. What cannot be read is 400; a choice or a page that is not there is 404.
"""

from collections.abc import AsyncIterator
from itertools import islice

from fastapi import APIRouter
from pyoxigraph import DefaultGraph, Literal, NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgpub import selection
from kgpub.engine import Pattern
from kgpub.errors import AddressTooLong, BadRequest, LimitReached, NoSuchEntity, NoSuchPage
from kgpub.formats import CSV, HTML, by_extension, choose
from kgpub.kept.facets import Slice
from kgpub.kept.index import DESCRIPTION
from kgpub.represent import facets as represent
from kgpub.represent.frame import BROWSE, COMPARE, DOCUMENT, LINKS, TYPE, with_query
from kgpub.represent.values import Reader as Reading
from kgpub.selection import Found, Selection
from kgpub.web.asking import ask, send
from kgpub.web.compare import compare
from kgpub.web.documents import document
from kgpub.web.respond import PRIVATE, PUBLIC, Reader, Served, page_number, reader, redirect, respond, served

MOST_ROWS = 50_000
"""Rows of a list that can be had as CSV in one go."""
_CHUNK = 100
_LONGEST = 16_000
_LEAVE_ALONE = {"X-Robots-Tag": "noindex, nofollow"}


async def browse(request: Request) -> Response:
    """Show a class's members, narrowed down, with what would narrow them down further."""
    choose(request.headers.get("accept"), (HTML,))
    now, number = served(request), page_number(request)
    who = reader(request, now.site)
    chosen = _asked(request, now)
    of = now.snapshot.facets.named(chosen.of)
    if of is None:
        return _plain_list(now, who, chosen.of)
    size = now.site.pages.links
    wanted = Slice(who.language, (number - 1) * size, size)
    found = await run_in_threadpool(now.snapshot.facets.browse, of, chosen, wanted)
    if number > 1 and not found.members:
        raise NoSuchPage(f"There is no page {number} of this list.")
    return await run_in_threadpool(lambda: _page(_browsed(now, chosen, found, number), now, who))


async def download(request: Request) -> Response:
    """Send the whole list in the format that the address ends with."""
    format = by_extension(request.path_params["extension"], represent.FORMATS)
    if format is None:
        names = ", ".join(one.extension for one in represent.FORMATS)
        raise NoSuchPage(f"A list can be had as: {names}.")
    now = served(request)
    chosen = _asked(request, now)
    of = now.snapshot.facets.named(chosen.of)
    if of is None:
        raise NoSuchEntity(chosen.of)
    found = await run_in_threadpool(now.snapshot.facets.browse, of, chosen, Slice(now.site.languages[0], 0, 0))
    headers = {**_LEAVE_ALONE, "Content-Disposition": f'attachment; filename="list.{format.extension}"'}
    if format is CSV:
        return _csv(now, reader(request, now.site), chosen, found, headers)
    query = selection.graph_query(chosen, found.kinds, of.membership)
    return await send(request, await ask(request, query, format.media_type), {**headers, "Cache-Control": PRIVATE})


def router(mount: str) -> APIRouter:
    """The routes of lists narrowed down, comparisons and documents under the site's mount."""
    routes = APIRouter()
    table = {BROWSE: browse, f"{BROWSE}.{{extension}}": download, COMPARE: compare, DOCUMENT: document}
    for path, endpoint in table.items():
        routes.add_api_route(f"{mount}{path}", endpoint, methods=["GET"], response_model=None, include_in_schema=False)
    return routes


def _asked(request: Request, now: Served) -> Selection:
    """The selection of a request; raises ``BadRequest``, ``BadIri`` or ``AddressTooLong`` for what is none."""
    if len(request.scope["query_string"]) > _LONGEST:
        raise AddressTooLong(f"The address is longer than {_LONGEST} bytes.")
    of = request.query_params.getlist("class")
    if len(of) != 1 or not of[0]:
        raise BadRequest("This address needs one class: ?class=…")
    return selection.read(now.site.iris.expand(of[0]), request.query_params.getlist("f"), now.site.iris)


def _plain_list(now: Served, who: Reader, iri: str) -> Response:
    """The way to the list of what cannot be browsed: too large, or without members in the default graph."""
    pairs = [("iri", iri), ("property", TYPE), ("lang", who.language)]
    return redirect(with_query(now.site.iris.page(LINKS), pairs), vary="Accept-Language")


def _browsed(now: Served, chosen: Selection, found: Found, number: int) -> represent.Browsed:
    """What the page is made of: labels, descriptions and types of everything on it."""
    index = now.snapshot.index
    types = {iri: _types(now, iri) for iri in found.members}
    values = [choice.value for facet in found.facets for choice in facet.choices]
    named = {chosen.of, *found.members, *(facet.property for facet in found.facets)}
    named |= {value.value for value in values if isinstance(value, NamedNode)}
    named |= {value.datatype.value for value in values if isinstance(value, Literal)}
    named |= {one for some in types.values() for one in some}
    within = ((iri, index.thesaurus.schemes_of(iri)) for iri in found.members)
    schemes = {iri: of[0] for iri, of in within if of and of[0]}
    named |= {*schemes.values()}
    return represent.Browsed(
        chosen=chosen,
        found=found,
        page=number,
        size=now.site.pages.links,
        labels=index.labels(sorted(named)),
        descriptions=index.labels((chosen.of, *found.members), DESCRIPTION),
        types=types,
        deprecated=index.deprecated(named),
        is_listed=chosen.of not in now.unlisted,
        schemes=schemes,
    )


def _types(now: Served, iri: str) -> tuple[str, ...]:
    """A few of the classes that a member is stated to be of."""
    pattern = Pattern(subject=NamedNode(iri), predicate=NamedNode(TYPE), graph=DefaultGraph())
    quads = now.snapshot.engine.quads(pattern, 4)
    return tuple(sorted(quad.object.value for quad in quads if isinstance(quad.object, NamedNode)))


def _page(browsed: represent.Browsed, now: Served, who: Reader) -> Response:
    headers = {"Content-Language": who.language}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    if not browsed.is_indexed:
        headers |= _LEAVE_ALONE
    body = represent.page(browsed, now.site, who.language).encode()
    return respond(body, HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _csv(now: Served, who: Reader, chosen: Selection, found: Found, headers: dict[str, str]) -> Response:
    """The list as CSV, a hundred lines at a time; refused whole where it is too long."""
    if found.count > MOST_ROWS:
        raise LimitReached(f"The list has {found.count} rows; as CSV it can have {MOST_ROWS}. Narrow it down first.")
    fields = {**headers, "Content-Type": CSV.content_type, "Cache-Control": PRIVATE, "Content-Language": who.language}
    if not who.fixed:
        fields["Vary"] = "Accept-Language"
    return StreamingResponse(_lines(now, who, chosen, found), headers=fields)


async def _lines(now: Served, who: Reader, chosen: Selection, found: Found) -> AsyncIterator[bytes]:
    properties = [facet.property for facet in found.facets]
    yield represent.csv_head(Reading(now.site, who.language, now.snapshot.index.labels(properties)), found.facets)
    members = now.snapshot.facets.members(found.of, chosen, who.language)
    while some := list(islice(members, _CHUNK)):
        yield await run_in_threadpool(_rows, now, who, found, some)


def _rows(now: Served, who: Reader, found: Found, members: list[str]) -> bytes:
    """Some members as lines of CSV with their values of each facet, as the default graph states them."""
    return b"".join(_row(now, who, found, iri) for iri in members)


def _row(now: Served, who: Reader, found: Found, iri: str) -> bytes:
    values: dict[str, list[NamedNode | Literal]] = {facet.property: [] for facet in found.facets}
    for quad in now.snapshot.engine.quads(Pattern(subject=NamedNode(iri), graph=DefaultGraph())):
        if quad.predicate.value in values and isinstance(quad.object, NamedNode | Literal):
            values[quad.predicate.value].append(quad.object)
    named = {value.value for some in values.values() for value in some if isinstance(value, NamedNode)}
    reading = Reading(now.site, who.language, now.snapshot.index.labels({iri, *named}))
    return represent.csv_line(reading, iri, [sorted(some, key=str) for some in values.values()])
