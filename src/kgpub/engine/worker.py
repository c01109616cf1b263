"""A process that answers strangers' queries, one after the other, and may be killed at any moment."""

import os
import resource
import socket
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import suppress

from pyoxigraph import Store

from kgpub.engine import DatasetClause, guard
from kgpub.engine.evaluate import Question, answer, evaluate
from kgpub.engine.frames import (
    CHUNK,
    DONE,
    ERROR,
    FIGURES,
    FORMAT,
    HELLO,
    JOB,
    PLACE,
    SKIP,
    SKIPPED,
    Frame,
    Unframer,
    asked,
    frame,
    json_frame,
    packed,
    value,
    whole_frame,
)
from kgpub.engine.ground import Ground
from kgpub.engine.protocol_dataset import Scene
from kgpub.errors import BadQuery, EngineDown, KgpubError
from kgpub.formats import Format

_STORES = 2
"""Snapshots that a worker keeps open: the present one, and the one before or a pinned one."""
_PIECE = 16_384
"""Bytes that are read at a time: what is larger costs a fresh mapping of memory for each question."""
_KILO = 1024
_OFTEN = 0.01
"""Seconds after which the memory is looked at anew."""


def run(connection: socket.socket) -> None:
    """Answer questions from a connection until it is closed."""
    worker = _Worker(connection)
    worker.say(json_frame(HELLO, os.getpid()))
    for kind, body in Mail(connection).frames():
        if kind == PLACE:
            worker.go(value(body))
        else:
            worker.do(*asked(body))


class Mail:
    """What comes from the server, in order, without the questions that it took back in time."""

    def __init__(self, connection: socket.socket) -> None:
        """Read from this."""
        self._connection = connection
        self._unframer = Unframer()
        self._waiting: deque[Frame] = deque()

    def frames(self) -> Iterator[Frame]:
        """Where to ask from here on, and questions, until the connection is closed."""
        is_fresh = False
        while True:
            if not self._waiting:
                data = self._connection.recv(_PIECE)
                if not data:
                    return
                self._waiting.extend(self._unframer.add(data))
                is_fresh = True
                continue
            kind, body = self._waiting.popleft()
            if kind == JOB:
                if not is_fresh:
                    self._look()
                is_fresh = False
                if self._waiting and self._waiting[0][0] == SKIP:
                    self._connection.sendall(frame(SKIPPED, b""))
                    continue
            if kind != SKIP:  # else it came too late, or was heeded
                yield kind, body

    def _look(self) -> None:
        """Read on: a question that came together with the one before may have been taken back meanwhile."""
        with suppress(BlockingIOError):
            self._waiting.extend(self._unframer.add(self._connection.recv(_PIECE, socket.MSG_DONTWAIT)))


class _Worker:
    """One worker: the stores that it has open, and where its answers go."""

    def __init__(self, connection: socket.socket) -> None:
        self.say = connection.sendall
        self._stores: OrderedDict[str, Store] = OrderedDict()
        self._empty = Store()
        self._folder = ""
        self._ground = Ground("", {}, 0, 0)
        self._most, self._looked = 0, 0.0

    def go(self, place: list[str]) -> None:
        """Answer what comes from here on from the store in another folder, on another ground."""
        self._folder, ground, scratch = place
        self._ground = Ground.read(ground, scratch)

    def do(self, query: str, accept: str | None, dataset: DatasetClause, is_check: bool) -> None:  # as a frame has it
        """Answer one question; whatever goes wrong is told."""
        began = time.perf_counter()
        out = _Letter(self)
        try:
            rows = self._check(query) if is_check else self._answer(Question(query, accept, dataset), out)
        except KgpubError as error:
            self.say(json_frame(ERROR, packed(error)))
        except MemoryError:
            os._exit(1)  # like the native engine, which ends the process
        except Exception as error:  # noqa: BLE001 - told to the server, which writes it to its log
            self.say(json_frame(ERROR, packed(EngineDown(f"the worker failed: {type(error).__name__}: {error}"))))
        else:
            ended = time.perf_counter()
            out.end(rows, ended - began, self._peak(ended))

    def _answer(self, question: Question, out: "_Letter") -> int:
        """Evaluate a query; the number of its rows."""
        query = question.query
        careful = not guard.is_harmless(query)
        if careful:
            guard.check(query, _size(query))
        try:
            return answer(self._store(), self._ground, question, out.send)
        except BadQuery:
            if not careful:
                guard.check(query, _size(query))  # says more exactly what is wrong
            raise

    def _peak(self, now: float) -> int:
        """The most memory that this process has had, in bytes, as of a moment ago (``time.perf_counter``)."""
        if now - self._looked > _OFTEN:
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            self._most, self._looked = used if sys.platform == "darwin" else used * _KILO, time.perf_counter()
        return self._most

    def _check(self, query: str) -> int:
        """Read a query without evaluating it."""
        guard.check(query, _size(query))
        evaluate(Scene(self._empty), query, self._ground)
        return 0

    def _store(self) -> Store:
        """The store to ask, opened when it is first asked."""
        folder = self._folder
        store = self._stores.pop(folder, None)
        if store is None:
            try:
                store = Store.read_only(folder)
            except (OSError, RuntimeError) as error:
                raise EngineDown(f"the store cannot be opened: {error}") from error
        self._stores[folder] = store
        if len(self._stores) > _STORES:
            self._stores.popitem(last=False)
        return store


class _Letter:
    """An answer on its way out: its first piece waits for the second, so that most answers go in one go."""

    def __init__(self, worker: _Worker) -> None:
        self._worker = worker
        self._format: Format | None = None
        self._first: bytes | None = None

    def send(self, format: Format, chunk: bytes) -> None:
        """Take the next piece."""
        if self._format is None:
            self._format, self._first = format, chunk
            return
        if self._first is not None:
            self._worker.say(frame(FORMAT, format.media_type.encode()) + frame(CHUNK, self._first))
            self._first = None
        self._worker.say(frame(CHUNK, chunk))

    def end(self, rows: int, seconds: float, peak: int) -> None:
        """Send what is left, and the end with its figures."""
        if self._format is not None and self._first is not None:
            self._worker.say(whole_frame(self._format.media_type, self._first, rows, seconds, peak))
        else:
            self._worker.say(frame(DONE, FIGURES.pack(rows, seconds, peak)))


def _size(query: str) -> int:
    """The bytes of a query, whose length the server has seen to."""
    return len(query.encode("utf-8", "surrogatepass"))
