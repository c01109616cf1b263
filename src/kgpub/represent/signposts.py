"""Signposts: typed links that lead machines from a page to what it is about (FAIR Signposting, level 2).

The same links stand in the ``Link`` header of a landing page (RFC 8288) and in its link set (RFC 9264), as JSON and
as text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from kgpub.about.catalog import name
from kgpub.formats import GRAPHS, GZIP, HTML, LINKSET_JSON, LINKSET_TEXT, TEXT, ZSTD, Format
from kgpub.iris import quoted
from kgpub.making.dumps import CHECKSUMS, Dump
from kgpub.represent.html import json_text
from kgpub.settings import Settings
from kgpub.settings.tables import SDO

LINKSET = "-/linkset"
"""The address of the link sets, below the mount, without the format's extension."""
VOID = "-/void"
"""The address of the self-description, likewise."""

_CODINGS = {"gzip": GZIP, "zstd": ZSTD}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URI = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=~._%?#\[\]-]*")
_MOST_TYPES = 5


@dataclass(frozen=True)
class Signpost:
    """A link from ``anchor`` to ``href`` with its relation type, and the media type found there."""

    anchor: str
    rel: str
    href: str
    type: str = ""


def of_entity(site: Settings, iri: str, types: Sequence[str], formats: Iterable[Format]) -> tuple[Signpost, ...]:
    """The links of an entity's page; ``types`` name schema.org types, ``formats`` are those its data comes in."""
    iris, page = site.iris, site.iris.path(iri, HTML)
    data = [(iris.path(iri, one), one) for one in formats]
    own = (
        Signpost(page, "cite-as", as_uri(iri)),
        *(Signpost(page, "describedby", path, one.media_type) for path, one in data),
        *_typed(page, types),
        *_terms(site, page),
        Signpost(page, "collection", as_uri(name(site).value)),
    )
    link_sets = _link_sets(site, page, f"?iri={quoted(iri)}")
    back = (Signpost(path, "describes", page, HTML.media_type) for path, _ in data)
    return (*own, *link_sets, *back)


def of_dataset(site: Settings, dumps: Iterable[Dump], version: str) -> tuple[Signpost, ...]:
    """The links of the page about the data: what it is cited as, its descriptions, its files."""
    page = site.iris.page("-/data")
    described = [(site.iris.page(f"{VOID}.{one.extension}"), one) for one in GRAPHS]
    files = f"-/dumps/{version}/"
    return (
        Signpost(page, "cite-as", as_uri(name(site).value)),
        *(Signpost(page, "describedby", path, one.media_type) for path, one in described),
        *_typed(page, ["Dataset"]),
        *_terms(site, page),
        *(Signpost(page, "item", site.iris.page(f"{files}{dump.name}"), media_type(dump)) for dump in dumps),
        Signpost(page, "item", site.iris.page(files + CHECKSUMS), TEXT.media_type),
        *_link_sets(site, page, ""),
        *(Signpost(path, "describes", page, HTML.media_type) for path, _ in described),
        *(Signpost(site.iris.page(f"{files}{dump.name}"), "collection", page, HTML.media_type) for dump in dumps),
    )


def media_type(dump: Dump) -> str:
    """The media type that a dump is sent as."""
    return (_CODINGS[dump.coding] if dump.coding else dump.format).media_type


def header(signposts: Iterable[Signpost]) -> str:
    """Links as the value of a ``Link`` header; their anchor is what the header belongs to."""
    return ", ".join(f'<{one.href}>; rel="{one.rel}"{_type(one)}' for one in signposts)


def from_page(signposts: Sequence[Signpost]) -> tuple[Signpost, ...]:
    """The links of a landing page itself, those of its parts left out."""
    return tuple(one for one in signposts if one.anchor == signposts[0].anchor)


def as_json(site: Settings, signposts: Iterable[Signpost]) -> str:
    """Links as a link set in JSON (RFC 9264 section 4.2), every address absolute."""
    found: dict[str, dict[str, list[dict[str, str]]]] = {}
    for one in signposts:
        target = {"href": _absolute(site, one.href)} | ({"type": one.type} if one.type else {})
        found.setdefault(_absolute(site, one.anchor), {}).setdefault(one.rel, []).append(target)
    return json_text({"linkset": [{"anchor": anchor} | links for anchor, links in found.items()]})


def as_text(site: Settings, signposts: Iterable[Signpost]) -> str:
    """Links as a link set in text (RFC 9264 section 4.1), every address absolute."""
    lines = (
        f'<{_absolute(site, one.href)}>; rel="{one.rel}"; anchor="{_absolute(site, one.anchor)}"{_type(one)}'
        for one in signposts
    )
    return ",\n".join(lines) + "\n"


def as_uri(iri: str) -> str:
    """An IRI as a URI of ASCII characters (RFC 3987 section 3.1), fit to stand in a header."""
    return iri if _URI.fullmatch(iri) else quote(iri, safe="/:@!$&'()*+,;=~-._%?#[]")


def _typed(page: str, types: Sequence[str]) -> tuple[Signpost, ...]:
    """What the page is, then what it is about; the second is left out where nothing fits."""
    return tuple(Signpost(page, "type", SDO + one) for one in dict.fromkeys(("AboutPage", *types[:_MOST_TYPES])))


def _terms(site: Settings, page: str) -> tuple[Signpost, ...]:
    """Licence and publisher, as far as the settings name them."""
    pairs = (("license", site.licence), ("author", site.publisher_url))
    return tuple(Signpost(page, rel, as_uri(href)) for rel, href in pairs if href)


def _link_sets(site: Settings, page: str, query: str) -> tuple[Signpost, ...]:
    both = (LINKSET_JSON, LINKSET_TEXT)
    path = site.iris.page(LINKSET)
    return tuple(Signpost(page, "linkset", f"{path}.{one.extension}{query}", one.media_type) for one in both)


def _type(one: Signpost) -> str:
    return f'; type="{one.type}"' if one.type else ""


def _absolute(site: Settings, href: str) -> str:
    """An address of ours below the base; any other as it is."""
    return href if _SCHEME.match(href) else as_uri(site.iris.canonical(href))
