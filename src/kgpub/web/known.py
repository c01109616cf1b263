"""Whether the snapshot tells anything of an IRI: by a triple, or as the document of things of a hash namespace."""

from kgpub.errors import NoSuchEntity
from kgpub.web.respond import Served


def is_told(now: Served, iri: str) -> bool:
    """Whether the IRI has a page."""
    return now.exists(iri) or bool(now.snapshot.index.fragments(iri))


def check_told(now: Served, iri: str) -> None:
    """Raise ``NoSuchEntity`` for an IRI without a page."""
    if not is_told(now, iri):
        raise NoSuchEntity(iri)
