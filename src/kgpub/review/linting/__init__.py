"""What engines pass over in silence: shapes that can match nothing, say nothing, or mean something else.

``graph`` has the shapes with the place of every statement, ``usage`` what data and ontology have of what they name;
each other module is a group of rules over the two. The cost grows with the statements, whatever their form.
"""

from collections.abc import Iterable, Iterator

from kgpub.review.findings import Case
from kgpub.review.linting.graph import ShapesGraph
from kgpub.review.linting.occurrence import paths, targets, terms_of_values
from kgpub.review.linting.patterns import patterns
from kgpub.review.linting.ties import circles, deactivated, twice, unreachable, wordless
from kgpub.review.linting.usage import Usage, sought
from kgpub.review.linting.values import values
from kgpub.review.survey import Known, Stated

__all__ = ["ShapesGraph", "Usage", "lint", "shapes_graph", "usage_of"]


def shapes_graph(statements: Iterable[Stated]) -> ShapesGraph:
    """The shapes as a graph."""
    graph = ShapesGraph()
    for stated in statements:
        graph.add(stated)
    return graph


def usage_of(graph: ShapesGraph, *, is_here: bool) -> Usage:
    """What is to be noted of data and ontology for these shapes; ``is_here`` says whether the files hold the data."""
    return Usage(sought(graph, (node.value for node in graph.targeted)), is_here)


def lint(graph: ShapesGraph, usage: Usage, known: Known) -> Iterator[Case]:
    """Every case of the rules of shapes, once the files were read."""
    yield from targets(graph, usage)
    yield from paths(graph, usage)
    yield from terms_of_values(graph, usage)
    yield from values(graph)
    yield from patterns(graph)
    yield from deactivated(graph)
    yield from unreachable(graph)
    yield from circles(graph)
    yield from twice(graph)
    yield from wordless(graph, known)
