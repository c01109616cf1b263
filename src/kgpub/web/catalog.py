"""The dataset's self-description and the ways to it: VoID and DCAT, well-known addresses, link sets, site maps.

All is computed from what the snapshot keeps; nothing here scans the graph.
"""

import re
from collections.abc import Callable, Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgpub import __version__
from kgpub import describe as ask
from kgpub.about.catalog import DATASET, PREFIXES, catalogue, name
from kgpub.errors import NoSuchPage
from kgpub.formats import (
    GRAPHS,
    HTML,
    JSON,
    LINKSET_JSON,
    LINKSET_TEXT,
    MARKDOWN,
    OPENAPI,
    TURTLE,
    XML,
    by_extension,
    choose,
)
from kgpub.iris import check_iri
from kgpub.represent import llms, rdf, signposts, sitemap
from kgpub.represent.html import json_text
from kgpub.represent.openapi import openapi as described
from kgpub.represent.signposts import LINKSET, VOID, Signpost
from kgpub.represent.values import Reader
from kgpub.web import downloads, signposting
from kgpub.web.examples import gallery
from kgpub.web.known import check_told
from kgpub.web.respond import HEAD, PRIVATE, PUBLIC, Served, link, reader, redirect, respond, served

API_CATALOG = ".well-known/api-catalog"
"""The address of the list of interfaces (RFC 9727), below the mount and at the root of the host."""

_PROFILE = "https://www.rfc-editor.org/info/rfc9727"
_NUMBER = re.compile(r"0|[1-9]\d{0,8}")
_MOST_CLASSES = 20


async def dataset(request: Request) -> Response:
    """303 from the dataset, a thing, to the page about the data or to its description (VoID section 6)."""
    iris = served(request).site.iris
    format = choose(request.headers.get("accept"), (HTML, *GRAPHS))
    return redirect(iris.page("-/data" if format is HTML else f"{VOID}.{format.extension}"))


async def well_known(request: Request) -> Response:
    """303 to the description, in the format the client likes best (VoID section 6.2)."""
    format = choose(request.headers.get("accept"), GRAPHS)
    return redirect(served(request).site.iris.page(f"{VOID}.{format.extension}"))


async def void(request: Request) -> Response:
    """VoID and DCAT in the format of the address."""
    now = served(request)
    format = by_extension(request.path_params["extension"], GRAPHS)
    if format is None:
        raise NoSuchPage(f"There is no self-description as “{request.path_params['extension']}”.")
    body = rdf.document(catalogue(now.site, now.snapshot), format, {**now.site.all_prefixes, **PREFIXES})
    about = [(signposts.as_uri(name(now.site).value), {"rel": "describes"})]
    page = (now.site.iris.page("-/data"), {"rel": "describes", "type": HTML.media_type})
    return respond(body, format, headers={"Link": link([*about, page])})


async def api_catalog(request: Request) -> Response:
    """The interfaces of the site as a link set (RFC 9727 sections 3 and 4)."""
    site = served(request).site
    iris = site.iris
    here, sparql, openapi = iris.page(API_CATALOG), iris.page("sparql"), iris.page("-/openapi.json")
    links = (
        Signpost(here, "item", sparql),
        Signpost(here, "item", iris.page("search")),
        Signpost(sparql, "service-desc", sparql, TURTLE.media_type),
        Signpost(sparql, "service-doc", sparql, HTML.media_type),
        Signpost(sparql, "service-meta", iris.page(f"{VOID}.{TURTLE.extension}"), TURTLE.media_type),
        Signpost(sparql, "status", iris.page("-/health"), JSON.media_type),
        Signpost(iris.page("search"), "service-desc", openapi, OPENAPI.media_type),
        Signpost(iris.page("search"), "service-doc", iris.page("search"), HTML.media_type),
    )
    kind = f'{LINKSET_JSON.media_type}; profile="{_PROFILE}"'
    headers = {"Content-Type": kind, "Link": link([(here, {"rel": "api-catalog"})])}
    return respond(signposts.as_json(site, links).encode(), LINKSET_JSON, headers=headers)


async def openapi(request: Request) -> Response:
    """What programs can ask for, the site's saved queries included (OpenAPI 3.1)."""
    site = served(request).site
    return respond(json_text(described(site, gallery(site).queries, __version__)).encode(), OPENAPI)


async def linkset(request: Request) -> Response:
    """The signposts of the data, or of the entity given as ``?iri=``, as a link set (RFC 9264)."""
    now = served(request)
    format = by_extension(request.path_params["extension"], (LINKSET_JSON, LINKSET_TEXT))
    if format is None:
        raise NoSuchPage(f"There is no link set as “{request.path_params['extension']}”.")
    iri = request.query_params.get("iri")
    links = signposting.of_dataset(now) if iri is None else _of_entity(now, check_iri(iri))
    written: Callable[..., str] = signposts.as_json if format is LINKSET_JSON else signposts.as_text
    return respond(written(now.site, links).encode(), format)


def _of_entity(now: Served, iri: str) -> tuple[Signpost, ...]:
    """The signposts of an entity; raises ``NoSuchEntity``."""
    snapshot = now.snapshot
    check_told(now, iri)
    described = ask.describe(snapshot.engine, snapshot.index, snapshot.graphs, iri, ask.Asked(now.site.languages))
    formats = tuple(one for one in GRAPHS if rdf.offered(described.quads, one))
    return signposting.of_entity(now, described, formats)


async def sitemap_index(request: Request) -> Response:
    """The index of the site maps."""
    now = served(request)
    body = sitemap.index(now.site, now.snapshot.partitions.figures.maps, now.snapshot.built)
    return respond(body.encode(), XML)


async def sitemap_part(request: Request) -> Response:
    """One site map, as a stream: the application's pages are number 0, the things' begin with 1."""
    now, text = served(request), request.path_params["number"]
    snapshot = now.snapshot
    if not _NUMBER.fullmatch(text) or int(text) > snapshot.partitions.figures.maps:
        raise NoSuchPage(f"There is no site map {text}.")
    tag = f'"{snapshot.version}-sitemap-{text}"'
    headers = {"Content-Type": XML.content_type, "ETag": tag, "Cache-Control": PUBLIC}
    if (unsent := downloads.unsent(request, headers)) is not None:
        return unsent
    body: Iterator[str] = iter(())
    if not request.scope.get(HEAD):
        pages = snapshot.partitions.pages(int(text))
        body = (
            sitemap.things(now.site, pages, snapshot.built)
            if int(text)
            else sitemap.application(now.site, snapshot.built)
        )
    return StreamingResponse(body, headers=headers)


async def for_models(request: Request) -> Response:
    """What the site is, for language models."""
    now = served(request)
    who = reader(request, now.site)
    figures = now.snapshot.statistics
    labels = dict(now.snapshot.index.labels(one.iri for one in figures.classes[:_MOST_CLASSES]))
    body = llms.llms(Reader(now.site, who.language, labels), figures, now.snapshot.dumps, now.snapshot.version)
    headers = {"Content-Language": who.language} | ({} if who.fixed else {"Vary": "Accept-Language"})
    return respond(body.encode(), MARKDOWN, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def add_routes(app: Starlette, mount: str) -> None:
    """Give these addresses their functions; the well-known ones answer at the root of the host too."""
    table = {
        DATASET: dataset,
        f"{VOID}.{{extension}}": void,
        f"{LINKSET}.{{extension}}": linkset,
        "sitemap.xml": sitemap_index,
        f"{sitemap.SITEMAP}{{number}}.xml": sitemap_part,
        "llms.txt": for_models,
        "-/openapi.json": openapi,
        "-/dump.nq": downloads.whole,
        "-/dumps/{name}": downloads.latest,
        "-/dumps/{version}/{name}": downloads.versioned,
    }
    for path, endpoint in table.items():
        app.add_route(f"{mount}{path}", endpoint, methods=["GET"])
    for start in dict.fromkeys((mount, "/")):
        app.add_route(f"{start}.well-known/void", well_known, methods=["GET"])
        app.add_route(f"{start}{API_CATALOG}", api_catalog, methods=["GET"])
