"""Results of validation in words: the shapes' own messages, or ours where they have none."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kgpub.findings.messages import LANGUAGES, Facts, generic, language_of, parameter_of
from kgpub.findings.notation import NO_LANGUAGE, Notation
from kgpub.findings.places import Place
from kgpub.findings.results import Result
from kgpub.model import Finding, Labels

_LISTED = 12


@dataclass(frozen=True)
class Wording:
    """The shapes that results are explained by, and how terms are written."""

    shapes: Graph
    notation: Notation

    def finding(self, result: Result, place: Place) -> Finding:
        """A result in words, with its place."""
        return Finding(
            severity=result.severity,
            focus=name(result.focus),
            shape=name(named_shape(self.shapes, result.shape)),
            component=str(result.component),
            messages=self.messages(result),
            path=self.notation.path(result.path),
            value="" if result.value is None else self.notation.written(result.value),
            file=place.file,
            line=place.line,
        )

    def messages(self, result: Result) -> Labels:
        """The shape's own messages per language, or ours where it has none (SHACL section 3.6.2.7)."""
        templates = [t for node in self._speakers(result) for t in self.shapes.objects(node, SH.message)]
        if not templates:
            parameter = parameter_of(result.component)
            return generic(parameter, {language: self._facts(result, parameter, language) for language in LANGUAGES})
        texts: dict[str, list[str]] = {}
        for message in sorted(result.messages, key=str):
            language = message.language or language_of(str(message), templates)
            texts.setdefault(language.lower(), []).append(str(message))
        return {language: " ".join(texts[language]) for language in sorted(texts)}

    def _speakers(self, result: Result) -> Iterator[Node]:
        """The nodes whose ``sh:message`` a result may carry: shape, constraint, component and its validators."""
        yield from (node for node in (result.shape, result.constraint, result.component) if node is not None)
        for predicate in (SH.validator, SH.nodeValidator, SH.propertyValidator):
            yield from self.shapes.objects(result.component, predicate)

    def _facts(self, result: Result, parameter: str, language: str) -> Facts:
        """What is known of a result, written out in a language."""
        value = result.focus if result.value is None else result.value
        wanted = [self.notation.words(node, language) for node in self._wanted(result.shape, parameter)]
        other = [self.notation.words(node, language) for node in self._wanted(result.shape, "qualifiedValueShape")]
        return Facts(
            value=self.notation.words(value, language),
            kind=self.notation.kind(value, language),
            tag=getattr(value, "language", None) or NO_LANGUAGE[language],
            wanted=", ".join(wanted),
            other=", ".join(other),
            path=self.notation.path(result.path),
            shape=self.notation.words(named_shape(self.shapes, result.shape), language),
            component=self.notation.written(result.component),
        )

    def _wanted(self, shape: Node | None, parameter: str) -> list[Node]:
        """The values of a shape's parameter; the members where it is a list."""
        found: list[Node] = []
        for node in sorted(self.shapes.objects(shape, URIRef(str(SH) + parameter)), key=str):
            is_list = (node, RDF.first, None) in self.shapes
            found.extend(islice(self.shapes.items(node), _LISTED) if is_list else [node])
        return found


def named_shape(shapes: Graph, shape: Node | None) -> Node | None:
    """The shape itself if it has an IRI, or the nearest one that leads to it; else its blank node."""
    seen: set[Node] = set()
    waiting = [shape] if shape is not None else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, URIRef):
            return node
        seen.add(node)
        waiting.extend(sorted(set(shapes.subjects(None, node)) - seen, key=str))
    return shape


def name(term: Node | None) -> str:
    """An IRI as it is, a blank node as ``_:label``, a literal as Turtle writes it."""
    if term is None:
        return ""
    if isinstance(term, URIRef):
        return str(term)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a number is none is what the finding says
        return term.n3()
