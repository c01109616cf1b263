"""Contexts of JSON-LD that are part of the package, so that none is ever fetched (JSON-LD 1.1 section 3.1)."""

import re
from functools import cache
from importlib.resources import files
from json import dumps, loads

from kgpub.reading.lines import ReadsLines

_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]')


class NoContext(ValueError):
    """A context that is not part of the package."""


@cache
def known() -> dict[str, bytes]:
    """The contexts by address, each on one line of JSON; ``index.json`` names their files."""
    folder = files("kgpub.reading.contexts")
    index: dict[str, list[str]] = loads((folder / "index.json").read_text("utf-8"))
    found: dict[str, bytes] = {}
    for name, addresses in index.items():
        text = dumps(loads((folder / name).read_text("utf-8"))["@context"], ensure_ascii=False, separators=(",", ":"))
        found |= dict.fromkeys(addresses, text.encode())
    return found


class Contexts:
    """The lines of a file of JSON-LD, with every context that is named by its address in the address's place.

    One that is named inside another context stays as it is, and the parser refuses it.
    """

    def __init__(self, file: ReadsLines) -> None:
        self._file = file
        self._state = self._idle
        self._depth = 0

    def readline(self, limit: int, /) -> bytes:
        """The next line; raises ``NoContext`` with the name of one that is not part of the package."""
        line = self._file.readline(limit)
        if self._state == self._idle and b'"@context"' not in line:
            return line
        return _TOKENS.sub(lambda found: self._state(found[0]), line)

    def _idle(self, token: bytes) -> bytes:
        if token == b'"@context"':
            self._state = self._colon
        return token

    def _colon(self, token: bytes) -> bytes:
        self._state = self._value if token == b":" else self._idle
        return token

    def _value(self, token: bytes) -> bytes:
        """A context by itself, or the first of several."""
        self._depth = 0
        self._state = self._several if token == b"[" else self._idle
        return _in_place_of(token) if token[:1] == b'"' else token

    def _several(self, token: bytes) -> bytes:
        if token[:1] == b'"':
            return _in_place_of(token) if self._depth == 0 else token
        self._depth += (token in (b"[", b"{")) - (token in (b"]", b"}"))
        if self._depth < 0:
            self._state = self._idle
        return token


def _in_place_of(token: bytes) -> bytes:
    address = str(loads(token))
    found = known().get(address)
    if found is None:
        raise NoContext(f"the context <{address}> is no part of kgpub, and none is fetched: write it into the file")
    return found
