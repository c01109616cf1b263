"""Serves a site at its sockets, in this process or with several; imports the web framework."""

import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from kgpub import listening
from kgpub.cli.words import err, plain
from kgpub.errors import SettingsError
from kgpub.settings import Settings
from kgpub.web.running import run
from kgpub.web.serving import Serving
from kgpub.web.supervising import Plan, supervise


@dataclass(frozen=True)
class Stand:
    """What is served and where: settings, how they are read anew, sockets, trusted proxies, who hears of it.

    ``watch`` builds whenever a file changes, and does not return; None where nobody asked for it.
    """

    settings: Settings
    reload: Callable[[], Settings]
    listeners: tuple[socket.socket, ...]
    proxies: tuple[str, ...]
    tell: Callable[[str], None]
    watch: Callable[[], None] | None

    def announce(self) -> None:
        """Say where it is served."""
        shown = plain(listening.shown(self.listeners[0], self.settings.iris.mount))
        err.print(f"[green]✓[/] {shown}  (stop with Ctrl+C)")


def serve_at(stand: Stand) -> None:
    """Serve until told to stop; raises ``SettingsError`` where the system cannot have several processes."""
    settings, reload, proxies = stand.settings, stand.reload, stand.proxies
    if settings.server.workers > 1:
        if sys.platform != "linux":
            raise SettingsError("server.workers: several processes need Linux")
        supervise(Plan(settings, reload, stand.listeners, proxies, stand.tell, stand.announce, stand.watch))
        return
    serving = Serving(settings, reload)
    if stand.watch is not None:
        threading.Thread(target=stand.watch, daemon=True).start()
    stand.announce()
    run(serving, stand.listeners[0], proxies, stand.tell)
