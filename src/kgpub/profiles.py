"""The profiles that a thing is described in, and which one a client gets (W3C Content Negotiation by Profile).

A media type says how a document is written, a profile says what stands in it (RFC 6906 section 3). A profile is named
by an IRI, or by a token that stands for it here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kgpub.errors import NoSuchProfile
from kgpub.formats import ENTITY, GRAPHS, HTML, JSON, JSON_LD, Format, weight
from kgpub.iris import Iris

PROFILES = "-/profiles"
"""The page, below the mount, that says what each profile holds; each is a fragment of it."""
PROFILE, MEDIA_TYPE = "_profile", "_mediatype"
"""The query parameters that fix a profile and a media type (section 7.2, "QSA Functional Profile")."""
QSA = "http://www.w3.org/ns/dx/connegp/profile/qsa"
"""What the list of all alternates conforms to (section 7.2.2)."""

_ALTERNATES = "http://www.w3.org/ns/dx/connegp/altr"
_LONGEST = 4_000
_PARTS = re.compile(r"(?:<[^<>]*>|[^,])+")
_PART = re.compile(r"\s*(?:<([^<>]*)>|([^\s;<>]+))\s*(?:;(.*))?", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Profile:
    """A profile: the token that names it here, its formats (the first answers ``*/*``), what it is a profile of."""

    token: str
    formats: tuple[Format, ...]
    general: tuple[str, ...] = ()
    own_iri: str = ""

    def iri(self, iris: Iris) -> str:
        """The IRI that names the profile everywhere; it leads to what the site says of it."""
        return self.own_iri or f"{iris.canonical(iris.page(PROFILES))}#{self.token}"

    def conforms_to(self, iris: Iris) -> tuple[str, ...]:
        """All that a document in this profile conforms to, the narrowest first."""
        return (self.iri(iris), *self.general)


DESCRIPTION = Profile("description", ENTITY)
"""What the data says of the thing; what a client gets that asks for nothing else."""
SYMMETRIC = Profile("symmetric", GRAPHS)
"""The description and what points to the thing."""
LABELS = Profile("labels", GRAPHS)
"""The names of the thing and of all that its description names."""
SCHEMA = Profile("schema", (JSON_LD, *(one for one in GRAPHS if one is not JSON_LD), HTML), ("https://schema.org/",))
"""The thing in the words of schema.org."""
OFFERED = (DESCRIPTION, SYMMETRIC, LABELS, SCHEMA)
"""The profiles of a thing, the default one first."""
ALTERNATES = Profile("alt", (HTML, JSON, *GRAPHS), (QSA,), own_iri=_ALTERNATES)
"""The list of all the others."""

_TOKENS: Mapping[str, Profile] = {one.token: one for one in (*OFFERED, ALTERNATES)} | {"all": ALTERNATES}


def accepted(header: str, iris: Iris) -> tuple[Profile, ...]:
    """The profiles that an ``Accept-Profile`` header asks for, the best liked first (section 7.1.2).

    Profiles that are not known here are passed over: who asks for no other gets the default one. It is left out, and
    nothing may be left, where the header refuses it (weight 0).
    """
    weights: dict[Profile, float] = {}
    for name, quality in _ranges(header):
        found = _named(name, iris)
        if found is not None:
            weights[found] = max(quality, weights.get(found, 0.0))
    liked = sorted((one for one in weights if weights[one] > 0), key=lambda one: -weights[one])
    return tuple(dict.fromkeys([*liked, *([DESCRIPTION] if weights.get(DESCRIPTION) != 0 else [])]))


def listed(text: str, iris: Iris) -> tuple[Profile, ...]:
    """The known profiles of a ``_profile`` parameter, which lists tokens and IRIs, the preferred first (7.2.3).

    An address that names no profile of ours names nothing: raises ``NoSuchProfile``.
    """
    names = [name for name, _ in _ranges(text)]
    found = tuple(dict.fromkeys(one for name in names if (one := _named(name, iris)) is not None))
    if not found:
        tokens = tuple(one.token for one in (*OFFERED, ALTERNATES))
        raise NoSuchProfile(f"There is no profile “{text[:_LONGEST]}” here; there are: {', '.join(tokens)}.", tokens)
    return found


def _named(name: str, iris: Iris) -> Profile | None:
    """The profile of a token or an IRI; a wider IRI stands for the profile of ours that keeps to it."""
    known = _TOKENS.get(name)
    return known or next((one for one in (*OFFERED, ALTERNATES) if name in one.conforms_to(iris)), None)


def _ranges(text: str) -> Iterable[tuple[str, float]]:
    """IRIs in angle brackets and tokens, with their weights; what is neither is passed over."""
    for part in _PARTS.findall(text[:_LONGEST]):
        found = _PART.fullmatch(part)
        if found:
            iri, token, parameters = found.groups()
            yield (iri if iri is not None else token), weight(parameters or "")
