"""What an endpoint is asked, as text; every term is written by the library, none by us."""

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from kgpub.engine import Pattern

DEPTH = 4
"""Blank nodes that are followed one after the other from a thing; deeper ones are named and not described."""


def pattern(wanted: Pattern, graphs: Sequence[str], *, own: bool, limit: int | None) -> str:
    """The quads of named ``graphs`` that match, and with ``own`` those of the default graph, which bind no ``?g``."""
    subject, predicate, target = (
        f"?{name}" if term is None else str(term)
        for name, term in (("s", wanted.subject), ("p", wanted.predicate), ("o", wanted.object))
    )
    return _select(f"{subject} {predicate} {target} .", graphs, own=own, limit=limit)


def closure(subject: NamedNode, predicate: NamedNode | None, graphs: Sequence[str], *, own: bool) -> str:
    """What is said of a thing, and of the blank nodes it leads to, in one answer, so that their labels agree."""
    first = "?p" if predicate is None else str(predicate)
    ways = [f"{{ {subject} {first} ?o . BIND({subject} AS ?s) }}"]
    if predicate is not None:
        ways = [f"{{ {subject} {predicate} ?o . BIND({subject} AS ?s) BIND({predicate} AS ?p) }}"]
    for depth in range(1, DEPTH + 1):
        steps, here = [], str(subject)
        for step in range(depth):
            there = "?s" if step == depth - 1 else f"?b{step}"
            way = str(predicate) if predicate is not None and step == 0 else f"?w{step}"
            steps.append(f"{here} {way} {there} . FILTER(isBlank({there}))")
            here = there
        ways.append(f"{{ {' '.join(steps)} ?s ?p ?o . }}")
    return _select(" UNION ".join(ways), graphs, own=own, limit=None)


def _select(group: str, graphs: Sequence[str], *, own: bool, limit: int | None) -> str:
    parts = list(_parts(group, graphs, own=own))
    body = " UNION ".join(f"{{ {part} }}" for part in parts) if len(parts) > 1 else parts[0]
    end = f" LIMIT {limit}" if limit is not None else ""
    return f"SELECT DISTINCT ?s ?p ?o ?g WHERE {{ {body} }}{end}"


def _parts(group: str, graphs: Sequence[str], *, own: bool) -> Iterator[str]:
    if graphs:
        names = " ".join(str(NamedNode(name)) for name in graphs)
        yield f"VALUES ?g {{ {names} }} GRAPH ?g {{ {group} }}"
    if own or not graphs:
        yield group


GRAPHS = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
"""The named graphs and how many triples each holds."""
WHOLE = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
"""How many triples the default graph holds."""
ALIVE = "ASK { ?s ?p ?o }"
MANY = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 100000"
"""More rows than an endpoint with a cap gives."""


def blank_nodes(limit: int, offset: int) -> str:
    """Blank nodes that something is said of, in the endpoint's own order."""
    inner = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
    return f"SELECT DISTINCT ?s WHERE {{ {inner} FILTER(isBlank(?s)) }} OFFSET {offset} LIMIT {limit}"


def all_of(graph: str | None) -> str:
    """Every triple of a graph in one answer."""
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {_in(graph)} }}"


def properties(graph: str | None) -> str:
    """The properties of a graph, None for the default one, and how many triples it has of each."""
    return f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {_in(graph)} }} GROUP BY ?p ORDER BY ?p"


def page(graph: str | None, predicate: NamedNode, offset: int, limit: int, *, ordered: bool) -> str:
    """A page of the triples of one property in a graph, in whatever order the endpoint has, or sorted inside."""
    inner = _in(graph, f"?s {predicate} ?o")
    if ordered:  # a sort inside may go deeper than the endpoint allows one outside
        inner = f"{{ SELECT ?s ?o WHERE {{ {inner} }} ORDER BY ?s ?o }}"
    return f"SELECT ?s ?o WHERE {{ {inner} }} OFFSET {offset} LIMIT {limit}"


def _in(graph: str | None, inner: str = "?s ?p ?o") -> str:
    return inner if graph is None else f"GRAPH {NamedNode(graph)} {{ {inner} }}"
