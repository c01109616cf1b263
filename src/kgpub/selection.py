"""What a reader has chosen from a class: as pairs of an address, and as the SPARQL that means the same.

``f=PROPERTY|VALUE`` chooses a value: ``f=ex:country|id:georgia``, ``f=ex:kind|"pilot"``,
``f=ex:size|"5"^^xsd:integer``; ``f=ex:start|2010..2014`` chooses a range, both ends included: of years where the
values are dates, of numbers otherwise.
Choices of one property are alternatives, different properties must all fit. IRIs are written as the site's CURIEs
where that is unambiguous, and read in full or as ``<IRI>`` too. One selection has one canonical spelling.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from kgpub.errors import BadIri, BadRequest
from kgpub.iris import Iris

MOST_CHOSEN = 50
"""Choices of one selection."""
YEARS, NUMBERS, VALUES = "years", "numbers", "values"
"""What the choices of a facet are."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE = NamedNode(_RDF + "type")
_BELOW = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_DOUBLE = NamedNode("http://www.w3.org/2001/XMLSchema#double")
_NUMBER = r"-?\d{1,15}(?:\.\d{1,9})?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})", re.ASCII)
_MARKS = " ".join(
    f"{{ ?thing {NamedNode(_RDF + name)} ?mark }}{join}" for name, join in (("subject", " UNION"), ("reifies", ""))
)


@dataclass(frozen=True, order=True)
class Range:
    """Numbers or years from ``low`` to ``high``, both included; finite, and never the wrong way round."""

    low: float
    high: float

    def __str__(self) -> str:
        """The range as addresses write it: ``2010..2014``."""
        return f"{_plain(self.low)}..{_plain(self.high)}"


Value = NamedNode | Literal | Range
"""What can be chosen: a term, or a range."""


@dataclass(frozen=True)
class Chosen:
    """One choice: a value of a property."""

    property: str
    value: Value


@dataclass(frozen=True)
class Selection:
    """A class and what was chosen from it, each choice once, in canonical order."""

    of: str
    chosen: tuple[Chosen, ...] = ()

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties that something is chosen of, each once."""
        return tuple(dict.fromkeys(one.property for one in self.chosen))

    def values(self, property: str) -> tuple[Value, ...]:
        """What is chosen of a property."""
        return tuple(one.value for one in self.chosen if one.property == property)

    def without(self, *dropped: Chosen) -> "Selection":
        """The selection that lacks these choices."""
        return replace(self, chosen=tuple(one for one in self.chosen if one not in dropped))

    def others(self, property: str) -> "Selection":
        """What is chosen of all properties but this one."""
        return replace(self, chosen=tuple(one for one in self.chosen if one.property != property))


@dataclass(frozen=True)
class Membership:
    """Which subjects of a class are its members here, where blank nodes or statement nodes are among them."""

    has_blank: bool = False
    has_statements: bool = False


@dataclass(frozen=True)
class Class:
    """A class that can be browsed; ``size`` counts the named members, those of its subclasses included.

    ``direct`` counts those that are stated to be of the class itself.
    """

    number: int
    iri: str
    size: int
    membership: Membership
    direct: int = 0


@dataclass(frozen=True)
class Choice:
    """A choice: how many members fit it and what is chosen of the other facets, and whether it is chosen."""

    value: Value
    count: int
    is_chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """A property that narrows a class down; ``kind`` is YEARS, NUMBERS or VALUES; ranges rise, values fall."""

    property: str
    kind: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Found:
    """A page of what a selection finds: ``count`` in all, the members of this page in the reader's order."""

    of: Class
    count: int
    members: tuple[str, ...]
    facets: tuple[Facet, ...]

    @property
    def kinds(self) -> dict[str, str]:
        """What each property's choices are."""
        return {facet.property: facet.kind for facet in self.facets}


def selection(of: str, choices: Iterable[Chosen]) -> Selection:
    """A selection out of choices in any order; what is chosen twice counts once."""
    return Selection(of, tuple(sorted(set(choices), key=lambda one: (one.property, str(one.value)))))


def read(of: str, written: Iterable[str], iris: Iris) -> Selection:
    """A selection out of the ``f`` parameters of an address; raises ``BadRequest`` or ``BadIri`` for what is none."""
    texts = list(written)
    if len(texts) > MOST_CHOSEN:
        raise BadRequest(f"More than {MOST_CHOSEN} choices are too many for one list.")
    return selection(of, (_chosen(text, iris) for text in texts))


def pairs(chosen: Selection, iris: Iris) -> list[tuple[str, str]]:
    """A selection as the parameters of its address, in canonical order: ``class`` first, then each ``f``."""
    return [("class", name(chosen.of, iris)), *(("f", text(one, iris)) for one in chosen.chosen)]


def text(one: Chosen, iris: Iris) -> str:
    """A choice as the value of a parameter."""
    return f"{name(one.property, iris)}|{_value_text(one.value, iris)}"


def name(iri: str, iris: Iris) -> str:
    """The shortest text that ``Iris.expand`` reads as this IRI."""
    short = iris.curie(iri)
    return next((text for text in (short, iri) if text and _expands(text, iri, iris)), f"<{iri}>")


def query(chosen: Selection, kinds: dict[str, str], of: Membership = Membership()) -> str:
    """The SELECT that finds just the things that a selection finds; ``kinds`` says what each property's choices are."""
    return f"SELECT DISTINCT ?thing\nWHERE {{\n{_where(chosen, kinds, of)}}}\nORDER BY ?thing\n"


def count_query(chosen: Selection, property: str, kinds: dict[str, str], of: Membership = Membership()) -> str:
    """The SELECT that counts things by each value (or year) of a property, for the choices made of the others."""
    where = _where(chosen.others(property), kinds, of)
    by_year = kinds.get(property) == YEARS
    shown, grouped = ("?year", "(YEAR(?value) AS ?year)") if by_year else ("?value", "?value")
    return (
        f"SELECT {shown} (COUNT(DISTINCT ?thing) AS ?things)\nWHERE {{\n{where}"
        f"  ?thing {NamedNode(property)} ?value .\n}}\nGROUP BY {grouped}\nORDER BY DESC(?things)\n"
    )


def graph_query(chosen: Selection, kinds: dict[str, str], of: Membership = Membership()) -> str:
    """The CONSTRUCT of everything that the default graph says of the things that a selection finds."""
    inner = "".join(f"    {line}\n" for line in _where(chosen, kinds, of).rstrip("\n").split("\n"))
    return (
        "CONSTRUCT { ?thing ?property ?value }\nWHERE {\n  {\n    SELECT DISTINCT ?thing WHERE {\n"
        f"{inner}    }}\n  }}\n  ?thing ?property ?value .\n}}\n"
    )


def _where(chosen: Selection, kinds: dict[str, str], of: Membership) -> str:
    """The patterns of a selection, one a line; terms are written by the library."""
    lines = [f"?thing {_TYPE}/{_BELOW}* {NamedNode(chosen.of)} ."]
    if of.has_blank:
        lines.append("FILTER(isIRI(?thing))")
    if of.has_statements:
        lines.append(f"FILTER NOT EXISTS {{ {_MARKS} UNION {{ GRAPH ?graph {{ {_MARKS} }} }} }}")
    for number, property in enumerate(chosen.properties, 1):
        lines += _conditions(
            f"?value{number}", NamedNode(property), chosen.values(property), kinds.get(property, VALUES)
        )
    return "".join(f"  {line}\n" for line in lines)


def _conditions(variable: str, property: NamedNode, values: tuple[Value, ...], kind: str) -> list[str]:
    """What a property's choices ask of a thing."""
    ranges = [value for value in values if isinstance(value, Range)]
    terms = [str(value) for value in values if not isinstance(value, Range)]
    if not ranges and len(terms) == 1:
        return [f"?thing {property} {terms[0]} ."]
    if not ranges:
        return [f"VALUES {variable} {{ {' '.join(terms)} }}", f"?thing {property} {variable} ."]
    tests = " || ".join(_between(variable, one, kind) for one in ranges)
    test = tests if kind == YEARS else f"isNumeric({variable}) && ({tests})"
    return [f"?thing {property} {variable} .", f"FILTER({test})"]


def _between(variable: str, one: Range, kind: str) -> str:
    if kind == YEARS:
        return f"(YEAR({variable}) >= {_plain(one.low)} && YEAR({variable}) <= {_plain(one.high)})"
    number = f"{_DOUBLE}({variable})"
    return f"({number} >= {Literal(one.low)} && {number} <= {Literal(one.high)})"


def _chosen(written: str, iris: Iris) -> Chosen:
    property, bar, value = written.partition("|")
    if not bar or not property or not value:
        raise BadRequest(f"“{written}” is no choice: it is written property|value.")
    return Chosen(iris.expand(property), _value(value, iris))


def _value(written: str, iris: Iris) -> Value:
    """A value as addresses write it."""
    found = _RANGE.fullmatch(written)
    if found:
        low, high = float(found[1]), float(found[2])
        if low > high:
            raise BadRequest(f"The range {written} ends before it begins.")
        return Range(low, high)
    if not written.startswith('"'):
        return NamedNode(iris.expand(written))
    try:
        return _literal(written, iris)
    except ValueError as error:
        raise BadRequest(f"“{written}” is no value: {error}.") from error


def _literal(written: str, iris: Iris) -> Literal:
    """A literal: what is between the outermost quotation marks, with its datatype behind them."""
    if written.endswith('"') and len(written) > 1:
        return Literal(written[1:-1])
    value, mark, datatype = written[1:].rpartition('"^^')
    if not mark or not datatype:
        raise ValueError("a quotation mark or a datatype is missing")
    return Literal(value, datatype=NamedNode(iris.expand(datatype)))


def _value_text(value: Value, iris: Iris) -> str:
    if isinstance(value, Range):
        return str(value)
    if isinstance(value, NamedNode):
        return name(value.value, iris)
    datatype = value.datatype.value
    plain = datatype == "http://www.w3.org/2001/XMLSchema#string"
    return f'"{value.value}"' if plain else f'"{value.value}"^^{name(datatype, iris)}'


def _expands(text: str, iri: str, iris: Iris) -> bool:
    try:
        return iris.expand(text) == iri and not text.startswith('"') and not _RANGE.fullmatch(text)
    except BadIri:
        return False


def _plain(number: float) -> str:
    """A finite number without an exponent, as short as it is exact to nine decimal places."""
    return f"{number:.9f}".rstrip("0").rstrip(".") if number != int(number) else str(int(number))
