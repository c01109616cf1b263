"""Contexts of JSON-LD, of the package and of a site, so that none is ever fetched (JSON-LD 1.1 section 3.1)."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from json import dumps, loads
from pathlib import Path
from typing import Any

from kgpub.reading.lines import ReadsLines

MOST = 1 << 30
"""Bytes of contexts that are put in place of their names in one reading of one file."""
_DEEPEST = 10
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')


class NoContext(ValueError):
    """A context that cannot be had, or too many of them."""


def plain(address: str) -> str:
    """An address without what writers of one context's name differ in: http or https, a slash or # at the end."""
    return re.sub(r"^https?://", "//", address.strip(), flags=re.IGNORECASE).rstrip("#").rstrip("/")


@cache
def _bundled() -> dict[str, str]:
    """The names of the package's files by plain address; ``index.json`` lists them."""
    index: dict[str, list[str]] = loads((files("kgpub.reading.contexts") / "index.json").read_text("utf-8"))
    return {plain(address): name for name, addresses in index.items() for address in addresses}


class Shelf:
    """The contexts at hand for one reading: a site's own first, then the package's; each is read when it is named."""

    def __init__(self, own: Mapping[str, Path]) -> None:
        """With a site's own files by address."""
        self._own = {plain(address): path for address, path in own.items()}
        self._texts: dict[str, tuple[bytes, ...]] = {}

    def texts(self, address: str) -> tuple[bytes, ...]:
        """A context as one or several pieces of JSON without line breaks; raises ``NoContext`` with its name."""
        name = plain(address)
        if name not in self._texts:
            pieces = self._whole(address, 0)
            self._texts[name] = tuple(dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in pieces)
        return self._texts[name]

    def _whole(self, address: str, depth: int) -> list[Any]:  # Any: JSON
        """What a context is made of, one after the other, with what it names by address in its place."""
        if depth > _DEEPEST:
            raise NoContext(f"the context <{address}> leads through too many others")
        found = self._read(address)
        pieces: list[Any] = []  # Any: JSON
        for one in found if isinstance(found, list) else [found]:
            pieces += self._whole(one, depth + 1) if isinstance(one, str) else [one]
        return pieces

    def _read(self, address: str) -> Any:  # Any: JSON
        name = plain(address)
        own, bundled = self._own.get(name), _bundled().get(name)
        try:
            if own is not None:
                return loads(own.read_text("utf-8"))["@context"]
            if bundled is not None:
                return loads((files("kgpub.reading.contexts") / bundled).read_text("utf-8"))["@context"]
        except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
            raise NoContext(f"the context <{address}> cannot be read from {own}: {error}") from error
        raise NoContext(
            f"the context <{address}> is no part of kgpub, and none is fetched: write it into the file, "
            "or name a file that holds it in [reading.contexts]"
        )


class Contexts:
    """The lines of a file of JSON-LD, with every context that is named by its address in the address's place."""

    def __init__(self, file: ReadsLines, shelf: Shelf) -> None:
        self._file = file
        self._shelf = shelf
        self._state: Callable[[bytes], bytes] = self._idle
        self._open: list[int] = []
        """How deep inside something else each list of contexts lies that is open."""
        self._put = 0

    def readline(self, limit: int, /) -> bytes:
        """The next line; raises ``NoContext`` with the name of one that is not at hand."""
        return self.put(self._file.readline(limit))

    def put(self, piece: bytes) -> bytes:
        """The next piece of the file, which cuts no string; raises ``NoContext`` as well."""
        if self._state == self._idle and not self._open and b'"@context"' not in piece:
            return piece
        return _TOKENS.sub(lambda found: self._state(found[0]), piece)

    def _idle(self, token: bytes) -> bytes:
        listed = bool(self._open) and self._open[-1] == 0
        if token[:1] == b'"':
            if listed:
                return b",".join(self._texts(token))
            if token == b'"@context"':
                self._state = self._colon
        elif self._open:
            self._open[-1] += (token in (b"[", b"{")) - (token in (b"]", b"}"))
            if self._open[-1] < 0:
                self._open.pop()
        return token

    def _colon(self, token: bytes) -> bytes:
        self._state = self._value if token == b":" else self._idle
        return token if token == b":" else self._idle(token)

    def _value(self, token: bytes) -> bytes:
        """A context by itself, or the first of several."""
        self._state = self._idle
        if token == b"[":
            self._open.append(0)
            return token
        if token[:1] != b'"':
            return self._idle(token)
        texts = self._texts(token)
        return texts[0] if len(texts) == 1 else b"[" + b",".join(texts) + b"]"

    def _texts(self, token: bytes) -> tuple[bytes, ...]:
        found = self._shelf.texts(str(loads(token)))
        self._put += sum(map(len, found))
        if self._put > MOST:
            raise NoContext(
                f"contexts are named so often that they come to more than {MOST >> 20} MiB: name one once, for a @graph"
            )
        return found
