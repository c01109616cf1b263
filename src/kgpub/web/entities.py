"""An entity's own address and its documents, and ``/-/about`` for every other IRI."""

from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from kgpub import describe as ask
from kgpub.errors import BadRequest, NoSuchEntity, NoSuchPage
from kgpub.formats import ENTITY, GRAPHS, HTML, Format, choose
from kgpub.iris import ABOUT, check_iri
from kgpub.model import KEPT, MOVED, Description
from kgpub.represent import html, rdf
from kgpub.web import retirement, signposting
from kgpub.web.pictures import pictures
from kgpub.web.respond import PRIVATE, PUBLIC, Served, choose_language, link, redirect, respond, served

_MOST_PARTS = 300
"""Most things of a hash namespace shown on one page; its data documents hold all."""


async def entity(request: Request) -> Response:
    """Answer an IRI of ours: 303 at the thing's own address, 200 at its documents', 404 where nothing is said.

    An exact entity address wins over the reading of its end as an extension.
    """
    now = served(request)
    raw = raw_path(request)
    iris = now.site.iris
    for iri in _living_first(now, iris.literal(raw)):
        if ask.exists(now.snapshot.engine, iri) or now.snapshot.index.fragments(iri):
            return _retired(request, now, iri, None, None) or _negotiate(request, now, iri)
    address = iris.address(raw)
    if address.format is not None and (address.language is None or address.format is HTML):
        for iri in _living_first(now, address.candidates):
            if ask.exists(now.snapshot.engine, iri) or now.snapshot.index.fragments(iri):
                kind, language = address.format, address.language
                return _retired(request, now, iri, kind, language) or _document(request, now, iri, kind, language)
    raise NoSuchEntity(address.candidates[-1] if address.candidates else now.site.base)


async def about(request: Request) -> Response:
    """Describe any IRI given as ``?iri=``: ``/-/about`` negotiates, ``/-/about.ka.html`` and the like do not."""
    now = served(request)
    iri = request.query_params.get("iri")
    if iri is None:
        raise BadRequest("This address needs an IRI: ?iri=https://…")
    check_iri(iri)
    stem, format, language = now.site.iris.strip(raw_path(request).removeprefix(now.site.iris.mount))
    if stem != ABOUT or (language and format is not HTML):
        raise NoSuchPage(f"There is no page at {request.url.path}.")
    if format is None:
        if not ask.exists(now.snapshot.engine, iri):
            raise NoSuchEntity(iri)
        chosen = choose(request.headers.get("accept"), ENTITY)
        suffix = chosen.extension
        return redirect(f"{now.site.iris.mount}{ABOUT}.{suffix}?{request.url.query}")
    return _document(request, now, iri, format, language)


def raw_path(request: Request) -> str:
    """The request's path as it was sent, percent-encoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def _negotiate(request: Request, now: Served, iri: str) -> Response:
    """303 to the document in the format the client likes best."""
    format = choose(request.headers.get("accept"), ENTITY)
    response = redirect(now.site.iris.path(iri, format))
    response.headers["Link"] = link(_alternates(now.site.iris.path, iri, GRAPHS))
    return response


def _living_first(now: Served, candidates: tuple[str, ...]) -> list[str]:
    """The IRIs that one address may mean; a retired spelling never hides another one that is described."""
    fates = {iri: now.snapshot.index.fate(iri) for iri in candidates}
    return sorted(candidates, key=lambda iri: (fate := fates[iri]) is not None and fate.outcome != KEPT)


def _retired(request: Request, now: Served, iri: str, format: Format | None, language: str | None) -> Response | None:
    """What the address of a retired thing, or of its document, answers; None for any other thing."""
    fate = now.snapshot.index.fate(iri)
    if fate is None or fate.outcome == KEPT:
        return None
    if fate.outcome == MOVED:
        return retirement.moved(now, fate, format, language)
    chosen = language or choose_language(request.headers.get("accept-language"), now.site.languages)
    return retirement.gone(request, now, describe(now, iri, chosen, _MOST_PARTS), format, language, chosen)


def _document(request: Request, now: Served, iri: str, format: Format, language: str | None) -> Response:
    """The document of an entity in one format; HTML without a language negotiates it."""
    chosen = language or choose_language(request.headers.get("accept-language"), now.site.languages)
    described = describe(now, iri, chosen, _MOST_PARTS if format is HTML else None)
    can_be = tuple(f for f in GRAPHS if rdf.offered(described.quads, f))
    path = now.site.iris.about if described.is_retired else now.site.iris.path
    pairs = [*_alternates(path, iri, can_be), (now.site.iris.path(iri), {"rel": "describes"})]
    if format is not HTML:
        pairs.append((path(iri, HTML), {"rel": "describes", "type": HTML.media_type}))
        headers = {"Link": link([*pairs, (path(iri, format), {"rel": "canonical"})])}
        return respond(rdf.document(described.quads, format, now.site.all_prefixes), format, headers=headers)
    page = html.entity(described, now.site, chosen, now.snapshot.report.about(iri), pictures(now, iri, chosen))
    page = signposting.entity_page(now, described, chosen, page)
    place = path(iri, HTML, chosen)
    links = f"{link([*pairs, (place, {'rel': 'canonical'})])}, {signposting.entity_header(now, described)}"
    headers = {"Link": links, "Content-Language": chosen}
    if language is None:
        headers |= {"Content-Location": place, "Vary": "Accept-Language"}
    return respond(page.encode(), HTML, cache=PUBLIC if language else PRIVATE, headers=headers)


def describe(now: Served, iri: str, language: str, parts: int | None = None) -> Description:
    """What the snapshot says of an IRI, for a reader of a language; a page shows at most so many ``parts``."""
    languages = (language, *(tag for tag in now.site.languages if tag != language))
    hierarchy = now.site.properties(now.site.vocabulary.hierarchy)
    asked = ask.Asked(languages, now.site.pages.preview, hierarchy=hierarchy)
    if parts is not None:
        asked = replace(asked, parts=parts)
    snapshot = now.snapshot
    return ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, iri, asked)


def _alternates(
    path: Callable[[str, Format], str], iri: str, formats: tuple[Format, ...]
) -> list[tuple[str, dict[str, str]]]:
    """The documents of an entity in the RDF formats, as links (RFC 8288)."""
    return [(path(iri, f), {"rel": "alternate describedby", "type": f.media_type}) for f in formats]
