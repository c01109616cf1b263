"""A saved query: a question with titles and typed parameters, and the one way in which values enter it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from pyoxigraph import QueryBoolean, QuerySolutions, Store

from kgpub.engine.evaluate import bad_query
from kgpub.engine.guard import Reader, check
from kgpub.errors import BadQuery, BadRequest, KgpubError, QueryRefused, SourceError
from kgpub.iris import Iris
from kgpub.model import Labels
from kgpub.saved.parameters import Parameter, Value, read
from kgpub.saved.scope import scope
from kgpub.settings import Settings

RESERVED = frozenset({"lang"})
"""Names that no parameter may have, since the pages' addresses use them."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")

Values = Mapping[str, tuple[Value, ...]]
"""What each parameter is bound to; one that is not bound is absent."""


class Kind(Enum):
    """What a query answers with: the rows of a SELECT, the truth of an ASK, triples of a CONSTRUCT or DESCRIBE."""

    ROWS = "rows"
    TRUTH = "truth"
    TRIPLES = "triples"


@dataclass(frozen=True)
class About:
    """What a query says of itself, per language: what it asks, why, and which part of SPARQL it shows."""

    title: Labels = field(default_factory=dict)
    description: Labels = field(default_factory=dict)
    lesson: Labels = field(default_factory=dict)
    order: float | None = None
    """Its place in the gallery; those without one come last, by name."""


@dataclass(frozen=True)
class SavedQuery:
    """A question that a site publishes; ``file`` is where it stands, ``at`` where values are put into ``text``."""

    name: str
    file: str
    about: About
    text: str
    kind: Kind
    columns: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    at: int | None = None

    @property
    def title(self) -> Labels:
        """Its title per language; its name where it has none."""
        return self.about.title or {"": self.name}

    @property
    def defaults(self) -> Values:
        """What is bound when nothing is given."""
        return {one.name: (one.default,) for one in self.parameters if one.default is not None}

    def values(self, given: Iterable[tuple[str, str]], iris: Iris) -> Values:
        """The terms that texts of an address stand for.

        A parameter that is not named takes its default. An empty text is no value: an optional parameter is then not
        bound, any other takes its default. Raises ``BadRequest`` for an unknown name or a value of another type.
        """
        known = {one.name: one for one in self.parameters}
        found: dict[str, tuple[Value, ...]] = dict(self.defaults)
        named: dict[str, list[str]] = {}
        for name, text in given:
            if name not in known:
                names = ", ".join(known) or "none"
                raise BadRequest(f"The query “{self.name}” has no parameter “{name}”. It has: {names}.")
            named.setdefault(name, []).append(text)
        for name, texts in named.items():
            terms = tuple(dict.fromkeys(known[name].term(text, iris) for text in texts if text))
            if terms:
                found[name] = terms
            elif known[name].is_optional:
                found.pop(name, None)
        return found

    def missing(self, values: Values) -> tuple[Parameter, ...]:
        """The parameters without which the query cannot be asked and that have no value."""
        return tuple(one for one in self.parameters if one.is_required and one.name not in values)

    def bound(self, values: Values) -> str:
        """The query with its parameters bound: a VALUES block each at the head of the outermost group.

        (SPARQL 1.1 section 10.2.) Several values of one parameter are several rows: their answers together. Raises
        ``BadRequest`` when a parameter that must be given is absent.
        """
        lacking = self.missing(values)
        if lacking:
            names = ", ".join(f"“{one.name}” ({one.type.name})" for one in lacking)
            raise BadRequest(f"The query “{self.name}” needs the parameter {names}.")
        return _bound(self.text, self.at, {one.name: values.get(one.name, ()) for one in self.parameters})


def made(
    place: tuple[str, int], name: str, about: About, text: str, parameters: tuple[Parameter, ...], site: Settings
) -> SavedQuery:
    """A saved query that was checked: it can be read, and its parameters reach what they are meant for.

    ``place`` is the file, and the lines in it before the query. Raises ``SourceError`` with file and line.
    """
    file, skipped = place
    padded = "\n" * skipped + text.rstrip()
    try:
        if not _NAME.fullmatch(name):
            raise QueryRefused(f"“{name}” is no name for a query: small letters, digits and hyphens are")
        at = _room(padded, parameters)
        kind, columns = _answers(padded, site)
        samples = {one.name: (_sample(one, site.iris),) for one in parameters}
        asked = _bound(padded, at, samples)
        _answers(asked, site)
        check(asked, site.sparql.max_query)
    except KgpubError as error:
        line = error.line if isinstance(error, BadQuery) and error.line else skipped + 1
        raise SourceError(file, error.detail, line) from error
    return SavedQuery(name, file, about, text, kind, columns, parameters, None if at is None else at - skipped)


def standalone(text: str, site: Settings) -> str:
    """A query with the base and the prefixes that it uses and does not declare, so that it means the same anywhere."""
    declared: set[str] = set()
    used: set[str] = set()
    is_relative, has_base, before = False, False, ""
    for token in Reader(text).tokens():
        if token.kind == "name":
            (declared if before == "PREFIX" else used).add(token.text.partition(":")[0])
        is_relative |= token.kind == "iri" and not _ABSOLUTE.match(token.text)
        before = token.text.upper() if token.kind == "word" else ""
        has_base |= before == "BASE"
    lines = [f"BASE <{site.base}>\n"] if is_relative and not has_base else []
    known = site.all_prefixes
    lines += [f"PREFIX {name}: <{known[name]}>\n" for name in sorted(used - declared) if name in known]
    return "".join(lines) + text


def _bound(text: str, at: int | None, values: Values) -> str:
    blocks = "".join(
        f"\n  VALUES ?{name} {{ {' '.join(str(term) for term in terms)} }}" for name, terms in values.items() if terms
    )
    if at is None or not blocks:
        return text
    rest = text[at:]
    line_end = "\n " if rest.partition("\n")[0].strip() else ""
    return text[:at] + blocks + line_end + rest


def _room(text: str, parameters: tuple[Parameter, ...]) -> int | None:
    """Where values are put; raises ``QueryRefused`` where a parameter would not reach what it is meant for."""
    found = scope(text)
    names = [one.name for one in parameters]
    if names and found.at is None:
        raise QueryRefused(f"The query has parameters, but {found.why}")
    for name in names:
        reason = found.hidden.get(name, "")
        if not _VARIABLE.fullmatch(name) or name in RESERVED or names.count(name) > 1:
            reason = "that is no name, or one that is taken"
        elif name not in found.names:
            reason = f"the query has no variable ?{name}"
        if reason:
            raise QueryRefused(f"The parameter “{name}” cannot be bound: {reason}")
    return found.at


def _answers(text: str, site: Settings) -> tuple[Kind, tuple[str, ...]]:
    """What a query answers with, and its columns; asked of an empty store. Raises ``BadQuery`` or ``QueryRefused``."""
    try:
        result = Store().query(text, base_iri=site.base, prefixes=dict(site.all_prefixes))
    except SyntaxError as error:
        raise bad_query(error, text) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryRefused(f"The query cannot be asked: {error}") from error
    if isinstance(result, QuerySolutions):
        return Kind.ROWS, tuple(variable.value for variable in result.variables)
    return (Kind.TRUTH if isinstance(result, QueryBoolean) else Kind.TRIPLES), ()


def _sample(parameter: Parameter, iris: Iris) -> Value:
    """A value of a parameter, to try it with."""
    found = (
        parameter.default or next(iter(parameter.choices), None) or read(parameter.type, parameter.type.example, iris)
    )
    assert found is not None  # each type's example is of the type
    return found
