"""The dataset about itself: VoID, and a DCAT 3 catalogue with the dataset, its files and its endpoint.

Everything comes from the graph, the figures of the snapshot and ``kgpub.toml``. A site that names no publisher
publishes under its own title (DCAT-AP asks for one).
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kgpub.about import figures
from kgpub.about.void import DATASET, dump_address, examples, name, void
from kgpub.formats import GZIP, ZSTD, Format
from kgpub.making.dumps import Dump
from kgpub.settings import STANDARD_PREFIXES, Settings
from kgpub.settings.tables import DCAT, DCTERMS, FOAF, OWL, Words
from kgpub.snapshot import Snapshot

__all__ = ["DATASET", "catalogue", "dump_address", "examples", "name"]

SPDX = "http://spdx.org/rdf/terms#"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SD = "http://www.w3.org/ns/sparql-service-description#"
PREFIXES = {
    "void": "http://rdfs.org/ns/void#",
    "dcat": DCAT,
    "spdx": SPDX,
    "vcard": VCARD,
    "sd": SD,
    "dcterms": DCTERMS,
    "foaf": FOAF,
}
"""Prefixes of a self-description, beside the site's own."""

_TYPE = NamedNode(STANDARD_PREFIXES["rdf"] + "type")
_XSD = STANDARD_PREFIXES["xsd"]
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
_EU = {"ka": "KAT", "en": "ENG"}
_LOC = "http://id.loc.gov/vocabulary/iso639-1/"
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_CODINGS = {"gzip": GZIP, "zstd": ZSTD}
_PRECISIONS = {4: "gYear", 7: "gYearMonth", 10: "date"}


def catalogue(site: Settings, snapshot: Snapshot) -> tuple[Quad, ...]:
    """The whole self-description; its subjects are parts of ``/-/dataset``, and the endpoint."""
    return (
        *void(site, snapshot),
        *_catalogue(site, snapshot),
        *_dataset(site, snapshot),
        *_publisher(site),
        *_service(site),
        *(quad for dump in snapshot.dumps if dump.is_distribution for quad in _distribution(site, snapshot, dump)),
    )


def _catalogue(site: Settings, snapshot: Snapshot) -> Iterator[Quad]:
    """The catalogue record of the site: one dataset, one service (DCAT 3 section 6.3)."""
    node = name(site, "catalog")
    yield Quad(node, _TYPE, _dcat("Catalog"))
    yield from _common(site, node, site.title, site.description or site.title)
    yield from _dated(snapshot, node)
    yield Quad(node, _dcat("dataset"), name(site))
    yield Quad(node, _dcat("service"), _endpoint(site))
    yield Quad(node, NamedNode(FOAF + "homepage"), NamedNode(site.base))


def _dataset(site: Settings, snapshot: Snapshot) -> Iterator[Quad]:
    """The dataset with its version, its coverage and its files (DCAT 3 section 6.6)."""
    node = name(site)
    yield Quad(node, _TYPE, _dcat("Dataset"))
    yield from _common(site, node, site.title, site.description or site.title)
    yield from _dated(snapshot, node)
    yield Quad(node, _dcat("version"), Literal(snapshot.version))
    yield Quad(node, NamedNode(OWL + "versionInfo"), Literal(snapshot.version))
    yield Quad(node, _dcterms("identifier"), Literal(node.value))
    yield Quad(node, _dcat("landingPage"), NamedNode(site.iris.canonical(site.iris.page("-/data"))))
    yield from _coverage(site, snapshot, node)
    yield Quad(node, _dcat("distribution"), name(site, "sparql-access"))
    for dump in snapshot.dumps:
        if dump.is_distribution:
            yield Quad(node, _dcat("distribution"), name(site, f"dump-{dump.name}"))


def _common(site: Settings, node: NamedNode, title: Words, description: Words) -> Iterator[Quad]:
    """What DCAT-AP wants to know of a catalogue, a dataset and a service alike."""
    yield from _said(site, node, "title", title)
    yield from _said(site, node, "description", description)
    yield Quad(node, _dcterms("publisher"), name(site, "publisher"))
    if site.contact:
        yield Quad(node, _dcat("contactPoint"), name(site, "contact"))
    if site.licence:
        yield Quad(node, _dcterms("license"), NamedNode(site.licence))
    for language in site.languages:
        yield Quad(node, _dcterms("language"), _language(language))


def _dated(snapshot: Snapshot, node: NamedNode) -> Iterator[Quad]:
    yield Quad(node, _dcterms("modified"), Literal(snapshot.built, datatype=NamedNode(_XSD + "dateTime")))


def _coverage(site: Settings, snapshot: Snapshot, node: NamedNode) -> Iterator[Quad]:
    """The time and the places that the data covers, as the graph tells (DCAT 3 sections 6.6.6 and 6.6.7)."""
    parts = snapshot.partitions.figures
    for place in parts.places:
        yield Quad(node, _dcterms("spatial"), NamedNode(place))
        yield Quad(NamedNode(place), _TYPE, _dcterms("Location"))
    if parts.start:
        period = name(site, "period")
        yield Quad(node, _dcterms("temporal"), period)
        yield Quad(period, _TYPE, _dcterms("PeriodOfTime"))
        yield Quad(period, _dcat("startDate"), _moment(parts.start))
        yield Quad(period, _dcat("endDate"), _moment(parts.end))
        seen = NamedNode(figures.address(site, figures.period(site)))
        yield Quad(period, NamedNode(STANDARD_PREFIXES["rdfs"] + "seeAlso"), seen)


def _publisher(site: Settings) -> Iterator[Quad]:
    """Who publishes, and where to write to."""
    node = name(site, "publisher")
    yield Quad(node, _TYPE, NamedNode(FOAF + "Agent"))
    for literal in _literals(site, site.publisher or site.title):
        yield Quad(node, NamedNode(FOAF + "name"), literal)
    if site.publisher_url:
        yield Quad(node, NamedNode(FOAF + "homepage"), NamedNode(site.publisher_url))
    if site.contact:
        contact = name(site, "contact")
        yield Quad(contact, _TYPE, NamedNode(VCARD + "Kind"))
        for literal in _literals(site, site.publisher or site.title):
            yield Quad(contact, NamedNode(VCARD + "fn"), literal)
        way = "hasEmail" if site.contact.startswith("mailto:") else "hasURL"
        yield Quad(contact, NamedNode(VCARD + way), NamedNode(site.contact))


def _service(site: Settings) -> Iterator[Quad]:
    """The endpoint as a data service, and as a way to the dataset (DCAT 3 sections 6.8 and 6.9)."""
    node, way = _endpoint(site), name(site, "sparql-access")
    yield Quad(node, _TYPE, _dcat("DataService"))
    yield Quad(node, _TYPE, NamedNode(SD + "Service"))
    yield from _common(site, node, _with_suffix(site.title, "SPARQL"), site.description or site.title)
    yield Quad(node, _dcat("endpointURL"), node)
    yield Quad(node, _dcat("endpointDescription"), node)
    yield Quad(node, _dcat("servesDataset"), name(site))
    yield Quad(node, _dcterms("conformsTo"), NamedNode(_PROTOCOL))
    yield Quad(way, _TYPE, _dcat("Distribution"))
    yield Quad(way, _dcterms("title"), Literal("SPARQL"))
    yield Quad(way, _dcat("accessURL"), node)
    yield Quad(way, _dcat("accessService"), node)
    yield from _licence(site, way)


def _distribution(site: Settings, snapshot: Snapshot, dump: Dump) -> Iterator[Quad]:
    """A file: where it is, what is in it, how large it is, its checksum (DCAT 3 section 6.8)."""
    node, checksum = name(site, f"dump-{dump.name}"), name(site, f"dump-{dump.name}-checksum")
    place = dump_address(site, snapshot.version, dump)
    yield Quad(node, _TYPE, _dcat("Distribution"))
    yield Quad(node, _dcterms("title"), Literal(dump.name))
    yield Quad(node, _dcat("accessURL"), place)
    yield Quad(node, _dcat("downloadURL"), place)
    yield Quad(node, _dcat("mediaType"), _media_type(dump.format))
    if dump.coding:
        yield Quad(node, _dcat("compressFormat"), _media_type(_CODINGS[dump.coding]))
    size = Literal(str(dump.bytes), datatype=NamedNode(_XSD + "nonNegativeInteger"))
    yield Quad(node, _dcat("byteSize"), size)
    if dump.of:
        yield Quad(node, _dcterms("subject"), NamedNode(dump.of))
    yield from _dated(snapshot, node)
    yield from _licence(site, node)
    yield Quad(node, NamedNode(SPDX + "checksum"), checksum)
    yield Quad(checksum, _TYPE, NamedNode(SPDX + "Checksum"))
    yield Quad(checksum, NamedNode(SPDX + "algorithm"), NamedNode(SPDX + "checksumAlgorithm_sha256"))
    value = Literal(dump.sha256, datatype=NamedNode(_XSD + "hexBinary"))
    yield Quad(checksum, NamedNode(SPDX + "checksumValue"), value)


def _licence(site: Settings, node: NamedNode) -> Iterator[Quad]:
    if site.licence:
        yield Quad(node, _dcterms("license"), NamedNode(site.licence))


def _said(site: Settings, node: NamedNode, local: str, words: Words) -> Iterator[Quad]:
    yield from (Quad(node, _dcterms(local), literal) for literal in _literals(site, words))


def _literals(site: Settings, words: Words) -> Iterator[Literal]:
    """A text of the settings in each language it has; one without a language is in the site's first."""
    if isinstance(words, str):
        yield Literal(words, language=site.languages[0])
    else:
        yield from (Literal(text, language=tag) for tag, text in words.items())


def _with_suffix(words: Words, suffix: str) -> Words:
    """A title with the name of a protocol, which is the same in every language."""
    if isinstance(words, str):
        return f"{words}: {suffix}"
    return {tag: f"{text}: {suffix}" for tag, text in words.items()}


def _moment(text: str) -> Literal:
    """A year, a month, a day or a moment, typed by how far it says (DCAT 3 section 6.15)."""
    return Literal(text, datatype=NamedNode(_XSD + _PRECISIONS.get(len(text), "dateTime")))


def _language(tag: str) -> NamedNode:
    """A language as the EU names those it lists, else as the Library of Congress does."""
    primary = tag.partition("-")[0]
    return NamedNode(_AUTHORITY + _EU[primary] if primary in _EU else _LOC + primary)


def _media_type(format: Format) -> NamedNode:
    return NamedNode(_MEDIA_TYPES + format.media_type)


def _endpoint(site: Settings) -> NamedNode:
    return NamedNode(site.iris.canonical(site.iris.page("sparql")))


def _dcat(local: str) -> NamedNode:
    return NamedNode(DCAT + local)


def _dcterms(local: str) -> NamedNode:
    return NamedNode(DCTERMS + local)
