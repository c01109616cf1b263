"""Where entities live: IRI ↔ URL path ↔ CURIE, and nowhere else.

An entity below the site's base answers on its own path: ``/id/x`` redirects to a document, ``/id/x.ttl`` is the
document in one format, ``/id/x.ka.html`` in one format and language. A hash IRI is an anchor in the document of
what stands before the hash. Everything else (other hosts, query strings, blank nodes) is described at
``/-/about?iri=…``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote, unquote, urlsplit

from kgpub.errors import BadIri
from kgpub.formats import ENTITY, Format, by_extension

ABOUT = "-/about"
"""The path, below the mount, that describes any IRI."""
INDEX = "index"
"""Stands in a document's address for the nothing after a final slash."""

_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LOCAL_NAME = re.compile(r"[^\W_](?:[\w-]|\.(?=[\w-]))*|_(?:[\w-]|\.(?=[\w-]))+")
_SAFE = "/:@!$&'()*+,;=~-._%"
_NON_ASCII_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_TRAVERSAL = re.compile(r"(?:^|/)\.{1,2}(?:/|$)")


def check_iri(text: str) -> str:
    """The text itself when it is an absolute IRI (RFC 3987 section 2.2, as RDF 1.1 section 3.2 asks).

    Raises ``BadIri`` naming the first character that may not stand there.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        raise BadIri(f"“{text}” is no IRI: the character {bad.group()!r} may not stand in one.")
    if not _SCHEME.match(text):
        raise BadIri(f"“{text}” is no absolute IRI: it has no scheme.")
    return text


@dataclass(frozen=True)
class Address:
    """What a document's path asks for: IRIs it may mean, most literal first, and what it fixes."""

    candidates: tuple[str, ...]
    format: Format | None = None
    language: str | None = None


@dataclass(frozen=True)
class Iris:
    """The site's addresses: ``base`` is the canonical IRI prefix, ``mount`` the path it is served under."""

    base: str
    mount: str = "/"
    languages: tuple[str, ...] = ("en",)
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        """Hash by what tells two sites apart; the prefixes are a mapping and stay out."""
        return hash((self.base, self.mount, self.languages))

    def is_local(self, iri: str) -> bool:
        """Whether the IRI answers on a path of its own here."""
        rest = iri[len(self.base) :]
        return (
            iri.startswith(self.base)
            and "?" not in rest
            and not _TRAVERSAL.search(rest.partition("#")[0])
            and not rest.startswith(("/", "-/"))
            and "//" not in rest.partition("#")[0]
        )

    def page(self, path: str, language: str | None = None) -> str:
        """The URL path of one of the application's own pages, in a language."""
        return f"{self.mount}{path}" + (f"?lang={language}" if language else "")

    def path(self, iri: str, format: Format | None = None, language: str | None = None) -> str:
        """The URL path (absolute, no host) of an entity, or of its document in a format and language.

        Without a format it is the entity's own address, which negotiates.
        """
        suffix = "".join(f".{part}" for part in (language, format.extension if format else None) if part)
        if not self.is_local(iri):
            return f"{self.mount}{ABOUT}{suffix}?iri={quote(iri, safe='')}"
        before, hash_mark, fragment = iri[len(self.base) :].partition("#")
        if suffix and (not before or before.endswith("/")):
            before += INDEX
        anchor = f"#{_encode(fragment)}" if hash_mark else ""
        return f"{self.mount}{_encode(before)}{suffix}{anchor}"

    def canonical(self, path: str) -> str:
        """The absolute URL below the configured base for a path of ours; the request's host plays no part."""
        return self.base + path.removeprefix(self.mount)

    def address(self, raw_path: str) -> Address:
        """What a request's path, still percent-encoded, may mean: first as it stands, then without extensions."""
        if _BAD_PERCENT.search(raw_path):
            raise BadIri(f"“{raw_path}” is no path: a percent sign must be followed by two hexadecimal digits.")
        rest = raw_path.removeprefix(self.mount)
        stem, format, language = self.strip(rest)
        return (
            Address(self._spellings(rest), format, language)
            if stem == rest
            else Address(self._spellings(stem), format, language)
        )

    def literal(self, raw_path: str) -> tuple[str, ...]:
        """The IRIs that a path means when nothing is stripped from it."""
        return self._spellings(raw_path.removeprefix(self.mount))

    def strip(self, path: str) -> tuple[str, Format | None, str | None]:
        """Split ``x.ka.html`` into ``x``, the format and the language; what is absent is None."""
        stem, dot, extension = path.rpartition(".")
        format = by_extension(extension, ENTITY) if dot else None
        if format is None:
            return path, None, None
        before, dot, language = stem.rpartition(".")
        if dot and language in self.languages:
            return before, format, language
        return stem, format, None

    def _spellings(self, rest: str) -> tuple[str, ...]:
        """The IRIs a relative path may stand for: escapes of non-ASCII letters kept, or decoded."""
        plain = rest.removesuffix(INDEX) if rest == INDEX or rest.endswith("/" + INDEX) else rest
        found = [self.base + form for form in dict.fromkeys((rest, plain))]
        decoded = [_decode(iri) for iri in found] + [_decode_all(iri) for iri in found]
        return tuple(iri for iri in dict.fromkeys(found + decoded) if not _FORBIDDEN.search(iri))

    def curie(self, iri: str) -> str | None:
        """The IRI as ``prefix:name`` by the site's prefixes, or None when none fits."""
        for namespace, prefix in self._by_length:
            if iri.startswith(namespace):
                name = iri[len(namespace) :]
                if _LOCAL_NAME.fullmatch(name):
                    return f"{prefix}:{name}"
        return None

    def expand(self, text: str) -> str:
        """The IRI that a person wrote: ``<iri>``, ``prefix:name``, an absolute IRI, or one relative to the base."""
        bare = text.strip().removeprefix("<").removesuffix(">")
        prefix, colon, name = bare.partition(":")
        if colon and prefix in self.prefixes and not name.startswith("//"):
            return check_iri(self.prefixes[prefix] + name)
        if _SCHEME.match(bare):
            return check_iri(bare)
        return check_iri(self.base + bare.removeprefix("/"))

    @cached_property
    def _by_length(self) -> list[tuple[str, str]]:
        """Namespaces with their prefixes, the longest namespace first."""
        pairs = ((namespace, prefix) for prefix, namespace in self.prefixes.items())
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair[1]))


def short_name(iri: str) -> str:
    """The last readable part of an IRI, for when nothing better names it."""
    parts = urlsplit(iri)
    for part in (parts.fragment, parts.path.rstrip("/").rpartition("/")[2], parts.netloc):
        if part:
            return unquote(part)
    return iri


def default_mount(base: str) -> str:
    """The path of a base IRI, which is where it is served unless a setting says otherwise."""
    return urlsplit(base).path or "/"


def _encode(text: str) -> str:
    """A part of an IRI as a part of a URI: UTF-8 percent-encoded where needed (RFC 3987 section 3.1)."""
    return quote(text, safe=_SAFE)


def _decode(iri: str) -> str:
    """Escapes that spell non-ASCII UTF-8 as letters (RFC 3987 section 3.2); others, and broken ones, stay."""

    def letters(match: re.Match[str]) -> str:
        try:
            return bytes.fromhex(match.group().replace("%", "")).decode("utf-8")
        except UnicodeDecodeError:
            return match.group()

    return _NON_ASCII_ESCAPES.sub(letters, iri)


def _decode_all(iri: str) -> str:
    """Every escape decoded, the twin that a client may have encoded too eagerly; the IRI itself if it cannot be."""
    try:
        return unquote(iri, errors="strict")
    except UnicodeDecodeError:
        return iri
