"""The edge: from HTTP requests to descriptions and back. Only this package knows about async."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from kgpub import __version__
from kgpub.errors import KgpubError
from kgpub.web import entities, pages, problems
from kgpub.web.cache import PageCache
from kgpub.web.serving import Serving
from kgpub.web.sparql import router as sparql_router


def create_app(serving: Serving) -> ASGIApp:
    """The whole application over what is being served."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(serving.follow())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    site = serving.now.site
    mount = site.iris.mount
    app = FastAPI(
        title="kgpub",
        version=__version__,
        openapi_url=f"{mount}-/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    app.state.serving = serving
    app.add_exception_handler(KgpubError, problems.refuse)
    app.add_exception_handler(HTTPException, problems.refuse_http)
    app.add_exception_handler(Exception, problems.fail)
    app.include_router(pages.router(mount))
    app.include_router(sparql_router(mount))
    app.add_route(f"{mount}-/about", entities.about, methods=["GET"])
    app.add_route(f"{mount}-/about.{{rest:path}}", entities.about, methods=["GET"])
    app.add_route(f"{mount}{{path:path}}", entities.entity, methods=["GET"])
    return PageCache(app, serving, site.pages.cache)
