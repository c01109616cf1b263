"""``/-/compare?iri=…&iri=…``: two to four things side by side; IRIs are written in full or as the site's CURIEs."""

from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import BadRequest
from kgpub.formats import HTML, choose
from kgpub.represent import compare as represent
from kgpub.web.entities import describe
from kgpub.web.respond import PRIVATE, PUBLIC, reader, respond, served

_NO_PARTS = 0


async def compare(request: Request) -> Response:
    """Show things side by side; raises ``BadRequest`` for fewer than two or more than four, ``NoSuchEntity``."""
    choose(request.headers.get("accept"), (HTML,))
    now = served(request)
    who = reader(request, now.site)
    written = request.query_params.getlist("iri")
    if len(written) > represent.MOST:
        raise BadRequest(f"At most {represent.MOST} things are compared at once; these are {len(written)}.")
    iris = list(dict.fromkeys(now.site.iris.expand(text) for text in written))
    if len(iris) < represent.FEWEST:
        raise BadRequest("A comparison needs two things: ?iri=…&iri=…")
    things = [describe(now, iri, who.language, _NO_PARTS) for iri in iris]
    labels = {iri: found for one in things for iri, found in one.labels.items()}
    body = represent.page(things, labels, now.site, who.language).encode()
    headers = {"Content-Language": who.language, "X-Robots-Tag": "noindex, nofollow"}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    return respond(body, HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)
