"""What goes between the server and a worker: frames of a kind, a length and a body, over a pair of sockets.

Only bytes and JSON travel: what a worker says is never run or unpickled.
"""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from kgpub import errors
from kgpub.engine import DatasetClause
from kgpub.errors import BadQuery, EngineDown, KgpubError, NotAcceptable

HELLO, PLACE, JOB, FORMAT, CHUNK, DONE, WHOLE, ERROR = b"H", b"P", b"J", b"F", b"C", b"D", b"W", b"E"
"""A worker is there; where the next questions are asked; a question; the answer's format; a piece of it; its end with
figures; all three in one, as most answers come; a refusal instead."""
SKIP, SKIPPED = b"S", b"N"
"""The question sent last is not to be begun any more; it was not, and that is all that comes of it."""

_HEAD = struct.Struct("<cI")
_JSON = json.JSONEncoder(ensure_ascii=False)
FIGURES = struct.Struct("<QdQ")
"""The body of ``DONE``: rows, seconds, and the most bytes of memory that the worker has had."""

_WHOLE = struct.Struct("<QdQB")
"""What stands before the format and the only piece of a whole answer: figures, and the length of the format."""

Frame = tuple[bytes, bytes]


def frame(kind: bytes, body: bytes) -> bytes:
    """A frame, ready to be sent."""
    return _HEAD.pack(kind, len(body)) + body


def json_frame(kind: bytes, value: object) -> bytes:
    """A frame whose body is JSON."""
    return frame(kind, _JSON.encode(value).encode("utf-8", "surrogatepass"))


def whole_frame(media_type: str, piece: bytes, rows: int, seconds: float, peak: int) -> bytes:
    """An answer of one piece as a frame, with the figures of its end."""
    format = media_type.encode()
    told = _WHOLE.pack(rows, seconds, peak, len(format))
    return b"".join((_HEAD.pack(WHOLE, len(told) + len(format) + len(piece)), told, format, piece))


def whole(body: bytes) -> tuple[str, bytes, int, float, int]:
    """The media type, the piece and the figures of a ``WHOLE``."""
    rows, seconds, peak, length = _WHOLE.unpack_from(body)
    start = _WHOLE.size + length
    return body[_WHOLE.size : start].decode(), body[start:], rows, seconds, peak


def value(body: bytes) -> Any:  # Any: what json.loads gives
    """The value of a JSON body."""
    return json.loads(body.decode("utf-8", "surrogatepass"))


def job(query: str, accept: str | None, dataset: DatasetClause, *, check: bool) -> bytes:
    """A question as a frame: a line of JSON for what many have in common, then the query itself."""
    return frame(JOB, _terms(accept, dataset, check) + query.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=64)
def _terms(accept: str | None, dataset: DatasetClause, check: bool) -> bytes:  # a key of the cache
    """On what terms questions are asked."""
    return _JSON.encode((accept, dataset.default, dataset.named, check)).encode("utf-8", "surrogatepass") + b"\n"


def asked(body: bytes) -> tuple[str, str | None, DatasetClause, bool]:
    """The query of a ``JOB``, the ``Accept`` header, the dataset, and whether it is only to be read."""
    terms, _, query = body.partition(b"\n")
    return query.decode("utf-8", "surrogatepass"), *_read(terms)


@lru_cache(maxsize=64)
def _read(terms: bytes) -> tuple[str | None, DatasetClause, bool]:
    accept, default, named, check = value(terms)
    return accept, DatasetClause(_names(default), _names(named)), check


def _names(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(given)


class Unframer:
    """Takes bytes as they come and gives the frames that are whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def add(self, data: bytes) -> Iterator[Frame]:
        """The frames that ``data`` completes, in order."""
        if self._buffer:
            self._buffer += data
        there = self._buffer or data
        start, size = 0, len(there)
        while size - start >= _HEAD.size:
            kind, length = _HEAD.unpack_from(there, start)
            end = start + _HEAD.size + length
            if size < end:
                break
            yield kind, bytes(memoryview(there)[start + _HEAD.size : end])
            start = end
        if self._buffer:
            del self._buffer[:start]
        elif start < size:
            self._buffer += data[start:]


def packed(error: KgpubError) -> Mapping[str, object]:
    """A refusal as JSON can carry it."""
    told: dict[str, object] = {"class": type(error).__name__, "detail": error.detail}
    if isinstance(error, BadQuery):
        told |= {"line": error.line, "column": error.column}
    if isinstance(error, NotAcceptable):
        told["offered"] = list(error.offered)
    return told


def unpacked(told: Mapping[str, Any]) -> KgpubError:  # Any: what json.loads gives
    """The refusal that a worker tells of; what is none of those a query can meet is an outage."""
    detail = str(told.get("detail", ""))
    make = _REFUSALS.get(str(told.get("class")))
    return make(detail, told) if make else EngineDown(detail)


_REFUSALS: Mapping[str, Callable[[str, Mapping[str, Any]], KgpubError]] = {  # Any: what json.loads gives
    "BadQuery": lambda detail, told: BadQuery(detail, told.get("line"), told.get("column")),
    "NotAcceptable": lambda detail, told: NotAcceptable(detail, tuple(told.get("offered", ()))),
    "QueryRefused": lambda detail, _: errors.QueryRefused(detail),
    "LimitReached": lambda detail, _: errors.LimitReached(detail),
    "TooLong": lambda detail, _: errors.TooLong(detail),
    "BadIri": lambda detail, _: errors.BadIri(detail),
}
