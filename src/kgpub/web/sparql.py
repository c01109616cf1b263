"""The SPARQL endpoint (SPARQL 1.1 Protocol section 2.1): queries in addresses and bodies, page, description.

OPTIONS and CORS are the front's (``web.cache``). It is reached without the framework's routes and middleware, which
cost more than a small answer.
"""

import re
from email.message import Message
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kgpub import formats
from kgpub.engine.stream import Trace
from kgpub.errors import AddressTooLong, BadRequest, Gone, KgpubError, MethodNotAllowed, TooLong, UnsupportedMediaType
from kgpub.formats import FORM, GRAPHS, HTML, SPARQL_QUERY, TABLES, by_media_type, choose
from kgpub.represent import rdf
from kgpub.web import problems, sparql_page
from kgpub.web.asking import BEGUN, ask
from kgpub.web.asking import send as send_answer
from kgpub.web.operation import HEADERS, PROTOCOL, Operation, Parameters, accepted, decoded, operation, prefers_page
from kgpub.web.respond import PRIVATE, Served, link, reader, respond, served
from kgpub.web.service_description import service_description

METHODS = "GET, HEAD, OPTIONS, POST, QUERY"
"""The methods of the endpoint."""

_ENCODED = 3
"""A byte takes at most three in a form."""
_OF_THE_MOMENT = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*\(", re.IGNORECASE)
"""What gives another answer each time, whatever stands before it."""
_AS_QUERY = f'&format={SPARQL_QUERY.extension}>; rel="describedby"; type="{SPARQL_QUERY.media_type}"'
_UNSAFE = re.compile(r"[^!-~]|[<>\"]")
_ROOM = 65_536
"""Bytes of a form beyond its query."""
_LINKED = 2_000
"""Bytes of parameters beyond which a head does not repeat them."""


class Endpoint:
    """The endpoint as an ASGI application of its own, within another one whose state it shares."""

    def __init__(self, app: Starlette) -> None:
        """Answer in the name of ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; every refusal is an answer too."""
        scope["app"] = self._app
        request = Request(scope, receive)
        try:
            response = await _dispatch(request)
        except KgpubError as error:
            response = await problems.refuse(request, error)
            if isinstance(error, MethodNotAllowed):
                response.headers["Allow"] = METHODS
            if isinstance(error, Gone) and request.method == "GET" and _can_be_linked(scope["query_string"]):
                response.headers["Link"] = _present_link(request)
        except Exception as error:  # noqa: BLE001 - a fault of ours is an answer, its insides go to the log
            response = await problems.fail(request, error)
        finally:
            if BEGUN in scope:  # what is asked now is another question than was begun
                scope.pop(BEGUN).early.abandon()
        await response(scope, receive, send)


async def _dispatch(request: Request) -> Response:
    if request.method in {"POST", "QUERY"}:
        return await by_post(request)
    if request.method == "GET":
        return await by_get(request)
    raise MethodNotAllowed(f"{request.method} means nothing at this address.")


async def by_get(request: Request) -> Response:
    """Answer a query in the address; without one, give the page or the description of the service."""
    now = served(request)
    parameters = decoded(request.scope["query_string"])
    accept = accepted(request.headers.get("accept"), parameters)
    if not any(name in PROTOCOL for name, _ in parameters):
        return await _about(request, now, parameters, accept)
    if prefers_page(accept):
        return await sparql_page.page(request, now, reader(request, now.site), parameters)
    try:
        return await _answer(request, now, operation(parameters, accept))
    except TooLong as error:
        raise AddressTooLong(error.detail) from error


async def by_post(request: Request) -> Response:
    """Answer a query in the body: a form, or the query itself; QUERY is POST that may be sent again without harm."""
    now = served(request)
    kind = media_type(request, (FORM, SPARQL_QUERY))
    address = decoded(request.scope["query_string"])
    whole = await body(request, now.site.sparql.max_query * (_ENCODED if kind is FORM else 1) + _ROOM)
    if kind is FORM:
        misplaced = sorted({name for name, _ in address} & PROTOCOL)
        if misplaced:
            raise BadRequest(f"“{misplaced[0]}” stands in the address of a form; it belongs in the body.")
        parameters = decoded(whole) + address
        accept = accepted(request.headers.get("accept"), parameters)
        if prefers_page(accept):
            return await sparql_page.page(request, now, reader(request, now.site), parameters)
    else:
        parameters = [("query", text(whole)), *address]
        accept = accepted(request.headers.get("accept"), parameters)
    return await _answer(request, now, operation(parameters, accept))


def text(whole: bytes) -> str:
    """A body as text; raises ``BadRequest`` where it is not UTF-8."""
    try:
        return whole.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The query is not UTF-8: byte {error.start} cannot be read.") from error


def media_type(request: Request, taken: tuple[formats.Format, ...]) -> formats.Format:
    """Which of the formats that are taken a body is in; raises ``UnsupportedMediaType``."""
    header = request.headers.get("content-type", "")
    kind = by_media_type(header, taken)
    if kind is None:
        names = " or ".join(one.media_type for one in taken)
        raise UnsupportedMediaType(f"“{header}” means nothing here; send {names}. There are no updates.")
    message = Message()
    message["Content-Type"] = header
    charset = message.get_content_charset("utf-8")
    if charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"The charset “{charset}” is not read here; send UTF-8.")
    return kind


async def body(request: Request, most: int) -> bytes:
    """The body, read no further than ``most`` bytes; raises ``TooLong``."""
    whole = bytearray()
    async for chunk in request.stream():
        whole += chunk
        if len(whole) > most:
            raise TooLong(f"The request is longer than {most:,} bytes.")
    return bytes(whole)


async def _answer(request: Request, now: Served, asked: Operation) -> Response:
    """The answer, or the query itself where that is asked for."""
    if asked.accept == SPARQL_QUERY.media_type:
        return respond(asked.query.encode(), SPARQL_QUERY, cache=PRIVATE, headers=HEADERS)
    stream = await ask(
        request, asked.query, asked.accept, asked.dataset, timeout=asked.timeout, now=now, snapshot=asked.snapshot
    )
    address = request.scope["query_string"] if request.method == "GET" else None
    headers = answer_fields(asked, stream.format, stream.trace, request.scope["raw_path"], address)
    return await send_answer(request, stream, headers)


def answer_fields(
    asked: Operation, format: formats.Format, trace: Trace, path: bytes, address: bytes | None
) -> dict[str, str]:
    """What an answer says of itself; ``address`` is the query string where the query stands in it."""
    is_fleeting = "(" in asked.query and _OF_THE_MOMENT.search(asked.query)
    headers = {
        **HEADERS,
        "Cache-Control": "no-store" if is_fleeting else PRIVATE,
        "X-Kgpub-Snapshot": trace.snapshot,
    }
    if format in TABLES:
        headers["Content-Disposition"] = f'attachment; filename="{trace.key}.{format.extension}"'
    if address is not None and _can_be_linked(address):
        headers["Link"] = f"<{_text(path)}?{_text(address)}{_AS_QUERY}"
    return headers


def _can_be_linked(address: bytes) -> bool:
    """Whether a query string is short enough to stand in a header, where proxies' room is small."""
    return len(address) <= _LINKED


def _text(part: bytes) -> str:
    """A part of an address as it was sent, without what could end a header or a link."""
    text = part.decode("latin-1")
    return quote(text, safe="%&=/+?:@!$'()*,;-._~") if _UNSAFE.search(text) else text


def _present_link(request: Request) -> str:
    """A link to the answer of the release in service, in place of one that is not kept (RFC 5829 section 3.2)."""
    kept = [part for part in _text(request.scope["query_string"]).split("&") if not part.startswith("snapshot=")]
    return link([(f"{_text(request.scope['raw_path'])}?{'&'.join(kept)}", {"rel": "latest-version"})])


async def _about(request: Request, now: Served, parameters: Parameters, accept: str | None) -> Response:
    """The form for people, the service description for machines (SPARQL 1.1 Service Description section 2)."""
    format = choose(accept, (*GRAPHS, HTML))
    if format is HTML:
        return await sparql_page.page(request, now, reader(request, now.site), parameters)
    described = rdf.document(service_description(now.site, now.snapshot), format, now.site.all_prefixes)
    return respond(described, format, cache=PRIVATE, headers=HEADERS)
