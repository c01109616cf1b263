"""A query as a tree of groups: as much of its structure as the doctor needs, with places in the text.

Variables stand without their sign. ``possible`` are the variables that a solution may bind, ``certain`` those that
every solution binds (SPARQL 1.1 section 18.2.1).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from kgpub.engine.guard import Token

Variables = frozenset[str]
NONE: Variables = frozenset()


def variables(tokens: tuple[Token, ...]) -> Variables:
    """The variables among tokens."""
    return frozenset(token.text[1:] for token in tokens if token.kind == "variable")


def end(token: Token) -> int:
    """The offset after a token."""
    return token.start + len(token.text)


@dataclass(frozen=True)
class Node:
    """What stands in a triple: a term's tokens, or the first token of a property list or a collection."""

    tokens: tuple[Token, ...]
    end: int

    @property
    def start(self) -> int:
        """The offset of its first character."""
        return self.tokens[0].start

    @property
    def variable(self) -> str | None:
        """The variable that it is, if it is one."""
        return self.tokens[0].text[1:] if self.tokens[0].kind == "variable" else None

    @property
    def is_simple(self) -> bool:
        """Whether it is a variable, an IRI or a literal: no blank node, nothing that holds other terms."""
        first = self.tokens[0]
        return first.text not in ("[", "(", "<<") and not first.text.startswith("_:")

    @property
    def iri(self) -> Token | None:
        """The token of the IRI that it is, if it is one."""
        first = self.tokens[0]
        return first if first.kind in ("iri", "name") and self.is_simple else None


@dataclass(frozen=True)
class Triple:
    """A triple pattern; the predicate is a variable, an IRI or a path, as tokens."""

    subject: Node
    predicate: tuple[Token, ...]
    object: Node

    @cached_property
    def variables(self) -> Variables:
        """Its variables."""
        return variables(self.subject.tokens) | variables(self.predicate) | variables(self.object.tokens)

    @property
    def is_path(self) -> bool:
        """Whether the predicate is more than one IRI or variable."""
        return len(self.predicate) > 1

    @cached_property
    def may_be_empty(self) -> bool:
        """Whether its path may have length nought: where no step of a sequence must be taken."""
        steps, depth = [False], 0
        for token in self.predicate:
            depth += (token.text == "(") - (token.text == ")")
            if token.text == "/" and not depth:
                steps.append(False)
            elif token.text in ("*", "?"):
                steps[-1] = True
        is_choice = any(token.text == "|" for token in self.predicate)
        return any(steps) if is_choice else all(steps)

    @property
    def is_simple(self) -> bool:
        """Whether both its ends are."""
        return self.subject.is_simple and self.object.is_simple

    def text(self, query: str) -> str:
        """The triple written out, whatever it was shortened by."""
        predicate = query[self.predicate[0].start : end(self.predicate[-1])]
        nodes = (query[node.start : node.end] for node in (self.subject, self.object))
        return f"{next(nodes)} {predicate} {next(nodes)}"


@dataclass(frozen=True)
class Element:
    """One element of a group, from ``start`` up to ``end``, its full stop included."""

    start: int
    end: int

    @property
    def possible(self) -> Variables:
        """The variables it may bind."""
        return NONE

    @property
    def certain(self) -> Variables:
        """The variables it binds in every solution."""
        return NONE

    @property
    def groups(self) -> tuple["Group", ...]:
        """The groups directly in it."""
        return ()


@dataclass(frozen=True)
class Statement(Element):
    """Triples with one subject.

    ``is_plain`` without annotations and triple terms (RDF 1.2), ``is_closed`` with a full stop after them.
    """

    triples: tuple[Triple, ...]
    extra: Variables = NONE
    is_plain: bool = True
    is_closed: bool = False

    @cached_property
    def possible(self) -> Variables:
        """All its variables."""
        return self.extra.union(*(triple.variables for triple in self.triples))

    @property
    def certain(self) -> Variables:
        """All its variables."""
        return self.possible


@dataclass(frozen=True)
class Expression:
    """An expression's tokens, without those of the groups after EXISTS in it."""

    tokens: tuple[Token, ...]
    groups: tuple["Group", ...] = ()

    @cached_property
    def variables(self) -> Variables:
        """The variables it uses outside EXISTS."""
        return variables(self.tokens)


@dataclass(frozen=True)
class Filter(Element):
    """FILTER."""

    expression: Expression

    @property
    def groups(self) -> tuple["Group", ...]:
        """The groups after EXISTS."""
        return self.expression.groups


@dataclass(frozen=True)
class Bind(Element):
    """BIND (expression AS variable)."""

    expression: Expression
    variable: Token

    @property
    def possible(self) -> Variables:
        """The variable, unless the expression fails."""
        return variables((self.variable,))

    @property
    def groups(self) -> tuple["Group", ...]:
        """The groups after EXISTS."""
        return self.expression.groups


@dataclass(frozen=True)
class Values(Element):
    """VALUES, in a group or after the query."""

    names: tuple[str, ...]
    open_names: Variables

    @cached_property
    def possible(self) -> Variables:
        """Its variables."""
        return frozenset(self.names)

    @property
    def certain(self) -> Variables:
        """Its variables without those that are UNDEF in some row."""
        return self.possible - self.open_names


@dataclass(frozen=True)
class Nested(Element):
    """A group in a group: ``word`` is OPTIONAL, MINUS, GRAPH, LATERAL or nothing."""

    word: str
    group: "Group"
    graph: Variables = NONE

    @property
    def possible(self) -> Variables:
        """What the group may bind, and the graph's variable; MINUS binds nothing."""
        return NONE if self.word == "MINUS" else self.group.possible | self.graph

    @property
    def certain(self) -> Variables:
        """What the group binds; OPTIONAL may bind nothing."""
        return NONE if self.word in ("MINUS", "OPTIONAL") else self.group.certain | self.graph

    @property
    def groups(self) -> tuple["Group", ...]:
        """The group."""
        return (self.group,)


@dataclass(frozen=True)
class Union(Element):
    """Groups joined by UNION."""

    branches: tuple["Group", ...]

    @cached_property
    def possible(self) -> Variables:
        """What some branch may bind."""
        return NONE.union(*(branch.possible for branch in self.branches))

    @cached_property
    def certain(self) -> Variables:
        """What every branch binds."""
        return frozenset.intersection(*(branch.certain for branch in self.branches))

    @property
    def groups(self) -> tuple["Group", ...]:
        """The branches."""
        return self.branches


@dataclass(frozen=True)
class Group:
    """A group graph pattern with its braces; ``select`` is set where it holds a sub-select."""

    start: int
    end: int
    elements: tuple[Element, ...] = ()
    select: "Select | None" = None

    @cached_property
    def possible(self) -> Variables:
        """What its solutions may bind."""
        inner = self.select.possible if self.select else NONE
        return inner.union(*(element.possible for element in self.elements))

    @cached_property
    def certain(self) -> Variables:
        """What its solutions bind; of a sub-select, nothing is said."""
        return NONE.union(*(element.certain for element in self.elements))

    @cached_property
    def lead(self) -> tuple[Statement, ...]:
        """The statements before the first element that is neither a statement nor a filter."""
        found: list[Statement] = []
        for element in self.elements:
            if isinstance(element, Statement):
                found.append(element)
            elif not isinstance(element, Filter):
                break
        return tuple(found)

    @cached_property
    def lead_triples(self) -> tuple[Triple, ...]:
        """The triples of those statements."""
        return tuple(triple for statement in self.lead for triple in statement.triples)

    @property
    def triples(self) -> Iterator[Triple]:
        """The triples directly in it."""
        for element in self.elements:
            if isinstance(element, Statement):
                yield from element.triples

    @property
    def inside(self) -> int:
        """The offset of its first element, or of what closes it."""
        return self.elements[0].start if self.elements else self.end - 1


@dataclass(frozen=True)
class Clause:
    """GROUP BY, HAVING or ORDER BY: its text from ``start`` up to ``end``, and what it says after its name."""

    start: int
    end: int
    expression: Expression
    names: tuple[str, ...] = ()
    """The variables that GROUP BY (expression AS variable) makes."""


@dataclass(frozen=True)
class Projected:
    """What SELECT gives: a variable, or (expression AS variable)."""

    variable: Token
    expression: Expression | None = None


@dataclass(frozen=True)
class Select:
    """A query or sub-select from its first word on; for other forms of query the projection is empty, as for ``*``."""

    start: int
    end: int
    where: Group
    word: str = ""
    """DISTINCT, REDUCED or nothing."""
    projection: tuple[Projected, ...] = ()
    clauses: dict[str, Clause] = field(default_factory=dict)
    """GROUP, HAVING, ORDER → what they say."""
    limit: int | None = None
    offset: int = 0
    values: Values | None = None

    @cached_property
    def possible(self) -> Variables:
        """The variables it gives."""
        if self.projection:
            return variables(tuple(one.variable for one in self.projection))
        return self.where.possible | (self.values.possible if self.values else NONE)

    @cached_property
    def is_grouped(self) -> bool:
        """Whether it groups or counts."""
        parts = (*(one.expression for one in self.projection), *(one.expression for one in self.clauses.values()))
        tokens = (token for part in parts if part for token in part.tokens)
        return bool({"GROUP", "HAVING"} & set(self.clauses)) or any(
            token.kind == "word" and token.text.upper() in AGGREGATES for token in tokens
        )


AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
"""The functions over groups (SPARQL 1.1 section 18.5.1)."""


@dataclass(frozen=True)
class Query:
    """A whole query: its form, and the pattern with its modifiers; only DESCRIBE can be without.

    ``output`` is what DESCRIBE names, or the template of CONSTRUCT.
    """

    form: str
    select: Select | None
    output: tuple[Token, ...] = ()


def groups(group: Group) -> Iterator[Group]:
    """A group and all groups in it, from the outside in."""
    waiting = [group]
    while waiting:
        one = waiting.pop(0)
        yield one
        if one.select is not None:
            waiting.append(one.select.where)
            waiting += [g for clause in one.select.clauses.values() for g in clause.expression.groups]
            waiting += [g for given in one.select.projection if given.expression for g in given.expression.groups]
        for element in one.elements:
            waiting += element.groups
