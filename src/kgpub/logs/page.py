"""A log as one page of HTML that needs nothing else: both languages, for light and dark, for paper too, no script."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kgpub.logs.asked import By
from kgpub.logs.entries import Entry, Log, shown
from kgpub.logs.groups import Group
from kgpub.logs.text import severity
from kgpub.model import Labels
from kgpub.represent.locale import voice
from kgpub.represent.markup import NOTHING, element, visible

_HERE = Path(__file__).parent
_LANGUAGES = ("ka", "en")
MOST = 2_000
"""Most characters of one text on a page."""


def page(log: Log, groups: Sequence[Group], by: By, languages: tuple[str, ...], title: Labels) -> str:
    """The page; it opens in the first of the reader's languages that it speaks, and a switch shows the other.

    Nothing of the data is markup: texts are escaped, and what cannot be seen is told by its number.
    """
    style = (_HERE / "page.css").read_text("utf-8")
    return visible(
        _environment()
        .get_template("page.html")
        .render(
            log=log,
            groups=groups,
            by=by,
            title=title,
            opens=next((tag[:2] for tag in languages if tag[:2] in _LANGUAGES), "en"),
            style=Markup(style),  # noqa: S704 # a file of ours
            hash=b64encode(sha256(style.encode()).digest()).decode(),
            fails=log.fails(next(iter(log.severities))),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "both": _both,
        "count": _count,
        "word": _word,
        "texts": _texts,
        "line": _line,
        "shown": lambda text: shown(text, MOST),
    }
    return environment


def _spoken(texts: Labels) -> Markup:
    """A text in every language that it has, each marked as being in it; the page shows the ones that are asked for."""
    return NOTHING.join(
        element("span", shown(text, MOST), {"lang": tag or None, "dir": "auto", "class": _class(tag, texts)})
        for tag, text in texts.items()
    )


def _class(tag: str, texts: Labels) -> str | None:
    """Texts in our languages take turns, where both are there."""
    return f"in-{tag}" if tag in _LANGUAGES and all(language in texts for language in _LANGUAGES) else None


def _both(key: str, **values: str) -> Markup:
    return _spoken({tag: voice(tag)(key, **values) for tag in _LANGUAGES})


def _count(number: int) -> Markup:
    return _spoken({tag: voice(tag).count(number) for tag in _LANGUAGES})


def _word(name: str) -> Markup:
    return _spoken({tag: severity(name, voice(tag)) for tag in _LANGUAGES})


def _texts(texts: Labels, otherwise: str) -> Markup:
    return _spoken(texts or {"": otherwise})


def _line(one: Entry) -> Markup:
    """The line of the file, with what is meant marked."""
    if one.excerpt is None:
        return NOTHING
    text, start, end = one.excerpt.text, one.excerpt.start, one.excerpt.end
    return Markup("{}{}{}").format(text[:start], element("mark", text[start:end]) if end > start else "", text[end:])
