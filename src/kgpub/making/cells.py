"""What stands in the cells of tables: the kinds of values, and how each is written. Nothing heavy is imported here."""

from pyoxigraph import BlankNode, Literal

from kgpub.engine.tables import Term, text, type_of

IRI, BLANK, TRIPLE = "iri", "bnode", "triple"
"""Kinds of values that are no literals; a literal's kind is ``@`` and its language, or the IRI of its datatype."""


def kind_of(term: Term) -> str:
    """The kind of a value; languages are told apart without regard to their letters' case (RFC 5646 section 2.1.1)."""
    return type_of(term).lower() if isinstance(term, Literal) and term.language else type_of(term)


def told(term: Term) -> str:
    """What stands in a cell: an IRI, a lexical form, a blank node as N-Triples writes it."""
    return str(term) if isinstance(term, BlankNode) else text(term)
