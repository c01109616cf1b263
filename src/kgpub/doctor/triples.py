"""Tokens → triples: statements with their property lists, collections, paths and annotations.

SPARQL 1.1 section 19.8 from ``TriplesSameSubjectPath`` on; 1.2 for triple terms and annotations.
"""

from dataclasses import dataclass, field

from kgpub.doctor.tree import NONE, Node, Statement, Triple, Variables, end, variables
from kgpub.engine.guard import Token

CLOSES = {"(": ")", "[": "]", "<<": ">>", "{": "}"}
"""What closes a bracket."""
NOTHING = Token("mark", "", 0)
"""Stands for the token after the last."""

MARKS = ("word", "mark")
"""The kinds of tokens that are words and signs of SPARQL."""

_LITERALS = ("string", "number")


class Unreadable(Exception):
    """The tokens are no query that has a structure to speak of."""


@dataclass
class Gathered:
    """What a statement gathers while it is read."""

    triples: list[Triple] = field(default_factory=list)
    extra: Variables = NONE
    is_plain: bool = True


class TripleReader:
    """Recursive descent over tokens, as far as triples go."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0

    # ---- tokens

    def _peek(self, ahead: int = 0) -> Token:
        position = self._at + ahead
        return self._tokens[position] if position < len(self._tokens) else NOTHING

    def _take(self) -> Token:
        token = self._peek()
        if token is NOTHING:
            raise Unreadable
        self._at += 1
        return token

    def _is(self, *texts: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind in MARKS and token.text.upper() in texts

    def _takes(self, *texts: str) -> bool:
        """Whether the next token is one of these words or marks; if so, it is taken."""
        found = self._is(*texts)
        self._at += found
        return found

    def _must(self, *texts: str) -> Token:
        if not self._is(*texts):
            raise Unreadable
        return self._take()

    def _kind(self, *kinds: str) -> Token:
        if self._peek().kind not in kinds:
            raise Unreadable
        return self._take()

    @property
    def _end(self) -> int:
        """The offset after the last token that was taken."""
        return end(self._tokens[self._at - 1]) if self._at else 0

    def _enclosed(self) -> tuple[Token, ...]:
        """Everything from an opening bracket to the one that closes it."""
        began = self._at
        waiting = [self._must(*CLOSES)]
        while waiting:
            token = self._take()
            if token.kind == "mark" and token.text in CLOSES:
                waiting.append(token)
            elif token.kind == "mark" and token.text == CLOSES[waiting[-1].text]:
                waiting.pop()
        return self._tokens[began : self._at]

    # ---- triples

    def _statement(self) -> Statement:
        """A subject and all that is said of it."""
        found = Gathered()
        start = self._peek().start
        before = self._at
        subject = self._node(found)
        self._properties(subject, found)
        if self._at == before:
            raise Unreadable
        closed = self._takes(".")
        return Statement(start, self._end, tuple(found.triples), found.extra, found.is_plain, closed)

    def _properties(self, subject: Node, found: Gathered) -> None:
        """Predicates with their objects, after a subject."""
        while self._begins_verb():
            predicate = self._verb()
            found.triples.append(Triple(subject, predicate, self._object(found)))
            while self._takes(","):
                found.triples.append(Triple(subject, predicate, self._object(found)))
            if not self._takes(";"):
                return
            while self._takes(";"):
                pass

    def _begins_verb(self) -> bool:
        return self._peek().kind in ("variable", "iri", "name") or self._is("A", "(", "^", "!")

    def _verb(self) -> tuple[Token, ...]:
        """A variable, or a path (section 9.1)."""
        began = self._at
        if self._peek().kind == "variable":
            return (self._take(),)
        while True:
            while self._takes("^", "!"):
                pass
            if self._is("("):
                self._enclosed()
            elif not self._takes("A"):
                self._kind("iri", "name")
            self._takes("?", "*", "+")
            if not self._takes("/", "|"):
                return self._tokens[began : self._at]

    def _object(self, found: Gathered) -> Node:
        """An object, with the annotations after it (RDF 1.2)."""
        node = self._node(found)
        while self._is("~") or (self._is("{") and self._is("|", ahead=1)):
            found.is_plain = False
            if self._takes("~"):
                if self._peek().kind in ("variable", "iri", "name"):
                    found.extra |= variables((self._take(),))
            else:
                found.extra |= variables(self._enclosed())
        return node

    def _node(self, found: Gathered) -> Node:
        """A term, or a property list or collection, whose triples are gathered as well."""
        first = self._peek()
        if self._is("["):
            return self._property_list(found)
        if self._is("("):
            return self._collection(found)
        if self._is("<<"):
            found.is_plain = False
            return Node(self._enclosed(), self._end)
        if first.kind in _LITERALS or self._is("+", "-"):
            return self._literal()
        if first.kind in ("variable", "iri", "name") or self._is("TRUE", "FALSE"):
            return Node((self._take(),), self._end)
        raise Unreadable

    def _literal(self) -> Node:
        began = self._at
        if self._takes("+", "-"):
            self._kind("number")
        elif self._take().kind == "string":
            if self._takes("^^"):
                self._kind("iri", "name")
            elif self._peek().kind == "tag":
                self._take()
        return Node(self._tokens[began : self._at], self._end)

    def _property_list(self, found: Gathered) -> Node:
        opened = self._take()
        self._properties(Node((opened,), end(opened)), found)
        self._must("]")
        return Node((opened,), self._end)

    def _collection(self, found: Gathered) -> Node:
        opened = self._take()
        while not self._takes(")"):
            found.extra |= variables(self._object(found).tokens)
        return Node((opened,), self._end)
