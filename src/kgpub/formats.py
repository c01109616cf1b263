"""The formats kgpub speaks, and which one a client gets (RFC 9110 section 12.5.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from kgpub.errors import NotAcceptable


@dataclass(frozen=True, eq=False)
class Format:
    """A format is one value that knows itself: media type, extension, name, what it can carry; each there is once."""

    name: str
    media_type: str
    extension: str
    aliases: tuple[str, ...] = ()
    is_rdf: bool = False
    has_graphs: bool = False
    charset: bool = True

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` header's value; text formats say their charset (RFC 9110 section 8.3)."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type


HTML = Format("HTML", "text/html", "html", ("application/xhtml+xml",))
TURTLE = Format("Turtle", "text/turtle", "ttl", ("application/x-turtle",), is_rdf=True)
JSON_LD = Format("JSON-LD", "application/ld+json", "jsonld", ("application/json",), is_rdf=True, charset=False)
N_TRIPLES = Format("N-Triples", "application/n-triples", "nt", ("text/plain",), is_rdf=True, charset=False)
RDF_XML = Format("RDF/XML", "application/rdf+xml", "rdf", ("application/xml", "text/xml"), is_rdf=True, charset=False)
TRIG = Format("TriG", "application/trig", "trig", ("application/x-trig",), is_rdf=True, has_graphs=True)
N_QUADS = Format("N-Quads", "application/n-quads", "nq", is_rdf=True, has_graphs=True, charset=False)

RESULTS_JSON = Format(
    "SPARQL results in JSON", "application/sparql-results+json", "srj", ("application/json",), charset=False
)
RESULTS_XML = Format(
    "SPARQL results in XML",
    "application/sparql-results+xml",
    "srx",
    ("application/xml", "text/xml"),
    charset=False,
)
CSV = Format("CSV", "text/csv", "csv")
TSV = Format("TSV", "text/tab-separated-values", "tsv")
CSVW = Format("CSVW", "application/csvm+json", "json", charset=False)
XLSX = Format("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", charset=False)
PARQUET = Format("Parquet", "application/vnd.apache.parquet", "parquet", charset=False)
JSON = Format("JSON", "application/json", "json", charset=False)
BIBTEX = Format("BibTeX", "application/x-bibtex", "bib")
PNG = Format("PNG", "image/png", "png", charset=False)
SVG = Format("SVG", "image/svg+xml", "svg", charset=False)
RIS = Format("RIS", "application/x-research-info-systems", "ris")
CSL_JSON = Format("CSL-JSON", "application/vnd.citationstyles.csl+json", "json", charset=False)
METRICS = Format("Prometheus metrics", "text/plain; version=1.0.0", "txt")
PROBLEM = Format("Problem details", "application/problem+json", "json", charset=False)
TEXT = Format("plain text", "text/plain", "txt")
SPARQL_QUERY = Format("SPARQL query", "application/sparql-query", "rq", charset=False)
SPARQL_UPDATE = Format("SPARQL update", "application/sparql-update", "ru", charset=False)
GZIP = Format("gzip", "application/gzip", "gz", charset=False)
ZSTD = Format("zstd", "application/zstd", "zst", charset=False)
LINKSET_JSON = Format("Linkset in JSON", "application/linkset+json", "json", charset=False)
LINKSET_TEXT = Format("Linkset", "application/linkset", "txt", charset=False)
XML = Format("XML", "application/xml", "xml", ("text/xml",), charset=False)
MARKDOWN = Format("Markdown", "text/markdown", "md")
OPENAPI = Format("OpenAPI", "application/vnd.oai.openapi+json", "json", charset=False)
OPENSEARCH = Format("OpenSearch description", "application/opensearchdescription+xml", "xml", charset=False)
SUGGESTIONS = Format("OpenSearch suggestions", "application/x-suggestions+json", "json", charset=False)
FORM = Format("form", "application/x-www-form-urlencoded", "", charset=False)

STATIC: tuple[Format, ...] = (
    Format("CSS", "text/css", "css"),
    Format("JavaScript", "text/javascript", "js"),
    SVG,
    PNG,
    Format("icon", "image/vnd.microsoft.icon", "ico", charset=False),
    Format("JPEG", "image/jpeg", "jpg", charset=False),
    TEXT,
    Format("WebP", "image/webp", "webp", charset=False),
    Format("WOFF2", "font/woff2", "woff2", charset=False),
)
"""What the files of a site's looks can be."""
GRAPHS: tuple[Format, ...] = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG, N_QUADS)
"""What a set of triples can be sent as."""
ENTITY: tuple[Format, ...] = (HTML, *GRAPHS)
"""What an entity's document can be had as; the first one answers ``*/*``."""
W3C_RESULTS: tuple[Format, ...] = (RESULTS_JSON, RESULTS_XML, CSV, TSV)
"""The formats that SPARQL itself has for the solutions of a SELECT or the answer of an ASK."""
TABLES: tuple[Format, ...] = (XLSX, PARQUET)
"""Files for spreadsheets and for data frames."""
RESULTS: tuple[Format, ...] = (*W3C_RESULTS, *TABLES)
"""What a SELECT or an ASK can be sent as; the tables come last, so that they are sent to who names them only."""


def by_extension(extension: str, offered: Iterable[Format] = ENTITY) -> Format | None:
    """The offered format with this file extension, written without its dot."""
    return next((f for f in offered if f.extension == extension), None)


def by_media_type(media_type: str, offered: Iterable[Format]) -> Format | None:
    """The offered format of this media type; parameters and letter case do not matter."""
    bare = media_type.partition(";")[0].strip().lower()
    return next((f for f in offered if bare == f.media_type or bare in f.aliases), None)


def choose(accept: str | None, offered: tuple[Format, ...]) -> Format:
    """The offered format a client likes best (RFC 9110 section 12.5.1).

    The most specific range decides a format's quality; among equals the earlier offer wins. An alias
    (``application/json`` for JSON-LD) counts, but after every proper media type of the same quality; a wildcard
    comes last. Raises ``NotAcceptable`` when every offer has quality 0.
    """
    return _choose(accept, offered) if len(accept or "") > _REMEMBERED else _remembered_choice(accept, offered)


def _choose(accept: str | None, offered: tuple[Format, ...]) -> Format:
    ranges = _ranges(accept)
    if not ranges:
        return offered[0]
    ranked = [(*_quality(one, ranges), -order) for order, one in enumerate(offered)]
    quality, _, order = max(ranked)
    if quality <= 0:
        types = tuple(f.media_type for f in offered)
        raise NotAcceptable(f"Nothing here is acceptable to “{accept}”.", types)
    return offered[-order]


_REMEMBERED = 500
"""Longest ``Accept`` header that is read once only, so that strange ones cannot fill the memory."""
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"?')
_PROPER, _ALIAS, _WILDCARD = 3, 2, 1


def _ranges(accept: str | None) -> Mapping[str, float]:
    """The media ranges of an ``Accept`` header with their qualities; parts that are no media range are passed over.

    Of several equal ranges the one without parameters counts, else the last one.
    """
    plain: dict[str, float] = {}
    special: dict[str, float] = {}
    for part in _QUOTED.sub("", accept or "").split(","):
        media_type, semicolon, parameters = part.strip().partition(";")
        name = media_type.strip().lower()
        names = {parameter.partition("=")[0].strip().lower() for parameter in parameters.split(";") if semicolon}
        if name.count("/") == 1 or name == "*":
            (special if names - {"", "q", "charset"} else plain)["*/*" if name == "*" else name] = weight(parameters)
    return special | plain


_remembered_choice = lru_cache(maxsize=2048)(_choose)


def weight(parameters: str) -> float:
    """The weight among a range's parameters (RFC 9110 section 12.4.2): 1 if absent, 0 if unreadable."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(0.0, float(value)), 1.0)  # in this order, "nan" is 0
            except ValueError:
                return 0.0
    return 1.0


def _quality(one: Format, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Quality of a format, and what it is owed to; an alias can add to it, never take from it."""
    proper = ranges.get(one.media_type)
    if proper is not None:
        return proper, _PROPER
    major = one.media_type.partition("/")[0]
    wildcard = ranges.get(f"{major}/*", ranges.get("*/*", 0.0))
    return max([(wildcard, _WILDCARD), *((ranges[alias], _ALIAS) for alias in one.aliases if alias in ranges)])
