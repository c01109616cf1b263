"""A proxy as its configuration in docs/deploy sets it up, in front of a server, for as long as a block lasts."""

import http.client
import os
import random
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "docs/deploy"
HOST = "data.example.org"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_MAIN = """
daemon off; pid nginx.pid; error_log error.log; {user}
events {{ }}
http {{
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
    include conf.d/*.conf;
    {servers}
}}
"""
_PATIENCE = 20.0


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its fields by their names in lower case, its body."""

    status: int
    fields: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Front:
    """Where a proxy listens, and how a client comes to it; ``trust`` is a certificate's file, ``source`` an own address."""

    port: int
    folder: Path
    trust: Path | None = None
    source: str = "127.0.0.1"

    def dial(self) -> socket.socket:
        """A connection to it."""
        plain = socket.create_connection(("127.0.0.1", self.port), 60, (self.source, 0))
        if self.trust is None:
            return plain
        return ssl.create_default_context(cafile=str(self.trust)).wrap_socket(plain, server_hostname=HOST)

    def ask(self, address: str, method: str = "GET", /, **fields: str) -> Reply:
        """The answer to a request, in HTTP/1.1; names of fields are written with underscores."""
        return reply(self.dial(), method, address, None, fields)

    def post(self, address: str, form: bytes) -> Reply:
        """The answer to a form."""
        return reply(self.dial(), "POST", address, form, {"Content_Type": "application/x-www-form-urlencoded"})

    def say(self, text: str) -> bytes:
        """All that comes back for a request as it is written."""
        with self.dial() as end:
            end.sendall(text.encode())
            return b"".join(iter(lambda: end.recv(65536), b""))


def reply(end: socket.socket, method: str, address: str, body: bytes | None, fields: Mapping[str, str]) -> Reply:
    """The answer at the other end of a connection, which is closed."""
    connection = http.client.HTTPConnection(HOST)
    connection.sock = end
    try:
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    finally:
        connection.close()


def direct(path: Path, address: str, /, **fields: str) -> Reply:
    """The answer of the server itself at its Unix socket."""
    end = socket.socket(socket.AF_UNIX)
    end.connect(str(path))
    return reply(end, "GET", address, None, fields)


def certificate(folder: Path) -> None:
    """A certificate for the host and its key, signed by itself."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-days", "2"]
    command += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(command, check=True, capture_output=True)


def free_port() -> int:
    """A port of loopback that nobody listens on, nor is given for a connection of its own (below 32768 on Linux)."""
    while True:
        port = random.randint(20_000, 32_000)  # no secret
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def written(folder: Path, servers: str, server: Path, changes: Mapping[str, str]) -> None:
    """The configuration of the guide in a folder, with this machine's paths and ports in place of the guide's."""
    changes = {"/run/kgpub/kgpub.sock": str(server), "/var/cache/nginx/kgpub": str(folder / "cache"), **changes}
    (folder / "conf.d").mkdir()
    (folder / "snippets").mkdir()
    texts = {
        "conf.d/kgpub.conf": (DEPLOY / "nginx/kgpub-http.conf").read_text("utf-8"),
        "snippets/kgpub-proxy.conf": (DEPLOY / "nginx/kgpub-proxy.conf").read_text("utf-8"),
        "nginx.conf": _MAIN.format(servers=servers, user="user root;" if os.getuid() == 0 else ""),
    }
    for name, text in texts.items():
        (folder / name).write_text(changed(text, changes), "utf-8")


def changed(text: str, changes: Mapping[str, str]) -> str:
    """A text with others in place of some of its parts, where it has them."""
    return reduce(lambda so_far, change: so_far.replace(*change), changes.items(), text)


@contextmanager
def nginx(folder: Path, port: int, trust: Path | None = None) -> Iterator[Front]:
    """nginx over a folder's configuration, once it takes connections."""
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        _wait(process, port)
        yield Front(port, folder, trust)
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the proxy did not start")


@contextmanager
def caddy(folder: Path, server: Path, port: int) -> Iterator[Front]:
    """Caddy over the guide's configuration, once it takes connections; without TLS."""
    changes = {"/run/kgpub/kgpub.sock": str(server), f"\n{HOST} {{": f"\nhttp://:{port} {{\n\tbind 127.0.0.1"}
    text = changed((DEPLOY / "Caddyfile").read_text("utf-8"), changes)
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n}}\n{text}", "utf-8")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with (folder / "caddy.log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, env={"HOME": str(folder), "PATH": "/usr/bin"})
        try:
            _wait(process, port)
            yield Front(port, folder)
        finally:
            process.terminate()
            process.wait(_PATIENCE)
