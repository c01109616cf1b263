"""The RDF dataset of a query: the protocol's, else that of its FROM clauses, else the store's own.

The store counts a triple once per graph when several make up the default graph, so those are merged first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kgpub.engine import DatasetClause
from kgpub.engine.ground import Ground
from kgpub.engine.guard import Reader, Token
from kgpub.errors import QueryRefused
from kgpub.iris import check_iri

MERGE_LIMIT = 200_000
"""Most quads that are copied to merge several graphs into one default graph."""

_NODE = "<urn:x>"


@dataclass(frozen=True)
class Scene:
    """Where a query is evaluated: a store, and the graphs of it that count; None is the store's own dataset."""

    store: Store
    default: list[NamedNode | BlankNode | DefaultGraph] | None = None
    named: list[NamedNode | BlankNode] | None = None


def scene(store: Store, query: str, clause: DatasetClause, ground: Ground) -> Scene:
    """The dataset that a query is asked of; both lists are always passed, since the store takes a missing one for all.

    Raises ``BadIri`` for a graph name that is none, ``QueryRefused`` when merging would exceed ``MERGE_LIMIT``.
    """
    if clause.default is None and clause.named is None:
        clause = from_clauses(query, ground)
        if clause.default is None:
            return Scene(store)
    default = [NamedNode(check_iri(iri)) for iri in dict.fromkeys(clause.default or ())]
    named = [NamedNode(check_iri(iri)) for iri in dict.fromkeys(clause.named or ())]
    if len(default) > 1:
        return Scene(_merged(store, default, named), [DefaultGraph()], [*named])
    return Scene(store, [*default], [*named])


def _merged(store: Store, default: list[NamedNode], named: list[NamedNode]) -> Store:
    """A store in memory whose default graph holds each triple of several graphs once."""
    merged = (Quad(q.subject, q.predicate, q.object) for graph in default for q in _of(store, graph))
    kept = (quad for graph in named for quad in _of(store, graph))
    quads = list(islice(chain(merged, kept), MERGE_LIMIT + 1))
    if len(quads) > MERGE_LIMIT:
        reason = f"Graphs of more than {MERGE_LIMIT:,} triples together cannot be merged into one default graph here."
        raise QueryRefused(f"{reason} Name one, or none: the default graph holds the site's data already.")
    together = Store()
    together.extend(quads)
    return together


def _of(store: Store, graph: NamedNode) -> Iterator[Quad]:
    return iter(store.quads_for_pattern(None, None, None, graph))


def from_clauses(query: str, ground: Ground) -> DatasetClause:
    """The graphs of FROM and FROM NAMED, or nothing (SPARQL 1.1 section 13.2); the engine reports what is malformed."""
    if "FROM" not in query.upper():
        return DatasetClause()
    tokens = list(Reader(query).tokens())
    default: list[str] = []
    named: list[str] = []
    for position, token in enumerate(tokens):
        if _is_word(token, "FROM") and position + 2 < len(tokens):
            is_named = _is_word(tokens[position + 1], "NAMED")
            (named if is_named else default).append(tokens[position + 1 + is_named].text)
    if not default and not named:
        return DatasetClause()
    iris = _resolved(tokens, (*default, *named), ground)
    if iris is None:
        return DatasetClause()
    return DatasetClause(iris[: len(default)], iris[len(default) :])


def _resolved(tokens: list[Token], terms: tuple[str, ...], ground: Ground) -> tuple[str, ...] | None:
    """Terms as IRIs by the query's prologue: Turtle has the same, so its parser resolves them; None if it cannot."""
    prefixes = (f"PREFIX {prefix}: <{namespace}>" for prefix, namespace in ground.prefixes.items())
    triples = (f"{_NODE} {_NODE} {term} ." for term in terms)
    text = "\n".join(chain(prefixes, _prologue(tokens), triples))
    try:
        quads = list(parse(text, format=RdfFormat.TURTLE, base_iri=ground.base))
    except SyntaxError:
        return None
    return tuple(quad.object.value for quad in quads if isinstance(quad.object, NamedNode))


def _prologue(tokens: list[Token]) -> Iterator[str]:
    """The declarations at the beginning of a query."""
    for position, token in enumerate(tokens):
        if _is_word(token, "BASE"):
            yield f"BASE {tokens[position + 1].text}"
        elif _is_word(token, "PREFIX"):
            yield f"PREFIX {tokens[position + 1].text} {tokens[position + 2].text}"
        elif token.kind == "word":
            return


def _is_word(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word
