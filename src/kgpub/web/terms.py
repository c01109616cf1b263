"""What a query on this dataset can be made of: prefixes, classes and properties, for the editor's completion."""

import json
from collections.abc import Iterable, Mapping
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from kgpub.formats import JSON
from kgpub.iris import Iris
from kgpub.model import Counted, Labels, pick
from kgpub.web.respond import PRIVATE, PUBLIC, Served, reader, respond, served

MOST_TERMS = 2_000
"""Most classes and properties together; beyond it the least used are left out."""
_LONGEST = 120
"""Most characters of a label; a list of completions shows no more."""

_CLASS, _PROPERTY = "c", "p"


async def terms(request: Request) -> Response:
    """List the site's prefixes and the terms its data uses, the most used first, at most ``MOST_TERMS`` of them.

    ``{"prefixes": {"foaf": "http://…"}, "terms": [{"t": "foaf:name", "k": "p", "n": 12, "l": "…", "g": "en",
    "o": ["…"]}]}``: a term as it is written in a query, its kind (``c`` class, ``p`` property), its members or
    statements, its label in the reader's language (``?lang=``) where it has one, ``g`` the language of that label
    where it is another, and its labels in the site's other languages.
    """
    now = served(request)
    who = reader(request, now.site)
    languages = (who.language, *(tag for tag in now.site.languages if tag != who.language))
    headers = {"Content-Language": who.language}
    if not who.fixed:
        headers["Vary"] = "Accept-Language"
    body = json.dumps(_body(now, languages), ensure_ascii=False, separators=(",", ":")).encode()
    return respond(body, JSON, cache=PUBLIC if who.fixed else PRIVATE, headers=headers)


def _body(now: Served, languages: tuple[str, ...]) -> Mapping[str, object]:
    """The whole answer; one that is a class and a property alike is listed as both."""
    figures = now.snapshot.statistics
    counted = _most_used(((_CLASS, one) for one in figures.classes), ((_PROPERTY, one) for one in figures.properties))
    labels = now.snapshot.index.labels(one.iri for _, one in counted)
    found = [_term(now.site.iris, kind, one, labels.get(one.iri, {}), languages) for kind, one in counted]
    return {"prefixes": dict(sorted(now.site.all_prefixes.items())), "terms": found}


def _most_used(*kinds: Iterable[tuple[str, Counted]]) -> list[tuple[str, Counted]]:
    """The terms of every kind together, by falling count, cut off at the limit."""
    return sorted(chain(*kinds), key=lambda pair: (-pair[1].count, pair[1].iri, pair[0]))[:MOST_TERMS]


def _term(iris: Iris, kind: str, one: Counted, labels: Labels, languages: tuple[str, ...]) -> dict[str, object]:
    """One term in short keys; what it lacks is left out."""
    written = iris.curie(one.iri) or f"<{one.iri}>"
    found: dict[str, object] = {"t": written, "k": kind, "n": one.count}
    label = pick(labels, languages)
    if label is None:
        return found
    found["l"] = label.value[:_LONGEST]
    if label.language and label.language != languages[0]:
        found["g"] = label.language
    in_others = (pick(labels, (tag,)) for tag in languages[1:])
    others = dict.fromkeys(text.value[:_LONGEST] for text in in_others if text and text.value != label.value)
    return found | ({"o": list(others)} if others else {})
