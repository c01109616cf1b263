"""A query operation as a request states it (SPARQL 1.1 Protocol section 2.1): text, dataset, format, limits.

Beyond the protocol: ``format=csv`` and the like override ``Accept``, ``timeout=`` asks for other than the usual
seconds, ``snapshot=`` names the release to ask.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from kgpub import formats
from kgpub.engine import DatasetClause
from kgpub.errors import BadRequest, NotAcceptable, QueryRefused
from kgpub.formats import GRAPHS, HTML, RESULTS, SPARQL_QUERY, choose

SHORT_NAMES: Mapping[str, str] = {
    "json": formats.JSON.media_type,
    "xml": formats.RDF_XML.aliases[0],
    "turtle": formats.TURTLE.media_type,
    "n3": formats.N_TRIPLES.media_type,
    "rdf+xml": formats.RDF_XML.media_type,
    "json-ld": formats.JSON_LD.media_type,
    **{one.extension: one.media_type for one in (*RESULTS, *GRAPHS, SPARQL_QUERY)},
}
"""What ``format=`` may say; ``json`` and ``xml`` are the fitting ones for rows and for triples, ``rq`` the query.

The others are what well-known clients send."""
HEADERS = {"Vary": "Accept, Accept-Language", "X-Robots-Tag": "noindex"}
"""What every answer of the endpoint says."""
ACCEPT_QUERY = f"{SPARQL_QUERY.media_type}, {formats.FORM.media_type}"
"""In what a query may be sent in a body by the method QUERY ("The HTTP QUERY Method" section 3, ``Accept-Query``)."""
PROTOCOL = frozenset({"query", "update", "default-graph-uri", "named-graph-uri"})
"""Parameters of the protocol."""

_WHOLE = DatasetClause()
_ANSWERS_OR_PAGE = (*RESULTS, *GRAPHS, HTML)
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_VERSION = re.compile(r"[0-9a-f]{4,64}")

Parameters = list[tuple[str, str]]


class Operation(NamedTuple):
    """A query operation: the text, the dataset, what the client accepts, and limits it asks for.

    ``timeout`` is in seconds, None for the site's own; ``snapshot`` is a version or its beginning, None for the
    present one.
    """

    query: str
    dataset: DatasetClause
    accept: str | None
    timeout: float | None = None
    snapshot: str | None = None


def decoded(text: bytes) -> Parameters:
    """Parameters of an address or a form, decoded once, strictly as UTF-8 (SPARQL 1.1 Protocol section 2.1.2)."""
    try:
        pairs = (part.partition("=") for part in text.decode("ascii").replace("+", " ").split("&") if part)
        return [(_decoded(name), _decoded(value)) for name, _, value in pairs]
    except UnicodeDecodeError as error:
        raise BadRequest("The parameters are not UTF-8 in percent-encoding.") from error


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode() if "%" in text else text


def accepted(header: str | None, parameters: Parameters) -> str | None:
    """The ``Accept`` header, or what ``format=`` says instead, a short name or a media type; raises ``BadRequest``."""
    wanted = [value for name, value in parameters if name == "format" and value]
    if not wanted:
        return header
    if "/" in wanted[-1]:
        return wanted[-1]
    if wanted[-1] not in SHORT_NAMES:
        raise BadRequest(f"There is no format “{wanted[-1]}”; there are: {', '.join(SHORT_NAMES)}.")
    return SHORT_NAMES[wanted[-1]]


def operation(parameters: Parameters, accept: str | None) -> Operation:
    """The one query among the parameters, its dataset and limits; raises ``BadRequest`` or ``QueryRefused``."""
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise QueryRefused("“update” is not done here: this endpoint only answers queries.")
    queries = values.get("query", [])
    if len(queries) != 1:
        reason = "There are several." if queries else "There is none."
        raise BadRequest(f"A request carries one query. {reason}")
    default, named = values.get("default-graph-uri", ()), values.get("named-graph-uri", ())
    dataset = DatasetClause(tuple(default), tuple(named)) if default or named else _WHOLE
    return Operation(queries[0], dataset, accept, _timeout(values.get("timeout")), _snapshot(values.get("snapshot")))


def prefers_page(accept: str | None) -> bool:
    """Whether a page is wanted rather than an answer; who accepts anything gets the answer."""
    try:
        return choose(accept, _ANSWERS_OR_PAGE) is HTML
    except NotAcceptable:
        return False


def _timeout(values: Sequence[str] | None) -> float | None:
    """The seconds of ``timeout=``, more than none."""
    given = _last(values)
    if given is None:
        return None
    seconds = float(given) if _SECONDS.fullmatch(given) else 0.0
    if seconds <= 0:
        raise BadRequest(f"“{given}” is no timeout: give seconds, such as timeout=5.")
    return seconds


def _snapshot(values: Sequence[str] | None) -> str | None:
    """The version of ``snapshot=``."""
    given = _last(values)
    if given is not None and not _VERSION.fullmatch(given):
        raise BadRequest(f"“{given}” is no version of a snapshot.")
    return given


def _last(values: Sequence[str] | None) -> str | None:
    """The last value of a parameter that says something."""
    return next((value for value in reversed(values) if value), None) if values else None
