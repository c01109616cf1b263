"""Where entities live: IRI ↔ URL path ↔ CURIE, and nowhere else.

An entity below the site's base answers on its own path: ``/id/x`` redirects to a document, ``/id/x.ttl`` is the
document in one format, ``/id/x.ka.html`` in one format and language. A hash IRI is an anchor in the document of
what stands before the hash. What tells of it alone, and everything else (other hosts, query strings, blank
nodes), is at ``/-/about?iri=…``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote, urlsplit

from pyoxigraph import NamedNode

from kgpub.errors import BadIri
from kgpub.formats import ENTITY, HTML, Format, by_extension

ABOUT = "-/about"
"""The path, below the mount, that describes any IRI."""
INDEX = "index"
"""Stands in a document's address for the nothing after a final slash."""

_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f-\x9f\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STEP = re.compile(r"<[^<>\s]*>|[^\s<>/:]*:[^\s<>/:]*")
_MOST_STEPS = 2
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SEAM = re.compile(r"_+|(?<=[^\W\d_]{2})-(?=[^\W\d_]{2})")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_HUMP = re.compile(r"[A-Z][a-z]+")
_LONGEST_NAME = 120
_LOCAL_NAME = re.compile(r"[^\W_](?:[\w-]|\.(?=[\w-]))*|_(?:[\w-]|\.(?=[\w-]))+")
_SAFE = "/:@!$&'()*+,;=~-._%"
_NON_ASCII_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_TRAVERSAL = re.compile(r"(?:^|/)(?:\.|%2[Ee]){1,2}(?:/|$)")
"""Segments that browsers resolve away, written plainly or escaped."""
_RESERVED = re.compile(
    r"/|(?:-|%2[Dd])(?:/|%2[Ff])|(?:sparql|search|robots\.txt|sitemap\.xml|llms\.txt)$|\.well-known/"
)
"""Paths that belong to the application, or to another host; a thing with such an IRI is described elsewhere."""

_PLAIN = re.compile(r"(?!(?:-/|(?:sparql|search)$))[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
"""Names below the base of which nothing has to be escaped, and that nothing else's address can be mistaken for."""

_LETTER = (  # PN_CHARS_BASE of Turtle, as far as the BMP
    "A-Za-zÀ-ÖØ-öø-˿Ͱ-ͽͿ-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_PREFIX = re.compile(f"(?![Xx][Mm][Ll])[{_LETTER}](?:[{_LETTER}0-9_.-]*[{_LETTER}0-9_-])?")


def check_iri(text: str) -> str:
    """The text itself when it is an absolute IRI (RFC 3987 section 2.2, as RDF 1.1 section 3.2 asks).

    Raises ``BadIri`` naming the first character that may not stand there.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        shown = "".join(c if c.isprintable() else "\ufffd" for c in text)
        raise BadIri(f"“{shown}” is no IRI: the character {bad.group()!r} may not stand in one.")
    if not _SCHEME.match(text):
        raise BadIri(f"“{text}” is no absolute IRI: it has no scheme.")
    try:
        NamedNode(text)
    except ValueError as error:
        raise BadIri(f"“{text}” is no IRI: {error}.") from error
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
        if not iri.startswith(self.base):
            return False
        rest = iri[len(self.base) :]
        if _is_plain(rest):
            return True
        name = rest.partition("#")[0]
        return (
            "?" not in rest
            and not _TRAVERSAL.search(name)
            and not _RESERVED.match(name)
            and "//" not in name
            and (name.isascii() or not _NON_ASCII_ESCAPES.search(name))  # else no path decodes to just this
        )

    def is_reserved(self, path: str) -> bool:
        """Whether a request's path belongs to the application, or to no thing at all."""
        return not path.startswith(self.mount) or path == self.mount or bool(_RESERVED.match(path, len(self.mount)))

    def page(self, path: str, language: str | None = None) -> str:
        """The URL path of one of the application's own pages, in a language."""
        return f"{self.mount}{path}" + (f"?lang={language}" if language else "")

    def path(self, iri: str, format: Format | None = None, language: str | None = None) -> str:
        """The URL path (absolute, no host) of an entity, or of its document in a format and language.

        Without a format it is the entity's own address, which negotiates. A document whose address would be read
        as another one's (the page of ``x.ka`` as the Georgian page of ``x``) stands at ``/-/about``; so does what
        tells of a hash IRI alone, whose own address is that of the whole document.
        """
        suffix = f".{language}" if language else ""
        if format is not None:
            suffix += f".{format.extension}"
        name = iri[len(self.base) :]
        if iri.startswith(self.base) and _is_plain(name) and not name.endswith(INDEX):
            return f"{self.mount}{name}{suffix}"
        before, hash_mark, fragment = name.partition("#")
        is_taken = format is not None and (bool(fragment) or self._is_taken(before, suffix, language))
        if is_taken or not self.is_local(iri):
            return self.about(iri, format, language)
        if suffix and (not before or before.endswith("/")):
            before += INDEX
        anchor = f"#{_encode(fragment)}" if hash_mark else ""
        return f"{self.mount}{_encode(before)}{suffix}{anchor}"

    def about(self, iri: str, format: Format | None = None, language: str | None = None) -> str:
        """The URL path at which any IRI is described, whatever its own address answers."""
        suffix = "".join(f".{part}" for part in (language, format.extension if format else None) if part)
        return f"{self.mount}{ABOUT}{suffix}?iri={quoted(iri)}"

    def _is_taken(self, name: str, suffix: str, language: str | None) -> bool:
        """Whether the address of a document of this name is another thing's document."""
        return name.rpartition("/")[2] == INDEX or self.strip(name + suffix)[2] != language

    def canonical(self, path: str) -> str:
        """The absolute URL below the configured base for a path of ours; the request's host plays no part."""
        return self.base + path.removeprefix(self.mount)

    def address(self, raw_path: str) -> Address:
        """What a request's path, still percent-encoded, may mean: first as it stands, then without extensions."""
        if _BAD_PERCENT.search(raw_path):
            raise BadIri(f"“{raw_path}” is no path: a percent sign must be followed by two hexadecimal digits.")
        if not raw_path.startswith(self.mount):
            return Address(())
        stem, format, language = self.strip(raw_path.removeprefix(self.mount))
        plain = _without_index(stem)
        forms = (stem, plain) if format is None else (plain, stem)
        return Address(self._spellings(forms), format, language)

    def literal(self, raw_path: str) -> tuple[str, ...]:
        """The IRIs that a path means when nothing is stripped from it."""
        if not raw_path.startswith(self.mount):
            return ()
        rest = raw_path.removeprefix(self.mount)
        return self._spellings((rest, _without_index(rest)))

    def strip(self, path: str) -> tuple[str, Format | None, str | None]:
        """Split ``x.ka.html`` into ``x``, the format and the language; what is absent is None.

        Only pages have a language: ``x.ka.ttl`` is the Turtle of ``x.ka``.
        """
        stem, dot, extension = path.rpartition(".")
        format = by_extension(extension, ENTITY) if dot else None
        if format is None:
            return path, None, None
        before, dot, language = stem.rpartition(".")
        if dot and format is HTML and language in self.languages:
            return before, format, language
        return stem, format, None

    def _spellings(self, forms: tuple[str, ...]) -> tuple[str, ...]:
        """The IRIs that relative paths may stand for: escapes of non-ASCII letters kept, or decoded."""
        decodings = (str, _decode, _decode_all) if any("%" in form for form in forms) else (str,)
        found = dict.fromkeys(self.base + decode(form) for decode in decodings for form in forms)
        return tuple(iri for iri in found if _is_iri(iri))

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
        bare = text.strip()
        is_bracketed = bare.startswith("<") and bare.endswith(">")
        bare = bare[1:-1] if is_bracketed else bare
        prefix, colon, name = bare.partition(":")
        if colon and prefix in self.prefixes and not is_bracketed and not name.startswith("//"):
            return check_iri(self.prefixes[prefix] + name)
        if _SCHEME.match(bare):
            return check_iri(bare)
        return check_iri(self.base + bare.removeprefix("/"))

    def settled(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The IRIs of names that the settings give, of a path the first: worked out once, since pages ask for few."""
        found = self._settled.get(names)
        if found is None:
            found = self._settled[names] = tuple(self.steps(name)[0] for name in names)
        return found

    @cached_property
    def _settled(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What was worked out of the settings' names; as many as the settings have."""
        return {}

    def steps(self, text: str) -> tuple[str, ...]:
        """The properties of a path that a person wrote: ``<iri>/<iri>`` or ``prefix:name/prefix:name``, or one alone.

        What is not written so is one property, whatever slashes its IRI has. Raises ``BadIri`` beyond two steps.
        """
        parts = _STEP.findall(text.strip())
        if len(parts) < _MOST_STEPS or "/".join(parts) != text.strip() or not all(map(self._is_step, parts)):
            return (self.expand(text),)
        if len(parts) > _MOST_STEPS:
            raise BadIri(f"{text}: a path has two properties at most")
        return tuple(map(self.expand, parts))

    def _is_step(self, text: str) -> bool:
        return text.startswith("<") or text.partition(":")[0] in self.prefixes

    @cached_property
    def _by_length(self) -> list[tuple[str, str]]:
        """Namespaces with their prefixes, the longest namespace first."""
        pairs = ((namespace, prefix) for prefix, namespace in self.prefixes.items())
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair[1]))


def _is_plain(name: str) -> bool:
    """Whether nothing of a name below the base has to be escaped or looked into; a page asks of the same few often."""
    return _found_plain(name) if len(name) <= _LONGEST_NAME else _PLAIN.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def _found_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None


def absolute(iri: str) -> str:
    """The IRI itself; raises ``ValueError`` where it is none, as pydantic asks."""
    try:
        return check_iri(iri)
    except BadIri as error:
        raise ValueError(error.detail) from error


def short_name(iri: str) -> str:
    """The last readable part of an IRI, for when nothing better names it."""
    try:
        parts = urlsplit(iri)
    except ValueError:  # hosts that may stand in an IRI but not in a URL
        return iri
    for part in (parts.fragment, parts.path.rstrip("/").rpartition("/")[2], parts.netloc):
        if part:
            return unquote(part)
    return iri


def is_word(name: str) -> bool:
    """Whether the name at the end of an IRI reads as words rather than as a code, a file or a host."""
    letters = sum(map(str.isalpha, name))
    return "." not in name and len(name) <= _LONGEST_NAME and letters > 2 * sum(map(str.isdigit, name))


def spoken_name(name: str) -> str:
    """The name at the end of an IRI as words: ``hasPart`` as "has part", ``Zone_Air`` as "Zone Air".

    What reads as a code, a file or a host stays as it is; so does what has no seam.
    """
    if not is_word(name):
        return name
    return " ".join(_humps(part) for part in _SEAM.split(name) if part) or name


def _humps(word: str) -> str:
    """A word out of a compound: the capital that only marks its beginning goes, if the compound was one."""
    parts = _CAMEL.split(word)
    return " ".join(part.lower() if _HUMP.fullmatch(part) and place else part for place, part in enumerate(parts))


def default_mount(base: str) -> str:
    """The path of a base IRI, which is where it is served unless a setting says otherwise."""
    return urlsplit(base).path or "/"


def is_prefix(name: str) -> bool:
    """Whether a prefix may have this name in every format: PN_PREFIX of Turtle, and not reserved by XML."""
    return _PREFIX.fullmatch(name) is not None


def _is_iri(text: str) -> bool:
    try:
        check_iri(text)
    except BadIri:
        return False
    return True


def _without_index(path: str) -> str:
    """The path that ``index`` stands at the end of, or the path itself."""
    return path.removesuffix(INDEX) if path.rpartition("/")[2] == INDEX else path


def quoted(text: str) -> str:
    """A text as it stands in a query (RFC 3986 section 3.4), every mark of addresses escaped; pages repeat theirs."""
    return _quoted(text) if len(text) <= _LONGEST_NAME else quote(text, safe="")


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return quote(text, safe="")


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
