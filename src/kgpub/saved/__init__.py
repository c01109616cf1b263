"""The questions that a site publishes: its ``queries/*.rq`` and ``queries/*.ttl``, and those that come with kgpub.

Which question kgpub asks itself (provenance, sources of graphs) is none of them, whoever wrote it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from kgpub import queries
from kgpub.errors import SourceError
from kgpub.saved.header import head
from kgpub.saved.parameters import Parameter, Value, written
from kgpub.saved.pieces import Piece, pieces
from kgpub.saved.query import Kind, SavedQuery, Values, made, standalone
from kgpub.saved.shacl import executables
from kgpub.settings import Settings

__all__ = [
    "FOLDER",
    "Gallery",
    "Kind",
    "Parameter",
    "Piece",
    "SavedQuery",
    "Value",
    "Values",
    "load",
    "pieces",
    "standalone",
    "written",
]

FOLDER = "queries"
"""Where a site's questions stand, in its folder."""

_EXAMPLE = "example-"
_RQ, _TTL = ".rq", ".ttl"


@dataclass(frozen=True)
class Gallery:
    """A site's saved queries in their order, and why some of its files are not among them."""

    queries: tuple[SavedQuery, ...] = ()
    faults: tuple[SourceError, ...] = ()

    def named(self, name: str) -> SavedQuery | None:
        """The query of a name, None when there is none."""
        return next((one for one in self.queries if one.name == name), None)


def load(site: Settings) -> Gallery:
    """Read the saved queries as they stand in the site's folder now.

    A query of the site's replaces one of the same name that comes with kgpub; of two of the site's the first counts.
    """
    packaged, faults = _collected(_packaged(site))
    own, more = _collected(_own(site))
    ordered = sorted((packaged | own).values(), key=lambda one: (one.about.order is None, one.about.order, one.name))
    return Gallery(tuple(ordered), (*faults, *more))


def _collected(found: Iterable[SavedQuery | SourceError]) -> tuple[dict[str, SavedQuery], list[SourceError]]:
    """Queries by name, and the faults; the first of a name counts."""
    queries: dict[str, SavedQuery] = {}
    faults: list[SourceError] = []
    for one in found:
        if isinstance(one, SourceError):
            faults.append(one)
        elif one.name in queries:
            faults.append(SourceError(one.file, f"the query “{one.name}” is in {queries[one.name].file} already"))
        else:
            queries[one.name] = one
    return queries, faults


def _packaged(site: Settings) -> Iterator[SavedQuery | SourceError]:
    """The queries that come with kgpub, under their names without what marks them."""
    for name in sorted(_questions()):
        if name.startswith(_EXAMPLE):
            text = (files(queries) / name).read_text("utf-8")
            yield _saved(text, f"kgpub/{FOLDER}/{name}", Path(name).stem.removeprefix(_EXAMPLE), site)


def _own(site: Settings) -> Iterator[SavedQuery | SourceError]:
    """The site's queries, and what of its files cannot be read."""
    asked = _questions()
    for path in sorted((site.folder / FOLDER).glob("*")):
        if path.suffix not in {_RQ, _TTL} or path.name in asked or not path.is_file():
            continue
        name = f"{FOLDER}/{path.name}"
        try:
            text = path.read_text("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            yield SourceError(name, f"cannot be read: {error}")
            continue
        if path.suffix == _TTL:
            yield from executables(text, name, site)
        else:
            yield _saved(text, name, path.stem, site)


def _questions() -> frozenset[str]:
    """The file names of the questions in the package."""
    return frozenset(entry.name for entry in files(queries).iterdir() if entry.name.endswith(_RQ))


def _saved(text: str, file: str, name: str, site: Settings) -> SavedQuery | SourceError:
    """The saved query of a ``.rq`` file, or why it is none."""
    try:
        found = head(text, file, site.iris)
        body = "\n".join(text.split("\n")[found.lines :])
        blank = len(body) - len(body.lstrip("\n"))
        if not body.strip():
            raise SourceError(file, "it has no query", max(found.lines, 1))
        return made((file, found.lines + blank), name, found.about, body.strip() + "\n", found.parameters, site)
    except SourceError as error:
        return error
