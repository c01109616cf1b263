"""Tokens → the tree of a query (SPARQL 1.1 section 19.8, 1.2 for triple terms and annotations).

Reads more than the standard allows, never less: the engine is the judge of what is SPARQL. Brackets nest at most as
deep as the guard lets them.
"""

from kgpub.doctor.tree import (
    NONE,
    Bind,
    Clause,
    Element,
    Expression,
    Filter,
    Group,
    Nested,
    Projected,
    Query,
    Select,
    Union,
    Values,
    variables,
)
from kgpub.doctor.triples import CLOSES, MARKS, NOTHING, Gathered, TripleReader, Unreadable
from kgpub.engine.guard import Token

_NAMED = 4
"""Fewest tokens of (AS ?x)."""


def read(tokens: tuple[Token, ...]) -> Query | None:
    """The tree of a query, or None where it is not to be made out."""
    try:
        return _Reading(tokens).query()
    except Unreadable:
        return None


class _Reading(TripleReader):
    """Recursive descent over tokens: queries and groups."""

    # ---- queries

    def query(self) -> Query:
        """The whole query."""
        while self._takes("BASE", "PREFIX", "VERSION"):
            while self._peek().kind in ("iri", "name", "string"):
                self._take()
        form = self._must("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
        output: tuple[Token, ...] = ()
        if form.text.upper() == "CONSTRUCT" and self._is("{"):
            output = self._balanced().tokens
        if form.text.upper() == "DESCRIBE":
            output = self._described()
        select = None if self._peek() is NOTHING else self._select(form)
        if self._peek() is not NOTHING:
            raise Unreadable
        return Query(form.text.upper(), select, output)

    def _described(self) -> tuple[Token, ...]:
        """What DESCRIBE names."""
        began = self._at
        while self._is("*") or self._peek().kind in ("variable", "iri", "name"):
            self._take()
        return self._tokens[began : self._at]

    def _select(self, form: Token) -> Select:
        """From after the first word to the end of the (sub-)select."""
        word = ""
        projection: tuple[Projected, ...] = ()
        if form.text.upper() == "SELECT":
            word = self._take().text.upper() if self._is("DISTINCT", "REDUCED") else ""
            projection = self._projection()
        while self._takes("FROM"):
            self._takes("NAMED")
            self._kind("iri", "name")
        self._takes("WHERE")
        where = self._group()
        clauses = self._clauses()
        limit, offset = self._slice()
        values = self._values(self._take()) if self._is("VALUES") else None
        return Select(form.start, self._end, where, word, projection, clauses, limit, offset, values)

    def _projection(self) -> tuple[Projected, ...]:
        if self._takes("*"):
            return ()
        found = []
        while self._is("(") or self._peek().kind == "variable":
            if self._is("("):
                found.append(self._named())
            else:
                found.append(Projected(self._take()))
        if not found:
            raise Unreadable
        return tuple(found)

    def _named(self) -> Projected:
        """(expression AS variable)."""
        inner = self._balanced()
        if len(inner.tokens) < _NAMED or inner.tokens[-3].text.upper() != "AS":
            raise Unreadable
        return Projected(inner.tokens[-2], Expression(inner.tokens[1:-3], inner.groups))

    def _clauses(self) -> dict[str, Clause]:
        found = {}
        for name in ("GROUP", "HAVING", "ORDER"):
            if self._is(name):
                found[name] = self._clause()
        return found

    def _clause(self) -> Clause:
        """GROUP BY, HAVING or ORDER BY with all that it lists."""
        start = self._take().start
        self._takes("BY")
        parts: list[Expression] = []
        names: list[str] = []
        while not self._is("}", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", ""):
            part = self._part()
            if len(part.tokens) >= _NAMED and part.tokens[-3].text.upper() == "AS":
                names.append(part.tokens[-2].text[1:])
                part = Expression(part.tokens[:-3], part.groups)
            parts.append(part)
        tokens = tuple(token for part in parts for token in part.tokens)
        return Clause(start, self._end, Expression(tokens, tuple(g for p in parts for g in p.groups)), tuple(names))

    def _part(self) -> Expression:
        """A bracket, a group after EXISTS, or any other single token."""
        if self._is("("):
            return self._balanced()
        token = self._take()
        groups = (self._group(),) if token.text.upper() == "EXISTS" else ()
        return Expression((token,), groups)

    def _slice(self) -> tuple[int | None, int]:
        """LIMIT and OFFSET, in either order."""
        found: dict[str, int] = {}
        while self._is("LIMIT", "OFFSET"):
            word = self._take().text.upper()
            number = self._kind("number").text
            if not number.isascii() or not number.isdigit():
                raise Unreadable
            found[word] = int(number)
        return found.get("LIMIT"), found.get("OFFSET", 0)

    # ---- groups

    def _group(self) -> Group:
        """A group with its braces."""
        start = self._must("{").start
        if self._is("SELECT"):
            select = self._select(self._take())
            self._must("}")
            return Group(start, self._end, (), select)
        elements: list[Element] = []
        while not self._takes("}"):
            elements.append(self._element())
        return Group(start, self._end, tuple(elements))

    def _element(self) -> Element:
        """One element, with the full stop after it."""
        first = self._peek()
        word = first.text.upper() if first.kind in MARKS else ""
        if word == "FILTER":
            self._take()
            expression = self._constraint()
            self._takes(".")
            return Filter(first.start, self._end, expression)
        if word == "BIND":
            return self._bind()
        if word == "VALUES":
            values = self._values(self._take())
            self._takes(".")
            return Values(values.start, self._end, values.names, values.open_names)
        if word in ("OPTIONAL", "MINUS", "GRAPH", "LATERAL"):
            return self._nested(self._take())
        if word == "{":
            return self._braces()
        return self._statement()

    def _nested(self, word: Token) -> Nested:
        graph = NONE
        if word.text.upper() == "GRAPH":
            graph = variables((self._kind("iri", "name", "variable"),))
        group = self._group()
        self._takes(".")
        return Nested(word.start, self._end, word.text.upper(), group, graph)

    def _braces(self) -> Element:
        """A group, or several with UNION between them."""
        branches = [self._group()]
        while self._takes("UNION"):
            branches.append(self._group())
        self._takes(".")
        if len(branches) > 1:
            return Union(branches[0].start, self._end, tuple(branches))
        return Nested(branches[0].start, self._end, "", branches[0])

    def _bind(self) -> Bind:
        start = self._take().start
        named = self._named() if self._is("(") else None
        if named is None or named.expression is None or named.variable.kind != "variable":
            raise Unreadable
        self._takes(".")
        return Bind(start, self._end, named.expression, named.variable)

    def _values(self, word: Token) -> Values:
        """VALUES after its word."""
        single = self._peek().kind == "variable"
        names = [self._take()] if single else [t for t in self._balanced().tokens if t.kind == "variable"]
        self._must("{")
        open_columns = set()
        while not self._takes("}"):
            if not single:
                self._must("(")
            for name in names:
                if self._takes("UNDEF"):
                    open_columns.add(name.text[1:])
                else:
                    self._node(Gathered())
            if not single:
                self._must(")")
        return Values(word.start, self._end, tuple(name.text[1:] for name in names), frozenset(open_columns))

    # ---- expressions

    def _constraint(self) -> Expression:
        """What follows FILTER: a bracket, a call, or EXISTS."""
        began = self._at
        while self._peek().kind in ("word", "iri", "name") and not self._is("EXISTS"):
            self._take()
        head = self._tokens[began : self._at]
        if self._is("EXISTS"):
            token = self._take()
            return Expression((*head, token), (self._group(),))
        inner = self._balanced()
        return Expression((*head, *inner.tokens), inner.groups)

    def _balanced(self) -> Expression:
        """Everything from an opening bracket to the one that closes it; groups after EXISTS are read as such."""
        waiting = [self._must(*CLOSES)]
        tokens, groups = [waiting[0]], []
        while waiting:
            if self._is("{") and tokens[-1].text.upper() == "EXISTS":
                groups.append(self._group())
                continue
            token = self._take()
            tokens.append(token)
            if token.kind == "mark" and token.text in CLOSES:
                waiting.append(token)
            elif token.kind == "mark" and token.text == CLOSES[waiting[-1].text]:
                waiting.pop()
        return Expression(tuple(tokens), tuple(groups))
