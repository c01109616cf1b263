"""What happened: a line of JSON per request for the log, and figures for Prometheus. The outermost layer of all."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TextIO

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kgpub.engine.pool import Pool
from kgpub.formats import METRICS
from kgpub.settings import Settings
from kgpub.web.asking import TRACES

_SHOWN = 500
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Observer:
    """An ASGI application in front of another one, which notes every answer."""

    def __init__(self, app: ASGIApp, site: Settings, pool: Pool) -> None:
        """Note the answers of ``app`` and the work of ``pool``."""
        self._app = app
        self._mount = site.iris.mount
        self._log = _open(site.log.access, site.folder)
        self.registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self.registry)
        self.registry.register(_Work(pool))
        self._requests = Counter(
            "kgpub_requests", "Answers by kind of address and status.", ["kind", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "kgpub_request_seconds", "Seconds to the last byte.", ["kind"], registry=self.registry, buckets=_BUCKETS
        )
        self._counters: dict[tuple[str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer, and note what it did."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
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

    def metrics(self, _: Request) -> Response:
        """Give the figures in Prometheus' text format."""
        return Response(generate_latest(self.registry), headers={"Content-Type": METRICS.content_type})

    def _note(self, scope: Scope, status: int, size: int, is_whole: bool, seconds: float) -> None:
        kind = self._kind(scope["path"])
        counter = self._counters.get((kind, status))
        if counter is None:
            counter = self._counters[kind, status] = self._requests.labels(kind, str(status))
        counter.inc()
        histogram = self._histograms.get(kind)
        if histogram is None:
            histogram = self._histograms[kind] = self._seconds.labels(kind)
        histogram.observe(seconds)
        if self._log is not None:
            self._log.write(_line(scope, status, size, is_whole, seconds))

    def _kind(self, path: str) -> str:
        """Which kind of address a path is; few, so that figures stay few."""
        name = path.removeprefix(self._mount)
        if name in {"sparql", "search"}:
            return name
        if name.startswith("-/"):
            second = name[2:].partition("/")[0].partition(".")[0]
            return second if second in {"static", "queries"} else "page"
        return "entity" if name else "page"


class _Work(Collector):
    """What the pool does, read when it is asked for."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        """The pool's figures."""
        ended = CounterMetricFamily("kgpub_queries", "Queries by how they ended.", labels=["outcome"])
        for outcome, count in self._pool.outcomes.items():
            ended.add_metric([outcome], count)
        yield ended
        yield CounterMetricFamily("kgpub_workers_replaced", "Workers that were replaced.", value=self._pool.replaced)
        yield GaugeMetricFamily("kgpub_queries_running", "Queries being answered.", value=self._pool.running)
        yield GaugeMetricFamily("kgpub_queries_waiting", "Queries that wait for a worker.", value=self._pool.waiting)


def _line(scope: Scope, status: int, size: int, is_whole: bool, seconds: float) -> str:
    """A request as one line of JSON; of a query its hash, never its text."""
    trace = scope[TRACES][-1] if scope[TRACES] else None
    path: bytes = scope["raw_path"]
    if trace is None and scope["query_string"] and b"query=" not in scope["query_string"]:
        path += b"?" + scope["query_string"]
    told: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "client": scope["client"][0] if scope.get("client") else "",
        "method": scope["method"],
        "path": path[:_SHOWN].decode("latin-1"),
        "status": status,
        "bytes": size,
        "whole": is_whole,
        "ms": round(seconds * 1000, 2),
    }
    if trace is not None:
        told |= {
            "query": trace.key,
            "snapshot": trace.snapshot,
            "rows": trace.rows,
            "outcome": trace.outcome,
            "worker_ms": round(trace.seconds * 1000, 2),
        }
    return json.dumps(told, ensure_ascii=True) + "\n"


def _open(where: str, folder: Path) -> TextIO | None:
    """The log's file: the terminal for ``-``, nothing for nothing."""
    if not where:
        return None
    return sys.stderr if where == "-" else (folder / where).open("a", encoding="ascii", buffering=1)
