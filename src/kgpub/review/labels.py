"""Names with odd blanks, characters that nobody sees, and letters of another script inside a word."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal

from kgpub.review.findings import Case, shown
from kgpub.review.survey import Known, Stated

_BLANKS = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(rf"^\s+|\s+$|\s{{2,}}|[\t\n\r\f\v\x85\u2028\u2029{_BLANKS}]")
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_JOINERS = re.compile("[\u200c-\u200f\u061c]")
"""Joiners and marks of direction, which many scripts need; between letters that do not they are dirt."""
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f][^\W\d_]*)*")
_PLAIN_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "GEORGIAN", "ARMENIAN"})
"""Scripts that need no joiners, and whose letters do not stand within one word."""
_CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеорсухѕіј", "ABESIJKMHOPCTYXaeopcyxsij", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονικ", "ABEZHIKMNOPTYXovik", strict=True))
_LOOKALIKES = _CYRILLIC | _GREEK
"""Letters of other scripts that look like Latin ones."""
_BACK = {latin: letter for letter, latin in _CYRILLIC.items()}
_LONGEST = 4_000
"""Characters of a text that are looked at."""


def labels(stated: Stated, known: Known) -> Iterator[Case]:
    """What is odd about the text that a statement gives as a name; of a description, its letters only."""
    quad = stated.quad
    predicate, text = quad.predicate.value, quad.object
    is_name = predicate in known.labels or predicate in known.alternatives
    if not isinstance(text, Literal) or not (is_name or predicate in known.descriptions):
        return
    if stated.role == "shapes" and predicate not in known.labels:
        return
    about, is_whole = getattr(quad.subject, "value", ""), len(text.value) <= _LONGEST
    for rule, variant, found, mended in _faults(text.value[:_LONGEST], is_name):
        yield Case(
            rule,
            key=str(hash((about, predicate, text.value, text.language))),
            values={"text": shown(text.value), "found": shown(found), "mended": shown(mended)},
            variant=variant,
            about=about,
            file=stated.file,
            line=stated.line,
            text=text.value if is_whole and mended else "",
            new=mended if is_whole else "",
        )


@lru_cache(maxsize=4_096)
def _faults(text: str, is_name: bool) -> tuple[tuple[str, str, str, str], ...]:
    """Rule, variant, what was found and the mended text, for everything wrong with a text."""
    faults = []
    hidden = _hidden(text) if is_name else ""
    mended = re.sub(rf"[\s{_BLANKS}]+", " ", "".join(c for c in text if c not in hidden)).strip()
    if is_name and _SPACES.search(text):
        faults.append(("label-spaces", "" if mended else "empty", "", mended))
    if hidden:
        names = ", ".join(dict.fromkeys(f"U+{ord(c):04X}" for c in hidden))
        faults.append(("label-invisible", "", names, mended))
    for word in _WORD.findall(text):
        fault = _mixed(word)
        if fault:
            mended = text.replace(word, fault[1], 1) if fault[1] else ""
            faults.append(("label-scripts", "mended" if mended else "", f"{word} ({fault[0]})", mended))
            break
    return tuple(faults)


def _hidden(text: str) -> str:
    """The characters of a text that show nothing and do nothing there."""
    found = "".join(_INVISIBLE.findall(text))
    joiners = "".join(_JOINERS.findall(text))
    if joiners and {_script(c) for c in text if c.isalpha()} <= _PLAIN_SCRIPTS:
        found += joiners
    return found


@lru_cache(maxsize=65_536)
def _mixed(word: str) -> tuple[str, str] | None:
    """The scripts that a word mixes, and the word in one of them where that is plain; None for a whole word.

    Greek beside Latin is a way to write symbols (``μg``); it counts only where each Greek letter looks Latin.
    """
    letters = {c: _script(c) for c in word if c.isalpha()}
    scripts = set(letters.values()) & _PLAIN_SCRIPTS
    if len(scripts) < 2:  # noqa: PLR2004 # one script is no mixture
        return None
    greek = [c for c, script in letters.items() if script == "GREEK"]
    if scripts == {"GREEK", "LATIN"} and (len(word) < 4 or not all(c in _GREEK for c in greek)):  # noqa: PLR2004 # symbols are short
        return None
    names = " + ".join(sorted(script.capitalize() for script in scripts))
    return names, _in_one_script(word, letters, scripts)


def _in_one_script(word: str, letters: dict[str, str], scripts: set[str]) -> str:
    """The word with the fewer letters replaced by those they look like; empty where that is not plain."""
    latin = sum(letters.get(c) == "LATIN" for c in word)
    if scripts == {"CYRILLIC", "LATIN"} and latin * 2 < len(word):
        mended = "".join(_BACK.get(c, c) if letters.get(c) == "LATIN" else c for c in word)
    elif "LATIN" in scripts and "GEORGIAN" not in scripts:
        mended = "".join(_LOOKALIKES.get(c, c) for c in word)
    else:
        return ""
    return mended if len({_script(c) for c in mended if c.isalpha()}) == 1 else ""


@lru_cache(maxsize=4_096)
def _script(character: str) -> str:
    """The script of a letter, by the first word of its name in Unicode."""
    return unicodedata.name(character, "").partition(" ")[0]
