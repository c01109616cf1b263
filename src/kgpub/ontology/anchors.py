"""The names of terms on the pages of the documentation: stable, each once, and what a hash IRI's fragment asks for."""

import re
from collections.abc import Mapping
from hashlib import sha256

from kgpub.iris import Iris
from kgpub.making.counting import namespace

TAKEN = frozenset({"main", "classes", "properties", "datatypes", "diagram", "vocabularies", "files", "shapes", "find"})
"""Ids that the pages use themselves."""

_LONGEST = 100
_PLAIN = re.compile(r"[^\W_][\w.~!$'()*+,;=:@-]*|_[\w.~-]+")


class Anchors:
    """Gives every term a name that no other has.

    A term of the site is called by its local name, and where two have the same, the one whose IRI comes first keeps
    it; a term of another vocabulary, and a second bearer, has its prefix (or a hash of its namespace) before it.
    """

    def __init__(self, iris: Iris, spaces: Mapping[str, str]) -> None:
        """Name terms with the site's prefixes; ``spaces`` are namespaces that the site's ontologies have."""
        self._iris, self._spaces = iris, spaces
        self._given: set[str] = set(TAKEN)

    def anchor(self, iri: str, *, is_own: bool) -> str:
        """The name of a term; terms are asked for in a stable order, the site's own first."""
        for name in self._names(iri, is_own):
            if name not in self._given:
                self._given.add(name)
                return name
        raise AssertionError("a hash of the whole IRI is given once")

    def _names(self, iri: str, is_own: bool) -> tuple[str, ...]:
        space = namespace(iri)
        local = iri[len(space) :]
        digest = sha256(iri.removeprefix(self._iris.base).encode()).hexdigest()[:16]
        if len(local) > _LONGEST or not _PLAIN.fullmatch(local):
            return (f"term-{digest}", f"term-{digest}-{sha256(iri.encode()).hexdigest()}")
        curie = (self._iris.curie(iri) or "").partition(":")
        prefixed = f"{curie[0]}-{local}" if curie[2] == local and curie[0] else f"term-{digest[:8]}-{local}"
        return (*((local,) if is_own else ()), prefixed, f"term-{digest}-{local}")
