"""What the documentation of an ontology is made of: phrases, terms, shapes; frozen, and written as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kgpub.model import Labels

CLASS, PROPERTY, DATATYPE = "class", "property", "datatype"
"""The kinds of terms, in the order of their lists."""
KINDS = (CLASS, PROPERTY, DATATYPE)


@dataclass(frozen=True)
class Phrase:
    """One thing that is to be said in words: a constraint, a path, a class expression, or only a term.

    ``key`` names what is said (``term`` for a bare term). ``terms`` are RDF terms in N-Triples notation, ``parts``
    what stands inside, ``texts`` the words of the shapes themselves; ``more`` counts what was left out.
    """

    key: str
    terms: tuple[str, ...] = ()
    parts: tuple["Phrase", ...] = ()
    texts: Labels = field(default_factory=dict, hash=False)
    more: int = 0


@dataclass(frozen=True)
class Relation:
    """What a term is to others: ``key`` names the relation, ``more`` counts the others that were left out."""

    key: str
    values: tuple[Phrase, ...]
    more: int = 0


@dataclass(frozen=True)
class Example:
    """A statement of the data: an IRI and, for a property, its value in N-Triples notation."""

    subject: str
    object: str = ""


@dataclass(frozen=True)
class Entry:
    """A term in a list: its IRI, its anchor on the pages, and what a list says of it.

    ``is_own`` tells the site's own terms from those of other vocabularies; ``count`` is the number of members of a
    class or of triples of a property in the default graph.
    """

    iri: str
    anchor: str
    kind: str
    is_own: bool
    is_deprecated: bool
    count: int


@dataclass(frozen=True)
class OntologyTerm:
    """All that is said of a class, property or datatype, beside its labels and definitions."""

    entry: Entry
    types: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A shape in words (SHACL section 2): whom it is about, what has to hold, and how grave it is if it does not.

    ``iri`` is empty for an unnamed shape; ``path`` is None for a node shape. ``more`` counts property shapes left out.
    """

    iri: str
    anchor: str
    labels: Labels
    severity: str
    is_off: bool = False
    targets: tuple[Phrase, ...] = ()
    path: Phrase | None = None
    rules: tuple[Phrase, ...] = ()
    properties: tuple["Shape", ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Line:
    """A line of the outline of all terms: how deep it stands (from 0), and the other terms that it stands under."""

    entry: Entry
    depth: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attribute:
    """A property as a class diagram shows it inside a class: with the first thing its values are."""

    property: str
    range: str = ""


@dataclass(frozen=True)
class Box:
    """A class of the diagram: what it stands under there, its properties, and how many more it has."""

    iri: str
    anchor: str
    is_own: bool
    above: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    more: int = 0


@dataclass(frozen=True)
class Diagram:
    """A class diagram: its boxes, and how many classes have no place in it."""

    boxes: tuple[Box, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Vocabulary:
    """A namespace that terms are from, and how many; ``document`` is the IRI of what defines it where it is ours."""

    namespace: str
    terms: int
    is_own: bool
    document: str = ""


@dataclass(frozen=True)
class Overview:
    """What the whole is: ontologies declared, vocabularies, numbers of terms by kind, of shapes, and what is not told.

    ``left_out`` counts terms beyond those documented, ``files`` are the names of the files to download.
    """

    ontologies: tuple[str, ...] = ()
    vocabularies: tuple[Vocabulary, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    shapes: int = 0
    left_out: int = 0
    files: tuple[str, ...] = ()
    diagram: Diagram = Diagram()


def as_json(value: OntologyTerm | Shape | Overview) -> str:
    """A value as the file keeps it."""
    return json.dumps(asdict(value), ensure_ascii=False)


def term_of(text: str) -> OntologyTerm:
    """A term out of what ``as_json`` made of it."""
    value = json.loads(text)
    return OntologyTerm(
        entry=Entry(**value["entry"]),
        types=tuple(value["types"]),
        relations=tuple(Relation(r["key"], _phrases(r["values"]), r["more"]) for r in value["relations"]),
        examples=tuple(Example(**one) for one in value["examples"]),
    )


def shape_of(text: str) -> Shape:
    """A shape out of what ``as_json`` made of it."""
    return _shape(json.loads(text))


def overview_of(text: str) -> Overview:
    """The overview out of what ``as_json`` made of it."""
    value = json.loads(text)
    boxes = tuple(_box(one) for one in value["diagram"]["boxes"])
    return Overview(
        ontologies=tuple(value["ontologies"]),
        vocabularies=tuple(Vocabulary(**one) for one in value["vocabularies"]),
        counts=value["counts"],
        shapes=value["shapes"],
        left_out=value["left_out"],
        files=tuple(value["files"]),
        diagram=Diagram(boxes, value["diagram"]["left_out"]),
    )


Json = dict[str, Any]  # Any: what json.loads gives


def _phrase(value: Json) -> Phrase:
    return Phrase(value["key"], tuple(value["terms"]), _phrases(value["parts"]), value["texts"], value["more"])


def _phrases(values: list[Json]) -> tuple[Phrase, ...]:
    return tuple(_phrase(one) for one in values)


def _shape(value: Json) -> Shape:
    read = {"targets": _phrases(value["targets"]), "rules": _phrases(value["rules"])}
    path = None if value["path"] is None else _phrase(value["path"])
    return Shape(**value | read | {"path": path, "properties": tuple(_shape(one) for one in value["properties"])})


def _box(value: Json) -> Box:
    attributes = tuple(Attribute(**one) for one in value["attributes"])
    return Box(**value | {"above": tuple(value["above"]), "attributes": attributes})
