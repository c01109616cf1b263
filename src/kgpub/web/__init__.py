"""The edge: from HTTP requests to descriptions and back. Only this package knows about async."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kgpub import __version__
from kgpub.errors import KgpubError
from kgpub.iris import Iris
from kgpub.profiles import PROFILES
from kgpub.represent.frame import CARD
from kgpub.web import (
    catalog,
    check,
    cite,
    entities,
    facets,
    ontology,
    pages,
    pictures,
    problems,
    profiles,
    saved,
    searching,
    statements,
    terms,
    thesaurus,
)
from kgpub.web.beside import answer_beside
from kgpub.web.cache import PageCache
from kgpub.web.counters import Work
from kgpub.web.observe import Observer
from kgpub.web.processes import Spent
from kgpub.web.quick import Quick
from kgpub.web.serving import Serving
from kgpub.web.sparql import Endpoint
from kgpub.web.wire import AT_ONCE, BEGIN

if TYPE_CHECKING:
    from kgpub.web.card import Cards


def create_app(serving: Serving) -> ASGIApp:
    """The whole application over what is being served."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, object]]:
        task = asyncio.create_task(serving.follow())
        serving.pool.start()
        yield {AT_ONCE: observer.at_once, BEGIN: Quick(serving, front, observer).begin}
        observer.close()
        await serving.pool.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    site = serving.now.site
    mount = site.iris.mount
    app = FastAPI(
        title="kgpub",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.serving = serving
    app.add_exception_handler(KgpubError, problems.refuse)
    app.add_exception_handler(HTTPException, problems.refuse_http)
    app.add_exception_handler(Exception, problems.fail)
    front = PageCache(_front(app, site.iris, is_here=not site.engine), serving)
    figures = serving.figures
    observer = Observer(front, site, figures.answers, Spent(figures.processes), Work(serving.pool))
    app.add_route(f"{mount}-/metrics", observer.metrics, methods=["GET"])
    _route(app, mount)
    if site.engine:
        answer_beside(app)
    return observer


def _route(app: FastAPI, mount: str) -> None:
    """Give every address its function; what no other takes belongs to the data."""
    app.include_router(pages.router(mount))
    catalog.add_routes(app, mount)
    ontology.add_routes(app, mount)
    thesaurus.add_routes(app, mount)
    app.include_router(searching.router(mount))
    app.include_router(saved.router(mount))
    app.include_router(facets.router(mount))
    table = {
        "-/about": entities.about,
        "-/about.{rest:path}": entities.about,
        "-/terms.json": terms.terms,
        "-/cite.{extension}": cite.cite,
        pictures.NEIGHBOURS: pictures.neighbours,
        PROFILES: profiles.about_profiles,
        f"{PROFILES}.{{extension}}": profiles.described_profiles,
        "-/values": statements.values,
        "-/report": statements.report,
        "-/qr.svg": statements.qr,
    }
    app.add_route(f"{mount}-/check", check.check, methods=["POST"])
    app.add_route(f"{mount}-/check", check.misplaced, methods=["GET"])
    app.add_route(f"{mount}{CARD}", _cards(), methods=["GET"])
    for path, endpoint in table.items():
        app.add_route(f"{mount}{path}", endpoint, methods=["GET"])
    app.add_route(f"{mount}{{path:path}}", entities.entity, methods=["GET"])


def _cards() -> Callable[[Request], Awaitable[Response]]:
    """What draws the pictures of link previews; the library for that is imported with the first one."""
    made: list[Cards] = []

    async def card(request: Request) -> Response:
        if not made:
            from kgpub.web.card import Cards  # noqa: PLC0415 # as said above

            made.append(Cards())
        return await made[0].card(request)

    return card


def _front(app: FastAPI, iris: Iris, *, is_here: bool) -> ASGIApp:
    """The application, passed by for queries and, where the engine ``is_here``, for what belongs to the data."""
    endpoint, things, address = Endpoint(app), entities.Things(app), iris.page("sparql")

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
        elif scope["path"] == address:
            await endpoint(scope, receive, send)
        else:
            is_thing = is_here and scope["method"] == "GET" and not iris.is_reserved(scope["path"])
            await (things if is_thing else app)(scope, receive, send)

    return front
