"""The application's own pages: home, classes, links, search, about the data, context, status, static files."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kgpub import describe as ask
from kgpub.about.figures import published
from kgpub.errors import BadRequest, NoSuchPage
from kgpub.formats import HTML, JSON_LD, STATIC, TEXT, choose
from kgpub.iris import check_iri
from kgpub.kept.index import DESCRIPTION
from kgpub.model import Labels
from kgpub.represent import html, rdf
from kgpub.represent.facets import DEEP
from kgpub.web import signposting, unlisted
from kgpub.web.respond import PRIVATE, PUBLIC, Served, page_number, reader, respond, served

_TYPES = {one.extension: one for one in STATIC}
_LASTING = "public, max-age=31536000"
"""For fonts: a changed one gets a name of its own."""


def _page(request: Request, make: Callable[[Served, str], str]) -> Response:
    """An HTML page in the reader's language, with the headers that follow from how that was chosen."""
    choose(request.headers.get("accept"), (HTML,))
    now = served(request)
    who = reader(request, now.site)
    headers = {"Content-Language": who.language}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    body = make(now, who.language).encode()
    return respond(body, HTML, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _signposted(request: Request, response: Response) -> Response:
    """A page that stands for the dataset, with its signposts."""
    response.headers["Link"] = signposting.dataset_header(served(request))
    return response


def _left_alone(page: Response, number: int) -> Response:
    """The page of a list; search engines are told to leave it alone where it is deep in there."""
    if number > DEEP:
        page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page


async def home(request: Request) -> Response:
    """Say what the site is, with counts and ways in."""

    def make(now: Served, language: str) -> str:
        figures, snapshot = now.snapshot.statistics, now.snapshot
        featured = now.site.properties(now.site.featured)
        schemes = snapshot.index.thesaurus.schemes(language, 0, html.SCHEMES_SHOWN)
        classes = (*featured, *(c.iri for c in html.told_first(figures.classes, now.site)[: html.CLASSES_SHOWN]))
        labels = _labels(now, (*classes, *(one.iri for one in schemes)))
        told = (snapshot.version, snapshot.built, schemes, snapshot.dumps)
        page = html.home(figures, labels, now.site, language, *told)
        return signposting.dataset_page(now, language, page)

    return _signposted(request, _page(request, make))


async def classes(request: Request) -> Response:
    """List every class with its number of members, a page at a time."""
    number = page_number(request)

    def make(now: Served, language: str) -> str:
        figures = now.snapshot.statistics
        shown = [one.iri for one in html.classes_shown(figures, now.site, number)]
        if number > 1 and not shown:
            raise NoSuchPage(f"There is no page {number} of the classes.")
        descriptions = now.snapshot.index.labels(shown, DESCRIPTION)
        return html.classes(figures, _labels(now, shown), now.site, language, number, descriptions)

    return _left_alone(_page(request, make), number)


async def links(request: Request) -> Response:
    """List, a page at a time, what points to ``?iri=`` by ``?property=``; a class's members among them."""
    iri, property = _iri(request, "iri"), _iri(request, "property")
    number = page_number(request)

    def make(now: Served, language: str) -> str:
        languages = (language, *(tag for tag in now.site.languages if tag != language))
        wanted = ask.Page(iri, property, languages, number, now.site.pages.links)
        found = ask.listing(now.snapshot.engine, now.snapshot.index, now.snapshot.graphs, wanted)
        found = replace(found, members_below=now.snapshot.facets.size(iri))
        return html.listing(found, property, now.site, language, _own_path(request, now))

    page = _left_alone(_page(request, make), number)
    for name, value in unlisted.headers(served(request), iri).items():
        page.headers.setdefault(name, value)
    return page


async def data(request: Request) -> Response:
    """Say where the data comes from, what it holds, and whether it keeps to its shapes."""

    def make(now: Served, language: str) -> str:
        snapshot, figures = now.snapshot, now.snapshot.statistics
        graphs = [counted.iri for counted in figures.graphs]
        sources = {graph: snapshot.index.graph_sources(graph) for graph in graphs}
        named = (*graphs, *(document for many in sources.values() for document in many))
        focus = (finding.focus for finding in snapshot.report.findings)
        tables = (dump.of for dump in snapshot.dumps if dump.is_table)
        labels = _labels(now, (*named, *focus, *tables, *(c.iri for c in figures.properties)))
        return html.about_data(
            figures,
            snapshot.report,
            labels,
            now.site,
            language,
            snapshot.version,
            snapshot.built,
            sources,
            published(snapshot),
            snapshot.dumps,
        )

    return _signposted(request, _page(request, make))


async def context(request: Request) -> Response:
    """Publish the JSON-LD context of every document (JSON-LD 1.1 section 3.1)."""
    return respond(html.json_text(rdf.context(served(request).site.all_prefixes)).encode(), JSON_LD)


async def status(request: Request) -> Response:
    """Say which snapshot is in service, and how many processes serve; for machines."""
    snapshot = served(request).snapshot
    body = {"version": snapshot.version, "built": snapshot.built, "triples": snapshot.statistics.triples}
    body |= {"processes": _processes(request)}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


async def health(request: Request) -> Response:
    """Answer as long as the store can be read and the server is not about to stop."""
    now = served(request)
    is_stopping = request.app.state.serving.is_stopping
    ask.exists(now.snapshot.engine, now.site.base)
    told = {"status": "stopping" if is_stopping else "ok", "processes": _processes(request)}
    return JSONResponse(told, 503 if is_stopping else 200, headers={"Cache-Control": "no-store"})


def _processes(request: Request) -> int:
    """How many processes serve."""
    found: int = request.app.state.serving.figures.processes.serving
    return found


async def static(request: Request) -> Response:
    """A file of the site's looks; ``site.css`` is made of the settings."""
    name = request.path_params["name"]
    now = served(request)
    if name == "site.css":
        return respond(html.site_css(now.site).encode(), _TYPES["css"])
    body, kind = html.static_file(now.site, name), _TYPES.get(name.rpartition(".")[2])
    if body is None or kind is None:
        raise NoSuchPage(f"There is no file {name}.")
    return respond(body, kind, cache=_LASTING if kind is _TYPES["woff2"] else PUBLIC)


async def accessibility(request: Request) -> Response:
    """Say what the site does so that everybody can use it, and whom to tell where it does not."""
    return _page(request, lambda now, language: html.notice(html.Notice.ACCESSIBILITY, now.site, language))


async def privacy(request: Request) -> Response:
    """Say what the server and the browser keep of a visit."""
    return _page(request, lambda now, language: html.notice(html.Notice.PRIVACY, now.site, language))


_NOT_FOR_CRAWLERS = ("sparql", "search", "-/browse", "-/compare", "-/neighbours", "-/check", "-/metrics")
"""Addresses that combine without end, or say nothing that lasts."""


async def robots(request: Request) -> Response:
    """Tell crawlers to leave the query addresses alone (RFC 9309)."""
    iris = served(request).site.iris
    text = "".join(f"Disallow: {iris.page(path)}\n" for path in _NOT_FOR_CRAWLERS)
    text += f"\nSitemap: {iris.canonical(iris.page('sitemap.xml'))}\n"
    return respond(f"User-agent: *\n{text}".encode(), TEXT)


def router(mount: str) -> APIRouter:
    """The routes of the application's pages under the site's mount."""
    routes = APIRouter()
    table = {
        "": home,
        "robots.txt": robots,
        "-/classes": classes,
        "-/links": links,
        "-/data": data,
        "-/accessibility": accessibility,
        "-/privacy": privacy,
        "-/context.jsonld": context,
        "-/status": status,
        "-/health": health,
        "-/static/{name}": static,
    }
    for path, endpoint in table.items():
        routes.add_api_route(f"{mount}{path}", endpoint, methods=["GET"], response_model=None)
    return routes


def _labels(now: Served, iris: Iterable[str]) -> dict[str, Labels]:
    return dict(now.snapshot.index.labels(iris))


def _iri(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if value is None:
        raise BadRequest(f"This address needs an IRI: ?{name}=https://…")
    return check_iri(value)


def _own_path(request: Request, now: Served) -> str:
    """The page's own address without its page number, for paging links."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k in {"iri", "property"}]
    return html.with_query(now.site.iris.page("-/links"), kept)
