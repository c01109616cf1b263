"""``/-/document?iri=…``: everything that was taken from a source document, in the order of its lines, a page at a time.

``line=12`` opens the page on which what was taken from line 12, or from the next line after it, begins.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import BadRequest, NoSuchEntity, NoSuchPage
from kgpub.formats import HTML, choose
from kgpub.kept.passages import Taken
from kgpub.model import Source
from kgpub.represent import documents as represent
from kgpub.web import unlisted
from kgpub.web.respond import PRIVATE, PUBLIC, Served, page_number, reader, respond, served

SIZE = 100
"""Statements on one page of a document."""
_LONGEST_LINE = 9


async def document(request: Request) -> Response:
    """Show what was taken from a document; raises ``NoSuchEntity`` where nothing was."""
    choose(request.headers.get("accept"), (HTML,))
    now = served(request)
    who = reader(request, now.site)
    iri = _iri(request, now)
    passages = now.snapshot.passages
    count, graphs = passages.count(iri), passages.graphs(iri)
    if not count and not graphs:
        raise NoSuchEntity(iri)
    number = _page(request, now, iri)
    taken = passages.taken(iri, (number - 1) * SIZE, SIZE)
    if number > 1 and not taken:
        raise NoSuchPage(f"There is no page {number} of this document.")
    said = tuple(_said(now, one) for one in taken)
    found = represent.Document(iri, count, said, graphs, number, SIZE)
    labels = now.snapshot.index.labels(sorted({iri, *graphs, *_named(said)}))
    body = represent.page(found, labels, now.site, who.language).encode()
    headers = {"Content-Language": who.language, **unlisted.headers(now, iri)}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    if number > represent.DEEP:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    return respond(body, HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _iri(request: Request, now: Served) -> str:
    written = request.query_params.getlist("iri")
    if len(written) != 1 or not written[0]:
        raise BadRequest("This address needs one document: ?iri=…")
    return now.site.iris.expand(written[0])


def _page(request: Request, now: Served, iri: str) -> int:
    """The page asked for, by its number or by a line on it."""
    line = request.query_params.get("line")
    if line is None:
        return page_number(request)
    if not line.isascii() or not line.isdigit() or len(line) > _LONGEST_LINE:
        raise BadRequest(f"“{line}” is no line number.")
    return now.snapshot.passages.start(iri, int(line)) // SIZE + 1


def _said(now: Served, taken: Taken) -> represent.Said:
    """A statement with what the look-up file knows of its source."""
    sources = now.snapshot.index.sources_of(str(taken.subject), str(taken.predicate), str(taken.object))
    source = next((one for one in sources if one.statement == taken.statement), Source(line=taken.line))
    return represent.Said(taken.subject, taken.predicate, taken.object, source)


def _named(said: tuple[represent.Said, ...]) -> Iterator[str]:
    """The IRIs that the page names."""
    for one in said:
        for term in (one.subject, one.predicate, one.object):
            if isinstance(term, NamedNode):
                yield term.value
            elif isinstance(term, Literal):
                yield term.datatype.value
        yield from (iri for iri in (one.source.status, one.source.modality) if iri)
