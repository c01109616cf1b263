"""How a query's variables occur: where its outermost group begins, and which variables a binding there misses.

Read as tokens, by the reader that guards the endpoint. A VALUES block that opens the outermost group reaches every
pattern of the query, since patterns are joined; it reaches an expression only where SPARQL evaluates that expression
over the joined solutions (SPARQL 1.1 section 18.2.2): FILTER and BIND of a nested group see that group alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kgpub.engine.guard import Reader, Token

_EXPRESSIONS = frozenset({"FILTER", "BIND", "HAVING", "ORDER", "GROUP"})
_KINDS = {"OPTIONAL": "optional", "EXISTS": "exists", "MINUS": "minus"}
_BINDS_NOTHING = frozenset({"exists", "minus"})


@dataclass(frozen=True)
class Scope:
    """What binding needs to know of a query.

    ``at`` is the offset behind the brace that opens the outermost group, None where there is no room for VALUES, and
    then ``why`` says so. ``names`` are the variables; ``hidden`` says of some why a binding would not reach them.
    """

    at: int | None
    why: str
    names: frozenset[str]
    hidden: Mapping[str, str]


@dataclass
class _Group:
    """What stands between braces: its kind, the line it begins on, and how variables occur directly in it."""

    kind: str
    line: int
    above: "_Group | None" = None
    inside: list["_Group"] = field(default_factory=list)
    patterns: set[str] = field(default_factory=set)
    filters: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    projected: set[str] | None = None
    """What a sub-SELECT projects; None for all, and for any other group."""

    def has_pattern(self, name: str) -> bool:
        """Whether a pattern here or further inside, in whatever this group gives on, names the variable."""
        if name in self.patterns:
            return True
        return any(one.gives(name) and one.has_pattern(name) for one in self.inside if one.kind not in _BINDS_NOTHING)

    def gives(self, name: str) -> bool:
        """Whether the group's solutions carry the variable."""
        return self.projected is None or name in self.projected

    def mentions(self, name: str) -> bool:
        """Whether the variable occurs here or further inside."""
        here = name in self.patterns | self.filters | self.binds
        return here or any(one.mentions(name) for one in self.inside)


def scope(query: str) -> Scope:
    """The scope of a query's variables; raises ``BadQuery`` or ``QueryRefused`` for what is no query of ours."""
    walk = _Walk(query)
    for token in walk.reader.tokens():
        walk.step(token)
    hidden = {name: reason for name in sorted(walk.names) if (reason := _missed(walk.top, name, True))}
    return Scope(walk.at, walk.why, frozenset(walk.names), hidden)


@dataclass
class _Walk:
    """One pass over the tokens that builds the tree of groups."""

    query: str
    reader: Reader = field(init=False)
    at: int | None = None
    why: str = "it has no WHERE with a group in braces"
    names: set[str] = field(default_factory=set)
    top: _Group = field(default_factory=lambda: _Group("top", 1))
    before: str = ""
    clause: str = ""
    is_short: bool = False
    open: list[tuple[str, _Group, str]] = field(default_factory=list)
    """The brackets that are open, each with the group around it and the clause that it interrupted."""

    def __post_init__(self) -> None:
        """Begin at the root, whose variables are those of the outermost SELECT and its modifiers."""
        self.reader = Reader(self.query)
        self.group = self.top

    def step(self, token: Token) -> None:
        """Take one token."""
        text = token.text.upper() if token.kind == "word" else token.text
        if token.kind == "variable":
            self._variable(token.text[1:])
        elif token.kind == "word":
            self._word(text)
        elif text == "*" and self.clause == "SELECT" and self.group.projected == set() and self._is_bare():
            self.group.projected = None
            self.clause = ""
        elif text in {"{", "(", "["}:
            self._enter(token)
        elif text in {"}", ")", "]"}:
            self._leave(text)
        self.before = text

    def _is_bare(self) -> bool:
        """Whether no round bracket is open in the present group."""
        return not self.open or self.open[-1][0] == "{"

    def _variable(self, name: str) -> None:
        self.names.add(name)
        if self.clause == "SELECT" and (self._is_bare() or self.before == "AS"):
            if self.group.projected is not None:
                self.group.projected.add(name)
            return
        kinds = {"BIND": self.group.binds, "": self.group.patterns, "VALUES": self.group.patterns}
        kinds.get(self.clause, self.group.filters).add(name)

    def _word(self, word: str) -> None:
        if word == "SELECT" and self.before == "{" and self.group.kind != "data":
            if self.group.kind == "where":
                self.at, self.why = None, "its outermost group is a sub-SELECT; put that into braces of its own"
            self.group.kind, self.group.projected = "select", set()
        if word in {"SELECT", "VALUES", *_EXPRESSIONS}:
            self.clause = word
        elif word in {"WHERE", "OPTIONAL", "UNION", "MINUS", "GRAPH", "LIMIT", "OFFSET"} or (
            word == "EXISTS" and self._is_bare()
        ):
            self.clause = ""
        if word == "WHERE" and self.before == "CONSTRUCT":
            self.is_short = True

    def _enter(self, token: Token) -> None:
        self.open.append((token.text, self.group, self.clause))
        if token.text != "{":
            return
        kind = self._kind()
        line = self.query.count("\n", 0, token.start) + 1
        if kind == "where" and self.is_short:
            self.why = "CONSTRUCT WHERE has no room for values; write the template out"
        elif kind == "where":
            self.at = token.start + 1
        if kind == "data":
            return
        inner = _Group(kind, line, self.group)
        self.group.inside.append(inner)
        self.group, self.clause = inner, ""

    def _kind(self) -> str:
        """What a brace begins."""
        if self.clause == "VALUES":
            return "data"
        if self.before in _KINDS:
            return _KINDS[self.before]
        if self.group is self.top:
            return "template" if self.before == "CONSTRUCT" else "where"
        if self.group.kind == "select" and self.clause in {"SELECT", ""} and not self.group.inside:
            return "inner"
        return "nested"

    def _leave(self, closed: str) -> None:
        _, self.group, self.clause = self.open.pop()
        is_over = closed == "}" or (self._is_bare() and self.clause in {"FILTER", "BIND"})
        if is_over and (self._is_bare() or self.clause == "VALUES"):
            self.clause = ""


def _missed(group: _Group, name: str, sees: bool) -> str:
    """Why a binding in the outermost group does not reach a use of a variable further inside; else nothing.

    ``sees``: whether expressions directly in ``group`` see what is bound in the outermost one.
    """
    if group.kind == "select" and group.mentions(name) and not group.gives(name):
        return (
            f"it occurs in the sub-SELECT of line {group.line}, which does not project it: write SELECT ?{name} … there"
        )
    has_pattern = group.has_pattern(name)
    if (name in group.filters and not (sees or has_pattern)) or (
        name in group.binds and not (sees and group.kind != "optional") and not has_pattern
    ):
        place = f"the group of line {group.line}, where no pattern names it"
        return f"an expression reads it in {place}: move that to the outermost group"
    return next(filter(None, (_missed(one, name, _sees(one, sees, has_pattern)) for one in group.inside)), "")


def _sees(inner: _Group, sees: bool, has_pattern: bool) -> bool:
    """Whether expressions in an inner group see what is bound in the outermost one."""
    if inner.kind in {"where", "template"}:
        return True
    return inner.kind in {"optional", "exists"} and (sees or has_pattern)
