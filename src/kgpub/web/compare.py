"""``/-/compare?iri=…&iri=…``: two to four things side by side; IRIs are written in full or as the site's CURIEs.

With one thing alone, or with ``q`` beside fewer than four, it is the page on which another is found and added.
"""

from collections.abc import Iterator
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from kgpub import describe as ask
from kgpub.errors import BadRequest, NoSuchEntity
from kgpub.formats import HTML, choose
from kgpub.kept.index import DESCRIPTION
from kgpub.represent import compare as represent
from kgpub.represent import picking
from kgpub.searching.search import QUERY_LENGTH
from kgpub.selection import Selection
from kgpub.web.entities import describe
from kgpub.web.respond import PRIVATE, PUBLIC, Reader, Served, reader, respond, served

_NO_PARTS = 0
_OFFERED = 30
"""Things offered to compare with at once."""


async def compare(request: Request) -> Response:
    """Show things side by side, or what else could stand beside them.

    Raises ``BadRequest`` for none or for more than four, ``NoSuchEntity``.
    """
    choose(request.headers.get("accept"), (HTML,))
    now = served(request)
    who = reader(request, now.site)
    written = request.query_params.getlist("iri")
    if len(written) > represent.MOST:
        raise BadRequest(f"At most {represent.MOST} things are compared at once; these are {len(written)}.")
    iris = tuple(dict.fromkeys(now.site.iris.expand(text) for text in written))
    if not iris:
        raise BadRequest("A comparison needs things: ?iri=…&iri=…")
    query = request.query_params.get("q")
    if len(iris) < represent.FEWEST or (query is not None and len(iris) < represent.MOST):
        return _respond(_picked(now, iris, (query or "")[:QUERY_LENGTH].strip(), who.language), who)
    things = [describe(now, iri, who.language, _NO_PARTS) for iri in iris]
    labels = {iri: found for one in things for iri, found in one.labels.items()}
    return _respond(represent.page(things, labels, now.site, who.language), who)


def _respond(page: str, who: Reader) -> Response:
    headers = {"Content-Language": who.language, "X-Robots-Tag": "noindex, nofollow"}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    return respond(page.encode(), HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _picked(now: Served, iris: tuple[str, ...], query: str, language: str) -> str:
    """The page on which another thing is added to these."""
    snapshot = now.snapshot
    for iri in iris:
        if not ask.exists(snapshot.engine, iri):
            raise NoSuchEntity(iri)
    of = _class(now, iris[0], language)
    found = _hits(now, query, language) if query else _alike(now, of, language)
    offered = tuple(islice((iri for iri in found if iri not in iris), _OFFERED))
    labels = snapshot.index.labels((*iris, *offered, *([of] if of else [])))
    descriptions = snapshot.index.labels(offered, DESCRIPTION)
    return picking.page(picking.Picking(iris, query, offered, of, labels, descriptions), now.site, language)


def _class(now: Served, iri: str, language: str) -> str:
    """The class of a thing in which others are found: one of the site's own first, else the smallest."""
    described = describe(now, iri, language, _NO_PARTS)
    sizes = {one: described.members.get(one, 0) for one in described.types}
    featured = [one for one in now.site.properties(now.site.featured) if sizes.get(one, 0) > 1]
    return next(
        iter((*featured, *sorted((one for one in sizes if sizes[one] > 1), key=lambda one: (sizes[one], one)))), ""
    )


def _alike(now: Served, of: str, language: str) -> Iterator[str]:
    """The members of a class in the reader's order."""
    named = now.snapshot.facets.named(of) if of else None
    return now.snapshot.facets.members(named, Selection(of), language) if named else iter(())


def _hits(now: Served, query: str, language: str) -> Iterator[str]:
    languages = (language, *(tag for tag in now.site.languages if tag != language))
    _, hits = now.snapshot.search.find(query, languages=languages, limit=_OFFERED + represent.MOST)
    return (hit.iri for hit in hits)
