"""Answering beside the event loop where the engine is elsewhere, so that a slow endpoint keeps nobody else waiting."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, request_response

from kgpub.web import catalog, cite, compare, documents, entities, pages, pictures, statements

Handler = Callable[[Request], Coroutine[Any, Any, Response]]  # Any: what nobody sends or yields

_ASKING: frozenset[Handler] = frozenset(
    (
        entities.entity,
        entities.about,
        pages.links,
        pages.health,
        statements.values,
        statements.report,
        statements.qr,
        pictures.neighbours,
        cite.cite,
        compare.compare,
        documents.document,
        catalog.dataset,
        catalog.linkset,
    )
)
"""The functions that ask the engine and wait for nothing else; what else asks it does so beside the loop already."""


def answer_beside(app: FastAPI) -> None:
    """Have every address whose function asks the engine answered in a thread."""
    for route in app.router.routes:
        if isinstance(route, Route) and route.endpoint in _ASKING:
            route.app = request_response(_threaded(route.endpoint))


def _threaded(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        return await run_in_threadpool(_finished, handler(request))

    return answered


def _finished(answering: Coroutine[Any, Any, Response]) -> Response:  # Any: as above
    """What a coroutine that waits for nothing returns."""
    try:
        answering.send(None)
    except StopIteration as done:
        response: Response = done.value
        return response
    finally:
        answering.close()
    raise RuntimeError("a function that is to be answered in a thread waits for something")
