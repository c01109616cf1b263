"""Where a place in a source document is shown: the address of what was taken from it, and links there."""

from markupsafe import Markup, escape

from kgpub import selection
from kgpub.errors import BadIri
from kgpub.iris import check_iri
from kgpub.represent.frame import DOCUMENT, with_query
from kgpub.represent.markup import NOTHING, element, fragment
from kgpub.represent.values import Reader


def document_href(reader: Reader, iri: str, line: int | None = None) -> str:
    """The address of what was taken from a document, at a line where one is given."""
    pairs = [("iri", selection.name(iri, reader.iris)), ("lang", reader.language)]
    whole = with_query(reader.iris.page(DOCUMENT), pairs)
    return f"{whole}&line={line}#L{line}" if line else whole


def line_link(reader: Reader, document: str, line: int) -> str:
    """The number of a line, linked to what was taken from there; plain where the document has no IRI."""
    whole = reader.once("document", document, lambda: _whole(reader, document))
    if not whole:
        return str(line)
    href = fragment(f"{whole}&amp;line={line}#L{line}") if line else whole
    return element("a", str(line), {"href": href, "title": reader.say("document.link")})


def _whole(reader: Reader, document: str) -> Markup:
    """The address of everything that was taken from a document, as it stands in HTML; nothing where it has no IRI."""
    return escape(document_href(reader, document)) if _is_iri(document) else NOTHING


def document_link(reader: Reader, document: str) -> Markup:
    """A link, on a line of its own, to everything that was taken from a document; nothing where it has no IRI."""
    if not _is_iri(document):
        return NOTHING
    return Markup("<br>") + element("a", reader.say("document.link"), {"href": document_href(reader, document)})


def _is_iri(text: str) -> bool:
    try:
        check_iri(text)
    except BadIri:
        return False
    return True
