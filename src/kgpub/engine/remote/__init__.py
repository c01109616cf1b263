"""A SPARQL endpoint elsewhere as an engine: what it says is checked before it is believed."""

from dataclasses import replace
from pathlib import Path

from kgpub.engine.ground import ground
from kgpub.engine.remote.client import RESULTS, Access, Body, Client
from kgpub.engine.remote.dialects import named, recognised
from kgpub.engine.remote.engine import RemoteEngine
from kgpub.engine.remote.paging import cap
from kgpub.engine.remote.questions import ALIVE
from kgpub.engine.remote.results import boolean
from kgpub.engine.remote.scope import Scope
from kgpub.settings import Settings

__all__ = ["Access", "Client", "RemoteEngine", "Scope", "connected", "connection", "entry", "over"]


def over(site: Settings, folder: Path) -> RemoteEngine:
    """The engine of a snapshot that was built from the site's endpoint; raises ``SnapshotBroken`` for another."""
    scope = Scope.read(folder)
    client = connection(site, scope.dialect)
    client.dialect = replace(client.dialect, cap=scope.cap)
    return RemoteEngine(client, scope, ground(site), site.sparql.max_query, site.remote.keep)


def entry(site: Settings) -> Access:
    """Where the site's endpoint is and as whom it is asked."""
    remote = site.remote
    fields = {}
    if token := remote.token.get_secret_value():
        fields["Authorization"] = f"Bearer {token}"
    if header := remote.header.get_secret_value():
        name, _, value = header.partition(":")
        fields[name] = value.strip()
    password = remote.password.get_secret_value()
    return Access(
        url=site.engine,
        fields=fields,
        timeout=remote.timeout,
        connections=remote.connections,
        max_bytes=remote.max_bytes,
        auth=(remote.user, password) if remote.user else None,
        digest=remote.digest,
    )


def connection(site: Settings, dialect: str) -> Client:
    """A client of the site's endpoint that speaks this dialect; nothing is asked yet."""
    return Client(entry(site), named(dialect))


def connected(site: Settings) -> Client:
    """The same once the endpoint has answered, and told what kind it is unless the settings do.

    Raises ``UpstreamFailed`` or ``UpstreamTimeout``.
    """
    client = connection(site, "other" if site.remote.dialect == "auto" else site.remote.dialect)
    answer = client.ask(ALIVE, RESULTS, Body.read)
    if site.remote.dialect == "auto":
        client.dialect = recognised(client.fields, answer)
    client.ask(ALIVE, RESULTS, boolean)
    if client.dialect.cap is not None:
        client.dialect = replace(client.dialect, cap=cap(client))
    return client
