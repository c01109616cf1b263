"""External identifiers: whose they are, and what they are called there."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_LONGEST = 60


@dataclass(frozen=True)
class Identifier:
    """An identifier in the words of the authority that gives it."""

    authority: str
    value: str

    @property
    def text(self) -> str:
        """The authority's name and the identifier."""
        return f"{self.authority}: {self.value}"


_FORMS: tuple[tuple[str, str], ...] = (
    ("Wikidata", r"(?:www\.)?wikidata\.org/(?:entity|wiki)/([QPL]\d+)"),
    ("Wikipedia", r"[a-z-]{2,12}\.wikipedia\.org/wiki/([^?#]+)"),
    ("DBpedia", r"(?:[a-z]{2}\.)?dbpedia\.org/(?:resource|page)/([^?#]+)"),
    ("GeoNames", r"(?:www\.|sws\.)?geonames\.org/(\d+)(?:/.*)?"),
    ("OpenStreetMap", r"(?:www\.)?openstreetmap\.org/((?:node|way|relation)/\d+)"),
    ("VIAF", r"(?:www\.)?viaf\.org/viaf/(\d+)/?"),
    ("ISNI", r"(?:www\.)?isni\.org/(?:isni/)?(\d{15}[\dX])/?"),
    ("ORCID", r"(?:www\.)?orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?"),
    ("ROR", r"(?:www\.)?ror\.org/(0[a-z0-9]{8})/?"),
    ("DOI", r"(?:dx\.)?doi\.org/(10\.\d{4,9}/[^?#]+)"),
    ("Handle", r"hdl\.handle\.net/(\d+(?:\.\d+)*/[^?#]+)"),
    ("GND", r"(?:www\.)?d-nb\.info/gnd/([0-9X-]+)/?"),
    ("BnF", r"data\.bnf\.fr/(?:ark:/12148/)?(cb\w+)/?"),
    ("Library of Congress", r"id\.loc\.gov/authorities/\w+/(\w+)/?"),
    ("Getty", r"vocab\.getty\.edu/((?:aat|tgn|ulan)/\d+)/?"),
    ("EU Vocabularies", r"publications\.europa\.eu/resource/authority/([\w/-]+)"),
    ("EuroVoc", r"eurovoc\.europa\.eu/(\d+)/?"),
    ("Europeana", r"data\.europeana\.eu/(\w+/base/\d+|item/\d+/\w+)"),
    ("MusicBrainz", r"(?:www\.)?musicbrainz\.org/(\w+/[0-9a-f-]{36})/?"),
    ("IMDb", r"(?:www\.)?imdb\.com/(?:name|title)/((?:nm|tt)\d+)/?"),
)
_PATTERNS = tuple((name, re.compile(rf"https?://{form}", re.ASCII)) for name, form in _FORMS)


def identifier(iri: str) -> Identifier | None:
    """What an IRI is called by the authority that gives it; None when it is no authority's that is known here."""
    for authority, pattern in _PATTERNS:
        found = pattern.fullmatch(iri)
        if found is not None:
            value = unquote(found[1]).replace("_", " ") if "pedia" in authority else found[1]
            return Identifier(authority, value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
    return None
