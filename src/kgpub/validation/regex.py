"""Regular expressions that Oxigraph and Python read alike, or Oxigraph narrower; none where that is not sure."""

import re
from collections.abc import Callable

_TOKEN = re.compile(
    r"""(?P<escape>\\[.^$*+?()\[\]{}|/\-\\])
    |(?P<class>\\[dwsS])
    |(?P<set>\[\^?(?:[^\[\]\\&~^\-]|[^\[\]\\&~^\-]-[^\[\]\\&~^\-]|\\[.\-\]\[\\^/dws])+-?\])
    |(?P<count>\{[0-9]{1,3}(?:,[0-9]{0,3})?\})
    |(?P<group>\(\?:|\((?!\?))
    |(?P<mark>[.^$*+?)|])
    |(?P<text>[^\\\[\]{}()^$.*+?|\s]|\x20)""",
    re.VERBOSE,
)
_CLASS = re.compile(r"\\([dws])|\\.")
_FEWER = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r"}
"""Python's classes know more characters than these, and other ones than Rust's."""
_SPACES = r"\s\x1c-\x1f"
"""Rust's spaces and the four that Python has besides."""


def narrowed(pattern: str, flags: int) -> str | None:
    """A pattern for Oxigraph that matches nothing that Python's does not; None where that is not known.

    Flags, look-around, back-references and all but spaces in a negated set are not known.
    """
    return _rewritten(pattern, flags, _narrow)


def widened(pattern: str, flags: int) -> str | None:
    """A pattern for Oxigraph that matches everything that Python's does; None where that is not known.

    Not known are, besides, digits and letters as classes, whose number grows with Unicode.
    """
    return _rewritten(pattern, flags, _wide)


def _rewritten(pattern: str, flags: int, rewrite: Callable[[re.Match[str]], str | None]) -> str | None:
    if flags != re.UNICODE:
        return None
    parts: list[str] = []
    position, is_repeated = 0, False
    while position < len(pattern):
        found = _TOKEN.match(pattern, position)
        part = rewrite(found) if found else None
        if found is None or part is None or (found[0] == "+" and is_repeated):
            return None
        is_repeated = found.lastgroup == "count" or found[0] in {"*", "+", "?"}  # a plus after it is possessive
        position = found.end()
        parts.append(part)
    return "".join(parts)


def _narrow(token: re.Match[str]) -> str | None:
    """A token with classes of characters that leave none out on which the two dialects could differ."""
    text = token[0]
    if token.lastgroup == "class":
        return f"[^{_SPACES}]" if text == r"\S" else f"[{_FEWER[text[1]]}]"
    if token.lastgroup != "set":
        return text
    if not text.startswith("[^"):
        return _CLASS.sub(lambda found: _FEWER[found[1]] if found[1] else found[0], text)
    if any(found[1] in {"d", "w"} for found in _CLASS.finditer(text)):
        return None
    return _CLASS.sub(lambda found: _SPACES if found[1] else found[0], text)


def _wide(token: re.Match[str]) -> str | None:
    """A token with classes of characters that have all on which the two dialects could differ."""
    text = token[0]
    if text in {r"\d", r"\w"} or (token.lastgroup == "set" and any(f[1] in {"d", "w"} for f in _CLASS.finditer(text))):
        return None
    if text == "$":  # Python's matches before a last line break too
        is_last = token.end() == len(token.string) or token.string[token.end()] in ")|"
        return r"\n?$" if is_last else None
    if text == r"\s":
        return f"[{_SPACES}]"
    if token.lastgroup != "set" or text.startswith("[^"):
        return text
    return _CLASS.sub(lambda found: _SPACES if found[1] else found[0], text)
