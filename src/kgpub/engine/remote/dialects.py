"""What SPARQL endpoints do differently, as far as it matters to whoever reads all of one and then asks small questions.

What was tried on a real server says so; the rest is written from the makers' documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DefaultGraph = Literal["own", "union"]
"""Whether the default graph is one beside the named ones, or made of all of them."""


@dataclass(frozen=True)
class Dialect:
    """How one kind of endpoint differs from the letter of SPARQL 1.1 Protocol.

    ``server`` is what its ``Server`` field begins with, in lower case. ``cap`` is how many rows it gives at most
    without saying so; None is unknown. ``timeout`` is the parameter that bounds a query and how many of its units make
    a second. ``incomplete`` are response fields that tell of an answer cut off, ``but`` values that tell of none.
    ``system`` are graphs of the engine's own. ``keeps_blank_nodes`` is whether a blank node has the same label in
    two answers. ``odd`` is what it writes in JSON results and what it means; neither can occur inside a string.
    """

    name: str
    title: str
    is_tested: bool
    server: str = ""
    default_graph: DefaultGraph = "own"
    cap: int | None = None
    timeout: tuple[str, int] | None = None
    incomplete: Mapping[str, str] | None = None
    system: frozenset[str] = frozenset()
    keeps_blank_nodes: bool = False
    keeps_terms: bool = True
    odd: tuple[bytes, bytes] | None = None

    def within(self, rows: int) -> int:
        """So many rows, or as many as a page may have that nobody takes for cut off: fewer than the cap."""
        return min(rows, self.cap - 1) if self.cap else rows


OTHER = Dialect("other", "SPARQL 1.1", is_tested=False)
"""An endpoint of which nothing is known but the standard."""

DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        "oxigraph", "Oxigraph", is_tested=True, server="oxigraph", keeps_blank_nodes=True, keeps_terms=False
    ),
    Dialect(
        "virtuoso",
        "Virtuoso",
        is_tested=True,
        server="virtuoso",
        default_graph="union",
        cap=10_000,
        timeout=("timeout", 1000),
        incomplete={"x-sparql-maxrows": "", "x-sql-state": ""},
        system=frozenset(
            (
                "http://www.openlinksw.com/schemas/virtrdf#",
                "http://www.w3.org/ns/ldp#",
                "urn:activitystreams-owl:map",
                "urn:core:services:sparql",
                "urn:rules.skos",
            )
        ),
        keeps_blank_nodes=True,
        keeps_terms=False,
        odd=(b'"bnode", "value": "nodeID://', b'"bnode", "value": "'),
    ),
    Dialect(
        "qlever", "QLever", is_tested=False, server="qlever", default_graph="union", keeps_terms=False
    ),  # a timeout longer than its own is an error to it, so none is sent
    Dialect("fuseki", "Apache Jena Fuseki", is_tested=False, server="apache jena fuseki", timeout=("timeout", 1)),
    Dialect(
        "graphdb", "GraphDB", is_tested=False, server="graphdb", default_graph="union", timeout=("timeout", 1)
    ),
    Dialect(
        "neptune", "Amazon Neptune", is_tested=False, server="amazon neptune", default_graph="union",
        keeps_terms=False,
    ),
    Dialect("stardog", "Stardog", is_tested=False, server="stardog", timeout=("timeout", 1000)),
    OTHER,
)  # fmt: skip
NAMES = tuple(dialect.name for dialect in DIALECTS)


def named(name: str) -> Dialect:
    """The dialect of this name; raises ``KeyError``."""
    return {dialect.name: dialect for dialect in DIALECTS}[name]


def recognised(fields: Mapping[str, str], answer: bytes = b"") -> Dialect:
    """The dialect of an endpoint by its answer to an ASK, names of fields in lower case; ``OTHER`` if nothing tells.

    A proxy may put its own name in ``Server``; Virtuoso alone answers with a table.
    """
    server = fields.get("server", "").lower()
    for dialect in DIALECTS:
        if dialect.server and server.startswith(dialect.server):
            return dialect
    if "x-sql-state" in fields or b"__ask_retval" in answer.lower():
        return named("virtuoso")
    return OTHER
