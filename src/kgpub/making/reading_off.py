"""What a SPARQL question reads of a store, told from its text: where nothing of that changed, it is not asked anew.

Nothing in Python reads SPARQL 1.2 into algebra. So the text is taken apart by ``kgpub.engine.guard``, which refuses
what the engine could read otherwise; where a predicate stands and what a name means is asked of the engine's own
parsers. Any doubt means that nothing is known.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from kgpub.engine.guard import KEYWORDS, Reader, Token
from kgpub.errors import BadQuery, QueryRefused

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UNWRITTEN = frozenset(_RDF + name for name in ("first", "rest"))
"""Predicates that stand in no text: those of lists."""
_UNSTEADY = frozenset(["BNODE", "CONSTRUCT", "DESCRIBE", "FROM", "NOW", "RAND", "STRUUID", "UUID"])
"""Words of questions that have other rows each time, or none, or that name the graphs to be read."""
_OPEN = frozenset({"!", "?", "~", "<<", ">>"})
"""Signs of paths that leave predicates out, of paths of no length, which meet every term, and of reifiers."""
_BEFORE_ALL = frozenset({"SELECT", "DISTINCT", "REDUCED", "("})
"""What stands before a star that is no path of any length."""
_ESCAPE = re.compile(r"\\u", re.IGNORECASE)
_STEP = " ^<urn:x> "
"""What can stand where a predicate can, and nowhere else (``PathEltOrInverse``, SPARQL 1.1 section 19.8)."""


def predicates(question: str, base: str, prefixes: Mapping[str, str]) -> frozenset[str] | None:
    """IRIs among which are all those whose quads a SELECT reads; None where its text does not tell.

    Its rows can depend on nothing else but on which named graphs there are. ``base`` and ``prefixes`` are what the
    engine is given with it.
    """
    tokens = _tokens(question)
    if not tokens or any(_is_beyond(*two) for two in pairwise((tokens[0], *tokens))):
        return None
    if any(_is_predicate(question, one, base, prefixes) for one in tokens if one.kind == "variable"):
        return None
    named = _named(tokens, base, prefixes)
    if named is None:
        return None
    return named | _UNWRITTEN | {_RDF + "type" for one in tokens if (one.kind, one.text) == ("word", "a")}


def _tokens(question: str) -> Sequence[Token]:
    """The tokens of a question, or none where it has to be doubted."""
    if _ESCAPE.search(question):
        return ()  # may stand for any sign
    try:
        return tuple(Reader(question).tokens())
    except (BadQuery, QueryRefused):
        return ()


def _is_beyond(before: Token, token: Token) -> bool:
    """Whether a token tells that a question may read more than the predicates it names, or has other rows each time."""
    if token.kind == "word":
        return token.text.upper() in _UNSTEADY
    if token.kind == "variable":
        return _ends_path(before) and before.start + len(before.text) == token.start  # “p?x” may be “p? x”
    if token.kind != "mark":
        return False
    if token.text == "*":
        return before.text.upper() not in _BEFORE_ALL
    return token.text in _OPEN or (before.text, token.text) == ("{", "|")


def _ends_path(token: Token) -> bool:
    return token.kind in {"iri", "name", "word"} or token.text == ")"


def _is_predicate(question: str, token: Token, base: str, prefixes: Mapping[str, str]) -> bool:
    """Whether a variable stands where a predicate does: a question with a step of a path in its place can be read."""
    changed = question[: token.start] + _STEP + question[token.start + len(token.text) :]
    try:
        Store().query(changed, base_iri=base, prefixes=dict(prefixes))
    except SyntaxError:
        return False
    return True


def _named(tokens: Sequence[Token], base: str, prefixes: Mapping[str, str]) -> frozenset[str] | None:
    """What the names and addresses of a question stand for; None where they cannot be read, or in two ways."""
    lines = [f"PREFIX {name}: <{space}>" for name, space in prefixes.items()]
    declared, texts = set(prefixes), list[str]()
    rest = iter(tokens)
    for token in rest:
        if token.kind == "word" and token.text.upper() in {"BASE", "PREFIX"}:
            parts = [next(rest, token).text for _ in range(1 if token.text.upper() == "BASE" else 2)]
            lines.append(" ".join([token.text, *parts]))
            declared.add(parts[0].removesuffix(":"))
        elif token.kind in {"iri", "name"}:
            texts.append(token.text)
    if any(_is_glued(text.partition(":")[0].upper(), declared) for text in texts if not text.startswith("<")):
        return None
    lines += [f"<urn:x> <urn:x> {text} ." for text in texts]
    try:
        read = list(parse("\n".join(lines), format=RdfFormat.TURTLE, base_iri=base))
    except SyntaxError:
        return None
    return frozenset(quad.object.value for quad in read if isinstance(quad.object, NamedNode))


def _is_glued(prefix: str, declared: Iterable[str]) -> bool:
    """Whether a prefix can be read as a word of SPARQL and another prefix (“aex:b” as “a ex:b”)."""
    rests = (one.upper() for one in declared)
    return any(prefix.endswith(rest) and prefix[: len(prefix) - len(rest)] in KEYWORDS for rest in rests)
