"""The site's own questions that a snapshot is made with: where statements come from, and where graphs do.

Each is a SELECT in the site's folder ``queries``, or the one that comes with kgpub. Nobody waits for its answer, so it
may take its time; all else that is refused of a visitor's query is refused of it as well, SERVICE above all: nothing
elsewhere is asked while a site is built or checked.
"""

from collections.abc import Iterator, Mapping

from pyoxigraph import QuerySolutions, Store, Triple

from kgpub import queries
from kgpub.engine import guard
from kgpub.engine.evaluate import bad_query
from kgpub.errors import BadQuery, KgpubError, SourceError
from kgpub.model import Term
from kgpub.settings import Settings

NEEDED: Mapping[str, tuple[str, ...]] = {
    "provenance": ("statement", "subject", "predicate", "object"),
    "graph-sources": ("graph", "document"),
}
"""The questions by name, with the variables that each has to have."""

_LONGEST = 262_144
"""Bytes of a question."""

Terms = dict[str, Term | Triple | None]
"""A row as the engine gives it, by the names of its variables."""


def text(name: str, site: Settings) -> str:
    """The text of a question; raises ``SourceError`` where it cannot be read, or may not be asked."""
    try:
        question = queries.text(name, site.folder)
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(name, f"cannot be read: {error}") from error
    try:
        guard.check(question, _LONGEST)
    except KgpubError as error:
        raise _refusal(name, error) from error
    return question


def rows(store: Store, name: str, question: str, site: Settings) -> Iterator[Terms]:
    """The answers to a question of this name; raises ``SourceError`` where it does not select what it has to."""
    try:
        found = store.query(question, base_iri=site.base, prefixes=dict(site.all_prefixes))
    except SyntaxError as error:
        raise _refusal(name, bad_query(error, question)) from error
    if not isinstance(found, QuerySolutions):
        del found  # what keeps the refusal keeps no answer of the engine, which only this thread may let go of
        raise _refusal(name, "is no SELECT query")
    names = [variable.value for variable in found.variables]
    if missing := [f"?{one}" for one in NEEDED[name] if one not in names]:
        del found  # as above
        raise _refusal(name, f"does not select {', '.join(missing)}")
    return (dict(zip(names, row, strict=True)) for row in found)


def _refusal(name: str, why: str | KgpubError) -> SourceError:
    """That the file of a question is not fit, and where if that is known."""
    line = why.line if isinstance(why, BadQuery) else None
    return SourceError(f"queries/{name}.rq", why if isinstance(why, str) else why.detail, line)
