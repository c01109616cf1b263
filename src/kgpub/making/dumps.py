"""The snapshot as files to take away: N-Quads, TriG, Turtle, JSON-LD, and one Turtle file per named graph.

The settings say which (``kgpub.settings.tables.Dumps``); the whole as plain N-Quads is always written, since the next
build reads unchanged files off it, ``kgpub diff`` compares it and ``/-/dump.nq`` sends it, in ranges too.

They are written while the sources are loaded, batch by batch, so that no more than one batch is ever in memory; each
term is written as it stands in the sources. ``dataset.*`` hold every published named graph, ``default-graph.ttl`` the
triples of the default graph (a triple that stands in two graphs is written twice), ``graph-*.ttl`` one graph each.
Plain files can be had in ranges, those compressed by gzip and zstd are small. Where there is one graph only, its file
and that of the default graph are the same bytes, and stored once.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol, Self

import zstandard
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, serialize

from kgpub.formats import CSV, CSVW, JSON_LD, N_QUADS, PARQUET, TRIG, TURTLE, Format, by_extension
from kgpub.iris import is_prefix
from kgpub.settings.tables import Dumps

FOLDER = "dumps"
"""The folder of a snapshot that holds them."""
CHECKSUMS = "checksums.txt"
"""The SHA-256 of every file, a line each, as ``sha256sum --check`` reads it."""
MANIFEST = "manifest.json"
"""What the files are, for programs."""
CSVW_ENDING = "-metadata.json"
"""What the address of a CSV file's description ends with (Model for Tabular Data section 5.3)."""
WHOLE = "dataset.nq"
"""The whole published dataset as N-Quads, in the order of the files."""
MOST_GRAPHS = 1_000
"""Named graphs that get a file of their own, the first ones; more are found in ``dataset.*`` only."""

_TRIG, _JSON_LD, _DEFAULT = "dataset.trig", "dataset.jsonld", "default-graph.ttl"
_LARGE: Mapping[str, Format] = {WHOLE: N_QUADS, _TRIG: TRIG, _JSON_LD: JSON_LD, _DEFAULT: TURTLE}
_SERIALISERS: Mapping[Format, RdfFormat] = {
    N_QUADS: RdfFormat.N_QUADS,
    TRIG: RdfFormat.TRIG,
    TURTLE: RdfFormat.TURTLE,
    JSON_LD: RdfFormat.JSON_LD,
}
_TABLES = (CSV, PARQUET, CSVW)
_CODINGS = {"gz": "gzip", "zst": "zstd"}
_HEADER = re.compile(rb"(?:@prefix [^\n]*\n)*")
_SLUG = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Dump:
    """One file: ``extension`` of its format, ``coding`` of its compression, the graph that it holds.

    ``graph`` is empty where the file holds the whole dataset, ``default`` tells that it holds the default graph.
    ``bytes`` and ``sha256`` (hexadecimal) are those of the file as it is sent. ``of`` is the class whose ``rows``
    members a table holds (``kgpub.making.class_tables``).
    """

    name: str
    extension: str
    coding: str
    graph: str
    default: bool
    bytes: int
    sha256: str
    of: str = ""
    rows: int = 0

    @property
    def format(self) -> Format:
        """The format inside."""
        found = by_extension(self.extension, (*_SERIALISERS, *_TABLES))
        assert found is not None, self.extension
        return found

    @property
    def is_large(self) -> bool:
        """Whether the file holds the dataset or its default graph, not one named graph or the members of a class."""
        return not self.graph and not self.of

    @property
    def is_distribution(self) -> bool:
        """Whether the catalogue lists the file: the large ones, and the tables that are not packed."""
        return self.is_large or self.is_table

    @property
    def is_table(self) -> bool:
        """Whether the file is a table as it stands, not a packed one nor what describes one."""
        return bool(self.of) and not self.coding and self.format is not CSVW


@dataclass(frozen=True)
class Table:
    """What a file of a table holds: the class, and how many of its members."""

    of: str
    rows: int


class DumpWriter:
    """The dumps of a snapshot while they are being made."""

    def __init__(self, folder: Path, base: str, prefixes: Mapping[str, str], chosen: Dumps) -> None:
        """Start empty files in ``folder``, those that are ``chosen``; graphs are named relative to ``base``."""
        folder.mkdir()
        self._chosen = chosen
        self._folder, self._base = folder, base
        self._prefixes = {name: iri for name, iri in prefixes.items() if not name or is_prefix(name)}
        self._open = ExitStack()
        codings = {name: chosen.codings(form.extension) for name, form in _LARGE.items()}
        codings[WHOLE] = tuple({"", *codings[WHOLE]})
        self._files = {name: Copies(folder / name, self._open, ends) for name, ends in codings.items() if ends}
        self._graphs: dict[str, str] = {}
        self._refused = ""
        self._are_same = True
        self.merged: set[str] = set()
        """The graphs that are part of the default graph, in N-Triples notation."""

    def add(self, batch: Sequence[Quad], merged: Sequence[Quad], graph: str) -> None:
        """Write quads, and those among them that belong to the default graph, whose graphs are remembered.

        ``graph`` is the one that all of them stand in; empty where there may be several.
        """
        by_graph = {graph: [quad.triple for quad in batch]} if graph else _by_graph(batch)
        self.merged |= {str(NamedNode(graph))} if graph and merged else {str(quad.graph_name) for quad in merged}
        self._files[WHOLE].write(_text(batch, N_QUADS))
        if _TRIG in self._files:
            self._files[_TRIG].write(_text(batch, TRIG, self._prefixes))
        self._add_json_ld(batch)
        self._add_turtle(by_graph, merged, is_default=merged is batch and len(by_graph) == 1)

    @property
    def position(self) -> int:
        """How many bytes of N-Quads are written so far."""
        return self._files[WHOLE].size

    def __enter__(self) -> Self:
        """Write inside a ``with``, so that an interrupted build leaves no file open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the files."""
        self._open.close()

    def finish(self) -> None:
        """End the files, then write their checksums and what they are."""
        if _JSON_LD in self._files and not self._refused:
            self._files[_JSON_LD].end(b"\n]\n", b"[]\n")
        self._open.close()
        self._store_once()
        if self._refused:
            for path in self._folder.glob(f"{_JSON_LD}*"):
                path.unlink()
        names = {name: graph for graph, name in self._graphs.items()}
        found = [_measured(path, names.get(path.name, "")) for path in sorted(self._folder.iterdir())]
        _list(self._folder, found, {"left_out": self._refused})

    def _add_json_ld(self, batch: Sequence[Quad]) -> None:
        """Write a batch as nodes of one array; data that JSON-LD 1.1 has no place for leaves no such file."""
        if self._refused or _JSON_LD not in self._files:
            return
        if any(isinstance(quad.object, Triple) for quad in batch):
            self._refused = f"{_JSON_LD}: JSON-LD 1.1 has no place for a triple term."
            return
        file = self._files[_JSON_LD]
        file.write((b",\n" if file.begun else b"[\n") + _text(batch, JSON_LD)[1:-1])

    def _add_turtle(
        self, by_graph: Mapping[str, Sequence[Triple]], merged: Sequence[Quad], *, is_default: bool
    ) -> None:
        """Write the triples of each graph, and those of the default graph; ``is_default``: one graph, all of it."""
        self._are_same = self._are_same and is_default
        shared = self._files.get(_DEFAULT) if is_default else None
        if self._chosen.graphs or shared is not None:
            for name, triples in by_graph.items():
                body = _text(triples, TURTLE, self._prefixes)
                if self._chosen.graphs:
                    self._add_graph(name, body)
                if shared is not None:
                    shared.write(body)
        if not is_default and _DEFAULT in self._files:
            self._files[_DEFAULT].write(_text([quad.triple for quad in merged], TURTLE, self._prefixes))

    def _store_once(self) -> None:
        """Make the file of the only graph, where all of it is the default graph, a second name of that one's."""
        whole = self._folder / _DEFAULT
        graphs = [self._folder / name for name in self._graphs.values()]
        if self._are_same and len(graphs) == 1 and whole.exists() and _size(whole) == _size(graphs[0]):
            graphs[0].unlink()
            graphs[0].hardlink_to(whole)

    def _add_graph(self, graph: str, body: bytes) -> None:
        name = self._graphs.get(graph)
        if name is None and len(self._graphs) < MOST_GRAPHS:
            name = self._graphs[graph] = file_name(graph, self._base)
        if name is not None:
            path = self._folder / name
            kept = _HEADER.sub(b"", body, count=1) if path.exists() else body
            with path.open("ab") as file:
                file.write(kept)


def _by_graph(quads: Iterable[Quad]) -> dict[str, list[Triple]]:
    """The triples of named graphs, each graph's apart."""
    found: dict[str, list[Triple]] = {}
    for quad in quads:
        graph = quad.graph_name
        if isinstance(graph, NamedNode):
            found.setdefault(graph.value, []).append(quad.triple)
    return found


def _size(path: Path) -> int:
    return path.stat().st_size


class _Writes(Protocol):
    def write(self, body: bytes, /) -> int: ...


def _gzip(file: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)  # no clock inside


def _zstd(file: BinaryIO) -> zstandard.ZstdCompressionWriter:
    return zstandard.ZstdCompressor(level=3, write_checksum=True).stream_writer(file)


_PACKERS: Mapping[str, Callable[[BinaryIO], AbstractContextManager[_Writes]]] = {"gz": _gzip, "zst": _zstd}


class Copies:
    """One text in as many files as there are ``codings``; the prefixes that begin every batch are kept once."""

    def __init__(self, path: Path, stack: ExitStack, codings: Iterable[str]) -> None:
        """Open the files in ``stack``; a coding is the ending of its name, plain is an empty one."""
        self._files: list[_Writes] = []
        for coding in codings:
            file = stack.enter_context(path.with_name(f"{path.name}.{coding}" if coding else path.name).open("wb"))
            self._files.append(stack.enter_context(_PACKERS[coding](file)) if coding else file)
        self.begun = False
        self.size = 0

    def write(self, body: bytes) -> None:
        """Add a batch."""
        kept = _HEADER.sub(b"", body, count=1) if self.begun else body
        self.size += len(kept)
        self.begun = self.begun or bool(kept)
        for file in self._files:
            file.write(kept)

    def end(self, last: bytes, empty: bytes) -> None:
        """Add the last bytes, or those of a text that never began."""
        self.write(last if self.begun else empty)


def add_tables(
    folder: Path, made: Mapping[str, Table], untold: Mapping[str, object], taken: Iterable[Dump] = ()
) -> None:
    """List files of tables beside the dumps that are there; ``untold`` says what there was no room for.

    Those that are ``taken`` over from another snapshot are listed as they were there.
    """
    before = json.loads((folder / MANIFEST).read_text("utf-8"))
    tables = (replace(_measured(folder / name, ""), of=one.of, rows=one.rows) for name, one in made.items())
    found = sorted((*read(folder), *tables, *taken), key=lambda dump: dump.name)
    _list(folder, found, {"left_out": before["left_out"], **untold})


def _list(folder: Path, found: Sequence[Dump], more: Mapping[str, object]) -> None:
    """Write the checksums of the files, and what they are."""
    (folder / CHECKSUMS).write_text("".join(f"{dump.sha256}  {dump.name}\n" for dump in found), "utf-8")
    manifest = {"dumps": [asdict(dump) for dump in found], **more}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")


def read(folder: Path) -> tuple[Dump, ...]:
    """The dumps in a snapshot's folder of them, as its manifest lists them."""
    value = json.loads((folder / MANIFEST).read_text("utf-8"))
    return tuple(Dump(**one) for one in value["dumps"])


def _text(quads: Sequence[Quad] | Sequence[Triple], format: Format, prefixes: dict[str, str] | None = None) -> bytes:
    body = serialize(quads, format=_SERIALISERS[format], prefixes=prefixes)
    assert body is not None
    return body


def file_name(iri: str, base: str, kind: str = "graph", extension: str = "ttl") -> str:
    """A file name of ASCII letters for a graph or a class, told from others by a hash; the same under every base."""
    relative = iri.removeprefix(base)
    slug = _SLUG.sub("-", relative).strip("-")[:_LONGEST_SLUG].strip("-")
    digest = hashlib.sha256(relative.encode()).hexdigest()[:16]
    return "-".join(filter(None, (kind, slug.removeprefix(f"{kind}-"), digest))) + f".{extension}"


def _measured(path: Path, graph: str) -> Dump:
    """A finished file with its size and checksum."""
    stem, _, last = path.name.rpartition(".")
    coding = _CODINGS.get(last, "")
    extension = stem.rpartition(".")[2] if coding else last
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    default = path.name.startswith(_DEFAULT)
    return Dump(path.name, extension, coding, graph, default, path.stat().st_size, digest)
