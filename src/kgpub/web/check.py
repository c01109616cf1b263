"""A query looked at before it is asked: what the guard, the engine's parser and the doctor find in it.

Lines and columns count from 1 and in code points, as everywhere here; ``start`` and ``end`` count UTF-16 units from 0,
as editors in browsers do.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kgpub.doctor import FATAL, REWRITES, Hint, diagnose, offset
from kgpub.errors import BadQuery, ClientGone, KgpubError, QueryRefused
from kgpub.formats import FORM, JSON, SPARQL_QUERY
from kgpub.represent.locale import Voice, voice
from kgpub.web.asking import ask
from kgpub.web.asking import check as parse
from kgpub.web.hints import fix_label, known, reason, told
from kgpub.web.operation import decoded, operation
from kgpub.web.respond import reader, served
from kgpub.web.sparql import body, media_type, text

_ENCODED = 3
"""A byte takes at most three in a form."""
_ROOM = 1_024
"""Bytes of a form beyond its query."""

Json = Mapping[str, object]


@dataclass(frozen=True)
class _Problem:
    """Something to mark in a query, from ``start`` up to ``end`` (code points), and what is said of it."""

    kind: str
    severity: str
    message: str
    start: int
    end: int
    fix: Mapping[str, str] | None = None


async def check(request: Request) -> Response:
    """Say what is wrong with the query in the body, or could be asked better; never asks it unless ``?time=1``.

    ``{"problems": [{"line": 1, "column": 5, "endLine": 1, "endColumn": 9, "start": 4, "end": 8, "message": "…",
    "severity": "error", "kind": "…", "fix": {"label": "…", "query": "…"}}]}``; ``severity`` is ``error``, ``warning``
    or ``info``, ``fix`` is null where there is none. With ``?time=1`` the query and its first rewrite (or that of
    ``&kind=…``) are asked one after the other, and ``timing`` says how many milliseconds each took, or the kind of
    its refusal: ``{"kind": "…", "query": {"milliseconds": 812}, "fix": {"refusal": "timeout"}, "message": "…"}``.
    """
    now = served(request)
    language = reader(request, now.site).language
    query = await _query(request, now.site.sparql.max_query)
    refusal = await _refusal(request, query)
    found = await run_in_threadpool(lambda: diagnose(query, known(now), "error" if refusal else None))
    say = voice(language, now.site.overrides)
    answer: dict[str, object] = {"problems": [_as_json(query, one) for one in _problems(say, query, refusal, found)]}
    if request.query_params.get("time") == "1":
        answer["timing"] = await _timing(request, say, query, found)
    headers = {"Cache-Control": "no-store", "Content-Language": language, "Content-Type": JSON.content_type}
    return Response(json.dumps(answer, ensure_ascii=False), headers=headers)


async def misplaced(_: Request) -> Response:
    """Refuse what is no POST, which would else be taken for a thing of the data (RFC 9110 section 15.5.6)."""
    raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "POST"})


async def _query(request: Request, most: int) -> str:
    """The query in the body, as in the protocol; raises ``TooLong``, ``UnsupportedMediaType`` or ``BadRequest``."""
    kind = media_type(request, (FORM, SPARQL_QUERY))
    whole = await body(request, most * _ENCODED + _ROOM if kind is FORM else most)
    return operation(decoded(whole), None).query if kind is FORM else text(whole)


async def _refusal(request: Request, query: str) -> KgpubError | None:
    """Why the query would not be asked at all; what else goes wrong is raised."""
    try:
        await parse(request, query)
    except (BadQuery, QueryRefused) as error:
        return error
    return None


def _problems(say: Voice, query: str, refusal: KgpubError | None, found: tuple[Hint, ...]) -> list[_Problem]:
    """The refusal, unless a hint explains it, then the hints."""
    hints = [_problem(say, one) for one in found]
    if refusal is None or any(one.kind in FATAL for one in found):
        return hints
    return [_refused(say, query, refusal), *hints]


def _problem(say: Voice, hint: Hint) -> _Problem:
    severity = "error" if hint.kind in FATAL else "info" if hint.kind in REWRITES else "warning"
    fix = {"label": fix_label(say, hint), "query": hint.fix} if hint.fix is not None else None
    return _Problem(hint.kind, severity, told(say, hint), hint.start, hint.end, fix)


def _refused(say: Voice, query: str, error: KgpubError) -> _Problem:
    """A refusal at its place; the whole text where it has none."""
    message = reason(say, error)
    if not isinstance(error, BadQuery) or error.line is None:
        return _Problem(error.kind, "error", message, 0, len(query))
    start = min(offset(query, error.line, error.column or 1), max(len(query) - 1, 0))
    return _Problem(error.kind, "error", message, start, min(start + 1, len(query)))


def _as_json(query: str, problem: _Problem) -> Json:
    """A problem with its place in both ways of counting."""
    line, column = _place(query, problem.start)
    end_line, end_column = _place(query, problem.end)
    return {
        "line": line,
        "column": column,
        "endLine": end_line,
        "endColumn": end_column,
        "start": _units(query[: problem.start]),
        "end": _units(query[: problem.end]),
        "message": problem.message,
        "severity": problem.severity,
        "kind": problem.kind,
        "fix": problem.fix,
    }


def _place(query: str, position: int) -> tuple[int, int]:
    """Line and column, from 1."""
    return query.count("\n", 0, position) + 1, position - query.rfind("\n", 0, position)


def _units(text: str) -> int:
    """The length of a text in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


async def _timing(request: Request, say: Voice, query: str, found: tuple[Hint, ...]) -> Json | None:
    """How long the query takes and how long its rewrite; None where there is no rewrite."""
    wanted = request.query_params.get("kind")
    rewrites = (one for one in found if one.kind in REWRITES and one.fix is not None and wanted in (None, one.kind))
    chosen = next(rewrites, None)
    if chosen is None or chosen.fix is None:
        return None
    before, after = await _timed(request, query), await _timed(request, chosen.fix)
    message = say("hint.timed", query=_duration(say, before), fix=_duration(say, after))
    return {"kind": chosen.kind, "query": before, "fix": after, "message": message}


async def _timed(request: Request, query: str) -> Json:
    """The milliseconds that the engine takes for the whole answer, which nobody gets, or the kind of its refusal."""
    try:
        stream = await ask(request, query, None)
        try:
            async for _ in stream:
                pass
        finally:
            await stream.close()
    except ClientGone:
        raise
    except KgpubError as error:
        return {"refusal": error.kind}
    return {"milliseconds": round(stream.trace.seconds * 1_000, 1)}


def _duration(say: Voice, timed: Json) -> str:
    """A measured time, or that there is none."""
    if "refusal" in timed:
        return say("hint.timed-refused")
    return say("hint.timed-whole", milliseconds=say.number(str(timed["milliseconds"])))
