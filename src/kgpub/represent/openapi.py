"""The interface in OpenAPI 3.1: the application's own addresses, and one for each saved query."""

from collections.abc import Iterable

from kgpub.formats import HTML, PROBLEM, SPARQL_QUERY
from kgpub.model import Labels, pick
from kgpub.represent.addresses import described
from kgpub.represent.frame import QUERIES
from kgpub.represent.saved import formats
from kgpub.saved import Kind, Parameter, SavedQuery, written
from kgpub.settings import Settings

_TYPES = {"boolean": "boolean", "integer": "integer", "decimal": "number", "double": "number"}
_FORMATS = {"iri": "iri-reference", "date": "date", "dateTime": "date-time"}
_SPOKEN = ("en",)
"""Descriptions of an interface for programs are English where there is any."""
_REFUSALS = {
    "400": "A parameter is unknown, missing or of another type",
    "401": "The API key is not known",
    "404": "There is no such format",
    "406": "The answer cannot be written in this format",
    "414": "The address is too long",
    "429": "One client has too many queries under way",
    "503": "No answer can be had at the moment",
}


def openapi(site: Settings, queries: Iterable[SavedQuery], version: str) -> dict[str, object]:
    """The whole description (OpenAPI 3.1 section 4.8.1); its paths are those of the host that it is had from."""
    title = site.words(site.title, _SPOKEN).value
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": site.words(site.description, _SPOKEN).value},
        "paths": described(site) | openapi_paths(site, queries),
    }


def openapi_paths(site: Settings, queries: Iterable[SavedQuery]) -> dict[str, object]:
    """The path items (OpenAPI 3.1 section 4.8.9) of saved queries, by their paths."""
    return {site.iris.page(f"{QUERIES}/{one.name}.{{format}}"): {"get": _operation(one, site)} for one in queries}


def _operation(query: SavedQuery, site: Settings) -> dict[str, object]:
    offered = (*formats(query.kind), SPARQL_QUERY)
    ending = {
        "name": "format",
        "in": "path",
        "required": True,
        "description": "The format of the answer; rq is the query itself.",
        "schema": {"type": "string", "enum": [one.extension for one in offered]},
    }
    answers = {"rows": "Rows of: ", "truth": "True or false", "triples": "Triples"}[query.kind.value]
    columns = ", ".join(query.columns) if query.kind is Kind.ROWS else ""
    refused = {PROBLEM.media_type: {"schema": {"type": "object"}}, HTML.media_type: {}}
    return {
        "operationId": f"query_{query.name.replace('-', '_')}",
        "tags": [QUERIES.rpartition("/")[2]],
        "summary": _said(query.title),
        "description": _said(query.about.description),
        "parameters": [ending, *(_parameter(one, site) for one in query.parameters)],
        "responses": {
            "200": {"description": answers + columns, "content": {one.media_type: {} for one in offered}},
            **{status: {"description": reason, "content": refused} for status, reason in _REFUSALS.items()},
        },
    }


def _parameter(one: Parameter, site: Settings) -> dict[str, object]:
    """A parameter, which may be given several times (style form, exploded)."""
    texts = [_said(one.label), _said(one.description), f"Class: {one.of}." if one.of else ""]
    kind: dict[str, object] = {"type": _TYPES.get(one.type.name, "string")}
    if one.type.name in _FORMATS:
        kind["format"] = _FORMATS[one.type.name]
    if one.choices:
        kind["enum"] = [written(value, site.iris) for value in one.choices]
    schema: dict[str, object] = {"type": "array", "items": kind}
    if one.default is not None:
        schema["default"] = [_json(written(one.default, site.iris), str(kind["type"]))]
    return {
        "name": one.name,
        "in": "query",
        "required": one.is_required,
        "description": ". ".join(text.rstrip(".") for text in texts if text),
        "style": "form",
        "explode": True,
        "schema": schema,
    }


def _json(text: str, kind: str) -> object:
    """A default in the JSON type that its schema names."""
    if kind == "boolean":
        return text in {"true", "1"}
    if kind == "integer":
        return int(text)
    return float(text) if kind == "number" else text


def _said(labels: Labels) -> str:
    found = pick(labels, _SPOKEN)
    return found.value if found else ""
