"""What kgpub says of things: frozen values, free of engines and of HTTP.

Terms are pyoxigraph's, with the lexical forms of the sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple
"""Anything that can stand as an object (RDF 1.2 Concepts section 3.1)."""
Node = NamedNode | BlankNode | Triple
"""Anything that can stand as a subject."""

Labels = Mapping[str, str]
"""One text per language tag (lower case); ``""`` is the text without a language."""


@dataclass(frozen=True)
class Text:
    """A text and the language it is in (BCP 47, lower case), or ``""`` when it has none."""

    value: str
    language: str = ""


@dataclass(frozen=True)
class Source:
    """Where one statement comes from: a document, a place in it, the words, and how far to trust it.

    ``document`` is the IRI of the document that says it, or the graph's own source. ``line`` counts from 1.
    ``quote`` is verbatim, ``translation`` is ours. ``status``, ``modality`` and ``confidence`` are IRIs of
    concepts with labels; ``derived_from`` lists outside evidence. ``key`` tells sources apart that are kept, where
    nothing but themselves tells how they are shown; it is empty for others.
    """

    statement: str = ""
    graph: str = ""
    document: str = ""
    line: int | None = None
    quote: Text | None = None
    translation: Text | None = None
    status: str = ""
    modality: str = ""
    confidence: str = ""
    derived_from: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    key: str = field(default="", repr=False, compare=False)

    @cached_property
    def named(self) -> tuple[str, ...]:
        """The IRIs that it is shown with, those of outside evidence apart."""
        found = (self.graph, self.document, self.status, self.modality, self.confidence)
        return tuple([iri for iri in found if iri])


@dataclass(frozen=True)
class Statement:
    """One outgoing triple, the named graphs it stands in, and its sources."""

    predicate: NamedNode
    object: Term
    graphs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Link:
    """One thing that points here, and the sources of that statement."""

    subject: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Incoming:
    """Incoming links by one predicate: how many there are in all, and one page of them.

    ``page`` counts from 1; ``size`` is the number of links on a full page.
    """

    predicate: str
    count: int
    links: tuple[Link, ...]
    page: int = 1
    size: int = 50

    @property
    def pages(self) -> int:
        """How many pages the links fill, at least 1."""
        return max(1, -(-self.count // self.size))


@dataclass(frozen=True)
class Field:
    """Where the values of one property stand on a page, and what they are called there (SHACL section 2.3.2).

    ``is_inverse`` means the links by the property that point to the thing. ``group`` names a property group, or is
    empty; ``order`` sorts within the group, and is infinite where none is given.
    """

    predicate: str
    is_inverse: bool = False
    group: str = ""
    order: float = inf
    name: Labels = field(default_factory=dict)
    description: Labels = field(default_factory=dict)


@dataclass(frozen=True)
class PropertyGroup:
    """A section of a page (``sh:PropertyGroup``): its place among the sections, and its heading."""

    name: str
    order: float
    labels: Labels


@dataclass(frozen=True)
class Layout:
    """How the shapes of a thing's classes lay its page out: fields by property and direction, groups by name."""

    fields: Mapping[tuple[str, bool], Field] = field(default_factory=dict)
    groups: Mapping[str, PropertyGroup] = field(default_factory=dict)


KEPT, GONE, MOVED = "kept", "gone", "moved"
"""What becomes of a deprecated thing's address: it goes on describing the thing, it says so, it leads to another."""


@dataclass(frozen=True)
class Fate:
    """A thing that the data says is deprecated: what its address answers, and the IRI it leads to when it moved."""

    iri: str
    outcome: str
    target: str = ""


@dataclass(frozen=True)
class Held:
    """What a named graph holds: statements, files as (format, path below the mount), and some things it tells of."""

    count: int
    files: tuple[tuple[str, str], ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """What we say of an entity: outgoing statements, incoming links, labels of everything named in it.

    ``quads`` is the entity's document: its outgoing triples and the closure of the blank nodes they reach, in
    their named graphs, term for term as in the sources, in a stable order. ``nested`` gives the statements of
    each of those blank nodes. ``labels`` maps an IRI to its labels, ``inverse`` a property to how it reads from
    the other end. ``parts`` are the IRIs that share this document (a hash namespace). ``wider`` are the things that it
    is a part of, the widest first; ``layout`` is how shapes lay its page out. ``figures`` are the statements of the
    quantities that it names. ``fate`` tells what became of it where it is deprecated, ``deprecated`` which of the
    things named here are. ``members`` are the numbers of members of those classes among the thing, its types and
    ``wider`` that can be browsed, members of their subclasses included; ``taken`` is how many statements were taken
    from it. ``graphs`` are the descriptions of the graphs that the statements stand in, ``pages`` the things elsewhere
    of which the snapshot says more than that they are named here. Of ``parts_count`` things that share the document,
    ``parts`` may be the first ones only, whose statements are not read. ``held`` is what a named graph of this name
    holds.
    """

    iri: str
    quads: tuple[Quad, ...]
    statements: tuple[Statement, ...]
    incoming: tuple[Incoming, ...] = ()
    nested: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)
    inverse: Mapping[str, Labels] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    layout: Layout = Layout()
    figures: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)
    fate: Fate | None = None
    deprecated: frozenset[str] = frozenset()
    members: Mapping[str, int] = field(default_factory=dict)
    taken: int = 0
    graphs: Mapping[str, Labels] = field(default_factory=dict)
    pages: frozenset[str] = frozenset()
    parts_count: int = 0
    held: Held | None = None

    @property
    def is_retired(self) -> bool:
        """Whether its own address describes it no longer."""
        return self.fate is not None and self.fate.outcome != KEPT


@dataclass(frozen=True)
class Listing:
    """One page of a list: of a class's members, or of the links to a hub.

    ``members_below`` is how many members a class has with those of its subclasses, 0 where it cannot be browsed.
    """

    iri: str
    count: int
    members: tuple[str, ...]
    labels: Mapping[str, Labels]
    descriptions: Mapping[str, Labels] = field(default_factory=dict)
    page: int = 1
    size: int = 50
    deprecated: frozenset[str] = frozenset()
    members_below: int = 0

    @property
    def pages(self) -> int:
        """How many pages the list fills, at least 1."""
        return max(1, -(-self.count // self.size))


@dataclass(frozen=True)
class Valued:
    """One page of the values that a thing has of a property, of which there are ``count``."""

    description: Description
    predicate: str
    count: int
    page: int = 1
    size: int = 50

    @property
    def pages(self) -> int:
        """How many pages the values fill, at least 1."""
        return max(1, -(-self.count // self.size))


@dataclass(frozen=True)
class Counted:
    """An IRI and how often it is used: a class and its members, a property and its triples."""

    iri: str
    count: int


@dataclass(frozen=True)
class Statistics:
    """Figures of a snapshot, counted once at build.

    ``triples`` counts each triple once over all published graphs, ``entities`` the subjects that are IRIs and
    no statement nodes; ``classes`` (with as many members as the list of each shows: those of its subclasses too) and
    ``properties`` are sorted by count, falling. ``stated`` is how many classes something is stated to be of.
    """

    triples: int = 0
    entities: int = 0
    graphs: tuple[Counted, ...] = ()
    classes: tuple[Counted, ...] = ()
    properties: tuple[Counted, ...] = ()
    stated: int = 0

    def listed(self, sizes: Iterable[Counted]) -> "Statistics":
        """The same with the number of members that each class's own list shows, as in ``sizes``.

        That is the members of its subclasses too where it can be browsed, and what is stated of it alone where it
        cannot.
        """
        counts = {one.iri: one.count for one in (*self.classes, *sizes)}
        pairs = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return replace(self, classes=tuple(Counted(*pair) for pair in pairs), stated=len(self.classes))


@dataclass(frozen=True)
class Finding:
    """One result of validation (SHACL section 3.6.2), with the place in the sources it is about.

    ``messages`` are texts per language; ``path`` and ``value`` are in SPARQL notation, for people.
    """

    severity: str
    focus: str
    shape: str
    component: str
    messages: Labels
    path: str = ""
    value: str = ""
    file: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """The outcome of validation: whether the data conforms, and every result; without shapes there was none."""

    conforms: bool
    findings: tuple[Finding, ...] = ()
    has_shapes: bool = True

    def about(self, iri: str) -> tuple[Finding, ...]:
        """The findings whose focus is this thing, in the order of the report."""
        return self._by_focus.get(iri, ())

    @cached_property
    def _by_focus(self) -> Mapping[str, tuple[Finding, ...]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.focus, []).append(finding)
        return {focus: tuple(several) for focus, several in found.items()}

    def count(self, severity: str) -> int:
        """How many findings have this severity: ``violation``, ``warning`` or ``info``."""
        return sum(finding.severity == severity for finding in self.findings)


@dataclass(frozen=True)
class Hit:
    """One answer of a search: the entity, the text that matched and which kind of text it is.

    ``reason`` is ``label``, ``alternative``, ``description``, or ``similar`` where only a name like it was found;
    ``marks`` are the characters of ``matched`` that did, each run from one to before another.
    """

    iri: str
    matched: Text
    reason: str
    score: float
    types: tuple[str, ...] = ()
    marks: tuple[tuple[int, int], ...] = ()


def pick(labels: Labels, languages: tuple[str, ...]) -> Text | None:
    """The label for a reader who prefers these languages in order (RFC 4647 section 3.4, lookup).

    A tag is shortened from its end until something is found, but never across a script: ``ka-latn`` does not
    stand for ``ka``. Then the text without a language, then the first of the others: the look-up file has them in the
    order in which the data is best read.
    """
    if not labels:
        return None
    first = languages[0] if languages else ""
    if first.islower() and first in labels:
        return Text(labels[first], first)
    for language in languages:
        wanted = language.lower()
        while wanted:
            if wanted in labels:
                return Text(labels[wanted], wanted)
            wanted = _shorter(wanted)
        regional = next((tag for tag in sorted(labels) if _is_region_of(tag, language.lower())), None)
        if regional is not None:
            return Text(labels[regional], regional)
    if "" in labels:
        return Text(labels[""], "")
    return next((Text(text, tag) for tag, text in labels.items()), None)


_SCRIPT_LENGTH = 4


def _shorter(tag: str) -> str:
    """The tag without its last subtag (and without a single-letter one before it); ``""`` at a script."""
    head, _, last = tag.rpartition("-")
    if len(last) == _SCRIPT_LENGTH and last.isalpha():
        return ""
    before, _, single = head.rpartition("-")
    return before if len(single) == 1 and before else head


def _is_region_of(tag: str, language: str) -> bool:
    """Whether a tag is the language with a region, not with another script."""
    rest = tag.removeprefix(language + "-")
    return rest != tag and not any(len(p) == _SCRIPT_LENGTH and p.isalpha() for p in rest.split("-"))
