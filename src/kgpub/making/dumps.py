"""The snapshot as files to take away: N-Quads, TriG, Turtle, JSON-LD, and one Turtle file per named graph.

The settings say which (``kgpub.settings.tables.Dumps``); the whole as plain N-Quads is always written, since the next
build reads unchanged files off it, ``kgpub diff`` compares it and ``/-/dump.nq`` sends it, in ranges too.

They are written while the sources are loaded (``kgpub.making.dumping``); each term is written as it stands in the
sources. ``dataset.*`` hold every published named graph, ``default-graph.ttl`` the triples of the default graph (a
triple that stands in two graphs is written twice), ``graph-*.ttl`` one graph each. Plain files can be had in ranges,
those compressed by gzip and zstd are small, and made of several members or frames. Where there is one graph only, its
file and that of the default graph are the same bytes, and stored once.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kgpub.formats import CSV, CSVW, JSON_LD, N_QUADS, PARQUET, TRIG, TURTLE, Format, by_extension

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
DEFAULT = "default-graph.ttl"
"""The default graph as Turtle."""

_GRAPHS = (N_QUADS, TRIG, TURTLE, JSON_LD)
_TABLES = (CSV, PARQUET, CSVW)
_CODINGS = {"gz": "gzip", "zst": "zstd"}
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
        found = by_extension(self.extension, (*_GRAPHS, *_TABLES))
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


def write_list(folder: Path, graphs: Mapping[str, str], left_out: str) -> None:
    """List the files of a folder, all of which are finished: their checksums, and what they are.

    ``graphs`` are those that have files of their own, by the names of these; ``left_out`` says what is not there, and
    why.
    """
    found = [_measured(path, graphs.get(path.name, "")) for path in sorted(folder.iterdir())]
    _list(folder, found, {"left_out": left_out})


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
    default = path.name.startswith(DEFAULT)
    return Dump(path.name, extension, coding, graph, default, path.stat().st_size, digest)
