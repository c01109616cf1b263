"""Which snapshot is served: replaced whole when another one is put in service, while requests go on."""

import asyncio
import logging
import os
from collections.abc import Callable

from kgpub.engine.pool import Limits, Pool
from kgpub.errors import KgpubError
from kgpub.settings import Settings
from kgpub.snapshot import current, open_snapshot
from kgpub.web.callers import Callers
from kgpub.web.respond import Served

_LOOK_EVERY = 0.5
_GRACE = 60.0

log = logging.getLogger("kgpub")


class Serving:
    """Holds what is served now, and follows the site's ``current`` snapshot."""

    def __init__(self, site: Settings, reload: Callable[[], Settings] | None = None) -> None:
        """Open the snapshot in service; ``reload`` reads the settings anew when it is switched."""
        self._reload = reload or (lambda: site)
        self.now = Served(site, open_snapshot(site))
        self.callers = Callers(site)
        limits = site.sparql
        workers = limits.workers or max(2, os.cpu_count() or 1)
        self.pool = Pool(Limits(workers, limits.memory, limits.queue, limits.patience))

    def look(self) -> Served | None:
        """Switch when another snapshot was put in service; what was served before is returned, still open."""
        version = current(self.now.site)
        if version == self.now.snapshot.version:
            return None
        site = self._reload()
        before, self.now = self.now, Served(site, open_snapshot(site, version))
        log.info("serving snapshot %s", version)
        return before

    async def follow(self) -> None:
        """Look for a switch for as long as the application runs; trouble leaves the present one in service."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                before = self.look()
            except KgpubError as error:
                log.warning("the snapshot was not switched: %s", error.detail)
                continue
            if before is not None:
                loop.call_later(_GRACE, before.snapshot.close)
