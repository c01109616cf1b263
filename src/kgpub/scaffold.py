"""A small site that works, for ``kgpub new``: one ontology, one file of data, one of shapes, in two languages."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kgpub.errors import SettingsError


def scaffold(folder: Path) -> list[Path]:
    """Write the starter site into an empty folder; the paths written.

    Raises ``SettingsError`` when the folder holds anything.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise SettingsError(f"{folder}: is not empty; kgpub new wants an empty folder")
        return sorted(_copy(files("kgpub") / "starter", folder))
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _copy(source: Traversable, target: Path) -> list[Path]:
    """Copy a packaged folder; the paths of the files written."""
    written = []
    for entry in source.iterdir():
        path = target / entry.name
        if entry.is_dir():
            path.mkdir()
            written += _copy(entry, path)
        else:
            path.write_bytes(entry.read_bytes())
            written.append(path)
    return written
