"""What can be compared: a site folder, a snapshot, a file or a folder of RDF; each as a stream of quads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from pyoxigraph import Quad

from kgpub.errors import SourceError
from kgpub.making.dumps import FOLDER, WHOLE
from kgpub.reading.kinds import FORMATS, extension, kind_of
from kgpub.reading.ladder import tried
from kgpub.reading.packed import Limits
from kgpub.reading.streams import Opening, quads
from kgpub.settings import FILE, Settings, load
from kgpub.source import files


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
        found = sorted(p for p in path.rglob("*") if extension(p) and p.is_file())
        shown = [p for p in found if not any(part.startswith(".") for part in p.relative_to(path).parts)]
        if not shown:
            raise SourceError(str(path), f"has no {FILE}, is no snapshot, and holds no file of RDF")
        return shown
    if not path.is_file():
        raise SourceError(str(path), "there is no such file or folder")
    if not extension(path):
        raise SourceError(str(path), f"is in no RDF format; these are: {', '.join(FORMATS)}")
    return [path]


def _read(paths: list[Path], base: str) -> Iterator[Quad]:
    """The quads of plain files, each file's blank nodes its own; what a site would mend is mended here as well."""
    for path in paths:
        opening = Opening(path, str(path), kind_of(path, Limits()), base, Limits())
        outcome = tried(opening)
        lost = next((note for note in outcome.notes if note.what in {"skipped", "left out"}), None)
        if lost is not None:
            hint = "" if base else " (relative IRIs need --base)"
            raise SourceError(str(path), f"{lost.text}{hint}", lost.line)
        yield from (quad for quad, _ in quads(opening, _mended if outcome.mends else None))


def _mended(*_: object) -> None:
    """What is mended is no difference."""
