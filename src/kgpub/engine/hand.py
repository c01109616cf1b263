"""The server's end of one worker: what it says, as it comes, goes to the answer that waits for it."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Protocol, cast

from kgpub.engine.frames import (
    CHUNK,
    DONE,
    ERROR,
    FIGURES,
    FORMAT,
    HELLO,
    PLACE,
    SKIP,
    SKIPPED,
    WHOLE,
    Unframer,
    frame,
    json_frame,
    unpacked,
    value,
    whole,
)
from kgpub.engine.ground import Ground
from kgpub.errors import KgpubError

QUICK = 0.002
"""Seconds of a worker that are hardly any."""


class Listener(Protocol):
    """Who waits for an answer."""

    def begin(self, media_type: str) -> None:
        """The answer's format is known."""

    def add(self, piece: bytes) -> None:
        """The next piece of it."""

    def end(self, rows: int, seconds: float) -> None:
        """It is whole."""

    def fail(self, error: KgpubError) -> None:
        """There is no answer, or no rest of it."""

    def died(self) -> None:
        """The worker is gone."""

    def wait(self) -> None:
        """The worker has not begun, and another one has to be waited for."""


class Nobody:
    """Listens in place of who does not wait for the answer here."""

    def begin(self, media_type: str) -> None:
        """Not here."""

    def add(self, piece: bytes) -> None:
        """Not here."""

    def end(self, rows: int, seconds: float) -> None:
        """Not here."""

    def fail(self, error: KgpubError) -> None:
        """Not here."""

    def died(self) -> None:
        """Not here."""

    def wait(self) -> None:
        """Not here."""


NOBODY = Nobody()
"""Listens to a worker that may be at a question which was taken back too late."""


class Next(Protocol):
    """Who stands behind the question that a worker is at."""

    client: str
    listener: Listener | None

    def move(self) -> None:
        """Have another worker asked."""


class Hand(asyncio.Protocol):
    """One worker. ``on_free`` is called when it can take a question, ``on_lost`` when it is gone."""

    def __init__(self, generation: int, on_free: "Callable[[Hand], None]", on_lost: "Callable[[Hand], None]") -> None:
        self.generation = generation
        """Which nursery made the worker."""
        self.number = 0
        """The worker's process number; 0 until it has said hello."""
        self.memory = 0
        """The most bytes of memory that it said it has had."""
        self.scratch = ""
        """The folder of the worker's temporary files, once it has one."""
        self.client, self.since = "", 0.0
        """Whose question it answers, and since when (``time.monotonic``)."""
        self.borrower: object = None
        """To whom it was lent last."""
        self.listener: Listener | None = None
        self.behind: Next | None = None
        """Whose question it was sent besides."""
        self.is_skipping = False
        """Whether it was told to pass over the question behind, and has not said yet that it did."""
        self.enough = 0
        """The bytes of memory after which it is replaced, 0 for however many."""
        self.streak = 0
        """How many answers in a row took it hardly any time."""
        self._on_free, self._on_lost = on_free, on_lost
        self._frames = Unframer()
        self._transport: asyncio.Transport | None = None
        self._place: tuple[str, Ground] | None = None

    @property
    def descriptor(self) -> int:
        """The open socket at whose other end the worker is."""
        assert self._transport is not None
        found: int = self._transport.get_extra_info("socket").fileno()
        return found

    @property
    def is_worn(self) -> bool:
        """Whether it has had so much memory that a fresh one has to take its place."""
        return 0 < self.enough < self.memory

    def ask(self, store: str, ground: Ground, job: bytes, listener: Listener) -> None:
        """Send a question, a frame, about a store, on a ground; its answer goes to the listener."""
        if self.behind is None:
            self.listener = listener
        else:
            self.behind.listener = listener
        assert self._transport is not None
        if self._place is None or self._place[0] != store or self._place[1] is not ground:
            self._place = store, ground
            job = json_frame(PLACE, (store, ground.json, self.scratch)) + job
        self._transport.write(job)

    def skip(self) -> None:
        """Take back the question behind the one that it is at."""
        self.behind, self.is_skipping = None, True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(frame(SKIP, b""))

    def forget(self) -> None:
        """Somebody else has asked the worker meanwhile: where questions are asked is said again."""
        self._place = None

    def pause(self, is_paused: bool) -> None:
        """Stop or go on taking what the worker says, which makes it wait."""
        if self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if is_paused else self._transport.resume_reading)()

    def close(self) -> None:
        """Hang up; a worker that is idle ends then."""
        self.listener = None
        if self._transport is not None:
            self._transport.abort()

    def end(self, error: KgpubError) -> None:
        """Hang up; who waits for an answer is told why there is none."""
        told = (self.listener, self.behind.listener if self.behind is not None else None)
        self.behind = None
        self.close()
        for listener in told:
            if listener is not None:
                listener.fail(error)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the way to the worker."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Pass on what the worker says."""
        for kind, body in self._frames.add(data):
            if kind == HELLO:
                self.number = value(body)
                self._on_free(self)
            elif self.listener is not None:
                self._pass_on(self.listener, kind, body)

    def connection_lost(self, _: Exception | None) -> None:
        """Tell who waits that the worker is gone."""
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.died()
        self._on_lost(self)

    def _pass_on(self, listener: Listener, kind: bytes, body: bytes) -> None:
        if kind == WHOLE:
            media_type, piece, rows, seconds, self.memory = whole(body)
            self.streak = self.streak + 1 if seconds < QUICK else 0
            self._go_on()
            listener.begin(media_type)
            listener.add(piece)
            listener.end(rows, seconds)
            self._on_free(self)
        elif kind == CHUNK:
            listener.add(body)
        elif kind == FORMAT:
            listener.begin(body.decode())
        elif kind == DONE:
            rows, seconds, self.memory = FIGURES.unpack(body)
            self._turn_slowly()
            listener.end(rows, seconds)
            self._on_free(self)
        elif kind == ERROR:
            self._turn_slowly()
            listener.fail(unpacked(value(body)))
            self._on_free(self)
        elif kind == SKIPPED:
            self._go_on()
            self._on_free(self)

    def _turn_slowly(self) -> None:
        """Turn to the question behind after one that may have taken long."""
        self.streak = 0
        self._go_on()

    def _go_on(self) -> None:
        """Turn to the question behind; a worn worker has to be replaced first, and that question asked of another."""
        if self.behind is not None and not self.is_worn:
            self.listener, self.client = self.behind.listener, self.behind.client
            self.behind = None
        elif self.is_skipping:
            self.listener, self.is_skipping = NOBODY, False
        else:
            self.listener = None
            return
        self.since = monotonic()
