"""The query doctor: a query's text → what is wrong with it, why it has no answer, how it is asked faster.

Pure: it reads tokens and never asks the engine; what it must know of the dataset is passed in (``Known``). Linear in
the length of the text, which the guard's limits bound.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from kgpub.doctor.edits import offset
from kgpub.doctor.filters import filters
from kgpub.doctor.findings import Hint, Known, Outcome
from kgpub.doctor.names import Names, names
from kgpub.doctor.order import order
from kgpub.doctor.paths import paths, repeated
from kgpub.doctor.prefixes import prefixes
from kgpub.doctor.reading import read
from kgpub.doctor.scoping import scoping
from kgpub.doctor.spots import Spot, spots
from kgpub.doctor.terms import languages, terms
from kgpub.doctor.tree import Bind, Nested, Query, Statement, Values, Variables
from kgpub.doctor.vocabulary import Vocabulary
from kgpub.doctor.words import words
from kgpub.engine.guard import Reader, Token, check
from kgpub.errors import BadQuery, KgpubError

__all__ = ["EXACT", "FATAL", "KINDS", "REWRITES", "Hint", "Known", "Outcome", "Vocabulary", "diagnose", "offset"]

MOST = 10
"""Most hints about one query."""
REWRITES = (
    "filter-values",
    "values-last",
    "exists-split",
    "limit-first",
    "sort-first",
    "path-split",
    "path-unbound",
    "optional-first",
    "offset",
    "union-push",
    "not-exists",
    "sort-join",
    "filter-join",
    "starts",
)
"""The kinds that are about speed; those with a fix ask for the same."""
EXACT = ("filter-values", "values-last", "exists-split", "path-split", "union-push", "not-exists")
"""The kinds whose fix has the same solutions; that of the others is one of those that LIMIT lets the engine choose."""
KINDS = (
    "word",
    "prefix",
    "prefix-declare",
    "prefix-unknown",
    "property",
    "property-unused",
    "class",
    "class-unused",
    "language",
    "language-other",
    "language-filter",
    "variable",
    "variable-near",
    "scoping-bind",
    "scoping-bind-early",
    "scoping-bind-optional",
    "scoping-bind-union",
    "scoping-bound",
    "scoping-filter",
    "scoping-group",
    "scoping-minus",
    "scoping-select",
    *REWRITES,
)
"""Every kind of hint."""

FATAL = ("word", "prefix", "prefix-declare", "prefix-unknown", "scoping-bound", "scoping-group")
"""The kinds for which the engine refuses the query."""

_ASKED = frozenset(REWRITES[REWRITES.index("union-push") :])
"""Rewrites that help only sometimes: told when a query was slow."""
_LONGEST = 1_000_000
"""Bytes of a fix that the guard may let pass; the endpoint's own limit is smaller."""


def diagnose(query: str, known: Known, outcome: Outcome | None = None) -> tuple[Hint, ...]:
    """What there is to say about a query, the gravest first; ``outcome`` is None before it is asked.

    Never raises, whatever the text. A fix always passes the guard.
    """
    tokens, stop = _tokens(query)
    said = names(tokens, known)
    unread = words(query, tokens, stop) if stop is not None else ()
    found = chain(unread, prefixes(query, tokens, said), _structural(query, tokens, said, outcome))
    return tuple(_checked(hint) for hint in islice(found, MOST))


def _tokens(query: str) -> tuple[tuple[Token, ...], int | None]:
    """The tokens as far as they can be read, and the offset at which that ends before the text does."""
    found: list[Token] = []
    try:
        for token in Reader(query).tokens():
            found.append(token)  # noqa: PERF402 # so that those before an error are kept
    except BadQuery as error:
        return tuple(found), offset(query, error.line or 1, error.column or 1)
    except KgpubError:
        pass  # refused for what it asks; what was read is worth a look
    return tuple(found), None


def _structural(query: str, tokens: tuple[Token, ...], said: Names, outcome: Outcome | None) -> Iterator[Hint]:
    """The hints that need the structure of the query."""
    tree = read(tokens)
    if tree is None:
        return
    yield from terms(query, tree, said)
    if outcome in (None, "empty"):
        yield from languages(query, tree, tokens, said)
    yield from scoping(query, tree)
    if outcome in (None, "slow"):
        found = list(_rewrites(query, tree, said))
        found.sort(key=lambda hint: REWRITES.index(hint.kind))
        yield from (hint for hint in found if outcome == "slow" or hint.kind not in _ASKED)


def _rewrites(query: str, tree: Query, said: Names) -> Iterator[Hint]:
    """The hints about speed.

    Fixes are withheld from queries with paths of length nought: whether one begins at a term that is not in the data
    depends on the plan that the engine makes.
    """
    every = list(spots(query, tree, said))
    often = repeated((triple for spot in every for triple in spot.group.triples), _others(every))
    is_sure = not any(triple.may_be_empty for spot in every for triple in spot.group.triples)
    for spot in every:
        for hint in chain(filters(spot), order(spot)):
            yield hint if is_sure else replace(hint, fix=None)
        yield from paths(spot, often)


def _others(every: list[Spot]) -> Variables:
    """The variables that something else than a triple may restrict."""
    found: Variables = frozenset()
    for spot in every:
        found |= spot.select.values.possible if spot.select and spot.select.values else frozenset()
        for element in spot.group.elements:
            if isinstance(element, Values | Bind):
                found |= element.possible
            elif isinstance(element, Nested):
                found |= element.graph
            elif isinstance(element, Statement):
                found |= element.extra
    return found


def _checked(hint: Hint) -> Hint:
    """The hint, without its fix if the guard would refuse that."""
    if hint.fix is not None:
        try:
            check(hint.fix, _LONGEST)
        except KgpubError:
            return replace(hint, fix=None)
    return hint
