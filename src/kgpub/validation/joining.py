"""The triple patterns of a shape's query, matched from the one with the fewest matches on.

rdflib takes patterns with as many unknowns as they come, so that it may begin at a node to which half of the data
points, for every focus node anew. The solutions are the same in any order (SPARQL 1.1 section 18.3).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pyoxigraph
from rdflib.paths import Path
from rdflib.plugins.sparql import CUSTOM_EVALS
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import AlreadyBound, FrozenBindings, QueryContext
from rdflib.term import URIRef

from kgpub.validation.filtering import Filters
from kgpub.validation.terms import stored
from kgpub.validation.view import SourceStore

_NAME = "kgpub"
_Pattern = Sequence[Any]
"""Subject, predicate and object, as rdflib has them, whose context knows other keys than its types say."""


@contextmanager
def well_joined() -> Iterator[None]:
    """Let rdflib match patterns over a view of the data in a good order, and ask a filter once."""
    evaluations = {f"{_NAME}:patterns": _evaluated, f"{_NAME}:filters": Filters().evaluated}
    CUSTOM_EVALS.update(evaluations)
    try:
        yield
    finally:
        for name in evaluations:
            CUSTOM_EVALS.pop(name, None)


def _evaluated(context: QueryContext, part: CompValue) -> Iterator[FrozenBindings]:
    """The solutions of a basic graph pattern; raises ``NotImplementedError``, rdflib's sign, for any other part."""
    if part.name != "BGP" or any(isinstance(predicate, Path) for _, predicate, _ in part.triples):
        raise NotImplementedError
    store = getattr(context.graph, "store", None)
    if not isinstance(store, SourceStore):
        raise NotImplementedError
    return _solutions(context, store.store, list(part.triples))


def _solutions(
    context: QueryContext, store: pyoxigraph.Store, patterns: Sequence[_Pattern]
) -> Iterator[FrozenBindings]:
    if not patterns:
        yield context.solution()
        return
    place = _first(context, store, patterns)
    pattern, rest = patterns[place], [*patterns[:place], *patterns[place + 1 :]]
    known: list[Any] = [context[node] for node in pattern]
    graph = context.graph
    assert graph is not None
    for found in graph.triples((known[0], known[1], known[2])):
        inner = context.push() if None in known else context
        try:
            for node, was, now in zip(pattern, known, found, strict=True):
                if was is None:
                    inner[node] = now
        except AlreadyBound:  # a variable that stands in two places, for two terms
            continue
        yield from _solutions(inner, store, rest)


def _first(context: QueryContext, store: pyoxigraph.Store, patterns: Sequence[_Pattern]) -> int:
    """The place of the pattern to match next: its subject is known, or else it has the fewest matches."""
    wanting = [[context[node] is None for node in pattern] for pattern in patterns]
    order = sorted(range(len(patterns)), key=lambda place: (wanting[place][0], sum(wanting[place])))
    best = order[0]
    if not wanting[best][0]:
        return best
    rivals = [place for place in order if wanting[place] == [True, False, False]]
    return best if len(rivals) < 2 else _fewest(context, store, patterns, rivals)  # noqa: PLR2004 # a choice


def _fewest(context: QueryContext, store: pyoxigraph.Store, patterns: Sequence[_Pattern], rivals: Sequence[int]) -> int:
    """The first to run out of matches when all are counted in step."""
    counts = []
    for place in rivals:
        predicate, target = context[patterns[place][1]], context[patterns[place][2]]
        if not isinstance(predicate, URIRef) or target is None:
            return place  # matches nothing
        try:
            counts.append(store.quads_for_pattern(None, stored(predicate), stored(target), pyoxigraph.DefaultGraph()))  # type: ignore[arg-type] # an IRI stays one
        except ValueError:
            return place  # RDF knows no such term
    while True:
        for place, matches in zip(rivals, counts, strict=True):
            if next(matches, None) is None:
                return place
