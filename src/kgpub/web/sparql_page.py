"""The query page: a form, and the first rows or triples of an answer, read from the engine's own stream."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from kgpub.doctor import Outcome
from kgpub.errors import AddressTooLong, KgpubError, QueryTimeout, QueryTooHeavy, TooLong
from kgpub.formats import HTML
from kgpub.represent import html
from kgpub.represent.asking import Asking, SparqlTable
from kgpub.represent.citation import Release
from kgpub.web.examples import examples
from kgpub.web.hints import hints
from kgpub.web.operation import HEADERS, Parameters, operation
from kgpub.web.respond import PRIVATE, Reader, Served
from kgpub.web.table import table

_REPEATED = ("default-graph-uri", "named-graph-uri", "timeout", "snapshot")
"""Parameters beside the query that change its answer."""


@dataclass(frozen=True)
class _Shown:
    """What the page shows below its form: an answer with its circumstances, or a refusal."""

    asking: Asking
    result: SparqlTable | None = None
    refusal: KgpubError | None = None


async def page(request: Request, now: Served, who: Reader, parameters: Parameters) -> Response:
    """The query page, with the result or the refusal of what was asked, and that one's status."""
    query = next((value for name, value in reversed(parameters) if name == "query"), "")
    repeated = tuple((name, value) for name, value in parameters if name in _REPEATED and value)
    shown = _Shown(Asking(repeated))
    if query.strip():
        shown = await _shown(request, now, parameters, shown.asking)
    made = await run_in_threadpool(_made, now, who, query, shown)
    headers = {"Content-Language": who.language, **HEADERS, "Content-Type": HTML.content_type}
    refusal = shown.refusal
    if refusal is None:
        return Response(made, headers={**headers, "Cache-Control": PRIVATE})
    waiting = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
    return Response(made, refusal.status, headers={**headers, **waiting, "Cache-Control": "no-store"})


def _made(now: Served, who: Reader, query: str, shown: _Shown) -> str:
    """The page as text."""
    told = hints(now, query, who.language, _outcome(shown)) if query.strip() else ()
    return html.sparql(
        now.site,
        who.language,
        query,
        shown.result,
        shown.refusal,
        examples(now.site),
        asking=shown.asking,
        hints=told,
    )


def _outcome(shown: _Shown) -> Outcome:
    """How the asking went, as far as hints depend on it."""
    if isinstance(shown.refusal, QueryTimeout | QueryTooHeavy):
        return "slow"
    if shown.refusal is not None:
        return "error"
    result = shown.result
    is_empty = result is not None and result.boolean is None and not result.rows and not result.triples
    return "empty" if is_empty else "ok"


async def _shown(request: Request, now: Served, parameters: Parameters, asking: Asking) -> _Shown:
    """The answer of what the parameters ask, or why there is none."""
    try:
        read = await table(request, now, operation(parameters, None))
    except TooLong as error:
        return _Shown(asking, refusal=AddressTooLong(error.detail))
    except KgpubError as error:
        return _Shown(asking, refusal=error)
    release = Release(read.version, read.built)
    return _Shown(
        Asking(asking.parameters, release, read.version != now.snapshot.version, read.milliseconds), read.table
    )
