"""A word that SPARQL does not have, and the one that was meant."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from kgpub.doctor.edits import Edit, edited
from kgpub.doctor.findings import Hint
from kgpub.engine.guard import KEYWORDS, Token

_BARE = re.compile(r"\w+(?![\w.\-]*:)")
_LONGEST = 40
"""Letters of a word that is looked into."""
_ALIKE = 0.7
"""Least likeness (0 to 1) of two words for the one to be meant by the other."""


def words(query: str, tokens: tuple[Token, ...], stop: int) -> Iterator[Hint]:
    """One hint about the word at which reading stopped, if it looks like another, or like a prefix without a colon."""
    found = _BARE.match(query, stop)
    if found is None or found[0].upper() in KEYWORDS or len(found[0]) > _LONGEST:
        return
    word = found[0]
    if tokens and tokens[-1].text.upper() == "PREFIX":
        near = f"{word}:"
    else:
        alike = get_close_matches(word.upper(), sorted(KEYWORDS), 1, _ALIKE)
        if not alike:
            return
        near = alike[0].lower() if word.islower() else alike[0]
    fix = edited(query, Edit(stop, found.end(), near))
    yield Hint("word", {"word": word, "near": near}, stop, found.end(), fix)
