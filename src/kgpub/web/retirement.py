"""What the address of a retired thing answers: 301 to what stands for it, or 410 with what remains to be said.

Decided by RFC 9110. Section 15.5.11: access is intentionally ended, and whoever links there should know; so the thing
and every document at its own address answer 410, each in its own format, and can be stored. The body explains
(section 15.5): a page for people, the statements that remain for who asks for RDF, problem details (RFC 9457) for any
other program. The same statements stand with 200 at ``/-/about``, which tells what the snapshot says of any IRI.
Section 15.4.2: what has one successor has moved for good, and document leads to document of the same format.
"""

import json

from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import Gone, NotAcceptable
from kgpub.formats import ENTITY, GRAPHS, HTML, PROBLEM, Format, choose
from kgpub.model import Description, Fate
from kgpub.represent import html, rdf
from kgpub.represent.signposts import as_uri
from kgpub.web.respond import PRIVATE, PUBLIC, Served, link

_GONE, _MOVED = 410, 301
_MORE = (*ENTITY, PROBLEM)


def moved(now: Served, fate: Fate, format: Format | None, language: str | None) -> Response:
    """301 from a thing, or from one of its documents, to the same of what stands for it."""
    iris = now.site.iris
    is_ours = fate.target.startswith(iris.base)
    place = iris.path(fate.target, format, language) if is_ours else as_uri(fate.target)
    return Response(status_code=_MOVED, headers={"Location": place, "Cache-Control": PUBLIC})


def gone(
    request: Request, now: Served, described: Description, format: Format | None, fixed: str | None, language: str
) -> Response:
    """410 in the format of the address, or the one that the client likes best; problem details where none fits.

    ``fixed`` is the language that the address names, ``language`` the one that the reader gets.
    """
    chosen = format or _chosen(request)
    if chosen.is_rdf and not rdf.offered(described.quads, chosen):
        chosen = PROBLEM
    is_page = chosen is HTML
    vary = ["Accept"] * (format is None) + ["Accept-Language"] * (is_page and fixed is None)
    headers = {
        "Content-Type": chosen.content_type,
        "Cache-Control": PRIVATE if vary else PUBLIC,
        "Link": _remains(now, described),
        **({"Vary": ", ".join(vary)} if vary else {}),
        **({"Content-Language": language} if is_page else {}),
    }
    return Response(_body(now, described, chosen, language), _GONE, headers=headers)


def _chosen(request: Request) -> Format:
    """What the client wants to be told in; who takes nothing of ours gets problem details all the same."""
    try:
        return choose(request.headers.get("accept"), _MORE)
    except NotAcceptable:
        return PROBLEM


def _body(now: Served, described: Description, format: Format, language: str) -> bytes:
    if format is HTML:
        return html.gone(described, now.site, language).encode()
    if format.is_rdf:
        return rdf.document(described.quads, format, now.site.all_prefixes)
    details = {
        "type": f"{now.site.base}-/problems/{Gone.kind}",
        "title": html.problem_title(Gone(""), "en"),
        "status": _GONE,
        "detail": f"<{described.iri}> is no longer published.",
        "instance": now.site.iris.path(described.iri),
        "statements": now.site.iris.about(described.iri),
    }
    return json.dumps(details, ensure_ascii=False).encode()


def _remains(now: Served, described: Description) -> str:
    """Links to the statements that remain (RFC 8288)."""
    about = now.site.iris.about
    formats = (HTML, *(one for one in GRAPHS if rdf.offered(described.quads, one)))
    return link((about(described.iri, one), {"rel": "describedby", "type": one.media_type}) for one in formats)
