"""The tables of ``kgpub.toml``: each setting with its type, default and help."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOSXL = "http://www.w3.org/2008/05/skos-xl#"
DCTERMS = "http://purl.org/dc/terms/"
SDO = "https://schema.org/"
DC = "http://purl.org/dc/elements/1.1/"
_SDO_HTTP = "http://schema.org/"
"""As many a graph still writes it."""
OWL = "http://www.w3.org/2002/07/owl#"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
SH = "http://www.w3.org/ns/shacl#"
QUDT = "http://qudt.org/schema/qudt/"
_DCAT = "http://www.w3.org/ns/dcat#"
_GEO = "http://www.opengis.net/ont/geosparql#"
_PROV = "http://www.w3.org/ns/prov#"
_TIME = "http://www.w3.org/2006/time#"
_WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"

WITH_PATHS = frozenset({"vocabulary.labels", "vocabulary.alternatives"})
"""The settings whose texts may be two steps away."""
_TILES = re.compile(r"(?P<origin>https?://[A-Za-z0-9.-]+(?::\d{1,5})?)/[^\s<>\"'\\]*", re.ASCII)

_FIELD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+: ?[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
"""A field of a request (RFC 9110 section 5)."""

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag as settings have them."""


def _texts(value: object) -> object:
    """A text, or texts by language tag with the tags in lower case."""
    if isinstance(value, dict) and value:
        pairs = [(str(tag), text) for tag, text in value.items()]
        if all(LANGUAGE.fullmatch(tag) and isinstance(text, str) for tag, text in pairs):
            return {tag.lower(): text for tag, text in pairs}
    if isinstance(value, str):
        return value
    raise ValueError('must be a text, or a table of texts by language such as {ka = "…", en = "…"}')


def _endpoint(value: str) -> str:
    """The address of an endpoint, or nothing."""
    if value and not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?(\?[^#\s]*)?", value):
        raise ValueError("must be an http or https address without user, password and hash")
    return value


Endpoint = Annotated[str, AfterValidator(_endpoint)]
Words = Annotated[str | dict[str, str], BeforeValidator(_texts)]


def _xl(name: str) -> str:
    """The path from a thing by a property of SKOS-XL to the text of the label that it leads to."""
    return f"<{SKOSXL}{name}>/<{SKOSXL}literalForm>"


class SettingsTable(BaseModel):
    """A table of ``kgpub.toml``: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GraphRule(SettingsTable):
    """What is done with the files or graphs that a pattern names."""

    name: str | None = Field(None, description="IRI of the named graph, relative to the base.")
    publish: bool = Field(True, description="false: in no store, page, search, dump, answer or report.")
    default: bool | None = Field(None, description="Whether the graph's triples are in the default graph.")


class Vocabulary(SettingsTable):
    """Which properties mean what; the first one that a thing has decides."""

    labels: tuple[str, ...] = Field(
        (SKOS + "prefLabel", _xl("prefLabel"), RDFS + "label", DCTERMS + "title", DC + "title", SDO + "name",
         _SDO_HTTP + "name", FOAF + "name", "http://www.w3.org/2006/vcard/ns#fn", SH + "name", SKOSXL + "literalForm"),
        description="Properties that name a thing; a path of two, a:b/c:d or <iri>/<iri>, is taken as well.",
    )  # fmt: skip
    descriptions: tuple[str, ...] = Field(
        (DCTERMS + "description", SKOS + "definition", SDO + "description", RDFS + "comment", DC + "description",
         _SDO_HTTP + "description", SKOS + "scopeNote"),
        description="Properties that describe a thing in a sentence.",
    )  # fmt: skip
    alternatives: tuple[str, ...] = Field(
        (SKOS + "altLabel", SKOS + "hiddenLabel", SDO + "alternateName", _SDO_HTTP + "alternateName",
         _xl("altLabel"), _xl("hiddenLabel")),
        description="Further names that search finds; paths of two properties as well.",
    )  # fmt: skip
    label_classes: tuple[str, ...] = Field(
        (SKOSXL + "Label",),
        description="Classes of what is only the name of something else, which search offers in its place.",
    )
    inverse_labels: tuple[str, ...] = Field(
        (), description="Properties of a property that say how it reads from the other end."
    )
    named_after: tuple[str, ...] = Field(
        (DCTERMS + "source", DCTERMS + "isPartOf", FOAF + "primaryTopic", FOAF + "focus", SDO + "mainEntity"),
        description="Properties that lead to what lends its name to a thing that has none and a code for an IRI.",
    )
    modelling: tuple[str, ...] = Field(
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", RDFS, OWL, SH, SKOSXL),
        description="Namespaces of classes that only model the data: the home page shows them after all others.",
    )
    hierarchy: tuple[str, ...] = Field(
        (RDFS + "subClassOf", SKOS + "broader", DCTERMS + "isPartOf"),
        description="Properties that lead to something wider.",
    )
    concepts: tuple[str, ...] = Field((SKOS + "Concept",), description="Classes of the concepts of thesauri.")
    schemes: tuple[str, ...] = Field((SKOS + "ConceptScheme",), description="Classes of thesauri.")
    in_scheme: tuple[str, ...] = Field(
        (SKOS + "inScheme",), description="Properties that lead from a concept to its thesaurus."
    )
    top_of: tuple[str, ...] = Field(
        (SKOS + "topConceptOf",), description="Properties that lead from a top concept to its thesaurus."
    )
    tops: tuple[str, ...] = Field(
        (SKOS + "hasTopConcept",), description="Properties that lead from a thesaurus to its top concepts."
    )
    broader: tuple[str, ...] = Field((SKOS + "broader",), description="Properties that lead to a wider concept.")
    narrower: tuple[str, ...] = Field((SKOS + "narrower",), description="Properties that lead to a narrower concept.")
    quantities: tuple[str, ...] = Field(
        (SDO + "value", QUDT + "numericValue"), description="Properties that give the number of a quantity."
    )
    minima: tuple[str, ...] = Field((SDO + "minValue",), description="Properties that give a quantity's lower bound.")
    maxima: tuple[str, ...] = Field((SDO + "maxValue",), description="Properties that give a quantity's upper bound.")
    units: tuple[str, ...] = Field(
        (SDO + "unitText", QUDT + "unit"), description="Properties that say what a quantity counts."
    )
    exclusive: tuple[str, ...] = Field((), description="Properties that are true where a bound itself is left out.")
    plain: tuple[str, ...] = Field(
        (), description="Statuses and modalities of what is simply stated: pages name only the others."
    )
    order: tuple[str, ...] = Field((SH + "order", SDO + "position"), description="Properties that order siblings.")
    start: tuple[str, ...] = Field(
        (SDO + "startDate", SDO + "foundingDate", SDO + "birthDate", SDO + "validFrom", _DCAT + "startDate",
         _PROV + "startedAtTime", _PROV + "generatedAtTime", _TIME + "hasBeginning"),
        description="Properties that say when something begins; each belongs with the one at its place in `end`.",
    )  # fmt: skip
    end: tuple[str, ...] = Field(
        (SDO + "endDate", SDO + "dissolutionDate", SDO + "deathDate", SDO + "validThrough", _DCAT + "endDate",
         _PROV + "endedAtTime", _PROV + "invalidatedAtTime", _TIME + "hasEnd"),
        description="Properties that say when something ends, in the order of `start`.",
    )  # fmt: skip
    undated: tuple[str, ...] = Field(
        (SKOS + "inScheme", SKOS + "topConceptOf", SKOS + "hasTopConcept", SKOS + "member", RDFS + "isDefinedBy"),
        description="Properties that tie things whose dates say nothing of each other, as a concept and its thesaurus.",
    )
    periods: tuple[str, ...] = Field(
        (DCTERMS + "temporal", SDO + "temporalCoverage", _TIME + "hasTime", "http://www.w3.org/ns/org#memberDuring"),
        description="Properties that lead to a period, whose dates are then those of the thing.",
    )
    latitude: tuple[str, ...] = Field(
        (_WGS84 + "lat", SDO + "latitude"), description="Properties that say degrees north of the equator (WGS 84)."
    )
    longitude: tuple[str, ...] = Field(
        (_WGS84 + "long", SDO + "longitude"),
        description="Properties that say degrees east of Greenwich, in the order of `latitude`.",
    )
    locations: tuple[str, ...] = Field(
        (_GEO + "hasGeometry", _GEO + "hasDefaultGeometry", SDO + "geo", SDO + "location", _WGS84 + "location",
         _PROV + "atLocation", DCTERMS + "spatial", "http://www.w3.org/ns/locn#geometry",
         "http://www.w3.org/ns/locn#location"),
        description="Properties that lead to a geometry or a place, whose coordinates are then those of the thing.",
    )  # fmt: skip


class Coverage(SettingsTable):
    """What time and which places the data covers, read off the graph."""

    dates: tuple[str, ...] = Field(
        (SDO + "startDate", SDO + "endDate", DCAT + "startDate", DCAT + "endDate"),
        description="Properties whose first and last date bound the time that the data covers.",
    )
    places: tuple[str, ...] = Field(
        (DCTERMS + "spatial", SDO + "spatialCoverage", SDO + "location"),
        description="Properties that name the places that the data covers.",
    )


class Sparql(SettingsTable):
    """The SPARQL endpoint."""

    timeout: float = Field(10.0, gt=0, description="Seconds a query may take unless it asks for less or more.")
    max_timeout: float = Field(30.0, gt=0, description="Most seconds that ``timeout=`` may ask for.")
    max_query: int = Field(65_536, gt=0, description="Longest query text, in bytes.")
    max_rows: int = Field(1_000_000, gt=0, description="Most rows of one answer.")
    max_bytes: int = Field(100_000_000, gt=0, description="Most bytes of one answer.")
    memory: int = Field(1_000_000_000, ge=100_000_000, description="Bytes of memory that one query may take.")
    workers: int = Field(0, ge=0, le=256, description="Queries answered at the same time; 0 is one per processor.")
    queue: int = Field(32, ge=0, description="Queries that may wait for a worker; more are refused with 503.")
    patience: float = Field(10.0, gt=0, description="Seconds a query waits for a worker before it is refused.")
    per_client: int = Field(4, gt=0, description="Queries of one client that run or wait at the same time.")
    cache: int = Field(16_000_000, ge=0, description="Bytes of answers to queries kept in memory.")
    keys: str = Field("", description="File of API keys that raise limits, in the site folder; see the how-to.")


class Server(SettingsTable):
    """The server."""

    workers: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes that serve; they divide among them what the site may have. Also --workers.",
    )
    drain: float = Field(
        0.0,
        ge=0,
        le=300,
        description="Seconds in which a server that is told to stop (SIGTERM) goes on answering, while `/-/health` "
        "says 503, so that a load balancer sends nobody there any more; a second SIGTERM ends it at once.",
    )


class Log(SettingsTable):
    """The access log."""

    access: str = Field("-", description="Where the access log goes: - is the terminal, a path a file, empty nowhere.")


class Pages(SettingsTable):
    """The pages for people."""

    links: int = Field(50, ge=5, le=500, description="Members or links on one page of a list.")
    preview: int = Field(10, ge=1, le=200, description="Incoming links shown per property on an entity's page.")
    outline: str = Field(
        "",
        description="GeoJSON file of outlines for maps, in the site folder; one that divides Georgia is not drawn.",
    )
    cache: int = Field(64_000_000, ge=0, description="Bytes of finished answers kept in memory.")
    tiles: str = Field(
        "",
        description="Address of map tiles (Web Mercator) with {z}, {x} and {y} in it; browsers of readers ask it.",
    )
    noindex: tuple[str, ...] = Field(
        (), description="Classes whose members, those of subclasses included, search engines are asked to leave alone."
    )
    tiles_credit: str = Field("", description="Whom the map tiles are from, shown below the map.")

    @field_validator("outline")
    @classmethod
    def _outline_stays_inside(cls, value: str) -> str:
        if Path(value).is_absolute() or ".." in Path(value).parts:
            raise ValueError(f"“{value}” must be a file inside the site folder")
        return value

    @field_validator("tiles")
    @classmethod
    def _tiles_are_an_address(cls, value: str) -> str:
        if value and not (_TILES.fullmatch(value) and all(value.count(part) == 1 for part in ("{z}", "{x}", "{y}"))):
            raise ValueError("must be an http or https address with {z}, {x} and {y} in its path, each once")
        return value

    @property
    def tiles_origin(self) -> str:
        """Scheme and host of the map tiles, as a Content-Security-Policy names them; nothing where there are none."""
        found = _TILES.fullmatch(self.tiles)
        return found["origin"] if found else ""


class Reading(SettingsTable):
    """How the files of the site are read."""

    strict: bool = Field(
        False, exclude=True, description="Refuse a file that has anything to mend or to leave out; also --strict."
    )
    blank_nodes: Literal["labels", "iris"] = Field(
        "labels", description="What blank nodes of data become: labels, or iris below .well-known/genid/."
    )
    largest: int = Field(4_096, ge=1, le=1 << 20, description="Largest size of a packed file when unpacked, in MB.")
    ratio: int = Field(200, ge=2, description="How many times as large as it is a packed file may become.")
    contexts: dict[str, str] = Field(
        {},
        description="Files of JSON-LD contexts beside those that kgpub has, by the address that names them.",
    )


class Snapshots(SettingsTable):
    """Where snapshots go and how many are kept."""

    folder: str = Field(".kgpub", min_length=1, description="Folder of the snapshots, relative to the site.")
    keep: int = Field(5, ge=1, description="Snapshots kept, the one in service included.")


DumpFormat = Literal[
    "nq", "nq.gz", "nq.zst", "trig", "trig.gz", "trig.zst", "jsonld", "jsonld.gz", "jsonld.zst",
    "ttl", "ttl.gz", "ttl.zst", "csv", "csv.gz", "csv.zst", "parquet",
]  # fmt: skip
"""A file to take away by its ending: a format, and the coding that packs it."""


class Dumps(SettingsTable):
    """The files to take away; the whole dataset as N-Quads, `dataset.nq`, is always among them."""

    formats: tuple[DumpFormat, ...] = Field(
        ("nq.gz", "trig.zst", "csv", "parquet"),
        description="Which are written: the dataset as nq, trig and jsonld, the default graph as ttl, each plain, .gz "
        "or .zst; the members of each class as csv (plain whenever packed), csv.gz, csv.zst and parquet.",
    )
    graphs: bool = Field(False, description="Whether each named graph is written as a Turtle file of its own.")

    def codings(self, extension: str) -> tuple[str, ...]:
        """In which codings a format is written, by the endings of their names: plain is an empty one."""
        ends = (one.partition(".") for one in self.formats)
        return tuple(sorted({coding for form, _, coding in ends if form == extension}))


class Remote(SettingsTable):
    """How the endpoint that ``engine`` names is asked; secrets come from the environment, never from the file."""

    dialect: Literal["auto", "oxigraph", "virtuoso", "qlever", "fuseki", "graphdb", "neptune", "stardog", "other"] = (
        Field("auto", description="What kind of endpoint it is; auto asks it.")
    )
    timeout: float = Field(20.0, gt=0, description="Seconds that one of the site's own questions may take.")
    connections: int = Field(8, ge=1, le=256, description="Most connections that are open at the same time.")
    max_bytes: int = Field(256_000_000, ge=1_000_000, description="Most bytes of one answer that are read.")
    page: int = Field(10_000, ge=10, description="Triples that are read at a time when the site is built.")
    keep: int = Field(60, ge=0, description="Seconds that a finished answer is kept.")
    user: str = Field("", description="User name for the endpoint; its password is KGPUB_REMOTE__PASSWORD.")
    password: SecretStr = Field(SecretStr(""), exclude=True, description="Password; from the environment only.")
    digest: bool = Field(False, description="Whether the password is sent as HTTP Digest (RFC 7616), not Basic.")
    token: SecretStr = Field(SecretStr(""), exclude=True, description="Bearer token; from the environment only.")
    header: SecretStr = Field(
        SecretStr(""),
        exclude=True,
        description="A field sent with every question, as “Name: value”; from the environment only.",
    )

    @field_validator("header")
    @classmethod
    def _header_can_be_sent(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _FIELD.fullmatch(value.get_secret_value()):
            raise ValueError("must be a field's name, a colon and a value")
        return value
