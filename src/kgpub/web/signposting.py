"""What landing pages say to machines: signposts in the ``Link`` header, and a block of schema.org in the page."""

from collections.abc import Sequence

from kgpub.formats import Format
from kgpub.iris import quoted
from kgpub.model import Description
from kgpub.represent import schema_org, signposts
from kgpub.represent.schema_org import Page, Release
from kgpub.represent.signposts import Signpost
from kgpub.web.respond import Served

_ANYTHING = "x-kgpub:anything"
"""An IRI in the place of which that of any thing may be put."""


def of_dataset(now: Served) -> tuple[Signpost, ...]:
    """The signposts of the page about the data, its files of single graphs included."""
    return signposts.of_dataset(now.site, now.snapshot.dumps, now.snapshot.version)


def of_entity(now: Served, described: Description, formats: Sequence[Format]) -> tuple[Signpost, ...]:
    """The signposts of an entity's page, whose data can be had in these formats."""
    return signposts.of_entity(now.site, described.iri, kinds(now, described), formats)


def dataset_header(now: Served) -> str:
    """The ``Link`` header of the pages that stand for the dataset; the link set has the files of single graphs too."""
    large = [dump for dump in now.snapshot.dumps if dump.is_large]
    found = signposts.of_dataset(now.site, large, now.snapshot.version)
    return signposts.header(signposts.from_page(found))


def entity_header(now: Served, described: Description) -> str:
    """What an entity's page adds to its ``Link`` header; where its data is stands there already.

    It is the same for all things of the same kinds, but for where it names the thing.
    """
    of_kinds = kinds(now, described)
    text = now.signposts.once(of_kinds, lambda: _header(now, _ANYTHING, of_kinds))
    before, _, after = text.partition(signposts.as_uri(_ANYTHING))
    return f"{before}{signposts.as_uri(described.iri)}{after.replace(quoted(_ANYTHING), quoted(described.iri))}"


def _header(now: Served, iri: str, of_kinds: tuple[str, ...]) -> str:
    return signposts.header(signposts.from_page(signposts.of_entity(now.site, iri, of_kinds, ())))


def dataset_page(now: Served, language: str, html: str) -> str:
    """The home page with the dataset in the words of schema.org."""
    snapshot = now.snapshot
    release = Release(snapshot.version, snapshot.built, snapshot.partitions.figures, snapshot.dumps)
    places = snapshot.index.labels(release.figures.places)
    return schema_org.with_block(html, schema_org.of_dataset(_page(now, language), release, places))


def entity_page(now: Served, described: Description, language: str, html: str) -> str:
    """An entity's page with the entity in the words of schema.org."""
    return schema_org.with_block(html, schema_org.of_entity(_page(now, language), described, kinds(now, described)))


def _page(now: Served, language: str) -> Page:
    return Page(now.site, (language, *(tag for tag in now.site.languages if tag != language)))


def kinds(now: Served, described: Description) -> tuple[str, ...]:
    """The schema.org types that fit an entity's classes."""
    known = now.snapshot.partitions.figures.kinds
    return tuple(dict.fromkeys(known[one] for one in described.types if one in known))
