"""Site maps for crawlers: an index, and maps with every page in every language (sitemaps.org protocol 0.9)."""

from collections.abc import Iterable, Iterator

from markupsafe import escape

from kgpub.formats import HTML
from kgpub.represent.signposts import as_uri
from kgpub.settings import Settings

SITEMAP = "-/sitemap-"
"""The address of a map, below the mount, before its number."""

_NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_APPLICATION = ("", "-/data", "-/classes", "-/queries", "-/ontology", "-/shapes")
"""The pages that may be indexed and are no lists without end."""


def index(site: Settings, maps: int, built: str) -> str:
    """The index: map 0 lists the application's own pages, the others the things."""
    places = (_absolute(site, site.iris.page(f"{SITEMAP}{number}.xml")) for number in range(maps + 1))
    rows = "".join(f"<sitemap><loc>{place}</loc><lastmod>{built}</lastmod></sitemap>\n" for place in places)
    return f"{_HEAD}<sitemapindex {_NAMESPACES}>\n{rows}</sitemapindex>\n"


def things(site: Settings, iris: Iterable[str], built: str) -> Iterator[str]:
    """A map of things' pages, piece by piece."""
    path = site.iris.path
    return _map(site, ((path(iri, HTML), [path(iri, HTML, tag) for tag in site.languages]) for iri in iris), built)


def application(site: Settings, built: str) -> Iterator[str]:
    """The map of the application's own pages."""
    page = site.iris.page
    return _map(site, ((page(path), [page(path, tag) for tag in site.languages]) for path in _APPLICATION), built)


def _map(site: Settings, pages: Iterable[tuple[str, list[str]]], built: str) -> Iterator[str]:
    """One entry per page and language, each naming the page in every language and where it is negotiated."""
    yield f"{_HEAD}<urlset {_NAMESPACES} {_XHTML}>\n"
    for neutral, paths in pages:
        places = [_absolute(site, path) for path in paths]
        pairs = [*zip(site.languages, places, strict=True), ("x-default", _absolute(site, neutral))]
        links = "".join(f'<xhtml:link rel="alternate" hreflang="{tag}" href="{place}"/>' for tag, place in pairs)
        yield "".join(f"<url><loc>{place}</loc><lastmod>{built}</lastmod>{links}</url>\n" for place in places)
    yield "</urlset>\n"


def _absolute(site: Settings, path: str) -> str:
    return str(escape(as_uri(site.iris.canonical(path))))
