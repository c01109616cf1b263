"""Endpoints for tests: one that misbehaves as it is told, and the two real servers that can be installed."""

import json
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from types import MappingProxyType

JSON = "application/sparql-results+json"


def table(*rows: dict[str, str], variables: tuple[str, ...] = ("s", "p", "o", "g")) -> bytes:
    """A result in JSON; each value of a row is an IRI."""
    bound = [{name: {"type": "uri", "value": value} for name, value in row.items()} for row in rows]
    return json.dumps({"head": {"vars": variables}, "results": {"bindings": bound}}).encode()


TRUE = b'{"head": {}, "boolean": true}'


class Asked(BaseHTTPRequestHandler):
    """One request to the endpoint that misbehaves."""

    protocol_version = "HTTP/1.1"
    server: "Misbehaving"

    def do_POST(self) -> None:  # the library's name
        """Do what the test says."""
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(form["query"][0])
        self.server.forms.append(form)
        self.server.fields.append(dict(self.headers))
        self.server.behave(self)

    def whole(
        self, body: bytes, status: int = 200, kind: str = JSON, fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """A complete answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Misbehaving(ThreadingHTTPServer):
    """An endpoint on loopback whose every answer is made by ``behave``."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https" if context else "http"
        self.behave: Callable[[Asked], None] = lambda asked: asked.whole(TRUE)
        self.asked: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.fields: list[dict[str, str]] = []
        self.over = Event()
        self.askers = ExitStack()
        """Who asks; closed before the endpoint is."""

    def handle_error(self, *_: object) -> None:
        """Who hangs up is meant to."""

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/sparql"


Tamper = Callable[[int, bytes], bytes | None]
"""Makes of the n-th answer what is passed on; None hangs up in its middle."""


def forwarding(url: str, tamper: Tamper) -> Callable[[Asked], None]:
    """A behaviour: pass each question on to a real endpoint, and its answer back as ``tamper`` leaves it."""

    def behave(asked: Asked) -> None:
        data = urllib.parse.urlencode(asked.server.forms[-1], doseq=True).encode()
        request = urllib.request.Request(url, data, {"Accept": asked.headers["Accept"]})
        with urllib.request.urlopen(request, timeout=60) as answer:
            kind, server, body = answer.headers["Content-Type"], answer.headers["Server"], answer.read()
        made = tamper(len(asked.server.asked), body)
        if made is not None:
            asked.whole(made, kind=kind, fields={"Server": server})
            return
        asked.send_response(200)
        asked.send_header("Content-Type", kind)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body[: len(body) // 2])
        asked.close_connection = True

    return behave


@contextmanager
def misbehaving(context: ssl.SSLContext | None = None) -> Iterator[Misbehaving]:
    """Such an endpoint, for as long as a test takes."""
    server = Misbehaving(context)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        with server.askers:
            yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """``oxigraph serve`` over an empty store; its query address."""
    program = Path(sys.executable).with_name("oxigraph")
    port = free_port()
    command = [str(program), "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with _running(command, f"http://127.0.0.1:{port}/query") as url:
        yield url


_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


def virtuoso_program() -> str | None:
    """Where Virtuoso is installed, if it is."""
    return shutil.which("virtuoso-t")


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Virtuoso 7 with its default limits over an empty database; its query address. User and password are ``dba``."""
    program, port = virtuoso_program(), free_port()
    assert program is not None
    settings = folder / "virtuoso.ini"
    settings.write_text(_VIRTUOSO.format(folder=folder, port=port, sql=free_port()), "utf-8")
    command = [program, "+configfile", str(settings), "+foreground"]
    with _running(command, f"http://127.0.0.1:{port}/sparql") as url:
        yield url


@contextmanager
def _running(command: list[str], url: str) -> Iterator[str]:
    """A server that is up, until the test is over."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url, process)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    data = urllib.parse.urlencode({"query": "ASK { ?s ?p ?o }"}).encode()
    request = urllib.request.Request(url, data, {"Accept": JSON})
    for _ in range(600):
        assert process.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")
