"""An answer as a table of terms, for the formats that the engine itself does not write."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = """
integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong unsignedInt unsignedShort
unsignedByte positiveInteger
"""
INTEGERS = frozenset(XSD + name for name in _INTEGERS.split())
"""The datatypes of integers (XML Schema 1.1 part 2 section 3.4.13 and those derived from it)."""

Term = NamedNode | BlankNode | Literal | Triple
Row = Sequence[Term | None]
"""One term per variable; None where nothing is bound."""


@dataclass(frozen=True)
class Table:
    """The answer of a SELECT or an ASK, whose rows can be read once, with what was asked."""

    names: tuple[str, ...]
    """The variables, without question marks; SPARQL lets no name occur twice or have a dot."""
    rows: Iterable[Row]
    query: str
    base: str
    """What relative IRIs of the query are resolved against."""


class Sink(Protocol):
    """Where a table is written to."""

    @property
    def scratch(self) -> str:
        """An existing folder for temporary files; empty for the system's own."""
        ...

    def write(self, piece: bytes) -> int:
        """Take the next bytes; raises ``LimitReached``."""
        ...

    def fit(self, size: int) -> None:
        """Say that the answer has at least so many bytes; raises ``LimitReached`` when those are too many."""
        ...


def table(result: QuerySolutions | QueryBoolean, query: str, base: str, count: Callable[[int], None]) -> Table:
    """A result as a table, with one cell for an ASK; ``count`` hears of each row and may raise."""
    if isinstance(result, QueryBoolean):
        count(1)
        return Table(("boolean",), ((Literal(bool(result)),),), query, base)
    return Table(tuple(variable.value for variable in result.variables), _rows(result, count), query, base)


def type_of(term: Term) -> str:
    """A term's type, in a word, a tag or an IRI."""
    if isinstance(term, NamedNode):
        return "iri"
    if isinstance(term, Literal):
        direction = f"--{term.direction.value}" if term.direction else ""
        return f"@{term.language}{direction}" if term.language else term.datatype.value
    return "bnode" if isinstance(term, BlankNode) else "triple"


def text(term: Term) -> str:
    """What a term says, without what kind of term it is; a triple term as N-Triples has it."""
    return f"<<( {term} )>>" if isinstance(term, Triple) else term.value


def _rows(solutions: QuerySolutions, count: Callable[[int], None]) -> Iterator[Row]:
    """The solutions as rows."""
    for number, solution in enumerate(solutions, 1):
        count(number)
        yield tuple(solution)
