"""A site's files into an endpoint by the Graph Store Protocol: each graph whole, in one request.

A graph is one request because blank nodes have their labels within one only.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kgpub.engine.remote.client import TRIPLES, Access, opened, words
from kgpub.errors import SettingsError, UpstreamFailed, UpstreamTimeout

_PLACES = {
    "oxigraph": ("/query", "/store", "graph"),
    "virtuoso": ("/sparql", "/sparql-graph-crud-auth", "graph-uri"),
    "fuseki": ("/sparql", "/data", "graph"),
    "stardog": ("/query", "", "graph"),
    "qlever": ("", "", "graph"),
}
_CHUNK = 1 << 20
Tell = Callable[[str, int], None]
"""Called with a graph's name and how many triples of it were sent."""


def store_address(endpoint: str, dialect: str) -> tuple[str, str]:
    """Where an endpoint takes whole graphs, and the parameter that names one; raises ``SettingsError``.

    (SPARQL 1.1 Graph Store HTTP Protocol section 4.2; where that is, each maker decides.)
    """
    if dialect not in _PLACES:
        raise SettingsError(f"where {endpoint} takes graphs is not known; say so with --store")
    end, place, parameter = _PLACES[dialect]
    return endpoint.removesuffix("/").removesuffix(end) + place, parameter


class Uploader:
    """Puts graphs into a store over HTTP; what was in a graph before is replaced."""

    def __init__(self, access: Access, address: str, parameter: str, verify: ssl.SSLContext | bool = True) -> None:
        """``address`` takes graphs named by ``parameter``."""
        self._http, self._address, self._parameter = opened(access, verify), address, parameter

    def put(self, graph: str, found: Iterable[Quad], tell: Tell) -> int:
        """Replace a graph by the triples of these quads, and count them.

        Raises ``UpstreamFailed`` or ``UpstreamTimeout``; the graph may then be gone, or half there.
        """
        with TemporaryDirectory(prefix="kgpub-") as folder:
            path = Path(folder) / "graph.nt"
            number = _write(found, path)
            try:
                response = self._http.put(
                    self._address,
                    params={self._parameter: NamedNode(graph).value},
                    content=_File(path),
                    headers={"Content-Type": TRIPLES.media_type, "Content-Length": str(path.stat().st_size)},
                )
            except httpx2.TimeoutException as error:
                raise UpstreamTimeout(f"{self._address} did not take <{graph}> in time") from error
            except (httpx2.HTTPError, OSError) as error:
                raise UpstreamFailed(f"{self._address}: <{graph}>: {words(error)}") from error
        if not response.is_success:
            said = " ".join(response.text.split())[:200]
            raise UpstreamFailed(f"{self._address} answered {response.status_code} to <{graph}>: {said}")
        tell(graph, number)
        return number

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


@dataclass(frozen=True)
class _File:
    """A file by the block, from its beginning each time it is read: who has to show a password sends it twice."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")


def _write(found: Iterable[Quad], path: Path) -> int:
    number = 0

    def counted() -> Iterator[Triple]:
        nonlocal number
        for quad in found:
            number += 1
            yield quad.triple

    with path.open("wb") as file:
        serialize(counted(), file, RdfFormat.N_TRIPLES)
    return number
