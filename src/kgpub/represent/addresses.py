"""Every address that the application answers, as OpenAPI 3.1 path items: parameters, statuses, media types.

The table is written by hand and held to the truth by a test, which asks at each address for everything it promises.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kgpub import formats
from kgpub.formats import GRAPHS, GZIP, HTML, JSON, PROBLEM, SPARQL_QUERY, TEXT, W3C_RESULTS, ZSTD, Format
from kgpub.iris import ABOUT
from kgpub.profiles import MEDIA_TYPE, PROFILE, PROFILES
from kgpub.represent import frame
from kgpub.represent.ontology.places import DIAGRAM, SHAPES
from kgpub.represent.signposts import LINKSET, VOID
from kgpub.represent.sitemap import SITEMAP
from kgpub.settings import Settings

_TEXT: Mapping[str, object] = {"type": "string"}
_PARAMETERS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "lang": ("The language of the page; without it, Accept-Language decides", _TEXT),
    "page": ("The page of a list, from 1", {"type": "integer", "minimum": 1, "default": 1}),
    "iri": ("The IRI of the thing", {"type": "string", "format": "iri"}),
    "property": ("The IRI of the property", {"type": "string", "format": "iri"}),
    "class": ("The class: an IRI or a CURIE", _TEXT),
    "f": ("A choice of a facet", {"type": "array", "items": _TEXT}),
    "q": ("What to look for", _TEXT),
    "open": ("A thing to look into", {"type": "array", "items": {"type": "string", "format": "iri"}}),
    "statement": ("The IRI of the statement that the report is about", {"type": "string", "format": "iri"}),
    "line": ("A line of the document", {"type": "integer", "minimum": 0}),
    "query": ("A SPARQL query", _TEXT),
    "default-graph-uri": ("A graph of the default graph", {"type": "array", "items": _TEXT}),
    "named-graph-uri": ("A named graph", {"type": "array", "items": _TEXT}),
    "format": ("The format of the answer, instead of Accept", _TEXT),
    "timeout": ("Seconds that the query may take", {"type": "number"}),
    "snapshot": ("The release that is asked, or the beginning of its name", _TEXT),
    "time": ("1 to measure the query and its rewrite", {"type": "string", "enum": ["1"]}),
    "kind": ("Which rewrite is measured", _TEXT),
    PROFILE: ("Profiles by token or IRI in angle brackets, the preferred first; alt lists all there are", _TEXT),
    MEDIA_TYPE: ("Media types, the preferred first, instead of Accept", _TEXT),
}
_REASONS: Mapping[int, str] = {
    200: "What was asked for",
    206: "The range that was asked for",
    303: "Another address answers",
    304: "What the client has is still right",
    400: "The request cannot be understood",
    401: "The API key is not known",
    404: "There is nothing here",
    406: "Not to be had in an acceptable format",
    410: "The release is no longer kept",
    412: "What is there now is not what was meant",
    413: "The request is too long",
    414: "The address is too long",
    415: "The body is in a format that is not read",
    416: "The file has no such range",
    429: "One client has too many queries under way",
    503: "No answer can be had at the moment",
}
_WHOLE, _PART, _SAME, _OTHER = 200, 206, 304, 412
_BARE = frozenset({303, 304, 412, 416})
_QUERY = (400, 401, 406, 410, 413, 414, 429, 503)
_LISTS = (formats.CSV, formats.JSON_LD, formats.TURTLE)


@dataclass(frozen=True)
class Address:
    """An address below the mount: what it gives, in which formats, what it takes, and the other statuses it has.

    ``needed`` are the parameters without which it is refused; ``body`` are the formats of a POST's body.
    """

    path: str
    summary: str
    gives: tuple[Format, ...] = ()
    takes: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    needed: tuple[str, ...] = ()
    within: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    body: tuple[Format, ...] = ()


def _endings(*of: Format) -> Mapping[str, tuple[str, ...]]:
    return {"extension": tuple(one.extension for one in of)}


def _documentation(path: str, one: str) -> tuple["Address", ...]:
    """The page of all that is documented at a path, that of each one, and the RDF files."""
    rdf = (formats.TURTLE, formats.JSON_LD, formats.N_TRIPLES)
    ranged = (206, 304, 412, 416)
    return (
        Address(path, f"Every {one}, in words or as RDF", (HTML, *rdf), ("page", "lang"), (*ranged, *_LIST)),
        Address(f"{path}/{{name}}", f"One {one}, in words", (HTML,), ("lang",), (304, *_LIST)),
        Address(f"{path}.{{extension}}", "The same as RDF", rdf, (), (*ranged, 404), (), _endings(*rdf)),
    )


_PAGE = (400, 406)
_LIST = (400, 404, 406)
_DUMPED = (
    formats.CSV,
    formats.PARQUET,
    formats.CSVW,
    formats.N_QUADS,
    formats.TRIG,
    formats.JSON_LD,
    formats.TURTLE,
    GZIP,
    ZSTD,
)
_RANGED = (*_DUMPED, formats.N_TRIPLES)
_FILES = (*_DUMPED, JSON, TEXT)

ADDRESSES: tuple[Address, ...] = (
    Address("", "What the site is, and the ways in", (HTML,), ("lang",), (304, *_PAGE)),
    Address(frame.CLASSES, "The classes with their numbers of members", (HTML,), ("page", "lang"), (304, *_LIST)),
    Address(
        frame.LINKS,
        "What points to a thing by a property",
        (HTML,),
        ("iri", "property", "page", "lang"),
        (304, *_LIST),
        ("iri", "property"),
    ),
    Address(
        frame.DATA, "Where the data comes from, what it holds, whether it is valid", (HTML,), ("lang",), (304, *_PAGE)
    ),
    Address(frame.ACCESSIBILITY, "The accessibility statement", (HTML,), ("lang",), (304, *_PAGE)),
    Address(frame.PRIVACY, "The privacy notice", (HTML,), ("lang",), (304, *_PAGE)),
    Address("-/context.jsonld", "The JSON-LD context of every document", (formats.JSON_LD,), (), (304,)),
    Address("-/status", "Which release is in service", (JSON,)),
    Address("-/health", "Whether the store can be read", (JSON,), (), (503,)),
    Address("-/metrics", "Figures for Prometheus", (formats.METRICS,)),
    Address("-/openapi.json", "This description", (formats.OPENAPI,), (), (304,)),
    Address("robots.txt", "What crawlers leave alone (RFC 9309)", (TEXT,), (), (304,)),
    Address("-/static/{name}", "A file of the site's looks", formats.STATIC, (), (304, 404)),
    Address(
        frame.SEARCH, "Things by what they are called", (HTML, JSON), ("q", "class", "page", "lang"), (304, *_LIST)
    ),
    Address(frame.SUGGEST, "Names for what somebody is typing", (JSON,), ("q", "lang"), (304, *_PAGE)),
    Address(
        frame.COMPLETIONS, "The same as OpenSearch suggestions", (formats.SUGGESTIONS,), ("q", "lang"), (304, *_PAGE)
    ),
    Address(frame.OPENSEARCH_PAGE, "Search for browsers", (formats.OPENSEARCH,), ("lang",), (304, 400)),
    Address(frame.QUERIES, "The saved queries", (HTML, JSON), ("lang",), (304, *_PAGE)),
    Address(f"{frame.QUERIES}.json", "The saved queries, as JSON", (JSON,), (), (304,)),
    Address(f"{frame.QUERIES}/{{name}}", "The page of a saved query", (HTML,), ("lang",), (304, *_LIST)),
    Address(
        frame.BROWSE,
        "A class narrowed down by facets",
        (HTML,),
        ("class", "f", "page", "lang"),
        (303, 304, *_LIST, 414),
        ("class",),
    ),
    Address(
        f"{frame.BROWSE}.{{extension}}",
        "The whole list",
        _LISTS,
        ("class", "f", "lang"),
        (304, 400, 404, 414, 503),
        ("class",),
        _endings(*_LISTS),
    ),
    Address(frame.COMPARE, "Things side by side", (HTML,), ("iri", "lang"), (304, *_LIST), ("iri",)),
    Address(
        frame.DOCUMENT,
        "What was taken from a document",
        (HTML,),
        ("iri", "line", "page", "lang"),
        (304, *_LIST),
        ("iri",),
    ),
    Address(
        frame.VALUES,
        "The values that a thing has of a property",
        (HTML,),
        ("iri", "property", "page", "lang"),
        (304, 400, 404),
        ("iri", "property"),
    ),
    Address(frame.REPORT, "A report of an error", (HTML,), ("iri", "statement", "lang"), (304, 400), ("iri",)),
    Address(
        frame.QR, "The permanent link of a thing as a QR code", (formats.SVG,), ("iri",), (304, 400, 404), ("iri",)
    ),
    Address("-/neighbours", "What lies around a thing", (HTML, JSON), ("iri", "open", "lang"), (304, *_LIST), ("iri",)),
    Address(
        frame.CARD, "The picture that previews of a page show", (formats.PNG,), ("iri", "lang"), (304, 400, 404, 503)
    ),
    *_documentation(frame.ONTOLOGY, "term of the ontology"),
    *_documentation(SHAPES, "shape"),
    Address(frame.THESAURUS, "The thesauri, and what is at their tops", (HTML,), ("page", "lang"), (304, *_LIST)),
    Address(frame.CONCEPTS, "A place in a thesaurus", (HTML,), ("iri", "page", "lang"), (304, *_LIST)),
    Address(
        f"{frame.THESAURUS}/alphabet/{{tag}}",
        "The names of a thesaurus in one language",
        (HTML,),
        ("iri", "page", "lang"),
        (304, *_LIST),
    ),
    Address(f"{DIAGRAM}.svg", "The classes as a diagram", (formats.SVG,), ("lang",), (304, 400)),
    Address("-/terms.json", "Classes and properties for completion", (JSON,), ("lang",), (304, 400)),
    Address(
        f"{frame.CITE}.{{extension}}",
        "How an answer, a thing or a release is cited",
        (formats.BIBTEX, formats.CSL_JSON, formats.RIS),
        ("query", "snapshot", "iri", "lang"),
        (304, 400, 404, 410, 414),
        (),
        _endings(formats.BIBTEX, formats.CSL_JSON, formats.RIS),
    ),
    Address(PROFILES, "The profiles that things are described in", (HTML,), ("lang",), (303, 304, *_PAGE)),
    Address(f"{PROFILES}.{{extension}}", "The same as RDF", GRAPHS, (), (304, 404), (), _endings(*GRAPHS)),
    Address("-/dataset", "The dataset, a thing", (), (), (303, 406)),
    Address(".well-known/void", "The way to the description of the dataset", (), (), (303, 406)),
    Address(f"{VOID}.{{extension}}", "The dataset in VoID and DCAT", GRAPHS, (), (304, 404), (), _endings(*GRAPHS)),
    Address(".well-known/api-catalog", "The interfaces (RFC 9727)", (formats.LINKSET_JSON,), (), (304,)),
    Address(
        f"{LINKSET}.{{extension}}",
        "Typed links of the dataset, or of a thing (RFC 9264)",
        (formats.LINKSET_JSON, formats.LINKSET_TEXT),
        ("iri",),
        (304, 400, 404),
        (),
        _endings(formats.LINKSET_JSON, formats.LINKSET_TEXT),
    ),
    Address("sitemap.xml", "The index of the site maps", (formats.XML,), (), (304,)),
    Address(f"{SITEMAP}{{number}}.xml", "A site map", (formats.XML,), (), (304, 404)),
    Address("llms.txt", "What the site is, for language models", (formats.MARKDOWN,), ("lang",), (304, 400)),
    Address("-/dump.nq", "The whole dataset", (formats.N_QUADS,), (), (206, 304, 412, 416)),
    Address("-/dumps/{name}", "A file of the release in service", _FILES, (), (206, 304, 404, 412, 416)),
    Address("-/dumps/{version}/{name}", "A file of a release", _FILES, (), (206, 304, 404, 410, 412, 416)),
    Address(
        ABOUT,
        "Anything by its IRI",
        (HTML, JSON, *GRAPHS),
        ("iri", PROFILE, MEDIA_TYPE, "page"),
        (303, 304, *_LIST),
        ("iri",),
    ),
    Address(
        f"{ABOUT}.{{ending}}",
        "A document about anything; its ending is that of a format, or a language and html",
        (HTML, *GRAPHS),
        ("iri", PROFILE, "page"),
        (304, *_LIST),
        ("iri",),
    ),
    Address(
        "{path}",
        "A thing, by its own path, or a document about it, with the ending of a format",
        (HTML, JSON, *GRAPHS),
        (PROFILE, MEDIA_TYPE, "page"),
        (303, 304, *_LIST),
    ),
    Address(
        frame.SPARQL,
        "Queries by the SPARQL 1.1 Protocol; without one, the page or the description of the service",
        (HTML, *W3C_RESULTS, *formats.TABLES, *GRAPHS, SPARQL_QUERY),
        ("query", "default-graph-uri", "named-graph-uri", "format", "timeout", "snapshot", "lang"),
        (304, *_QUERY),
    ),
)
POSTS: tuple[Address, ...] = (
    Address(
        frame.SPARQL,
        "Queries by the SPARQL 1.1 Protocol",
        (HTML, *W3C_RESULTS, *formats.TABLES, *GRAPHS, SPARQL_QUERY),
        ("default-graph-uri", "named-graph-uri", "format", "timeout", "snapshot"),
        (*_QUERY, 415),
        body=(formats.FORM, SPARQL_QUERY),
    ),
    Address(
        "-/check",
        "What could be wrong with a query",
        (JSON,),
        ("lang", "time", "kind"),
        (400, 413, 415),
        body=(formats.FORM, SPARQL_QUERY),
    ),
)


def described(site: Settings) -> dict[str, dict[str, object]]:
    """The path items (OpenAPI 3.1 section 4.8.9) of the application's own addresses, by their paths."""
    found: dict[str, dict[str, object]] = {}
    for method, addresses in (("get", ADDRESSES), ("post", POSTS)):
        for one in addresses:
            found.setdefault(site.iris.page(one.path), {})[method] = _operation(one, method, site)
    return found


def _operation(one: Address, method: str, site: Settings) -> dict[str, object]:
    operation: dict[str, object] = {
        "operationId": f"{method}_{_name(one.path)}",
        "summary": one.summary,
        "parameters": [*_in_path(one), *_in_query(one, site)],
        "responses": {str(status): _response(one, status) for status in sorted(_statuses(one))},
    }
    if one.body:
        operation["requestBody"] = {"required": True, "content": {kind.media_type: {} for kind in one.body}}
    return operation


def _name(path: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in path).split()) or "home"


def _statuses(one: Address) -> Iterable[int]:
    """Those told, that of success, and that of another version's validator where there are validators."""
    return {*one.statuses, *([_WHOLE] if one.gives else []), *([_OTHER] if _SAME in one.statuses else [])}


def _response(one: Address, status: int) -> dict[str, object]:
    """A status with its media types; refusals are problem details, or a page for who prefers one."""
    said: dict[str, object] = {"description": _REASONS[status]}
    if status in _BARE:
        return said
    given = {_WHOLE: one.gives, _PART: tuple(kind for kind in one.gives if kind in _RANGED)}
    kinds = given.get(status, (PROBLEM, HTML))
    return said | {"content": {kind.media_type.partition(";")[0]: {} for kind in kinds}}


def _in_path(one: Address) -> Iterable[dict[str, object]]:
    for part in one.path.split("{")[1:]:
        name = part.partition("}")[0]
        choices = one.within.get(name)
        schema = {**_TEXT, "enum": list(choices)} if choices else _TEXT
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(one: Address, site: Settings) -> Iterable[dict[str, object]]:
    for name in one.takes:
        text, schema = _PARAMETERS[name]
        if name == "lang":
            schema = {**_TEXT, "enum": list(site.languages)}
        yield {"name": name, "in": "query", "description": text, "required": name in one.needed, "schema": schema}
