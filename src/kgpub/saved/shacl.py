"""Saved queries written as SHACL: ``sh:SPARQLExecutable`` in a Turtle file.

The text is ``sh:select``, ``sh:construct`` or ``sh:ask``; its prefixes are declared as SHACL section 5.2.1 says
(``sh:prefixes``, ``sh:declare``); its parameters are ``sh:parameter`` with ``sh:path``, whose local name is the
variable (section 6.2.1), ``sh:optional``, ``sh:datatype``, ``sh:class``, ``sh:in`` and ``sh:defaultValue``, as for the
functions of SHACL Advanced Features section 5. ``rdfs:label`` is the title, ``rdfs:comment`` or
``dcterms:description`` the description, ``sh:order`` the place in the gallery.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kgpub.errors import KgpubError, SourceError
from kgpub.iris import check_iri, short_name
from kgpub.model import Node, Term
from kgpub.saved.parameters import IRI, LANG_STRING, STRING, TEXT, TYPES, XSD, Parameter, Type, Value
from kgpub.saved.query import About, SavedQuery, made
from kgpub.settings import Settings
from kgpub.settings.tables import DCTERMS, OWL, RDFS, SH

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_TEXTS = ("select", "construct", "ask")
_CLASSES = {
    SH + name
    for name in (
        "SPARQLExecutable",
        "SPARQLSelectExecutable",
        "SPARQLConstructExecutable",
        "SPARQLAskExecutable",
    )
}
_BY_DATATYPE = {LANG_STRING: TEXT, **{XSD + name: type for name, type in TYPES.items() if type.datatype == XSD + name}}


def executables(text: str, file: str, site: Settings) -> Iterator[SavedQuery | SourceError]:
    """The saved queries of a Turtle file, or why one of them cannot be read; in the order of the file."""
    try:
        quads = list(parse(text, format=RdfFormat.TURTLE, base_iri=site.base))
    except SyntaxError as error:
        yield SourceError(file, f"{error.msg}", error.lineno)
        return
    found: dict[Node, dict[str, list[Term]]] = {}
    for quad in quads:
        found.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    graph = _Graph(text, file, site, found)
    for subject, said in found.items():
        if any(isinstance(one, NamedNode) and one.value in _CLASSES for one in said.get(RDF + "type", ())):
            try:
                yield graph.query(subject)
            except SourceError as error:
                yield error
            except KgpubError as error:
                yield SourceError(file, error.detail, graph.line(subject))


@dataclass(frozen=True)
class _Graph:
    """The triples of a file."""

    text: str
    file: str
    site: Settings
    said: dict[Node, dict[str, list[Term]]]

    def query(self, subject: Node) -> SavedQuery:
        """The saved query that a node is; raises ``SourceError``."""
        texts = [one for name in _TEXTS for one in self._literals(subject, SH + name)]
        if len(texts) != 1:
            raise self._bad(subject, f"it has {len(texts)} of sh:select, sh:construct, sh:ask; one is needed")
        about = About(
            self._labels(subject, RDFS + "label"),
            self._labels(subject, RDFS + "comment") or self._labels(subject, DCTERMS + "description"),
            order=self._order(subject),
        )
        nodes = sorted(self._nodes(subject, SH + "parameter"), key=lambda node: self._order(node) or 0)
        parameters = tuple(self._parameter(subject, node) for node in nodes)
        query = self._prefixes(subject) + texts[0].value.strip("\r\n") + "\n"
        name = short_name(subject.value) if isinstance(subject, NamedNode) else ""
        try:
            return made((self.file, 0), name, about, query, parameters, self.site)
        except SourceError as error:
            raise self._bad(subject, error.detail.partition(": ")[2]) from error

    def line(self, subject: Node) -> int | None:
        """The line (from 1) on which a thing is first named; None where that cannot be told."""
        name = short_name(subject.value) if isinstance(subject, NamedNode) else ""
        named = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        found = (number for number, line in enumerate(self.text.splitlines(), 1) if name and named.search(line))
        return next(found, None)

    def _bad(self, subject: Node, reason: str) -> SourceError:
        return SourceError(self.file, f"{subject}: {reason}", self.line(subject))

    def _parameter(self, subject: Node, node: Node) -> Parameter:
        """The parameter that a node declares."""
        path = next((one for one in self._terms(node, SH + "path") if isinstance(one, NamedNode)), None)
        if path is None:
            raise self._bad(subject, "a sh:parameter has no sh:path that is an IRI")
        type, of = self._type(subject, node)
        choices = tuple(one for head in self._nodes(node, SH + "in") for one in self._list(head))
        defaults = (*self._terms(node, SH + "defaultValue"), *choices)
        for one in defaults:
            if (type is IRI) != isinstance(one, NamedNode) or (
                isinstance(one, Literal) and one.datatype.value != type.datatype
            ):
                raise self._bad(subject, f"{one} is no value of the type {type.name}")
        return Parameter(
            name=re.split(r"[#/:]", path.value)[-1],
            type=type,
            label=self._labels(node, SH + "name") or self._labels(node, RDFS + "label"),
            description=self._labels(node, SH + "description"),
            of=of,
            choices=choices,
            default=next(iter(self._values(node, SH + "defaultValue")), None),
            is_optional=any(one.value in {"true", "1"} for one in self._literals(node, SH + "optional")),
        )

    def _type(self, subject: Node, node: Node) -> tuple[Type, str]:
        """The type of a parameter, and the class that its values are of."""
        datatype = next((one.value for one in self._values(node, SH + "datatype")), "")
        if datatype and datatype not in _BY_DATATYPE:
            raise self._bad(subject, f"no parameter has the datatype <{datatype}>; they have: {', '.join(TYPES)}")
        of = next((one.value for one in self._values(node, SH + "class")), "")
        kind = next((one.value for one in self._values(node, SH + "nodeKind")), "")
        default = IRI if of or kind == SH + "IRI" else STRING
        return _BY_DATATYPE.get(datatype, default), of

    def _prefixes(self, subject: Node) -> str:
        """The declarations that a text is read with: of ``sh:prefixes``, and of what those import."""
        waiting, seen = list(self._nodes(subject, SH + "prefixes")), set()
        lines: dict[str, None] = {}
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            waiting += self._nodes(node, OWL + "imports")
            for one in self._nodes(node, SH + "declare"):
                for prefix in self._literals(one, SH + "prefix"):
                    for namespace in self._literals(one, SH + "namespace"):
                        lines[f"PREFIX {prefix.value}: <{check_iri(namespace.value)}>\n"] = None
        return "".join(sorted(lines))

    def _order(self, node: Node) -> float | None:
        for one in self._literals(node, SH + "order"):
            try:
                return float(one.value)
            except ValueError as error:
                raise self._bad(node, f"“{one.value}” is no sh:order: a number is") from error
        return None

    def _labels(self, node: Node, predicate: str) -> dict[str, str]:
        return {(one.language or "").lower(): one.value for one in self._literals(node, predicate)}

    def _literals(self, node: Node, predicate: str) -> list[Literal]:
        return [one for one in self._terms(node, predicate) if isinstance(one, Literal)]

    def _values(self, node: Node, predicate: str) -> list[Value]:
        return [one for one in self._terms(node, predicate) if isinstance(one, NamedNode | Literal)]

    def _nodes(self, node: Node, predicate: str) -> list[Node]:
        return [one for one in self._terms(node, predicate) if isinstance(one, NamedNode | BlankNode)]

    def _terms(self, node: Node, predicate: str) -> list[Term]:
        return self.said.get(node, {}).get(predicate, [])

    def _list(self, head: Node) -> Iterator[Value]:
        """The members of an RDF list; one that goes in a circle ends there."""
        seen: set[Node] = set()
        while head not in seen:
            seen.add(head)
            yield from self._values(head, RDF + "first")
            head = next(iter(self._nodes(head, RDF + "rest")), head)
