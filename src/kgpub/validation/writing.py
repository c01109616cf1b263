"""Terms of shapes as SPARQL writes them, in the form in which the throwaway store has them."""

from pyoxigraph import Literal as StoredLiteral
from pyoxigraph import NamedNode
from rdflib import BNode, Literal, URIRef
from rdflib.term import Node

from kgpub.errors import BadIri
from kgpub.iris import check_iri
from kgpub.validation.logic import NotCompiled
from kgpub.validation.terms import stored


def written(node: Node) -> str:
    """A term in SPARQL; raises ``NotCompiled`` for a blank node and for what RDF does not allow."""
    if isinstance(node, BNode) or not isinstance(node, Literal | URIRef):
        raise NotCompiled("a blank node as a value")
    try:
        if isinstance(node, URIRef):
            check_iri(str(node))
        term = stored(node)
    except (BadIri, ValueError) as error:
        raise NotCompiled("a term that RDF does not know") from error
    assert isinstance(term, NamedNode | StoredLiteral)
    return str(term)


def same(variable: str, node: Node) -> str:
    """The test whether a variable is exactly this term."""
    return f"sameTerm({variable}, {written(node)})"
