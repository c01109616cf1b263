"""A site folder's files as quads, one named graph each, with checksum, line numbers and stable blank nodes."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, RdfFormat

from kgpub.errors import BadIri, SourceError
from kgpub.iris import check_iri
from kgpub.reading import swift
from kgpub.reading.json_lines import JsonLines
from kgpub.reading.kinds import FORMATS, Kind, extension, kind_of
from kgpub.reading.ladder import Note, Outcome, sound, strictly, tried
from kgpub.reading.naming import Batch, BlankNames, Naming, merged
from kgpub.reading.packed import Limits
from kgpub.reading.streams import Located, Opening, json_places, quads, texts
from kgpub.settings import FILE, Settings
from kgpub.settings.tables import GraphRule

_BATCH = 10_000
_WITH_GRAPHS = {RdfFormat.TRIG, RdfFormat.N_QUADS}
_WITHOUT_GRAPHS = {RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML}
_ROLES = ("ontology", "data", "shapes")
GENID = ".well-known/genid/"
"""Where the names of blank nodes begin that are made IRIs (RDF 1.1 Concepts section 3.5), relative to the base."""


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
    kind: Kind
    in_default: bool
    site: Settings

    @cached_property
    def sha256(self) -> str:
        """The hash of the file's bytes, hexadecimal."""
        return self._seen[1]

    @cached_property
    def _seen(self) -> tuple[int, str]:
        """When the file was written last (nanoseconds), and the hash of its bytes."""
        return self._look()

    def refuse_changed(self) -> None:
        """Raise ``SourceError`` where somebody has written to the file since it was hashed."""
        if self._look() != self._seen:
            raise SourceError(self.name, "was written to while it was being read; nothing was published, build again")

    def _look(self) -> tuple[int, str]:
        try:
            with self.path.open("rb") as file:
                return os.fstat(file.fileno()).st_mtime_ns, hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise SourceError(self.name, f"cannot be read: {error.strerror or error}") from error

    @property
    def keeps_graphs(self) -> bool:
        """Whether the format can name graphs inside the file."""
        return self.kind.format in _WITH_GRAPHS

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

    @cached_property
    def outcome(self) -> Outcome:
        """How much has to be forgiven to read the file: it is read to its end once, for that.

        Raises ``SourceError`` where it is not there, where it is to be read strictly and cannot be, and where it is a
        file of shapes that would have to be left out: what is validated without them would pass for valid.
        """
        if self.site.reading.strict:
            return strictly(self._opening)
        found = tried(self._opening)
        if found.skipped and self.role == "shapes":
            (note,) = found.notes
            raise SourceError(self.name, note.text, note.line)
        return found

    @property
    def is_lowered(self) -> bool:
        """Whether no language tag of the file is written with capitals, as far as is known for certain."""
        return self.outcome.is_sound and not self.outcome.capitals

    def quads(self) -> Iterator[Quad]:
        """The file's quads in order, as ``located`` has them; a sound file is read without lines, which is quicker."""
        return chain.from_iterable(batch.quads for batch in self.batches())

    def batches(self) -> Iterator[Batch]:
        """The same by the ten thousand, with their text where that is known; no file is held whole."""
        naming = self._naming
        if not self.outcome.is_sound:
            located = (one.quad for one in self.located())
            while several := list(islice(located, _BATCH)):
                yield Batch(several)
            return
        is_written = self.is_lowered and self.kind.format in _WITHOUT_GRAPHS
        for read in swift.quads(self._opening):
            batch = naming.written(read) if is_written else Batch(naming.named(read))
            if batch.quads:  # else none of them is published
                yield batch

    def merged(self) -> Iterator[list[Quad]]:
        """The file's quads in batches, all in the default graph; blank nodes are named as in ``quads``.

        A file that was not tried before is read once, to see what it says and whether it can be read. Raises
        ``SourceError`` where it cannot be read so: what it gave until then is void, and has to be asked for again
        once its ``outcome`` is known.
        """
        naming = self._naming
        if not self._is_untried:
            given = iter(self.quads())
            while batch := list(islice(given, _BATCH)):
                yield [merged(quad) for quad in batch]
            return
        tags: set[str] = set()
        for batch in swift.quads(self._opening, tags):
            yield naming.merged(batch)
        self.__dict__["outcome"] = sound(tags)  # as the cached property would have it

    @property
    def _is_untried(self) -> bool:
        """Whether the file may be read at once: it is as it promises to be, and nobody has looked yet."""
        return "outcome" not in self.__dict__ and not self.kind.differs and self.kind.encoding == "utf-8"

    def located(self) -> Iterator[Located]:
        """The file's quads with their lines; blank nodes are named by file and order of appearance.

        A file that is left out (``outcome``) has none. Raises ``SourceError`` with the line of the first thing that
        cannot be read.
        """
        outcome = self.outcome
        if outcome.skipped:
            return
        naming = self._naming
        for quad, line in quads(self._opening, _told if outcome.mends else None):
            if (named := naming.of(quad)) is not None:
                yield Located(named, line)

    def placing(self) -> Callable[[Located], int | None]:
        """What tells the line that a quad stands on; in JSON-LD it is looked for, and may not be known.

        A file of JSON-LD is read once more when the first line is asked for.
        """
        if self.kind.format is not RdfFormat.JSON_LD:
            return lambda located: located.line
        return lambda located: self._json_places.of(located.quad)

    @cached_property
    def _json_places(self) -> JsonLines:
        return json_places(self._opening)

    def texts(self) -> Iterator[str]:
        """The file's lines as they are, unpacked, as text; raises ``SourceError``."""
        return texts(self._opening)

    @property
    def _naming(self) -> Naming:
        """What names the blank nodes and graphs of one reading."""
        skolem = f"{self.site.base}{GENID}" if self.role != "shapes" and self.site.reading.blank_nodes == "iris" else ""
        return Naming(BlankNames(self.name, skolem), NamedNode(self.graph), lambda name: self.rule(name).publish)

    @property
    def _opening(self) -> Opening:
        return Opening(self.path, self.name, self.kind, self.site.base, limits(self.site), contexts(self.site))


def _told(*_: object) -> None:
    """What is mended was told when the file was tried."""


def contexts(settings: Settings) -> dict[str, Path]:
    """The files of a site's own JSON-LD contexts, by address."""
    return {address: settings.folder / name for address, name in settings.reading.contexts.items()}


def limits(settings: Settings) -> Limits:
    """How large a packed file of a site may become."""
    return Limits(settings.reading.largest << 20, settings.reading.ratio)


def files(settings: Settings) -> tuple[SourceFile, ...]:
    """The site's published files, sorted by role and name; only those of shapes where an endpoint holds the data.

    Raises ``SourceError`` where a named folder is missing, a rule names an impossible graph, or two files claim
    one graph.
    """
    paths: dict[str, tuple[Path, str]] = {}
    for role in _ROLES if not settings.engine else ("shapes",):
        required = role == "data" or role in settings.model_fields_set
        for entry in getattr(settings, role):
            for path in _paths(settings, entry, role if required else None):
                paths.setdefault(_name(settings, path), (path, role))
    graphs = Counter(_graph(name, role) for name, (_, role) in paths.items())
    found = []
    for name, (path, role) in paths.items():
        graph = _graph(name, role)
        alone = graphs[graph] == 1
        file = _source(settings, path, role, graph if alone else f"{graph}{extension(path)}")
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
    return "graph/" + quote(stem.removesuffix(extension(Path(name))))


def _paths(settings: Settings, entry: str, role: str | None) -> list[Path]:
    """The RDF files of one folder (or the one file) named in the settings, sorted; hidden ones are left out.

    With a role it has to be there.
    """
    start = settings.folder / entry
    if start.is_dir():
        found = (p for p in start.rglob("*") if extension(p))
        return sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(start).parts))
    if start.exists():
        if not extension(start):
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
    kind = kind_of(path, limits(settings))
    return SourceFile(path, name, graph, role, kind, in_default, settings)


def _refuse_shared_graphs(found: Iterable[SourceFile]) -> None:
    """Two files assigned one graph would hide which file says what."""
    claimed: dict[str, str] = {}
    for file in found:
        if file.keeps_graphs:
            continue
        other = claimed.setdefault(file.graph, file.name)
        if other != file.name:
            raise SourceError(file.name, f"claims the graph <{file.graph}>, which {other} claims already")


def in_graphs(found: Iterable[SourceFile]) -> Iterator[tuple[str, Iterator[Quad]]]:
    """The published graphs of these files by name, each with its quads; files that name graphs are read for each."""
    holding: dict[str, list[SourceFile]] = {}
    for file in found:
        names = {quad.graph_name.value for quad in file.quads()} if file.keeps_graphs else {file.graph}  # type: ignore[union-attr] # has a name
        for name in sorted(names):
            holding.setdefault(name, []).append(file)
    for name, files in holding.items():
        yield name, (quad for file in files for quad in file.quads() if quad.graph_name.value == name)  # type: ignore[union-attr] # as above


def notes(found: Iterable[SourceFile]) -> tuple[Note, ...]:
    """What had to be forgiven to read these files; raises ``SourceError`` where one is not to be read at all."""
    return tuple(note for file in found for note in file.outcome.notes)


def capitals(found: Iterable[SourceFile]) -> frozenset[str]:
    """The language tags, in lower case, that any of these files writes with capitals."""
    return frozenset[str]().union(*(file.outcome.capitals for file in found))
