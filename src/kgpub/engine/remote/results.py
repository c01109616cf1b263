"""Answers of an endpoint as terms: only a whole result counts, and what is written oddly is read as it was meant."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from kgpub.engine.remote.client import Body
from kgpub.errors import UpstreamFailed

Row = QuerySolution
Term = NamedNode | BlankNode | Literal | Triple

_ASKED = "__ASK_RETVAL"
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


def rows(body: Body) -> list[Row]:
    """The solutions of a SELECT (SPARQL 1.1 Query Results JSON Format section 3); raises ``SyntaxError`` for less.

    IRIs with characters that no IRI has come percent-encoded, since the endpoint has them that way.
    """
    text = body.read()
    try:
        return list(_solutions(text))
    except SyntaxError:
        mended = _mended(text)
        if mended is None:
            raise
        return list(_solutions(mended))


def boolean(body: Body) -> bool:
    """The answer to an ASK; raises ``SyntaxError`` for anything else."""
    return bool(asked(parse_query_results(body.read(), format=QueryResultsFormat.JSON)))


def asked(result: QuerySolutions | QueryBoolean) -> QueryBoolean:
    """The answer to an ASK, which Virtuoso may write as a table of one number; raises ``SyntaxError`` for another."""
    if isinstance(result, QueryBoolean):
        return result
    if [variable.value.upper() for variable in result.variables] != [_ASKED]:
        raise SyntaxError("a table where true or false was asked for")
    told = [row[0] for row in result]
    is_true = any(isinstance(value, Literal) and value.value not in ("0", "false") for value in told)
    text = json.dumps({"head": {}, "boolean": is_true})
    made = parse_query_results(text, format=QueryResultsFormat.JSON)
    assert isinstance(made, QueryBoolean)
    return made


def triples(body: Body) -> Iterator[Triple]:
    """The triples of a CONSTRUCT in N-Triples, read as they come.

    Raises ``SyntaxError`` for text that is none, or that ends within a line.
    """
    for quad in parse(body, format=RdfFormat.N_TRIPLES):  # type: ignore[arg-type] # pyoxigraph takes any object that reads
        yield quad.triple
    if body.last not in (b"", b"\n"):
        raise SyntaxError("it ends in the middle of a line")


def number(term: object) -> int:
    """A count; raises ``UpstreamFailed`` for anything else."""
    if isinstance(term, Literal) and term.value.isascii() and term.value.isdigit():
        return int(term.value)
    raise UpstreamFailed(f"the endpoint counts to {term}")


def _solutions(text: bytes) -> Iterator[Row]:
    result = parse_query_results(text, format=QueryResultsFormat.JSON)
    if not isinstance(result, QuerySolutions):
        raise SyntaxError("true or false where a table was asked for")
    yield from result


def _mended(text: bytes) -> bytes | None:
    """A result whose only fault is characters in IRIs, with these encoded; None where that is not what is wrong."""
    try:
        read = json.loads(text)
        found = [term for row in read["results"]["bindings"] for term in row.values() if term["type"] == "uri"]
        faulty = [term for term in found if _FORBIDDEN.search(term["value"])]
        for term in faulty:
            term["value"] = _FORBIDDEN.sub(lambda match: quote(match[0], safe=""), term["value"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return json.dumps(read).encode() if faulty else None
