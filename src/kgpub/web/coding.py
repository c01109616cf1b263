"""Bodies in the content coding that a client takes (RFC 9110 section 8.4): zstd, br or gzip, or as they are."""

import gzip
from functools import lru_cache
from typing import NamedTuple

import brotli
import zstandard

from kgpub.formats import TABLES

_WORTH = 500
_COMPRESSED = frozenset(one.content_type.encode() for one in TABLES)
_COMPRESSIBLE = (b"text/", b"application/", b"image/svg")


class Coded(NamedTuple):
    """A body as it is sent, its validator, the content coding if any, and whether that is the client's choice."""

    body: bytes
    tag: bytes
    coding: bytes
    varies: bool


def coded(kind: bytes, body: bytes, tag: bytes, asked: dict[bytes, bytes]) -> Coded:
    """A body of a media type in the coding that the client takes."""
    if len(body) < _WORTH or not kind.startswith(_COMPRESSIBLE) or kind in _COMPRESSED:
        return Coded(body, tag, b"", varies=False)
    coding = _coding(asked.get(b"accept-encoding", b"").decode("latin-1"))
    if not coding:
        return Coded(body, tag, b"", varies=True)
    name = coding.encode()
    return Coded(_compress(body, coding), tag[:-1] + b"-" + name + b'"', name, varies=True)


@lru_cache(maxsize=256)
def _coding(accept: str) -> str:
    """The best content coding we have among those a client takes; ``""`` is none."""
    weights = {}
    for part in accept.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        quality = parameters.strip().removeprefix("q=")
        weights[name.strip()] = quality not in {"0", "0.0", "0.00", "0.000"}
    every = weights.get("*", False)
    return next((name for name in ("zstd", "br", "gzip") if weights.get(name, every)), "")


def _compress(body: bytes, coding: str) -> bytes:
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=6).compress(body)
    if coding == "br":
        compressed: bytes = brotli.compress(body, quality=5)
        return compressed
    return gzip.compress(body, 6, mtime=0)
