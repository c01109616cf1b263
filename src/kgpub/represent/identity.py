"""What a thing is called for good, and how to cite it and hand it on."""

from dataclasses import dataclass

from kgpub.formats import BIBTEX, CSL_JSON, RIS
from kgpub.iris import Iris
from kgpub.represent.frame import CITE, QR, Anchor, with_query
from kgpub.represent.markup import plain
from kgpub.represent.values import Reader


@dataclass(frozen=True)
class Identity:
    """The permanent link of a thing, the words to cite it by, files for bibliographies, and a picture of the link."""

    link: str
    words: str
    files: tuple[Anchor, ...]
    qr: str


def identity(reader: Reader, iri: str) -> Identity:
    """How a thing is cited; the release is named in the files, since it is not part of the page."""
    site, iris = reader.site, reader.iris
    link = permanent(iris, iri)
    asked = [("iri", iri), ("lang", reader.language)]
    title = plain(site.words(site.title, reader.languages).value)
    publisher = plain(site.words(site.publisher, reader.languages).value)
    said = [plain(reader.name(iri).value), title, publisher, link]
    files = ((BIBTEX, "bib"), (CSL_JSON, "json"), (RIS, "ris"))
    return Identity(
        link=link,
        words=". ".join(one for one in said if one),
        files=tuple(Anchor(format.name, with_query(iris.page(f"{CITE}.{ending}"), asked)) for format, ending in files),
        qr=with_query(iris.page(QR), [("iri", iri)]),
    )


def permanent(iris: Iris, iri: str) -> str:
    """The address that stays: a thing's own where it is ours, else that of what is said of it here."""
    return iri if iris.is_local(iri) else iris.canonical(iris.path(iri))
