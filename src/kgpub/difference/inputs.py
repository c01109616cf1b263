"""What can be compared: a site folder, a snapshot, a file or a folder of RDF; each as a stream of quads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse

from kgpub.dumps import FOLDER, WHOLE
from kgpub.errors import SourceError
from kgpub.settings import FILE, Settings, load
from kgpub.source import FORMATS, files


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: its name, its settings if it is a site, and its quads, read anew at each call.

    Blank nodes of different files have different labels.
    """

    name: str
    site: Settings | None
    quads: Callable[[], Iterator[Quad]]


def opened(path: Path, base: str = "") -> Side:
    """A side by its path: a folder with ``kgpub.toml``, one with a snapshot's dumps (or with ``current``), or RDF.

    ``base`` resolves relative IRIs of plain RDF. Raises ``SourceError`` where there is nothing to read.
    """
    if (path / FILE).is_file():
        site = load(path)
        found = files(site)
        return Side(str(path), site, lambda: chain.from_iterable(file.quads() for file in found))
    if (path / "current").is_file():
        path = path / "snapshots" / _version(path / "current")
    if (path / FOLDER / WHOLE).is_file():
        return Side(str(path), None, partial(_read, [path / FOLDER / WHOLE], base))
    found_files = _files(path)
    return Side(str(path), None, partial(_read, found_files, base))


def _version(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read: {error}") from error


def _files(path: Path) -> list[Path]:
    """The RDF files of a folder, sorted, hidden ones left out; or the one file."""
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.suffix.lower() in FORMATS and p.is_file())
        shown = [p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts)]
        if not shown:
            raise SourceError(str(path), f"has no {FILE}, is no snapshot, and holds no file of RDF")
        return shown
    if not path.is_file():
        raise SourceError(str(path), "there is no such file or folder")
    if path.suffix.lower() not in FORMATS:
        raise SourceError(str(path), f"is in no RDF format; these are: {', '.join(FORMATS)}")
    return [path]


def _read(paths: list[Path], base: str) -> Iterator[Quad]:
    """The quads of plain files, each file's blank nodes its own."""
    for path in paths:
        format: RdfFormat = FORMATS[path.suffix.lower()]
        try:
            yield from parse(path=str(path), format=format, base_iri=base or None, rename_blank_nodes=True)
        except SyntaxError as error:
            hint = "" if base else " (relative IRIs need --base)"
            raise SourceError(str(path), f"{error.msg or error}{hint}", error.lineno) from error
        except (OSError, ValueError) as error:
            raise SourceError(str(path), f"cannot be read: {error}") from error
