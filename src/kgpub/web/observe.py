"""What happened: a line of JSON per request for the log, and figures for Prometheus. The outermost layer of all."""

import asyncio
import json
import os
import re
import stat
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter, time
from typing import NamedTuple
from urllib.parse import unquote

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from kgpub.engine.stream import Trace
from kgpub.formats import METRICS
from kgpub.settings import Settings
from kgpub.web.asking import BEGUN, TRACES
from kgpub.web.cache import Address, Found, PageCache
from kgpub.web.counters import Answers

_SHOWN = 500
_MOMENT = 0.1
_JSON = json.JSONEncoder(ensure_ascii=True)
_STDERR = 2
_UNSAFE = re.compile(r"[^ !#-\[\]-~]")
"""What JSON writes in another way."""
_PIPE = 4_096
"""Bytes that go through a pipe in one piece, whoever else writes to it (PIPE_BUF of Linux)."""


class Observer:
    """An ASGI application in front of another one, which notes every answer."""

    def __init__(self, app: PageCache, site: Settings, answers: "Answers", *others: Collector) -> None:
        """Note the answers of ``app`` among ``answers``; the other figures are told with them."""
        self._app = app
        self._find = app.find
        self._mount = site.iris.mount
        self._log = _Log(site.log.access, site.folder) if site.log.access else None
        self.registry = CollectorRegistry(auto_describe=False)
        for figures in (*others, answers):
            self.registry.register(figures)
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and note what it did."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = scope.get(BEGUN)
        began = begun.began if begun else perf_counter()
        scope[TRACES] = []
        status, size, is_whole = 0, 0, False

        async def noting(message: Message) -> None:
            nonlocal status, size, is_whole
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
                is_whole = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, status, size, is_whole, perf_counter() - began)

    def at_once(self, client: str, path: bytes, query: bytes, headers: dict[bytes, bytes]) -> Found | None:
        """What a GET is answered with out of the cache, noted as every answer is; None where it is not there."""
        began = perf_counter()
        found = self._find(path, query, headers)
        if found is None:
            return None
        decoded = path.decode("ascii")
        kind = self._kind(unquote(decoded) if "%" in decoded else decoded)
        self._tell(kind, client, path, query, found, perf_counter() - began)
        return found

    def made(self, client: str, asked: Address, found: Found, seconds: float) -> None:
        """Note an answer to a query that was made without the application."""
        self._tell("sparql", client, asked.path, asked.query, found, seconds)

    def _tell(self, kind: str, client: str, path: bytes, query: bytes, found: Found, seconds: float) -> None:
        """Note an answer to a GET that is whole."""
        self._answers.note(kind, found.status, seconds)
        if self._log is not None:
            asked = Asked(client, "GET", path, query, found.traces)
            self._log.write(_line(asked, found.status, len(found.body), True, seconds))

    def metrics(self, _: Request) -> Response:
        """Give the figures in Prometheus' text format."""
        return Response(generate_latest(self.registry), headers={"Content-Type": METRICS.content_type})

    def _note(self, scope: Scope, status: int, size: int, is_whole: bool, seconds: float) -> None:
        kind = self._kind(scope["path"])
        self._answers.note(kind, status, seconds)
        if self._log is not None:
            client = scope["client"][0] if scope.get("client") else ""
            asked = Asked(client, scope["method"], scope["raw_path"], scope["query_string"], scope[TRACES])
            self._log.write(_line(asked, status, size, is_whole, seconds))

    def close(self) -> None:
        """Write what the log has not got yet."""
        if self._log is not None:
            self._log.flush()

    def _kind(self, path: str) -> str:
        """Which kind of address a path is; few, so that figures stay few."""
        name = path.removeprefix(self._mount)
        if name in {"sparql", "search"}:
            return name
        if name.startswith("-/"):
            second = name[2:].partition("/")[0].partition(".")[0]
            return second if second in {"static", "queries"} else "page"
        return "entity" if name else "page"


class Asked(NamedTuple):  # made twice as quickly as a frozen dataclass, and every request has one
    """A request as the log tells it, with the queries that it was answered by."""

    client: str
    method: str
    path: bytes
    query: bytes
    traces: Sequence[Trace]


def _line(asked: Asked, status: int, size: int, is_whole: bool, seconds: float) -> str:
    """A request as one line of JSON; of a query its hash, never its text."""
    trace = asked.traces[-1] if asked.traces else None
    path = asked.path
    if trace is None and asked.query and b"query=" not in asked.query:
        path += b"?" + asked.query
    told = (
        f'{{"time": "{_time(time())}", "client": {_quoted(asked.client)}, "method": {_quoted(asked.method)}, '
        f'"path": {_text(path[:_SHOWN])}, "status": {status}, "bytes": {size}, '
        f'"whole": {"true" if is_whole else "false"}, "ms": {round(seconds * 1000, 2)}'
    )
    if trace is None:
        return told + "}\n"
    return (
        f'{told}, "query": "{trace.key}", "snapshot": "{trace.snapshot}", "rows": {trace.rows}, '
        f'"outcome": "{trace.outcome}", "worker_ms": {round(trace.seconds * 1000, 2)}}}\n'
    )


def _time(now: float) -> str:
    """A moment (seconds since 1970) as ISO 8601 has it, to the millisecond."""
    second = int(now)
    return f"{_second(second)}.{int((now - second) * 1000):03d}+00:00"


@lru_cache(maxsize=4)
def _second(now: int) -> str:
    """A second, which many answers share."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _text(path: bytes) -> str:
    """An address as JSON."""
    text = path.decode("latin-1")
    return _JSON.encode(text) if _UNSAFE.search(text) else f'"{text}"'


@lru_cache(maxsize=256)
def _quoted(text: str) -> str:
    """An address or a method as JSON; few are asked for over and over."""
    return _JSON.encode(text)


class _Log:
    """The log's file, the terminal for ``-``; lines are written a moment later, those of that moment in one go.

    Several processes may write to it: each piece is one write of whole lines, which nothing comes between.
    """

    def __init__(self, where: str, folder: Path) -> None:
        self._file = None if where == "-" else (folder / where).open("ab", buffering=0)
        self._descriptor = _STDERR if self._file is None else self._file.fileno()
        self._most = sys.maxsize if stat.S_ISREG(os.fstat(self._descriptor).st_mode) else _PIPE
        self._lines: list[str] = []

    def write(self, line: str) -> None:
        """Take a line."""
        if not self._lines:
            asyncio.get_running_loop().call_later(_MOMENT, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        """Write all lines there are, each whole."""
        lines, self._lines = self._lines, []
        piece: list[str] = []
        size = 0
        for line in lines:
            if piece and size + len(line) > self._most:
                self._put(piece)
                piece, size = [], 0
            piece.append(line)
            size += len(line)
        if piece:
            self._put(piece)

    def _put(self, lines: list[str]) -> None:
        """Write in one piece; only what a full disk or pipe did not take goes after it."""
        rest = "".join(lines).encode("ascii")
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
