"""Fragments of HTML in which everything foreign is inert."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup, escape

NOTHING = Markup("")
"""The empty fragment."""

_made = str.__new__
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LOW = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LOW_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
_HIGH_BYTES = re.compile(b"\xc2[\x80-\x9f]")
"""Control characters as UTF-8 has them: those of one byte, those of two."""
_PAGE = 500
"""Characters from which on it is quicker to look at bytes."""
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def fragment(html: str) -> Markup:
    """A text that is HTML already, every foreign part of it escaped; quicker than ``Markup``, which looks closer."""
    return _made(Markup, html)


def inert(text: str) -> str:
    """A text as it stands in HTML, escaped unless it is a fragment; most texts have nothing to escape.

    Each of five marks is looked for as quickly as memory is read, while a pattern goes from letter to letter.
    """
    kind = text.__class__
    if kind is Markup:
        return text
    if kind is not str or "&" in text or "<" in text or ">" in text or '"' in text or "'" in text:
        return escape(text)
    return text


def escaped(text: str) -> Markup:
    """A text as a fragment, escaped unless it is one; quicker than ``escape`` where there is nothing to escape."""
    made = inert(text)
    return made if isinstance(made, Markup) else _made(Markup, made)


word = lru_cache(maxsize=1024, typed=True)(escaped)
"""The same of what is said on many pages, such as the name of a language."""


def element(name: str, content: str, attributes: Mapping[str, str | None] | None = None) -> Markup:
    """An element with its content and attributes escaped, unless they are fragments; an attribute of None is left out.

    Several times quicker than ``Markup.format``, which counts where a page has hundreds of values.
    """
    said = ""
    if attributes:
        said = "".join([f' {key}="{inert(value)}"' for key, value in attributes.items() if value is not None])
    return fragment(f"<{name}{said}>{inert(content)}</{name}>")


def anchor(href: str, content: str, lang: str | None = None) -> Markup:
    """A link whose text has a direction of its own."""
    if lang is None:
        return fragment(f'<a href="{inert(href)}" dir="auto">{inert(content)}</a>')
    return element("a", content, {"href": href, "lang": lang, "dir": "auto"})


def said(name: str, text: str, lang: str | None) -> Markup:
    """A text in an element with a direction of its own, and its language where that is not the page's."""
    told = "" if lang is None else f' lang="{word(lang)}"'
    return fragment(f'<{name}{told} dir="auto">{inert(text)}</{name}>')


def code(text: str) -> Markup:
    """A name for machines, which is not to be translated."""
    return element("span", text, {"class": "code", "translate": "no"})


def visible(text: str) -> str:
    """The text with control characters, which HTML cannot carry, replaced by the replacement character."""
    if len(text) < _PAGE:
        is_clean = "\ufffe" not in text and "\uffff" not in text and _LOW.search(text) is None
        return text if is_clean else _CONTROLS.sub("\ufffd", text)
    return weighed(text).text


class Weighed(NamedTuple):
    """A text that is visible, and its bytes in UTF-8."""

    text: str
    bytes: int


def weighed(text: str) -> Weighed:
    """The same of a whole page, which most often has no control characters, as its bytes tell; and their number."""
    body = text.encode("utf-8", "surrogatepass")
    is_clean = len(body.translate(None, _LOW_BYTES)) == len(body) and _HIGH_BYTES.search(body) is None
    if is_clean and "\ufffe" not in text and "\uffff" not in text:
        return Weighed(text, len(body))
    clean = _CONTROLS.sub("\ufffd", text)
    return Weighed(clean, len(clean.encode("utf-8", "surrogatepass")))


def plain(text: str) -> str:
    """The text on one line without direction controls, for titles and attributes, where nothing isolates them."""
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # a blank is the only white space that is printed; controls of either kind are not
    return " ".join(_BIDI.sub("", visible(text)).split())
