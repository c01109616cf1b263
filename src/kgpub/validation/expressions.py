"""Expressions of SPARQL on which rdflib and Oxigraph agree where neither gives an error: lengths, languages, sums.

A variable stands for a number only where the store takes it for one; a marked literal gives an error then, which
says that nothing is known.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rdflib import XSD, Literal, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from kgpub.validation.logic import TRUE, UNKNOWN, Condition
from kgpub.validation.regex import narrowed, widened
from kgpub.validation.terms import is_plain
from kgpub.validation.writing import written

_Part = Any
"""A part of rdflib's algebra, which is not typed."""
Bound = Callable[[_Part], str | None]
"""The variable that a part stands for, if a pattern has bound it."""

_NUMBERS = (XSD.integer, XSD.decimal)
_TESTS: Mapping[str, str] = {
    "Builtin_STRSTARTS": "STRSTARTS",
    "Builtin_STRENDS": "STRENDS",
    "Builtin_CONTAINS": "CONTAINS",
}
_SIGNS = frozenset({"=", "!=", "<", ">", "<=", ">="})


class _Value(NamedTuple):
    """An expression in SPARQL, and whether it is a ``text`` without a language or a ``number``."""

    kind: str
    text: str


def compared(part: _Part, bound: Bound) -> Condition:
    """The condition of a comparison of texts or of numbers; unknown for any other."""
    value = _value(part.expr, bound)
    if value is None:
        return UNKNOWN
    if part.op in {"IN", "NOT IN"}:
        others = [_value(one, bound) for one in part.other] if isinstance(part.other, list | tuple) else [None]
        if not others or any(other is None or other.kind != value.kind for other in others):
            return UNKNOWN
        return _agreed(f"{value.text} {part.op} ({', '.join(other.text for other in others if other)})")
    other = _value(part.other, bound)
    if other is None or other.kind != value.kind or part.op not in _SIGNS:
        return UNKNOWN
    return _agreed(f"{value.text} {part.op} {other.text}")


def tested(part: _Part, bound: Bound) -> Condition:
    """The condition of a test of a text: how it begins or ends, what it contains, a pattern."""
    if part.name == "Builtin_REGEX":
        return _matched(part, bound)
    name = _TESTS.get(part.name)
    one, other = (_value(one, bound) for one in (part.arg1, part.arg2))
    if name is None or one is None or other is None or {one.kind, other.kind} != {"text"}:
        return UNKNOWN
    return _agreed(f"{name}({one.text}, {other.text})")


def _matched(part: _Part, bound: Bound) -> Condition:
    """A pattern: what Oxigraph matches, Python matches too; the rest is not known."""
    value = _value(part.text, bound)
    pattern = part.pattern
    if value is None or value.kind != "text" or part.flags or not isinstance(pattern, Literal):
        return UNKNOWN
    regex = narrowed(str(pattern), re.UNICODE)
    if regex is None:
        return UNKNOWN
    wide = widened(str(pattern), re.UNICODE)
    good = f"COALESCE(REGEX({value.text}, {written(Literal(wide))}), true)" if wide is not None else TRUE
    return Condition(f"!COALESCE(REGEX({value.text}, {written(Literal(regex))}), false)", good)


def _agreed(test: str) -> Condition:
    """A test that is known where it gives an answer."""
    return Condition(f"COALESCE(!({test}), true)", f"COALESCE({test}, true)")


def _value(part: _Part, bound: Bound) -> _Value | None:
    """A text or a number; None for what is neither for certain."""
    if isinstance(part, Literal):
        return _constant(part)
    if not isinstance(part, CompValue):
        return None
    if part.name in {"AdditiveExpression", "MultiplicativeExpression"}:
        return _sum(part, bound)
    if part.name == "Builtin_LCASE":
        inner = part.arg
        is_tag = isinstance(inner, CompValue) and inner.name == "Builtin_LANG"
        value = _value(inner, bound) if is_tag else None
        return _Value("text", f"LCASE({value.text})") if value else None
    if part.name == "Builtin_STRLEN":
        text = bound(part.arg) or getattr(_value(part.arg, bound), "text", None)
        return _Value("number", f"STRLEN({text})") if text else None
    return _text(part, bound)


def _text(part: _Part, bound: Bound) -> _Value | None:
    """The text of a term, or the language of a literal."""
    name = {"Builtin_STR": "STR", "Builtin_LANG": "LANG"}.get(part.name)
    if name is None:
        return None
    if name == "STR" and isinstance(part.arg, URIRef):
        return _Value("text", f"STR({written(part.arg)})")
    variable = bound(part.arg)
    return _Value("text", f"{name}({variable})") if variable else None


def _constant(literal: Literal) -> _Value | None:
    if not is_plain(literal):
        return None
    if literal.datatype in (None, XSD.string):
        return _Value("text", written(literal))
    return _Value("number", written(literal)) if literal.datatype in _NUMBERS else None


def _sum(part: _Part, bound: Bound) -> _Value | None:
    """A sum, a difference or a product of numbers."""
    texts = [_number(one, bound) for one in (part.expr, *part.other)]
    signs = list(part.op)
    if None in texts or not {"+", "-", "*"}.issuperset(signs):
        return None
    rest = " ".join(f"{sign} {text}" for sign, text in zip(signs, texts[1:], strict=True))
    return _Value("number", f"({texts[0]} {rest})")


def _number(part: _Part, bound: Bound) -> str | None:
    """A number; a variable that the store does not take for one is an error."""
    if isinstance(part, Variable):
        variable = bound(part)
        return f"IF(isNumeric({variable}), {variable}, 1 / 0)" if variable else None
    value = _value(part, bound)
    return value.text if value is not None and value.kind == "number" else None
