"""``/-/card.png?iri=…&lang=…``: what a link preview shows of a thing's page; without ``iri``, of any other page."""

import asyncio
from collections.abc import Mapping

from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kgpub import describe as ask
from kgpub.engine import Pattern
from kgpub.errors import Busy, NoSuchEntity
from kgpub.formats import PNG
from kgpub.iris import check_iri, short_name
from kgpub.represent.card import Card, draw
from kgpub.represent.frame import TYPE
from kgpub.represent.values import Reader
from kgpub.web import unlisted
from kgpub.web.respond import PRIVATE, PUBLIC, Served, reader, respond, served

_MOST_WAITING = 40
"""Pictures that may wait to be drawn, which takes some hundredths of a second each; more are refused."""
_MOST_TYPES = 20


class Cards:
    """Draws pictures, one at a time and in a thread, so that the loop never waits for one."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0

    async def card(self, request: Request) -> Response:
        """The picture; raises ``NoSuchEntity`` for what nothing is said of, ``Busy`` where too many wait."""
        now = served(request)
        who, iri = reader(request, now.site), request.query_params.get("iri")
        said, more = await run_in_threadpool(_said, now, who.language, iri)
        headers = {"Content-Language": who.language, **more}
        if not who.fixed:
            headers["Vary"] = "Accept-Language"
        drawn = await self._drawn(said)
        return respond(drawn, PNG, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)

    async def _drawn(self, card: Card) -> bytes:
        if self._waiting >= _MOST_WAITING:
            raise Busy("Too many pictures wait to be drawn.")
        self._waiting += 1
        try:
            async with self._turn:
                return await run_in_threadpool(draw, card)
        finally:
            self._waiting -= 1


def _said(now: Served, language: str, iri: str | None) -> tuple[Card, Mapping[str, str]]:
    """What a picture says, and what search engines are told of it."""
    if iri is None:
        return _of_site(now, language), {}
    return _of_thing(now, language, check_iri(iri)), unlisted.headers(now, iri)


def _of_thing(now: Served, language: str, iri: str) -> Card:
    """What the picture of a thing's page says: its name in the reader's language, else in another, else of its IRI."""
    if not ask.exists(now.snapshot.engine, iri):
        raise NoSuchEntity(iri)
    types = _types(now, iri)
    reading = Reader(now.site, language, now.snapshot.index.labels((iri, *types)))
    known = reading.labels.get(iri, {})
    return Card(
        names=(reading.name(iri).value, *known.values(), short_name(iri)),
        kind=reading.name(types[0]).value if types else "",
        site=now.site.words(now.site.title, reading.languages).value,
        accent=now.site.accent,
    )


def _types(now: Served, iri: str) -> list[str]:
    """The thing's classes, a featured one first."""
    pattern = Pattern(subject=NamedNode(iri), predicate=NamedNode(TYPE))
    found = {
        quad.object.value
        for quad in now.snapshot.engine.quads(pattern, _MOST_TYPES)
        if isinstance(quad.object, NamedNode) and unlisted.is_data(now, quad)
    }
    featured = now.site.properties(now.site.featured)
    return sorted(found, key=lambda one: (featured.index(one) if one in featured else len(featured), one))


def _of_site(now: Served, language: str) -> Card:
    """What the picture of every other page says."""
    reading = Reader(now.site, language, {})
    host = now.site.base.partition("://")[2].strip("/")
    return Card((now.site.words(now.site.title, reading.languages).value,), "", host, now.site.accent)
