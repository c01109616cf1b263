"""Several processes that serve one site at one socket, and the one that looks after them.

It has one thread and no store, so forking it is safe at any time; forks happen while its event loop does not run. It
owns the socket and the crew that answers queries, watches for another snapshot, and starts a process again that died.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from kgpub.engine import channel, confine
from kgpub.engine.channel import Channel
from kgpub.engine.lending import Account
from kgpub.errors import KgpubError
from kgpub.overrides import stamp
from kgpub.settings import Settings
from kgpub.snapshot import current
from kgpub.web.partner import ADOPT, LOOK, RELEASE, Part, serve
from kgpub.web.processes import Figures
from kgpub.web.running import READY, STOPPING
from kgpub.web.serving import LOOK_EVERY, crew

_GRACE = 1.7
"""Seconds in which the processes may end when they are told to; each lets answers go on for one."""
_SETTLED = 10.0
"""Seconds after which a process that ends was no failed start."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_MOMENT = 0.02
_TOLD = (signal.SIGTERM, signal.SIGINT)

log = logging.getLogger("kgpub")


@dataclass(frozen=True)
class Plan:
    """What is served, where, and to whom it is said."""

    site: Settings
    reload: Callable[[], Settings]
    listeners: Sequence[socket.socket]
    """One for each process; the same one where they share it."""
    proxies: Sequence[str]
    tell: Callable[[str], None]
    """Hears of being ready and of stopping (sd_notify(3))."""
    announce: Callable[[], None]
    """Called once, when every process answers."""
    watch: Callable[[], None] | None = None
    """Builds whenever a file changes, for ever, in a process of its own; None where nobody asked for it."""


class _Place:
    """A process of the server, and the one that follows when it dies."""

    def __init__(self, work: Callable[[socket.socket], None], row: int | None) -> None:
        self.work, self.row = work, row
        self.process = 0
        self.is_ready = row is None
        """Whether it answers; who serves nothing need not."""
        self.began, self.failures = 0.0, 0
        self.channel: Channel | None = None
        self.account: Account | None = None
        self.keeper: _Place | None = None
        """Whose process takes in what connects to this one's socket, while it is not there."""

    def say(self, message: list[object], descriptor: int | None = None) -> None:
        """Tell its process something, where there is one."""
        if self.process and self.channel is not None:
            self.channel.send(message, descriptor)

    def pause(self, now: float) -> float:
        """Seconds to wait before it is started again: the longer, the oftener it ended soon."""
        self.failures = 0 if now - self.began > _SETTLED else self.failures + 1
        return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (self.failures - 2)) if self.failures > 1 else 0.0


def supervise(plan: Plan) -> None:
    """Serve with as many processes as the settings want, until told to stop; ends by the signal that told it to.

    Raises ``SystemExit`` with the status of a process that could not start.
    """
    gc.collect()
    gc.freeze()  # no collection touches what the processes share
    supervisor = _Supervisor(plan)
    supervisor.run()
    if supervisor.signal is None:
        raise SystemExit(supervisor.status)
    signal.raise_signal(supervisor.signal)


class _Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.signal: signal.Signals | None = None
        self.status = 1
        self._plan = plan
        self._figures = Figures.of(plan.site.server.workers)
        self._crew = crew(plan.site)
        self._places = [_Place(partial(self._serve, row), row) for row in range(plan.site.server.workers)]
        if plan.watch is not None:
            self._places.append(_Place(partial(self._watch, plan.watch), None))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wanted: asyncio.Queue[_Place | None] = asyncio.Queue()
        self._is_announced = self._is_stopping = False
        self._seen = self._state()

    def run(self) -> None:
        """Serve until told to stop."""
        for place in self._places:
            self._fork(place)
        self._loop = loop = asyncio.new_event_loop()
        for number in _TOLD:
            loop.add_signal_handler(number, self._stop, number)
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        loop.call_soon(self._reap)  # who ended before
        loop.call_soon(self._crew.start)
        look = loop.create_task(self._look())
        try:
            while (wanted := loop.run_until_complete(self._next())) is not None:
                self._fork(wanted)
        finally:
            look.cancel()
            loop.run_until_complete(self._end())
            for told in (*_TOLD, signal.SIGCHLD):
                loop.remove_signal_handler(told)
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()

    async def _next(self) -> _Place | None:
        """The next place that wants a process; None when it is time to end."""
        for place in self._places:
            if place.channel is not None:
                place.channel.open()
        return await self._wanted.get()

    def _fork(self, place: _Place) -> None:
        """Start the process of a place."""
        ours, theirs = channel.pair()
        parent = os.getpid()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (*_TOLD, signal.SIGCHLD))
        try:
            child = os.fork()
            if child == 0:
                self._become(place, parent, theirs, before)
        except OSError as error:
            ours.close()
            self._put_off(place, error)
            return
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
        place.process, place.began = child, time.monotonic()
        place.channel = Channel(ours, partial(self._hear, place), lambda: None)
        if place.row is not None:
            place.account = Account(self._crew, place.channel, self._write)
            self._figures.processes.enter(place.row, child)

    def _put_off(self, place: _Place, error: OSError) -> None:
        """The system has no room for a process now; raises the error where none was started yet."""
        if self._loop is None:
            raise error
        log.error("no process could be started: %s", error)
        self._loop.call_later(_FIRST_PAUSE, self._wanted.put_nowait, place)

    def _become(self, place: _Place, parent: int, end: socket.socket, mask: set[int]) -> NoReturn:  # what a mask is
        """Be the process of a place; nothing of the supervisor is used here, nor can it be collected."""
        status = 1
        try:
            confine.die_with_parent(parent)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for number in (signal.SIGTERM, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            own = () if place.row is None else (self._plan.listeners[place.row].fileno(),)
            _close_all_but(end.fileno(), *own)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            place.work(end)
            status = 0
        except KgpubError as error:
            log.error("%s", error.detail)
            status = error.exit_code
        except KeyboardInterrupt:
            pass
        except BaseException:  # noqa: BLE001 - told, and the process ends
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _serve(self, row: int, end: socket.socket) -> None:
        """Serve, as one of several."""
        plan = self._plan
        serve(Part(plan.site, plan.reload, plan.listeners[row], plan.proxies, self._figures, row), end)

    def _watch(self, watch: Callable[[], None], _: socket.socket) -> None:
        os.setpgid(0, 0)  # so that what it builds ends with it
        watch()

    def _hear(self, place: _Place, message: list[Any], _: int | None) -> None:  # Any: what json.loads gives
        """Take what a process says."""
        if place.row is None or place.account is None:
            return
        if message[0] not in {READY, STOPPING}:
            place.account.obey(message)
            return
        place.is_ready = message[0] == READY
        self._figures.processes.serves(place.row, place.is_ready)
        if place.is_ready and place.keeper is not None:
            place.keeper.say([RELEASE, place.row])
            place.keeper = None
        self._announce()
        self._stand_in()

    def _announce(self) -> None:
        """Say that the site is served, once all answer."""
        if not self._is_announced and not self._is_stopping and all(place.is_ready for place in self._places):
            self._is_announced = True
            self._plan.announce()
            self._plan.tell(READY)

    def _write(self) -> None:
        self._figures.crew.write(self._crew.running, self._crew.waiting, self._crew.replaced)

    def _stop(self, number: signal.Signals) -> None:
        """Begin to end."""
        if self.signal is None:
            self.signal = number
            self._wanted.put_nowait(None)
        elif number is signal.SIGTERM:
            self._send(number)  # they need not wait any longer

    def _reap(self) -> None:
        """See which processes have ended."""
        for place in self._places:
            if place.process:
                process, status = os.waitpid(place.process, os.WNOHANG)
                if process:
                    self._follow(place, os.waitstatus_to_exitcode(status))

    def _follow(self, place: _Place, status: int) -> None:
        """Have another process in place of one that ended, unless all are to end, or it never began."""
        ended, place.process = place.process, 0
        if place.row is not None:
            place.is_ready = False
            self._figures.processes.enter(place.row, 0)
        if place.channel is not None:
            place.channel.close()
        if place.account is not None:
            place.account.close()
        place.channel = place.account = None
        if self._is_stopping:
            return
        if not self._is_announced and self.signal is None:
            self.status = status if status > 0 else 1
            self._wanted.put_nowait(None)
            return
        assert self._loop is not None
        pause = place.pause(time.monotonic())
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        self._stand_in()
        log.warning("process %d ended %s; another one is started%s", ended, how, f" in {pause:g} s" if pause else "")
        self._loop.call_later(pause, self._wanted.put_nowait, place)

    def _stand_in(self) -> None:
        """Have another process answer at the socket of each that does not, unless all share one socket."""
        if not self._is_announced or len({one.fileno() for one in self._plan.listeners}) == 1:
            return
        present = [place for place in self._places if place.row is not None and place.is_ready]
        for place in self._places:
            if place.keeper not in present:
                place.keeper = None
            if place.row is not None and present and not place.is_ready and place.keeper is None:
                place.keeper = present[0]
                place.keeper.say([ADOPT, place.row], self._plan.listeners[place.row].fileno())

    def _state(self) -> object:
        """What tells whether there is something to switch to."""
        try:
            return current(self._plan.site), stamp(self._plan.site.folder)
        except (KgpubError, OSError):
            return None

    async def _look(self) -> None:
        """Tell every process when another snapshot is in service, or the site's looks have changed."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            state = self._state()
            if state != self._seen:
                self._seen = state
                for place in self._places:
                    place.say([LOOK])

    async def _end(self) -> None:
        """End every process, whatever it is doing."""
        self._is_stopping = True
        self._plan.tell(STOPPING)
        self._send(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(_GRACE + self._plan.site.server.drain):
                while any(place.process for place in self._places):
                    await asyncio.sleep(_MOMENT)
        self._send(signal.SIGKILL)
        await self._crew.close()

    def _send(self, number: signal.Signals) -> None:
        """Send a signal to every process; to who watches, with what it builds."""
        for place in self._places:
            if place.process:
                with suppress(ProcessLookupError):
                    (os.kill if place.row is not None else os.killpg)(place.process, number)


def _close_all_but(*kept: int) -> None:
    """Close what this process has open, but for the usual three and these."""
    for name in [entry.name for entry in Path("/proc/self/fd").iterdir()]:
        if int(name) > 2 and int(name) not in kept:  # noqa: PLR2004 # the usual three
            with suppress(OSError):
                os.close(int(name))
