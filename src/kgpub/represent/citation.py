"""How an answer is cited: a permalink that names query and release, BibTeX and CSL-JSON.

Everything comes from the settings, the query and the release, nothing from a clock, so that the same question to the
same release is cited in the same way for ever.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from urllib.parse import urlsplit

from kgpub.iris import Iris
from kgpub.represent.frame import SPARQL, with_query
from kgpub.represent.identity import permanent
from kgpub.represent.markup import plain
from kgpub.settings import Settings

Pairs = Sequence[tuple[str, str]]

_SPECIAL = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{mark: f"\\{mark}" for mark in "$&#_%"},
}
_DATASET = {"default-graph-uri", "named-graph-uri"}
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_KEY = re.compile(r"[^A-Za-z0-9.-]+")
_SHORT = 12


@dataclass(frozen=True)
class Release:
    """A snapshot as it is cited: its version, and when it was built (RFC 3339)."""

    version: str
    built: str

    @property
    def short(self) -> str:
        """As much of the version as people are shown."""
        return self.version[:_SHORT]

    @property
    def day(self) -> tuple[int, int, int] | None:
        """Year, month and day of the build; None when they are not known."""
        found = _DATE.match(self.built)
        return (int(found[1]), int(found[2]), int(found[3])) if found else None


@dataclass(frozen=True)
class Citation:
    """What a citation says; ``key`` names it in a bibliography."""

    key: str
    title: str
    publisher: str
    release: Release
    url: str
    language: str


def permalink(iris: Iris, release: Release, query: str, parameters: Pairs = ()) -> str:
    """The canonical address of a query's answer on a release, with the dataset that was asked for."""
    kept = [(name, value) for name, value in parameters if name in _DATASET]
    return iris.canonical(with_query(iris.page(SPARQL), [("query", query), *kept, ("snapshot", release.version)]))


def citation(site: Settings, language: str, release: Release, query: str = "", parameters: Pairs = ()) -> Citation:
    """The citation of a query's answer on a release, or, without a query, of the whole release."""
    languages = (language, *(tag for tag in site.languages if tag != language))
    url = permalink(site.iris, release, query, parameters) if query else site.base
    host = _KEY.sub("-", urlsplit(site.base).hostname or "").strip("-.") or "site"
    parts = [host, release.short, *([blake2b(url.encode(), digest_size=4).hexdigest()] if query else [])]
    return Citation(
        key="-".join(parts),
        title=plain(site.words(site.title, languages).value),
        publisher=plain(site.words(site.publisher, languages).value),
        release=release,
        url=url,
        language=language,
    )


def of_entity(site: Settings, language: str, release: Release, iri: str, name: str) -> Citation:
    """The citation of what a release says of one thing, which is called ``name`` in this language."""
    whole = citation(site, language, release)
    link = permanent(site.iris, iri)
    return replace(
        whole,
        key=f"{whole.key}-{blake2b(iri.encode(), digest_size=4).hexdigest()}",
        title=f"{plain(name)}. {whole.title}",
        url=link,
    )


def bibtex(cited: Citation) -> str:
    """A BibTeX entry; its values are what BibTeX typesets, the address is verbatim, with nothing that ends a value."""
    publisher = f"{{{escaped(cited.publisher)}}}" if cited.publisher else ""
    day = cited.release.day
    fields = {
        "author": publisher,
        "title": f"{{{escaped(cited.title)}}}",
        "publisher": publisher,
        "year": f"{day[0]:04}" if day else "",
        "date": "{:04}-{:02}-{:02}".format(*day) if day else "",
        "version": cited.release.version,
        "url": cited.url,
    }
    lines = "".join(f"  {name:9} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}}}\n"


def csl_json(cited: Citation) -> str:
    """A list of one item of CSL-JSON (Citation Style Language 1.0.2, input data)."""
    day = cited.release.day
    item = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        **({"author": [{"literal": cited.publisher}], "publisher": cited.publisher} if cited.publisher else {}),
        **({"issued": {"date-parts": [list(day)]}} if day else {}),
        "version": cited.release.version,
        "language": cited.language,
        "URL": cited.url,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def ris(cited: Citation) -> str:
    """A record in RIS, one field a line; a field ends where its line does, so values stand on one."""
    day = cited.release.day
    fields = (
        ("TY", "DATA"),
        ("ID", cited.key),
        ("TI", cited.title),
        ("AU", cited.publisher),
        ("PB", cited.publisher),
        ("PY", f"{day[0]:04}" if day else ""),
        ("DA", "{:04}/{:02}/{:02}".format(*day) if day else ""),
        ("ET", cited.release.version),
        ("LA", cited.language),
        ("UR", cited.url),
    )
    lines = "".join(f"{tag}  - {plain(value)}\r\n" for tag, value in fields if value)
    return f"{lines}ER  - \r\n"


def escaped(text: str) -> str:
    """A text as BibTeX and TeX read it back: every character that means something to them is spelled out."""
    return "".join(_SPECIAL.get(letter, letter) for letter in text)
