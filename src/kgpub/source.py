"""A site folder's files as quads, one named graph each, with checksum, line numbers and stable blank nodes."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import RawIOBase
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kgpub.errors import BadIri, SourceError
from kgpub.iris import check_iri
from kgpub.model import Term
from kgpub.settings import FILE, Settings
from kgpub.settings_tables import GraphRule

FORMATS: dict[str, RdfFormat] = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
_WITH_GRAPHS = {RdfFormat.TRIG, RdfFormat.N_QUADS}
_WAITING = {RdfFormat.TURTLE, RdfFormat.TRIG}
_ROLES = ("ontology", "data", "shapes")
_PLACE = re.compile(r"Parser error (?:at|between) line \d+.*?: ", re.DOTALL)
_MAX_LINE = 16_000_000
_TOKENS = re.compile(rb"""(?:[^"'#<]++|<[^<>\s"']*+>|<|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')*+""", re.DOTALL)
"""What stands on a line of Turtle before a comment, or before a string that goes on after the line."""
_STRING = NamedNode("http://www.w3.org/2001/XMLSchema#string")


class Located(NamedTuple):
    """A quad and the line (from 1) at which its object ended; in JSON-LD, the line at which its node was read."""

    quad: Quad
    line: int


@dataclass(frozen=True)
class SourceFile:
    """One file of a site: where it is, which graph it fills, what role it plays.

    ``name`` is its path in the site, with forward slashes. ``graph`` is the IRI of its named graph; a TriG or
    N-Quads file keeps the names inside it and fills this one with its default graph. The site's rules hold for
    each of those graphs too: one that is not published yields no quads.
    """

    path: Path
    name: str
    graph: str
    role: str
    format: RdfFormat
    in_default: bool
    site: Settings

    @cached_property
    def sha256(self) -> str:
        """The hash of the file's bytes, hexadecimal."""
        digest = hashlib.sha256()
        try:
            with self.path.open("rb") as file:
                while block := file.read(1 << 20):
                    digest.update(block)
        except OSError as error:
            raise SourceError(self.name, f"cannot be read: {error.strerror or error}") from error
        return digest.hexdigest()

    @property
    def keeps_graphs(self) -> bool:
        """Whether the format can name graphs inside the file."""
        return self.format in _WITH_GRAPHS

    def rule(self, graph: str) -> GraphRule:
        """What holds for a graph of this file; a rule for the file holds for what it says nothing else about."""
        if graph not in self._rules:
            self._rules[graph] = self.site.rule(self.name, graph)
        return self._rules[graph]

    def merges(self, graph: str) -> bool:
        """Whether a graph of this file is part of the default graph."""
        default = self.rule(graph).default
        return self.in_default if default is None else default

    @cached_property
    def _rules(self) -> dict[str, GraphRule]:
        return {}

    def quads(self) -> Iterator[Quad]:
        """The file's quads in order."""
        return (located.quad for located in self.located())

    def located(self) -> Iterator[Located]:
        """The file's quads with their lines; blank nodes are named by file and order of appearance.

        Raises ``SourceError`` with the line of the first thing that cannot be read.
        """
        names = _BlankNames(self.name)
        graph = NamedNode(self.graph)
        try:
            with self.path.open("rb") as file:
                lines = _Lines(file, waits=self.format in _WAITING)
                # pyoxigraph reads from any object with read(); a line at a time tells where a quad came from
                for quad in parse(lines, format=self.format, base_iri=self.site.base):  # type: ignore[arg-type] # pyoxigraph takes any object that reads or writes
                    named = _named(quad, names, graph)
                    if self.rule(named.graph_name.value).publish:  # type: ignore[union-attr] # has a name now
                        yield Located(named, lines.of(quad.object))
        except SyntaxError as error:
            detail = _PLACE.sub("", error.msg or str(error))
            raise SourceError(self.name, detail, error.lineno or lines.count) from error
        except ValueError as error:
            raise SourceError(self.name, str(error), lines.count) from error
        except OSError as error:
            raise SourceError(self.name, f"cannot be read: {error.strerror or error}") from error


class _Lines(RawIOBase):
    """A binary file that gives one line per read and counts them; a UTF-8 byte order mark is dropped.

    In a format that ``waits`` a plain string is known to be one only at the next token, on a later line perhaps:
    a language or a datatype might follow.
    """

    def __init__(self, file: IO[bytes], *, waits: bool) -> None:
        super().__init__()
        self._file = file
        self._rest = b""
        self._waits = waits
        self._line = b""
        self._last = 0
        self._pending = 0
        self.count = 0

    def of(self, target: Term) -> int:
        """The line on which an object that was just read ended."""
        pending, self._pending = self._pending, 0
        if pending and isinstance(target, Literal) and target.datatype == _STRING:
            long = target.value.rpartition("\n")[2].encode() if "\n" in target.value else None
            if long is None or not self._line.startswith((long + b'"""', long + b"'''")):
                return pending
        return self.count

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._rest:
            self._rest = self._file.readline(_MAX_LINE)
            if self.count == 0:
                self._rest = self._rest.removeprefix(b"\xef\xbb\xbf")
            self.count += bool(self._rest)
            self._note(self._rest)
        if size < 0 or size >= len(self._rest):
            block, self._rest = self._rest, b""
        else:
            block, self._rest = self._rest[:size], self._rest[size:]
        return block

    def _note(self, line: bytes) -> None:
        """Remember where a string ended that may still be waiting for its next token."""
        self._line = line
        self._pending = self._last
        words = line.strip()
        if self._waits and words and not words.startswith(b"#"):
            self._last = self.count if _ends_in_string(words) else 0


def _ends_in_string(line: bytes) -> bool:
    """Whether a string, with nothing but a comment after it, is the last thing on a line."""
    found = _TOKENS.match(line)
    code = found[0] if found else b""
    is_whole = line[len(code) :][:1] in {b"", b"#"}
    return line.endswith((b'"""', b"'''")) or (is_whole and code.rstrip().endswith((b'"', b"'")))


class _BlankNames:
    """Blank node labels that are the same at every build: a hash of the file's name and an ordinal."""

    def __init__(self, file: str) -> None:
        self._prefix = "b" + hashlib.sha256(file.encode()).hexdigest()[:10] + "n"
        self._seen: dict[str, BlankNode] = {}

    def of(self, node: BlankNode) -> BlankNode:
        """The stable name of a blank node of this file."""
        if node.value not in self._seen:
            self._seen[node.value] = BlankNode(f"{self._prefix}{len(self._seen) + 1}")
        return self._seen[node.value]


def _named(quad: Quad, names: _BlankNames, graph: NamedNode) -> Quad:
    """The quad in its named graph, its blank nodes renamed."""
    subject = quad.subject
    if isinstance(subject, BlankNode):
        subject = names.of(subject)
    target = quad.object
    if isinstance(target, BlankNode):
        target = names.of(target)
    elif isinstance(target, Triple):
        target = _quoted(target, names)
    own: NamedNode | BlankNode = graph
    if isinstance(quad.graph_name, BlankNode):
        own = names.of(quad.graph_name)
    elif isinstance(quad.graph_name, NamedNode):
        own = quad.graph_name
    return Quad(subject, quad.predicate, target, own)


def _quoted(triple: Triple, names: _BlankNames) -> Triple:
    """A triple term with its blank nodes renamed (RDF 1.2 Concepts section 3.1)."""
    subject = names.of(triple.subject) if isinstance(triple.subject, BlankNode) else triple.subject
    target = triple.object
    if isinstance(target, BlankNode):
        target = names.of(target)
    elif isinstance(target, Triple):
        target = _quoted(target, names)
    return Triple(subject, triple.predicate, target)


def files(settings: Settings) -> tuple[SourceFile, ...]:
    """The site's published files, sorted by role and name.

    Raises ``SourceError`` where a named folder is missing, a rule names an impossible graph, or two files claim
    one graph.
    """
    paths: dict[str, tuple[Path, str]] = {}
    for role in _ROLES:
        required = role == "data" or role in settings.model_fields_set
        for entry in getattr(settings, role):
            for path in _paths(settings, entry, role if required else None):
                paths.setdefault(_name(settings, path), (path, role))
    graphs = Counter(_graph(name, role) for name, (_, role) in paths.items())
    found = []
    for name, (path, role) in paths.items():
        graph = _graph(name, role)
        alone = graphs[graph] == 1
        file = _source(settings, path, role, graph if alone else f"{graph}{path.suffix}")
        if file is not None:
            found.append(file)
    _refuse_shared_graphs(found)
    return tuple(found)


def _name(settings: Settings, path: Path) -> str:
    """A file's path in the site; raises ``SourceError`` when it cannot be shown."""
    name = path.relative_to(settings.folder).as_posix()
    if not name.isprintable():
        raise SourceError(ascii(name), "a file's name must be UTF-8 without control characters")
    return name


def _graph(name: str, role: str) -> str:
    """The graph of a file, relative to the base: its path without extension, and without ``data/``.

    Files that differ in nothing else keep their extensions (``files``).
    """
    stem = name.removeprefix("data/") if role == "data" else name
    return "graph/" + quote(stem.rpartition(".")[0])


def _paths(settings: Settings, entry: str, role: str | None) -> list[Path]:
    """The RDF files of one folder (or the one file) named in the settings, sorted; hidden ones are left out.

    With a role it has to be there.
    """
    start = settings.folder / entry
    if start.is_dir():
        found = (p for p in start.rglob("*") if p.suffix.lower() in FORMATS)
        return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(start).parts))
    if start.exists():
        if start.suffix.lower() not in FORMATS:
            raise SourceError(entry, f"is in no RDF format; these are: {', '.join(FORMATS)}")
        return [start]
    if role:
        raise SourceError(entry, f"there is no such file or folder; {FILE} names it as {role}")
    return []


def _source(settings: Settings, path: Path, role: str, graph: str) -> SourceFile | None:
    """A file with its graph and role, or None when it is not to be published."""
    name = _name(settings, path)
    if not path.is_file():
        raise SourceError(name, "is no regular file")
    graph = settings.base + graph
    rule = settings.rule(name, graph)
    if rule.name:
        graph = settings.absolute(rule.name)
        rule = settings.rule(name, graph)
        try:
            check_iri(graph)
        except BadIri as error:
            raise SourceError(FILE, f"graphs.{name}.name: {error.detail}") from error
    if not rule.publish:
        return None
    in_default = rule.default if rule.default is not None else role != "shapes"
    form = FORMATS[path.suffix.lower()]
    return SourceFile(path, name, graph, role, form, in_default, settings)


def _refuse_shared_graphs(found: Iterable[SourceFile]) -> None:
    """Two files assigned one graph would hide which file says what."""
    claimed: dict[str, str] = {}
    for file in found:
        if file.keeps_graphs:
            continue
        other = claimed.setdefault(file.graph, file.name)
        if other != file.name:
            raise SourceError(file.name, f"claims the graph <{file.graph}>, which {other} claims already")
