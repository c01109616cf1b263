"""The words of the interface in one language: ours, with a site's own in their place; and what is amiss in those."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from string import Formatter
from types import MappingProxyType

from kgpub.overrides import NOTHING, Overrides
from kgpub.represent.messages import MESSAGES

OURS = ("ka", "en")
"""The languages that the interface speaks by itself."""


def spoken(language: str, overrides: Overrides = NOTHING) -> str:
    """The language that the interface speaks to a reader of a language: its own, or English where it has none."""
    whole, bare = language.lower(), language.partition("-")[0].lower()
    if whole in overrides.words:
        return whole
    return bare if bare in overrides.words or bare in OURS else "en"


@lru_cache(maxsize=64)
def words(language: str, overrides: Overrides = NOTHING) -> Mapping[str, str]:
    """Every message in a language: the site's, ours for what it leaves out or writes wrongly, English last."""
    own = overrides.words.get(language, {})
    is_georgian = language.partition("-")[0] == "ka"
    ours = {key: both.ka if is_georgian else both.en for key, both in MESSAGES.items()}
    return MappingProxyType(ours | {key: text for key, text in own.items() if not _fault(key, text)})


def complaints(overrides: Overrides) -> tuple[str, ...]:
    """What is amiss in a site's words: keys that we do not have, values that a message is not given, words missing."""
    return tuple(told for tag, own in sorted(overrides.words.items()) for told in _complaints(tag, own))


def _complaints(tag: str, own: Mapping[str, str]) -> Iterator[str]:
    place = f"locale/{tag}.toml"
    for key, text in own.items():
        fault = _fault(key, text)
        if fault:
            yield f"{place}: {key}: {fault}"
    missing = [key for key in MESSAGES if key not in own]
    if missing and tag.partition("-")[0] not in OURS:
        shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")  # noqa: PLR2004 # enough to see which
        yield f"{place}: {len(missing)} of {len(MESSAGES)} messages are said in English: {shown}"


def _fault(key: str, text: str) -> str:
    """Why a text cannot be the message of a key, nothing when it can."""
    if key not in MESSAGES:
        return "there is no such message"
    try:
        given, taken = _places(MESSAGES[key].en), _places(text)
    except ValueError as error:
        return f"cannot be read: {error}"
    strange = sorted(taken - given)
    return f"{', '.join(strange)}: the message has no such value" if strange else ""


def _places(text: str) -> set[str]:
    """The values that a message has places for, each as it is written between its braces."""
    found = set()
    for _, name, spec, conversion in Formatter().parse(text):
        if name is not None:
            found.add(name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else ""))
    return {f"{{{name}}}" for name in found}
