"""What shapes may ask: their queries are read before anything runs, and none may fetch from elsewhere."""

import re
from collections.abc import Iterator

from rdflib import SH, Graph, Literal
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from kgpub.engine.guard import Reader
from kgpub.errors import BadQuery, QueryRefused

_QUERIES = (SH.select, SH.ask, SH.construct, SH.update)
_SUSPECT = re.compile(r"service|from|load", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")


def remote(shapes: Graph) -> tuple[Node, str] | None:
    """The first node of the shapes whose query, or whose prefix, names SERVICE or FROM, and why; None without one.

    A text that cannot be read as SPARQL (section 19.8) is refused too if such a word is anywhere in it.
    """
    for node, text in _texts(shapes):
        plain = _ESCAPE.sub(_character, text)
        if _SUSPECT.search(plain) and (reason := _reason(plain)):
            return node, reason
    for node, _, namespace in shapes.triples((None, SH.namespace, None)):
        if re.search(r"[<>\s]", str(namespace)):
            return node, "its sh:namespace is no IRI"
    for node, _, prefix in shapes.triples((None, SH.prefix, None)):
        if re.search(r"[<>:\s{}]", str(prefix)):
            return node, "its sh:prefix is no prefix"
    return None


def _texts(shapes: Graph) -> Iterator[tuple[Node, str]]:
    """The query texts and the nodes that have them, in a stable order."""
    for predicate in _QUERIES:
        found = [(node, text) for node, text in shapes.subject_objects(predicate) if isinstance(text, Literal)]
        for node, text in sorted(found, key=str):
            yield node, str(text)


def _character(escape: re.Match[str]) -> str:
    """The character of a codepoint escape (SPARQL 1.1 section 19.2)."""
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else escape[0]  # noqa: PLR2004 # the end of Unicode


def _reason(text: str) -> str:
    """Why a query may not run; nothing if it may."""
    try:
        words = [token.text.upper() for token in Reader(text).tokens() if token.kind == "word"]
    except QueryRefused as error:
        return error.detail
    except BadQuery as error:
        return f"it may fetch from elsewhere, and it cannot be read: {error.detail}"
    return "“FROM” is never done here: shapes ask about the site's own data" if "FROM" in words else ""


def refuse_remote(query: Query) -> None:
    """Raise ``QueryRefused`` for a parsed query that asks another endpoint or another dataset."""
    if query.algebra.datasetClause or "ServiceGraphPattern" in set(_names(query.algebra)):
        raise QueryRefused("A query of these shapes asks elsewhere (SERVICE or FROM), which is never done here.")


def _names(part: object) -> Iterator[str]:
    """The names of a parsed query's parts, however deep."""
    if isinstance(part, CompValue):
        yield part.name
        for value in part.values():
            yield from _names(value)
    elif isinstance(part, list | tuple | set):
        for value in part:
            yield from _names(value)
