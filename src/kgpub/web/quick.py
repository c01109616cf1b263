"""Queries that are answered at once: a GET of the endpoint, from the wire to a worker and back without the application.

A small answer costs the framework's layers as much again as it costs the engine. So what can be read off an address is
asked of a free worker as soon as the head of the request is there. If all of the answer comes within a moment it goes
out as it is; in every other case (no worker is free, a refusal, more than a little, a longer wait, anything unusual
about the request) the application takes the request, and what was begun already, and goes on as it always does.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

from starlette.types import Scope

from kgpub.engine.pool import Early, Pool, Question
from kgpub.engine.stream import Stream, Trace
from kgpub.errors import KgpubError
from kgpub.formats import SPARQL_QUERY
from kgpub.web.asking import BEGUN, Begun, question_of
from kgpub.web.cache import Address, Found, PageCache
from kgpub.web.observe import Observer
from kgpub.web.operation import Operation, accepted, decoded, operation, prefers_page
from kgpub.web.respond import Served
from kgpub.web.serving import Serving
from kgpub.web.sparql import answer_fields

SOON = 0.05
"""Seconds in which all of an answer is waited for, up to twice as long, before the application takes the request."""
_USUAL = frozenset({"query", "format"})
_UNUSUAL = frozenset((b"if-match", b"if-none-match", b"authorization", b"x-api-key", b"range", b"x-kgpub-whole"))
"""Fields that the application has to look at."""

Told = Callable[[Found | None], None]
"""Takes the answer, or None: the application has to go on."""


class _Asked(NamedTuple):
    """A request that is answered at once."""

    now: Served
    client: str
    address: Address
    operation: Operation
    question: Question
    began: float


class Coming:
    """An answer on its way from a worker to the wire; it is told, taken over or dropped, once."""

    def __init__(self, asked: _Asked, finish: Callable[[_Asked, Stream], Found], told: Told) -> None:
        """Tell ``told`` when there is an answer, or the application has to go on."""
        self.began = asked.began
        """When it was asked for (``time.perf_counter``)."""
        self._asked, self._finish = asked, finish
        self._trace = Trace(asked.question.key, asked.question.snapshot)
        self._told: Told | None = told
        self._is_dropped = False
        self._early: Early | None = None

    def start(self, pool: Pool) -> bool:
        """Have a worker asked; whether that can be done."""
        self._early = pool.begin(self._asked.question, self._trace, self.tell)
        return self._early is not None

    def give_to(self, scope: Scope) -> None:
        """Have the application go on with it that has this scope."""
        self._told = None
        if self._early is not None:
            self._early.leave()
            scope[BEGUN] = Begun(self._early, self._asked.began)

    def drop(self) -> None:
        """Nobody waits any more; what is not made in the time that is left is stopped."""
        self._is_dropped = True

    def tell(self) -> None:
        """The answer is there, or the time is over."""
        told, early, self._told = self._told, self._early, None
        if told is None or early is None:
            return
        stream = early.stream
        if self._is_dropped:
            early.abandon()
        else:
            is_there = stream is not None and stream.length is not None
            told(self._finish(self._asked, stream) if stream is not None and is_there else None)
        self._early = None  # whom it tells: nothing of this waits for the timer, nor for a search for garbage


class Quick:
    """Begins answers to queries; belongs to one event loop."""

    def __init__(self, serving: Serving, cache: PageCache, observer: Observer) -> None:
        """Answer in the name of the endpoint, what is kept and noted as ever."""
        self._serving, self._cache, self._observer = serving, cache, observer
        self._path = serving.now.site.iris.page("sparql").encode()
        self._loop = asyncio.get_running_loop()
        self._begun: deque[Coming] = deque()
        """What was begun lately, told or not; one timer for all of it costs less than one for each."""

    def begin(self, client: str, path: bytes, query: bytes, fields: dict[bytes, bytes], told: Told) -> Coming | None:
        """Begin with the answer to a GET; None where the application has to answer."""
        pool = self._serving.pool
        if path != self._path or not query or not isinstance(pool, Pool) or not _UNUSUAL.isdisjoint(fields):
            return None
        asked = self._read(client, Address(path, query, fields))
        if asked is None:
            return None
        coming = Coming(asked, self._finish, told)
        if not coming.start(pool):
            return None
        if not self._begun:
            self._loop.call_later(SOON, self._look)
        self._begun.append(coming)
        return coming

    def _look(self) -> None:
        """Have the application go on with what takes longer."""
        begun, now = self._begun, perf_counter()
        while begun and now - begun[0].began >= SOON:
            begun.popleft().tell()
        if begun:
            self._loop.call_later(SOON, self._look)

    def _read(self, client: str, address: Address) -> _Asked | None:
        """What is asked; None for what the application refuses or answers in another way."""
        now, began = self._serving.now, perf_counter()
        try:
            parameters = decoded(address.query)
            accept = accepted(_text(address.fields.get(b"accept")), parameters)
            if not _USUAL.issuperset(name for name, _ in parameters) or prefers_page(accept):
                return None
            wanted = operation(parameters, accept)
            if wanted.accept == SPARQL_QUERY.media_type:
                return None
            question = question_of(now, self._serving.callers.at(client), wanted)
        except KgpubError:
            return None
        return _Asked(now, client, address, wanted, question, began)

    def _finish(self, asked: _Asked, stream: Stream) -> Found:
        """An answer that is there as a response, kept and noted."""
        trace, address = stream.trace, asked.address
        told = answer_fields(asked.operation, stream.format, trace, address.path, address.query)
        told["Content-Type"] = stream.format.content_type
        found = self._cache.made(address, told, stream.taken(), trace, asked.now)
        self._observer.made(asked.client, address, found, perf_counter() - asked.began)
        return found


def _text(field: bytes | None) -> str | None:
    return None if field is None else field.decode("latin-1")
