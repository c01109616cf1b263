"""The SPARQL endpoint (SPARQL 1.1 Protocol section 2.1): queries by GET, form and direct POST, page, description.

HEAD, OPTIONS and CORS are the front's (``web.cache``). An extension for links: ``format=csv`` and the like override
the ``Accept`` header.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgpub import formats
from kgpub.engine import Answer, DatasetClause
from kgpub.errors import (
    AddressTooLong,
    BadRequest,
    KgpubError,
    NotAcceptable,
    QueryRefused,
    TooLong,
    UnsupportedMediaType,
)
from kgpub.formats import FORM, GRAPHS, HTML, RESULTS, SPARQL_QUERY, by_media_type, choose
from kgpub.represent import html, rdf
from kgpub.web.examples import examples
from kgpub.web.respond import PRIVATE, Reader, Served, reader, respond, served
from kgpub.web.service_description import service_description
from kgpub.web.sparql_page import table

SHORT_NAMES: Mapping[str, str] = {
    "json": formats.JSON.media_type,
    "xml": formats.RDF_XML.aliases[0],
    **{one.extension: one.media_type for one in (*RESULTS, *GRAPHS)},
}
"""What ``format=`` may say; ``json`` and ``xml`` are the fitting ones for rows and for triples."""
HEADERS = {"Vary": "Accept, Accept-Language", "X-Robots-Tag": "noindex"}

_PROTOCOL = {"query", "update", "default-graph-uri", "named-graph-uri"}
_ENCODED = 3
"""A byte takes at most three in a form."""
_ROOM = 65_536
"""Bytes of a form beyond its query."""

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Operation:
    """A query operation of the protocol: the text, the dataset, and what the client accepts."""

    query: str
    dataset: DatasetClause
    accept: str | None


async def by_get(request: Request) -> Response:
    """Answer a query in the address; without one, give the page or the description of the service."""
    now = served(request)
    parameters = _decoded(request.scope["query_string"])
    accept = _accept(request, parameters)
    if not any(name in _PROTOCOL for name, _ in parameters):
        return await _about(request, now, accept)
    if _prefers_page(accept):
        return await run_in_threadpool(_page, now, reader(request, now.site), parameters, accept)
    try:
        return await _answer(request, now, _operation(parameters, accept))
    except TooLong as error:
        raise AddressTooLong(error.detail) from error


async def by_post(request: Request) -> Response:
    """Answer a query in the body: a form, or the query itself."""
    now = served(request)
    kind = _media_type(request)
    address = _decoded(request.scope["query_string"])
    body = await _body(request, now.site.sparql.max_query * (_ENCODED if kind is FORM else 1) + _ROOM)
    if kind is FORM:
        misplaced = sorted({name for name, _ in address} & _PROTOCOL)
        if misplaced:
            raise BadRequest(f"“{misplaced[0]}” stands in the address of a form; it belongs in the body.")
        parameters = _decoded(body) + address
    else:
        parameters = [("query", _text(body)), *address]
    return await _answer(request, now, _operation(parameters, _accept(request, parameters)))


def router(mount: str) -> APIRouter:
    """The routes of the endpoint under the site's mount."""

    async def sparql(request: Request) -> Response:
        """Dispatch, so that one route knows every method and names them all in ``Allow``."""
        return await (by_post if request.method == "POST" else by_get)(request)

    routes = APIRouter()
    methods = ["GET", "HEAD", "OPTIONS", "POST"]
    routes.add_api_route(f"{mount}sparql", sparql, methods=methods, response_model=None, include_in_schema=False)
    return routes


def _decoded(text: bytes) -> Parameters:
    """Parameters of an address or a form, decoded once, strictly as UTF-8 (SPARQL 1.1 Protocol section 2.1.2)."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequest("The parameters are not UTF-8 in percent-encoding.") from error


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The query is not UTF-8: byte {error.start} cannot be read.") from error


def _media_type(request: Request) -> formats.Format:
    """The form or the SPARQL query that a body is; raises ``UnsupportedMediaType``."""
    header = request.headers.get("content-type", "")
    kind = by_media_type(header, (FORM, SPARQL_QUERY))
    if kind is None:
        raise UnsupportedMediaType(
            f"“{header}” means nothing here; send {FORM.media_type} or {SPARQL_QUERY.media_type}. There are no updates."
        )
    message = Message()
    message["Content-Type"] = header
    charset = message.get_content_charset("utf-8")
    if charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"The charset “{charset}” is not read here; send UTF-8.")
    return kind


async def _body(request: Request, most: int) -> bytes:
    """The body, read no further than what could hold a query of the permitted length."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLong(f"The request is longer than {most:,} bytes.")
    return bytes(body)


def _accept(request: Request, parameters: Parameters) -> str | None:
    """The ``Accept`` header, or what ``format=`` says instead."""
    wanted = [value for name, value in parameters if name == "format" and value]
    if not wanted:
        return request.headers.get("accept")
    if wanted[-1] not in SHORT_NAMES:
        raise BadRequest(f"There is no format “{wanted[-1]}”; there are: {', '.join(SHORT_NAMES)}.")
    return SHORT_NAMES[wanted[-1]]


def _operation(parameters: Parameters, accept: str | None) -> Operation:
    """The one query among the parameters, and its dataset; raises ``BadRequest`` or ``QueryRefused``."""
    values = {name: tuple(value for key, value in parameters if key == name) for name in _PROTOCOL}
    if values["update"]:
        raise QueryRefused("“update” is not done here: this endpoint only answers queries.")
    if len(values["query"]) != 1:
        reason = "There are several." if values["query"] else "There is none."
        raise BadRequest(f"A request carries one query. {reason}")
    default, named = values["default-graph-uri"], values["named-graph-uri"]
    dataset = DatasetClause(default, named) if default or named else DatasetClause()
    return Operation(values["query"][0], dataset, accept)


def _prefers_page(accept: str | None) -> bool:
    """Whether a page is wanted rather than an answer; who accepts anything gets the answer."""
    try:
        return choose(accept, (*RESULTS, *GRAPHS, HTML)) is HTML
    except NotAcceptable:
        return False


async def _answer(request: Request, now: Served, asked: Operation) -> Response:
    """The answer as a stream, broken off if it cannot be finished; spooled for HTTP/1.0, which would not notice."""
    answer = await run_in_threadpool(now.snapshot.engine.stream, asked.query, asked.accept, asked.dataset)
    headers = {**HEADERS, "Cache-Control": PRIVATE, "Content-Type": answer.format.content_type}
    if request.scope["http_version"] == "1.0":
        return Response(await run_in_threadpool(b"".join, answer.chunks), headers=headers)
    return StreamingResponse(_chunks(answer), headers=headers)


async def _chunks(answer: Answer) -> AsyncIterator[bytes]:
    """The chunks; the engine is told when the client goes away."""
    try:
        async for chunk in iterate_in_threadpool(answer.chunks):
            yield chunk
    finally:
        answer.chunks.close()


async def _about(request: Request, now: Served, accept: str | None) -> Response:
    """The form for people, the service description for machines (SPARQL 1.1 Service Description section 2)."""
    format = choose(accept, (*GRAPHS, HTML))
    if format is HTML:
        return await run_in_threadpool(_page, now, reader(request, now.site), [], accept)
    body = rdf.document(service_description(now.site, now.snapshot.statistics), format, now.site.all_prefixes)
    return respond(body, format, cache=PRIVATE, headers=HEADERS)


def _page(now: Served, who: Reader, parameters: Parameters, accept: str | None) -> Response:
    """The query page, with the result or the refusal of what was asked, and that one's status."""
    query = dict(parameters).get("query", "")
    result, refusal = None, None
    try:
        if query.strip():
            asked = _operation(parameters, accept)
            result = table(now.snapshot, asked.query, asked.dataset)
    except KgpubError as error:
        refusal = AddressTooLong(error.detail) if isinstance(error, TooLong) else error
    body = html.sparql(now.site, who.language, query, result, refusal, examples(now.site))
    headers = {"Content-Language": who.language, **HEADERS, "Content-Type": HTML.content_type}
    if refusal is None:
        return Response(body, headers={**headers, "Cache-Control": PRIVATE})
    return Response(body, refusal.status, headers={**headers, "Cache-Control": "no-store"})
