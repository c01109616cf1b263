"""A bare ASGI application: what uvicorn itself costs for an answer of a given status and size.

    python benchmarks/bare.py FOLDER

``/200/name`` answers 200 with the bytes of the folder's file ``name``; ``/304/name`` answers 304 with none.
"""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

_NO_BODY = "304"


def bare(bodies: Mapping[str, bytes]) -> ASGIApp:
    """An application that knows nothing but these bodies, and sends no more headers than HTTP needs."""

    async def answer(scope: Scope, _: Receive, send: Send) -> None:
        status, name = scope["path"][1:].split("/")
        body = b"" if status == _NO_BODY else bodies[name]
        headers = [(b"content-type", b"text/html; charset=utf-8")]
        if status != _NO_BODY:
            headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


def main() -> None:
    """Serve a folder's files on a free port of the loopback interface, as kgpub serves; the address goes to stderr."""
    bodies = {path.name: path.read_bytes() for path in Path(sys.argv[1]).iterdir()}
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"✓ http://127.0.0.1:{listener.getsockname()[1]}/", file=sys.stderr, flush=True)
    config = uvicorn.Config(bare(bodies), log_level="warning", access_log=False, server_header=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
