"""IRIs and language tags that are none, mended as little as can be, each said once."""

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote, urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgpub.model import Term
from kgpub.reading.tags import can_be_written, is_well_formed, tagged

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NEVER = re.compile(r'[\x00-\x20<>"{}|\\^`\x7f-\x9f]')
"""Characters that no IRI has (RFC 3987 section 2.2)."""
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII = "%:/?#@!$&'()*+,;=-._~"

Tell = Callable[[str, str], None]
"""Called with what was done (``mended``, ``resolved``, ``plain``, ``odd``) and to what."""


class Hopeless(ValueError):
    """Text that cannot be made an IRI."""


@lru_cache(maxsize=65_536)
def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4_096)
def mended(text: str, base: str) -> str:
    """The IRI that a text was meant to be: resolved, and percent-encoded where it has what no IRI has.

    Raises ``Hopeless`` where that is not enough.
    """
    fixed = _ESCAPE.sub("%25", _NEVER.sub(lambda found: quote(found[0], safe=""), text))
    try:
        absolute = fixed if _SCHEME.match(fixed) else urljoin(base, fixed)
    except ValueError as error:
        raise Hopeless(text) from error
    for candidate in (absolute, quote(absolute, safe=_ASCII)):
        if is_iri(candidate):
            return candidate
    raise Hopeless(text)


class Mender:
    """Mends the terms of one file; ``tell`` hears of it."""

    def __init__(self, base: str, tell: Tell) -> None:
        """Resolve against ``base``."""
        self._base, self._tell = base, tell

    def iri(self, node: NamedNode) -> NamedNode:
        """An IRI that is one; raises ``Hopeless``."""
        if is_iri(node.value):
            return node
        fixed = mended(node.value, self._base)
        relative = not _SCHEME.match(node.value) and urljoin(self._base, node.value) == fixed
        self._tell("resolved" if relative else "mended", node.value)
        return NamedNode(fixed)

    def iris(self, term: Term | Triple) -> Term | Triple:
        """A term whose IRIs are some; raises ``Hopeless``."""
        if isinstance(term, NamedNode):
            return self.iri(term)
        if isinstance(term, Literal):
            datatype = term.datatype if term.language is not None else self.iri(term.datatype)
            return term if datatype == term.datatype else Literal(term.value, datatype=datatype)
        if isinstance(term, BlankNode):
            return term
        subject, target = self.iris(term.subject), self.iris(term.object)
        return Triple(subject, self.iri(term.predicate), target)  # type: ignore[arg-type] # each as it was

    def tags(self, term: Term | Triple) -> Term | Triple:
        """A term whose language tags Turtle can write; one that it cannot is left away from its text."""
        if isinstance(term, Triple):
            target = term.object
            inner = self.tags(target)
            return term if inner is target else Triple(term.subject, term.predicate, inner)
        if not isinstance(term, Literal) or term.language is None or is_well_formed(term.language):
            return term
        if can_be_written(term.language):
            self._tell("odd", term.language)
            return term
        self._tell("plain", term.language)
        return Literal(term.value)


def restored(term: Term | Triple, back: Callable[[str], str]) -> Term | Triple:
    """A term with the tags of its author put back wherever they stand (``kgpub.reading.tags``)."""
    if isinstance(term, NamedNode):
        text = back(term.value)
        return term if text == term.value else NamedNode(text)
    if isinstance(term, Literal):
        return _literal(term, back)
    if isinstance(term, BlankNode):
        return term
    subject, predicate = restored(term.subject, back), restored(term.predicate, back)
    return Triple(subject, predicate, restored(term.object, back))  # type: ignore[arg-type] # each as it was


def _literal(term: Literal, back: Callable[[str], str]) -> Literal:
    value = back(term.value)
    if term.language is not None:
        tag = back(term.language)
        if term.direction is not None:
            return Literal(value, language=tag, direction=term.direction)
        return term if (value, tag) == (term.value, term.language) else tagged(value, tag)
    datatype = back(term.datatype.value)
    same = (value, datatype) == (term.value, term.datatype.value)
    return term if same else Literal(value, datatype=NamedNode(datatype))
