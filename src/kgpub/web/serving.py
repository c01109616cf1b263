"""Which snapshot is served: replaced whole when another one is put in service, while requests go on."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kgpub.engine.crew import Crew, Limits
from kgpub.engine.pool import Pool
from kgpub.engine.workers import Workers
from kgpub.errors import KgpubError
from kgpub.overrides import stamp
from kgpub.represent import html
from kgpub.settings import Settings
from kgpub.snapshot import current, open_snapshot
from kgpub.web.callers import Callers
from kgpub.web.processes import Figures
from kgpub.web.respond import Served

if TYPE_CHECKING:
    from kgpub.engine.relay import Relay

LOOK_EVERY = 0.5
"""Seconds between two looks for a switch."""
_GRACE = 60.0

log = logging.getLogger("kgpub")


def crew(site: Settings) -> Crew:
    """The workers that answer queries to a site, as its settings want them."""
    limits = site.sparql
    workers = limits.workers or max(2, os.cpu_count() or 1)
    return Crew(Limits(workers, limits.memory, limits.queue, limits.patience))


async def _look_again(_: bool) -> None:
    """Wait until it is time to look for a switch."""
    await asyncio.sleep(LOOK_EVERY)


@dataclass(frozen=True)
class Share:
    """What a process has of a server that is several: whose workers it asks, when it looks for a switch."""

    workers: Workers
    figures: Figures
    pause: Callable[[bool], Awaitable[None]] = _look_again
    """Waits until it is time to look for a switch; it is told whether the last one failed."""


class Serving:
    """Holds what is served now, and follows the site's ``current`` snapshot."""

    def __init__(
        self, site: Settings, reload: Callable[[], Settings] | None = None, share: Share | None = None
    ) -> None:
        """Open the snapshot in service; ``reload`` reads the settings anew when it is switched, or the looks change.

        Where it is one process of several, ``share`` says what it has of what they have together.
        """
        self._reload = reload or (lambda: site)
        self._looks = stamp(site.folder)
        _check(site)
        self.now = Served(site, open_snapshot(site))
        self.is_stopping = False
        """Whether the server was told to stop, and only goes on for a while."""
        self.callers = Callers(site)
        share = share or Share(crew(site), Figures())
        self.figures = share.figures
        self.pool = self._pool(share)
        self._pause = share.pause

    def _pool(self, share: Share) -> "Pool | Relay":
        """Who answers visitors' queries: our workers, or the endpoint, whose connections the processes divide."""
        site, processes = self.now.site, share.figures.processes.number
        if not site.engine:
            return Pool(share.workers, share.figures.outcomes, processes)
        from kgpub.engine.relay import Relay  # noqa: PLC0415 # no other site has to import a client
        from kgpub.engine.remote import RemoteEngine  # noqa: PLC0415 # as above

        def engine() -> RemoteEngine:
            found = self.now.snapshot.engine
            assert isinstance(found, RemoteEngine)
            return found

        at_a_time = max(1, site.remote.connections // processes)
        limits = Limits(at_a_time, 0, site.sparql.queue // processes, site.sparql.patience)
        return Relay(limits, engine, share.figures.outcomes)

    def look(self) -> Served | None:
        """Switch when another snapshot was put in service, or the site's own templates, files or words changed.

        What was served before is returned, still open.
        """
        version, looks = current(self.now.site), stamp(self.now.site.folder)
        if version == self.now.snapshot.version and looks == self._looks:
            return None
        self._looks = looks
        site = self._reload()
        _check(site)
        before, self.now = self.now, Served(site, open_snapshot(site, version))
        log.info("serving snapshot %s", version)
        return before

    async def follow(self) -> None:
        """Look for a switch for as long as the application runs; trouble leaves the present one, and is told once."""
        loop = asyncio.get_running_loop()
        told = ""
        while True:
            await self._pause(bool(told))
            try:
                before = self.look()
            except KgpubError as error:
                if error.detail != told:
                    log.warning("the snapshot was not switched: %s", error.detail)
                told = error.detail
                continue
            told = ""
            if before is not None:
                loop.call_later(_GRACE, before.snapshot.close)


def _check(site: Settings) -> None:
    """Tell what is amiss in a site's own words; raises ``SettingsError`` for a template that cannot be read."""
    for told in html.check(site):
        log.warning("%s", told)
