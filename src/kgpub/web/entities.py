"""An entity's own address and its documents, and ``/-/about`` for every other IRI."""

from dataclasses import replace
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kgpub import describe as ask
from kgpub.engine import Engine
from kgpub.engine.reread import Reread
from kgpub.errors import BadRequest, KgpubError, NoSuchEntity, NoSuchPage
from kgpub.formats import GRAPHS, HTML, Format
from kgpub.iris import ABOUT, check_iri
from kgpub.model import KEPT, MOVED, Description
from kgpub.profiles import ALTERNATES, DESCRIPTION, SCHEMA
from kgpub.represent import html, rdf
from kgpub.represent.frame import address
from kgpub.web import problems, profiles, retirement, signposting
from kgpub.web.graphs import held
from kgpub.web.known import check_told, is_told
from kgpub.web.ontology import documented, told_at
from kgpub.web.pictures import pictures
from kgpub.web.profiles import Chosen
from kgpub.web.respond import PRIVATE, PUBLIC, Served, choose_language, link, respond, served
from kgpub.web.unlisted import LEFT_OUT, is_unlisted, of_document

_MOST_PARTS = 30
"""Most things of a hash namespace told on one page; of more it has the names. The data documents hold all."""

_SEVERAL = 2


class Things:
    """What belongs to the data, as an ASGI application of its own within another one whose state it shares.

    Nothing has to be looked for among the application's addresses first, which would cost as much as the answer.
    """

    def __init__(self, app: Starlette) -> None:
        """Answer in the name of ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET; every refusal is an answer too."""
        scope["app"] = self._app
        request = Request(scope, receive)
        try:
            response = await entity(request)
        except KgpubError as error:
            response = await problems.refuse(request, error)
        except Exception as error:  # noqa: BLE001 - a fault of ours is an answer, its insides go to the log
            response = await problems.fail(request, error)
        await response(scope, receive, send)


async def entity(request: Request) -> Response:
    """Answer an IRI of ours: 303 at the thing's own address, 200 at its documents', 404 where nothing is said.

    An exact entity address wins over the reading of its end as an extension.
    """
    now = served(request)
    raw = raw_path(request)
    iris = now.site.iris
    for iri in _living_first(now, iris.literal(raw)):
        found = documented(request, now, iri)
        if found is not None:
            return found
        if is_told(now, iri):
            return _retired(request, now, iri, None, None) or _negotiate(request, now, iri)
    address = iris.address(raw)
    if address.format is not None and (address.language is None or address.format is HTML):
        for iri in _living_first(now, address.candidates):
            if is_told(now, iri):
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
    check_told(now, iri)
    return _negotiate(request, now, iri) if format is None else _document(request, now, iri, format, language)


def raw_path(request: Request) -> str:
    """The request's path as it was sent, percent-encoded."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def _negotiate(request: Request, now: Served, iri: str) -> Response:
    """303 to the document in the profile and format that the client likes best, or the list of all of them."""
    chosen = profiles.negotiate(request, now)
    if chosen.profile is ALTERNATES:
        return profiles.alternates(request, now, iri, chosen.format)
    return profiles.see_other(request, now, iri, chosen)


def _living_first(now: Served, candidates: tuple[str, ...]) -> list[str]:
    """The IRIs that one address may mean; a retired spelling never hides another one that is described."""
    if len(candidates) < _SEVERAL:
        return list(candidates)
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
    """The document of an entity in one format, and in the profile that the address names."""
    profile = profiles.fixed(request, now, format)
    if profile is ALTERNATES:
        return profiles.alternates(request, now, iri, format)
    if format is HTML:
        return _page(request, now, iri, language)
    found = profiles.graph(request, now, iri, Chosen(profile, format))
    can_be = [one for one in GRAPHS if profile is not DESCRIPTION or rdf.offered(found.quads, one)]
    path = profiles.place(now, iri)
    pairs = [
        *profiles.documents(now, iri, can_be),
        (now.site.iris.path(iri), {"rel": "describes"}),
        (path(iri, HTML), {"rel": "describes", "type": HTML.media_type}),
        (address(path(iri, format), profile), {"rel": "canonical"}),
        *found.around,
    ]
    robots = of_document(now, iri, found.quads)
    headers = {
        "Link": f"{link(pairs)}, {profiles.links(now, iri, profile)}",
        "Content-Profile": profiles.content_profile(now, profile),
        **robots,
    }
    return respond(rdf.document(found.quads, format, now.site.all_prefixes), format, headers=headers)


def _page(request: Request, now: Served, iri: str, language: str | None) -> Response:
    """The page of an entity, which says it in the words of schema.org too; without a language it negotiates one."""
    chosen = language or choose_language(request.headers.get("accept-language"), now.site.languages)
    engine = Reread(now.snapshot.engine)
    described = describe(now, iri, chosen, _MOST_PARTS, engine)
    can_be = [one for one in GRAPHS if rdf.offered(described.quads, one)]
    robots = LEFT_OUT if is_unlisted(now, described) else {}
    drawn, told = pictures(now, engine, iri, chosen), told_at(now, iri, chosen)
    findings = now.snapshot.report.about(iri)
    page = html.entity(described, now.site, chosen, findings, drawn, told, indexed=not robots, memory=now.memory)
    page = signposting.entity_page(now, described, chosen, page)
    place = profiles.place(now, iri)(iri, HTML, chosen)
    pairs = [
        *profiles.documents(now, iri, can_be),
        (now.site.iris.path(iri), {"rel": "describes"}),
        (place, {"rel": "canonical"}),
    ]
    profiled = profiles.links(now, iri, DESCRIPTION, SCHEMA)
    headers = {
        "Link": f"{link(pairs)}, {profiled}, {signposting.entity_header(now, described)}",
        "Content-Language": chosen,
        "Content-Profile": profiles.content_profile(now, DESCRIPTION, SCHEMA),
        **robots,
    }
    if language is None:
        headers |= {"Content-Location": place, "Vary": "Accept-Language"}
    return respond(page.encode(), HTML, cache=PUBLIC if language else PRIVATE, headers=headers)


def describe(
    now: Served, iri: str, language: str, parts: int | None = None, engine: Engine | None = None
) -> Description:
    """What the snapshot says of an IRI, for a reader of a language; a page shows at most so many ``parts``.

    It is read from the snapshot's ``engine``, or from another one in front of that.
    """
    snapshot = now.snapshot
    asked = now.asked.get((language, parts))
    if asked is None:
        asked = now.asked[language, parts] = _asked(now, language, parts)
    return ask.describe(engine or snapshot.engine, snapshot.index, snapshot.graphs, iri, asked)


def _asked(now: Served, language: str, parts: int | None) -> ask.Asked:
    """What descriptions for readers of a language are asked for."""
    languages = (language, *(tag for tag in now.site.languages if tag != language))
    hierarchy = now.site.properties(now.site.vocabulary.hierarchy)
    snapshot = now.snapshot
    holding = partial(held, snapshot, now.stated)  # not of ``now``, which holds this: it goes as soon as it is replaced
    beside = ask.Beside(snapshot.facets.size, snapshot.passages.count, holding)
    asked = ask.Asked(languages, now.site.pages.preview, hierarchy=hierarchy, told=now.told, beside=beside)
    return asked if parts is None else replace(asked, parts=parts)
