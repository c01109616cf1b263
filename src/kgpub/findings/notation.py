"""How validation writes terms and property paths for people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import RDF, SH, XSD, BNode, Graph, Literal
from rdflib.term import Node

from kgpub.iris import Iris
from kgpub.model import Labels

QUOTES: Mapping[str, tuple[str, str]] = {"ka": ("„", "“"), "en": ("“", "”")}
UNNAMED: Mapping[str, str] = {"ka": "უსახელო ფორმა", "en": "unnamed shape"}
NO_LANGUAGE: Mapping[str, str] = {"ka": "ენის გარეშე", "en": "no language"}
KINDS: Mapping[str, Labels] = {
    "IRI": {"ka": "IRI", "en": "IRI"},
    "BlankNode": {"ka": "ცარიელი კვანძი", "en": "blank node"},
    "Literal": {"ka": "ლიტერალი", "en": "literal"},
    "BlankNodeOrIRI": {"ka": "ცარიელი კვანძი ან IRI", "en": "blank node or IRI"},
    "BlankNodeOrLiteral": {"ka": "ცარიელი კვანძი ან ლიტერალი", "en": "blank node or literal"},
    "IRIOrLiteral": {"ka": "IRI ან ლიტერალი", "en": "IRI or literal"},
}
"""The values of ``sh:nodeKind`` (SHACL section 4.1.3)."""

_SHORT: Mapping[Node | None, re.Pattern[str]] = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}
"""Literals that SPARQL writes without quotes (SPARQL 1.1 section 4.1.2)."""
_MODIFIERS = (
    (SH.inversePath, "^", ""),
    (SH.zeroOrMorePath, "", "*"),
    (SH.oneOrMorePath, "", "+"),
    (SH.zeroOrOnePath, "", "?"),
)


@dataclass(frozen=True)
class Notation:
    """How terms are written for people: shapes without a name as ``shapes`` has them, paths as ``report`` does."""

    iris: Iris
    shapes: Graph
    report: Graph

    def kind(self, term: Node, language: str) -> str:
        """The datatype of a literal, or what sort of term it is."""
        if isinstance(term, Literal):
            return self.written(RDF.langString if term.language else term.datatype or XSD.string)
        return KINDS["BlankNode" if isinstance(term, BNode) else "IRI"][language]

    def words(self, term: Node | None, language: str) -> str:
        """A term as it stands in a sentence: texts in the language's quotation marks, numbers and IRIs plain."""
        if isinstance(term, Literal):
            opening, closing = QUOTES[language] if term.datatype in (None, XSD.string) else ("", "")
            return f"{opening}{term}{closing}"
        if isinstance(term, BNode):
            return self._sketch(term) or UNNAMED[language]
        kind = str(term).removeprefix(str(SH))
        return KINDS[kind][language] if kind in KINDS else self.written(term)

    def _sketch(self, shape: BNode) -> str:
        """A shape without a name by its simple parameters: ``[sh:datatype xsd:date]``."""
        pairs = (
            f"{self.written(predicate)} {self.written(term)}"
            for predicate, term in sorted(self.shapes.predicate_objects(shape), key=str)
            if not isinstance(term, BNode) and predicate != RDF.type
        )
        text = "; ".join(pairs)
        return f"[{text}]" if text else ""

    def written(self, term: Node | None) -> str:
        """A term in SPARQL notation: ``foaf:name``, ``<iri>``, ``"x"@ka``, ``5``, ``_:b``."""
        if isinstance(term, Literal):
            if term.datatype in _SHORT and _SHORT[term.datatype].fullmatch(term):
                return str(term)
            text = str(term).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
            datatype = f"^^{self.written(term.datatype)}" if term.datatype not in (None, XSD.string) else ""
            return f'"{text}"' + (f"@{term.language}" if term.language else datatype)
        if isinstance(term, BNode):
            return f"_:{term}"
        return self.iris.curie(str(term)) or f"<{term}>"

    def path(self, node: Node | None) -> str:
        """A property path in SPARQL notation (SHACL section 2.3.1, SPARQL 1.1 section 9.1)."""
        if node is None:
            return ""
        if not isinstance(node, BNode):
            return self.written(node)
        if (node, RDF.first, None) in self.report:
            return self._joined("/", node)
        for predicate, before, after in _MODIFIERS:
            inner = self.report.value(node, predicate)
            if inner is not None:
                text = self.path(inner)
                return f"{before}({text}){after}" if isinstance(inner, BNode) else f"{before}{text}{after}"
        return self._joined("|", self.report.value(node, SH.alternativePath))

    def _joined(self, sign: str, members: Node | None) -> str:
        """The paths of a list with a sign between them; a list within the list in brackets."""
        texts = []
        for node in self.report.items(members or RDF.nil):
            is_wide = (node, RDF.first, None) in self.report or (node, SH.alternativePath, None) in self.report
            texts.append(f"({self.path(node)})" if is_wide else self.path(node))
        return sign.join(texts)
