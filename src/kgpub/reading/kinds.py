"""What a file is: its format by name and by content, how it is packed, how its text is encoded."""

import re
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat

from kgpub.reading.packed import Limits, head

FORMATS: dict[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""Formats by extension, without what a file is packed with."""
PACKED = (".gz", ".bz2", ".zst")

_JSON = re.compile(rb"\{\s*(?:[\"}]|\Z)|\[\s*(?:\{|\]\s*\Z|\Z)")
_XML = re.compile(rb"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_][\w.-]*:RDF[\s>/])", re.IGNORECASE)
_NAMED_GRAPHS = re.compile(
    rb"^[ \t]*+(?:\{|(?:GRAPH\s++)?+(?:<[^<>\s]*+>|[\w.-]*+:[\w.-]*+)\s*+\{)", re.MULTILINE | re.IGNORECASE
)
"""No part of it gives anything back, so that blank lines without end take no time."""
_FOREIGN: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("HTML", re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)),
    ("OWL functional syntax", re.compile(rb"(?:Prefix|Ontology)\s*\(")),
    ("Manchester syntax", re.compile(rb"(?:Prefix|Ontology)\s*:\s")),
)
_OWL_XML = re.compile(rb"<(?:[\w.-]+:)?Ontology\s[^>]*http://www\.w3\.org/2002/07/owl#", re.DOTALL)
_RDF_XML = re.compile(rb"22-rdf-syntax-ns#")
_COMMENTS = re.compile(rb"(?:\s|#[^\r\n]*)*")
_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ENCODINGS = {"iso-8859-1": "latin-1", "latin1": "latin-1", "windows-1252": "cp1252", "us-ascii": "ascii"}
_TEXT = {RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N_TRIPLES, RdfFormat.N_QUADS}


@dataclass(frozen=True)
class Kind:
    """What a file is: format, how it is packed, encoding; ``foreign`` names what it is instead of RDF.

    ``differs`` tells that its name promises another format than its content has.
    """

    format: RdfFormat
    packing: str = ""
    encoding: str = "utf-8"
    foreign: str = ""
    differs: bool = False


def extension(path: Path) -> str:
    """The extension of a file of RDF with what it is packed with (``.ttl.gz``), as written; else nothing."""
    packing = path.suffix if path.suffix.lower() in PACKED else ""
    inner = Path(path.name.removesuffix(packing)).suffix
    return inner + packing if inner.lower() in FORMATS else ""


def kind_of(path: Path, limits: Limits) -> Kind:
    """What a file of RDF is, by its name and its first bytes; by the name alone where it cannot be opened."""
    named = extension(path).lower()
    packing = next((one for one in PACKED if named.endswith(one)), "")
    expected = FORMATS[named.removesuffix(packing)]
    begin = head(path, packing, limits)
    encoding = _encoding(begin)
    if encoding.startswith("utf-16"):
        begin = begin.decode("utf-16", "replace").encode("utf-8", "replace")
    begin = begin.removeprefix(b"\xef\xbb\xbf")
    start = begin[len((_COMMENTS.match(begin) or [b""])[0]) :]
    foreign = _foreign(start, expected)
    found = expected if foreign else _found(start, expected)
    return Kind(found, packing, encoding, foreign, differs=found is not expected)


def _encoding(begin: bytes) -> str:
    """How the text is encoded: a byte order mark's word, or else that of an XML declaration (XML 1.0 section 4.3.3)."""
    marked = next((name for mark, name in _MARKS if begin.startswith(mark)), "")
    declared = _DECLARED.match(begin)
    return marked or _ENCODINGS.get(declared[1].decode().lower() if declared else "", "utf-8")


def _foreign(start: bytes, expected: RdfFormat) -> str:
    """The name of a format that is none of RDF's, where a file is in one."""
    for name, pattern in _FOREIGN:
        if pattern.match(start) and not (name == "Manchester syntax" and expected in _TEXT):
            return name
    return "OWL/XML" if _OWL_XML.search(start) and not _RDF_XML.search(start[: start.find(b"Ontology")]) else ""


def _found(start: bytes, expected: RdfFormat) -> RdfFormat:
    """The format that the content is in; within the family of Turtle the name is believed."""
    if not start:
        return expected
    if _XML.match(start):
        return RdfFormat.RDF_XML
    if _JSON.match(start):
        return RdfFormat.JSON_LD
    if expected in _TEXT or start[:1] in b"{[<":
        return expected
    return RdfFormat.TRIG if _NAMED_GRAPHS.search(start) else RdfFormat.TURTLE
