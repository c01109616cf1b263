"""Where a place in a source document is shown: the address of what was taken from it, and links there."""

from markupsafe import Markup

from kgpub import selection
from kgpub.errors import BadIri
from kgpub.iris import check_iri
from kgpub.represent.frame import DOCUMENT, with_query
from kgpub.represent.markup import NOTHING, element
from kgpub.represent.values import Reader


def document_href(reader: Reader, iri: str, line: int | None = None) -> str:
    """The address of what was taken from a document, at a line where one is given."""
    pairs = [("iri", selection.name(iri, reader.iris)), ("lang", reader.language)]
    whole = with_query(reader.iris.page(DOCUMENT), pairs)
    return f"{whole}&line={line}#L{line}" if line else whole


def line_link(reader: Reader, document: str, line: int) -> str:
    """The number of a line, linked to what was taken from there; plain where the document has no IRI."""
    if not _is_iri(document):
        return str(line)
    return element(
        "a", str(line), {"href": document_href(reader, document, line), "title": reader.say("document.link")}
    )


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
