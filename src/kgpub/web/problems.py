"""Refusals as answers: problem details for machines (RFC 9457), pages for people, in the reader's language."""

import json
import logging
from difflib import SequenceMatcher

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kgpub.errors import (
    BadQuery,
    KgpubError,
    MethodNotAllowed,
    NoSuchEntity,
    NoSuchPage,
    NoSuchProfile,
    NotAcceptable,
    Unauthorized,
)
from kgpub.formats import HTML, PROBLEM, choose
from kgpub.iris import short_name
from kgpub.model import Hit
from kgpub.represent import html
from kgpub.web.asking import BrokenOff
from kgpub.web.respond import Served, choose_language, served

_METHOD_NOT_ALLOWED = 405
_SUGGESTIONS = 5
_BY_NAME = frozenset({"label", "alternative"})
_LONGEST = 200
"""Characters of an address that are looked for."""
_LIKE = 0.8
"""How much of two texts is the same, in the order in which it stands, where one is written for the other."""

log = logging.getLogger("kgpub")


async def refuse(request: Request, error: Exception) -> Response:
    """Answer one of our own refusals, in HTML where the client prefers it."""
    assert isinstance(error, KgpubError)
    now = served(request)
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if _wants_page(request):
        language = _language(request, now)
        hits = _suggestions(now, error, language)
        labels = now.snapshot.index.labels(iri for hit in hits for iri in (hit.iri, *hit.types))
        page = html.problem(error, now.site, language, hits, labels)
        headers |= {"Content-Type": HTML.content_type, "Content-Language": language}
        return Response(page, error.status, headers=headers)
    body = json.dumps(_details(request, now, error), ensure_ascii=False)
    return Response(body, error.status, headers=headers | {"Content-Type": PROBLEM.content_type})


async def refuse_http(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses (no route, wrong method) as we answer our own refusals."""
    assert isinstance(error, HTTPException)
    if error.status_code == _METHOD_NOT_ALLOWED:
        response = await refuse(request, MethodNotAllowed(f"{request.method} means nothing at this address."))
        response.headers["Allow"] = ", ".join(sorted(_allowed((error.headers or {}).get("Allow", "GET"))))
        return response
    return await refuse(request, NoSuchPage(f"There is no page at {request.url.path}."))


def _allowed(header: str) -> set[str]:
    """The methods of an address: who answers GET answers HEAD, and the front answers OPTIONS for all."""
    methods = {one.strip() for one in header.split(",")}
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


async def fail(request: Request, error: Exception) -> Response:
    """Answer a fault of our own: 500 without its insides, which go to the log."""
    if not isinstance(error, BrokenOff):
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return await refuse(request, KgpubError("Something went wrong here. It was written to the log."))


def _language(request: Request, now: Served) -> str:
    """The language of a page that refuses: the one that the address asks for, else the one that the reader likes."""
    _, _, written = now.site.iris.strip(request.url.path)
    asked = request.query_params.get("lang", "") or written
    if asked in now.site.languages:
        return asked
    return choose_language(request.headers.get("accept-language"), now.site.languages)


def _wants_page(request: Request) -> bool:
    """Whether the client prefers a page over problem details; who accepts anything gets the details."""
    try:
        return choose(request.headers.get("accept"), (PROBLEM, HTML)) is HTML
    except NotAcceptable:
        return False


def _details(request: Request, now: Served, error: KgpubError) -> dict[str, object]:
    """Problem details (RFC 9457 section 3.1); extension members where a machine can use them."""
    details: dict[str, object] = {
        "type": f"{now.site.base}-/problems/{error.kind}",
        "title": html.problem_title(error, "en"),
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
    }
    if isinstance(error, BadQuery) and error.line is not None:
        details |= {"line": error.line, "column": error.column}
    if isinstance(error, NotAcceptable | NoSuchProfile):
        details["offered"] = list(error.offered)
    return details


def _suggestions(now: Served, error: KgpubError, language: str) -> tuple[Hit, ...]:
    """Things with a name like the last part of the address that was not found; what is hardly like it is none."""
    if not isinstance(error, NoSuchEntity):
        return ()
    words = short_name(error.iri)[:_LONGEST].replace("-", " ").replace("_", " ").partition(".")[0]
    try:
        hits = now.snapshot.search.find(words, languages=(language,), limit=_SUGGESTIONS)[1]
    except KgpubError as fault:
        log.warning("no suggestions: %s", fault.detail)
        return ()
    return tuple(hit for hit in hits if hit.reason in _BY_NAME or _is_like(words, hit.matched.value))


def _is_like(words: str, name: str) -> bool:
    """Whether a name differs from the words by a slip or two."""
    return SequenceMatcher(None, words.casefold(), name.casefold(), autojunk=False).ratio() >= _LIKE
