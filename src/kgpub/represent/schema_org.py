"""Pages in the words of schema.org, as a block of JSON-LD: a view for search engines, not the graph's own typing."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kgpub.about.catalog import dump_address, name
from kgpub.formats import HTML, JSON_LD
from kgpub.kept.partitions import Partitions
from kgpub.making.dumps import Dump
from kgpub.model import Description, Labels, Term, pick
from kgpub.represent.signposts import media_type
from kgpub.settings import STANDARD_PREFIXES, Settings
from kgpub.settings.tables import OWL, SDO, SKOS

_CONTEXT = "https://schema.org/"
_SAME = frozenset({OWL + "sameAs", SKOS + "exactMatch", SDO + "sameAs"})
_TYPE = STANDARD_PREFIXES["rdf"] + "type"
_MARKS = re.compile("[<>&\u2028\u2029]")
_MOST = 50
_LONGEST = 1_000

_as_json = json.JSONEncoder(ensure_ascii=False).encode

Value = str | list[object] | dict[str, object]


class _Said(NamedTuple):
    """What is stated of a thing: the IRI of a property, read once, and what stands there."""

    predicate: str
    object: Term


@dataclass(frozen=True)
class Page:
    """For whom a page is: the languages of its reader, the one it is in first."""

    site: Settings
    languages: tuple[str, ...]

    def word(self, labels: Labels) -> str:
        """A text in the reader's language, or ``""``."""
        found = pick(labels, self.languages)
        return found.value[:_LONGEST] if found else ""


@dataclass(frozen=True)
class Release:
    """A snapshot as it is told of: its version, when it was built, what it counts, its files."""

    version: str
    built: str
    figures: Partitions
    dumps: Sequence[Dump]


def of_dataset(page: Page, release: Release, places: Mapping[str, Labels]) -> dict[str, object]:
    """The dataset, for the home page; ``places`` are the labels of those it covers."""
    site, parts = page.site, release.figures
    publisher = site.words(site.publisher or site.title, page.languages).value
    agent = {
        "@type": "Organization",
        "@id": name(site, "publisher").value,
        "name": publisher,
        "url": site.publisher_url,
    }
    return _filled(
        {
            "@context": _CONTEXT,
            "@type": "Dataset",
            "@id": name(site).value,
            "name": site.words(site.title, page.languages).value,
            "description": site.words(site.description or site.title, page.languages).value,
            "url": site.iris.canonical(site.iris.page("-/data", page.languages[0])),
            "identifier": name(site).value,
            "version": release.version,
            "dateModified": release.built,
            "license": site.licence,
            "inLanguage": list(site.languages),
            "publisher": _filled(agent),
            "creator": {"@id": name(site, "publisher").value},
            "temporalCoverage": f"{parts.start}/{parts.end}" if parts.start else "",
            "spatialCoverage": [
                _filled({"@type": "Place", "@id": place, "name": page.word(places.get(place, {}))})
                for place in parts.places
            ],
            "distribution": [_download(site, release.version, dump) for dump in release.dumps if dump.is_large],
        }
    )


def _download(site: Settings, version: str, dump: Dump) -> dict[str, object]:
    """A file that can be taken away."""
    return {
        "@type": "DataDownload",
        "name": dump.name,
        "contentUrl": dump_address(site, version, dump).value,
        "encodingFormat": media_type(dump),
        "contentSize": f"{dump.bytes} B",
        "sha256": dump.sha256,
    }


def of_entity(page: Page, description: Description, kinds: Sequence[str]) -> dict[str, object]:
    """A thing by its names, its sentences, what is the same elsewhere, and what the graph says of it in those words."""
    site = page.site
    words = site.vocabulary
    own = [_Said(iri, one.object) for one in description.statements if (iri := one.predicate.value) != _TYPE]
    said: dict[str, object] = {
        "name": page.word(description.labels.get(description.iri, {})),
        "alternateName": _texts(page, own, site.properties(words.alternatives)),
        "description": _text(page, own, site.properties(words.descriptions)),
        "sameAs": [web for one in own if one.predicate in _SAME and (web := _web(one))][:_MOST],
    }
    fixed: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": kinds[0] if len(kinds) == 1 else list(kinds) or "Thing",
        "@id": description.iri,
        "url": site.iris.canonical(site.iris.path(description.iri)),
        "mainEntityOfPage": site.iris.canonical(site.iris.path(description.iri, HTML, page.languages[0])),
        "subjectOf": {"@type": "Dataset", "@id": name(site).value},
    }
    return _filled(dict(_own_words(page, description, own)) | said | fixed)


def with_block(html: str, value: Mapping[str, object]) -> str:
    """A page with a block of data at the end of its head.

    A data block is not executed (HTML section 4.12.1), so the content security policy lets it stand; nothing in it
    can end it, since every mark of HTML is escaped.
    """
    text = _MARKS.sub(_escaped, _as_json(value))
    return html.replace("</head>", f'<script type="{JSON_LD.media_type}">\n{text}\n</script>\n</head>', 1)


def _escaped(mark: re.Match[str]) -> str:
    return f"\\u{ord(mark[0]):04x}"


def _own_words(page: Page, description: Description, own: Iterable[_Said]) -> Iterator[tuple[str, Value]]:
    """What the graph says with properties of schema.org itself; texts in the reader's language only."""
    found: dict[str, list[object]] = {}
    for one in islice((one for one in own if one.predicate.startswith(SDO)), _MOST):
        values = found.setdefault(one.predicate.removeprefix(SDO), [])
        target = one.object
        if isinstance(target, NamedNode):
            named = page.word(description.labels.get(target.value, {}))
            values.append(_filled({"@id": target.value, "name": named}))
        elif isinstance(target, Literal) and target.language in {None, page.languages[0]}:
            values.append(target.value[:_LONGEST])
    yield from ((key, values) for key, values in found.items() if key.isalnum() and values)


def _labels(own: Iterable[_Said], properties: Iterable[str]) -> list[Literal]:
    wanted = {*properties}
    return [one.object for one in own if one.predicate in wanted and isinstance(one.object, Literal)][:_MOST]


def _text(page: Page, own: Iterable[_Said], properties: Iterable[str]) -> str:
    return page.word({literal.language or "": literal.value for literal in reversed(_labels(own, properties))})


def _texts(page: Page, own: Iterable[_Said], properties: Iterable[str]) -> list[str]:
    known = {page.languages[0], None}
    return [one.value[:_LONGEST] for one in _labels(own, properties) if one.language in known]


def _web(one: _Said) -> str:
    target = one.object
    is_web = isinstance(target, NamedNode) and target.value.startswith(("https://", "http://"))
    return target.value if isinstance(target, NamedNode) and is_web else ""


def _filled(value: Mapping[str, object]) -> dict[str, object]:
    """The pairs that say something."""
    return {key: one for key, one in value.items() if one not in ("", [], {})}
