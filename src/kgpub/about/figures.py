"""The query that reproduces each published number: asked at the endpoint, it gives the number again.

The columns of an answer are named after the properties of VoID (and of DCAT, for a period) that carry the numbers.
"""

from collections.abc import Iterable
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kgpub import queries
from kgpub.settings import Settings
from kgpub.snapshot import Snapshot

_NOT_HIDDEN = "FILTER(?g NOT IN ())"


def query(name: str, **terms: NamedNode | Literal) -> str:
    """The question ``queries/figures-NAME.rq`` with these terms in it, without its comments."""
    lines = (line for line in queries.text(f"figures-{name}").splitlines() if not line.startswith("#"))
    return queries.bind("\n".join(lines), **terms)


def of_dataset(name: str, snapshot: Snapshot) -> str:
    """A question to all graphs that hold data; the graphs of the shapes are left out by name.

    Where there are none, nothing is left out: to the engine (pyoxigraph 0.5.13) ``?g NOT IN ()`` is never true.
    """
    hidden = [counted.iri for counted in snapshot.statistics.graphs if _is_hidden(counted.iri, snapshot)]
    return _among(query(name), hidden) if hidden else query(name).replace(_NOT_HIDDEN, "")


def published(snapshot: Snapshot) -> dict[str, str]:
    """The questions for the numbers that the pages show, by what they count."""
    among = {name: of_dataset(name, snapshot) for name in ("dataset", "classes", "properties")}
    return among | {name: query(name) for name in ("graphs", "default")}


def period(site: Settings) -> str:
    """The question for the time that the data covers."""
    return _among(query("period"), site.properties(site.coverage.dates))


def address(site: Settings, question: str) -> str:
    """The address, below the base, that answers a question."""
    return f"{site.iris.canonical(site.iris.page('sparql'))}?query={quote(question, safe='')}"


def _is_hidden(graph: str, snapshot: Snapshot) -> bool:
    return graph not in snapshot.graphs


def _among(question: str, iris: Iterable[str]) -> str:
    """The question with its empty list filled."""
    return question.replace("IN ()", f"IN ({', '.join(str(NamedNode(iri)) for iri in iris)})", 1)
