"""Where a thing's page leads: all values of a property, the report of an error, the permanent link as a picture."""

from io import BytesIO

import segno
from starlette.requests import Request
from starlette.responses import Response

from kgpub import describe as ask
from kgpub.errors import BadRequest
from kgpub.formats import HTML, SVG
from kgpub.iris import check_iri
from kgpub.represent import html
from kgpub.represent.identity import permanent
from kgpub.web import unlisted
from kgpub.web.known import check_told
from kgpub.web.respond import PRIVATE, PUBLIC, page_number, reader, respond, served

_LONGEST_LINK = 1200
"""Bytes of a link that a QR code is made of; a longer one could not be read by a camera."""


async def values(request: Request) -> Response:
    """List, a page at a time, the values that ``?iri=`` has of ``?property=``."""
    iri, predicate = _iri(request, "iri"), _iri(request, "property")
    now, number = served(request), page_number(request)
    who = reader(request, now.site)
    languages = (who.language, *(tag for tag in now.site.languages if tag != who.language))
    wanted = ask.Page(iri, predicate, languages, number, now.site.pages.links)
    found = ask.values(now.snapshot.engine, now.snapshot.index, now.snapshot.graphs, wanted)
    headers = {"Content-Language": who.language, **unlisted.headers(now, iri)}
    headers |= {} if who.fixed else {"Vary": "Accept-Language"}
    page = html.values(found, now.site, who.language)
    return respond(page.encode(), HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


async def report(request: Request) -> Response:
    """Show what a report of an error would say, and lead to where the site wants it."""
    iri, now = _iri(request, "iri"), served(request)
    statement = request.query_params.get("statement", "")
    if statement:
        check_iri(statement)
    who = reader(request, now.site)
    labels = now.snapshot.index.labels((iri, statement))
    page = html.report(iri, statement, now.snapshot.version, labels, now.site, who.language)
    headers = {"Content-Language": who.language, "X-Robots-Tag": "noindex", "Vary": "Accept-Language"}
    return respond(page.encode(), HTML, cache=PRIVATE, headers=headers)


async def qr(request: Request) -> Response:
    """The permanent link of ``?iri=`` as a QR code (ISO/IEC 18004), drawn as SVG."""
    iri, now = _iri(request, "iri"), served(request)
    check_told(now, iri)
    link = permanent(now.site.iris, iri)
    if len(link.encode()) > _LONGEST_LINK:
        raise BadRequest("The link is too long for a QR code.")
    drawn = BytesIO()
    segno.make(link, micro=False, error="m").save(drawn, kind="svg", scale=4, border=4, light="#fff", dark="#000")
    return respond(drawn.getvalue(), SVG, headers=unlisted.headers(now, iri))


def _iri(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if value is None:
        raise BadRequest(f"This address needs an IRI: ?{name}=https://…")
    return check_iri(value)
