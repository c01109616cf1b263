"""SPARQL results read by the letter of their formats' specifications, by other code than writes them.

SPARQL 1.1 Query Results JSON Format, XML Format, CSV and TSV Formats, with what SPARQL 1.2 adds: triple terms and
directions of text.
"""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

XML = "{http://www.w3.org/XML/1998/namespace}"
ITS = "{http://www.w3.org/2005/11/its}"
SRX = "{http://www.w3.org/2005/sparql-results#}"
DIRECTIONS = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Table:
    """A result: its variables and rows, or its truth."""

    names: tuple[str, ...]
    rows: list[dict[str, object]]
    truth: bool | None = None


def read_json(body: bytes) -> Table:
    """A result in JSON."""
    found = json.loads(body)
    if "boolean" in found:
        return Table((), [], found["boolean"])
    rows = found["results"]["bindings"]
    return Table(tuple(found["head"]["vars"]), [{name: _from_json(term) for name, term in row.items()} for row in rows])


def _from_json(term: Mapping[str, Any]) -> Term:  # Any: what json.loads gives
    value = term["value"]
    match term["type"]:
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "triple":
            return _triple(*(_from_json(value[part]) for part in ("subject", "predicate", "object")))
        case "literal":
            return _literal(value, term.get("xml:lang"), term.get("its:dir"), term.get("datatype"))
    raise ValueError(term)


def read_xml(body: bytes) -> Table:
    """A result in XML."""
    root = ElementTree.fromstring(body)
    truth = root.find(SRX + "boolean")
    if truth is not None:
        return Table((), [], truth.text == "true")
    names = tuple(variable.attrib["name"] for variable in root.iter(SRX + "variable"))
    results = root.find(SRX + "results")
    assert results is not None
    return Table(names, [{cell.attrib["name"]: _from_xml(cell[0]) for cell in row} for row in results])


def _from_xml(term: ElementTree.Element) -> Term:
    value = term.text or ""
    match term.tag.removeprefix(SRX):
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "triple":
            return _triple(*(_from_xml(part[0]) for part in term))
        case "literal":
            return _literal(value, term.get(XML + "lang"), term.get(ITS + "dir"), term.get("datatype"))
    raise ValueError(term.tag)


def read_tsv(body: bytes) -> Table:
    """A result in TSV: terms are written as in Turtle."""
    text = body.decode()
    if text.strip() in {"true", "false"}:
        return Table((), [], text.strip() == "true")
    assert text.endswith("\n")
    head, *lines = text.removesuffix("\n").split("\n")
    names = tuple(name.removeprefix("?") for name in head.split("\t") if name)
    return Table(names, [_from_tsv(names, line) for line in lines])


def _from_tsv(names: tuple[str, ...], line: str) -> dict[str, object]:
    cells = line.split("\t") if names else []
    assert len(cells) == len(names)
    return {name: _from_turtle(cell) for name, cell in zip(names, cells, strict=True) if cell}


def _from_turtle(term: str) -> Term:
    (quad,) = parse(f"<urn:x> <urn:x> {term} .", format=RdfFormat.TURTLE)
    read: Term = quad.object
    return read


def read_csv(body: bytes) -> list[tuple[str, ...]]:
    """A result in CSV: a row of names, then the rows of texts; an empty line is a row of one empty cell."""
    rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
    return [tuple(row or [""]) for row in rows]


def as_csv(table: Table) -> list[tuple[str, ...]]:
    """What a result is in CSV, where every blank node is ``_:``."""
    rows = (tuple(as_text(row.get(name)) for name in table.names or [""]) for row in table.rows)
    return [table.names or ("",), *rows]


def as_text(term: object) -> str:
    """A term as CSV has it (SPARQL 1.1 CSV and TSV Formats section 3.1), without the label of a blank node."""
    match term:
        case BlankNode():
            return "_:"
        case NamedNode() | Literal():
            return term.value
        case Triple():
            return " ".join(as_text(part) for part in (term.subject, term.predicate, term.object))
    return ""


def _literal(value: str, language: str | None, direction: str | None, datatype: str | None) -> Literal:
    if direction is not None:
        return Literal(value, language=language, direction=DIRECTIONS[direction])
    if language is not None:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype) if datatype else None)


def _triple(subject: Term, predicate: Term, object: Term) -> Triple:
    assert isinstance(subject, NamedNode | BlankNode | Triple)
    assert isinstance(predicate, NamedNode)
    return Triple(subject, predicate, object)
