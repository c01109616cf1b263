"""Variables that are used where they have no value (SPARQL 1.1 sections 18.2.1 and 18.2.2): the notorious ones.

Groups are evaluated from the inside out. A variable from outside is seen only in EXISTS and LATERAL, and in the
filters directly in OPTIONAL.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from kgpub.doctor.edits import Edit, dropped, edited
from kgpub.doctor.findings import Hint
from kgpub.doctor.tree import (
    NONE,
    Bind,
    Element,
    Expression,
    Filter,
    Group,
    Nested,
    Query,
    Select,
    Union,
    Variables,
    end,
    groups,
    variables,
)
from kgpub.engine.guard import Token

_FORGIVING = frozenset({"BOUND", "COALESCE", "EXISTS"})
"""Words that let a variable have no value."""
_LONGEST = 40
"""Characters of a variable that is compared with others letter by letter."""
_PLACES = {"OPTIONAL": "scoping-bind-optional", "UNION": "scoping-bind-union"}


@dataclass(frozen=True)
class _Sight:
    """What a group sees from outside: ``given`` everywhere in it, ``left`` only in its own filters."""

    word: str = ""
    given: Variables = NONE
    left: Variables = NONE
    is_given: bool = False
    """Whether solutions may come from outside (EXISTS, LATERAL, the variable of GRAPH)."""


def scoping(query: str, tree: Query) -> Iterator[Hint]:
    """Every use of a variable where it has no value, in the order of the groups."""
    if tree.select is None:
        return
    scopes = _Scopes(query, _bound(tree.select))
    yield from scopes.select(tree.select, _Sight())
    yield from scopes.uses(Expression(tree.output), tree.select.possible, "scoping-select")


def _bound(select: Select) -> Variables:
    """The variables that get a value anywhere in a query."""
    found = set(_made(select))
    for group in groups(select.where):
        found |= _made(group.select) if group.select else NONE
        for element in group.elements:
            if isinstance(element, Nested):
                found |= element.graph
            elif not isinstance(element, Union):
                found |= element.possible
    return frozenset(found)


def _made(select: Select) -> Variables:
    """The variables that a select makes itself: by AS, by VALUES."""
    made = {one.variable.text[1:] for one in select.projection if one.expression is not None}
    made |= {name for clause in select.clauses.values() for name in clause.names}
    return frozenset(made) | (select.values.possible if select.values else NONE)


@dataclass(frozen=True)
class _Scopes:
    """The walk over a query, which knows what is bound anywhere in it."""

    query: str
    bound: Variables

    def select(self, select: Select, sight: _Sight) -> Iterator[Hint]:
        """Hints about a select, its modifiers last."""
        yield from self.group(select.where, replace(sight, left=NONE))
        visible = select.where.possible | sight.given | _made(select)
        listed = tuple(one.variable for one in select.projection if one.expression is None)
        parts = [Expression(listed), *(one.expression for one in select.projection if one.expression is not None)]
        for part in (*parts, *(clause.expression for clause in select.clauses.values())):
            yield from self.uses(part, visible, "scoping-select")
            yield from self._exists(part, visible)
        if select.is_grouped:
            yield from self._ungrouped(select, listed)

    def _ungrouped(self, select: Select, listed: tuple[Token, ...]) -> Iterator[Hint]:
        """Variables that a select with groups lists and does not group by, which the engine refuses."""
        clause = select.clauses.get("GROUP")
        grouped = clause.expression.variables.union(clause.names) if clause else NONE
        left = [token for token in listed if token.text[1:] in select.where.possible - grouped]
        place = clause.end if clause else select.where.end
        added = ("" if clause else " GROUP BY") + "".join(f" {token.text}" for token in left)
        for token in left:
            yield Hint("scoping-group", _about(token), *_place(token), edited(self.query, Edit(place, place, added)))

    def group(self, group: Group, sight: _Sight) -> Iterator[Hint]:
        """Hints about a group and all groups in it."""
        if group.select is not None:
            yield from self.select(group.select, sight)
        seen = sight.given
        for element in group.elements:
            yield from self._element(group, element, seen, sight)
            seen |= element.possible

    def _element(self, group: Group, element: Element, seen: Variables, sight: _Sight) -> Iterator[Hint]:
        """Hints about one element; ``seen`` is what the elements before it may bind."""
        if isinstance(element, Bind):
            yield from self._bind(group, element, seen, sight)
            yield from self._exists(element.expression, seen)
        elif isinstance(element, Filter):
            visible = group.possible | sight.given | sight.left
            yield from self.uses(element.expression, visible, "scoping-filter")
            yield from self._exists(element.expression, visible)
        elif isinstance(element, Nested):
            yield from self._nested(element, seen, sight)
        elif isinstance(element, Union):
            for branch in element.branches:
                yield from self.group(branch, replace(sight, word="UNION", left=NONE))

    def _nested(self, element: Nested, seen: Variables, sight: _Sight) -> Iterator[Hint]:
        """Hints about a group in a group."""
        inner = replace(sight, word=element.word, left=NONE)
        if element.word == "OPTIONAL":
            inner = replace(inner, left=seen)
        elif element.word == "LATERAL":
            inner = replace(inner, given=seen, is_given=True)
        elif element.word == "GRAPH":
            inner = replace(inner, given=sight.given | element.graph, is_given=sight.is_given or bool(element.graph))
        elif element.word == "MINUS" and not sight.is_given and not seen & element.group.possible:
            yield Hint("scoping-minus", {}, element.start, element.start + len("MINUS"))
        yield from self.group(element.group, inner)

    def _exists(self, expression: Expression, visible: Variables) -> Iterator[Hint]:
        """Hints about the groups after EXISTS, into which solutions are put."""
        for group in expression.groups:
            yield from self.group(group, _Sight("EXISTS", visible, is_given=True))

    def _bind(self, group: Group, bind: Bind, seen: Variables, sight: _Sight) -> Iterator[Hint]:
        """Hints about a BIND: it makes what is there already, or uses what is not there yet or never."""
        if bind.possible <= seen - sight.given:
            yield Hint("scoping-bound", _about(bind.variable), *_place(bind.variable))
        elsewhere = _PLACES.get(sight.word, "scoping-bind")
        for token in _strict(bind.expression.tokens, seen):
            if token.text[1:] in group.possible - bind.possible:
                yield Hint("scoping-bind-early", _about(token), *_place(token), self._later(group, bind))
            else:
                yield self._missing(token, elsewhere, seen)

    def _later(self, group: Group, bind: Bind) -> str | None:
        """The query with a BIND at the end of its group, if nothing there waits for it."""
        others = (element for element in group.elements if element is not bind and not isinstance(element, Filter))
        if any(bind.possible & (_everything(element)) for element in others):
            return None
        text = self.query[bind.start : bind.end]
        last = group.elements[-1].end
        return edited(self.query, dropped(group, bind), Edit(last, last, f" {text}"))

    def uses(self, expression: Expression, visible: Variables, kind: str) -> Iterator[Hint]:
        """Hints about the variables of an expression that are not visible."""
        for token in _strict(expression.tokens, visible):
            yield self._missing(token, kind, visible)

    def _missing(self, token: Token, kind: str, visible: Variables) -> Hint:
        """A variable without a value here: bound elsewhere, or nowhere and perhaps misspelt."""
        if token.text[1:] in self.bound:
            return Hint(kind, _about(token), *_place(token))
        candidates = sorted(name for name in visible if len(name) <= _LONGEST)
        near = get_close_matches(token.text[1:], candidates, 1) if len(token.text) <= _LONGEST else []
        if not near:
            return Hint("variable", _about(token), *_place(token))
        fix = edited(self.query, Edit(token.start + 1, end(token), near[0]))
        return Hint("variable-near", {**_about(token), "near": f"?{near[0]}"}, *_place(token), fix)


def _everything(element: Element) -> Variables:
    """Every variable that occurs in an element as what it binds, at any depth."""
    inner = (group for one in element.groups for group in groups(one))
    return element.possible.union(*(group.possible for group in inner))


def _about(token: Token) -> dict[str, str]:
    return {"variable": token.text}


def _place(token: Token) -> tuple[int, int]:
    return token.start, end(token)


def _strict(tokens: tuple[Token, ...], visible: Variables) -> Iterable[Token]:
    """The first use of each variable that is not visible, outside what lets it have no value."""
    found: dict[str, Token] = {}
    forgiving = 0
    depth = 0
    for position, token in enumerate(tokens):
        if token.text == "(" and token.kind == "mark":
            depth += 1
            before = tokens[position - 1] if position else token
            if not forgiving and before.kind == "word" and before.text.upper() in _FORGIVING:
                forgiving = depth
        elif token.text == ")" and token.kind == "mark":
            forgiving = 0 if forgiving == depth else forgiving
            depth -= 1
        elif not forgiving and variables((token,)) - visible:
            found.setdefault(token.text[1:], token)
    return found.values()
