"""How validation speaks: terms and paths in notation, and what a constraint says when its shape has no ``sh:message``.

An inserted label is never inflected: every Georgian text is built so that the label stands in the nominative.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import RDF, SH, XSD, BNode, Graph, Literal
from rdflib.term import Node

from kgpub.iris import Iris
from kgpub.model import Labels


@dataclass(frozen=True)
class Facts:
    """What a text is filled with, written out in its language.

    ``value`` is the offending term and ``kind`` what sort of term it is; ``tag`` is its language, ``wanted`` the
    constraint's parameter, ``other`` the qualified value shape.
    """

    value: str = ""
    kind: str = ""
    tag: str = ""
    wanted: str = ""
    other: str = ""
    path: str = ""
    shape: str = ""
    component: str = ""


def generic(parameter: str, facts: Mapping[str, Facts]) -> Labels:
    """The text for a parameter of SHACL Core (section 4) in each language of ``facts``."""
    texts = _TEXTS.get(parameter, _ANY)
    return {language: texts[language].format_map(vars(known)) for language, known in facts.items()}


def parameter_of(component: Node) -> str:
    """The parameter of a Core component: ``minCount`` of ``sh:MinCountConstraintComponent``."""
    name = str(component).removeprefix(str(SH)).removesuffix("ConstraintComponent")
    return {"SPARQL": "sparql"}.get(name, name[:1].lower() + name[1:])


def language_of(text: str, templates: Iterable[Node]) -> str:
    """The language of the template that a text was made of; pySHACL drops it where ``{?var}`` is filled in."""
    for template in templates:
        parts = re.split(r"\{[?$]\w+\}", str(template))
        if isinstance(template, Literal) and re.fullmatch("(?s:.*)".join(map(re.escape, parts)), text):
            return template.language or ""
    return ""


LANGUAGES = ("ka", "en")
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

_ANY: Labels = {
    "ka": "შეზღუდვა დაცული არ არის: {component}.",
    "en": "The constraint {component} is not met.",
}
_CONDITION: Labels = {
    "ka": "ფორმის პირობა არ სრულდება: {shape}.",
    "en": "The condition of the shape {shape} is not met.",
}
_SHAPE: Labels = {
    "ka": "{value} არ აკმაყოფილებს ფორმას: {wanted}.",
    "en": "{value} does not conform to the shape: {wanted}.",
}

_TEXTS: Mapping[str, Labels] = {
    "class": {
        "ka": "{value} არ ეკუთვნის კლასს: {wanted}.",
        "en": "{value} is not an instance of {wanted}.",
    },
    "datatype": {
        "ka": "მოსალოდნელია სწორად ჩაწერილი ლიტერალი, რომლის ტიპია {wanted}; მითითებულია {value} ({kind}).",
        "en": "Expected a well-formed literal of datatype {wanted}; found {value} ({kind}).",
    },
    "nodeKind": {
        "ka": "მნიშვნელობა სხვა სახისაა: {value} ({kind}); მოსალოდნელია {wanted}.",
        "en": "The value is of another kind: {value} ({kind}); expected: {wanted}.",
    },
    "minCount": {
        "ka": "მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე {wanted}.",
        "en": "Too few values; at least {wanted} required.",
    },
    "maxCount": {
        "ka": "მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია {wanted}.",
        "en": "Too many values; at most {wanted} allowed.",
    },
    "minExclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს მეტი, ვიდრე {wanted}.",
        "en": "{value} is not allowed: the value must be greater than {wanted}.",
    },
    "minInclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს {wanted} ან მეტი.",
        "en": "{value} is not allowed: the value must be {wanted} or greater.",
    },
    "maxExclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს ნაკლები, ვიდრე {wanted}.",
        "en": "{value} is not allowed: the value must be less than {wanted}.",
    },
    "maxInclusive": {
        "ka": "{value} დაუშვებელია: მნიშვნელობა უნდა იყოს {wanted} ან ნაკლები.",
        "en": "{value} is not allowed: the value must be {wanted} or less.",
    },
    "minLength": {
        "ka": "{value} მეტისმეტად მოკლეა; სიმბოლოთა უმცირესი რაოდენობაა {wanted}.",
        "en": "{value} is too short; minimum length: {wanted}.",
    },
    "maxLength": {
        "ka": "{value} მეტისმეტად გრძელია; სიმბოლოთა უდიდესი რაოდენობაა {wanted}.",
        "en": "{value} is too long; maximum length: {wanted}.",
    },
    "pattern": {
        "ka": "{value} არ შეესაბამება ნიმუშს: {wanted}.",
        "en": "{value} does not match the pattern {wanted}.",
    },
    "languageIn": {
        "ka": "მითითებული ენა დაუშვებელია: {value} ({tag}); დასაშვებია {wanted}.",
        "en": "This language is not allowed: {value} ({tag}); allowed: {wanted}.",
    },
    "uniqueLang": {
        "ka": "ერთსა და იმავე ენაზე ერთზე მეტი მნიშვნელობაა მითითებული.",
        "en": "More than one value is given in the same language.",
    },
    "equals": {
        "ka": "{value} განსხვავდება: მნიშვნელობები უნდა ემთხვეოდეს ამ თვისების მნიშვნელობებს: {wanted}.",
        "en": "{value} differs: the values must be the same as those of {wanted}.",
    },
    "disjoint": {
        "ka": "{value} ამ თვისების მნიშვნელობაცაა: {wanted}; საერთო მნიშვნელობა დაუშვებელია.",
        "en": "{value} is also a value of {wanted}; the two may not share a value.",
    },
    "lessThan": {
        "ka": "{value} უნდა იყოს ნაკლები, ვიდრე ამ თვისების მნიშვნელობა: {wanted}.",
        "en": "{value} must be less than the value of {wanted}.",
    },
    "lessThanOrEquals": {
        "ka": "{value} არ უნდა აღემატებოდეს ამ თვისების მნიშვნელობას: {wanted}.",
        "en": "{value} must not be greater than the value of {wanted}.",
    },
    "not": {
        "ka": "{value} აკმაყოფილებს აკრძალულ ფორმას: {wanted}.",
        "en": "{value} conforms to a forbidden shape: {wanted}.",
    },
    "and": {
        "ka": "{value} ერთდროულად არ აკმაყოფილებს ყველა ამ ფორმას: {wanted}.",
        "en": "{value} does not conform to all of these shapes: {wanted}.",
    },
    "or": {
        "ka": "{value} ვერც ერთ ამ ფორმას ვერ აკმაყოფილებს: {wanted}.",
        "en": "{value} conforms to none of these shapes: {wanted}.",
    },
    "xone": {
        "ka": "{value} ამ ფორმათაგან ზუსტად ერთს უნდა აკმაყოფილებდეს: {wanted}.",
        "en": "{value} must conform to exactly one of these shapes: {wanted}.",
    },
    "node": _SHAPE,
    "property": _SHAPE,
    "qualifiedMinCount": {
        "ka": "ფორმის შესაბამის მნიშვნელობათა რაოდენობა საკმარისი არ არის; საჭიროა სულ მცირე {wanted}; ფორმა: {other}.",
        "en": "Too few values conform to the shape; at least {wanted} required; shape: {other}.",
    },
    "qualifiedMaxCount": {
        "ka": "ფორმის შესაბამის მნიშვნელობათა რაოდენობა დასაშვებზე მეტია; ზღვარია {wanted}; ფორმა: {other}.",
        "en": "Too many values conform to the shape; at most {wanted} allowed; shape: {other}.",
    },
    "closed": {
        "ka": "თვისება {path} აქ დაუშვებელია, რადგან ფორმა დახურულია; მითითებულია {value}.",
        "en": "The property {path} is not allowed here, as the shape is closed; found {value}.",
    },
    "hasValue": {
        "ka": "აკლია სავალდებულო მნიშვნელობა: {wanted}.",
        "en": "A required value is missing: {wanted}.",
    },
    "in": {
        "ka": "{value} არ არის დასაშვებ მნიშვნელობათა შორის: {wanted}.",
        "en": "{value} is not among the allowed values: {wanted}.",
    },
    "sparql": _CONDITION,
    "expression": _CONDITION,
}

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
