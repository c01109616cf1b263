"""The dumps as files to take away: whole or in ranges, with validators, under a name that never changes its bytes.

``/-/dumps/VERSION/NAME`` is a file of one snapshot and may be kept for good, ``/-/dumps/NAME`` the same file of the
snapshot in service, ``/-/dump.nq`` the whole dataset of it.
"""

import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from kgpub.errors import EngineDown, NoSuchPage
from kgpub.formats import CSV, CSVW, GZIP, JSON, TEXT, ZSTD
from kgpub.making import dumps
from kgpub.web.respond import HEAD, PRIVATE, Served, link, precondition, respond, served

FOREVER = "public, max-age=31536000, immutable"
"""For addresses whose bytes never change (RFC 8246)."""

_VERSION = re.compile(r"[0-9a-f]{16}")
_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")
_BLOCK = 1 << 16
_CODINGS = {"gzip": GZIP, "zstd": ZSTD}
_SMALL = {dumps.CHECKSUMS: TEXT, dumps.MANIFEST: JSON}


async def versioned(request: Request) -> Response:
    """A file of a kept snapshot; raises ``Gone`` where the snapshot is no longer kept."""
    version = request.path_params["version"]
    if not _VERSION.fullmatch(version):
        raise NoSuchPage(f"There is no version {version}.")
    now = served(request)
    found, store = now.store(version)
    return _answer(request, now, Path(store).parent / dumps.FOLDER, found, request.path_params["name"], FOREVER)


async def latest(request: Request) -> Response:
    """A file of the snapshot in service."""
    return _latest(request, request.path_params["name"])


async def whole(request: Request) -> Response:
    """The whole published dataset of the snapshot in service, as N-Quads."""
    return _latest(request, dumps.WHOLE)


def _latest(request: Request, name: str) -> Response:
    now = served(request)
    folder = now.snapshot.folder / dumps.FOLDER
    return _answer(request, now, folder, now.snapshot.version, name, PRIVATE)


def _answer(request: Request, now: Served, folder: Path, version: str, name: str, cache: str) -> Response:
    """A file of a folder of dumps; only those its manifest lists are there."""
    if name in _SMALL:
        return respond((folder / name).read_bytes(), _SMALL[name], cache=cache)
    listed = now.snapshot.dumps if version == now.snapshot.version else dumps.read(folder)
    dump = next((one for one in listed if one.name == name), None)
    if dump is None:
        there = ", ".join(one.name for one in listed if one.is_large)
        raise NoSuchPage(f"There is no file {name} in this release. The whole of it can be had as: {there}")
    kind = _CODINGS[dump.coding].content_type if dump.coding else dump.format.content_type
    headers = {
        "Content-Type": kind,
        "ETag": f'"{dump.sha256[:32]}"',
        "Cache-Control": cache,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{version}-{name}"',
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(dump.sha256)).decode()}:",  # RFC 9530 section 3
        "X-Robots-Tag": "noindex",
    }
    if dump.of and dump.format is CSV:
        place = quote(f"{name.removesuffix('.gz').removesuffix('.zst')}{dumps.CSVW_ENDING}")
        headers["Link"] = link([(place, {"rel": "describedby", "type": CSVW.media_type})])
    return part(request, folder / name, dump.bytes, headers)


@dataclass(frozen=True)
class Span:
    """Bytes of a file: from ``start`` up to, not including, ``stop``."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return self.stop - self.start


def part(request: Request, path: Path, size: int, headers: Mapping[str, str]) -> Response:
    """The range asked for, or the whole file, read block by block; 304, 412 or 416 (RFC 9110 sections 13 and 14).

    There is no time of a last change, so conditions on one are passed over (section 13.2.2).
    """
    asked = request.headers
    if (refused := unsent(request, headers)) is not None:
        return refused
    span = ranged(asked.get("range", ""), size) if asked.get("if-range", headers["ETag"]) == headers["ETag"] else None
    if span is not None and not span.length:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    sent = span or Span(0, size)
    fields = {**headers, "Content-Length": str(sent.length)}
    if span is not None:
        fields["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    body = _nothing() if request.scope.get(HEAD) else _blocks(path, sent)
    return StreamingResponse(body, 200 if span is None else 206, fields)


def unsent(request: Request, headers: Mapping[str, str]) -> Response | None:
    """304 or 412 where the request's conditions on the entity tag among the headers ask for it; None to send it."""
    status = precondition(request.headers.get("if-match"), request.headers.get("if-none-match"), headers["ETag"])
    if status == 200:  # noqa: PLR2004 # OK
        return None
    kept = {key: value for key, value in headers.items() if key in {"ETag", "Cache-Control"}}
    return Response(status_code=status, headers=kept)


def ranged(header: str, size: int) -> Span | None:
    """The bytes that a ``Range`` header asks for, an empty span where there are none of them; None is the whole file.

    What is no single range of bytes is passed over, as the standard allows (RFC 9110 section 14.2).
    """
    found = _RANGE.fullmatch(header)
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if not first:
        return Span(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return None
    start = min(int(first), size)
    return Span(start, min(int(last) + 1, size) if last else size)


async def _blocks(path: Path, span: Span) -> AsyncIterator[bytes]:
    """The bytes of a span, a block at a time; a file that ends too early aborts the answer."""
    left = span.length
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(span.start)
        while left:
            block = await file.read(min(_BLOCK, left))
            if not block:
                raise EngineDown(f"{path.name} ends too early")
            left -= len(block)
            yield block


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
