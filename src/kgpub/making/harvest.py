"""What an endpoint holds, gathered into a file from which a site is built as from any other.

Search, labels, counts and lists are made of it; the file is gone when the build ends, and the endpoint goes on
answering for itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Quad, RdfFormat, serialize

from kgpub.engine.remote import Scope, connected, paging
from kgpub.engine.remote.client import Client
from kgpub.engine.remote.paging import Graph
from kgpub.making.loading import Progress
from kgpub.reading.kinds import Kind
from kgpub.settings import Settings
from kgpub.source import SourceFile

NAME = "endpoint.nq"
"""The name of the gathered file among the sources."""


def own_graph(settings: Settings) -> str:
    """The name under which an endpoint's own default graph is published."""
    return f"{settings.base}graph/default"


@contextmanager
def gathered(settings: Settings, home: Path, tell: Progress) -> Iterator[SourceFile]:
    """All published graphs of the site's endpoint as a file of N-Quads, for as long as it is needed.

    Beside it lies what ``Scope.read`` reads. Raises ``UpstreamFailed`` where not all of it comes, or the endpoint
    changes meanwhile, and ``UpstreamTimeout``.
    """
    with TemporaryDirectory(prefix="harvest-", dir=home) as folder, closing(connected(settings)) as client:
        path = Path(folder) / NAME
        tell(settings.engine, 0)
        found = paging.graphs(client, lambda name: settings.rule(NAME, name).publish)
        _write_all(client, found, settings, path, tell)
        own = own_graph(settings) if any(graph.name is None for graph in found) else ""
        names = tuple(graph.name for graph in found if graph.name)
        merged = tuple(name for name in names if settings.rule(NAME, name).default is not False)
        Scope(names, merged, own, client.dialect.name, client.dialect.cap).write(path.parent)
        yield SourceFile(path, NAME, own_graph(settings), "data", Kind(RdfFormat.N_QUADS), True, settings)


def _write_all(client: Client, found: Iterable[Graph], settings: Settings, path: Path, tell: Progress) -> None:
    at_once = not paging.keeps_labels(client)
    done = 0
    with path.open("wb") as file:

        def take(batch: list[Quad]) -> None:
            nonlocal done
            serialize(batch, file, RdfFormat.N_QUADS)
            done += len(batch)
            tell(settings.engine, done)

        for graph in found:
            paging.read(client, graph, take, page=settings.remote.page, at_once=at_once)
