"""Which query texts may reach an engine at all: read as tokens, in linear time, without recursion.

Oxigraph's parser is scannerless: it reads ``SERVICEex:x{…}``, ``service:x {…}`` and ``FILTER(?a<?b)SERVICE#>`` as
SERVICE, and a few kilobytes of nested brackets overflow its stack. So the text is read here as SPARQL 1.1 section 19.8
says, and whatever the two could read differently is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from kgpub.errors import BadQuery, QueryRefused, TooLong

MAX_DEPTH = 100
"""Most brackets open at one place; the native stack gives way at about 1,000."""
MAX_PATTERNS = 150
"""Most triple patterns and groups, counted lexically; planning time grows with the cube of their number."""
MAX_OPERATORS = 1_000
"""Most operators, brackets and clauses side by side in one bracket; chains become trees as deep as they are long."""

UPDATES = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "USING"})
FETCHES = ("SERVICE", "LOAD")

_KEYWORDS = """
A ADJUST AS ASC ASK AVG BASE BIND BY CONSTRUCT COUNT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER FROM GRAPH GROUP
GROUP_CONCAT HAVING IN LATERAL LIMIT MAX MIN MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SAMPLE SELECT
SEPARATOR SILENT SUM TRUE UNDEF UNION VALUES VERSION WHERE ABS BNODE BOUND CEIL COALESCE CONCAT CONTAINS DATATYPE DAY
ENCODE_FOR_URI FLOOR HASLANG HASLANGDIR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR
LANGMATCHES LCASE MD5 MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE ROUND SAMETERM SAMEVALUE SECONDS SHA1
SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR
TIMEZONE TRIPLE TZ UCASE URI UUID YEAR
"""
KEYWORDS = frozenset(_KEYWORDS.split())
"""Every word that may stand without prefix or sign (SPARQL 1.1 section 19.8, 1.2 for the newer ones)."""

_NEUTRAL_WORDS = """
A TRUE FALSE UNDEF GRAPH OPTIONAL UNION MINUS WHERE NOT EXISTS FROM NAMED BASE PREFIX VERSION CONSTRUCT ASK DESCRIBE
LATERAL
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
"""Words after which a round bracket still holds a list or a path, not an expression."""
_STICKY = ("GROUP", "ORDER", "BY", "HAVING")
"""Words after which only expressions follow, up to the end of the group."""

_ECHAR = (
    r"\\(?:[tbnrf\"'\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"
    r"|U(?!0000[dD][89a-fA-F])00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"
)
_SPACE = r"(?P<space>[\x20\t\r\n]+|\#[^\r\n]*)"
_STRING = rf"""(?P<string>\"\"\"(?:[^"\\]|{_ECHAR}|"(?!""))*\"\"\"|'''(?:[^'\\]|{_ECHAR}|'(?!''))*'''
    |"(?!"")(?:[^"\\\r\n]|{_ECHAR})*"|'(?!'')(?:[^'\\\r\n]|{_ECHAR})*')"""
_SIMPLE = r"""(?P<variable>[?$]\w+)
    |(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
    |(?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"""
_RUN = re.compile(r"\w+(?:[.\-]+\w+)*")
_NAME = rf"(?P<name>(?:{_RUN.pattern})?:(?:\\\S|[^\s{{}}()\[\]<>\"'\#,;|^/*+=!&?$@~\\])*)"
_REST = r"(?P<word>\w+)|(?P<mark>\^\^|&&|\|\||!=|>=|>>|.)"
_TOKEN = re.compile("|".join([_SPACE, _STRING, _SIMPLE, _NAME, _REST]), re.VERBOSE | re.DOTALL)
_NO_NAME = re.compile("|".join([_SPACE, _STRING, _SIMPLE, _REST]), re.VERBOSE | re.DOTALL)
"""For the inside of a run of words and dots that is known to lead to no colon, so that no character is read twice."""
_IRI = re.compile(r"<(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8})*>")
_OPERATORS = frozenset(["+", "-", "*", "/", "|", "||", "&&", "!", "!=", "=", "<", ">", "<=", ">=", "^", "?"])
_SEPARATORS = frozenset({".", ";", ",", "/"})
"""What stands between triple patterns; the steps of a path are joined like them."""
_CLOSES = {"(": ")", "{": "}", "[": "]", "<<": ">>"}
_OPERANDS = frozenset({"string", "variable", "tag", "number", "name", "iri"})
_GLUED = re.compile("filter|having|by", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A token: ``iri``, ``string``, ``variable``, ``tag``, ``number``, ``name``, ``word``, ``mark``; and its place."""

    kind: str
    text: str
    start: int


class _Place(Enum):
    """What may stand in a bracket: triples, the members of a list or path, data of VALUES, or an expression."""

    TRIPLES = 1
    LIST = 2
    DATA = 3
    EXPRESSION = 4


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what it holds, the clause it is at, and how many operators stand in it so far."""

    opened: Token
    place: _Place
    clause: str = ""
    operators: int = 0


@dataclass(slots=True)
class Reader:
    """One pass over a query text; it knows in which bracket it is, which decides what “<” means."""

    query: str
    patterns: int = 0
    no_name_before: int = 0
    before: Token = Token("mark", "", 0)
    earlier: Token = Token("mark", "", 0)
    open: list[_Bracket] = field(default_factory=lambda: [_Bracket(Token("mark", "", 0), _Place.TRIPLES)])

    def tokens(self) -> Iterator[Token]:
        """The tokens in order, without space and comments; raises ``BadQuery`` or ``QueryRefused``."""
        position = 0
        while position < len(self.query):
            token = self._at(position)
            position = token.start + len(token.text)
            if token.kind == "space":
                continue
            self._place(token)
            yield token
            self.earlier, self.before = self.before, token
        if len(self.open) > 1:
            opened = self.open[-1].opened
            raise self.bad(f"“{opened.text}” is never closed", opened)

    def bad(self, reason: str, token: Token) -> BadQuery:
        """A ``BadQuery`` at a token, with line and column from 1."""
        line = self.query.count("\n", 0, token.start) + 1
        column = token.start - (self.query.rfind("\n", 0, token.start) + 1) + 1
        return BadQuery(f"Line {line}, column {column}: {reason}.", line, column)

    def _at(self, position: int) -> Token:
        """The token that begins at a position."""
        pattern = _TOKEN if position >= self.no_name_before else _NO_NAME
        found = pattern.match(self.query, position)
        assert found is not None and found.lastgroup is not None  # the last alternative takes any character
        kind, text = found.lastgroup, found.group()
        if text == "<":
            return self._angle(position)
        if kind == "word" and position >= self.no_name_before and (run := _RUN.match(self.query, position)):
            self.no_name_before = run.end()
        if kind == "name":
            bare = text.rstrip(".")
            text = bare + "." if bare.endswith("\\") else bare
        token = Token(kind, text, position)
        if kind == "mark" and text in "\"'":
            raise self.bad("the string that begins here does not end, or holds a wrong escape", token)
        return token

    def _angle(self, position: int) -> Token:
        """What a “<” begins: after an operand of an expression an operator, else an IRI or a triple term."""
        if self.open[-1].place is _Place.EXPRESSION and self._is_operand(self.before):
            return Token("mark", "<=" if self.query.startswith("<=", position) else "<", position)
        found = _IRI.match(self.query, position)
        if found is not None:
            return Token("iri", found.group(), position)
        if self.query.startswith("<<", position):
            return Token("mark", "<<", position)
        opened = Token("mark", "<", position)
        raise self.bad("the IRI that begins here does not end, or holds a character no IRI has", opened)

    @staticmethod
    def _is_operand(token: Token) -> bool:
        return token.kind in _OPERANDS or token.text.upper() in {")", "]", ">>", "TRUE", "FALSE"}

    def _place(self, token: Token) -> None:
        """Follow a token into and out of brackets and clauses, counting."""
        if token.kind == "word":
            self._word(token)
        elif token.kind == "name":
            self.patterns += token.text.partition(":")[0].count(".")
        elif token.kind == "mark":
            self._mark(token)
        self._member(token)
        if self.open[-1].operators > MAX_OPERATORS:
            raise QueryRefused(f"The query has more than {MAX_OPERATORS:,} operators or clauses side by side.")
        if self.patterns > MAX_PATTERNS:
            raise QueryRefused(f"The query has more than {MAX_PATTERNS} triple patterns and groups.")

    def _word(self, token: Token) -> None:
        word = token.text.upper()
        if any(verb in word for verb in FETCHES):
            raise QueryRefused(f"“{token.text}” is never done here: this endpoint fetches nothing from elsewhere.")
        if word in UPDATES:
            raise QueryRefused(f"“{token.text}” is an update: this endpoint only answers queries.")
        if word not in KEYWORDS:
            reason = f"“{token.text}” is no word of SPARQL; a name has a prefix (ex:{token.text}), a variable a “?”"
            raise self.bad(reason, token)
        bracket = self.open[-1]
        bracket.operators += word not in {"A", "TRUE", "FALSE", "UNDEF"}
        if bracket.place is _Place.TRIPLES and self._turns(bracket.clause, word):
            bracket.clause = word

    @staticmethod
    def _turns(clause: str, word: str) -> bool:
        """Whether a word begins another clause: what BY and HAVING begin lasts to the end of the group."""
        return word == "VALUES" or (word not in _NEUTRAL and (clause not in (*_STICKY, "SELECT") or word in _STICKY))

    def _mark(self, token: Token) -> None:
        bracket = self.open[-1]
        if token.text in _CLOSES:
            self._enter(token, bracket)
        elif token.text == _CLOSES.get(bracket.opened.text):
            self._leave(token)
        elif token.text in {")", "}", "]"}:
            raise self.bad(f"“{token.text}” closes nothing", token)
        elif bracket.place is not _Place.DATA:
            bracket.operators += token.text in _OPERATORS
            self.patterns += bracket.place is not _Place.EXPRESSION and token.text in _SEPARATORS

    def _enter(self, token: Token, bracket: _Bracket) -> None:
        """Open a bracket."""
        self._refuse_glued(token, bracket)
        place = self._inside(token.text, bracket)
        if place is not _Place.DATA:
            bracket.operators += 1
            self.patterns += token.text != "("
        if token.text == "{" and bracket.clause not in (*_STICKY, "VALUES"):
            bracket.clause = ""
        self.open.append(_Bracket(token, place))
        if len(self.open) > MAX_DEPTH + 1:
            raise QueryRefused(f"The query nests brackets more than {MAX_DEPTH} deep.")

    def _leave(self, token: Token) -> None:
        """Close a bracket; what FILTER or BIND began ends with it."""
        self.open.pop()
        bracket = self.open[-1]
        if bracket.clause not in (*_STICKY, "SELECT") and (bracket.clause != "VALUES" or token.text == "}"):
            bracket.clause = ""

    @staticmethod
    def _inside(opener: str, bracket: _Bracket) -> _Place:
        """What may stand in a bracket that opens within another."""
        is_data = bracket.place is _Place.DATA or bracket.clause == "VALUES"
        if opener in "{[":
            return _Place.DATA if is_data else _Place.TRIPLES
        if bracket.place is not _Place.TRIPLES:
            return bracket.place if opener == "(" or is_data else _Place.LIST
        if is_data:
            return _Place.DATA
        return _Place.EXPRESSION if bracket.clause and opener == "(" else _Place.LIST

    def _refuse_glued(self, token: Token, bracket: _Bracket) -> None:
        """Refuse a name that a scannerless parser may take for a keyword and a name before this bracket."""
        if self.before.kind != "name":
            return
        prefix, _, local = self.before.text.partition(":")
        word = local if prefix == "_" else prefix
        is_graph = self.earlier.kind == "word" and self.earlier.text.upper() in {"GRAPH", "FROM", "NAMED"}
        if token.text == "{" and "SERVICE" in word.upper() and not is_graph:
            raise QueryRefused(f"“{self.before.text} {{” can be read as SERVICE, which is never done here.")
        if token.text == "(" and bracket.place is _Place.TRIPLES and not bracket.clause and _GLUED.search(word):
            reason = f"“{self.before.text} (” can be read in two ways; write the IRI in full"
            raise self.bad(reason, self.before)

    def _member(self, token: Token) -> None:
        """Count a list's members: two triples each."""
        bracket = self.open[-1]
        if bracket.place is not _Place.LIST or bracket.opened.text != "(" or not self._is_operand(token):
            return
        if self.open[-2].opened.text != "<<" and (self._is_operand(self.before) or self.before.text == "("):
            self.patterns += 2


_SUSPECTS = (
    *("service", "load", "insert", "delete", "clear", "drop", "create", "add", "move", "copy", "with", "using"),
    "\\u",
)
"""What may stand for more than it seems; a query without any of it fetches and changes nothing however it is read."""
_SUSPECT = re.compile("|".join(map(re.escape, _SUSPECTS)), re.IGNORECASE)


def is_harmless(query: str) -> bool:
    """Whether a text is safe at a glance: too few brackets and signs for any limit, and no word to look at twice.

    No means no more than that ``check`` has to read it.
    """
    if _is_suspect(query):
        return False
    count = query.count
    depth = count("{") + count("(") + count("[") + count("<<")
    patterns = depth + count(".") + count(";") + count(",") + count("/")
    return depth < MAX_DEPTH and patterns < MAX_PATTERNS and len(query) < MAX_OPERATORS


def _is_suspect(query: str) -> bool:
    """Whether a suspicious word may be in a text, in letters of any script that could be taken for it."""
    if not query.isascii():
        return _SUSPECT.search(query) is not None
    small = query.lower()
    for word in _SUSPECTS:  # noqa: SIM110 # a generator costs more than the search
        if word in small:
            return True
    return False


def check(query: str, max_bytes: int) -> None:
    """Refuse a query text that no engine here should see.

    Raises ``TooLong`` over ``max_bytes`` of UTF-8, ``QueryRefused`` for SERVICE, updates and excess, ``BadQuery``
    with line and column for what cannot be read.
    """
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise TooLong(f"The query is {size:,} bytes long; at most {max_bytes:,} are taken.")
    for _ in Reader(query).tokens():
        pass
