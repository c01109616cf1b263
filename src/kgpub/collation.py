"""Where a word stands in an alphabetical list, by the letters that a language counts as letters of their own.

Accents are passed over (``é`` stands with ``e``), save where a language has the letter in its alphabet: ``å`` ends the
Swedish one, ``ñ`` follows ``n`` in Spanish. This is the main rule of each language, not the whole of its collation.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

SIGNS = "#"
"""Stands for the first letter of what begins with none."""

_NORDIC = "zæ zø zå"
_LETTERS: Mapping[str, str] = {
    "sv": "zå zä zö", "fi": "zå zä zö", "et": "sš zž wõ wä wö wü", "da": _NORDIC, "nb": _NORDIC, "nn": _NORDIC,
    "no": _NORDIC, "is": "dð zþ zæ zö", "es": "nñ", "gl": "nñ", "eu": "nñ",
    "pl": "aą cć eę lł nń oó sś zź zż", "cs": "cč rř sš zž", "sk": "cč sš zž", "sl": "cč sš zž",
    "hr": "cč cć dđ sš zž", "bs": "cč cć dđ sš zž", "lt": "cč sš zž", "lv": "cč gģ kķ lļ nņ sš zž",
    "hu": "oö uü", "tr": "cç gğ hı oö sş uü", "az": "cç eə gğ hı oö sş uü", "ro": "aă aâ iî sș tț",
    "ru": "ий", "uk": "гґ ий ії", "be": "ий уў", "bg": "ий", "kk": "ий",
}  # fmt: skip
"""Letters of their own by language, each with the one that it follows."""
_PLAIN: Mapping[str, str] = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
_ACCENTS = re.compile("[\u0300-\u036f]")
_BEFORE = re.compile(r"^[\W_]+")
_AFTER = "\ue000"
"""The first character of private use: behind a letter it stands after all that the letter begins."""


def place(text: str, language: str = "") -> str:
    """The key by which a text sorts among others, for readers of a language."""
    plain = unicodedata.normalize("NFC", _BEFORE.sub("", text)).casefold()
    if plain.isascii():
        return plain
    own = _own(language)
    return "".join(own.get(letter) or _bare(letter) for letter in plain)


def initial(text: str, language: str = "") -> str:
    """The letter under which a text is listed, a capital where its script has some; ``#`` for figures and signs."""
    first = unicodedata.normalize("NFC", _BEFORE.sub("", text)).casefold()[:1]
    if not first.isalpha():
        return SIGNS
    letter = first if first in _own(language) else _bare(first)[:1]
    return letter if "ა" <= letter <= "ჿ" else letter.upper()[:1]  # Georgian has no capitals within a text


@cache
def _own(language: str) -> Mapping[str, str]:
    """A language's letters of their own with the keys by which they sort."""
    pairs = _LETTERS.get(language.partition("-")[0].lower(), "").split()
    return {pair[1]: f"{pair[0]}{chr(ord(_AFTER) + number)}" for number, pair in enumerate(pairs)}


def _bare(letter: str) -> str:
    """A letter without its accents."""
    if letter.isascii():
        return letter
    return _PLAIN.get(letter) or unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", letter)))
