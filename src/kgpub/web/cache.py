"""The outermost layer: finished answers by address and headers, compressed once, bounded in bytes.

It also does for every answer what belongs to no single page: HEAD, conditional requests, content codings,
CORS and security headers. Only complete answers with a validator are kept, and where a 303 leads; all go when the
snapshot is switched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from cachetools import Cache, LRUCache, TTLCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgpub.engine.stream import KEPT, Trace
from kgpub.settings import Settings
from kgpub.web.asking import TRACES, raw
from kgpub.web.coding import coded
from kgpub.web.operation import ACCEPT_QUERY
from kgpub.web.respond import HEAD, etag, precondition
from kgpub.web.serving import Serving

_KNOWN = {b"lang", b"page", b"iri", b"property", b"class", b"open", b"_profile", b"_mediatype"}
_ASKED = {b"query", b"format", b"default-graph-uri", b"named-graph-uri", b"timeout", b"snapshot"}
CHEAP = 0.002
"""Seconds of a worker below which an answer to a query is not worth keeping."""
_REMADE = frozenset((b"content-length", b"etag", b"vary"))
_KEPT_WHOLE, _KEPT_ELSEWHERE = frozenset((b"etag", b"content-length")), frozenset((b"cache-control", b"location"))
"""The fields without which a 200 is not kept, and a 303."""
_OF_BODIES = frozenset((b"content-type", b"content-language"))
"""What 304 Not Modified does not say (RFC 9110 section 15.4.5)."""
Headers = tuple[tuple[bytes, bytes], ...]
Fields = Mapping[str, str]

_TOLD = b"Link, ETag, Content-Profile, Content-Location, Content-Language, Retry-After, Vary, X-Kgpub-Snapshot"
_TAKEN = (
    b"Accept, Accept-Language, Accept-Profile, Authorization, Content-Type, If-Match, If-None-Match, Range, X-API-Key"
)


def _everywhere(images: str) -> "Headers":
    """What every answer says; ``images`` is the one other host that pictures may come from, if any."""
    policy = (
        f"default-src 'self'; img-src 'self' data: {images}".rstrip() + "; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    return (
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", _TOLD),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"content-security-policy", policy.encode("ascii")),
    )


def _preflight(methods: str, *more: tuple[bytes, bytes]) -> "Headers":
    """What OPTIONS says of an address with these methods (RFC 9110 section 9.3.7, Fetch section 3.3)."""
    return (
        *_everywhere(""),
        (b"access-control-allow-methods", methods.encode("ascii")),
        (b"access-control-allow-headers", _TAKEN),
        (b"access-control-max-age", b"86400"),
        (b"allow", methods.encode("ascii")),
        *more,
        (b"content-length", b"0"),
    )


_NOTHING = (b"content-length", b"0")
_WHOLE, _ELSEWHERE, _SAME = 200, 303, 304
_READ = _preflight("GET, HEAD, OPTIONS")


@dataclass(frozen=True)
class Entry:
    """A finished answer in one coding: headers for its status and for 304, and the body."""

    etag: bytes
    headers: Headers
    unchanged: Headers
    body: bytes
    status: int = 200
    traces: tuple[Trace, ...] = ()
    """The query that it answers, as the log tells it when it is given again."""

    @cached_property
    def lines(self) -> bytes:
        """The header as it goes over the wire, for its own status."""
        return _lines(self.headers) + b"\r\n"

    @cached_property
    def unchanged_lines(self) -> bytes:
        """The header as it goes over the wire, for 304."""
        return _lines(self.unchanged) + b"\r\n"


class Found(NamedTuple):
    """An answer from the cache, ready for the wire: what it is to this request, and what is sent of it."""

    status: int
    lines: bytes
    body: bytes
    traces: tuple[Trace, ...]


class Address(NamedTuple):
    """What was asked for, as it came over the wire: the path, what comes behind its question mark, the fields."""

    path: bytes
    query: bytes
    fields: dict[bytes, bytes]


Room = Cache[tuple[bytes, ...], Entry]
"""Answers by what tells them apart, bounded in bytes."""


class PageCache:
    """An ASGI application in front of another one."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        """Keep answers of ``app``: pages in one room, answers to queries in another, so that neither crowds out."""
        self._app = app
        self._serving = serving
        site = serving.now.site
        self._pages, self._answers = _room(site.pages.cache, site), _room(site.sparql.cache, site)
        self._everywhere = _everywhere(site.pages.tiles_origin)
        self._endpoint = site.iris.page("sparql").encode()
        self._options = {
            self._endpoint: _preflight("GET, HEAD, OPTIONS, POST, QUERY", (b"accept-query", ACCEPT_QUERY.encode())),
            site.iris.page("-/check").encode(): _preflight("OPTIONS, POST"),
        }
        self._of = serving.now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from the cache, or let the application answer and keep what may be kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        if method == "OPTIONS":
            told = self._options.get(scope["raw_path"], _READ)
            await send({"type": "http.response.start", "status": 204, "headers": told})
            await send({"type": "http.response.body", "body": b""})
            return
        self._follow()
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]):
            scope["headers"] = _joined(scope["headers"])
            headers = dict(scope["headers"])
        path, query = scope["raw_path"], scope["query_string"]
        is_query = path == self._endpoint
        room = self._answers if is_query else self._pages
        key = _key(path, query, headers, _ASKED if is_query else _KNOWN) if method in {"GET", "HEAD"} else None
        entry = room.get(key) if key else None
        if entry is not None:
            scope.get(TRACES, []).extend(entry.traces)
            await _send(entry, headers, send, method)
            return
        inner = {**scope, "method": "GET", HEAD: True} if method == "HEAD" else scope
        passing = _Passing(partial(self.keep, room, key, self._of), headers, method, self._everywhere, send)
        passing.traces = scope.get(TRACES, [])
        await self._app(inner, receive, passing.take)

    def find(self, path: bytes, query: bytes, headers: dict[bytes, bytes]) -> Found | None:
        """What a GET of an address is answered with out of the cache; None where the application has to be asked."""
        self._follow()
        is_query = path == self._endpoint
        key = _key(path, query, headers, _ASKED if is_query else _KNOWN)
        entry = (self._answers if is_query else self._pages).get(key) if key else None
        if entry is None:
            return None
        status = _status(entry, headers)
        if status == entry.status:
            return Found(status, entry.lines, entry.body, entry.traces)
        return Found(_SAME, entry.unchanged_lines, b"", entry.traces) if status == _SAME else None

    def made(self, asked: Address, told: Fields, body: bytes, trace: Trace, made_from: object) -> Found:
        """A 200 that was made without the application: coded, kept and sent as every other.

        ``told`` are the fields but for the validator, the length, and what every answer says.
        """
        tag = etag(body)
        if trace.seconds >= CHEAP:
            self._follow()
            entry = _entry((*raw(told), (b"etag", tag.encode())), body, asked.fields, self._everywhere)
            self.keep(self._answers, _key(asked.path, asked.query, asked.fields, _ASKED), made_from, entry, (trace,))
            return Found(entry.status, entry.lines, entry.body, (trace,))
        kind, link = told["Content-Type"], told.get("Link")
        sent = coded(kind.encode(), body, tag.encode(), asked.fields)
        same = tuple((name, value) for name, value in told.items() if name != "Link")
        return Found(
            _WHOLE,
            b"%b%betag: %b\r\ncontent-length: %d\r\n\r\n"
            % (
                _block(same, self._everywhere, sent.coding, sent.varies),
                b"link: %b\r\n" % link.encode("latin-1") if link else b"",
                sent.tag,
                len(sent.body),
            ),
            sent.body,
            (trace,),
        )

    def _follow(self) -> None:
        """Forget what was made from a snapshot that is no longer in service."""
        if self._of is not self._serving.now:
            self._pages.clear()
            self._answers.clear()
            self._of = self._serving.now

    def keep(
        self, room: Room, key: tuple[bytes, ...] | None, made_from: object, entry: Entry, traces: Sequence[Trace]
    ) -> None:
        """Keep an answer, unless it is of the moment, cheap, of a snapshot no longer in service, or too large."""
        is_cheap = bool(traces) and sum(one.seconds for one in traces) < CHEAP
        if key is None or is_cheap or made_from is not self._serving.now or _weight(entry) >= room.maxsize:
            return
        if (b"cache-control", b"no-store") not in entry.headers:
            room[key] = replace(entry, traces=tuple(replace(one, outcome=KEPT) for one in traces))


class _Passing:
    """One answer on its way through: collected when it is complete and validated, passed on otherwise."""

    def __init__(
        self,
        keep: Callable[[Entry, Sequence[Trace]], None],
        asked: dict[bytes, bytes],
        method: str,
        everywhere: Headers,
        send: Send,
    ) -> None:
        self._keep, self._asked, self._method, self._send = keep, asked, method, send
        self._everywhere = everywhere
        self._start: Message | None = None
        self.traces: Sequence[Trace] = ()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            names = {name for name, _ in message["headers"]}
            wanted = {_WHOLE: _KEPT_WHOLE, _ELSEWHERE: _KEPT_ELSEWHERE}.get(message["status"])
            if wanted is not None and wanted <= names:
                self._start = message
                return
            extra = [pair for pair in self._everywhere if pair[0] not in names]
            await self._send({**message, "headers": [*message["headers"], *extra]})
            return
        if self._start is not None and message.get("more_body"):
            await self._send({**self._start, "headers": [*self._start["headers"], *self._everywhere]})
            self._start = None  # a stream is passed on piece by piece, whole as it is
        if self._start is None:
            await self._send({**message, "body": b""} if self._method == "HEAD" else message)
            return
        headers, body = tuple(self._start["headers"]), message.get("body", b"")
        if self._start["status"] == _WHOLE:
            entry = _entry(headers, body, self._asked, self._everywhere)
        else:
            extra = [pair for pair in self._everywhere if pair[0] not in dict(headers)]
            entry = Entry(b"", (*headers, *extra), (), body, self._start["status"])
        self._keep(entry, self.traces)
        await _send(entry, self._asked, self._send, self._method)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Each field once: what stands on several lines is one list (RFC 9110 section 5.3), but for cookies."""
    joined: dict[bytes, bytes] = {}
    for name, value in headers:
        known = joined.get(name)
        joined[name] = value if known is None else known + (b"; " if name == b"cookie" else b", ") + value
    return list(joined.items())


def _room(size: int, site: Settings) -> Room:
    """Room for so many bytes of answers; where they are made of what an endpoint says, for so many seconds."""
    if site.engine:
        return TTLCache(max(size, 1), site.remote.keep, getsizeof=_weight)
    return LRUCache(max(size, 1), getsizeof=_weight)


def _key(path: bytes, query: bytes, headers: dict[bytes, bytes], known: set[bytes]) -> tuple[bytes, ...] | None:
    """What tells answers apart, or None where they are not kept (unknown parameters)."""
    if b"authorization" in headers or b"x-api-key" in headers:
        return None
    if query and any(part.partition(b"=")[0] not in known for part in query.split(b"&")):
        return None
    asked = headers.get
    return (
        path,
        query,
        asked(b"accept", b""),
        asked(b"accept-language", b""),
        asked(b"accept-encoding", b""),
        asked(b"accept-profile", b""),
    )


def _entry(headers: Headers, body: bytes, asked: dict[bytes, bytes], everywhere: Headers) -> Entry:
    """The answer in the coding that the client takes (RFC 9110 section 12.5.3)."""
    told = dict(headers)
    sent = coded(told[b"content-type"], body, told[b"etag"], asked)
    kept = [*_varied(headers, everywhere, sent.varies), (b"etag", sent.tag)]
    unchanged = tuple(pair for pair in kept if pair[0] not in _OF_BODIES)
    if sent.coding:
        kept.append((b"content-encoding", sent.coding))
    kept.append((b"content-length", b"%d" % len(sent.body)))
    return Entry(sent.tag, tuple(kept), unchanged, sent.body)


def _varied(headers: Headers, everywhere: Headers, varies: bool) -> list[tuple[bytes, bytes]]:  # as _Coded has it
    """The fields of an answer with those of every one and ``Vary``, without what comes of the coded body."""
    told = dict(headers)
    kept = [pair for pair in headers if pair[0] not in _REMADE]
    kept += [pair for pair in everywhere if pair[0] not in told]
    vary = told.get(b"vary", b"")
    if varies:
        vary = vary + b", Accept-Encoding" if vary else b"Accept-Encoding"
    return [*kept, (b"vary", vary)] if vary else kept


@lru_cache(maxsize=64)
def _block(told: tuple[tuple[str, str], ...], everywhere: Headers, coding: bytes, varies: bool) -> bytes:  # a key
    """The fields that many answers to queries have in common, as they go over the wire."""
    fields = _varied(tuple(raw(dict(told))), everywhere, varies)
    if coding:
        fields.append((b"content-encoding", coding))
    return _lines(fields)


def _status(entry: Entry, asked: dict[bytes, bytes]) -> int:
    """What an answer is to a request with these conditions (RFC 9110 section 13.2): they mean nothing to a 303."""
    if entry.status != _WHOLE:
        return entry.status
    meant, known = asked.get(b"if-match"), asked.get(b"if-none-match")
    if meant is None and known is None:
        return _WHOLE
    if meant is None and known == entry.etag:
        return _SAME
    return precondition(_text(meant), _text(known), entry.etag.decode("latin-1"))


def _lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Fields as they go over the wire (RFC 9112 section 2.1)."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])


async def _send(entry: Entry, asked: dict[bytes, bytes], send: Send, method: str) -> None:
    """The answer, or that the client has it already, or means another one (RFC 9110 section 13.2.2)."""
    status = _status(entry, asked)
    if status == entry.status:
        await send({"type": "http.response.start", "status": status, "headers": entry.headers})
        await send({"type": "http.response.body", "body": b"" if method == "HEAD" else entry.body})
        return
    length = () if status == _SAME else (_NOTHING,)
    await send({"type": "http.response.start", "status": status, "headers": (*entry.unchanged, *length)})
    await send({"type": "http.response.body", "body": b""})


def _text(field: bytes | None) -> str | None:
    return None if field is None else field.decode("latin-1")


def _weight(entry: Entry) -> int:
    """Roughly how many bytes an answer holds on to; its header is there as fields and as lines."""
    return 1_000 + len(entry.body) + 3 * sum(len(value) for _, value in entry.headers)
