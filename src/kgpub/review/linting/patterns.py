"""Regular expressions of shapes: those that are none, and those that XPath and Python read differently.

SHACL means XPath's (section 4.4.3, by way of SPARQL's REGEX); pySHACL asks Python's ``re``.
"""

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from pyoxigraph import Literal

from kgpub.review.findings import Case
from kgpub.review.linting.graph import ShapesGraph
from kgpub.settings.tables import SH

_LONGEST = 2_000
"""Most characters of a pattern that is looked at."""
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL, "x": re.VERBOSE}
_ESCAPED = frozenset(r"nrt\|.?*+(){}-[]^$dDsSiIcCpPwW123456789")
"""What may follow a backslash in XPath (XPath Functions 3.1 section 5.6.1)."""
_PART = re.compile(
    r"""\\(?P<escape>.)
    |(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])
    |(?P<other>\(\?(?!:)[^)]{0,3}|[*+?}]\+|\{,)""",
    re.VERBOSE | re.DOTALL,
)
"""What may differ: an escape; a set; look-around and named groups, possessive marks, counts without a beginning."""
_IN_SET = re.compile(r"\\(?P<escape>.)|(?P<other>(?<=.)\[|&&|(?<=^\[)\])", re.DOTALL)
"""Within a set: an escape; a bracket that is not escaped, which XPath takes for a subtraction or refuses."""


def patterns(graph: ShapesGraph) -> Iterator[Case]:
    """A remark for each pattern of the shapes that Python refuses, or that XPath reads otherwise."""
    for node in graph.shapes:
        flags = "".join(fact.target.value for fact in graph.of(node, SH + "flags"))[:20]
        for fact in graph.of(node, SH + "flags"):
            if fact.target.value.strip("ismxq"):
                yield graph.case("shape-value", node, fact, "flags")
        for fact in graph.of(node, SH + "pattern"):
            if not isinstance(fact.target, Literal) or len(fact.target.value) > _LONGEST:
                continue
            fault = _fault(fact.target.value, flags)
            if fault:
                yield graph.case("shape-pattern", node, fact, fault=fault)
                continue
            other = _otherwise(fact.target.value, flags)
            if other:
                yield graph.case("shape-pattern-dialect", node, fact, part=other)


@lru_cache(maxsize=4_096)
def _fault(pattern: str, flags: str) -> str:
    """Why Python cannot read a pattern, in Python's words."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern, sum({_FLAGS.get(flag, re.NOFLAG) for flag in flags}))
    except (re.error, RecursionError, OverflowError) as error:
        return str(error) or "nested too deeply"
    return ""


def _otherwise(pattern: str, flags: str) -> str:
    """The first part of a pattern that XPath does not have or means otherwise."""
    if "q" in flags:
        return "sh:flags q"
    for found in _PART.finditer(pattern):
        inner = next(filter(_is_other, _IN_SET.finditer(found[0])), None) if found["set"] else None
        if inner is not None:
            return inner[0]
        if not found["set"] and _is_other(found):
            return found[0]
    return ""


def _is_other(found: re.Match[str]) -> bool:
    """Whether a part is none of XPath's; what it takes for a letter of a word, such as "_", is another matter too."""
    return found["escape"] is None or found["escape"] not in _ESCAPED or found["escape"] in "wW"
