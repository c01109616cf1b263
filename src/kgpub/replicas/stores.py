"""Where copies of snapshots are kept: a folder, an object store through fsspec, a web server that is only read."""

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urlsplit

import fsspec

from kgpub.errors import KgpubError, NotThere, SettingsError, StoreDown
from kgpub.snapshot import sync

_PIECE = 1 << 20
_BLOCK = 8 << 20
"""Bytes that are asked of an object store at a time."""
_PATIENCE = 30.0
"""Seconds that a web server may be silent."""
_LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


class Source(Protocol):
    """A place that has snapshots; paths in it are relative, with slashes.

    Trouble is ``StoreDown``, a lack ``NotThere``.
    """

    def read(self, name: str) -> Iterator[bytes]:
        """A file by pieces."""


class Store(Source, Protocol):
    """A place that takes snapshots as well."""

    def send(self, path: Path, name: str) -> None:
        """Copy a file of this machine there; it is seen there when it is whole, as far as the store can do that."""

    def put(self, text: bytes, name: str) -> None:
        """Write a short file, in one step."""

    def copy(self, old: str, new: str) -> None:
        """Copy a file within the store."""


def source(address: str) -> Source:
    """What snapshots are pulled from: a path, ``file://``, ``https://`` or whatever fsspec knows.

    Raises ``SettingsError`` where there is no way to it.
    """
    return Web(address) if _scheme(address) in {"http", "https"} else target(address)


def target(address: str) -> Store:
    """What snapshots are pushed to: a path, ``file://`` or whatever fsspec knows; raises ``SettingsError``."""
    scheme = _scheme(address)
    if scheme in {"", "file"}:
        path = unquote(address.removeprefix("file://")) if scheme else address
        if not path:
            raise SettingsError("the address of a store is empty")
        return Folder(Path(path))
    if scheme in {"http", "https"}:
        raise SettingsError(f"{address}: nothing can be pushed over {scheme}; name the store itself")
    try:
        system, root = fsspec.core.url_to_fs(address, use_listings_cache=False)
    except (ImportError, ValueError) as error:
        hint = "; install kgpub[s3]" if scheme in {"s3", "s3a"} else ""
        raise SettingsError(f"{address}: there is no way to such a store here: {error}{hint}") from error
    return Objects(address, system, root.rstrip("/"))


def _scheme(address: str) -> str:
    """The scheme of an address, in lower case; nothing for a path."""
    before, mark, _ = address.partition("://")
    return before.lower() if mark else ""


def whole(store: Source, name: str, most: int) -> bytes:
    """A short file; raises ``StoreDown`` where it is longer than ``most`` bytes."""
    found = bytearray()
    for piece in store.read(name):
        found += piece
        if len(found) > most:
            raise StoreDown(f"{name}: it is longer than {most:,} bytes")
    return bytes(found)


class Folder:
    """A store that is a folder of this machine, or one that it mounts."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    def __str__(self) -> str:
        return str(self._root)

    def read(self, name: str) -> Iterator[bytes]:
        """A file by pieces; no link is followed."""
        with _told(f"{self}/{name}"):
            handle = os.open(self._inside(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(handle, "rb") as file:  # noqa: PTH123 # a descriptor
                while piece := file.read(_PIECE):
                    yield piece

    def send(self, path: Path, name: str) -> None:
        """Copy a file to another name beside its own, force it to disk, and give it its name."""
        with _told(f"{self}/{name}"):
            self._write(name, lambda fresh: shutil.copyfile(path, fresh))

    def put(self, text: bytes, name: str) -> None:
        """Write a short file."""
        with _told(f"{self}/{name}"):
            self._write(name, lambda fresh: fresh.write_bytes(text))

    def copy(self, old: str, new: str) -> None:
        """Copy a file."""
        with _told(f"{self}/{old}"):
            self.send(self._inside(old), new)

    def _write(self, name: str, fill: Callable[[Path], object]) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._inside(name)
        fresh = path.with_name(f".part-{os.getpid()}-{path.name}")
        try:
            fill(fresh)
            sync(fresh)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        sync(path.parent)

    def _inside(self, name: str) -> Path:
        """The path of a file whose folder is below the root, whatever links there are."""
        path = self._root / name
        if not path.parent.resolve().is_relative_to(self._root.resolve()):
            raise StoreDown(f"{path}: a link leads out of the store")
        return path


class Objects:
    """A store that fsspec knows."""

    def __init__(self, address: str, system: Any, root: str) -> None:  # Any: fsspec has no types
        self._address, self._system, self._root = address.rstrip("/"), system, root

    def __str__(self) -> str:
        return self._address

    def read(self, name: str) -> Iterator[bytes]:
        """An object by pieces."""
        with _told(f"{self}/{name}"), self._system.open(self._at(name), "rb", block_size=_BLOCK) as file:
            while piece := file.read(_PIECE):
                yield piece

    def send(self, path: Path, name: str) -> None:
        """Make an object of a file."""
        with _told(f"{self}/{name}"):
            self._system.put_file(str(path), self._at(name))

    def put(self, text: bytes, name: str) -> None:
        """Make a short object."""
        with _told(f"{self}/{name}"):
            self._system.pipe_file(self._at(name), text)

    def copy(self, old: str, new: str) -> None:
        """Copy an object, without its coming here where the store can do that."""
        with _told(f"{self}/{old}"):
            self._system.cp_file(self._at(old), self._at(new))

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"


class _Straight(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else than it was told."""

    def redirect_request(self, *_: object) -> None:
        """Follow no redirect."""


class Web:
    """A store behind a web server; it is only read."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in _LOCAL_HOSTS:
            raise SettingsError(f"{address}: a snapshot is not pulled over http, only over https")
        if parts.query or parts.fragment or parts.username:
            raise SettingsError(f"{parts.hostname}: the address of a store has no query, no fragment, no user")
        self._address = address.rstrip("/")
        self._open = urllib.request.build_opener(_Straight).open

    def __str__(self) -> str:
        return self._address

    def read(self, name: str) -> Iterator[bytes]:
        """A file by pieces."""
        address = f"{self}/{quote(name)}"
        asked = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 # __init__ looks
        with _told(address), self._open(asked, timeout=_PATIENCE) as answer:
            while piece := answer.read(_PIECE):
                yield piece


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Say what goes wrong at a place as kgpub does."""
    try:
        yield
    except (KgpubError, GeneratorExit):
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotThere(f"{place}: it is not there") from error
    except urllib.error.HTTPError as error:
        if error.code in {404, 410}:
            raise NotThere(f"{place}: it is not there ({error.code})") from error
        raise StoreDown(f"{place}: the web server answers {error.code}") from error
    except Exception as error:  # each kind of store has errors of its own
        raise StoreDown(f"{place}: {error or type(error).__name__}") from error
