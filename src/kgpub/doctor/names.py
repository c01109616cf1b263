"""IRIs and texts behind tokens, by a query's own prologue (SPARQL 1.1 section 4.1) and the dataset's prefixes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from kgpub.doctor.findings import Known
from kgpub.doctor.tree import Node
from kgpub.engine.guard import Token
from kgpub.iris import Iris

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_MEANT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LONG = 3
"""Quotation marks on either side of a string that may go over several lines."""


@dataclass(frozen=True)
class Names:
    """How a query writes IRIs: ``declared`` are its own prefixes, ``start`` is where its first token stands."""

    known: Known
    declared: Mapping[str, str]
    base: str
    start: int = 0

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The dataset's prefixes, and the query's, which win."""
        return {**self.known.prefixes, **self.declared}

    def expand(self, token: Token) -> str | None:
        """The IRI that a token stands for; None where its prefix is unknown, or it is none."""
        if token.kind == "iri":
            return _absolute(token.text[1:-1], self.base)
        if token.kind == "word" and token.text == "a":
            return TYPE
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self.prefixes:
            return None
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def shorten(self, iri: str) -> str:
        """The shortest way to write an IRI in this query."""
        curie = self._iris.curie(iri)
        return curie if curie and curie.isascii() else f"<{iri}>"

    @cached_property
    def _iris(self) -> Iris:
        return Iris(self.base, prefixes=self.prefixes)


def names(tokens: tuple[Token, ...], known: Known) -> Names:
    """What the prologue of a query says, as far as it goes."""
    declared: dict[str, str] = {}
    base = known.base
    position = 0
    while position + 1 < len(tokens) and (word := tokens[position].text.upper()) in ("BASE", "PREFIX", "VERSION"):
        iri = tokens[position + 1 + (word == "PREFIX") : position + 2 + (word == "PREFIX")]
        absolute = _absolute(iri[0].text[1:-1], base) if iri and iri[0].kind == "iri" else None
        if absolute is not None and word == "BASE":
            base = absolute
        elif absolute is not None and word == "PREFIX":
            declared[tokens[position + 1].text.rstrip(":")] = absolute
        position += 3 if word == "PREFIX" else 2
    return Names(known, declared, base, tokens[0].start if tokens else 0)


def _absolute(iri: str, base: str) -> str | None:
    """An IRI reference resolved against the base (RFC 3986 section 5); None if that cannot be."""
    plain = _CODE.sub(_character, iri)
    if _SCHEME.match(plain):
        return plain
    try:
        return urljoin(base, plain)
    except ValueError:
        return None


def _character(found: re.Match[str]) -> str:
    """The character of a code; what no character has stays as it is written."""
    number = int(found[1] or found[2], 16)
    return chr(number) if number < 0x110000 else found[0]  # noqa: PLR2004 # the end of Unicode


def text(node: Node) -> str | None:
    """The text of a string literal without its quotation marks and escapes; None where it is none."""
    first = node.tokens[0]
    return lexical(first) if first.kind == "string" else None


def lexical(token: Token) -> str:
    """The text of a string token without its quotation marks and escapes."""
    mark = token.text[:1]
    width = _LONG if token.text.startswith(mark * _LONG) and len(token.text) >= 2 * _LONG else 1
    inner = token.text[width:-width]
    return _ESCAPE.sub(lambda m: _MEANT.get(m[3], m[3]) if m[3] else _character(m), inner)


def is_language(node: Node) -> str | None:
    """The language tag of a literal, small letters; ``""`` for a plain string, None for anything else."""
    if node.tokens[0].kind != "string" or len(node.tokens) > 2:  # noqa: PLR2004 # string and tag
        return None
    return node.tokens[1].text[1:].lower() if len(node.tokens) > 1 else ""
