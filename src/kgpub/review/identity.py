"""``owl:sameAs``: of the right form, in the form that the other authority gives its identifiers, and with evidence."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from tempfile import TemporaryDirectory
from traceback import clear_frames

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kgpub.errors import SourceError
from kgpub.making import questions
from kgpub.review.findings import Case, shown
from kgpub.review.survey import MATCHES, SAME, SUBJECT, Known, Stated
from kgpub.review.vocabularies import split
from kgpub.settings import Settings
from kgpub.source import SourceFile

_AUTHORITIES = (
    (r"https?://(?:www\.|m\.)?wikidata\.org/(?:wiki|entity)/(?:Special:EntityData/)?(?P<id>[QPL]\d+)(?:\.\w+|/|#.*)?",
     "http://www.wikidata.org/entity/{id}"),
    (r"https?://(?:www\.)?dbpedia\.org/(?:resource|page|data)/(?P<id>[^/?#]+?)(?:\.(?:rdf|ttl|jsonld|json|n3))?/?",
     "http://dbpedia.org/resource/{id}"),
    (r"https?://(?:www\.)?viaf\.org/viaf/(?P<id>\d+)/?", "http://viaf.org/viaf/{id}"),
    (r"https?://d-nb\.info/gnd/(?P<id>[0-9X-]+)/?", "https://d-nb.info/gnd/{id}"),
    (r"https?://(?:www\.)?orcid\.org/(?P<id>[0-9X-]{19})/?", "https://orcid.org/{id}"),
    (r"https?://(?:www\.)?ror\.org/(?P<id>0[a-z0-9]{8})/?", "https://ror.org/{id}"),
    (r"https?://id\.loc\.gov/(?P<id>(?:authorities|vocabulary)/\w+/[\w-]+?)(?:\.html)?/?", "http://id.loc.gov/{id}"),
    (r"https?://(?:www\.getty\.edu|vocab\.getty\.edu)/(?:page/)?(?P<id>(?:aat|tgn|ulan)/\d+)/?",
     "http://vocab.getty.edu/{id}"),
    (r"https?://(?:dx\.|www\.)?doi\.org/(?P<id>10\.\d{4,9}/\S+)", "https://doi.org/{id}"),
    (r"https?://(?:www\.|sws\.)?geonames\.org/(?P<id>\d+)(?:/[\w.-]*)?", "https://sws.geonames.org/{id}/"),
    (r"https?://publications\.europa\.eu/resource/(?P<id>authority/[\w-]+/[\w.-]+)/?",
     "http://publications.europa.eu/resource/{id}"),
)  # fmt: skip
"""How well-known authorities are written about, and how they write their identifiers themselves."""
_ALSO_RIGHT = re.compile(r"http://sws\.geonames\.org/\d+/")
"""Forms of old that the authority still gives out."""
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}/", re.IGNORECASE)


def identity(stated: Stated, known: Known) -> Iterator[Case]:
    """What is wrong with a statement that two things are one."""
    quad = stated.quad
    if quad.predicate.value not in MATCHES:
        return
    target, about = quad.object, getattr(quad.subject, "value", "")
    place = _Where(stated, about)
    if quad.predicate.value == SAME and not isinstance(target, NamedNode):
        variant = "literal" if isinstance(target, Literal) else "blank"
        text = target.value if isinstance(target, Literal) else ""
        yield place.case("same-form", variant, shown(text or str(target)), text=text)
        return
    if not isinstance(target, NamedNode):
        return
    iri, base = target.value, known.site.base
    if iri.startswith(base) and not known.has(iri, SUBJECT):
        meant = f"https://{iri.removeprefix(base)}" if _HOST.match(iri.removeprefix(base)) else ""
        yield place.case("same-form", "relative", shown(iri), iri=iri, new=meant)
        return
    right = written(iri)
    if right and right != iri:
        yield place.case("same-authority", "", shown(iri), iri=iri, new=right)
    if quad.predicate.value == SAME and not _has_evidence(stated, known):
        values = {"iri": shown(about), "value": shown(iri)}
        key = f"{stated.file} {split(iri)[0]}"
        yield Case("same-evidence", key, values, "", about, stated.file, stated.line, iri, counted=True)


class _Where:
    """The statement that cases are about."""

    def __init__(self, stated: Stated, about: str) -> None:
        self._stated, self._about = stated, about

    def case(self, rule: str, variant: str, value: str, *, iri: str = "", text: str = "", new: str = "") -> Case:
        key = f"{self._about} {self._stated.quad.predicate.value} {value}"
        values = {"iri": shown(self._about), "value": value, "right": shown(new)}
        file, line = self._stated.file, self._stated.line
        return Case(rule, key, values, variant, self._about, file, line, iri, text, new=new)


@lru_cache(maxsize=65_536)
def written(iri: str) -> str:
    """An identifier of a well-known authority as that authority writes it; empty for any other IRI."""
    for pattern, form in _AUTHORITIES:
        found = re.fullmatch(pattern, iri)
        if found:
            return iri if _ALSO_RIGHT.fullmatch(iri) else form.format(id=found["id"])
    return ""


def _has_evidence(stated: Stated, known: Known) -> bool:
    quad = stated.quad
    spaces = {split(getattr(term, "value", ""))[0] for term in (quad.subject, quad.object)}
    if stated.role == "ontology" and len(spaces) == 1:
        return True  # whoever defines both terms is the evidence
    return not known.evidence.isdisjoint({(str(quad.subject), str(quad.object)), (str(quad.graph_name), "")})


def evidence(files: Sequence[SourceFile], site: Settings) -> frozenset[tuple[str, str]]:
    """The pairs that are said to be one with a document, a quote or outside evidence, by the site's own question.

    Whole graphs that have a source stand in it with nothing beside them. The question is asked as a build asks it,
    of a store on disk that is thrown away. Raises ``SourceError`` where the question cannot be read.
    """
    with TemporaryDirectory(prefix="kgpub-check-", ignore_cleanup_errors=True) as folder:
        try:
            return _asked(files, site, folder)
        except SourceError as error:
            for one in (error, error.__cause__):
                clear_frames(one.__traceback__ if one else None)  # they hold the store, which writes until it is gone
            raise


def _asked(files: Sequence[SourceFile], site: Settings, folder: str) -> frozenset[tuple[str, str]]:
    """The answers; the store is closed when this returns, before its folder is cleared away."""
    store = Store(folder)
    for file in files:
        if file.role != "shapes":
            store.bulk_extend(_merged(file))
    return frozenset((*_pairs(store, site), *_graphs(store, site)))


def _merged(file: SourceFile) -> Iterator[Quad]:
    """A file's quads, and once more in the default graph where they belong there."""
    for quad in file.quads():
        yield quad
        if file.merges(getattr(quad.graph_name, "value", "")):
            yield Quad(quad.subject, quad.predicate, quad.object, DefaultGraph())


def _pairs(store: Store, site: Settings) -> Iterator[tuple[str, str]]:
    for row in _rows(store, site, "provenance"):
        if row.get("predicate") == f"<{SAME}>" and any(row.get(name) for name in ("document", "quote", "derived")):
            yield row.get("subject", ""), row.get("object", "")


def _graphs(store: Store, site: Settings) -> Iterator[tuple[str, str]]:
    for row in _rows(store, site, "graph-sources"):
        yield row.get("graph", ""), ""


def _rows(store: Store, site: Settings, name: str) -> Iterator[dict[str, str]]:
    """The answers to one of the site's own questions, each term as N-Triples writes it."""
    for row in questions.rows(store, name, questions.text(name, site), site):
        yield {name: str(value) for name, value in row.items() if value is not None}
