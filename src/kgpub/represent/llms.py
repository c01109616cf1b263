"""``llms.txt``: what the site is and where its data and interfaces are, for language models, in Markdown."""

import re
from collections.abc import Sequence

from kgpub.formats import TURTLE
from kgpub.making.dumps import CHECKSUMS, Dump
from kgpub.model import Statistics
from kgpub.represent.signposts import VOID
from kgpub.represent.values import Reader

_MARKS = re.compile(r"([\\`*_\[\]<>#|])")
_MOST_CLASSES = 20


def llms(reader: Reader, statistics: Statistics, dumps: Sequence[Dump], version: str) -> str:
    """The text, in the reader's language."""
    site, say = reader.site, reader.say
    title = site.words(site.title, reader.languages).value
    description = site.words(site.description, reader.languages).value
    counts = f"{say('count.triples')}: {statistics.triples}; {say('count.entities')}: {statistics.entities}"
    classes = (f"- {_link(reader.name(one.iri).value, one.iri)}: {one.count}" for one in statistics.classes)
    files = (one for one in dumps if one.is_large)
    parts = [
        f"# {_plain(title)}",
        f"> {_plain(description)}" if description else "",
        f"{counts}. {say('llms.addresses')}",
        f"## {say('llms.interfaces')}",
        "\n".join(f"- {_link(say(key), _address(reader, path))}: {say(_told(key))}" for key, path in _WAYS),
        f"## {say('llms.files')}",
        "\n".join(f"- {_link(one.name, _address(reader, f'-/dumps/{version}/{one.name}'))}" for one in files)
        + f"\n- {_link(CHECKSUMS, _address(reader, f'-/dumps/{version}/{CHECKSUMS}'))}",
        f"## {say('classes')}",
        "\n".join(line for line, _ in zip(classes, range(_MOST_CLASSES), strict=False)),
        f"## {say('llms.terms')}",
        f"- {say('licence')}: {site.licence or say('data.no-licence')}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_WAYS = (
    ("sparql", "sparql"),
    ("search", "search"),
    ("ontology", "-/ontology"),
    ("llms.void", f"{VOID}.{TURTLE.extension}"),
    ("llms.api", ".well-known/api-catalog"),
    ("llms.sitemap", "sitemap.xml"),
)


def _told(key: str) -> str:
    """The message that says what is at an address."""
    return f"llms.{key.removeprefix('llms.')}.text"


def _address(reader: Reader, path: str) -> str:
    return reader.iris.canonical(reader.iris.page(path))


def _plain(text: str) -> str:
    """A text on one line that is no mark-up of Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _link(text: str, address: str) -> str:
    return f"[{_plain(text)}](<{address}>)"
