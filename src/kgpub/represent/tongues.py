"""Language tags (RFC 5646) in words: what a language is called, with its script and region, and its habits in CLDR.

Tags come from the data, so nothing of them is believed: what is no tag, or names no language that CLDR knows, stays as
it is written, and so does whatever is private.
"""

from collections.abc import Iterator
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_LONGEST = 100
"""Characters of a tag that is read; a longer one is none."""
_SCRIPT, _EXTENDED = 4, 3
"""Letters of a script's code, and of an extended language's."""


@lru_cache(maxsize=4096)
def shortest(tag: str) -> str:
    """A language tag with the shortest code of its language, as pages need it (RFC 5646 section 2.2.1): eng is en."""
    code, dash, rest = tag.partition("-")
    return f"{_shortest(code.lower()) or code}{dash}{rest}"


@lru_cache(maxsize=4096)
def own_name(tag: str) -> str:
    """What a language calls itself."""
    return language_name(tag.partition("-")[0].lower(), tag)


@lru_cache(maxsize=1024)
def habits(language: str) -> Locale:
    """A language's habits as CLDR has them; those of English where it has none."""
    bare, _, rest = shortest(language[:_LONGEST]).partition("-")
    for tag in (f"{bare}-{rest}", bare):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


@lru_cache(maxsize=4096)
def language_name(spoken: str, tag: str) -> str:
    """What one language calls that of a tag: ``Serbian (Latin, Serbia)``; the tag itself when it has no name."""
    locale, parts = habits(spoken), tag.split("-") if len(tag) <= _LONGEST and tag.isascii() else [""]
    code = parts[0].lower()
    if _extended(parts) and locale.languages.get(parts[1].lower()):
        code, parts = parts[1].lower(), parts[1:]
    code = code if locale.languages.get(code) else _shortest(code)
    name = locale.languages.get(code)
    if not name:
        return tag
    further = list(_further(locale, parts[1:]))
    for place, (key, _) in enumerate(further):
        joined = locale.languages.get(f"{code}_{key}") if key else None
        if joined:
            name = joined
            del further[place]
            break
    said = ", ".join(text for _, text in further)
    return f"{name} ({said})" if said else str(name)


def _shortest(code: str) -> str:
    """The code of two letters, or the one in use, that a code of a language stands for; ``""`` where there is none."""
    found = str(get_global("language_aliases").get(code, ""))
    return "" if "_" in found else found


def _extended(parts: list[str]) -> bool:
    """Whether a tag names a language by its family first, such as ``zh-yue`` (RFC 5646 section 2.2.2)."""
    return len(parts) > 1 and len(parts[1]) == _EXTENDED and parts[1].isalpha()


def _further(locale: Locale, parts: list[str]) -> Iterator[tuple[str, str]]:
    """What follows the language: the key by which CLDR knows a script or region, or nothing, and what it is called."""
    for place, part in enumerate(parts):
        if len(part) <= 1:  # all that follows is an extension's or private (RFC 5646 sections 2.2.6 and 2.2.7)
            yield "", "-".join(parts[place:])
            return
        if len(part) == _SCRIPT and part.isalpha():
            yield part.title(), str(locale.scripts.get(part.title(), part))
        elif part.upper() in locale.territories:
            yield part.upper(), str(locale.territories[part.upper()])
        else:
            yield "", str(locale.variants.get(part.upper(), part))
