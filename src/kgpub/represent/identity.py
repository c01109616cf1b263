"""What a thing is called for good, and how to cite it and hand it on."""

from dataclasses import dataclass

from kgpub.formats import BIBTEX, CSL_JSON, RIS
from kgpub.iris import Iris
from kgpub.represent.frame import CITE, QR, Anchor, with_query
from kgpub.represent.markup import plain, word
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
    iris = reader.iris
    link = permanent(iris, iri)
    asked = with_query("", [("iri", iri), ("lang", reader.language)])
    said = [plain(reader.name(iri).value), *_of_site(reader), link]
    files = ((BIBTEX, "bib"), (CSL_JSON, "json"), (RIS, "ris"))
    return Identity(
        link=link,
        words=". ".join(one for one in said if one),
        files=tuple([Anchor(word(format.name), iris.page(f"{CITE}.{ending}") + asked) for format, ending in files]),
        qr=with_query(iris.page(QR), [("iri", iri)]),
    )


def _of_site(reader: Reader) -> tuple[str, str]:
    """The site's title and who publishes it, as they stand in every citation."""
    site, key = reader.site, ("citation", reader.language)
    found: tuple[str, str] | None = site.alike.get(key)
    if found is None:
        title, publisher = (site.words(text, reader.languages).value for text in (site.title, site.publisher))
        found = site.alike[key] = plain(title), plain(publisher)
    return found


def permanent(iris: Iris, iri: str) -> str:
    """The address that stays: a thing's own where it is ours, else that of what is said of it here."""
    return iri if iris.is_local(iri) else iris.canonical(iris.path(iri))
